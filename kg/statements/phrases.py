"""Noun phrases: where they begin and end, what they list, whether they are data or a party.

All functions take a :class:`~kg.statements.parse.Parse` and token indexes; ranges of tokens are
``(first, last)``, both included.
"""

from __future__ import annotations

from kg.grounding import Grounder, Scheme
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse

Range = tuple[int, int]

_PRE = {
    "det",
    "poss",
    "amod",
    "compound",
    "nummod",
    "nmod",
    "quantmod",
    "predet",
    "advmod",
    "case",
    "punct",
    "npadvmod",
}
_DETERMINERS = frozenset(
    ["the", "a", "an", "any", "all", "some", "such", "this", "that", "these", "those", "certain", "both", "each", "every", "your", "our", "their", "his", "her", "its", "my", "no", "particular", "respective", "various", "following", "few"]
)
_KEEP = frozenset({"other"})
_ABOUT = frozenset(["of", "about", "regarding", "concerning", "relating", "related", "pertaining"])
#: Words that stand before the noun that is meant: "some of your data", "a variety of records".
_PARTITIVES = frozenset(
    ["any", "some", "all", "most", "certain", "none", "each", "much", "many", "part", "parts", "portion", "portions", "type", "types", "kind", "kinds", "category", "categories", "variety", "pieces", "piece", "bits", "subset"]
)
_NOUN_TAGS = ("NN", "PRP", "CD", "WP", "DT", "JJ", "VBG", "VBN", "FW", "WDT", "WRB")
_OPENERS = (
    ("including", "but", "not", "limited", "to"),
    ("including", "without", "limitation"),
    ("such", "as"),
    ("for", "example"),
    ("for", "instance"),
    ("including",),
    ("e.g.",),
    ("e.g",),
    ("i.e.",),
    ("in", "particular"),
    ("in", "particular", ","),
    ("consisting", "of"),
    ("especially",),
    ("notably",),
    ("namely",),
    ("like",),
)
_RECEIVERS = frozenset(
    ["parties", "partners", "advertisers", "providers", "vendors", "affiliates", "companies", "others", "processors"]
)
_NOT_LISTED = frozenset({"it", "them", "this", "that", "they"})
_OPENER_HEADS = frozenset(
    {"as", "including", "like", "eg", "e.g.", "e.g", "i.e.", "namely", "includes", "include"}
)


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
    return (
        (not any(c.isalnum() for c in word)
        and word not in {"%", "$", ")"})
        or word in {"e.g.", "i.e.", "etc.", "etc"}
    )


def left_edge(p: Parse, head: int) -> int:
    """First token of the noun's premodifiers, possessors with their own words included."""
    first = head
    for k in sorted((k for k in p.kids[head] if k < head), reverse=True):
        if p.deps[k] not in _PRE or (
            p.deps[k] == "punct" and p.words[k] in {",", ":", ";", "(", "•", "·"}
        ):
            break
        if p.deps[k] == "compound" and p.tags[k] == "NNS" and p.words[k] in _RECEIVERS:
            break  # "sell to third parties information": two phrases that were run together
        first = min(first, p.lefts[k])
    return first


def noun_range(p: Parse, head: int, lex: Lexicon, *, clauses: bool | None = None) -> Range:
    """The noun phrase of a head: premodifiers, head, and what says which one is meant.

    "of" and "about" phrases belong to it; a relative clause only where the head alone says
    little of what it is ("pages you visit"), as annotators cut it. ``clauses`` decides instead.
    """
    first, last = left_edge(p, head), head
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
        elif dep == "prep" and (
            p.words[k] == "of" or (p.words[k] in _ABOUT and (general or p.words[k] != "on"))
        ):
            last = _phrase_end(p, k, lex)
        elif dep == "acl" and p.words[k] in {
            "relating",
            "related",
            "pertaining",
            "regarding",
            "concerning",
        }:
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


