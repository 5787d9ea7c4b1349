"""Spans: there for whoever traces, without a word of what was asked."""

from __future__ import annotations

import pytest
from news import article, evidence
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from rag.chain import ask_chain
from rag.claims import Provenance
from rag.offline import EchoGenerator
from rag.sources import Query

QUESTION = "Who leaked the Zanzibar memo?"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    found = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))
    trace.set_tracer_provider(provider)
    return found


def test_each_step_and_each_gate_has_a_span_and_no_span_holds_a_word_of_the_question(
    exporter: InMemorySpanExporter,
) -> None:
    found = evidence(article("The Zanzibar memo was leaked on Monday."))
    made = Provenance("test", "rules", "0" * 12, "0")
    result = ask_chain(lambda _: found, EchoGenerator(1), lambda: made).invoke(Query(QUESTION)).result
    assert result.claims
    spans = exporter.get_finished_spans()
    names = {span.name for span in spans}
    assert {"citewire.retrieve", "citewire.write", "citewire.gate.quote", "citewire.gate.facts"} <= names
    assert "Zanzibar" not in " ".join(f"{span.name} {dict(span.attributes or {})}" for span in spans)
