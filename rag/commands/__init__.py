"""The commands of ``citewire``, by what they are about; ``rag.__main__`` registers them."""