def meant(p: Parse, i: int) -> int:
    """The noun that is meant by "some of your data" and "several types of data"."""
    for _ in range(3):
        if p.words[i] not in _PARTITIVES:
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
        at = meant(p, top)
        if at in found:
            continue
        found.append(at)
        for k in (*p.kids[at], *(() if at == top else p.kids[top])):
            dep = p.deps[k]
            if (dep == "conj" and not (
                p.is_verb(k) and p.child(k, "nsubj", "aux", "dobj") is not None
            )) or (dep == "appos" and not (
                p.words[k - 1] == "(" and k + 1 < len(p) and p.words[k + 1] == ")"
            )):
                todo.append(k)
            elif dep == "prep" and k > at and _opens_examples(p, k):
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
    first = meant(p, head)
    if p.words[head] not in _NOT_LISTED:
        for listed in _enumerated(p, max(found)):
            found += [k for k in _coordinated(p, listed) if k not in found]
    return sorted(found, key=lambda i: (i != first, i))


def _coordinated(p: Parse, i: int) -> list[int]:
    found = [i]
    for at in found:
        found += [k for k in p.kids[at] if p.deps[k] == "conj" and not p.is_verb(k)]
    return found


def _enumerated(p: Parse, head: int) -> list[int]:
    """First noun of an enumeration that follows a noun phrase but was hung elsewhere."""
    at = head + 1
    while at < len(p) and p.words[at] in {",", "(", "-", "–", "—", "about", "you", "of", "yours"}:
        at += 1
    size = next((len(o) for o in _OPENERS if p.words[at : at + len(o)] == o), 0)
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
    size = next((len(o) for o in _OPENERS if p.words[at : at + len(o)] == o), 0)
    if not size:
        return []
    at += size
    while at < len(p) and p.words[at] in {
        ":",
        ",",
        "without",
        "limitation",
        "but",
        "not",
        "limited",
        "to",
        "the",
        "your",
        "a",
        "an",
    }:
        at += 1
    for k in range(at, min(at + 8, len(p))):
        if p.tags[k].startswith("VB") and p.deps[k] not in {"amod", "compound"}:
            return []
        if p.tags[k].startswith("NN") and p.deps[k] not in {"compound", "amod", "nmod"}:
            return [k] if p.lefts[k] >= at - 3 else []
    return []


def _opens_examples(p: Parse, prep: int) -> bool:
    word = p.words[prep]
    if word == "as":
        return prep > 0 and p.words[prep - 1] == "such"
    return word in _OPENER_HEADS


def is_example(p: Parse, i: int) -> bool:
    """Whether a noun stands in a list opened by "such as" or "including"."""
    at = i
    while p.deps[at] == "conj":
        at = p.heads[at]
    left = p.lefts[at]
    if any(p.words[max(0, left - len(o)) : left] == o for o in _OPENERS):
        return True
    return p.deps[at] in {"pobj", "pcomp"} and _opens_examples(p, p.heads[at])


def is_data_head(p: Parse, i: int, lex: Lexicon) -> bool:
    """Whether the token is a noun that can name personal data."""
    word = p.words[i]
    return word in lex.sets["data.general"] or word in lex.sets["data.heads"]


_NEVER_DATA = frozenset(
    ["services", "service", "products", "product", "rights", "right", "policy", "policies", "notice", "notices", "site", "sites", "website", "websites", "terms", "party", "parties", "partners", "business", "law", "laws", "advertising", "advertisements", "ads", "ad", "marketing", "support", "consent", "permission", "experience", "newsletter", "newsletters", "offers", "offer", "promotions", "technology", "updates", "changes", "security", "property", "assistance", "privacy", "questions", "interest", "preferences_page", "access", "functionality", "features", "server", "servers", "measures", "people", "company", "companies", "discretion", "basis", "purpose", "purposes", "way", "ways", "means", "steps", "reason", "reasons"]
)


