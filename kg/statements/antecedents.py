"""What was named before: data, parties and purposes that later words of a section point back to.

"This information", "they", "such third parties" and "these purposes" keep their own place in the
sentence and get the concept of what they stand for; the sentence that names it becomes context of
the evidence. They are resolved only when the text leaves no choice: inside the sentence, to the
sentence or list just before, or to the heading above. Otherwise the words stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from kg import iris
from kg.grounding import Grounder, Grounding, Scheme
from kg.model import (
    Action,
    Block,
    BlockKind,
    Document,
    Mention,
    Polarity,
    Sentence,
    Span,
    Statement,
)
from kg.statements.assemble import Assembler
from kg.statements.frames import SHARING
from kg.statements.lexicon import Lexicon
from kg.statements.parties import USER_IRI, datum, is_publisher, is_user, party
from kg.statements.phrases import is_data, is_data_head, is_party, is_users, noun_range

GENERAL = f"{iris.PF}PersonalData"
_GENERAL = frozenset({GENERAL, f"{iris.PF}Data"})
_ANY_PURPOSE = f"{iris.PF}Purpose"
#: How many sentences (a list counts as one) a pronoun and a noun may reach back, a noun for one
#: that is named alike ("those providers"), and one that says "above".
_REACH_PRONOUN, _REACH_NOUN, _REACH_ALIKE, _REACH_ABOVE = 1, 2, 4, 12
#: So many things are one antecedent at most; more are a catalogue that nobody points back to.
_MOST = 24
_LONGEST_TITLE = 90
_NOMINAL = frozenset(
    {"nsubj", "nsubjpass", "dobj", "pobj", "conj", "attr", "appos", "dative", "ROOT"}
)
_CENTRAL = frozenset({"nsubj", "nsubjpass", "dobj"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PARTY_ROLES = ("recipients", "sources")
_DEFINED = re.compile(
    r"[“\"]([A-Z][^”\"\n]{2,40})[”\"]\)?,?\s+(?:shall\s+)?"
    r"(?:means?|includes?|refers?\s+to|is\s+defined|consists?\s+of)\b"
    r"|\((?:[^()“\"]{0,30}\s)?[“\"]([A-Z][^”\"\n]{2,40})[”\"][^()]{0,20}\)"
    r"|\b(?:call|refer)\b[^.“\"\n]{0,80}[“\"]([A-Z][^”\"\n]{2,40})[”\"]"
    r"|^((?:[A-Z]\w+ ){1,3}[A-Z]\w+) (?:shall )?means?\b",
    re.MULTILINE,
)
_PRONOUN = re.compile(r"\b(?:it|them|they|this|that|these|those)\b", re.IGNORECASE)
_AFTER_NOUN = re.compile(
    r"(?<=\w)\s+(?:of|about|for|from|in|on|to|with|that|which|who|whose|you|we|such|including)\b",
    re.IGNORECASE,
)
_HEADING_NUMBER = re.compile(r"^[\W\d]*(?:[a-zA-Z][.)]\s+)?")
_HEADING_LEAD = re.compile(
    r"^(?:(?:use|usage|collection|processing|sharing|disclosure|storage) of|about|our|your|the)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Words that point back: a pronoun, or a noun with "this" or "such" before it.

    Attributes:
        start: of the pointing word, in the document.
        head: start of the noun; of a pronoun its own.
        end: exclusive.
        word: the pronoun, or the word before the noun; lower-case.
        noun: lower-case, empty for a pronoun.
        near: a pronoun for which a noun of its own sentence may stand, whatever it names.
    """

    start: int
    head: int
    end: int
    word: str
    noun: str
    plural: bool
    near: bool = False

    @property
    def is_above(self) -> bool:
        """Whether it may point at anything above in its section."""
        return self.word not in _NEAR


_NEAR = frozenset({"this", "that", "these", "those", "such", "it", "they", "them", "both"})


