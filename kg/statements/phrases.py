"""Noun phrases: where they begin and end, what they list, whether they are data or a party.

All functions take a :class:`~kg.statements.parse.Parse` and token indexes; ranges of tokens are
``(first, last)``, both included.
"""

from __future__ import annotations

from kg.grounding import Grounder, Scheme
from kg.model import Action
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse

Range = tuple[int, int]

#: Labels of what stands before a noun and belongs to it.
_PRE = frozenset(
    {"det", "poss", "amod", "compound", "nummod", "nmod", "quantmod", "predet", "advmod", "case"}
) | {"punct", "npadvmod"}
_POINTING = frozenset({"this", "that", "these", "those", "such"})
_QUANTITIES = frozenset({"any", "all", "some", "both", "each", "every", "few", "no"})
_POSSESSIVES = frozenset({"your", "our", "their", "his", "her", "its", "my"})
#: "your", "her", but not "our": what is theirs is data of theirs.
_OF_USERS = frozenset({"your", "his", "her", "their", "'s"})
_DETERMINERS = _POINTING | _QUANTITIES | _POSSESSIVES
_DETERMINERS |= {"only", "just", "also"}
_DETERMINERS |= {"the", "a", "an", "certain", "particular", "respective", "various", "following"}
#: "similar technologies", after cookies were named.
_ALIKE = frozenset({"these", "such", "similar", "tracking", "other", "those"})
_PEOPLE = frozenset(
    ["us", "we", "you", "them", "they", "others", "anyone", "whom", "who", "each", "nobody"]
)
_EXCEPTING = frozenset({"but", "except", "besides", "save"})
_PRONOUNS = frozenset({"it", "them", "this", "that", "these", "those", "they"})

_ABOUT = frozenset(["of", "about", "regarding", "concerning", "relating", "related", "pertaining"])
#: Before whom or what data comes from.
_COME_BY = frozenset({"from", "through", "via", "by", "using"})
#: They say which data is meant, wherever the parser hangs them.
_TELLING = frozenset(
    {"about", "regarding", "concerning", "relating", "pertaining", "from", "that", "which", "you"}
) | {"we", "collected", "obtained", "provided", "received", "submitted", "supplied"}
_TOLD = 25  # words; what stands farther off says little about the phrase
_OBJECTS = frozenset({"dobj", "nsubjpass"})
_NOT_LISTED = frozenset({"it", "them", "this", "that", "they"})


def overlap(one: Range, other: Range) -> bool:
    """Whether two ranges share a token."""
    return one[0] <= other[1] and other[0] <= one[1]


def trim(p: Parse, first: int, last: int, *, determiners: bool = True) -> Range:
    """A range without quotes and punctuation at its ends; never empty.

    Args:
        determiners: leave out determiners and possessives at its beginning too.
    """
    while first < last and ((determiners and p.words[first] in _DETERMINERS) or _is_mark(p, first)):
        first += 1
    while last > first and _is_mark(p, last) and p.words[last] != ")":
        last -= 1
    if p.words[last] == ")" and not any(p.words[k] == "(" for k in range(first, last)):
        last = max(first, last - 1)
    return first, last


def _is_mark(p: Parse, i: int) -> bool:
    word = p.words[i]
    if word in {"e.g.", "i.e.", "etc.", "etc"}:
        return True
    return word not in {"%", "$", ")"} and not any(c.isalnum() for c in word)


def left_edge(p: Parse, head: int, lex: Lexicon) -> int:
    """First token of the noun's premodifiers, possessors with their own words included."""
    first = head
    for k in sorted((k for k in p.kids[head] if k < head), reverse=True):
        if p.deps[k] not in _PRE or (
            p.deps[k] == "punct" and p.words[k] in {",", ":", ";", "(", "•", "·"}
        ):
            break
        if (
            p.deps[k] == "compound"
            and p.tags[k] == "NNS"
            and lex.has("phrases.receivers", p.words[k])
        ):
            break  # "sell to third parties information": two phrases that were run together
        first = min(first, p.lefts[k])
    return first


