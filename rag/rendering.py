"""Stub by the lead so that imports work: overwrite it."""
