"""A statement's IRI -> why the graph says so: the sentence, its place, every role.

Policy text reaches the terminal here, so whatever a terminal would obey or hide (controls, marks
that turn the direction of writing) is shown as a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kg.claims import HEADING_SEPARATOR, Claim, claims_of, concept_labels, sources
from kg.errors import QueryError
from kg.model import Action, Mention, Modality, Span, Support

if TYPE_CHECKING:
    from rich.text import Text

    from kg.store import Store

_DIGITS = re.compile(r"[0-9a-f]{1,16}", re.IGNORECASE)
_NEAR = 5
#: Action -> what is said of who acts; a denial says "does NOT" and the action.
_VERBS = {
    Action.COLLECT: "collects",
    Action.USE: "uses",
    Action.SHARE: "shares",
    Action.TRANSFER: "transfers",
    Action.SELL: "sells",
    Action.STORE: "stores",
    Action.RETAIN: "retains",
    Action.DELETE: "deletes",
    Action.PROTECT: "protects",
}
_MODALITIES = {
    Modality.ASSERTED: "said plainly",
    Modality.MAY: "said to be possible",
    Modality.REQUIRED: "required of the user",
    Modality.OPTIONAL: "up to the user",
}
_SUPPORTS = {
    Support.RULES: "found by the rules alone",
    Support.TAGGER: "found by the tagger alone",
    Support.BOTH: "found by rules and tagger",
}
#: Field of a statement -> the word for one of its mentions.
_ROLES = {
    "data": "data",
    "recipients": "recipient",
    "sources": "source",
    "purposes": "purpose",
    "legal_bases": "legal basis",
    "locations": "place",
    "retention": "retention",
    "conditions": "condition",
    "methods": "method",
    "threats": "threat",
}


@dataclass(frozen=True, slots=True)
class Role:
    """Words of a statement and what they stand for.

    Attributes:
        name: "data", "recipient", ..., also "actor", "trigger" and "negation".
        text: as in the policy; empty for an actor that the text does not name.
        label: of the concept; ``None`` without one.
        iri: of the concept; ``None`` without one.
    """

    name: str
    text: str
    start: int
    end: int
    label: str | None = None
    iri: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a sentence with the roles that it plays, none or several."""

    text: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the graph holds a statement.

    Attributes:
        iri: of the statement.
        digits: the end of the IRI, by which ``kg explain`` finds it again.
        company: publisher of the policy.
        title: of the policy.
        date: of the snapshot, ISO 8601.
        documents: names of the files with this text.
        urls: where the policy was published, and where the copy comes from.
        headings: above the sentence, outermost first.
        quote: the sentence.
        start: of the sentence in the document's text; end: exclusive.
        context: other places that the reading rests on, such as the lead-in of a list.
        roles: in the order of the text.
        confidence: from 0 to 1; support: what found it.
    """

    iri: str
    digits: str
    is_denial: bool
    action: Action
    modality: Modality
    confidence: float
    support: Support
    actor: str
    company: str
    title: str
    date: str | None
    documents: tuple[str, ...]
    urls: tuple[str, ...]
    headings: tuple[str, ...]
    quote: str
    start: int
    end: int
    context: tuple[Span, ...]
    roles: tuple[Role, ...]
    data_subject: str | None = None

    @property
    def claim(self) -> str:
        """What is said, in one line: "Acme does NOT sell: email address; to: partners"."""
        verb = f"does NOT {self.action.value}" if self.is_denial else _VERBS[self.action]
        parts = [f"{self.actor} {verb}"]
        for name, lead in (("data", ": "), ("recipient", "; to: "), ("place", "; place: ")):
            found = dict.fromkeys(
                role.label or role.text for role in self.roles if role.name == name
            )
            if found:
                parts.append(lead + ", ".join(found))
        return "".join(parts)

    def segments(self) -> tuple[Segment, ...]:
        """The sentence in pieces, wherever a role begins or ends; together they are the quote."""
        inside = [r for r in self.roles if self.start <= r.start < r.end <= self.end]
        cuts = {0, len(self.quote)}
        for role in inside:
            cuts.update((role.start - self.start, role.end - self.start))
        places = sorted(cut for cut in cuts if cut <= len(self.quote))
        pieces = []
        for begin, end in pairwise(places):
            names = dict.fromkeys(
                r.name
                for r in inside
                if r.start - self.start <= begin and end <= r.end - self.start
            )
            pieces.append(Segment(self.quote[begin:end], tuple(names)))
        return tuple(pieces)

    def to_text(self) -> str:
        """Plain text for a terminal or a pipe, with a line break at its end."""
        lines = [f"{self.claim}", ""]
        lines += [f"  “{_one_line(self.quote)}”", ""]
        lines += [f"{name:<12}{value}" for name, value in self._facts()]
        lines += ["", "Roles"]
        width = max((len(role.name) for role in self.roles), default=0)
        lines += [f"  {role.name:<{width}}  {_described(role)}" for role in self.roles]
        for span in self.context:
            lines += ["", f"Rests also on ({span.start}-{span.end})", f"  “{_one_line(span.text)}”"]
        from kg.queries.formats import visible  # noqa: PLC0415 - heavy

        return "".join(f"{visible(line)}\n" for line in lines)

    def __rich_console__(self, *_: Any) -> Iterator[Text]:
        """The same with colours, for :meth:`rich.console.Console.print`."""
        from rich.text import Text  # noqa: PLC0415 - heavy

        from kg.queries.formats import visible  # noqa: PLC0415

        style = "bold red" if self.is_denial else "bold green"
        yield Text(visible(self.claim), style=style)
        quote = Text("\n  “")
        for segment in self.segments():
            shown = visible(" ".join(f"|{segment.text}|".split())[1:-1])
            quote.append(shown, style=_style(segment.roles))
        yield quote.append("”\n")
        for name, value in self._facts():
            yield Text.assemble((f"{name:<12}", "dim"), visible(value))
        yield Text("\nRoles", style="bold")
        width = max((len(role.name) for role in self.roles), default=0)
        for role in self.roles:
            yield Text.assemble(
                (f"  {role.name:<{width}}  ", _style((role.name,))), visible(_described(role))
            )
        for span in self.context:
            yield Text(f"\nRests also on ({span.start}-{span.end})", style="bold")
            yield Text(visible(f"  “{_one_line(span.text)}”"))

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "policy", " · ".join(part for part in (self.company, self.title, self.date) if part)
        yield "document", f"{'; '.join(self.documents)}, characters {self.start} to {self.end}"
        if self.headings:
            yield "under", HEADING_SEPARATOR.join(_one_line(text) for text in self.headings)
        kind = "a denial" if self.is_denial else "a statement"
        yield "kind", f"{kind}, {_MODALITIES[self.modality]}"
        yield "confidence", f"{self.confidence:.2f}, {_SUPPORTS[self.support]}"
        if self.data_subject:
            yield "about", f"data of a {self.data_subject}"
        for url in self.urls:
            yield "source", url
        yield "statement", self.iri


def explain(store: Store, statement: str) -> Explanation:
    """Why the graph holds a statement or a denial.

    Args:
        statement: its IRI, or the digits at its end, or as many of them as tell it apart.

    Raises:
        QueryError: there is no such statement, or there are several; the message names those
            that are near.
    """
    return explanation(_find(store, statement.strip()))


def explanation(claim: Claim) -> Explanation:
    """The explanation of a claim that is at hand."""
    said, source = claim.statement, claim.source
    return Explanation(
        iri=claim.iri,
        digits=claim.digits,
        is_denial=claim.is_denial,
        action=said.action,
        modality=said.modality,
        confidence=said.confidence,
        support=said.support,
        actor=claim.actor,
        company=source.company,
        title=source.title,
        date=source.date,
        documents=source.documents,
        urls=source.urls,
        headings=said.evidence.headings,
        quote=said.evidence.text,
        start=said.evidence.start,
        end=said.evidence.end,
        context=said.evidence.context,
        roles=tuple(_roles(claim)),
        data_subject=said.data_subject,
    )


def _roles(claim: Claim) -> list[Role]:
    said = claim.statement
    found: list[tuple[str, Mention]] = [("trigger", said.trigger)]
    if said.negation:
        found.append(("negation", said.negation))
    found.append(("actor", said.actor or Mention("", 0, 0, claim.actor_iri, claim.actor)))
    found += [(_ROLES[role], mention) for role, mention in said.mentions()]
    # A mention without words, of an actor that goes without saying, stands first.
    found.sort(key=lambda item: (bool(item[1].text), item[1].start, item[1].end))
    return [Role(name, m.text, m.start, m.end, m.label, m.iri) for name, m in found]


def _find(store: Store, wanted: str) -> Claim:
    from kg.iris import PF  # noqa: PLC0415
    from kg.triples import RDF, is_iri  # noqa: PLC0415

    graphs: dict[str, str] = {}
    for kind in ("Statement", "Denial"):
        for quad in store.quads(None, f"{RDF}type", f"{PF}{kind}"):
            subject: Any = quad.subject
            graph: Any = quad.graph_name
            graphs[subject.value] = getattr(graph, "value", "")
    ends = {iri.rsplit("/", 1)[-1]: iri for iri in sorted(graphs, reverse=True)}
    chosen = [wanted] if wanted in graphs else []
    if not chosen and _DIGITS.fullmatch(wanted):
        digits = wanted.lower()
        chosen = [iri for end, iri in ends.items() if end.startswith(digits)]
    if len(chosen) != 1:
        raise QueryError(_not_one(wanted, chosen, ends, is_iri(wanted)))
    [iri] = chosen
    labels = concept_labels(store)
    for source in sources(store):
        if source.graph == graphs[iri]:
            return next(claim for claim in claims_of(store, source, labels) if claim.iri == iri)
    raise QueryError(f"the statement {iri} stands in a graph that is no policy's")


def _not_one(wanted: str, chosen: list[str], ends: dict[str, str], is_known_form: bool) -> str:
    """What to say when a name stands for no statement, or for several."""
    if chosen:
        shown = sorted(iri.rsplit("/", 1)[-1] for iri in chosen)[:_NEAR]
        return (
            f"{len(chosen)} statements begin with {wanted!r}: {', '.join(shown)}"
            f"{', …' if len(chosen) > len(shown) else ''}; give more digits"
        )
    if not ends:
        return "there are no statements in this graph"
    digits = wanted.rsplit("/", 1)[-1].lower()
    if not _DIGITS.fullmatch(digits) and not is_known_form:
        return (
            f"{wanted!r} is no statement: give its IRI or the digits at its end, as in the last "
            "column of `kg query statements --company NAME`"
        )
    near = sorted(ends, key=lambda end: (-_shared(end, digits), end))[:_NEAR]
    likely = [end for end in near if _shared(end, digits) >= 2]
    hint = f"; the nearest are {', '.join(likely)}" if likely else ""
    return (
        f"there is no statement {wanted!r} in this graph{hint}; "
        "`kg query statements --company NAME` lists them, and a changed policy has new ones"
    )


def _shared(one: str, other: str) -> int:
    """How many characters two strings have in common at their beginning."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _described(role: Role) -> str:
    words = f"“{_one_line(role.text)}”" if role.text else "(not named)"
    if role.label is None:
        return words
    return (
        f"{words} → {_one_line(role.label)} <{role.iri}>" if role.iri else f"{words} → {role.label}"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _style(roles: tuple[str, ...]) -> str:
    if "negation" in roles:
        return "bold red"
    if "trigger" in roles:
        return "bold"
    if "data" in roles:
        return "cyan"
    if "recipient" in roles or "place" in roles:
        return "yellow"
    if "purpose" in roles:
        return "magenta"
    return "underline" if roles else ""