@dataclass(frozen=True, slots=True)
class Named:
    """Something named, and the places that say so.

    Attributes:
        plural: several, or one that is spoken of as many.
        mass: named by a word like "information", for which "it" may stand.
        subject: of its sentence.
        played: the statement in which it plays a role, by number; ``None`` if in none.
        kind: "data", "party", "user", "publisher", "tool" (the publisher's) or "purpose".
    """

    mention: Mention
    places: tuple[Span, ...]
    kind: str
    plural: bool = False
    subject: bool = False
    played: int | None = None
    mass: bool = False

    @property
    def key(self) -> str:
        """By which two of them are the same."""
        return self.mention.iri or self.mention.text.lower()


@dataclass(slots=True)
class Group:
    """What one sentence names, or all items of a list with the sentence that introduces it.

    Attributes:
        said: what its statements name, or all when there is nothing to read.
        read: gives what its words name; asked only when something points back to them.
        lead: the lead-in of the sentence.
        without: starts of words that stand for something else.
        heading: of a heading, which its whole section may point back to.
        first: number of the first group of its list.
    """

    said: list[Named] = field(default_factory=list)
    read: Callable[[], Iterable[Named]] | None = None
    lead: Span | None = None
    block: int = -1
    without: set[int] = field(default_factory=set)
    heading: bool = False
    first: int = 0

    def add(self, said: Iterable[Named], without: set[int]) -> None:
        """What one more statement names, and which words only point back."""
        self.said += said
        self.without |= without

    @property
    def named(self) -> list[Named]:
        """All that is named, in the order of the text but for statements, which come last."""
        if self.read is not None:
            self.said[:0] = self.read()
            self.read = None
        return [n for n in self.said if n.played is not None or n.mention.start not in self.without]

    def of(self, *kinds: str) -> list[Named]:
        """Those of some kinds, each once, in the order of the text."""
        found: dict[str, Named] = {}
        for one in self.named:
            if one.kind in kinds:
                known = found.get(one.key, one)
                found[one.key] = replace(
                    known if one.played is None else one,
                    plural=one.plural or known.plural,
                    subject=one.subject or known.subject,
                )
        return list(found.values())


