"""Who is meant: the publisher, the user, a company by name, or a kind of recipient.

"We" is the publisher and "you" the user; what "they" and "this information" stand for is found
by :mod:`kg.statements.antecedents`. What is not resolved keeps its own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg import iris
from kg.grounding import Grounder, Grounding, Match, Scheme
from kg.model import Action, Mention
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse
from kg.statements.phrases import Range, left_edge, noun_range, told_with

_SPECIAL = re.compile(r"\bspecial categor(?:y|ies) of $", re.IGNORECASE)
USER_IRI = f"{iris.PF}User"
#: Before "cookies" these say whose they are; "such cookies" are the publisher's.
_OTHERS = frozenset({"third", "third-party", "party", "their", "partner"})
#: As recipients these are others than the user.
_ANYONE = frozenset(
    {"employee", "employees", "individual", "individuals", "people", "person", "persons"}
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the reading of a sentence may use from around it.

    Attributes:
        publisher: the name that "we" stands for; ``None`` when unknown.
        names: all names of the publisher, for the parser.
        antecedent: data was named before, for which "it" may stand.
        child: the section is about children.
        section: what data the headings above speak of; "information" in the section is such.
    """

    publisher: str | None = None
    names: tuple[str, ...] = ()
    antecedent: bool = False
    child: bool = False
    base: str = iris.BASE
    section: Grounding | None = None


def publisher_mention(context: Context, text: str, start: int, end: int) -> Mention:
    """Words that stand for the publisher; ``text`` is empty when nothing says so but the voice."""
    if context.publisher is None:
        return Mention(text, start, end)
    return Mention(
        text, start, end, iris.party_iri(context.publisher, context.base), context.publisher
    )


def is_user(p: Parse, i: int, lex: Lexicon) -> bool:
    """Whether a noun or pronoun is the user of the service."""
    return p.words[i] in lex.sets["parties.user_words"] and not any(
        p.words[k] in {"other", "another"} for k in p.kids[i]
    )


def is_us(p: Parse, i: int, lex: Lexicon) -> bool:
    """Whether a recipient is the publisher itself; "our printing service" is not."""
    if p.words[i] in lex.sets["parties.publisher_pronouns"] or i in p.names:
        return True
    kin = {"parent", "holding", "sister", "group", "affiliated", "other", "another"}
    return (
        p.words[i] in lex.sets["parties.publisher_places"]
        and is_publisher(p, i, lex)
        and kin.isdisjoint(p.words[left_edge(p, i, lex) : i])
    )


def is_addressee(p: Parse, i: int) -> bool:
    """Whether a noun phrase is "you"."""
    return p.words[i] in {"you", "yourself", "yours"}


def is_publisher(p: Parse, i: int, lex: Lexicon) -> bool:
    """Whether a noun phrase is the publisher: "we", its name, "our servers", "the website"."""
    word = p.words[i]
    if word in lex.sets["parties.publisher_pronouns"] or i in p.names:
        return True
    before = p.words[left_edge(p, i, lex) : i]
    if word in lex.sets["parties.tools"] and _OTHERS.isdisjoint(before):
        return True
    if not lex.sets["parties.others"].isdisjoint(before):
        return False
    if any(k in p.names and p.deps[k] in {"poss", "compound", "nmod"} for k in p.kids[i]):
        return word in lex.sets["parties.publisher_things"] or p.deps[i] == "pobj"
    if word in lex.sets["parties.publisher_things"]:
        return word not in {"company", "group"} or not {"the", "our"}.isdisjoint(before)
    # "our nurses" act for it, "our partners" do not
    return (
        "our" in before
        and p.tags[i].startswith("NN")
        and word not in lex.sets["parties.third_heads"]
        and word not in lex.sets["parties.user_words"]
    )


