"""Who is meant: the publisher, the user, a company by name, or a kind of recipient.

"We" is the publisher and "you" the user; what "they" and "this information" stand for is found
by :mod:`kg.statements.antecedents`. What is not resolved keeps its own words.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg import iris
from kg.grounding import Grounder, Scheme
from kg.model import Mention
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse
from kg.statements.phrases import Range, left_edge, noun_range

USER_IRI = f"{iris.PF}User"
#: Before "cookies" these say whose they are; "such cookies" are the publisher's.
_OTHERS = frozenset({"third", "third-party", "party", "their", "partner"})


@dataclass(frozen=True, slots=True)
class Context:
    """What the reading of a sentence may use from around it.

    Attributes:
        publisher: the name that "we" stands for; ``None`` when unknown.
        names: all names of the publisher, for the parser.
        antecedent: data was named before, for which "it" may stand.
        child: the section is about children.
    """

    publisher: str | None = None
    names: tuple[str, ...] = ()
    antecedent: bool = False
    child: bool = False
    base: str = iris.BASE


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
    return p.words[i] in lex.sets["parties.publisher_places"] and is_publisher(p, i, lex)


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
    if is_user(p, i, lex):
        child = word in {"child", "children", "minor", "minors"}
        return Mention(
            text, start, end, f"{iris.PF}Child" if child else USER_IRI, "child" if child else "user"
        )
    name = grounder.company(text)
    if name is None and p.tags[i] in {"NNP", "NNPS"}:
        name = grounder.company(p.text[p.starts[i] : p.ends[i]])
    if name is not None:
        return Mention(text, start, end, name.iri, name.label)
    if (
        p.tags[i] in {"NNP", "NNPS"}
        and grounder.known(text, Scheme.RECIPIENT) is None
        and first <= i
    ):
        return Mention(text, start, end, iris.party_iri(text, context.base), text)
    ground = grounder.ground(text, Scheme.RECIPIENT, context.publisher or "")
    if ground is None:
        return Mention(text, start, end)
    return Mention(text, start, end, ground.iri, text, ground.broader)


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
    ground = None
    if p.tags[i] not in {"PRP", "DT", "WDT", "WP"}:
        ground = grounder.ground(text, Scheme.DATA, context.publisher or "")
    if ground is None:
        return Mention(text, start, end)
    return Mention(text, start, end, ground.iri, ground.label, ground.broader)