def noun_range(p: Parse, head: int, lex: Lexicon, *, clauses: bool | None = None) -> Range:
    """The noun phrase of a head: premodifiers, head, and what says which one is meant.

    "of" and "about" phrases belong to it; a relative clause only where the head alone says
    little of what it is ("pages you visit"), as annotators cut it. ``clauses`` decides instead.
    """
    first, last = left_edge(p, head, lex), head
    general = p.words[head] in lex.sets["data.general"]
    for k in p.kids[head]:
        if k < head:
            continue
        dep = p.deps[k]
        gap = p.words[last + 1 : p.lefts[k]] if p.lefts[k] > last + 1 else ()
        if any(w in {",", ";", ":"} for w in gap):
            break
        if dep == "case":
            last = k
        elif dep == "prep" and p.words[k] in _ABOUT:
            last = _phrase_end(p, k, lex)
        elif dep == "prep" and p.words[k : k + 2] == ("as", "to"):
            last = p.rights[k]  # "information as to the identity of …"
        elif dep == "acl" and lex.has("phrases.relating", p.words[k]):
            of = p.child(k, "prep")
            last = _phrase_end(p, of if of is not None else k, lex)
        elif dep == "relcl" and (
            clauses if clauses is not None else not general and _user_clause(p, k, lex)
        ):
            last = p.rights[k]
        elif dep in {"cc", "conj", "punct", "nummod"}:
            if dep == "nummod":
                last = k
                continue
            if dep == "punct" and p.words[k] in {")", '"', "'", "-", "/"} and k == last + 1:
                continue
            break
        elif (
            dep == "appos"
            and p.words[k - 1] == "("
            and k == last + 2
            and k + 1 < len(p)
            and p.words[k + 1] == ")"
        ):
            last = k + 1
        else:
            break
    return trim(p, first, last)


def told_with(p: Parse, head: int, lex: Lexicon) -> str:
    """A data phrase with its possessor, clauses and source, and how its verb comes by it.

    Not words of the text in a row: "We automatically collect information from you" gives
    "information from you automatically".
    """
    first, last = left_edge(p, head, lex), head
    for k in p.kids[head]:
        if k < head:
            continue
        gap = p.words[last + 1 : p.lefts[k]]
        attached = p.deps[k] in {"relcl", "acl"} or (
            p.deps[k] == "prep" and (p.words[k] in _ABOUT or p.words[k] in _COME_BY)
        )
        if gap or not attached:
            break
        last = p.rights[k]
    if last == head and p.words[head + 1 : head + 2] and p.words[head + 1] in _TELLING:
        stop = (k for k in range(head + 1, len(p)) if not p.words[k][:1].isalnum())
        last = next(stop, len(p)) - 1
    told = [p.span_text(first, min(last, first + _TOLD))]
    verb = p.heads[head]
    meaning = lex.verbs.get(p.words[verb])
    if meaning is not None and meaning.action is Action.COLLECT and p.deps[head] in _OBJECTS:
        for k in p.kids[verb]:
            if k > head and p.deps[k] == "prep" and p.words[k] in _COME_BY:
                told.append(p.span_text(k, min(p.rights[k], k + _TOLD)))
            elif p.words[k] == "automatically" and k <= last + 1:
                told.append(p.words[k])
            elif p.deps[k] == "advcl" and k > head and _user_clause(p, k, lex):
                told.append("from you")  # "information when you visit"
    elif p.deps[head] == "pobj" and p.words[verb] == "with":
        verb = p.heads[verb]  # "you provide us with information"
    if p.is_verb(verb) and p.deps[head] != "nsubjpass" and _user_clause(p, verb, lex):
        told.append(f"you {p.words[verb]}")
    return " ".join(told)


def _user_clause(p: Parse, verb: int, lex: Lexicon) -> bool:
    subject = p.child(verb, "nsubj")
    return subject is not None and lex.has("parties.user_words", p.words[subject])


