"""Places to articles: files, folders and standard input.

A reader yields what it finds in order: an ``Article``, a ``ReadError`` for what could not become one (the rest goes
on), and a ``Note`` where something was read with a doubt that the user should know of.
"""

from rag.readers.gathering import gathered
from rag.readers.notes import MAX_ARTICLE, MAX_FILE, Note
from rag.readers.places import STDIN, estimate, read

__all__ = ["MAX_ARTICLE", "MAX_FILE", "STDIN", "Note", "estimate", "gathered", "read"]
