"""``python -m rag.schemas``: write the schemas anew after a change of ``rag.wire``."""

from pathlib import Path

from rag.schemas import write

if __name__ == "__main__":
    write(Path(__file__).parent)