def _phrase_end(p: Parse, prep: int, lex: Lexicon) -> int:
    """Where a prepositional phrase inside a noun phrase ends: before an enumeration or "with"."""
    pobj = p.child(prep, "pobj", "pcomp")
    if pobj is None:
        return prep
    if p.deps[pobj] == "pcomp" or p.is_verb(pobj):
        return p.rights[pobj]
    last = pobj
    for k in p.kids[pobj]:
        if k < pobj:
            continue
        dep = p.deps[k]
        if dep in {"prep"} and p.words[k] in {"of", "on", "about", "in", "at", "and"}:
            last = p.rights[k] if p.words[k] != "in" else last
            if p.words[k] == "in":
                break
        elif dep in {"conj"}:
            # "of our site and services" stays; a new datum after a comma does not
            if "," in p.words[last + 1 : p.lefts[k]]:
                break
            if is_data_head(p, k, lex):
                break
            last = max(last, p.rights[k])
        elif dep in {"cc", "case"}:
            continue
        elif dep == "relcl" and _user_clause(p, k, lex):
            last = p.rights[k]
        else:
            break
    return last


def meant(p: Parse, i: int, lex: Lexicon) -> int:
    """The noun that is meant by "some of your data" and "several types of data"."""
    for _ in range(3):
        if not lex.has("phrases.partitives", p.words[i]):
            return i
        of = next(
            (k for k in p.kids[i] if p.deps[k] == "prep" and p.words[k] == "of" and k > i), None
        )
        pobj = p.child(of, "pobj") if of is not None else None
        if pobj is None:
            return i
        i = pobj
    return i


def items(p: Parse, head: int, lex: Lexicon) -> list[int]:
    """Heads of a coordinated and exemplified noun phrase, the general term first.

    "personal information, such as your name and email address" has three.
    """
    found: list[int] = []
    todo = [head]
    while todo:
        top = todo.pop(0)
        at = meant(p, top, lex)
        if at in found:
            continue
        found.append(at)
        for k in (*p.kids[at], *(() if at == top else p.kids[top])):
            dep = p.deps[k]
            if dep in {"conj", "appos"} and denied_item(p, k) is not None:
                continue
            if (
                dep == "conj"
                and not (p.is_verb(k) and p.child(k, "nsubj", "aux", "dobj") is not None)
            ) or (
                dep == "appos"
                and not (p.words[k - 1] == "(" and k + 1 < len(p) and p.words[k + 1] == ")")
            ):
                todo.append(k)
            elif dep == "prep" and k > at and _opens_examples(p, k, lex):
                pobj = p.child(k, "pobj", "pcomp")
                if pobj is not None and pobj not in todo:
                    todo.append(pobj)
                for nested in p.children(k, "prep"):  # "including but not limited to"
                    deeper = p.child(nested, "pobj")
                    if deeper is not None:
                        todo.append(deeper)
            elif (
                dep == "acl"
                and p.words[k] in {"including", "included"}
                and p.child(k, "dobj") is not None
            ):
                todo.append(p.child(k, "dobj"))  # type: ignore[arg-type]
    first = meant(p, head, lex)
    if p.words[head] not in _NOT_LISTED:
        for listed in _enumerated(p, max(found), lex):
            found += [k for k in _coordinated(p, listed) if k not in found]
    return sorted(found, key=lambda i: (i != first, i))


def denied_item(p: Parse, k: int) -> int | None:
    """The negating word of a conjunct: "your name but *not* your address"."""
    first = p.lefts[k]
    for at in (first, first - 1):
        if (
            at > 0
            and p.words[at] in {"not", "no", "never"}
            and p.words[at - 1] in {"but", "and", ",", "("}
        ):
            return at
    return None


def excepted(p: Parse, head: int) -> int | None:
    """What is done after all: "no data other than *your name*", "nothing but *your name*"."""
    if p.words[head] not in {"nothing", "none"} and not any(
        p.words[k] == "no" for k in p.kids[head] if k < head
    ):
        return None
    for k in range(head + 1, min(head + 4, len(p) - 1)):
        if p.words[k] in _EXCEPTING or (
            p.words[k] == "than" and p.words[k - 1] in {"other", "more"}
        ):
            return next(
                (q for q in range(k + 1, p.rights[head] + 1) if p.heads[q] in {k, head}), None
            )
    return None


