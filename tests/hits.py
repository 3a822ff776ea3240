"""What opens in a page, reckoned from its data alone, and scripts that click whatever can be hit.

`Told` reads the tables that a page brings along and says, without the page's own code, which
statements each cell, ribbon, box, arrow, change and card stands for.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from invented import reading, says, store_of

from kg.model import Action, Mention, Modality, Polarity, Reading, Statement
from kg.store import Store

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


# Scripts

#: Puts `hits` into the page.
HITS = r"""
window.hits = (() => {
  const OWN = '[data-focus],[data-cell],tbody tr';
  const address = (e) => e.dataset.focus ?? (e.dataset.cell ? `cell/${e.dataset.cell}`
    : e.querySelector('[data-focus]')?.dataset.focus);
  /** The statements of the open evidence, with "Show more" pressed until all are there. */
  const opened = () => {
    for (let more; (more = document.querySelector('#evidence [data-focus="more"]'));) more.click();
    const cards = [...document.querySelectorAll('#evidence [data-statement]')];
    return cards.map((card) => card.dataset.statement).sort();
  };
  /** Points of an element at which a mouse might click it, the best first. */
  const points = (e) => {
    if (e.getTotalLength && e.tagName === 'path') {
      const [length, view] = [e.getTotalLength(), e.getScreenCTM()];
      const steps = [...Array(59).keys()].sort((a, b) => Math.abs(a - 29) - Math.abs(b - 29));
      return steps.map((step) => {
        const at = e.getPointAtLength((length * (step + 1)) / 60).matrixTransform(view);
        return [Math.round(at.x), Math.round(at.y)];
      });
    }
    const box = e.getBoundingClientRect();
    const found = [];
    for (const y of [0.5, 0.25, 0.75, 0.08, 0.92])
      for (const x of [0.5, 0.3, 0.7, 0.1, 0.9, 0.03, 0.97])
        found.push([Math.round(box.left + x * box.width), Math.round(box.top + y * box.height)]);
    return found;
  };
  const at = (e, [x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit?.closest(OWN) === e ? hit : null;
  };
  /** Where a click reaches the element: [x, y, what is there]; null when it cannot be reached. */
  const reach = (e) => {
    e.scrollIntoView({ block: 'center', inline: 'center' });
    for (const point of points(e)) {
      const hit = at(e, point);
      if (hit) return [...point, hit];
    }
    const main = document.querySelector('main');
    for (let number = 0; number < points(e).length; number += 6) {
      const [x, y] = points(e)[number];
      main.scrollBy(x - innerWidth / 2, y - innerHeight / 2);
      const point = points(e)[number];
      const hit = at(e, point);
      if (hit) return [...point, hit];
    }
    return null;
  };
  const press = (hit, clientX, clientY) => {
    for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
      const Kind = name.startsWith('pointer') ? PointerEvent : MouseEvent;
      hit.dispatchEvent(new Kind(name, { bubbles: true, cancelable: true, clientX, clientY }));
    }
  };
  /** At most so many, evenly taken. */
  const some = (list, most) => {
    const step = Math.ceil(list.length / most);
    return step > 1 ? list.filter((_, number) => number % step === 0) : list;
  };
  /** Does something while nothing is seen: all is drawn anew, but need not be laid out. */
  const unseen = (act) => {
    document.body.style.display = 'none';
    act();
    document.body.style.display = '';
  };
  /**
   * Looks where all that fit can be clicked, and clicks each, or at most so many of them:
   * {reached: [address], missed: [address], opened: {address: [digits]}}.
   */
  const all = (css, most = Infinity) => {
    history.pushState = () => {}; // browsers take only so many a second
    const found = { reached: [], missed: [], opened: {} };
    const reached = [];
    for (const e of document.querySelectorAll(css)) {
      const point = reach(e);
      if (point) reached.push([address(e), point]);
      (point ? found.reached : found.missed).push(address(e));
    }
    unseen(() => {
      for (const [name, [x, y, hit]] of some(reached, most)) {
        press(hit, x, y);
        found.opened[name] = opened();
      }
    });
    return found;
  };
  let isTouched = false;
  const touch = () => (isTouched = true);
  for (const name of ['toggle', 'resize']) addEventListener(name, touch, { capture: true });
  document.getElementById('search').addEventListener('input', touch);
  /** Goes to an address as if the page were opened anew; false when more was done to it. */
  const again = (fragment) => {
    if (isTouched || Object.hasOwn(history, 'pushState') || 'network' in window.hits) return false;
    dispatchEvent(new PointerEvent('pointerdown'));
    document.activeElement?.blur();
    history.replaceState(null, '', `#${fragment}`);
    dispatchEvent(new PopStateEvent('popstate'));
    for (const e of document.querySelectorAll('main, aside')) e.scrollTop = 0;
    return true;
  };
  return { address, opened, reach, press, all, some, unseen, again };
})();
"""

#: Lets the test hold vis-network's object: `hits.network`, and `hits.painted()` to wait for it.
CATCH = r"""
const { vis } = window;
hits.network = null;
window.vis = { ...vis, Network: class extends vis.Network {
  constructor(...given) {
    super(...given);
    hits.network = this;
    hits.ready = new Promise((done) => this.once('afterDrawing', done));
  }
}};
/** Where the drawing shows an arrow or box alone: [x, y]; null when others cover all of it. */
hits.spot = (id, isEdge) => {
  const net = hits.network;
  if (!(isEdge ? net.body.edges : net.body.nodes)[id]) return null;
  const canvas = document.querySelector('#canvas canvas');
  const main = document.querySelector('main');
  const box = () => canvas.getBoundingClientRect();
  const places = [];
  if (isEdge) {
    const steps = [...Array(99).keys()].sort((a, b) => Math.abs(a - 49) - Math.abs(b - 49));
    for (const step of steps) {
      const { x, y } = net.canvasToDOM(net.body.edges[id].edgeType.getPoint((step + 1) / 100));
      for (const beside of [0, 2, -2, 4, -4]) places.push({ x, y: y + beside });
    }
  } else places.push(net.canvasToDOM(net.getPosition(id)));
  for (const place of places) {
    const top = box().top + place.y;
    const seen = main.getBoundingClientRect();
    if (top < seen.top + 2 || top > seen.bottom - 2)
      main.scrollBy(0, top - (seen.top + seen.bottom) / 2);
    // A mouse stands on whole pixels.
    const [x, y] = [Math.round(box().left + place.x), Math.round(box().top + place.y)];
    const dom = { x: x - box().left, y: y - box().top };
    const node = net.getNodeAt(dom);
    if (isEdge ? node !== undefined || net.getEdgeAt(dom) !== id : node !== id) continue;
    if (document.elementFromPoint(x, y) === canvas) return [x, y];
  }
  return null;
};
hits.tap = (x, y) => {
  const canvas = document.querySelector('#canvas canvas');
  for (const name of ['pointerdown', 'pointerup']) {
    canvas.dispatchEvent(new PointerEvent(name, { bubbles: true, cancelable: true, pointerId: 1,
      pointerType: 'mouse', isPrimary: true, button: 0, buttons: name === 'pointerdown' ? 1 : 0,
      clientX: x, clientY: y }));
  }
};
/** As hits.all(); `covered` are those that cannot be reached while other evidence is open. */
hits.everything = async (most = Infinity) => {
  history.pushState = () => {};
  await hits.ready;
  const found = { reached: [], missed: [], covered: [], opened: {} };
  const { edges, nodeIndices } = hits.network.body;
  const wanted = [
    ...Object.keys(edges).map((id) => [`edge/${id}`, id, true]),
    ...nodeIndices.map((id) => [`party/${id}`, id, false]),
  ];
  for (const [address, id, isEdge] of wanted)
    (hits.spot(id, isEdge) ? found.reached : found.missed).push(address);
  const clicked = wanted.filter(([address]) => found.reached.includes(address));
  for (const [address, id, isEdge] of hits.some(clicked, most)) {
    await hits.ready;
    let spot = hits.spot(id, isEdge);
    if (!spot) {
      found.covered.push(address);
      dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      await hits.ready;
      spot = hits.spot(id, isEdge);
    }
    hits.tap(...spot);
    found.opened[address] = hits.opened();
  }
  return found;
};
"""


# Invented policies


@cache
def _words(top: str) -> tuple[tuple[str, str], ...]:
    """IRI and label of the concepts below one of the ontology."""
    rows = store_of().query(
        f"SELECT ?a ?b WHERE {{ ?a skos:broader+ pf:{top} ; rdfs:label ?b }} ORDER BY ?a ?b"
    )
    return tuple((row[0].value, row[1].value) for row in rows)


def crowd(count: int, companies: int = 12, *, seed: int = 1) -> list[Reading]:
    """So many invented statements in all, of companies that each have one policy."""
    chance = random.Random(seed)
    readings = []
    for number in range(companies):
        size = count // companies + (number < count % companies)
        said = [_invented(chance, number, at) for at in range(size)]
        readings.append(
            reading(
                *said,
                publisher=f"Company {number + 1}",
                name=f"company-{number + 1}.md",
                title=f"Privacy Policy of Company {number + 1}",
                day=date(2020 + number % 4, 1 + number % 12, 1),
                url=f"https://company-{number + 1}.example/privacy",
            )
        )
    return readings


def _invented(chance: random.Random, company: int, at: int) -> Statement:
    def some(top: str, own: str, most: int) -> list[Mention]:
        picked = []
        for _ in range(chance.choice(range(most + 1))):
            iri: str | None
            if chance.random() < 0.1:
                iri, label = None, f"{own} {chance.randrange(40)}"
            else:
                iri, label = chance.choice(_words(top))
            picked.append(Mention(label, 0, len(label), iri, label if iri else None))
        return list({mention.text: mention for mention in picked}.values())

    action = chance.choice(list(Action))
    roles = {
        "data": some("Data", "records of kind", 3),
        "recipients": some("Recipient", "partner", 2) if action.value in PASSING else [],
        "purposes": some("Purpose", "aim", 2),
        "locations": some("Place", "island", 1) if action.value in {"transfer", "store"} else [],
    }
    is_denied = chance.random() < 0.15
    text = f"Sentence {at} of {company}: we {'do not ' * is_denied}handle"
    start = at * 1000
    placed: dict[str, tuple[Mention, ...]] = {}
    for role, mentions in roles.items():
        row = []
        for mention in mentions:
            text += " "
            begin = start + len(text)
            text += mention.text
            row.append(replace(mention, start=begin, end=start + len(text)))
        placed[role] = tuple(row)
    said = says(
        action,
        text=f"{text}.",
        start=start,
        denied=is_denied,
        modality=chance.choice(list(Modality)),
        confidence=chance.choice([0.45, 0.65, 0.75, 0.85, 0.93, 0.97]),
    )
    return replace(said, **placed)


def crowded(count: int, companies: int = 12) -> Store:
    return store_of(*crowd(count, companies))


def hostile_reading(text: str, number: int = 0, url: str | None = None) -> Reading:
    """The text in every place that a policy can fill."""
    said = says(
        Action.SHARE,
        text=f"{text} {number}",
        trigger=text[:3],
        data=(text,),
        recipients=(text, f"{text} 2"),
        sources=(text,),
        purposes=(text,),
        conditions=(text,),
        legal_bases=(text,),
        retention=(text,),
        locations=(text,),
        methods=(text,),
        threats=(text,),
        headings=(text, text),
        actor=Mention(text, 0, len(text), f"https://w3id.org/privflow/id/party/{number}", text),
    )
    every = [replace(said, action=action) for action in Action]
    own = [replace(one, actor=None) for one in every]
    denial = says(Action.SELL, denied=True, text=text, data=(text,), recipients=(text,))
    assert denial.polarity is Polarity.NEGATED
    return reading(
        *every,
        *own,
        denial,
        publisher=f"{text} {number}",
        name=f"{text}{number}.md",
        title=text,
        url=url or "javascript:document.title='RAN'",
    )
