"""Reads sentences, and documents sentence by sentence, into statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal

from kg import iris
from kg.grounding import Grounder, Grounding, Scheme, grounder
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
from kg.statements.antecedents import Antecedents
from kg.statements.assemble import Assembler, Judged, Place
from kg.statements.confidence import is_sure
from kg.statements.lexicon import Lexicon, lexicon
from kg.statements.look import Look, Looks
from kg.statements.parties import Context
from kg.statements.rights import read_rights
from kg.statements.tables import read_tables
from kg.tagger import Tagging, shipped

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
#: Beside these a noun may name an action that is denied.
_NEGATIVE = frozenset({"no", "not", "never", "don't", "don’t", "prohibited", "forbidden"})
#: A lead-in that denies what its items say, and names no action itself.
_DENIES = re.compile(
    r"(?:\b(?:not|never|cannot|refuse)|n['’]t)(?:\s+(?:allowed|permitted|authori[sz]ed|entitled|able))?"
    r"(?:\s+to)?\W*$|"
    r"\b(?:refrain|prohibited|barred|banned|forbidden)\s+(?:from|to)\W*$",
    re.IGNORECASE,
)
#: "We do not do any of the following:": the items say what.
_FOLLOWING = re.compile(
    r"(?<=not|ver)\s+(?:do|engage in)\s+(?:any of\s+)?the following(?: things)?\W*$", re.IGNORECASE
)
#: A sentence that begins so is about what the sentence before names, even if that states nothing.
_POINTS_BACK = re.compile(r"(?:[\w,]+ ){0,3}?(?:they|it|this|these|those|such)\b", re.IGNORECASE)


def may_state(text: str, lex: Lexicon) -> bool:
    """A cheap look: whether any word could open a frame. Others need no parse."""
    words = set(_WORD.findall(text.lower()))
    return (
        not words.isdisjoint(lex.verbs.keys())
        or not words.isdisjoint(lex.sets["constructions.triggers"])
        or (not words.isdisjoint(_NEGATIVE) and not words.isdisjoint(lex.nouns.keys()))
    )


def may_hold(text: str, lex: Lexicon, ground: Grounder) -> bool:
    """The same before the tagger looks, which finds more: also names of data and of purposes.

    Of PolicyIE's sentences with a practice and a marked word, 99.8 in 100 pass.
    """
    words = set(_WORD.findall(text.lower()))
    return may_state(text, lex) or not words.isdisjoint(_telling(ground))


@cache
def _telling(ground: Grounder) -> frozenset[str]:
    lex = lexicon()
    purposes = {
        word for name, _ in ground.phrases(Scheme.PURPOSE) for word in name.split() if len(word) > 3
    }
    common = lex.sets["phrases.common"]
    return frozenset(lex.sets["data.general"] | lex.sets["data.heads"] | purposes - common)


def extract(
    sentence: Sentence,
    lex: Lexicon | None = None,
    *,
    context: Context | None = None,
    document: str = "",
    source: str | None = None,
    tagger: Tagging | Literal["shipped"] | None = "shipped",
    least: float | None = None,
) -> tuple[Statement, ...]:
    """The statements of one sentence, in the order of their triggers.

    Args:
        sentence: with its lead-in, if it has one.
        lex: the lexicon; the shipped one without it.
        context: who "we" is; nobody without it.
        document: name for the evidence.
        source: the document's text, when the sentence's offsets are into one.
        tagger: finds what the rules miss; they stand alone with ``None``.
        least: confidence below which a statement is left out; ``None`` for the usual one.

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
    tagging = shipped() if tagger == "shipped" else tagger
    ground = grounder(context.base)
    assembler = _looked_at(sentence, texts, lex, context, document, tagging)
    if assembler is None:
        return ()
    found = tuple(s for s in assembler.statements() if is_sure(s, least))
    before = Antecedents(Document(document, texts.source), ground, lex, (sentence,))
    return before.resolve(found, assembler, sentence)


def judged(sentence: Sentence, tagging: Tagging) -> list[Judged]:
    """All statements of a sentence, sure or not, with the facts that their confidence rests on."""
    texts = _Text.of(sentence, None)
    assembler = _looked_at(sentence, texts, lexicon(), Context(), "", tagging)
    return [] if assembler is None else assembler.judged()


def _looked_at(
    sentence: Sentence,
    texts: _Text,
    lex: Lexicon,
    context: Context,
    document: str,
    tagging: Tagging | None,
) -> Assembler | None:
    """What reads a sentence on its own; ``None`` when it is not worth a parse."""
    ground = grounder(context.base)
    if not (may_hold(texts.text, lex, ground) if tagging else may_state(texts.text, lex)):
        return None
    [seen] = Looks().at([texts.text], context.names, tagging)
    return _assembler(sentence, texts, seen, lex, ground, context, document)


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
        lead = _FOLLOWING.sub("", lead_in.text).rstrip() if lead_in else ""
        if lead_in is None or not _introduces(lead) or _OWN_CLAUSE.search(own):
            return cls(
                own,
                Place(((0, len(own), sentence.start),)),
                source,
                sentence.kind is BlockKind.ITEM,
            )
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
    return not lead.rstrip().endswith((".", "?", "!")) and (
        may_state(lead, lexicon()) or _DENIES.search(lead) is not None
    )