def party(
    p: Parse,
    i: int,
    lex: Lexicon,
    grounder: Grounder,
    context: Context,
    span: Range | None = None,
    *,
    receives: bool = False,
) -> Mention:
    """The mention of an actor, recipient or source.

    Args:
        receives: it is a recipient or source; "the bank" is then not the publisher.
    """
    first, last = span or noun_range(p, i, lex, clauses=False)
    text = p.span_text(first, last)
    start, end = p.starts[first], p.ends[last]
    word = p.words[i]
    if is_us(p, i, lex) if receives else is_publisher(p, i, lex):
        return publisher_mention(context, text, start, end)
    around = set(p.words[first : last + 1])
    anyone = receives and (
        word in _ANYONE or not around.isdisjoint({"group", "company", "corporate"})
    )
    if is_user(p, i, lex) and not anyone:
        child = word in {"child", "children", "minor", "minors"}
        return Mention(
            text, start, end, f"{iris.PF}Child" if child else USER_IRI, "child" if child else "user"
        )
    here = Mention(text, start, end)
    if p.tags[i] in {"WP", "WDT"}:
        head = _relative_head(p, i)
        meant = head is not None and party(p, head, lex, grounder, context, receives=receives)
        return replace(meant, text=text, start=start, end=end) if meant else here
    if p.tags[i] == "PRP":
        return here
    name = grounder.company(text)
    if name is None and p.tags[i] in {"NNP", "NNPS"}:
        name = grounder.company(p.text[p.starts[i] : p.ends[i]])
    if name is not None:
        return Mention(text, start, end, name.iri, name.label)
    ground = grounder.ground(text, Scheme.RECIPIENT, context.publisher or "")
    if p.tags[i] in {"NNP", "NNPS"} and first <= i and not _is_kind(ground, p.tags[i]):
        return Mention(text, start, end, iris.party_iri(text, context.base), text)
    if ground is None:
        return Mention(text, start, end)
    return Mention(text, start, end, ground.iri, text, ground.broader)


def _is_kind(ground: Grounding | None, tag: str) -> bool:
    """Whether capitals are no name: "our Partners", "Acme Affiliates", but "Bank of Acme"."""
    if ground is None or ground.match is Match.OWN:
        return False
    return ground.match is not Match.HEAD or tag == "NNPS"


def _relative_head(p: Parse, i: int) -> int | None:
    """The noun that "whom" in "vendors with whom we share" stands for."""
    for _ in range(4):
        if p.deps[i] == "relcl":
            return p.heads[i]
        i = p.heads[i]
    return None


def datum(
    p: Parse,
    i: int,
    lex: Lexicon,
    grounder: Grounder,
    context: Context,
    span: Range | None = None,
) -> Mention:
    """The mention of one data phrase."""
    first, last = span or noun_range(p, i, lex)
    text = p.span_text(first, last)
    start, end = p.starts[first], p.ends[last]
    if p.tags[i] in {"PRP", "DT", "WDT", "WP"}:
        return Mention(text, start, end)
    publisher = context.publisher or ""
    special = _SPECIAL.search(p.text[: p.starts[left_edge(p, i, lex)]])
    ground = grounder.ground(
        f"{special.group()}{text}" if special else text, Scheme.DATA, publisher
    )
    if ground is not None and grounder.is_vague_data(ground):
        # The words around tell whose it is, or how it was come by.
        told = grounder.ground(told_with(p, i, lex), Scheme.DATA, publisher)
        if told is not None and not grounder.is_vague_data(told):
            own = ground.match is Match.OWN
            ground = replace(ground, broader=told.broader or told.iri) if own else told
        elif context.section is not None and ground.match is not Match.OWN:
            verb = lex.verbs.get(p.words[p.heads[i]])
            comes_by = verb is not None and verb.action is Action.COLLECT
            ground = context.section if comes_by else grounder.personal()
    if ground is None:
        return Mention(text, start, end)
    return Mention(text, start, end, ground.iri, ground.label, ground.broader)
