"""The values that pass between the rooms. Frozen, no I/O, no third-party types.

Offsets are half-open ranges of code points into ``Document.text``; ``document.text[s:e]`` is
the quoted text, always.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list; its lead-in is the block that introduces the list
    HEADER = "header"  # a column's or row's header cell of a table
    CELL = "cell"  # of a table
    TERM = "term"  # of a definition list, or of "X: ..." lists
    DEFINITION = "definition"  # its lead-in is its term
    NOISE = "noise"  # menus, banners, forms, country lists: kept for the offsets only


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text with one function in the layout.

    Attributes:
        start: of the block in the document's text.
        end: exclusive.
        level: of a heading (1 to 6) or of a list item (1 is the outermost list); otherwise 0.
        headings: indexes of the headings above the block, outermost first.
        lead_in: index of the block that introduces it (of an item: the paragraph or item before
            its list; of a cell: the paragraph before its table; of a definition: its term).
        header: of a cell, the index of its column's header.
        row: of a header or a cell, the number of its row in its table, from 0.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    headings: tuple[int, ...] = ()
    lead_in: int | None = None
    header: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One policy text with its layout and what is known about it.

    Attributes:
        name: path within the corpus, with "/", or the path as given.
        text: plain text: markup removed, words and their order untouched, blocks parted by
            blank lines.
        blocks: in the order of the text, not overlapping.
        publisher: the company that speaks ("inMusic"), ``None`` when the text does not tell.
        names: other names of the publisher and its brands in this text, longest first.
        title: of the policy, as in the text.
        url: where the policy was published; source_url: where this copy comes from (archive).
        effective: date from which it applies; updated: date of the last change; archived: date
            of the copy. ``None`` when unknown.
        recorded: when this version was taken, in UTC, if it is one of several that an archive
            keeps; then it is the date of the snapshot.
        series: what the versions of a policy have in common beside the publisher; ``None`` for
            the publisher's only policy.
        sha256: of the bytes that were read.
        language: ISO 639-1 code.
    """

    name: str
    text: str
    blocks: tuple[Block, ...] = ()
    publisher: str | None = None
    names: tuple[str, ...] = ()
    title: str | None = None
    url: str | None = None
    source_url: str | None = None
    effective: date | None = None
    updated: date | None = None
    archived: date | None = None
    recorded: datetime | None = None
    series: str | None = None
    sha256: str = ""
    language: str = "en"

    @property
    def date(self) -> date | None:
        """The date of the snapshot: when it was recorded, else the later of effective and updated.

        A text that has been in force since 2012 and was changed last year is last year's. One
        that does not tell is of the day on which it was archived.
        """
        if self.recorded:
            return self.recorded.date()
        stated = [day for day in (self.effective, self.updated) if day]
        return max(stated) if stated else self.archived

    def text_of(self, block: Block) -> str:
        """The text of one of the document's blocks."""
        return self.text[block.start : block.end]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a document and their place in its text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence (or a list item, or a table cell) with the context it needs to be read.

    Attributes:
        text: ``document.text[start:end]``.
        headings: texts of the headings above it, outermost first.
        lead_in: the sentence that introduces the list or table it stands in, if any.
        header: of a table cell, the text of its column header; of a definition, its term.
        block: index of its block in the document.
    """

    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    lead_in: Span | None = None
    header: Span | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    block: int = 0


class Action(StrEnum):
    """What happens to the data. Every statement has exactly one."""

    COLLECT = "collect"
    USE = "use"
    SHARE = "share"
    TRANSFER = "transfer"
    SELL = "sell"
    STORE = "store"
    RETAIN = "retain"
    DELETE = "delete"
    PROTECT = "protect"


class Polarity(StrEnum):
    """Whether a statement says that something is done, or that it is not."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"


class Modality(StrEnum):
    """How firmly: a plain assertion, a possibility, a duty of the user, a free choice."""

    ASSERTED = "asserted"
    MAY = "may"
    REQUIRED = "required"
    OPTIONAL = "optional"


class Support(StrEnum):
    """Who found a statement: the rules over the parse, the learned tagger, or both alike."""

    RULES = "rules"
    TAGGER = "tagger"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name something, and the concept or party they stand for.

    Attributes:
        iri: of a concept of the ontology, of a party, or of a concept of the policy itself.
        label: the resolved name: "inMusic" for "we", "email address" for "e-mail addresses".
        broader: IRI of the ontology's concept above, when ``iri`` is the policy's own concept.
    """

    text: str
    start: int
    end: int
    iri: str | None = None
    label: str | None = None
    broader: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement stands.

    Attributes:
        document: name of the document.
        text: the sentence, ``document.text[start:end]``.
        headings: texts of the headings above, outermost first.
        context: other places the reading rests on: a lead-in, an antecedent.
        line: 0-based number of the line, when every line was read as a document of its own.
    """

    document: str
    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    context: tuple[Span, ...] = ()
    line: int | None = None


#: Fields of a statement that hold several mentions, in the order of the records.
ROLES = (
    "data",
    "recipients",
    "sources",
    "purposes",
    "legal_bases",
    "locations",
    "retention",
    "conditions",
    "methods",
    "threats",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a policy says is done, or not done, with data.

    Attributes:
        trigger: the verb (or verbal noun) that states the action.
        negation: the negating words of a denial.
        actor: who acts; ``None`` when the text does not tell.
        data_subject: "child", or "user", or ``None`` for data about nobody in particular.
        confidence: probability that the sentence states this practice of this data, from 0 to 1;
            it says nothing of the other roles.
        support: who found it.
    """

    action: Action
    polarity: Polarity
    modality: Modality
    trigger: Mention
    evidence: Evidence
    negation: Mention | None = None
    actor: Mention | None = None
    data: tuple[Mention, ...] = ()
    recipients: tuple[Mention, ...] = ()
    sources: tuple[Mention, ...] = ()
    purposes: tuple[Mention, ...] = ()
    legal_bases: tuple[Mention, ...] = ()
    locations: tuple[Mention, ...] = ()
    retention: tuple[Mention, ...] = ()
    conditions: tuple[Mention, ...] = ()
    methods: tuple[Mention, ...] = ()
    threats: tuple[Mention, ...] = ()
    data_subject: str | None = None
    confidence: float = 1.0
    support: Support = Support.RULES

    def mentions(self) -> Iterator[tuple[str, Mention]]:
        """All mentions in list roles, each with the name of its role."""
        for role in ROLES:
            for mention in getattr(self, role):
                yield role, mention


@dataclass(frozen=True, slots=True)
class Definition:
    """A term that a policy explains itself: "Contact Data means your name and address".

    Attributes:
        term: the term, grounded (its ``iri`` is the policy's own or the ontology's concept).
        narrower: what the policy says it includes.
    """

    term: Mention
    narrower: tuple[Mention, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Right:
    """A right that a policy says the people it speaks to have, or what comes to one.

    Attributes:
        iri: of the right's concept in the ontology.
        label: of the concept.
        words: that name the right, within the sentence of the evidence.
    """

    iri: str
    label: str
    words: Mention
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read out of one document.

    Attributes:
        unsure: number of statements that were left out, as nobody should rely on them.
        rights: that the policy grants, in the order of its text.
    """

    document: Document
    statements: tuple[Statement, ...] = ()
    definitions: tuple[Definition, ...] = ()
    sentences: int = 0
    unsure: int = 0
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a query's answer.

    Cells are plain Python values: ``str`` (IRIs and texts), ``int``, ``float``, ``bool``,
    ``None`` for unbound.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | bool | None, ...], ...] = field(default=())
