"""Reads sentences, and documents sentence by sentence, into statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg import iris
from kg.grounding import Grounder, Grounding, grounder
from kg.model import (
    BlockKind,
    Definition,
    Document,
    Evidence,
    Mention,
    Reading,
    Sentence,
    Span,
    Statement,
)
from kg.sentences import split
from kg.statements.assemble import Assembler, Place
from kg.statements.lexicon import Lexicon, lexicon
from kg.statements.parse import Parse, parse, parse_many
from kg.statements.parties import Context
from kg.statements.tables import read_tables

_WORD = re.compile(r"[a-z’']+")
_CHILD_HEADING = re.compile(r"\b(?:child|children|minors?|kids|coppa)\b", re.IGNORECASE)
#: A list item that stands on its own: it has a subject and a verb of its own.
_OWN_CLAUSE = re.compile(
    r"(?:^|[.:;,–—-]\s+)(?:we|you|they|it|our [\w ]{2,30}|third part(?:y|ies)|"
    r"these|those|this|some|such|your [\w ]{2,30})\s"
    r"(?:\w+ly\s|also\s|then\s|only\s|never\s|not\s|[\w ]{0,25}?)"
    r"(?:may|might|will|can|cannot|do|does|use|uses|collect|collects|share|shares|are|is|have|has|receive|receives|"
    r"process|processes|store|stores|need|must|help|helps|include|includes|offer|offers|keep|retain|allow|allows|"
    r"provide|provides|disclose|work|sell|send|ask|require)\b",
    re.IGNORECASE,
)
#: A lead-in about what the user may ask for introduces rights, no practices.
_RIGHTS = re.compile(
    r"\b(?:you (?:may|can|have|are entitled|also have)\b.*"
    r"\b(?:request|ask|rights?|opt|object|entitled)|(?:your|following|these) rights|right to)\b",
    re.IGNORECASE,
)
#: A lead-in that its items go on without a colon.
_ENDS_OPEN = re.compile(
    r"\b(?:to|with|for|by|in|from|as|when|if|and|or|including|following|are|is|include|includes|"
    r"the|your|of|on|about|except|unless)$",
    re.IGNORECASE,
)
#: A lead-in whose items are exceptions from what it denies.
_EXCEPTION = re.compile(
    r"\b(?:except|unless|other than|with the exception of|save|"
    r"except (?:as follows|in the following \w+)|exceptions?)"
    r"(?:\s+(?:that|when|if|in|for|to|with|as|where|the following|these))*\W*$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"\b(?:they|them|their|it|these|those|such)\b", re.IGNORECASE)


def may_state(text: str, lex: Lexicon) -> bool:
    """A cheap look: whether any word could open a frame. Others need no parse."""
    words = set(_WORD.findall(text.lower()))
    return not words.isdisjoint(lex.verbs.keys()) or not words.isdisjoint(
        lex.sets["constructions.triggers"]
    )


def extract(
    sentence: Sentence,
    lex: Lexicon | None = None,
    *,
    context: Context | None = None,
    document: str = "",
    source: str | None = None,
) -> tuple[Statement, ...]:
    """The statements of one sentence, in the order of their triggers.

    Args:
        sentence: with its lead-in, if it has one.
        lex: the lexicon; the shipped one without it.
        context: who "we" is and what pronouns stand for; nobody and nothing without it.
        document: name for the evidence.
        source: the document's text, when the sentence's offsets are into one.

    >>> from kg import extract
    >>> from kg.model import Sentence
    >>> text = "We do not sell your e-mail address to advertisers."
    >>> [s] = extract(Sentence(text, 0, len(text)))
    >>> s.action.value, s.polarity.value, s.data[0].label, s.recipients[0].text
    ('sell', 'negated', 'email address', 'advertisers')
    """
    lex = lex or lexicon()
    context = context or Context()
    texts = _Text.of(sentence, source)
    if not may_state(texts.text, lex):
        return ()
    return _assembler(
        sentence,
        texts,
        parse(texts.text, context.names),
        lex,
        grounder(context.base),
        context,
        document,
    ).statements()


class _Text:
    """What is parsed for a sentence: itself, or its lead-in and itself."""

    __slots__ = ("item", "place", "source", "text")

    def __init__(self, text: str, place: Place, source: str, item: bool) -> None:
        self.text, self.place, self.source, self.item = text, place, source, item

    @classmethod
    def of(cls, sentence: Sentence, source: str | None) -> _Text:
        own, lead_in = sentence.text, sentence.lead_in
        if source is None:
            source = " " * sentence.start + own
            if lead_in is not None:
                buffer = list(source.ljust(lead_in.end))
                buffer[lead_in.start : lead_in.end] = lead_in.text
                source = "".join(buffer)
        if lead_in is None or not _introduces(lead_in.text) or _OWN_CLAUSE.search(own):
            return cls(
                own,
                Place(((0, len(own), sentence.start),)),
                source,
                sentence.kind is BlockKind.ITEM,
            )
        lead = lead_in.text.rstrip()
        exception = _EXCEPTION.search(lead)
        bare = (lead[: exception.start()] if exception else lead).rstrip(":;,—–- ")
        apart = lead.endswith(":") and not exception and not _continues(bare, own)
        glue = ": " if apart else " "
        text = bare + glue + own
        cut = len(bare) + len(glue)
        place = Place(((0, len(bare), lead_in.start), (cut, len(text), sentence.start)), cut)
        return cls(text, place, source, True)


def _introduces(lead: str) -> bool:
    """Whether a lead-in is the beginning of a sentence that its items end, and states something."""
    return not lead.rstrip().endswith((".", "?", "!")) and may_state(lead, lexicon())


def _continues(lead: str, item: str) -> bool:
    """Whether lead-in and item are one sentence without a colon: "We share it with" + "vendors"."""
    last = lead.rsplit(None, 1)[-1].lower() if lead else ""
    return bool(_ENDS_OPEN.search(lead)) or item[:1].islower() or last in lexicon().verbs


def _assembler(
    sentence: Sentence,
    texts: _Text,
    parsed: Parse,
    lex: Lexicon,
    ground: Grounder,
    context: Context,
    document: str,
    line: int | None = None,
) -> Assembler:
    lead: tuple[Span, ...] = ()
    if sentence.lead_in is not None and len(texts.place.pieces) > 1:
        lead = (sentence.lead_in,)
    evidence = Evidence(
        document, sentence.text, sentence.start, sentence.end, sentence.headings, lead, line
    )
    excepted = any(_EXCEPTION.search(span.text) for span in lead)
    return Assembler(
        parsed, lex, ground, context, texts.place, evidence, texts.source, texts.item, excepted
    )


def read_statements(
    document: Document, *, base: str = iris.BASE, line: int | None = None
) -> Reading:
    """Everything a document states, in the order of its text.

    Args:
        document: as :func:`kg.documents.read` gives it.
        base: where instance IRIs begin.
        line: number of the line, when the document is one line of a file.
    """
    lex, ground = lexicon(), grounder(base)
    if line is not None:
        sentences: Sequence[Sentence] = (
            (Sentence(document.text, 0, len(document.text)),) if document.text.strip() else ()
        )
    else:
        sentences = split(document)
    names = tuple(dict.fromkeys(n for n in (document.publisher, *document.names) if n))
    context = Context(publisher=document.publisher, names=names, base=base)
    leading = {s.lead_in.start for s in sentences if s.lead_in is not None}
    texts = [_Text.of(s, document.text) for s in sentences]
    wanted = [i for i, t in enumerate(texts) if may_state(t.text, lex)]
    parses = dict(zip(wanted, parse_many((texts[i].text for i in wanted), names), strict=True))
    statements: list[Statement] = []
    definitions: list[Definition] = []
    block = -1
    headings: tuple[str, ...] = ()
    for i, sentence in enumerate(sentences):
        if sentence.block > block + 1 or sentence.headings != headings:
            context = Context(publisher=document.publisher, names=names, base=base)
        block, headings = sentence.block, sentence.headings
        if i not in parses or (
            sentence.lead_in is not None and _RIGHTS.search(sentence.lead_in.text)
        ):
            continue
        child = any(_CHILD_HEADING.search(h) for h in sentence.headings[-1:])
        here = Context(
            *(document.publisher, names, context.data, context.parties, child, base),
            _section(sentence.headings, ground),
        )
        assembler = _assembler(
            sentence, texts[i], parses[i], lex, ground, here, document.name, line
        )
        found = assembler.statements()
        if sentence.lead_in is not None and len(texts[i].place.pieces) > 1:
            found = tuple(s for s in found if _touches(s, sentence))
        elif sentence.start in leading:
            found = tuple(s for s in found if s.data)
        statements.extend(found)
        definitions.extend(assembler.definitions())
        named = [m for s in found for m in s.recipients if m.iri]
        if i + 1 < len(sentences) and _POINTS_BACK.search(sentences[i + 1].text):
            named += assembler.named()
        context = here.with_antecedents(_antecedents(found), tuple(named))
    read = [s.evidence.start for s in statements]
    for statement in read_tables(document, ground, Context(document.publisher, names, base=base)):
        if not any(statement.evidence.start <= at < statement.evidence.end for at in read):
            statements.append(statement)
    statements.sort(key=lambda s: (s.evidence.start, s.evidence.end))
    return Reading(
        document,
        tuple(_unique(_without_led(statements, leading))),
        tuple(definitions),
        len(sentences),
    )


def _section(headings: Sequence[str], ground: Grounder) -> Grounding | None:
    """What data the innermost heading that tells speaks of."""
    return next(filter(None, map(ground.section, reversed(headings))), None)


def _without_led(statements: Sequence[Statement], leading: set[int]) -> list[Statement]:
    """Without what a lead-in says on its own, where its items say the same and more."""
    by_items = {
        (s.trigger.start, s.polarity)
        for s in statements
        if s.evidence.context and s.evidence.context[0].start in leading
    }
    return [
        s
        for s in statements
        if s.evidence.start not in leading
        or s.evidence.context
        or (s.trigger.start, s.polarity) not in by_items
    ]


def _touches(statement: Statement, sentence: Sentence) -> bool:
    """Whether a statement of lead-in and item has words in the item."""

    def inside(m: Mention) -> bool:
        return sentence.start <= m.start < sentence.end and m.end > m.start

    return inside(statement.trigger) or any(inside(m) for _, m in statement.mentions())


def _antecedents(found: Sequence[Statement]) -> tuple[Mention, ...]:
    """The data that "this information" in the next sentence stands for."""
    for statement in found:
        if statement.data and statement.data[0].iri:
            seen: dict[str, Mention] = {}
            for mention in statement.data:
                if mention.iri:
                    seen.setdefault(mention.iri, mention)
            return tuple(seen.values())[:12]
    return ()


def _unique(statements: Sequence[Statement]) -> Iterator[Statement]:
    seen = set()
    for statement in statements:
        key = (
            statement.trigger.start,
            statement.evidence.start,
            statement.action,
            statement.polarity,
            statement.data,
            statement.recipients,
        )
        if key not in seen:
            seen.add(key)
            yield statement
