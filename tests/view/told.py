"""What opens in a page, reckoned from its data alone.

`Told` reads the tables that a page brings along and says, without the page's own code, which
statements each cell, ribbon, box, arrow, change and card stands for.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

COLUMNS = ("source", "data", "company", "purpose", "recipient", "place")
FIRST_COLUMNS = ("data", "company", "recipient", "place")
FIELDS = {
    "source": "sources",
    "data": "data",
    "purpose": "purposes",
    "recipient": "recipients",
    "place": "places",
    "basis": "bases",
}
PASSING = {"share", "sell", "transfer"}
FAMILIES = {
    "collect": {"collect"},
    "use": {"use"},
    "share": {"share"},
    "sell": {"sell"},
    "transfer": {"transfer"},
    "keep": {"store", "retain"},
    "delete": {"delete"},
    "protect": {"protect"},
}
MODALITIES = {
    "optional": "said to be optional",
    "may": "said to be possible (may)",
    "required": "said to be required",
    "asserted": "said plainly",
}
#: What stands for a recipient that is not named, or that is no more than "recipients".
NOBODY = "Recipient."
#: Places that are no country or region.
NOWHERE = {"Place", "OwnServers", "UserDevice", "Cloud", "own"}
#: Ribbons or arrows; beyond these a drawing is of one company.
MOST = 80

Concept = int
Openings = dict[str, set[str]]


@dataclass(eq=False)
class Said:
    """A row of the table of statements; concepts are numbers."""

    digits: str
    action: str
    denied: bool
    modality: str
    child: bool
    confidence: int
    actor: Concept
    policy: int
    sentence: int
    company: Concept
    conditional: bool
    text: str
    concepts: dict[str, list[Concept]] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        return self.actor == self.company

    def __getattr__(self, name: str) -> list[Concept]:
        if name not in FIELDS.values():
            raise AttributeError(name)
        return self.concepts.get(name, [])


class Told:
    """The data of a page."""

    def __init__(self, html: str) -> None:
        found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
        assert found
        self.raw: dict[str, Any] = json.loads(found[1])
        self.concepts = self._table("concepts")
        self.policies = self._table("policies")
        self.sentences = self._table("sentences")
        self.below: dict[Concept, list[Concept]] = defaultdict(list)
        for number, concept in enumerate(self.concepts):
            for above in concept["above"]:
                self.below[above].append(number)
        self._standing: dict[Concept, set[Concept]] = {}
        self.publishers = {policy["company"] for policy in self.policies}
        self.every = [self._said(row) for row in self._table("statements")]
        #: What passes when nothing is chosen.
        self.shown = [
            said for said in self.every if said.is_own and self.policies[said.policy]["latest"]
        ]

    def _table(self, name: str) -> list[dict[str, Any]]:
        fields = self.raw["fields"][name]
        return [dict(zip(fields, row, strict=True)) for row in self.raw[name]]

    def _said(self, row: dict[str, Any]) -> Said:
        names = self.raw["names"]
        sentence = self.sentences[row["sentence"]]
        concepts: dict[str, list[Concept]] = defaultdict(list)
        mentions = list(zip(*[iter(row["mentions"])] * 4, strict=True))
        for role, _, _, concept in mentions:
            place = FIELDS.get(names["role"][role])
            if place and concept >= 0 and concept not in concepts[place]:
                concepts[place].append(concept)
        return Said(
            row["digits"],
            names["action"][row["action"]],
            bool(row["denied"]),
            names["modality"][row["modality"]],
            bool(row["child"]),
            row["confidence"],
            row["actor"],
            sentence["policy"],
            row["sentence"],
            self.policies[sentence["policy"]]["company"],
            any(names["role"][role] == "condition" for role, *_ in mentions),
            sentence["text"],
            concepts,
        )

    # Concepts

    def key(self, concept: Concept) -> str:
        return str(self.concepts[concept]["key"])

    def name(self, concept: Concept) -> str:
        return f"{self.raw['names']['kind'][self.concepts[concept]['kind']]}/{self.key(concept)}"

    def lineage(self, concept: Concept) -> set[Concept]:
        found = {concept}
        for above in self.concepts[concept]["above"]:
            found |= self.lineage(above)
        return found

    def is_open(self, concept: Concept) -> bool:
        """Whether it stands open at first."""
        is_open = self.concepts[concept]["wide"] or self.name(concept).startswith("place/")
        return bool(self.below[concept]) and bool(is_open)

    def standing(self, concept: Concept) -> set[Concept]:
        """The groups on the screen that a concept is in, or itself."""
        if concept not in self._standing:
            found: set[Concept] = set()
            for above in self.concepts[concept]["above"]:
                here = self.standing(above)
                found |= {concept} if above in here and self.is_open(above) else here
            self._standing[concept] = found or {concept}
        return self._standing[concept]

    def groups(self, concept: Concept) -> set[str]:
        """Keys of what stands for a concept on the screen."""
        return {
            f"{self.key(one)}." if one == concept and self.is_open(one) else self.key(one)
            for one in self.standing(concept)
        }

    # Flow

    def ends(self, said: Said, column: str) -> set[str]:
        """The boxes of a column that a statement names."""
        if column == "company":
            own = said.actor in self.publishers
            keys = {self.key(said.actor)} if own else self.groups(said.actor)
        else:
            named = getattr(said, FIELDS[column])
            keys = {key for concept in named for key in self.groups(concept)}
            if not keys and column == "data":
                keys = {""}
            if not keys and column == "recipient" and said.action in PASSING and not said.places:
                keys = {NOBODY}
        return {f"{column}/{key}" for key in keys}

    def flow(self, *, whole: bool = False) -> Openings:
        """Ribbons and boxes; not of the whole when it is too crowded, but of one company."""
        found = self._flow(self.shown)
        if not whole and len(of(found, "ribbon/")) > MOST and len(self.publishers) > 1:
            return self._flow(self.of(self.largest))
        return found

    def of(self, company: Concept) -> list[Said]:
        """What is shown of one company."""
        return [said for said in self.shown if said.company == company]

    @property
    def largest(self) -> Concept:
        """The company with most that is shown."""
        return Counter(said.company for said in self.shown).most_common(1)[0][0]

    def flow_of(self, company: Concept) -> Openings:
        return self._flow(self.of(company))

    def _flow(self, every: list[Said]) -> Openings:
        moving = self.moving(every)
        ribbons = self._ribbons(moving, merged=False)
        if len(ribbons) > MOST:
            ribbons = self._ribbons(moving, merged=True)
        boxes: Openings = defaultdict(set)
        for said in moving:
            for column in FIRST_COLUMNS:
                for end in self.ends(said, column):
                    boxes[f"node/{end}"].add(said.digits)
        return ribbons | boxes

    def moving(self, every: Iterable[Said]) -> list[Said]:
        """What is drawn in the flow."""
        return [s for s in every if s.action in PASSING | {"collect"} or s.places]

    def _ribbons(self, moving: Iterable[Said], *, merged: bool) -> Openings:
        found: Openings = defaultdict(set)
        for said in moving:
            action = "pass" if merged and said.action in PASSING else said.action
            tone = "denied" if said.denied else action
            named = [ends for column in FIRST_COLUMNS if (ends := self.ends(said, column))]
            for before, after in pairwise(named):
                for start in before:
                    for end in after:
                        found[f"ribbon/{start}>{end}:{tone}"].add(said.digits)
        return found

    # Compare

    def cell(self, place: str, rows: str = "data") -> set[str]:
        """What stands in "company×row", with ":family" or ":family-not" for one chip."""
        company, row = place.removeprefix("cell/").split("×", 1)
        family = ""
        chip = re.search(rf":({'|'.join(FAMILIES)})(-not)?$", row)
        if chip:
            row, family = row[: chip.start()], chip[0][1:]
        plain = family.removesuffix("-not")
        return {
            said.digits
            for said in self.shown
            if self.key(said.company) == company
            and self._is_in(said, row, "recipient" if rows == "party" else rows)
            and (not family or said.action in FAMILIES[plain])
            and (not family or said.denied == family.endswith("-not"))
        }

    def _is_in(self, said: Said, row: str, field: str) -> bool:
        named = getattr(said, FIELDS[field])
        if not row:
            return not named
        if any(self.key(one) == row[:-1] for one in named) and row.endswith("."):
            return True
        return any(self.key(above) == row for one in named for above in self.lineage(one))

    # Network

    def network(self, *, whole: bool = False) -> Openings:
        """Arrows and boxes; as with the flow, of one company when the whole is too crowded."""
        found = self._network(self.shown)
        if not whole and len(of(found, "edge/")) > MOST and len(self.publishers) > 1:
            return self._network(self.of(self.largest))
        return found

    def network_of(self, company: Concept) -> Openings:
        return self._network(self.of(company))

    def _network(self, every: list[Said]) -> Openings:
        found: Openings = defaultdict(set)
        for said in every:
            for start, end in self._passages(said):
                for a in self._boxes(start):
                    for b in self._boxes(end) - {a}:
                        found[f"edge/{a}>{b}{':not' if said.denied else ''}"].add(said.digits)
                        found[f"party/{a}"].add(said.digits)
                        found[f"party/{b}"].add(said.digits)
        return found

    def _passages(self, said: Said) -> Iterator[tuple[Concept, Concept]]:
        ends: list[Concept]
        if said.action == "collect":
            user = [self._number("party/Child" if said.child else "party/User")]
            yield from ((one, said.actor) for one in said.sources or user if one != said.actor)
        elif said.action in PASSING:
            somebody = [self._number("party/Recipient")]
            ends = said.recipients or said.places or somebody
            yield from ((said.actor, one) for one in ends if one != said.actor)
        elif said.action == "store":
            yield from ((said.actor, one) for one in said.places)

    def _number(self, name: str) -> Concept:
        [found] = [n for n in range(len(self.concepts)) if self.name(n) == name]
        return found

    def _boxes(self, concept: Concept) -> set[str]:
        if concept in self.publishers:
            return {self.key(concept)}
        kind = self.name(concept).split("/", maxsplit=1)[0]
        return {f"{kind}-{key}" for key in self.groups(concept)}

    # Changes

    def changes(self, earlier: int, later: int) -> Openings:
        """The buttons, by "change/kind/actor|action|denied|other|note|..."."""
        whose = [s for s in self.every if s.is_own]
        before = self._flows(s for s in whose if s.policy == earlier)
        after = self._flows(s for s in whose if s.policy == later)
        found: Openings = defaultdict(set)

        def add(kind: str, flow: tuple[Any, ...], said: list[Said], notes: Iterable[str]) -> None:
            actor, action, denied, _, other = flow
            to = "" if other is None else self.name(other)
            key = "|".join([self.key(actor), action, str(denied).lower(), to, *notes])
            found[f"change/{kind}/{key}"] |= {one.digits for one in said}

        for flow, said in after.items():
            if flow not in before:
                add("added", flow, said, ())
            elif notes := self._differences(flow, before[flow], said):
                add("changed", flow, before[flow] + said, notes)
        for flow, said in before.items():
            if flow not in after:
                add("removed", flow, said, ())
        return found

    def _flows(self, every: Iterable[Said]) -> dict[tuple[Any, ...], list[Said]]:
        found: dict[tuple[Any, ...], list[Said]] = defaultdict(list)
        for said in every:
            others: list[Concept] = said.recipients
            if not others and said.action == "collect":
                others = [one for one in said.sources if self.key(one) != "User"]
            elif not others:
                others = said.places
            for datum in said.data or [None]:
                for other in others or [None]:
                    found[said.actor, said.action, said.denied, datum, other].append(said)
        return found

    def _differences(self, flow: tuple[Any, ...], old: list[Said], new: list[Said]) -> list[str]:
        order = ["optional", "may", "required", "asserted"]
        was, now = (max(order.index(s.modality) for s in some) for some in (old, new))
        firm = [f"“{MODALITIES[order[one]]}”" for one in (was, now)]
        notes = [f"was {firm[0]}, now {firm[1]}"] if was != now else []
        is_place = flow[4] is not None and self.name(flow[4]).startswith("place/")
        for name, word in (("purposes", "purpose"), ("places", "place"), ("bases", "legal basis")):
            if name == "places" and is_place:
                continue
            left, right = (
                list(dict.fromkeys(self.concepts[c]["label"] for s in x for c in getattr(s, name)))
                for x in (old, new)
            )
            notes += [f"new {word}: {one}" for one in right if one not in left]
            notes += [f"{word} gone: {one}" for one in left if one not in right]
        bound, still = (all(s.conditional for s in some) for some in (old, new))
        if bound != still:
            notes.append("now under a condition" if still else "now without a condition")
        return notes

    # Cards

    def cards(self) -> Openings:
        passed = [s for s in self.shown if s.action in PASSING and not s.denied]
        found = {
            "denials": self._beside(),
            "sales": self._sales(),
            "sensitive": [s for s in passed if self._is_any(s.data, "sensitive", deep=True)],
            "transfers": [s for s in passed if any(map(self._is_away, s.places))],
            "vague": [s for s in passed if self._is_any(s.recipients, "vague")],
        }
        return {f"card/{name}": {s.digits for s in some} for name, some in found.items() if some}

    def _is_any(self, named: list[Concept], mark: str, *, deep: bool = False) -> bool:
        every = {up for one in named for up in (self.lineage(one) if deep else {one})}
        return any(self.concepts[one][mark] for one in every)

    def _is_away(self, place: Concept) -> bool:
        return not self.concepts[place]["own"] and self.key(place) not in NOWHERE

    @cached_property
    def _plain(self) -> list[Said]:
        """What is said of moving data, surely and without a condition."""
        return [
            s
            for s in self.shown
            if s.action in PASSING | {"collect"} and s.confidence >= 60 and not s.conditional
        ]

    def _beside(self) -> list[Said]:
        speaks = {"share": PASSING, "transfer": {"transfer", "share"}}
        found: list[Said] = []
        plain = self._plain
        for denial in (s for s in plain if s.denied):
            beside = [
                s
                for s in plain
                if not s.denied
                and (s.policy, s.actor, s.child) == (denial.policy, denial.actor, denial.child)
                and s.sentence != denial.sentence
                and s.action in speaks.get(denial.action, {denial.action})
                and all(
                    not (tops := set(getattr(denial, name)))
                    or any(self.lineage(one) & tops for one in getattr(s, name))
                    for name in ("data", "recipients", "sources", "purposes", "places")
                )
            ]
            found += [denial, *beside] if beside else []
        return found

    def _sales(self) -> list[Said]:
        advertising = {"purpose/Advertising", "party/Advertiser"}
        found: list[Said] = []
        for policy in range(len(self.policies)):
            own = [s for s in self._plain if s.policy == policy and s.is_own and not s.child]
            denials = [s for s in own if s.denied and s.action == "sell"]
            shares = [
                s
                for s in own
                if not s.denied
                and s.action in {"share", "transfer"}
                and any(
                    self.name(up) in advertising
                    for one in s.purposes + s.recipients
                    for up in self.lineage(one)
                )
            ]
            found += [*denials, *shares] if denials and shares else []
        return found


def of(openings: Openings, start: str) -> Openings:
    """Those whose address begins so."""
    return {name: digits for name, digits in openings.items() if name.startswith(start)}