@dataclass(slots=True)
class Antecedents:
    """What a document has named so far, forgotten at the next heading; its terms are kept."""

    document: Document
    grounder: Grounder
    lex: Lexicon
    sentences: Sequence[Sentence]
    groups: list[Group] = field(default_factory=list)
    lists: dict[tuple[int, int], Group] = field(default_factory=dict)
    without: dict[str, int] = field(default_factory=dict)
    headings: tuple[int, ...] | None = None
    row: int | None = None
    terms: dict[str, Span] = field(default_factory=dict)
    general: str | None = field(init=False)

    def __post_init__(self) -> None:
        """Finds the terms that the document defines."""
        known = self.grounder.known("personal data", Scheme.DATA)
        self.general = known.label if known else None
        starts = [s.start for s in self.sentences]
        for match in _DEFINED.finditer(self.document.text):
            term = next(filter(None, match.groups())).strip(" ,.")
            at = bisect_right(starts, match.start()) - 1
            if at >= 0 and match.start() < self.sentences[at].end:
                self.terms.setdefault(term, _place(self.sentences[at]))

    def enter(self, sentence: Sentence) -> None:
        """Turns to the next sentence.

        Under another heading nothing was named but by it, and in another row of a table nothing
        but by its first cell.
        """
        if not self.document.blocks:
            return
        block = self.document.blocks[sentence.block]
        if block.headings != self.headings:
            topic = self.document.blocks[block.headings[-1]] if block.headings else None
        elif block.row != self.row:
            topic = None if block.row is None else block
        else:
            return
        self.headings, self.row = block.headings, block.row
        self._forget()
        if topic:
            self.groups.append(Group(list(self._named_by(topic)), heading=True))

    def names_data(self, sentence: Sentence) -> bool:
        """Whether a pronoun of a sentence may stand for data of the sentences before."""
        return bool(_PRONOUN.search(sentence.text)) and any(
            g.of("data") for g in self.groups[-_REACH_NOUN:]
        )

    def skip(self, sentence: Sentence) -> None:
        """Passes a sentence that is not read."""
        if _is_title(sentence):
            self._forget()
        self._remember(Group(lead=sentence.lead_in, block=sentence.block))

    def _forget(self) -> None:
        self.groups.clear()
        self.lists.clear()
        self.without.clear()

    def _remember(self, group: Group) -> None:
        last = self.groups[-1] if self.groups else None
        goes_on = last is not None and group.lead is not None and last.lead == group.lead
        group.first = last.first if last is not None and goes_on else len(self.groups)
        self.groups.append(group)

    def resolve(
        self, found: tuple[Statement, ...], a: Assembler, sentence: Sentence
    ) -> tuple[Statement, ...]:
        """The statements of a sentence with what their words point back to; remembers them."""
        pointers = _pointers(a)
        own = Group(read=partial(_named, a, sentence), lead=sentence.lead_in, block=sentence.block)
        resolved: list[Statement] = []
        for number, statement in enumerate(found):
            said = _Said(self, statement, pointers, sentence, own, number)
            resolved.append(said.resolved())
            own.add(said.names(), {at for _, at in said.found})
        if not found and not pointers and _is_title(sentence):
            self._forget()
        self._remember(own)
        return tuple(resolved)

    def before(self, sentence: Sentence) -> Iterator[tuple[range, Group]]:
        """What was named before a sentence, the nearest first, each with its places in the list."""
        at = len(self.groups) - 1
        while at >= 0:
            group = self.groups[at]
            if group.lead is None or group.block == sentence.block:
                yield range(at, at + 1), group
                at -= 1
            elif group.lead == sentence.lead_in:
                at = group.first - 1  # other items of its own list
            else:
                low = max(0, group.first - 1)
                yield range(low, at + 1), self._list(group.first, at)
                at = low - 1 if group.first else -1

    def _list(self, first: int, last: int) -> Group:
        """What the items of a list name together, else what introduces it."""
        found = self.lists.get((first, last))
        if found is None:
            items = self.groups[first : last + 1]
            named = [
                n
                for g in items
                for n in g.said
                if n.played is not None and not (g.lead and _is_within(n.mention, g.lead))
            ]
            introducing = self.groups[first - 1].named if first else []
            found = self.lists[first, last] = Group(named or introducing)
        return found

    def _named_by(self, block: Block) -> Iterator[Named]:
        """What a heading or the first cell of a row names."""
        text = self.document.text_of(block)
        start = block.start + len(_HEADING_NUMBER.match(text).group())  # type: ignore[union-attr]
        while lead := _HEADING_LEAD.match(self.document.text[start : block.end]):
            start += lead.end()
        words = self.document.text[start : block.end].rstrip(" .:")
        place = (Span(text, block.start, block.end),)
        plural = words.lower().endswith("s")
        for kind, known in (
            ("data", self._data_of_heading(words)),
            ("party", self.grounder.company(words) or self.grounder.known(words, Scheme.RECIPIENT)),
        ):
            if known is not None:
                mention = Mention(words, start, start + len(words), known.iri, known.label)
                yield Named(mention, place, kind, plural)

    def _data_of_heading(self, words: str) -> Grounding | None:
        """The data that a heading names; "Contact" and "Payments" are about other things too."""
        last = words.lower().split()[-1:]
        if any(self.lex.has(name, w) for name in ("data.general", "data.cookies") for w in last):
            return self.grounder.known(words, Scheme.DATA)
        return self.grounder.known(words, Scheme.DATA) if len(words.split()) > 1 else None


