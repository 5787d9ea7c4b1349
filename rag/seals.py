"""Document to the hashes that certify it: they find damage and careless edits, and are no signature."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.wire import CitationWire, ClaimWire, ProvenanceWire


def document_digest(document: Mapping[str, object]) -> str:
    """Return the sha256 over ``document`` without its ``digest``: keys sorted, UTF-8, no white space between tokens."""
    return _sha256({key: value for key, value in document.items() if key != "digest"})


def claim_certificate(claim: ClaimWire, citations: Mapping[str, CitationWire], provenance: ProvenanceWire) -> str:
    """Return the sha256 over a claim, the whole of each citation it names, and what made it.

    Raises KeyError if it names a citation that ``citations`` does not hold.
    """
    body = {key: value for key, value in claim.items() if key not in {"certificate", "citations"}}
    cited = [citations[key] for key in claim["citations"]]
    return _sha256({"claim": body, "cited": cited, "provenance": provenance})


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
