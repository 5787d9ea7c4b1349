"""Spans for whoever traces: OpenTelemetry if the program that runs this has set it up, nothing otherwise.

Spans carry names, counts and verdicts, never a word of a question or an article. Nothing is exported by this package:
without a tracer provider of the caller's own (``pip install 'citewire[trace]'``), OpenTelemetry drops them.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def span(name: str, **attributes: str | float | bool) -> Generator[None]:
    """Run the body inside the span ``citewire.<name>``.

    OpenTelemetry is looked for only where it is loaded already: whoever traces has loaded it, and nobody else pays.
    """
    api = sys.modules.get("opentelemetry.trace")
    if api is None:
        yield
        return
    with api.get_tracer("citewire").start_as_current_span(f"citewire.{name}", attributes=attributes):
        yield