@dataclass(slots=True)
class _Said:
    """One statement and what its words point back to."""

    memory: Antecedents
    statement: Statement
    pointers: Sequence[Pointer]
    sentence: Sentence
    own: Group
    number: int
    places: list[Span] = field(default_factory=list)
    found: dict[tuple[str, int], list[Named]] = field(default_factory=dict)

    def resolved(self) -> Statement:
        """The statement with what it points back to, and where that is said."""
        s = self.statement
        actor = s.actor
        if actor is not None and actor.text:
            several = self._role("party", (actor,), self._party_of_actor)
            actor = several[0]
        changed = replace(
            s,
            actor=actor,
            data=self._role("data", s.data, self._data),
            purposes=self._role("purpose", s.purposes, self._purpose),
            recipients=self._role("party", s.recipients, self._party),
            sources=self._role("party", s.sources, self._party),
        )
        for mention in (changed.actor, *(m for _, m in changed.mentions())):
            if mention is not None:
                self._defined(mention)
        spans = dict.fromkeys((*s.evidence.context, *self.places))
        own = s.evidence.start, s.evidence.end
        context = tuple(c for c in spans if (c.start, c.end) != own)
        return replace(changed, evidence=replace(s.evidence, context=context))

    def names(self) -> Iterator[Named]:
        """What the statement names for the sentences after it."""
        s, here = self.statement, (_place(self.sentence),)
        acting = (s.actor,) if s.actor else ()
        number = self.number if s.polarity is Polarity.AFFIRMED else None
        # "We use it to provide users with statistics": the statistics are not spoken of.
        follows = self.number > 0 and s.action in SHARING | {Action.USE}
        for kind, mentions in (
            ("data", s.data),
            ("purpose", s.purposes),
            ("party", (*acting, *s.recipients, *s.sources)),
        ):
            for mention in mentions:
                pointed = self.found.get((kind, mention.start))
                mass = kind == "data" and _is_mass(mention, self.memory.lex)
                if pointed:
                    yield from (replace(n, played=number, mass=mass) for n in pointed)
                elif self._pointer(mention) is None and self._is_other(mention, kind):
                    many = _is_many(mention) or (kind != "party" and len(mentions) > 1)
                    part = None if kind == "data" and follows else number
                    yield Named(mention, here, kind, many, mention is s.actor, part, mass)

    def _is_other(self, mention: Mention, kind: str) -> bool:
        """Whether a mention is known, and neither the publisher nor the user."""
        return (
            bool(mention.text.strip())
            and not self.memory.lex.has("antecedents.no_names", mention.text.lower().split()[0])
            and mention.iri not in {None, USER_IRI, f"{iris.PF}Child"}
            and not (kind == "party" and mention.label == self.memory.document.publisher)
            and not (kind == "data" and self._is_program(mention))
        )

    def _is_program(self, mention: Mention) -> bool:
        """ "We use Google Analytics to collect it": what is used is no data."""
        return self.memory.grounder.company(mention.text) is not None or (
            self.statement.action is Action.USE
            and self.memory.lex.has("antecedents.programs", _head(mention.text.lower()))
        )

    def _role(
        self,
        kind: str,
        mentions: tuple[Mention, ...],
        find: Callable[[Pointer, Mention], list[Named]],
    ) -> tuple[Mention, ...]:
        result: dict[tuple[int, int, str | None], Mention] = {}
        for mention in mentions:
            pointer = self._pointer(mention)
            named = find(pointer, mention)[:_MOST] if pointer is not None else []
            stands = [mention]
            if named:
                self.found[kind, mention.start] = named
                stands = [_standing_for(n, mention, pointer) for n in named]
                for one in named:
                    self.places += one.places
            elif kind == "data" and pointer is not None and mention.iri is None:
                stands = [replace(mention, iri=GENERAL, label=self.memory.general)]
            for m in stands:
                result.setdefault((m.start, m.end, m.iri), m)
        return tuple(result.values())

    def _pointer(self, mention: Mention) -> Pointer | None:
        return next(
            (p for p in self.pointers if p.start <= mention.start <= p.head < mention.end), None
        )

    def _groups(self, pointer: Pointer, reach: int, kind: str = "") -> Iterator[Group]:
        """The sentence up to the pointer, then what stands before it, the heading last.

        Args:
            kind: what must not have been named between the heading and what is in reach.
        """
        yield Group([n for n in self.own.named if n.mention.end <= pointer.start])
        if pointer.near:
            return
        memory, looked_at = self.memory, range(0)
        for distance, (at, group) in enumerate(memory.before(self.sentence), 1):
            if distance <= (_REACH_ABOVE if pointer.is_above else reach) or group.heading:
                yield group
            elif not pointer.noun:
                return
            elif at.stop <= memory.without.get(kind, 0):
                # Looked at before: nothing is left but the heading.
                yield from (one for one in memory.groups[:1] if one.heading)
                break
            elif kind and group.of(kind):
                return
            elif at.stop == looked_at.start:
                looked_at = range(at.start, looked_at.stop)
            else:
                looked_at = at
        memory.without[kind] = max(memory.without.get(kind, 0), looked_at.stop)

    # ---- data and purposes --------------------------------------------------------------

    def _data(self, pointer: Pointer, mention: Mention) -> list[Named]:
        lex = self.memory.lex
        if pointer.noun and not lex.has("data.general", pointer.noun):
            return self._alike(pointer, mention, "data")
        if pointer.noun and mention.iri not in _GENERAL and _own_words(mention, pointer.noun, lex):
            return []  # "this location information" says itself what it is
        reach = _REACH_NOUN if pointer.noun else _REACH_PRONOUN
        for group in self._groups(pointer, reach, "data"):
            played = [n for n in group.of("data") if n.played is not None]
            named = played or group.of("data")
            if not named:
                continue
            if pointer.noun:
                return [n for n in named if not _is_tool(n, lex)]
            if pointer.word in {"these", "those"}:  # more often things that are no data
                named = [n for n in named if n.subject or _is_tool(n, lex)]
            return named if named and _agree(pointer, named) else []
        return []

    def _purpose(self, pointer: Pointer, _: Mention) -> list[Named]:
        if not self.memory.lex.has("antecedents.purposes", pointer.noun):
            return []
        for group in self._groups(pointer, 1):
            named = [
                n
                for n in group.of("purpose")
                if n.mention.iri != _ANY_PURPOSE
                and not self.memory.lex.has("antecedents.purposes", _head(n.mention.text).lower())
            ]
            if named:
                return named if pointer.plural or len(named) == 1 else []
        return []

    # ---- parties --------------------------------------------------------------------------

    def _party_of_actor(self, pointer: Pointer, mention: Mention) -> list[Named]:
        named = self._parties(pointer, mention)
        if len(named) > 1 and not pointer.noun:
            named = [n for n in named if n.subject]
        return named if len(named) == 1 else []

    def _party(self, pointer: Pointer, mention: Mention) -> list[Named]:
        named = self._parties(pointer, mention)
        # Several are one antecedent when one statement has them together.
        together = {n.played for n in named}
        return named if len(named) == 1 or (len(together) == 1 and None not in together) else []

    def _parties(self, pointer: Pointer, mention: Mention) -> list[Named]:
        lex = self.memory.lex
        if pointer.noun:
            of_any_kind = lex.has("antecedents.parties", pointer.noun)
            if not of_any_kind or _own_words(mention, pointer.noun, lex):
                return self._alike(pointer, mention, "party")
        elif pointer.word in {"this", "that"}:
            return []
        kinds = ["party"] if pointer.noun else ["party", "user", "tool", "publisher"]
        reach = _REACH_NOUN if pointer.noun else _REACH_PRONOUN
        for group in self._groups(pointer, reach, "party"):
            named = group.of(*kinds)
            kinds = [kind for kind in kinds if kind != "publisher"]  # only in the same sentence
            if pointer.plural:
                many = [n for n in named if n.plural]
                companies = [n for n in named if self._is_company(n)]
                named = many or (companies if len(companies) > 1 or not pointer.noun else [])
            else:
                named = [n for n in named if not n.plural and n.kind != "user"]
            alike = [n for n in named if _stem(_head(n.mention.text)) == _stem(pointer.noun)]
            named = alike or [n for n in named if n.played is not None] or named
            if named and not pointer.noun and any(_is_tool(n, lex) for n in group.of("data")):
                return [n for n in named if n.subject]  # "they" may be the cookies
            if named:
                return named
        return []

    def _is_company(self, named: Named) -> bool:
        """Whether a party has a name, so that "they" may stand for it alone."""
        return named.kind == "party" and (
            "/party/" in (named.mention.iri or "")
            or self.memory.grounder.company(named.mention.text) is not None
        )

    def _alike(self, pointer: Pointer, mention: Mention, kind: str) -> list[Named]:
        """ "Those providers": the nearest that end in the same noun and have its other words."""
        lex = self.memory.lex
        wanted = _own_words(mention, pointer.noun, lex)
        for group in self._groups(pointer, _REACH_ALIKE):
            named = [
                n
                for n in group.of(kind)
                if _stem(_head(n.mention.text)) == _stem(pointer.noun)
                and wanted <= {_stem(w) for w in n.mention.text.lower().split()}
            ]
            if named:
                return named
        return []

    def _defined(self, mention: Mention) -> None:
        place = self.memory.terms.get(mention.text) or self.memory.terms.get(
            mention.text.removesuffix("s")
        )
        if place is not None and place.end <= self.sentence.start:
            self.places.append(place)