def denied_items(p: Parse, head: int) -> list[tuple[int, int]]:
    """Conjuncts of a noun that are excepted from what is said of it, with the negating word."""
    # The parser may hang the second on the verb.
    verb = p.heads[head]
    stray = [k for k in p.children(verb, "conj") if k > head and p.tags[k].startswith("NN")]
    found = [
        (k, denied_item(p, k)) for k in (*p.conjuncts(head)[1:], *p.children(head, "appos"), *stray)
    ]
    return [(k, cue) for k, cue in found if cue is not None]


def _coordinated(p: Parse, i: int) -> list[int]:
    found = [i]
    for at in found:
        found += [k for k in p.kids[at] if p.deps[k] == "conj" and not p.is_verb(k)]
    return found


def _enumerated(p: Parse, head: int, lex: Lexicon) -> list[int]:
    """First noun of an enumeration that follows a noun phrase but was hung elsewhere."""
    at = head + 1
    while at < len(p) and p.words[at] in {",", "(", "-", "–", "—", "about", "you", "of", "yours"}:
        at += 1
    size = next((len(o) for o in lex.openers if p.words[at : at + len(o)] == o), 0)
    if not size:  # after what belongs to the noun: "information generated by … (including …)"
        for k in range(head + 1, min(p.rights[head] + 2, head + 18, len(p) - 1)):
            if p.words[k] in {"with", "to", "for", "that", "who", "which", ";"}:
                break
            if (
                p.words[k] in {"(", ","}
                and p.words[k + 1] in {"including", "such"}
                and not p.is_verb(k - 1)
            ):
                at = k + 1
                break
    size = next((len(o) for o in lex.openers if p.words[at : at + len(o)] == o), 0)
    if not size:
        return []
    at += size
    while at < len(p) and lex.has("phrases.after_opener", p.words[at]):
        at += 1
    for k in range(at, min(at + 8, len(p))):
        if p.tags[k].startswith("VB") and p.deps[k] not in {"amod", "compound"}:
            return []
        if p.tags[k].startswith("NN") and p.deps[k] not in {"compound", "amod", "nmod"}:
            return [k] if p.lefts[k] >= at - 3 else []
    return []


def _opens_examples(p: Parse, prep: int, lex: Lexicon) -> bool:
    word = p.words[prep]
    if word == "as":
        return prep > 0 and p.words[prep - 1] == "such"
    return lex.has("phrases.opener_heads", word)


def is_example(p: Parse, i: int, lex: Lexicon) -> bool:
    """Whether a noun stands in a list opened by "such as" or "including"."""
    at = i
    while p.deps[at] == "conj":
        at = p.heads[at]
    left = p.lefts[at]
    if any(p.words[max(0, left - len(o)) : left] == o for o in lex.openers):
        return True
    return p.deps[at] in {"pobj", "pcomp"} and _opens_examples(p, p.heads[at], lex)


def is_data_head(p: Parse, i: int, lex: Lexicon) -> bool:
    """Whether the token is a noun that can name personal data."""
    word = p.words[i]
    return word in lex.sets["data.general"] or word in lex.sets["data.heads"]


def is_data(
    p: Parse, i: int, lex: Lexicon, grounder: Grounder, *, strict: bool, loose: bool = False
) -> bool:
    """Whether a noun phrase names personal data.

    Args:
        strict: ask for more than a general noun: a possessor ("your", "customer"), "personal",
            a concept of the ontology, a relative clause with the user as subject.
        loose: any noun that can name data counts ("results"), as after "collect".
    """
    word = p.words[i]
    never = lex.has("data.never", word)
    if loose and not never and lex.has("data.heads", word):
        return True
    if p.tags[i] in {"PRP", "DT", "WDT", "WP"}:
        return word in _PRONOUNS and not strict
    first = left_edge(p, i, lex)
    if never:  # but "search terms"
        start, end = trim(p, first, i)
        return start < i and grounder.known(p.span_text(start, end), Scheme.DATA) is not None
    before = p.words[first:i]
    if "your" not in before and not lex.sets["data.not_personal"].isdisjoint(before):
        return False
    owned = not lex.sets["data.owners"].isdisjoint(before)
    if lex.has("data.general", word):
        return (
            not strict
            or owned
            or not lex.sets["data.personal_cues"].isdisjoint(before)
            or _about_user(p, i, lex)
            or grounded(p, first, i, grounder)
        )
    if (
        not _OF_USERS.isdisjoint(before)
        and p.tags[i].startswith("NN")
        and not lex.has("data.not_taken", word)
        and not lex.has("parties.third_heads", word)
    ):
        return True  # "your baptism certificate": whatever it is, it is the user's
    if not lex.has("data.heads", word):
        return grounded(p, first, i, grounder)
    return not lex.has("data.weak_heads", word) or _is_weak_data(
        p, i, first, lex, grounder, strict=strict, owned=owned
    )


