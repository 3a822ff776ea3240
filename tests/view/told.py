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
        self.pairs = self._table("pairs")
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

    def pair(self) -> int:
        """The pair that is compared at first: of the first policy, the latest that tells of any."""
        lines = [self.policies[pair["later"]]["line"] for pair in self.pairs]
        of_first = [n for n, line in enumerate(lines) if line == lines[0]]
        latest = [n for n in reversed(of_first) if not self.pairs[n]["whole"]]
        told = {change["pair"] for change in self._table("changes")}
        return next((n for n in latest if n in told), latest[0])

    def changes(self, pair: int, *, whose: str = "own") -> Openings:
        """The buttons, by "change/kind/statement before~statement after"."""
        found: Openings = {}
        hidden = set()
        for change in self._table("changes"):
            if change["pair"] != pair:
                continue
            ends = "~".join(self._digits(change[side]) for side in ("before", "after"))
            kind = self.raw["names"]["change"][change["kind"]]
            name, number = f"change/{kind}/{ends}", 1
            while (address := f"{name}.{number}" if number > 1 else name) in found:
                number += 1
            said = [self.every[n] for n in (*change["before"], *change["after"]) if n >= 0]
            found[address] = {one.digits for one in said}
            if said and whose == "own" and not any(one.is_own for one in said):
                hidden.add(address)
        return {name: digits for name, digits in found.items() if name not in hidden}

    def _digits(self, quotes: list[int]) -> str:
        if not quotes:
            return ""
        first = quotes[0]
        return self.every[first].digits if first >= 0 else f"at{self.sentences[~first]['start']}"

    # Cards

    def cards(self) -> Openings:
        passed = [s for s in self.shown if s.action in PASSING and not s.denied]
        found = {
            **self._at_odds(),
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

    def _at_odds(self) -> dict[str, list[Said]]:
        """Grade -> the statements of what is at odds, where one of them is shown."""
        shown = {said.digits for said in self.shown}
        found: dict[str, list[Said]] = defaultdict(list)
        for finding in self._table("findings"):
            said = [self.every[n] for side in finding["quotes"] for n in side if n >= 0]
            if not said or shown & {one.digits for one in said}:
                found[self.raw["names"]["grade"][finding["grade"]]] += said
        return found


def of(openings: Openings, start: str) -> Openings:
    """Those whose address begins so."""
    return {name: digits for name, digits in openings.items() if name.startswith(start)}
