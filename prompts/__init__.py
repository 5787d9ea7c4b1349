"""Prompt texts, one file each; ``rag.prompting`` reads them."""
