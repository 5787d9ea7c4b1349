"""What evaluation needs besides the package itself: the extra ``citewire[eval]``."""

from __future__ import annotations

from importlib.util import find_spec

from rag.errors import ModelMissing

PACKAGES = ("pandas", "ir_measures", "rouge_score", "matplotlib")


def need(*packages: str) -> None:
    """Raise ModelMissing that names the extra if one of ``packages`` (all, if none is named) is not installed."""
    for package in packages or PACKAGES:
        if find_spec(package) is None:
            msg = f"evaluation needs {package}, which is not installed"
            raise ModelMissing(msg, hint="pip install 'citewire[eval]'")
