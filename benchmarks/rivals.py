"""Rivals, each built as its own documentation builds it, over the same articles and the same vectors.

Articles go in, a ``System`` comes out. Each chunk knows its article's headline, which helps every rival. To rank
articles a rival is asked for ``DEEP`` chunks and an article stands where its best chunk does; to answer it reads as
many as its documentation reads. Nothing here is citewire's but the embedder and, as a language model, the stand-in of
``reading``.
"""

# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false
# pyright: reportUntypedClassDecorator=false, reportUnknownLambdaType=false, reportMissingTypeArgument=false, reportUntypedFunctionDecorator=false

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from reading import PROMPT, Cited, Library, Reader, Response, numbered

from rag.embedded import StaticEmbedder
from rag.sources import Article

DEEP = 50
BATCH = 5000
READS = 4
"""Chunks read by LangChain's retriever (its default), and by BM25 and vectors alone."""
CITES = 3
"""Chunks that LlamaIndex's own example of its citation engine retrieves; it splits them to 512 tokens."""
HAYSTACK_READS = 10
"""Default of both its retrievers."""
WORDS, OVERLAP = 200, 40
"""Chunks of BM25 and vectors alone."""

Chunks = list[tuple[str, str]]
"""Article id and text."""


def windows(articles: Sequence[Article]) -> Chunks:
    """Return windows of ``WORDS`` words."""
    found: Chunks = []
    for article in articles:
        words = re.findall(r"\S+\s*", article.text)
        for start in range(0, max(1, len(words) - OVERLAP), WORDS - OVERLAP):
            found.append((article.id, "".join(words[start : start + WORDS])))
    return found


def indexed(library: Library, article: str, text: str) -> str:
    """Return what is indexed for a chunk: the headline before it."""
    return f"{library.headline(article)}\n\n{text}"


class Alone:
    """One ranking of chunks; the rest is the plainest there can be."""

    def __init__(self, articles: Sequence[Article], reader: Reader) -> None:
        """Cut ``articles``."""
        self._library, self._reader = Library(articles), reader
        self._chunks = windows(articles)
        self._texts = [indexed(self._library, *chunk) for chunk in self._chunks]

    def best(self, question: str, k: int) -> list[int]:
        """Return the places of the ``k`` best chunks."""
        raise NotImplementedError

    def rank(self, question: str) -> list[str]:
        """Return article ids, best first."""
        return list(dict.fromkeys(self._chunks[place][0] for place in self.best(question, DEEP)))

    def ask(self, question: str) -> Response:
        """Read the best chunks."""
        found = [Cited(*self._chunks[place]) for place in self.best(question, READS)]
        sources = numbered([(self._library.headline(piece.article), piece.text) for piece in found])
        text = self._reader.reply(PROMPT.format(sources=sources, question=question))
        return self._library.response(text, dict(enumerate(found, start=1)), self._reader.picks)


class Bm25(Alone):
    """tantivy's BM25 (k1 1.2, b .75) over English stems: none of citewire's analysis, fields or weights."""

    def __init__(self, articles: Sequence[Article], folder: Path, reader: Reader) -> None:
        """Index in memory."""
        import tantivy  # noqa: PLC0415 - each rival imports its own

        del folder
        super().__init__(articles, reader)
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("body", tokenizer_name="en_stem")
        schema.add_unsigned_field("place", stored=True)
        self._index: Any = tantivy.Index(schema.build())
        writer = self._index.writer(50_000_000, 1)
        for place, text in enumerate(self._texts):
            writer.add_document(tantivy.Document(body=text, place=place))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def best(self, question: str, k: int) -> list[int]:
        """Return the places of the ``k`` best chunks."""
        words = " ".join(re.findall(r"\w+", question.lower()))
        searcher = self._index.searcher()
        hits = searcher.search(self._index.parse_query(words, ["body"]), k).hits
        return [searcher.doc(address)["place"][0] for _, address in hits]


class Dense(Alone):
    """Exact cosine."""

    def __init__(self, articles: Sequence[Article], folder: Path, reader: Reader) -> None:
        """Embed all chunks."""
        del folder
        super().__init__(articles, reader)
        self._embedder = StaticEmbedder()
        self._matrix = self._embedder.matrix(self._texts)

    def best(self, question: str, k: int) -> list[int]:
        """Return the places of the ``k`` best chunks."""
        return np.argsort(-(self._matrix @ self._embedder.matrix([question])[0]), kind="stable")[:k].tolist()


