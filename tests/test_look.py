"""What the models say of a sentence, and that remembering it changes nothing."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.memory import Memory, forget
from kg.statements.look import look
from kg.tagger import shipped

TEXTS = [
    "We share your e - mail address with Wickerby, Inc. and its vendors.",
    "Wickerby never sells it.",
    "“Cookies” — small files… 日本語",
    "",
]


def test_what_is_remembered_is_what_was_seen(tmp_path: Path) -> None:
    first = look(TEXTS, ("Wickerby",), shipped())
    memory = Memory(tmp_path / "m", "1")
    assert look([*TEXTS, *TEXTS], ("Wickerby",), shipped(), memory) == first + first
    assert (memory.known, memory.fresh) == (0, len(TEXTS))
    assert look(TEXTS, ("Wickerby",), shipped(), memory) == first
    assert (memory.known, memory.fresh) == (len(TEXTS), len(TEXTS))


def test_a_look_depends_on_names_in_the_sentence_only(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    look(TEXTS, ("Wickerby",), None, memory)
    look(TEXTS, ("Wickerby", "Thistlewood"), None, memory)
    assert memory.fresh == len(TEXTS)
    look(TEXTS, (), None, memory)  # to a legal name it makes no difference whose it is
    assert memory.fresh == len(TEXTS) + 1


def test_tags_are_asked_for_where_there_were_none(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    [bare] = look(TEXTS[:1], (), None, memory)
    [tagged] = look(TEXTS[:1], (), shipped(), memory)
    assert bare.tags is None
    assert tagged.tags is not None
    assert tagged.parse == bare.parse


def test_other_models_forget(tmp_path: Path) -> None:
    path = tmp_path / "m"
    memory = Memory(path, "one")
    memory.keep({b"key": b"value"})
    memory.close()
    assert Memory(path, "one").recall([b"key"]) == {b"key": b"value"}
    assert Memory(path, "two").recall([b"key"]) == {}
    assert Memory(path, "one").recall([b"key"]) == {}
    forget(path)
    assert not path.exists()


def test_nonsense_in_the_file_is_read_anew(tmp_path: Path) -> None:
    first = look(TEXTS[:2])
    memory = Memory(tmp_path / "m")

    class Garbled:
        def recall(self, keys: list[bytes]) -> dict[bytes, bytes]:
            return dict.fromkeys(keys, b"\x78\x01garbled")

        keep = memory.keep

    assert look(TEXTS[:2], memory=Garbled()) == first


def test_a_file_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "no" / "folder")
    assert look(TEXTS[:1], memory=memory) == look(TEXTS[:1])
    assert memory.fresh == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_remembered_as_it_was_seen(tmp_path: Path, texts: list[str]) -> None:
    memory = Memory(tmp_path / "any")
    seen = look(texts, memory=memory)
    assert look(texts, memory=memory) == seen == look(texts)