#: "your order", "your device": the user's, and still no data.
_NOT_TAKEN = frozenset(
    ["order", "orders", "request", "requests", "payment", "payments", "account", "accounts", "device", "devices", "computer", "computers", "browser", "browsers", "experience", "question", "questions", "inquiry", "inquiries", "use", "needs", "behalf", "choice", "choices", "transaction", "transactions", "purchase", "purchases", "interests", "interest", "subscription", "subscriptions", "registration", "money", "goods", "employer", "friends", "friend", "family", "website", "site", "app", "store", "application", "query", "queries", "queries", "session", "sessions", "phone", "telephone", "visit", "visits", "country", "privacy", "life", "home", "time", "communities", "community", "group", "family", "members", "household", "organization", "company", "business", "satisfaction", "convenience", "participation", "relationship", "agreement", "contract", "settings", "decision", "ability", "obligations", "personalised", "personalized", "engagement", "attention", "parents", "parent", "children", "child", "bank", "card", "party", "provider"]
)


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
    if loose and word in lex.sets["data.heads"] and word not in _NEVER_DATA:
        return True
    if p.tags[i] in {"PRP", "DT", "WDT", "WP"}:
        return word in {"it", "them", "this", "that", "these", "those", "they"} and not strict
    first = left_edge(p, i)
    before = p.words[first:i]
    if word in _NEVER_DATA:  # but "search terms"
        return (
            first < i
            and grounder.known(p.span_text(*trim(p, first, i)), Scheme.DATA) is not None
            and trim(p, first, i)[0] < i
        )
    general = word in lex.sets["data.general"]
    if (
        any(
            w in {"product", "promotional", "marketing", "pricing", "contact-our", "further"}
            for w in before
        )
        and "your" not in before
    ):
        return False
    owned = any(w in lex.sets["data.owners"] for w in before)
    if general:
        if not strict or owned:
            return True
        return (
            any(
                w
                in {
                    "personal",
                    "private",
                    "sensitive",
                    "identifiable",
                    "identifying",
                    "such",
                    "this",
                    "that",
                    "these",
                    "those",
                    "usage",
                    "location",
                    "device",
                    "collected",
                }
                for w in before
            )
            or _about_user(p, i, lex)
            or grounded(p, first, i, grounder)
        )
    if owned and p.tags[i].startswith("NN") and word not in _NOT_TAKEN:
        return True  # "your baptism certificate": whatever it is, it is the user's
    if word in lex.sets["data.heads"]:
        if word not in lex.sets["data.weak_heads"]:
            return True
        if (
            word in {"number", "numbers"}
            and p.words[i + 1 : i + 2] == ("of",)
            and trim(p, first, i)[0] == i
        ):
            return False
        if (
            word in {"technology", "technologies", "tags", "files", "beacons", "identifiers"}
            and not strict
            and any(w in {"these", "such", "similar", "tracking", "other", "those"} for w in before)
        ):
            return True
        return (
            owned
            or grounded(p, first, i, grounder)
            or _about_user(p, i, lex)
            or (not strict and is_example(p, i))
        )
    return grounded(p, first, i, grounder)


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
    before = p.words[left_edge(p, i) : i]
    return any(
        w in lex.sets["data.owners"] or w in {"personally", "identifiable", "sensitive"}
        for w in before
    ) or _about_user(p, i, lex)


def _about_user(p: Parse, i: int, lex: Lexicon) -> bool:
    for k in p.kids[i]:
        if k < i:
            continue
        if p.deps[k] == "prep" and p.words[k] in {
            "about",
            "of",
            "from",
            "on",
            "regarding",
            "concerning",
            "relating",
        }:
            pobj = p.child(k, "pobj")
            if pobj is not None and (
                p.words[pobj] in lex.sets["parties.user_words"]
                or any(p.words[q] in lex.sets["data.owners"] for q in p.kids[pobj])
            ):
                return True
        if p.deps[k] in {"relcl", "acl"}:
            subject = p.child(k, "nsubj")
            if (
                subject is not None
                and p.words[subject]
                in lex.sets["parties.user_words"] | lex.sets["parties.publisher_pronouns"]
            ):
                return True
            if any(p.words[q] in {"you", "your"} for q in p.subtree(k)):
                return True
            if p.words[k] in {
                "collected",
                "provided",
                "submitted",
                "obtained",
                "gathered",
                "received",
                "supplied",
                "stored",
            }:
                return True
    return False


def is_party(p: Parse, i: int, lex: Lexicon, grounder: Grounder) -> bool:
    """Whether a noun phrase names somebody who can act or receive."""
    word = p.words[i]
    if i in p.names or word in {
        "us",
        "we",
        "you",
        "them",
        "they",
        "others",
        "anyone",
        "whom",
        "who",
        "each",
    }:
        return True
    if word in lex.sets["parties.third_heads"] or word in lex.sets["parties.user_words"]:
        return True
    first, last = trim(p, left_edge(p, i), i)
    text = p.span_text(first, last)
    if p.tags[i] in {"NNP", "NNPS"} and not grounder.known(text, Scheme.PLACE):
        return grounder.company(text) is not None or not grounder.known(text, Scheme.DATA)
    return grounder.known(text, Scheme.RECIPIENT) is not None