class LangChainChain:
    """LangChain's plain retrieval chain over Chroma: chunks of 1,000 characters, 200 shared; the four most similar."""

    def __init__(self, articles: Sequence[Article], folder: Path, reader: Reader) -> None:
        """Fill the collection in ``folder``, or use it again."""
        from chromadb.config import Settings  # noqa: PLC0415
        from langchain_chroma import Chroma  # noqa: PLC0415
        from langchain_core.documents import Document  # noqa: PLC0415
        from langchain_core.embeddings import Embeddings  # noqa: PLC0415
        from langchain_core.output_parsers import StrOutputParser  # noqa: PLC0415
        from langchain_core.prompts import PromptTemplate  # noqa: PLC0415
        from langchain_core.runnables import RunnableLambda, RunnablePassthrough  # noqa: PLC0415
        from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

        class Static(StaticEmbedder, Embeddings):
            """The same vectors."""

        self._library, self._reader = Library(articles), reader
        settings = Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
        self._store: Any = Chroma("news", Static(), str(folder), client_settings=settings)
        if not (folder / "filled").exists():
            splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
            documents = [
                Document(indexed(self._library, one.id, text), metadata={"article": one.id})
                for one in articles
                for text in splitter.split_text(one.text)
            ]
            for start in range(0, len(documents), BATCH):
                self._store.add_documents(documents[start : start + BATCH])
            (folder / "filled").touch()
        lambda_: Any = RunnableLambda
        model = lambda_(lambda prompt: reader.reply(prompt.to_string()))
        answer = RunnablePassthrough.assign(sources=lambda found: self._sources(found["documents"]))
        answer = answer | PromptTemplate.from_template(PROMPT) | model | StrOutputParser()
        retriever = self._store.as_retriever(search_type="similarity", search_kwargs={"k": READS})
        found: Any = {"documents": retriever, "question": RunnablePassthrough()}
        self._chain: Any = RunnablePassthrough() | found | RunnablePassthrough.assign(answer=answer)

    def _sources(self, documents: Sequence[Any]) -> str:
        return numbered([(self._library.headline(piece.article), piece.text) for piece in map(_piece, documents)])

    def rank(self, question: str) -> list[str]:
        """Return article ids, best first."""
        return list(dict.fromkeys(one.metadata["article"] for one in self._store.similarity_search(question, DEEP)))

    def ask(self, question: str) -> Response:
        """Run the chain."""
        result = self._chain.invoke(question)
        shown = {n: _piece(one) for n, one in enumerate(result["documents"], start=1)}
        return self._library.response(result["answer"], shown, self._reader.picks)


def _piece(document: Any) -> Cited:  # noqa: ANN401 - LangChain's type
    return Cited(document.metadata["article"], document.page_content.partition("\n\n")[2])


class LlamaIndexCitations:
    """LlamaIndex's CitationQueryEngine over Chroma: chunks of 1,024 tokens, cited in pieces of 512."""

    def __init__(self, articles: Sequence[Article], folder: Path, reader: Reader) -> None:
        """Fill the collection in ``folder``, or use it again."""
        import chromadb  # noqa: PLC0415
        from chromadb.config import Settings  # noqa: PLC0415
        from llama_index.core import Document, StorageContext, VectorStoreIndex  # noqa: PLC0415
        from llama_index.core.node_parser import SentenceSplitter  # noqa: PLC0415
        from llama_index.core.query_engine import CitationQueryEngine  # noqa: PLC0415
        from llama_index.core.schema import MetadataMode  # noqa: PLC0415
        from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: PLC0415

        self._library, self._reader = Library(articles), reader
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("news"))
        vectors, model = _llama_index_parts(reader)
        if (folder / "filled").exists():
            self._index: Any = VectorStoreIndex.from_vector_store(store, embed_model=vectors)
        else:
            documents = [
                Document(
                    text=one.text,
                    metadata={"headline": one.headline or "", "article": one.id},
                    excluded_embed_metadata_keys=["article"],
                    excluded_llm_metadata_keys=["article"],
                )
                for one in articles
            ]
            context = StorageContext.from_defaults(vector_store=store)
            self._index = VectorStoreIndex.from_documents(
                documents, context, embed_model=vectors, transformations=[SentenceSplitter()]
            )
            (folder / "filled").touch()
        self._deep: Any = self._index.as_retriever(similarity_top_k=DEEP)
        self._engine: Any = CitationQueryEngine.from_args(
            self._index, llm=model, similarity_top_k=CITES, citation_chunk_size=512, metadata_mode=MetadataMode.LLM
        )

    def rank(self, question: str) -> list[str]:
        """Return article ids, best first."""
        return list(dict.fromkeys(one.node.metadata["article"] for one in self._deep.retrieve(question)))

    def ask(self, question: str) -> Response:
        """Ask the engine."""
        result = self._engine.query(question)
        shown = {n: _node(one.node) for n, one in enumerate(result.source_nodes, start=1)}
        return self._library.response(str(result), shown, self._reader.picks)


def _node(node: Any) -> Cited:  # noqa: ANN401 - LlamaIndex's type
    return Cited(node.metadata["article"], node.text.partition("\n")[2])