def _is_weak_data(
    p: Parse,
    i: int,
    first: int,
    lex: Lexicon,
    grounder: Grounder,
    *,
    strict: bool,
    owned: bool,
) -> bool:
    """Whether a head that often names no data does so here: "number", "technologies"."""
    word, before = p.words[i], p.words[first:i]
    if (
        word in {"number", "numbers"}
        and p.words[i + 1 : i + 2] == ("of",)
        and trim(p, first, i)[0] == i
    ):
        return False  # "a number of"
    if not strict and (
        (word in {"technologies", "tags", "files"} and not _ALIKE.isdisjoint(before))
        or is_example(p, i, lex)
    ):
        return True
    return owned or grounded(p, first, i, grounder) or _about_user(p, i, lex)


def grounded(p: Parse, first: int, i: int, grounder: Grounder) -> bool:
    """Whether the phrase is a data concept of the ontology by one of its names."""
    first, i = trim(p, first, i)
    while first <= i:
        if grounder.known(p.span_text(first, i), Scheme.DATA):
            return True
        first += 1
    return False


def is_users(p: Parse, i: int, lex: Lexicon) -> bool:
    """Whether the words say that the data is the user's: "your name", "data about you"."""
    before = p.words[left_edge(p, i, lex) : i]
    return any(
        w in lex.sets["data.owners"] or w in {"personally", "identifiable", "sensitive"}
        for w in before
    ) or _about_user(p, i, lex)


def _about_user(p: Parse, i: int, lex: Lexicon) -> bool:
    for k in p.kids[i]:
        if k < i:
            continue
        if p.deps[k] == "prep" and lex.has("phrases.about", p.words[k]):
            pobj = p.child(k, "pobj")
            if pobj is not None and (
                p.words[pobj] in lex.sets["parties.user_words"]
                or any(p.words[q] in lex.sets["data.owners"] for q in p.kids[pobj])
            ):
                return True
        if p.deps[k] in {"relcl", "acl"}:
            subject = p.child(k, "nsubj")
            if subject is not None and (
                lex.has("parties.user_words", p.words[subject])
                or lex.has("parties.publisher_pronouns", p.words[subject])
            ):
                return True
            if any(p.words[q] in {"you", "your"} for q in p.subtree(k)):
                return True
            if lex.has("data.given", p.words[k]):
                return True
    return False


def is_party(p: Parse, i: int, lex: Lexicon, grounder: Grounder) -> bool:
    """Whether a noun phrase names somebody who can act or receive."""
    word = p.words[i]
    if i in p.names or word in _PEOPLE:
        return True
    if word == "one" and i and p.words[i - 1] == "no":
        return True
    if p.tags[i].startswith("NN") and any(
        p.words[s] == "who" for k in p.children(i, "relcl") for s in p.children(k, "nsubj")
    ):
        return True
    if word in lex.sets["parties.third_heads"] or word in lex.sets["parties.user_words"]:
        return True
    first, last = trim(p, left_edge(p, i, lex), i)
    text = p.span_text(first, last)
    if p.tags[i] in {"NNP", "NNPS"} and not grounder.known(text, Scheme.PLACE):
        return grounder.company(text) is not None or not grounder.known(text, Scheme.DATA)
    return grounder.known(text, Scheme.RECIPIENT) is not None
