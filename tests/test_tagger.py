"""The tagger: labels to spans, the model that ships, tags that were written down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import pipeline, resources, settings
from kg.doctor import checks
from kg.errors import InputError
from kg.model import Sentence, Support
from kg.statements import extract
from kg.statements.parse import parse
from kg.tagger import INTENTS, LAYERS, Tags, shipped
from kg.tagger.decode import best_labels, spans
from kg.tagger.labels import bio
from kg.tagger.recorded import Recorded, record

TWO = ("data", "actor")


def labels(*names: str) -> list[int]:
    return [bio(TWO).index(name) for name in names]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), []),
        (("O", "O"), []),
        (("B-data",), [(0, 0, 1)]),
        (("B-data", "I-data", "O"), [(0, 0, 2)]),
        (("B-data", "B-data"), [(0, 0, 1), (0, 1, 2)]),
        (("B-actor", "I-actor", "B-data", "O", "B-actor"), [(1, 0, 2), (0, 2, 3), (1, 4, 5)]),
    ],
)
def test_spans_of_labels(names: Sequence[str], found: list[tuple[int, int, int]]) -> None:
    assert list(spans(labels(*names))) == found


@given(st.lists(st.lists(st.floats(-9, 0), min_size=5, max_size=5), min_size=1, max_size=12))
def test_the_best_labels_are_allowed_and_no_better_ones_are(scores: list[list[float]]) -> None:
    given_scores = np.array([scores], np.float32)
    [path] = best_labels(given_scores, [len(scores)], TWO)
    names = [bio(TWO)[k] for k in path]
    for before, name in zip(["O", *names], names, strict=False):
        assert not name.startswith("I-") or before[2:] == name[2:]
    greedy = [int(np.argmax(word)) for word in given_scores[0]]
    total = sum(scores[k][label] for k, label in enumerate(path))
    assert total <= sum(scores[k][label] for k, label in enumerate(greedy)) + 1e-4
    if all(bio(TWO)[k][0] != "I" for k in greedy):
        assert total == pytest.approx(sum(scores[k][label] for k, label in enumerate(greedy)))


def test_padding_does_not_change_what_is_best() -> None:
    scores = np.log(np.random.default_rng(1).dirichlet(np.ones(5), (1, 4))).astype(np.float32)
    padded = np.concatenate([scores, np.full((1, 3, 5), -1, np.float32)], axis=1)
    assert best_labels(scores, [4], TWO) == best_labels(padded, [4], TWO)


def tags_of(text: str) -> tuple[tuple[str, ...], Tags]:
    tagger = shipped()
    assert tagger is not None, "the model is part of the package"
    forms = parse(text).forms
    return forms, tagger.tag([forms])[0]


def said(text: str) -> dict[str, list[str]]:
    forms, tags = tags_of(text)
    found: dict[str, list[str]] = {}
    for tag in tags.tags:
        found.setdefault(tag.role, []).append(" ".join(forms[tag.first : tag.last + 1]))
    return found


def test_the_model_that_ships_knows_who_and_what() -> None:
    found = said("We may share your home address with couriers to deliver your parcels.")
    assert found["actor"] == ["We"]
    assert found["sharing-verb"] == ["share"]
    assert found["data"] == ["home address"]
    assert found["recipient"] == ["couriers"]
    assert found["purpose"] == ["deliver your parcels"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("We collect the serial number of your bicycle.", "collection"),
        ("Your meter readings are passed on to the grid operator.", "sharing"),
        ("Chat transcripts are deleted after ninety days.", "storage"),
        ("We encrypt your data to protect it from theft.", "security"),
        ("You can change the language of the website at any time.", None),
    ],
)
def test_the_model_that_ships_knows_practices(text: str, intent: str | None) -> None:
    _, tags = tags_of(text)
    assert {i for i, p in zip(INTENTS, tags.intents, strict=True) if p > 0.5} == {intent} - {None}


def test_spans_of_one_layer_do_not_overlap() -> None:
    text = "If you agree, we may share your name and e-mail address with our partners for research."
    forms, tags = tags_of(text)
    for roles in LAYERS:
        taken = [k for t in tags.tags if t.role in roles for k in range(t.first, t.last + 1)]
        assert len(taken) == len(set(taken))
        assert all(0 <= k < len(forms) for k in taken)


def test_the_same_sentences_get_the_same_tags() -> None:
    tagger = shipped()
    assert tagger is not None
    sentences = [parse(t).forms for t in ("We sell data.", "", "  ", "We keep your name.")]
    assert tagger.tag(sentences) == tagger.tag(sentences)
    assert tagger.tag([]) == []


def test_without_the_model_rules_read_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(resources, "TAGGER", tmp_path)
    shipped.cache_clear()
    try:
        text = "We never sell your e-mail address."
        with caplog.at_level("WARNING", logger="kg"):
            [first] = extract(Sentence(text, 0, len(text)))
            extract(Sentence(text, 0, len(text)))
        assert (first.action.value, first.support) == ("sell", Support.RULES)
        assert [r.levelname for r in caplog.records] == ["WARNING"]
        assert "reading by rules alone" in caplog.text
        found = {check.name: check for check in checks(tmp_path)}["tagger"]
        assert not found.is_good and not found.is_needed
    finally:
        shipped.cache_clear()


def test_a_build_without_the_model_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    policy = tmp_path / "policy.txt"
    policy.write_text("Acme Ltd Privacy Policy\n\nWe sell your name.\n" * 3, encoding="utf-8")
    monkeypatch.setattr(resources, "TAGGER", tmp_path / "nowhere")
    settings._tagger_version.cache_clear()
    try:
        with caplog.at_level("WARNING", logger="kg"):
            pipeline.build([policy], tmp_path / "kg-data", jobs=1)
    finally:
        settings._tagger_version.cache_clear()
    assert "reading by rules alone" in caplog.text


def test_a_sentence_gets_the_same_tags_wherever_it_stands() -> None:
    tagger = shipped()
    assert tagger is not None
    texts = ["We sell data.", "We may share your home address with couriers to deliver it.", "No."]
    forms = [parse(text).forms for text in texts]
    assert tagger.tag(forms) == [tagger.tag([words])[0] for words in forms]


def test_words_beyond_the_limit_get_no_tags() -> None:
    tagger = shipped()
    assert tagger is not None
    [tags] = tagger.tag([("data",) * 700])
    assert all(tag.last < 256 for tag in tags.tags)


def test_what_was_written_down_is_read_again(tmp_path: Path) -> None:
    text = "We may share your home address with couriers."
    forms, tags = tags_of(text)
    path = tmp_path / "tags.jsonl.gz"
    record(path, [(forms, tags)])
    written = path.read_bytes()
    record(path, [(forms, tags)])
    assert path.read_bytes() == written
    assert Recorded(path).tag([forms]) == [tags]
    assert text.split()[5].encode() not in written
    with pytest.raises(InputError, match="no recorded tags"):
        Recorded(path).tag([("other", "words")])