def _continues(lead: str, item: str) -> bool:
    """Whether lead-in and item are one sentence without a colon: "We share it with" + "vendors"."""
    last = lead.rsplit(None, 1)[-1].lower() if lead else ""
    return bool(_ENDS_OPEN.search(lead)) or item[:1].islower() or last in lexicon().verbs


def _assembler(
    sentence: Sentence,
    texts: _Text,
    seen: Look,
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
        seen.parse,
        lex,
        ground,
        context,
        texts.place,
        evidence,
        texts.source,
        texts.item,
        excepted,
        seen.tags,
        seen.frames,
    )


def read_statements(
    document: Document,
    *,
    base: str = iris.BASE,
    line: int | None = None,
    tagger: Tagging | Literal["shipped"] | None = "shipped",
    least: float | None = None,
    looks: Looks | None = None,
) -> Reading:
    """Everything a document states, in the order of its text.

    Args:
        document: as :func:`kg.documents.read` gives it.
        base: where instance IRIs begin.
        line: number of the line, when the document is one line of a file.
        tagger: finds what the rules miss; they stand alone with ``None``.
        least: confidence below which a statement is left out; ``None`` for the usual one.
        looks: at sentences seen before; they make no difference to the reading.
    """
    tagging = shipped() if tagger == "shipped" else tagger
    lex, ground = lexicon(), grounder(base)
    if line is not None:
        sentences: Sequence[Sentence] = (
            (Sentence(document.text, 0, len(document.text)),) if document.text.strip() else ()
        )
    else:
        sentences = split(document)
    names = tuple(dict.fromkeys(n for n in (document.publisher, *document.names) if n))
    leading = {s.lead_in.start for s in sentences if s.lead_in is not None}
    texts = [_Text.of(s, document.text) for s in sentences]
    following = [_POINTS_BACK.match(s.text) for s in sentences[1:]]
    wanted = [
        i
        for i, t in enumerate(texts)
        if (may_hold(t.text, lex, ground) if tagging else may_state(t.text, lex))
        or any(following[i : i + 1])
    ]
    looked = (looks or Looks()).at([texts[i].text for i in wanted], names, tagging)
    seen = dict(zip(wanted, looked, strict=True))
    statements: list[Statement] = []
    definitions: list[Definition] = []
    before = Antecedents(document, ground, lex, sentences)
    unsure = 0
    for i, sentence in enumerate(sentences):
        before.enter(sentence)
        if i not in seen or (
            sentence.lead_in is not None and _RIGHTS.search(sentence.lead_in.text)
        ):
            before.skip(sentence)
            continue
        child = any(_CHILD_HEADING.search(h) for h in sentence.headings[-1:])
        here = Context(
            *(document.publisher, names, before.names_data(sentence), child, base),
            _section(sentence.headings, ground),
        )
        assembler = _assembler(sentence, texts[i], seen[i], lex, ground, here, document.name, line)
        read = assembler.statements()
        found = tuple(s for s in read if is_sure(s, least))
        unsure += len(read) - len(found)
        if sentence.lead_in is not None and len(texts[i].place.pieces) > 1:
            found = tuple(s for s in found if _touches(s, sentence))
        elif sentence.start in leading:
            found = tuple(s for s in found if s.data)
        statements.extend(before.resolve(found, assembler, sentence))
        definitions.extend(assembler.definitions())
    starts = [s.evidence.start for s in statements]
    for statement in read_tables(document, ground, Context(document.publisher, names, base=base)):
        if is_sure(statement, least) and not any(
            statement.evidence.start <= at < statement.evidence.end for at in starts
        ):
            statements.append(statement)
    statements.sort(key=lambda s: (s.evidence.start, s.evidence.end))
    return Reading(
        document,
        tuple(_unique(_without_led(statements, leading))),
        tuple(definitions),
        len(sentences),
        unsure,
        read_rights(document, sentences),
    )


@lru_cache(maxsize=4_000)
def _section(headings: tuple[str, ...], ground: Grounder) -> Grounding | None:
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
        or any(span.start in leading for span in s.evidence.context)
        or (s.trigger.start, s.polarity) not in by_items
    ]


def _touches(statement: Statement, sentence: Sentence) -> bool:
    """Whether a statement of lead-in and item has words in the item."""

    def inside(m: Mention) -> bool:
        return sentence.start <= m.start < sentence.end and m.end > m.start

    return inside(statement.trigger) or any(inside(m) for _, m in statement.mentions())


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
