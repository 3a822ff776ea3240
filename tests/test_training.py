"""What the tagger learns from: rows, marked-up sentences, blocks that are left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.tagger.labels import LAYERS, bio
from training.annotations import examples, held_out, training_examples
from training.markup import MarkupError, convert, doubts, read_marked

OWN = Path(__file__).resolve().parents[1] / "training" / "data" / "own.txt"


def row(text: str, intent: str = "Other", *slots: tuple[int, int, str]) -> dict[str, Any]:
    return {"tokens": text.split(), "intent": intent, "slots_i": list(slots), "slots_ii": []}


def test_our_own_sentences_are_read() -> None:
    rows = read_marked(OWN)
    assert len(rows) == 362
    assert {r["intent"] for r in rows} >= {"Other", "data-sharing-disclosure"}
    for r in rows:
        for layer in ("slots_i", "slots_ii"):
            taken = [k for start, end, _ in r[layer] for k in range(start, end)]
            assert len(taken) == len(set(taken)), r["tokens"]


def test_markup_becomes_offsets() -> None:
    made = convert("S [w:We] do [n:not] [a:sell] [u:your] [d:name|contact] to [t:brokers].")
    assert made["tokens"] == ["We", "do", "not", "sell", "your", "name", "to", "brokers", "."]
    assert (3, 4, "action") in {tuple(slot) for slot in made["slots_i"]}  # type: ignore[attr-defined]
    assert not doubts(made)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("# fine\nS [w:We] [q:sell] it.\n", encoding="utf-8")
    with pytest.raises(MarkupError, match=r"own\.txt:2: "):
        read_marked(path)


def test_rows_of_the_same_words_are_one_example() -> None:
    rows = [
        row("We keep and share names", "data-storage-retention-deletion", (1, 2, "action")),
        row("Hello"),
        row("We keep and share names", "data-sharing-disclosure", (3, 4, "action")),
    ]
    first, second = examples(rows)
    assert (first.rows, first.intents) == ((0, 2), (0.0, 1.0, 1.0, 0.0))
    names = bio(LAYERS[0])
    assert [names[tag] for tag in first.tags[0]] == [
        "O", "B-storage-verb", "O", "B-sharing-verb", "O",
    ]  # fmt: skip
    assert not any(second.intents)


def test_what_is_left_out_is_a_block_and_learned_nowhere() -> None:
    rows = [row(f"sentence {n % 7}") for n in range(20)]
    blocks = [held_out(20, fold, 3) for fold in range(3)]
    assert [n for block in blocks for n in block] == list(range(20))
    for fold, block in enumerate(blocks):
        unseen = {tuple(rows[n]["tokens"]) for n in block}
        assert unseen.isdisjoint(e.tokens for e in training_examples(rows, [], fold, 3))
    assert len(training_examples(rows, [], None, 3)) == 7