def _standing_for(named: Named, words: Mention, pointer: Pointer | None) -> Mention:
    """Words with what they stand for; a pronoun says nothing, so the words it stands for."""
    m = named.mention
    if named.kind in {"data", "purpose"} and pointer is not None and not pointer.noun:
        return m
    return replace(words, iri=m.iri, label=m.label or m.text, broader=m.broader)


def _place(sentence: Sentence) -> Span:
    return Span(sentence.text, sentence.start, sentence.end)


def _is_title(sentence: Sentence) -> bool:
    """Whether a paragraph is a heading that the layout does not tell."""
    return (
        sentence.kind in {BlockKind.PARAGRAPH, BlockKind.TERM}
        and len(sentence.text) < _LONGEST_TITLE
        and not sentence.text.endswith((".", "!", "?", ";", ","))
    )


def _is_within(mention: Mention, span: Span) -> bool:
    return span.start <= mention.start < span.end


def _stem(word: str) -> str:
    word = word.lower().strip(".,;:()\"'“”")
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def _head(text: str) -> str:
    """The noun of a phrase: "users" of "users of our services"."""
    return _AFTER_NOUN.split(text, maxsplit=1)[0].split()[-1]


def _own_words(mention: Mention, noun: str, lex: Lexicon) -> set[str]:
    """What a phrase says besides its noun and that it is of third parties."""
    words = {_stem(w) for w in mention.text.lower().split() if w not in {"of", "the", "other"}}
    empty = lex.sets["antecedents.empty"] | lex.sets["antecedents.determiners"]
    return words - {_stem(noun)} - {_stem(w) for w in empty}


