"""Parse -> Frames: walks the words of a sentence and asks what each of them opens.

A verb or noun of the lexicon opens a frame of :mod:`kg.statements.verbs` or a nominal one; other
telling words open one of :mod:`kg.statements.constructions` or :mod:`kg.statements.safeguards`.
Which words are telling is written in ``frames.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kg.model import Action
from kg.statements.asides import is_aside, is_disclaimed
from kg.statements.constructions import (
    access,
    answered,
    exposed,
    fragment,
    helping,
    listing,
    needed,
    nominal,
    nominal_item,
)
from kg.statements.frames import Frame
from kg.statements.grammar import Grammar
from kg.statements.safeguards import kept_safe, measures
from kg.statements.verbs import verb_frame

#: A heading has at most so many tokens.
_TITLE = 16
Construction = Callable[[Grammar, int], Frame | None]
#: What opens a construction: a set of words or of lemmas, whether it holds lemmas, which one.
_OPENED_BY: tuple[tuple[str, bool, Construction], ...] = (
    ("constructions.exposed", False, exposed),
    ("constructions.helping", False, helping),
    ("constructions.needed", False, needed),
    ("constructions.listing", False, listing),
    ("security.verbs", True, measures),
    ("security.states", False, kept_safe),
    ("constructions.access", False, access),
    ("constructions.answering", True, answered),
)


def find_frames(g: Grammar) -> list[Frame]:
    """All frames of the parse, in the order of their triggers."""
    p = g.p
    if p.words[-1:] == ("?",) or _is_title(g):
        return []
    roots = [i for i, head in enumerate(p.heads) if head == i and p.tags[i].startswith("NN")]
    if not g.item and not _has_finite_verb(g):
        # A title or a fragment: it states nothing but what it names.
        return [frame for i in roots for frame in fragment(g, i)]
    frames = [frame for i in range(len(p)) for frame in _opened(g, i)]
    if g.item and any(f.trigger >= g.item_start and not f.verbs for f in frames):
        # "… for these uses: circulation of data": the item says what is done
        frames = [f for f in frames if f.trigger >= g.item_start]
    unique: dict[tuple[int, Action], Frame] = {}
    for frame in frames:
        unique.setdefault((frame.trigger, frame.action), frame)
    return [unique[key] for key in sorted(unique)]


def _is_title(g: Grammar) -> bool:
    """ "Information We Collect", "When we share your data": a heading that the layout hides."""
    p = g.p
    long = [form for form in p.forms if len(form) > 3]
    if g.item or not 2 <= len(p) <= _TITLE or not p.words[-1][-1:].isalnum():
        return False
    if any(w in {"no", "not", "never", "n't"} for w in p.words):
        return False
    if g.lex.has("phrases.title_openers", p.words[0]):
        return True
    return len(long) > 1 and all(form[0].isupper() for form in long) and not p.names


def _has_finite_verb(g: Grammar) -> bool:
    p = g.p
    return any(
        tag in {"VBZ", "VBP", "VBD", "MD"} or (tag == "VB" and p.child(k, "nsubj") is not None)
        for k, tag in enumerate(p.tags)
    )


def _opened(g: Grammar, i: int) -> Iterator[Frame]:
    """What the word at a place opens, the verb's own frame first."""
    p, lex = g.p, g.lex
    word = p.words[i]
    if word in lex.verbs and not g.acts_as_verb(i):
        twin = g.twin(i)
        if twin is not None and not is_aside(g, twin):
            frame = verb_frame(g, twin, lex.verbs[word])
            if frame is not None:
                yield replace(frame, trigger=i)
            return
    yield from filter(None, _named(g, i))
    if p.heads[i] == i and p.tags[i].startswith("NN"):
        yield from fragment(g, i)
    lemma = lex.lemma(word)
    for key, lemmas, construction in _OPENED_BY:
        if (lemma if lemmas else word) in lex.sets[key]:
            frame = construction(g, i)
            if frame is not None and not is_disclaimed(g, i):
                yield frame


def _named(g: Grammar, i: int) -> Iterator[Frame | None]:
    """Frames of a verb or noun that names an action of the lexicon."""
    p, lex = g.p, g.lex
    word = p.words[i]
    verb, noun = lex.verbs.get(word), lex.nouns.get(word)
    if verb is not None and g.acts_as_verb(i):
        if not is_aside(g, i):
            yield verb_frame(g, i, verb)
    elif noun is not None and p.tags[i].startswith(("NN", "VBG")):
        yield nominal(g, i, noun)
    if g.item and noun is not None:
        yield nominal_item(g, i, noun)
