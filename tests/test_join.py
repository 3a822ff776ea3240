"""What the parse and the tags of a sentence become together: tags are given, not guessed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kg.model import Polarity, Sentence, Statement, Support
from kg.statements import Context, extract
from kg.statements.parse import parse
from kg.tagger import INTENTS, Tag, Tags


class Given:
    """Answers with the tags it was made of, whatever the sentence."""

    def __init__(self, tags: Tags) -> None:
        self.tags = tags

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        return [self.tags for _ in sentences]


def tags(text: str, intent: str | None, *marked: tuple[str, str]) -> Given:
    """Tags of a sentence: pairs of a role and the words that have it."""
    forms = parse(text, ("Acme",)).forms
    found = []
    for role, words in marked:
        wanted = tuple(words.split())
        first = next(k for k in range(len(forms)) if forms[k : k + len(wanted)] == wanted)
        found.append(Tag(role, first, first + len(wanted) - 1, 0.95))
    verbs = {
        t.first: tuple(0.95 * (t.role == f"{i}-verb") for i in INTENTS)
        for t in found
        if t.role.endswith("-verb")
    }
    data = {k: 0.95 for t in found if t.role == "data" for k in range(t.first, t.last + 1)}
    return Given(Tags(tuple(0.98 * (i == intent) for i in INTENTS), tuple(found), verbs, data))


def read(text: str, given: Given | None, least: float = 0.0) -> tuple[Statement, ...]:
    sentence = Sentence(text, 0, len(text))
    return extract(sentence, context=Context("Acme", ("Acme",)), tagger=given, least=least)


def words(mentions: Sequence[object]) -> list[str]:
    return [str(getattr(m, "text", "")) for m in mentions]


def test_a_verb_with_data_that_no_rule_knows_opens_a_statement() -> None:
    text = "The robot reads the moisture of the soil in the garden."
    assert not read(text, None)
    given = tags(text, "collection", ("collection-verb", "reads"), ("data", "moisture of the soil"))
    [s] = read(text, given)
    assert (s.action.value, words(s.data), s.support) == (
        "collect",
        ["moisture of the soil"],
        Support.TAGGER,
    )


def test_agreement_is_surer_than_either_alone() -> None:
    text = "We collect your e-mail address."
    both = tags(text, "collection", ("collection-verb", "collect"), ("data", "e-mail address"))
    [agreed] = read(text, both)
    [doubted] = read(text, tags(text, None))
    assert agreed.support is Support.BOTH
    assert doubted.support is Support.RULES
    assert agreed.confidence > 0.85 > 0.5 > doubted.confidence


def test_the_tag_says_where_a_purpose_ends() -> None:
    text = "We use your name to print labels on parcels this winter."
    given = tags(
        text, "collection", ("collection-verb", "use"), ("data", "name"),
        ("purpose", "print labels on parcels"),
    )  # fmt: skip
    [s] = read(text, given)
    assert words(s.purposes) == ["print labels on parcels"]


@pytest.mark.parametrize(
    ("text", "marked", "kept"),
    [
        ("We keep a copy of your passport.", ("data", "copy of your"), ["copy of your passport"]),
        ("We share customer records.", ("data", "records"), ["customer records"]),
    ],
)
def test_a_tag_does_not_tear_a_noun_phrase(
    text: str, marked: tuple[str, str], kept: list[str]
) -> None:
    [s] = read(text, tags(text, "storage", marked))
    assert words(s.data) == kept


def test_a_place_is_not_torn() -> None:
    text = "We transfer wage data to the United Kingdom."
    [s] = read(text, tags(text, "sharing", ("data", "wage data"), ("place", "United")))
    assert [m.label for m in s.locations] == ["United Kingdom"]


def test_several_items_stay_several() -> None:
    text = "We use your name to send receipts and to answer complaints."
    whole = ("purpose", "send receipts and to answer complaints")
    [s] = read(text, tags(text, "collection", ("data", "name"), whole))
    assert words(s.purposes) == ["send receipts", "answer complaints"]


def test_what_is_denied_is_not_added_to_what_is_affirmed() -> None:
    text = "We collect your name but not your e-mail address."
    given = tags(
        text, "collection", ("collection-verb", "collect"), ("data", "name"),
        ("data", "e-mail address"),
    )  # fmt: skip
    by_polarity = {s.polarity: words(s.data) for s in read(text, given)}
    assert by_polarity == {
        Polarity.AFFIRMED: ["name"],
        Polarity.NEGATED: ["e-mail address"],
    }


def test_polarity_is_for_the_rules() -> None:
    text = "We never sell your e-mail address."
    [s] = read(text, tags(text, "sharing", ("sharing-verb", "sell"), ("data", "e-mail address")))
    assert s.polarity is Polarity.NEGATED


def test_a_tag_goes_to_the_verb_that_governs_it() -> None:
    text = "We store your name in a vault and share your address with couriers."
    given = tags(
        text, "sharing", ("storage-verb", "store"), ("sharing-verb", "share"), ("data", "name"),
        ("data", "address"), ("place", "a vault"), ("recipient", "couriers"),
    )  # fmt: skip
    stored, shared = read(text, given)
    assert (words(stored.data), words(stored.recipients)) == (["name"], [])
    assert words(stored.locations)
    assert (words(shared.data), words(shared.recipients)) == (["address"], ["couriers"])


def test_an_item_without_a_verb_states_what_the_tagger_takes_it_for() -> None:
    text = "Your postal address."
    [s] = read(text, tags(text, "collection", ("data", "postal address")))
    assert (s.action.value, s.trigger.text, words(s.data)) == ("collect", "", ["postal address"])


def test_rights_stay_rights_whatever_the_tagger_says() -> None:
    text = "You may ask us to delete your name."
    marked = tags(text, "storage", ("storage-verb", "delete"), ("data", "name"))
    assert not read(text, marked)


def test_the_unsure_is_left_out_only_when_asked() -> None:
    text = "We collect your e-mail address."
    given = tags(text, None)
    assert read(text, given, least=0.0)
    assert not read(text, given, least=0.99)