def _is_tool(named: Named, lex: Lexicon) -> bool:
    return lex.has("parties.tools", named.mention.text.lower().split()[-1])


def _is_many(mention: Mention) -> bool:
    last = mention.text.lower().split()[-1] if mention.text.split() else ""
    return last == "data" or (last.endswith("s") and not last.endswith(("ss", "us")))


def _is_mass(mention: Mention, lex: Lexicon) -> bool:
    return any(lex.has("data.general", w) for w in mention.text.lower().split())


def _agree(pointer: Pointer, named: Sequence[Named]) -> bool:
    """Whether a pronoun can stand for data: "it" for one or for "information", "them" for many."""
    if pointer.word in {"this", "that"} or pointer.is_above:
        return True
    if pointer.plural:
        return len(named) > 1 or named[0].plural
    return named[0].mass or (len(named) == 1 and not named[0].plural)


def _pointers(a: Assembler) -> list[Pointer]:
    """All words of a parse that may point back."""
    p, lex = a.p, a.lex
    found = []
    for i, word in enumerate(p.words):
        at, end = a.place.locate(p.starts[i], p.ends[i])
        if _is_pronoun(a, i):
            plural = lex.has("antecedents.plural", word)
            found.append(Pointer(at, at, end, word, "", plural, _has_rival(a, i, plural)))
            continue
        if not p.tags[i].startswith("NN"):
            continue
        for k in p.kids[i]:
            if (
                k < i
                and lex.has("antecedents.determiners", p.words[k])
                and p.deps[k] in {"det", "predet", "amod", "advmod", "nmod"}
                and not _is_restricted(a, i, p.words[k])
            ):
                start, _ = a.place.locate(p.starts[k], p.ends[k])
                found.append(
                    Pointer(start, at, end, p.words[k], word, p.tags[i] in {"NNS", "NNPS"})
                )
                break
    return found


