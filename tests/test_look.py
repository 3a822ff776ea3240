"""What the models say of a sentence, and that remembering it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.memory import Memory, forget
from kg.statements.look import Looks
from kg.tagger import shipped

TEXTS = [
    "We share your e - mail address with Wickerby, Inc. and its vendors.",
    "Wickerby never sells it.",
    "“Cookies” — small files… 日本語",
    "",
]


def test_what_is_remembered_is_what_was_seen(tmp_path: Path) -> None:
    names, first = ("Wickerby",), Looks().at(TEXTS, ("Wickerby",), shipped())
    looks = Looks(Memory(tmp_path / "m", "1"))
    assert looks.at([*TEXTS, *TEXTS], names, shipped()) == first + first
    assert (looks.known, looks.fresh) == (0, len(TEXTS))
    assert looks.at(TEXTS, names, shipped()) == first  # from the hand
    again = Looks(Memory(tmp_path / "m", "1"))
    assert again.at(TEXTS, names, shipped()) == first  # from the disk
    assert (again.known, again.fresh) == (len(TEXTS), 0)


def test_a_look_depends_on_names_in_the_sentence_only(tmp_path: Path) -> None:
    looks = Looks(Memory(tmp_path / "m"))
    looks.at(TEXTS, ("Wickerby",))
    looks.at(TEXTS, ("Wickerby", "Thistlewood"))
    assert looks.fresh == len(TEXTS)
    looks.at(TEXTS)  # to a legal name it makes no difference whose it is
    assert looks.fresh == len(TEXTS) + 1


def test_tags_are_asked_for_where_there_were_none(tmp_path: Path) -> None:
    looks = Looks(Memory(tmp_path / "m"))
    [bare] = looks.at(TEXTS[:1])
    [tagged] = looks.at(TEXTS[:1], (), shipped())
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


class Garbled:
    """Remembers nonsense."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        return dict.fromkeys(keys, b"\x78\x01garbled")

    def keep(self, found: Mapping[bytes, bytes]) -> None:
        pass


def test_nonsense_in_the_file_is_read_anew() -> None:
    assert Looks(Garbled()).at(TEXTS[:2]) == Looks().at(TEXTS[:2])


def test_a_file_that_is_damaged_within_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "m"
    memory = Memory(path)
    memory.keep({number.to_bytes(2): b"x" * 900 for number in range(400)})
    memory.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    memory = Memory(path)
    memory.recall([number.to_bytes(2) for number in range(400)])
    memory.keep({b"key": b"value"})
    memory.close()
    assert Memory(path).recall([b"key"]) == {b"key": b"value"}


def test_a_file_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    looks = Looks(Memory(tmp_path / "no" / "folder"))
    assert looks.at(TEXTS[:1]) == Looks().at(TEXTS[:1])
    assert looks.fresh == 1


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_remembered_as_it_was_seen(tmp_path: Path, texts: list[str]) -> None:
    seen = Looks(Memory(tmp_path / "any")).at(texts)
    assert Looks(Memory(tmp_path / "any")).at(texts) == seen == Looks().at(texts)