def _llama_index_parts(reader: Reader) -> tuple[Any, Any]:
    """Return its embedding and its language model."""
    from llama_index.core.embeddings import BaseEmbedding  # noqa: PLC0415
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata  # noqa: PLC0415

    static = StaticEmbedder()

    class Vectors(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return static.embed_query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return static.embed_query(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return static.embed_documents([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return static.embed_documents(texts)

    class Model(CustomLLM):
        @property
        def metadata(self) -> Any:  # noqa: ANN401
            return LLMMetadata(context_window=100_000, num_output=1_000, model_name="stand-in")

        def complete(self, prompt: str, formatted: bool = False, **options: Any) -> Any:  # noqa: ANN401, FBT001, FBT002
            del formatted, options
            return CompletionResponse(text=reader.reply(prompt))

        def stream_complete(self, prompt: str, formatted: bool = False, **options: Any) -> Any:  # noqa: ANN401, FBT001, FBT002
            raise NotImplementedError

    return Vectors(embed_batch_size=500), Model()


class Haystack:
    """A Haystack pipeline: BM25 and embedding retrievers in memory, fused, AnswerBuilder. 200 words a document."""

    def __init__(self, articles: Sequence[Article], folder: Path, reader: Reader) -> None:
        """Split, embed and write."""
        from haystack import Document  # noqa: PLC0415
        from haystack.components.preprocessors import DocumentSplitter  # noqa: PLC0415
        from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415

        del folder
        self._library, self._reader, self._static = Library(articles), reader, StaticEmbedder()
        whole = [Document(content=one.text, meta={"article": one.id}) for one in articles]
        pieces = DocumentSplitter(split_by="word", split_length=WORDS).run(documents=whole)["documents"]
        texts = [indexed(self._library, one.meta["article"], one.content or "") for one in pieces]
        vectors = self._static.embed_documents(texts)
        self._store = InMemoryDocumentStore(return_embedding=False)
        self._store.write_documents(
            [
                Document(content=text, embedding=vector, meta={"article": one.meta["article"]})
                for one, text, vector in zip(pieces, texts, vectors, strict=True)
            ],
            policy=_overwrite(),
        )
        self._asks: Any = _haystack_pipeline(self._store, HAYSTACK_READS, reader)
        self._ranks: Any = _haystack_pipeline(self._store, DEEP, None)

    def _input(self, question: str) -> dict[str, dict[str, Any]]:
        return {"words": {"query": question}, "vectors": {"query_embedding": self._static.embed_query(question)}}

    def rank(self, question: str) -> list[str]:
        """Return article ids, best first."""
        found = self._ranks.run(self._input(question))["joiner"]["documents"]
        return list(dict.fromkeys(one.meta["article"] for one in found))

    def ask(self, question: str) -> Response:
        """Run the pipeline."""
        asked = {"prompt": {"question": question}, "answer": {"query": question}}
        answer = self._asks.run({**self._input(question), **asked})["answer"]["answers"][0]
        shown = {
            one.meta["source_index"]: Cited(one.meta["article"], one.content.partition("\n\n")[2])
            for one in answer.documents
        }
        return self._library.response(answer.data, shown, self._reader.picks)


def _overwrite() -> Any:  # noqa: ANN401
    from haystack.document_stores.types import DuplicatePolicy  # noqa: PLC0415

    return DuplicatePolicy.OVERWRITE  # two outlets print the same words: one document


def _haystack_pipeline(store: Any, k: int, reader: Reader | None) -> Any:  # noqa: ANN401
    """Return a pipeline that retrieves and, with a reader, answers."""
    from haystack import Pipeline, component  # noqa: PLC0415
    from haystack.components.builders import AnswerBuilder, PromptBuilder  # noqa: PLC0415
    from haystack.components.joiners import DocumentJoiner  # noqa: PLC0415
    from haystack.components.retrievers.in_memory import (  # noqa: PLC0415
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )

    pipeline = Pipeline()
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=k))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=k))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=k))
    pipeline.connect("words", "joiner")
    pipeline.connect("vectors", "joiner")
    if reader is None:
        return pipeline

    @component
    class Generator:
        @component.output_types(replies=list[str])
        def run(self, prompt: str) -> dict[str, list[str]]:
            return {"replies": [reader.reply(prompt)]}

    sources = (
        "{% for one in documents %}Source {{ loop.index }}:\nheadline: {{ one.content.partition('\n\n')[0] }}\n\n"
        "{{ one.content.partition('\n\n')[2] }}\n\n{% endfor %}"
    )
    template = PROMPT.format(sources=sources, question="{{ question }}")
    builder = AnswerBuilder(reference_pattern=r"\[(\d+)\]", return_only_referenced_documents=False)
    pipeline.add_component("prompt", PromptBuilder(template, required_variables=["documents", "question"]))
    pipeline.add_component("model", Generator())
    pipeline.add_component("answer", builder)
    pipeline.connect("joiner", "prompt.documents")
    pipeline.connect("prompt", "model")
    pipeline.connect("model.replies", "answer.replies")
    pipeline.connect("joiner.documents", "answer.documents")
    return pipeline