def _is_pronoun(a: Assembler, i: int) -> bool:
    p = a.p
    return (
        a.lex.has("antecedents.pronouns", p.words[i])
        and p.tags[i] in {"PRP", "DT"}
        and p.deps[i] in _NOMINAL | {"pcomp", "dep"}
        and not _is_restricted(a, i, "those")
    )


def _has_rival(a: Assembler, i: int, plural: bool) -> bool:
    """ "When we publish our *surveys*, they …": a noun of another clause of the sentence."""
    p = a.p
    return p.words[i] not in {"this", "that"} and any(
        p.tags[k] in ({"NNS", "NNPS"} if plural else {"NN", "NNP"})
        and p.deps[k] in _CENTRAL
        and p.heads[k] != p.heads[i]
        for k in range(i)
    )


def _is_restricted(a: Assembler, i: int, word: str) -> bool:
    """ "those who ask", "such data as you give us": what follows says which."""
    p = a.p
    if word not in {"that", "those", "such"}:
        return False
    after = p.words[i + 1 : i + 2]
    return any(
        k > i and p.deps[k] in {"relcl", "acl"} and p.words[k - 1] != "," and after != (",",)
        for k in p.kids[i]
    ) or (word == "such" and after == ("as",))


def _named(a: Assembler, sentence: Sentence) -> Iterator[Named]:
    """Parties and data that the words of a sentence name, whether they play a role or not."""
    p, lex = a.p, a.lex
    here = (_place(sentence),)
    for i in range(len(p)):
        if not p.tags[i].startswith("NN") or p.deps[i] not in _NOMINAL | {"poss"}:
            continue
        first, last = noun_range(p, i, lex, clauses=False)
        common = p.tags[i] == "NNS" or lex.has("parties.third_heads", p.words[i])
        plural = p.tags[i] in {"NNS", "NNPS"} and common
        subject = p.deps[i] in _SUBJECTS
        kind = _kind(a, i)
        if kind != "party":
            if p.deps[i] == "poss":
                continue
        elif p.words[i + 1 : i + 2] == (":",) and not lex.has("parties.third_heads", p.words[i]):
            kind = ""  # "Business Transfers: we share …"
        if kind:
            m = party(p, i, lex, a.grounder, a.context, (first, last))
            yield Named(a.located(m), here, kind, plural, subject)
        if kind in {"", "publisher", "tool"} and is_data(p, i, lex, a.grounder, strict=True):
            m = datum(p, i, lex, a.grounder, a.context, (first, last))
            mass = lex.has("data.general", p.words[i])
            certain = mass or kind == "tool" or is_users(p, i, lex)
            if m.iri and certain and (m.broader is None or is_data_head(p, i, lex)):
                yield Named(a.located(m), here, "data", plural, subject, mass=mass)


def _kind(a: Assembler, i: int) -> str:
    """What sort of party a noun names; empty for none."""
    p, lex = a.p, a.lex
    if is_user(p, i, lex):
        return "user" if p.words[i] not in {"you", "yours"} else ""
    if is_publisher(p, i, lex):
        if lex.has("parties.tools", p.words[i]):
            return "tool"
        acts = p.deps[i] in _SUBJECTS and not is_data(p, i, lex, a.grounder, strict=True)
        return "publisher" if acts or i in p.names else ""
    inside = p.deps[i] == "pobj" and p.words[p.heads[i]] in {"at", "in"}
    return "party" if is_party(p, i, lex, a.grounder) and not inside else ""
