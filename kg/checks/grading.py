"""Two sides and a check -> grade: in what they are of the same, and what reconciles them.

Pure: no store, no files. A pair begins with the grade of its check; whatever puts the second
outside the first, or explains it, makes it apparent, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.checks.reconcilers import Reconciler
from kg.checks.rules import Check, Grade
from kg.claims import Claim
from kg.concepts import TOPS, Concepts
from kg.iris import PF
from kg.model import Mention, Modality

_FIELDS = {
    "data": ("data", TOPS["data"]),
    "recipient": ("recipients", TOPS["party"]),
    "source": ("sources", TOPS["party"]),
    "purpose": ("purposes", TOPS["purpose"]),
    "place": ("locations", TOPS["place"]),
}
#: Wide concepts that take in others although the hierarchy sets them side by side.
_WIDE = {f"{PF}ThirdParty": TOPS["party"]}
#: Concepts that words of any width may end up in, so that the words have to be wide too.
_VAGUE = frozenset({f"{PF}Data", f"{PF}PersonalData", f"{PF}ProvidedData", f"{PF}SensitiveData"})
_PLAIN = re.compile(
    r"(?:(?:any|all|your|our|the|other|of|(?:user|customer|visitor|consumer)s?['’]?|"
    r"individual|private|sensitive) )*"
    r"(?:personal(?:ly)?(?:[- ]identif\w+)?|PII|sensitive|private|identif\w+)"
    r"(?:[ /-](?:personal|private|identif\w+|information|data|details|info))*",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:any |your |user |customer )*(?:information|data)", re.IGNORECASE)
_YOURS = re.compile(r"\b(?:your|any|users?.?|customers?.?|visitors?.?) $", re.IGNORECASE)
_WE = re.compile(r"\bwe\b", re.IGNORECASE)
#: Words after a phrase of data that leave it whole.
_GATHERED = re.compile(
    r" (?:collected|gathered) (?:through|on|via|by) (?:the|our|this) "
    r"(?:web ?)?(?:sites?|services?)\b",
    re.IGNORECASE,
)
#: Words after a phrase of data that narrow it, be it to examples or to a part.
_NARROWED = re.compile(
    rf"(?!{_GATHERED.pattern})"
    r"(?:[,]? ?[(]?(?:such as|like|including|i\.e|e\.g|for example|namely)\b|"
    r" (?:(?:that|which|who|whom|whose|from|of|on|in|through|via|by|stored|contained|processed|"
    r"used|related|relating|regarding|concerning|associated|gathered|obtained|received|submitted|"
    r"entered|uploaded|belonging|linked|derived|inferred|collected|generated|about)\b"
    r"(?! (?:you|us|our (?:users|customers)|any|anyone|your|exchange|return|we collect|order|"
    r"whole)\b)))",
    re.IGNORECASE,
)
_EXAMPLES = re.compile(r",? ?[(]?(?:such as|like|including|i\.e|e\.g|for example)\b", re.IGNORECASE)
#: Concepts that the words for narrower ones may end up in -> the words for the whole.
_WHOLE = {
    f"{PF}Cookie": re.compile(r"(?:(?:any|our|web|browser|http) )*cookies?", re.IGNORECASE),
}
#: Words that no sentence ends with: what follows them was lost.
_CUT = re.compile(
    r"\b(?:for|to|with|of|and|or|the|by|in|as|that|your|our|any|from)\W*$", re.IGNORECASE
)
_OTHER = re.compile(r"\bother\b", re.IGNORECASE)
#: What is promised of the future besides: its conditions are none of what holds today.
_LATER = re.compile(
    r",? (?:and|nor) (?:(?:we|it) )?(?:will|shall) (?:we )?(?:not )?"
    r"(?:do so|sell it|share it)(?: in (?:the )?future)? (?:without|unless)\b.*",
    re.IGNORECASE,
)
#: Characters before a promise about "other" data within which that data was named.
_NEAR = 500


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence that is one half of a pair.

    Attributes:
        claim: what is read in it; ``None`` for a sentence found by its words, or a definition.
        iri: of the claim or definition; empty for a sentence found by its words.
        before, after: the sentences around it, empty where the text is not at hand.
        lead_in: the sentence that introduces it, or that its pronouns point to.
        goes_on: it has no end, and something follows on its line.
    """

    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    claim: Claim | None = None
    iri: str = ""
    before: str = ""
    after: str = ""
    lead_in: str = ""
    goes_on: bool = False

    @property
    def words(self) -> str:
        """What is read as one: an item with the sentence that introduces its list, and the like."""
        return f"{self.lead_in} {self.text}" if self.lead_in else self.text

    @property
    def promise(self) -> str:
        """The words that may limit it: its own of today, and of a list that it is an item of."""
        text = self.text if self.lead_in.rstrip().endswith((".", "!", "?")) else self.words
        return _LATER.sub("", text)

    def mentions(self, role: str) -> tuple[Mention, ...]:
        """Of a role of a check: "data", "recipient" and so on."""
        if self.claim is None:
            return ()
        found: tuple[Mention, ...] = getattr(self.claim.statement, _FIELDS[role][0])
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pair comes to.

    Attributes:
        shared: role -> what both speak of.
        reconciled: what reconciles the two, or takes the edge off.
    """

    grade: Grade
    shared: tuple[tuple[str, str], ...]
    reconciled: tuple[str, ...]


def grade(check: Check, first: Side, second: Side | None, concepts: Concepts) -> Verdict:
    """Grades a pair; ``second`` is ``None`` when a sentence is at odds with itself."""
    shared: list[tuple[str, str]] = []
    apart = [*of_promise(check, first)]
    softer = [one.label for one in check.reconcilers if one.softens and _of_first(one, first)]
    if second is not None:
        apart += _between(first, second)
        for role in check.scope if second.claim else ():
            promised = _plain(first) if role == "data" else first.mentions(role)
            if role == "data" and "purpose" in check.outside:
                promised = tuple(one for one in promised if one.iri not in _VAGUE)
            common = _common(promised, second.mentions(role), role, concepts)
            if common is None:
                apart.append(f"they are of another {role}")
            elif common:
                shared.append((role, common))
        for role in check.outside if second.claim else ():
            if all(
                _common(first.mentions(role), (one,), role, concepts)
                for one in second.mentions(role)
            ):
                apart.append(f"they are of the same {role}")
        for one in check.reconcilers:
            if _of_second(one, first, second, concepts):
                (softer if one.softens else apart).append(one.label)
    found = Grade.APPARENT if apart else check.grade
    if softer and found is Grade.CONTRADICTION:
        found = Grade.TENSION
    return Verdict(found, tuple(shared), tuple(dict.fromkeys((*apart, *softer))))


def of_promise(check: Check, first: Side) -> tuple[str, ...]:
    """What reconciles a promise with anything beside it: its own words and those around it."""
    apart = list(_of_actor(first))
    if first.goes_on or _CUT.search(first.text):
        apart.append("the promise is cut off")
    if first.claim is not None:
        said = first.claim.statement
        if "data" in check.scope and not _plain(first):
            apart.append("the promise is about a part of this data")
        if "purpose" in check.outside and all(one.iri in _VAGUE for one in _plain(first)):
            apart.append("the promise is about data in general")
        if said.negation is None and first.claim.is_denial:
            apart.append("the promise is not plain")
        apart += [
            f"the promise names no {role}" for role in check.needs if not first.mentions(role)
        ]
    apart += [one.label for one in check.reconcilers if not one.softens and _of_first(one, first)]
    return tuple(apart)


def _of_actor(side: Side) -> Iterator[str]:
    claim = side.claim
    if claim is not None and claim.actor_iri != claim.source.company_iri:
        yield f"{claim.actor} acts in one of them"


def _between(first: Side, second: Side) -> Iterator[str]:
    yield from _of_actor(second)
    if first.start < second.end and second.start < first.end:
        yield "both are said in one sentence"
    if first.claim is None or second.claim is None:
        return
    if _OTHER.search(first.text) and 0 < first.start - second.start < _NEAR:
        yield "the promise is about data other than that"
    if second.claim.statement.modality is Modality.OPTIONAL:
        yield "the second is up to the user"
    if first.claim.statement.data_subject != second.claim.statement.data_subject:
        yield "one of them is about children"


def _plain(side: Side) -> tuple[Mention, ...]:
    """The data of a promise that is not narrowed by its words; ``iri`` says what it takes in."""
    return tuple(one for one in side.mentions("data") if one.iri and _is_plain(one, side))


def _is_plain(mention: Mention, side: Side) -> bool:
    at, end = mention.start - side.start, mention.end - side.start
    if not 0 <= at < end <= len(side.text):
        return False
    named = [word[0].isupper() for word in re.findall(r"[^\W\d_]{3,}", mention.text)]
    if any(named[1:]) and not all(named):
        return False  # "our Acme passwords": of a product
    # What is said of children's data is narrowed to them by the check already.
    is_child = side.claim is not None and side.claim.statement.data_subject == "child"
    narrowed = _EXAMPLES if is_child else _NARROWED
    if narrowed.search(mention.text) or narrowed.match(side.text[end:]):
        return False
    if whole := _WHOLE.get(mention.iri or ""):
        return bool(whole.fullmatch(mention.text))
    if mention.iri not in _VAGUE:
        return True
    if _PLAIN.fullmatch(mention.text):
        return True
    if not _BARE.fullmatch(mention.text):
        return False
    # "your data" is all of it only where the company speaks of itself.
    is_yours = _YOURS.search(side.text[:at]) or _YOURS.match(mention.text)
    return bool(_GATHERED.match(side.text[end:]) or (is_yours and _WE.search(side.text[:at])))


def _common(
    first: tuple[Mention, ...], second: tuple[Mention, ...], role: str, concepts: Concepts
) -> str | None:
    """What of the second lies within the first; empty if the first is open, ``None`` if nothing."""
    wanted = [mention for mention in first if mention.iri]
    if not first:
        return ""
    if role == "recipient" and not second and any(one.iri in _WIDE for one in first):
        return ""  # nobody named is anybody
    found = [
        (inner, outer)
        for inner in second
        for outer in wanted
        if inner.iri and outer.iri and _is_within(inner.iri, outer.iri, concepts)
    ]
    if not found:
        return None
    names = [
        _name(inner) if inner.iri == outer.iri else f"{_name(inner)} (within {_name(outer)})"
        for inner, outer in found
    ]
    return "; ".join(dict.fromkeys(names))


def _is_within(inner: str, outer: str, concepts: Concepts) -> bool:
    if inner == TOPS["data"] and outer in _VAGUE - {f"{PF}SensitiveData"}:
        return True  # "information" without more is about people, in a privacy policy
    return concepts.is_within(inner, _WIDE.get(outer, outer))


def _name(mention: Mention) -> str:
    return mention.label or mention.text


def _of_first(one: Reconciler, first: Side) -> bool:
    places = {"first": first.promise, "next": first.after, "before": first.before}
    if any(key in one.words and one.words[key].search(text) for key, text in places.items()):
        return True
    return bool(
        "section" in one.words
        and first.headings
        and not one.words["section"].search(first.headings[-1])
    )


def _of_second(one: Reconciler, first: Side, second: Side, concepts: Concepts) -> bool:
    words = one.words
    if "second" in words and words["second"].search(second.words):
        return True
    if "then" in words and words["then"].search(second.after):
        return True
    if (
        "heading" in words
        and first.headings
        and first.headings[-1:] != second.headings[-1:]
        and words["heading"].search(first.headings[-1])
    ):
        return True
    if "audience" in words and _is_of(words["audience"], first) != _is_of(
        words["audience"], second
    ):
        return True
    for field, tops in one.concepts.items():
        role = {"recipients": "recipient", "purposes": "purpose"}.get(field, field)
        named = [mention for mention in second.mentions(role) if mention.iri]
        if named and all(
            any(concepts.is_within(mention.iri or "", top) for top in tops) for mention in named
        ):
            return True
    return False


def _is_of(audience: re.Pattern[str], side: Side) -> bool:
    return bool(audience.search(side.text)) or any(map(audience.search, side.headings[-2:]))
