"""Errors as one process hands them to another."""

from __future__ import annotations

import pickle

import pytest

from rag.errors import ArchiveLocked, CitewireError, ProviderError, ProviderFault, ReadError, UsageError


@pytest.mark.parametrize(
    "error",
    [
        UsageError("no question", hint="ask one"),
        ReadError("no such file", place="a.txt:3", hint="check the path"),
        ProviderError("it is full", kind=ProviderFault.QUOTA, hint="pay"),
        ArchiveLocked("in use"),
    ],
)
def test_an_error_arrives_whole_in_another_process(error: CitewireError) -> None:
    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(arrived), str(arrived), vars(arrived)) == (type(error), str(error), vars(error))
