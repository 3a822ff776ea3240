"""The complements of a verb, each to its role: recipient, source, purpose, place, condition, …

A complement is found on the verb or on its object ("share *your name* with vendors": the parser
hangs *with* on either), never below another clause. What one role takes, no other takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kg.grounding import Grounder, Scheme
from kg.model import Action
from kg.statements.frames import Frame
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse
from kg.statements.parties import is_addressee, is_publisher, is_user
from kg.statements.phrases import (
    Range,
    is_data,
    is_party,
    items,
    left_edge,
    noun_range,
    trim,
)

_SHARING = frozenset({Action.SHARE, Action.SELL, Action.TRANSFER})
_KEEPING = frozenset({Action.STORE, Action.RETAIN, Action.DELETE, Action.PROTECT})
_PLACED = frozenset(
    {
        Action.STORE,
        Action.RETAIN,
        Action.TRANSFER,
        Action.SHARE,
        Action.COLLECT,
        Action.USE,
        Action.DELETE,
    }
)
_OCCASION = frozenset(
    {
        "upon",
        "after",
        "before",
        "during",
        "until",
        "except",
        "without",
        "unless",
        "under",
        "following",
        "pursuant",
        "prior",
        "subject",
        "notwithstanding",
        "within_reason",
        "while",
        "when",
        "if",
        "once",
        "whenever",
    }
)
_MARKS = frozenset(
    ["if", "when", "whenever", "where", "wherever", "unless", "once", "after", "before", "provided", "while", "until", "except"]
)
#: Nouns after "with" or "to" that receive nothing.
_NO_RECEIVER = frozenset(
    ["extent", "law", "laws", "regulation", "regulations", "request", "requests", "purpose", "purposes", "address", "addresses", "email", "consent", "permission", "terms", "policy", "policies", "notice", "way", "ways", "use", "order", "accordance", "respect", "regard", "connection", "relation", "limitation", "basis", "choice", "choices", "exception", "time", "fact", "benefit", "detriment", "end", "ends", "interest", "interests", "process", "subpoena", "warrant", "claims", "obligation", "obligations", "rights", "transaction", "sale", "help", "care", "intention", "aim", "knowledge", "safeguards", "measures", "means", "standard", "standards", "clauses", "contract", "contracts", "agreement", "agreements", "information", "data", "details", "opportunity", "access"]
)
_OPENING = _MARKS | {"as", "so", "because", "that", "since", "for"}
_GROUNDS = frozenset(
    ["interest", "interests", "contract", "obligation", "obligations", "necessity", "performance", "requirement"]
)
_UNITS = frozenset(
    ["day", "days", "month", "months", "year", "years", "week", "weeks", "hour", "hours", "decade", "decades", "minutes", "period"]
)
_CORPORATE = frozenset(
    ["merger", "mergers", "acquisition", "bankruptcy", "reorganization", "reorganisation", "insolvency", "liquidation", "divestiture", "dissolution", "consolidation", "restructuring", "receivership"]
)
_TRAILING_STOP = frozenset({",", ";", ":", ".", "—", "-"})


@dataclass(slots=True)
class Roles:
    """Token ranges by role; actor, trigger and negation are not here."""

    data: list[int] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    purposes: list[Range] = field(default_factory=list)
    legal_bases: list[Range] = field(default_factory=list)
    locations: list[Range] = field(default_factory=list)
    retention: list[Range] = field(default_factory=list)
    conditions: list[Range] = field(default_factory=list)
    methods: list[Range] = field(default_factory=list)
    threats: list[Range] = field(default_factory=list)


@lru_cache(maxsize=8192)
def _is_place(grounder: Grounder, text: str) -> bool:
    return grounder.known(text, Scheme.PLACE) is not None


_NO_HOLDER = frozenset(
    ["form", "forms", "manner", "way", "order", "accordance", "connection", "case", "cases", "event", "time", "times", "conjunction", "relation", "addition", "response", "line", "part", "part", "confidence", "compliance", "format", "basis", "behalf", "day", "days", "month", "year", "future", "past", "aggregate", "extent", "fashion", "request", "interest", "sections", "section", "policy", "notice", "circumstances", "account", "support", "regard", "respect", "contact", "general"]
)


def word_is_holder(p: Parse, head: int) -> bool:
    """Whether a noun after "stored in" can hold data: "a locked cabinet", "Berlin"."""
    return p.tags[head].startswith("NN") and p.words[head] not in _NO_HOLDER


@dataclass(frozen=True, slots=True)
class Complements:
    """Assigns the complements of a frame."""

    p: Parse
    lex: Lexicon
    grounder: Grounder

    def roles(self, frame: Frame) -> Roles:
        """Everything that the frame's words say besides who acts."""
        p = self.p
        roles = Roles()
        for head in frame.objects:
            listed = items(p, head, self.lex)
            kept = [
                k
                for k in listed
                if is_data(p, k, self.lex, self.grounder, strict=False)
                or self._listed_with(k, frame)
            ]
            roles.data += [k for k in kept or listed[:1] if k not in roles.data]
        for head in frame.recipients:
            roles.recipients += [k for k in items(p, head, self.lex) if k not in roles.recipients]
        roles.data = [k for k in roles.data if p.words[k] not in self.lex.nouns]
        roles.sources += list(frame.sources)
        taken: set[int] = set()
        for anchor in frame.anchors:
            for k in self._complements(anchor, frame):
                if k not in taken:
                    taken.add(k)
                    self._assign(k, frame, roles)
        for above in self._above(frame):
            leader = (
                above in p.ancestors(frame.trigger)
                and p.deps[frame.trigger] == "conj"
                and above == p.heads[frame.trigger]
            )
            for k in p.kids[above]:
                if leader and k > above:
                    continue
                if (
                    k not in taken
                    and p.deps[k] in {"advcl", "prep", "advmod", "npadvmod"}
                    and k not in frame.anchors
                ):
                    taken.add(k)
                    self._assign_outer(k, frame, roles)
        asked = {
            q
            for k in p.children(frame.trigger, "prep")
            if p.words[k] == "for"
            for q in p.children(k, "pobj")
        }
        if asked & set(roles.data):  # "ask for your name"
            roles.purposes = [
                r
                for r in roles.purposes
                if not any(r[0] <= q <= r[1] for q in asked & set(roles.data))
            ]
        self._adverbs(frame, roles)
        self._stranded(frame, roles)
        if frame.action is Action.PROTECT:
            self._protection(frame, roles)
        if frame.consented is not None:
            roles.legal_bases.append((frame.consented, frame.consented))
        return roles

    def _listed_with(self, k: int, frame: Frame) -> bool:
        """Items of a list that names data belong to it, whatever their own head is."""
        p = self.p
        return (
            (p.deps[k] in {"conj", "appos", "pobj"}
            and p.tags[k].startswith(("NN", "VBG", "CD"))
            and p.words[k] not in {"services", "etc", "etc.", "more", "others", "us"}
            and k not in frame.recipients
            and not is_publisher(p, k, self.lex))
            or (p.deps[k] == "conj"
            and p.tags[k].startswith("NN")
            and not is_party(p, k, self.lex, self.grounder))
        )

    def _above(self, frame: Frame) -> list[int]:
        """Verbs whose conditions hold for the frame too: control verbs and conjunct leaders."""
        found = [v for v in frame.verbs[1:] if v not in frame.anchors]
        if frame.consented is not None:
            found.append(frame.consented)
        top = frame.verbs[-1] if frame.verbs else None
        # "Where permitted, you understand and accept …"
        if top is not None and self.p.deps[top] == "conj":
            found.append(self.p.heads[top])
        return found

    # ---- walking ------------------------------------------------------------------

    def _complements(self, anchor: int, frame: Frame) -> Iterator[int]:
        """Prepositions and clauses of a verb and of its objects, outermost first."""
        p = self.p
        for k in p.kids[anchor]:
            dep = p.deps[k]
            if dep in {"nsubj", "nsubjpass", "csubj"}:
                if k in frame.objects:  # passive: "information about you from partners"
                    yield from self._inside(k, frame)
                continue
            if dep in {"prep", "agent", "dative"} and self._is_prep(k):
                yield k
                yield from self._below_prep(k, frame)
            elif dep in {"advcl", "xcomp", "ccomp", "pcomp", "relcl", "acl"}:
                yield k
            elif dep in {
                "dobj",
                "attr",
                "appos",
                "npadvmod",
                "oprd",
                "acomp",
                "pobj",
                "conj",
                "nmod",
                "dep",
            }:
                if dep == "conj" and p.is_verb(k):
                    if any(p.words[q] == "so" for q in range(max(0, p.lefts[k] - 2), k)):
                        yield k
                    continue
                yield from self._inside(k, frame)

    def _is_prep(self, k: int) -> bool:
        return self.p.tags[k] in {
            "IN",
            "TO",
            "RP",
            "VBG",
            "VBN",
            "JJ",
            "RB",
            "CC",
            "WRB",
        } or self.p.words[k] in {"with", "to", "prior", "subject", "pursuant"}

    def _inside(self, noun: int, frame: Frame) -> Iterator[int]:
        """Complements that the parser hung on a noun of the verb's."""
        p = self.p
        for k in p.kids[noun]:
            dep = p.deps[k]
            if dep == "prep" and k > noun:
                word = p.words[k]
                if word in {"of", "about", "regarding", "concerning", "including", "like"} or (
                    word == "as" and p.words[k - 1] == "such"
                ):
                    yield from self._below_prep(k, frame)
                else:
                    yield k
                    yield from self._below_prep(k, frame)
            elif dep in {"conj", "appos"} and not p.is_verb(k):
                yield from self._inside(k, frame)
            elif (
                dep in {"relcl", "acl", "advcl"}
                and p.tags[k] == "VB"
                and p.child(k, "nsubj") is None
            ):
                if not self._is_consent(noun) and p.words[noun] not in {
                    "right",
                    "need",
                    "reason",
                    "order",
                    "basis",
                    "ability",
                }:
                    yield k  # "information to improve our services"
            elif (
                dep in {"amod", "acl"}
                and p.words[k] in {"necessary", "needed", "required", "used"}
                and k > noun
            ):
                yield from (q for q in p.children(k, "xcomp", "advcl") if self._has_to(q))
            elif dep in {"relcl", "advcl", "ccomp"} and (
                p.words[p.lefts[k]] in _MARKS
                or any(
                    p.words[q] in _MARKS and p.deps[q] in {"advmod", "mark"} and q < k
                    for q in p.kids[k]
                )
            ):
                yield k  # "information when you register"
            elif dep in {"acl", "relcl"}:
                yield from self._clause_tail(k, frame)

    def _clause_tail(self, clause: int, frame: Frame) -> Iterator[int]:
        """ "information you provide with partners", "data we collect to …": tails too far down."""
        p = self.p
        for k in p.kids[clause]:
            if p.deps[k] == "prep" and p.words[k] in {"with"} and frame.action in _SHARING:
                if any(
                    is_party(p, q, self.lex, self.grounder)
                    and not is_user(p, q, self.lex)
                    and not is_publisher(p, q, self.lex)
                    for q in p.children(k, "pobj")
                ):
                    yield k
            elif (
                p.deps[k] in {"xcomp", "advcl"}
                and p.tags[k] == "VB"
                and self._has_to(k)
                and (
                    frame.action is Action.USE
                    or (frame.action in _SHARING and p.tags[clause] == "VBG")
                )
            ) or (p.deps[k] == "prep" and p.words[k] == "for" and frame.action is Action.USE):
                yield k

    def _below_prep(self, prep: int, frame: Frame) -> Iterator[int]:
        p = self.p
        for k in p.kids[prep]:
            if p.deps[k] == "pobj":
                yield from self._inside(k, frame)
            elif p.deps[k] == "prep":
                yield k

    def _has_to(self, verb: int) -> bool:
        p = self.p
        return any(p.deps[k] == "aux" and p.words[k] == "to" for k in p.kids[verb])

    # ---- prepositions ---------------------------------------------------------------

    def _assign(self, k: int, frame: Frame, roles: Roles) -> None:
        p = self.p
        if p.deps[k] in {"advcl", "xcomp", "ccomp", "relcl", "acl", "pcomp", "conj"} and not (
            p.deps[k] == "acl" and not p.is_verb(k)
        ):
            self._clause(k, frame, roles)
        else:
            self._preposition(k, frame, roles)

    def _assign_outer(self, k: int, frame: Frame, roles: Roles) -> None:
        """Complements of verbs above: only what limits the whole clause."""
        p = self.p
        if p.deps[k] == "advcl":
            self._clause(k, frame, roles, outer=True)
        elif p.deps[k] == "prep" and self._is_prep(k):
            word = p.words[k]
            head = p.child(k, "pobj", "pcomp")
            if (
                word
                in {
                    "by",
                    "for",
                    "in",
                    "with",
                    "without",
                    "upon",
                    "at",
                    "on",
                    "as",
                    "during",
                    "where",
                    "under",
                    "subject",
                    "to",
                    "from",
                    "after",
                    "before",
                    "if",
                    "when",
                }
                and head is not None
            ):
                if word == "for" and k < frame.trigger:
                    roles.conditions.append(self._tail(head, k))
                elif (
                    word in {"with", "to", "from"}
                    and is_party(p, head, self.lex, self.grounder)
                    and not self._is_consent(head)
                ):
                    return
                else:
                    self._preposition(k, frame, roles, outer=True)

    def _preposition(self, k: int, frame: Frame, roles: Roles, *, outer: bool = False) -> None:
        p, lex = self.p, self.lex
        word = p.words[k]
        head = p.child(k, "pobj", "pcomp")
        if head is None:
            nested = p.child(k, "prep")
            if word in {"except", "only", "other", "rather"} and nested is not None:
                head = p.child(nested, "pobj", "pcomp")
                if head is None:
                    return
                if word == "except":
                    roles.conditions.append((k, self._tail(head, nested)[1]))
                else:
                    self._preposition(nested, frame, roles, outer=outer)
                return
            clause = p.child(k, "advcl", "ccomp")
            if clause is not None and word in {"except", "as", "until", "after", "before"}:
                self._clause(clause, frame, roles, mark=word)
            return
        head_word = p.words[head]
        if head_word in {"basis", "grounds", "ground", "bases"} or (word in {"because", "due"}):
            of = p.child(head, "prep")
            pobj = p.child(of, "pobj") if of is not None else None
            if word in {"because", "due"}:
                pobj = head
            if (
                pobj is not None
                and p.words[pobj]
                in _GROUNDS | self.lex.sets["consent.nouns"] | self.lex.sets["law.nouns"]
            ):
                roles.legal_bases += [
                    (left_edge(p, q), self._noun_end(q)) for q in items(p, pobj, self.lex)
                ]
                return
        if p.deps[head] == "pcomp" and (p.is_verb(head) or p.child(head, "nsubj") is not None):
            self._gerund(k, head, frame, roles)
            return
        if self._is_consent(head) and word in {
            "with",
            "without",
            "by",
            "upon",
            "on",
            "to",
            "of",
            "under",
            "after",
            "from",
        }:
            first = k if word == "without" else left_edge(p, head)
            last = self._noun_end(head)
            roles.legal_bases.append((left_edge(p, head), last))
            if frame.action is not Action.PROTECT:
                only = k - 1 if k and p.words[k - 1] == "only" else k
                roles.conditions.append((only if word in {"with", "without"} else first, last))
            return
        if head_word in {
            "order",
            "accordance",
            "compliance",
            "connection",
            "event",
            "response",
            "addition",
            "case",
            "cases",
            "circumstances",
            "instances",
            "exchange",
            "conjunction",
            "relation",
            "respect",
            "context",
            "course",
            "conformity",
        }:
            self._idiom(k, head, frame, roles)
            return
        if word == "for":
            self._for(k, head, frame, roles)
        elif word in {"with", "among", "between", "amongst"}:
            self._with(k, head, frame, roles)
        elif word == "to":
            self._to(k, head, frame, roles)
        elif word == "from":
            self._from(k, head, frame, roles)
        elif word in {
            "in",
            "on",
            "at",
            "within",
            "outside",
            "into",
            "across",
            "inside",
            "throughout",
            "onto",
        }:
            self._in(k, head, frame, roles)
        elif word in {"by", "through", "via", "using"}:
            self._by(k, head, frame, roles)
        elif word == "against":
            roles.threats += [
                trim(p, left_edge(p, q), self._noun_end(q)) for q in items(p, head, lex)
            ]
        elif word in {"under", "pursuant"}:
            if p.tags[head] == "CD" or head_word in {"control", "age"}:
                if head_word != "control":
                    roles.conditions.append((k, self._tail(head, k)[1]))
                return
            self._law_or_condition((left_edge(p, head), self._tail(head, k)[1]), roles)
        elif word in _OCCASION:
            if frame.action in {Action.RETAIN, Action.STORE, Action.DELETE} and word in {"until"}:
                roles.retention.append((k, self._tail(head, k)[1]))
                return
            if frame.action in {Action.RETAIN, Action.STORE, Action.DELETE} and self._is_period(
                head
            ):
                roles.retention.append(self._tail(head, k))
                return
            if head_word in {"limitation", "example"}:
                return
            roles.conditions.append((k, self._tail(head, k)[1]))
        elif word == "based":
            roles.legal_bases.append((left_edge(p, head), self._tail(head, k)[1]))
        elif word == "as" and head_word == "part":
            of = p.child(head, "prep")
            pobj = p.child(of, "pobj") if of is not None else None
            if pobj is not None:
                (
                    roles.purposes
                    if any(w in _CORPORATE for w in p.words[pobj : p.rights[pobj] + 1])
                    else roles.conditions
                ).append((p.lefts[pobj], self._tail(pobj, k)[1]))

    def _gerund(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        """A preposition with a clause: "for providing", "by clicking", "without notifying"."""
        p = self.p
        word = p.words[k]
        first = p.lefts[head]
        last = self._clause_end(head)
        if word == "for":
            roles.purposes += self._split_purposes(head)
        elif word in {"by", "through", "via"}:
            (roles.methods if frame.action is Action.PROTECT else roles.conditions).append(
                (head if word == "by" else first, last)
            )
        elif word in {"against", "from"} and frame.action is Action.PROTECT:
            roles.threats.append((first, last))
        elif word in {"without", "except"}:
            roles.conditions.append((k, last))
        elif word == "in" and frame.action is Action.USE and k > frame.trigger:
            roles.purposes += self._split_purposes(head)
        elif word in {
            "upon",
            "after",
            "before",
            "when",
            "while",
            "prior",
            "on",
            "in",
            "until",
            "if",
        }:
            roles.conditions.append(
                (k if word in {"after", "before", "prior", "upon"} else first, last)
            )
        elif word == "to":
            roles.purposes += self._split_purposes(head)

    def _for(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        p = self.p
        head_word = p.words[head]
        tail = self._tail(head, k)
        if self._is_period(head) or (
            frame.action in _KEEPING and any(w in _UNITS for w in p.words[tail[0] : tail[1] + 1])
        ):
            if frame.action in _KEEPING or frame.action is Action.USE:
                roles.retention.append((left_edge(p, head), self._tail(head, k)[1]))
            return
        if is_user(p, head, self.lex) or head_word in {"example", "instance"}:
            return
        if head_word in {"money", "consideration", "payment", "fee", "value"}:
            roles.conditions.append((k, tail[1]))
            return
        if head_word in {"purpose", "purposes", "reason", "reasons"}:
            for of in p.children(head, "prep"):
                if p.words[of] in {"of", "including", "like"}:
                    inner = p.child(of, "pcomp", "pobj")
                    if inner is not None:
                        before = len(roles.purposes)
                        roles.purposes += (
                            self._split_purposes(inner)
                            if p.is_verb(inner)
                            else self._noun_purposes(inner)
                        )
                        if len(roles.purposes) > before:
                            return
        if (
            k < frame.trigger
            and head_word not in {"purpose", "purposes"}
            and self.grounder.known(p.span_text(left_edge(p, head), head), Scheme.PURPOSE) is None
        ):
            roles.conditions.append((left_edge(p, head), self._tail(head, k)[1]))
            return
        roles.purposes += self._noun_purposes(head)

    def _noun_purposes(self, head: int) -> list[Range]:
        p = self.p
        found = [q for q in items(p, head, self.lex) if not p.deps[q] == "appos"]
        if len(found) == 1 or not all(p.tags[q].startswith(("NN", "VB", "JJ")) for q in found):
            return [
                trim(p, p.lefts[head] if p.lefts[head] >= 0 else head, self._tail(head, head)[1])
            ]
        if (
            any(p.words[q] in {"purposes", "purpose", "reasons"} for q in found[-1:])
            and len(found) == 2
        ):
            return [trim(p, left_edge(p, found[0]), self._noun_end(found[-1]))]
        result = []
        for n, q in enumerate(found):
            if p.is_verb(q):
                result.append((q, self._clause_end(q)))
                continue
            end = self._noun_end(q)
            if n + 1 < len(found):
                end = min(end, found[n + 1] - 1)
            result.append(trim(p, left_edge(p, q), max(q, end)))
        return result

    def _with(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        p, lex = self.p, self.lex
        if frame.action in _SHARING:
            if is_data(p, head, lex, self.grounder, strict=True) and not is_party(
                p, head, lex, self.grounder
            ):
                if not roles.data:
                    roles.data += items(p, head, lex)
            elif is_addressee(p, head) and not p.children(head, "conj"):
                return
            elif (
                self._receives(head)
                or (p.tags[head].startswith("NN")
                and p.words[head] not in _NO_RECEIVER)
            ):
                roles.recipients += [q for q in self._parties(head) if q not in roles.recipients]
            return
        if frame.action is Action.USE and lex.lemma(p.words[frame.trigger]) in {
            "combine",
            "link",
            "associate",
            "merge",
            "match",
            "aggregate",
            "connect",
            "tie",
            "compare",
        }:
            if is_data(p, head, lex, self.grounder, strict=False):
                roles.data += [q for q in items(p, head, lex) if q not in roles.data]
            return
        if frame.action is Action.PROTECT:
            roles.methods.append(trim(p, left_edge(p, head), self._tail(head, k)[1]))

    def _to(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        p, lex = self.p, self.lex
        if frame.action not in _SHARING and frame.action not in {Action.STORE}:
            return
        places = self._places(head)
        if places:
            roles.locations += places
            rest = [q for q in items(p, head, lex) if not self._place_noun(q)]
            if rest and rest[0] != head:
                return
            return
        if is_addressee(p, head) and not p.children(head, "conj"):
            return
        if head in roles.data:  # "sell to third parties information you …"
            roles.recipients += [
                q
                for q in p.children(head, "compound")
                if p.tags[q] == "NNS" and is_party(p, q, lex, self.grounder)
            ]
            return
        if frame.action in _SHARING and (
            self._receives(head)
            or (p.tags[head].startswith("NN")
            and p.words[head] not in _NO_RECEIVER
            and not is_data(p, head, lex, self.grounder, strict=False))
        ):
            roles.recipients += [q for q in self._parties(head) if q not in roles.recipients]

    def _receives(self, head: int) -> bool:
        """Whether a noun after "with" or "to" can receive data."""
        p = self.p
        if is_party(p, head, self.lex, self.grounder):
            return True
        return any(is_party(p, q, self.lex, self.grounder) for q in items(p, head, self.lex))

    def _parties(self, head: int) -> list[int]:
        p, lex = self.p, self.lex
        found = []
        for q in items(p, head, lex):
            if (
                p.is_verb(q)
                or (is_data(p, q, lex, self.grounder, strict=True)
                and not is_party(p, q, lex, self.grounder))
            ):
                continue
            if p.words[q] in {"etc", "etc.", "e.g.", "example"}:
                continue
            found.append(q)
        return found

    def _from(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        p, lex = self.p, self.lex
        if frame.action is Action.PROTECT:
            roles.threats += [
                trim(p, left_edge(p, q), self._noun_end(q)) for q in items(p, head, lex)
            ]
            return
        if frame.action is Action.DELETE:
            if self._place_noun(head):
                roles.locations.append(trim(p, left_edge(p, head), self._tail(head, k)[1]))
            return
        if frame.action in {Action.COLLECT, Action.USE}:
            sources = (
                self._parties(head)
                if is_party(p, head, lex, self.grounder)
                or p.words[head] in {"sources", "source", "registers"}
                else []
            )
            if (
                any(
                    p.words[q] in {"child", "children", "minors", "minor"} or is_user(p, q, lex)
                    for q in sources
                )
                and len(sources) == 1
            ):
                roles.sources += [q for q in sources if q not in roles.sources]
                return
            roles.sources += [
                q for q in sources if q not in roles.sources and not is_publisher(p, q, lex)
            ]

    def _in(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        p = self.p
        if (
            frame.action in {Action.DELETE, Action.RETAIN}
            and p.words[k] == "within"
            and self._is_period(head)
        ):
            roles.retention.append((k, self._tail(head, k)[1]))
            return
        if self._is_law(head):
            return
        if frame.action in _PLACED and (k > frame.trigger or p.deps[k] == "prep"):
            places = self._places(head, outside=k if p.words[k] == "outside" else None)
            if (
                not places
                and frame.action in {Action.STORE, Action.RETAIN}
                and word_is_holder(p, head)
            ):
                places = [
                    trim(p, left_edge(p, q), noun_range(p, q, self.lex, clauses=False)[1])
                    for q in items(p, head, self.lex)
                ]
            if places and (
                frame.action in {Action.STORE, Action.RETAIN, Action.TRANSFER, Action.DELETE}
                or self._named_place(head)
            ):
                roles.locations += [q for q in places if q not in roles.locations]

    def _named_place(self, head: int) -> bool:
        p = self.p
        first, last = trim(p, left_edge(p, head), head)
        return _is_place(self.grounder, p.span_text(first, last)) or p.words[head] in {
            "server",
            "servers",
            "country",
            "countries",
        }

    def _place_noun(self, head: int) -> bool:
        return self._named_place(head) or self.p.words[head] in self.lex.sets["places.nouns"]

    def _places(self, head: int, outside: int | None = None) -> list[Range]:
        p, lex = self.p, self.lex
        if not self._place_noun(head):
            return []
        found: list[Range] = []
        named: list[Range] = []
        for q in items(p, head, lex):
            first, last = trim(p, left_edge(p, q), q)
            if q == head and outside is not None:
                found.append((outside, self._noun_end(q)))
                continue
            if q != head and not self._place_noun(q):
                continue
            found.append((first, noun_range(p, q, lex, clauses=False)[1]))
            for k in p.subtree(q):  # "on servers in the United States"
                if p.words[k] in {"in", "within", "outside"} and p.deps[k] == "prep" and k > q:
                    for inner in p.children(k, "pobj"):
                        if self._named_place(inner):
                            for each in items(p, inner, lex):
                                named.append(trim(p, left_edge(p, each), each))
        return found + [n for n in named if n not in found]

    def _by(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        p = self.p
        if p.deps[k] == "agent" or is_party(p, head, self.lex, self.grounder):
            if frame.action is Action.COLLECT and p.words[k] in {"through", "via"}:
                roles.sources += [
                    q
                    for q in items(p, head, self.lex)
                    if q not in roles.sources and not is_publisher(p, q, self.lex)
                ]
            return
        span = trim(p, left_edge(p, head), self._tail(head, k)[1])
        if self._is_law(head) and p.words[k] == "by":
            roles.legal_bases.append(span)
        elif frame.action is Action.PROTECT:
            roles.methods.append(span)

    def _idiom(self, k: int, head: int, frame: Frame, roles: Roles) -> None:
        """ "in order to", "in accordance with", "in the event that", "in connection with"."""
        p = self.p
        word = p.words[head]
        last = self._tail(head, k)[1]
        if word == "order":
            for clause in p.kids[head]:
                if p.is_verb(clause):
                    roles.purposes += self._split_purposes(clause)
            return
        if word in {"connection", "course"}:
            (
                roles.purposes
                if k > frame.trigger or any(w in _CORPORATE for w in p.words[head:last])
                else roles.conditions
            ).append((head, last))
            return
        if word in {"relation", "conjunction", "context", "addition", "exchange", "respect"}:
            return
        if word in {"response"}:
            self._law_or_condition((head, last), roles)
            return
        if word in {"event", "case", "cases", "circumstances", "instances"}:
            inner = p.child(head, "acl", "relcl", "prep")
            if word in {"case", "cases", "instances", "circumstances"} and inner is None:
                return
            span = trim(p, p.lefts[head], p.rights[head])
            if any(w in _CORPORATE for w in p.words[span[0] : span[1] + 1]):
                of = p.child(head, "prep")
                pobj = p.child(of, "pobj") if of is not None else None
                roles.purposes.append(
                    (p.lefts[pobj], self._tail(pobj, head)[1]) if pobj is not None else span
                )
                return
            start = p.lefts[inner] if inner is not None and p.deps[inner] != "prep" else span[0]
            if start < span[1] and p.words[start] in {"that", "where", "when"}:
                start += 1
            roles.conditions.append((start, span[1]))
            return
        self._law_or_condition((k, last), roles)

    def _law_or_condition(self, span: Range, roles: Roles) -> None:
        p = self.p
        words = p.words[span[0] : span[1] + 1]
        if any(w in self.lex.sets["law.nouns"] or w == "article" for w in words) and not any(
            w in {"policy", "notice", "statement"} for w in words
        ):
            roles.legal_bases.append(trim(p, *span))
        else:
            roles.conditions.append(span)

    def _is_consent(self, head: int) -> bool:
        return self.p.words[head] in self.lex.sets["consent.nouns"]

    def _is_law(self, head: int) -> bool:
        return self.p.words[head] in self.lex.sets["law.nouns"] - {"obligation", "obligations"}

    def _is_period(self, head: int) -> bool:
        p = self.p
        return p.words[head] in self.lex.sets["retention.nouns"] | _UNITS or (
            p.words[head] == "long" and "as" in p.words[max(0, head - 1) : head]
        )

    # ---- clauses ----------------------------------------------------------------------

    def _clause(
        self, k: int, frame: Frame, roles: Roles, *, outer: bool = False, mark: str = ""
    ) -> None:
        p = self.p
        opener = next(
            (
                q
                for q in (*p.kids[k], p.lefts[k])
                if q < k
                and (p.deps[q] in {"mark", "advmod", "cc"} or q == p.lefts[k])
                and p.words[q] in _OPENING
            ),
            None,
        )
        word = mark or (p.words[opener] if opener is not None else "")
        first, last = p.lefts[k], self._clause_end(k)
        if word in {
            "if",
            "when",
            "whenever",
            "where",
            "wherever",
            "unless",
            "once",
            "after",
            "before",
            "provided",
            "while",
            "except",
        }:
            start = opener + 1 if opener is not None and opener + 1 <= last else first
            if word in {"unless", "except"} and opener is not None:
                start = opener
            words = p.words[first : last + 1]
            if words[-1:] == ("limitation",):
                return
            if (
                p.words[k] in {"needed", "necessary", "required", "reasonably"}
                and k > frame.trigger
            ):
                below = p.child(k, "xcomp", "advcl")
                if below is not None and self._has_to(below):
                    roles.purposes += self._split_purposes(below)
                    return
            if any(w in _CORPORATE for w in words):
                roles.purposes.append(trim(p, start, last, determiners=False))
                return
            if (
                word in {"where", "when", "if"}
                and k > frame.trigger
                and {"law", "legally", "laws"} & set(words)
                and {"required", "permitted", "require", "requires", "obligated"} & set(words)
            ):
                roles.legal_bases.append(trim(p, start, last))
                if "permitted" in words:
                    roles.legal_bases.pop()
                    roles.conditions.append((first, last))
                return
            roles.conditions.append(trim(p, start, last, determiners=False))
            return
        if word == "until":
            span = (first, last)
            (roles.retention if frame.action in _KEEPING else roles.conditions).append(span)
            return
        if word == "as":
            words = p.words[first : last + 1]
            below = p.child(k, "xcomp", "advcl")
            if (
                {"necessary", "needed", "required", "appropriate"} & set(words)
                and below is not None
                and self._has_to(below)
                and frame.action not in _KEEPING
            ):
                roles.purposes += self._split_purposes(below)
            elif {"law", "legally", "laws", "regulation", "regulations"} & set(words):
                roles.legal_bases.append(
                    trim(p, (opener if opener is not None else first) + 1, last)
                )
            elif "long" in p.words[max(0, first - 3) : first + 3]:
                start = next(
                    (q for q in range(max(0, first - 3), first + 3) if p.words[q] == "as"), first
                )
                (roles.retention if frame.action in _KEEPING else roles.conditions).append(
                    (start, last)
                )
                if below is not None and self._has_to(below):
                    roles.purposes += self._split_purposes(below)
            elif {"necessary", "needed", "long"} & set(words) and frame.action in _KEEPING:
                roles.retention.append((first, last))
            elif {
                "described",
                "set",
                "outlined",
                "stated",
                "provided",
                "permitted",
                "specified",
                "disclosed",
                "otherwise",
                "explained",
                "indicated",
                "required",
                "directed",
                "instructed",
            } & set(words):
                roles.conditions.append((first, last))
            return
        if word != "so" and p.deps[k] == "conj":
            before = next(q for q in range(max(0, first - 2), k) if p.words[q] == "so")
            roles.purposes.append(
                trim(
                    p, before + (2 if p.words[before + 1] == "that" else 1), last, determiners=False
                )
            )
            return
        if word == "so":
            roles.purposes.append(
                trim(
                    p,
                    (opener or first)
                    + (
                        2
                        if p.words[(opener or first) + 1 : (opener or first) + 2] == ("that",)
                        else 1
                    ),
                    last,
                )
            )
            return
        if outer and not (p.tags[k] == "VB" and self._has_to(k)):
            if p.tags[k] == "VBG" and k < frame.trigger:
                roles.conditions.append((first, last))
            return
        helped = p.child(k, "nsubj")
        ours = (
            helped is not None
            and is_publisher(p, helped, self.lex)
            and p.heads[k] == frame.trigger
            and frame.action is Action.USE
            and opener is None
        )
        if p.tags[k] == "VB" and (self._has_to(k) or ours) and (helped is None or ours):
            if p.deps[k] == "xcomp" and k < frame.trigger:
                return
            if k in frame.verbs:
                return
            lemma = self.lex.lemma(p.words[frame.trigger])
            if (
                p.deps[k] == "xcomp"
                and frame.trigger == p.heads[k]
                and lemma in {"need", "require", "continue"}
                and frame.action is not Action.USE
            ):
                return
            roles.purposes += self._split_purposes(k)
            return
        if p.tags[k] == "VBG" and p.deps[k] == "advcl" and p.child(k, "nsubj", "mark") is None:
            if p.words[k] in {"using", "employing", "utilizing", "applying"}:
                span = trim(p, k + 1 if frame.action is Action.PROTECT else k, last)
                (roles.methods if frame.action is Action.PROTECT else roles.conditions).append(span)
            elif p.words[k] == "depending":
                roles.conditions.append((first, last))

    def _split_purposes(self, verb: int) -> list[Range]:
        """One range a purpose of "to administer the sites and (to) compile statistics"."""
        p = self.p
        group = [verb]
        for v in group:
            group.extend(
                c
                for c in p.kids[v]
                if c not in group
                and (
                    p.deps[c] == "conj"
                    or (
                        p.deps[c] in {"advcl", "xcomp"}
                        and self._has_to(c)
                        and any(
                            p.words[q] in {"example", "including", ","}
                            for q in range(max(v, p.lefts[c] - 2), c)
                        )
                    )
                )
            )
        group = sorted(v for v in group if p.is_verb(v) or v == verb)
        members = []
        for v in group:
            if v != verb and p.child(v, "nsubj", "nsubjpass") is not None and not self._has_to(v):
                continue
            members.append(v)
        heads: list[int] = []
        for n, v in enumerate(members):
            following = members[n + 1] if n + 1 < len(members) else None
            own = p.child(
                v, "dobj", "prep", "xcomp", "ccomp", "dative", "advmod", "acomp", "attr", "prt"
            )
            if (
                following is not None
                and (own is None or own > following)
                and not self._has_to(following)
            ):
                continue  # "provide and improve the services" is one purpose
            heads.append(v)
        ranges: list[Range] = []
        first = self._purpose_start(verb)
        for n, v in enumerate(heads):
            following = next((m for m in members if m > v), None)
            last = (
                self._clause_end(v)
                if following is None
                else max(v, min(self._clause_end(v), self._before(following)))
            )
            if first <= last:
                ranges.append(trim(p, first, last))
            if following is not None:
                first = self._purpose_start(following)
        return [each for r in ranges if r[0] <= r[1] for each in self._cut_purpose(*r)]

    def _cut_purpose(self, first: int, last: int) -> list[Range]:
        """A purpose without "as described below", with "for X purposes" at its end apart."""
        p = self.p
        for k in range(first + 2, last):
            if p.words[k] == "as" and p.words[k + 1] in {
                "described",
                "discussed",
                "set",
                "detailed",
                "outlined",
                "explained",
                "further",
                "more",
            }:
                return [trim(p, first, k - 1, determiners=False)]
            if p.words[k] == "(" and p.words[k + 1] in {"such", "including", "e.g.", "for"}:
                return [trim(p, first, k - 1, determiners=False)]
            if (
                p.words[k] == "for"
                and p.words[last] in {"purposes", "purpose"}
                and p.deps[k] == "prep"
            ):
                start = k + 1
                return [
                    trim(p, first, k - 1 - (p.words[k - 1] in {"and", ","}), determiners=False),
                    trim(p, start, last),
                ]
        return [(first, last)]

    def _purpose_start(self, verb: int) -> int:
        p = self.p
        first = p.lefts[verb]
        if p.child(verb, "nsubj") is not None:
            return verb
        while first < verb and (
            p.words[first]
            in {
                "to",
                "in",
                "order",
                "so",
                "as",
                "also",
                "for",
                "and",
                "or",
                "example",
                "including",
                "only",
                "solely",
            }
            or p.deps[first] in {"punct", "cc"}
        ):
            first += 1
        return first

    def _before(self, verb: int) -> int:
        p = self.p
        at = self._purpose_start(verb) - 1
        while at > 0 and (
            p.words[at]
            in {
                "to",
                "and",
                "or",
                ",",
                ";",
                "also",
                "and/or",
                "/",
                "in",
                "order",
                "for",
                "example",
                "including",
            }
            or p.deps[at] in {"cc", "punct"}
        ):
            at -= 1
        return at

    def _clause_end(self, verb: int) -> int:
        """Last token of a clause, without a trailing condition or a coordinated clause."""
        p = self.p
        last = verb
        for k in p.kids[verb]:
            if k < verb:
                continue
            if p.deps[k] == "conj" and p.is_verb(k) and p.child(k, "nsubj") is not None:
                break
            if p.deps[k] == "punct" and p.words[k] in {".", ";", ":"}:
                continue
            if p.deps[k] == "cc":
                continue
            last = max(last, p.rights[k])
        while last > verb and (p.words[last] in _TRAILING_STOP or p.deps[last] == "cc"):
            last -= 1
        return last

    # ---- ends of phrases ----------------------------------------------------------------

    def _tail(self, head: int, prep: int) -> Range:
        """From the noun's first word to the end of what belongs to it."""
        p = self.p
        last = p.rights[head]
        for k in p.kids[head]:
            if k > head and p.deps[k] in {"punct"} and p.words[k] in {";", ":", "."}:
                last = min(last, k - 1)
        while last > head and (p.words[last] in _TRAILING_STOP or p.deps[last] == "cc"):
            last -= 1
        return left_edge(p, head), max(last, head)

    def _noun_end(self, head: int) -> int:
        """Last word of one item of a list, its own "of" phrase included."""
        p = self.p
        last = head
        for k in p.kids[head]:
            if k < head:
                continue
            if p.deps[k] in {"conj", "cc", "punct", "appos"}:
                break
            if p.deps[k] in {"prep", "case", "acl", "relcl"}:
                if p.deps[k] == "prep" and p.words[k] in {
                    "with",
                    "for",
                    "as",
                    "including",
                    "such",
                    "by",
                    "without",
                }:
                    break
                last = (
                    max(last, noun_range(p, head, self.lex, clauses=False)[1])
                    if p.deps[k] == "prep" and p.words[k] == "of"
                    else max(last, p.rights[k])
                )
        return last

    def _stranded(self, frame: Frame, roles: Roles) -> None:
        """ "transmitted to and stored by Google": the preposition shares the later object."""
        p = self.p
        if frame.action not in _SHARING or roles.recipients:
            return
        for k in p.children(frame.trigger, "prep", "dative"):
            if p.words[k] in {"to", "with"} and not p.kids[k]:
                for verb in p.conjuncts(frame.trigger)[1:]:
                    for agent in p.children(verb, "agent", "prep"):
                        for q in p.children(agent, "pobj"):
                            if self._receives(q):
                                roles.recipients += self._parties(q)
                                return

    def _protection(self, frame: Frame, roles: Roles) -> None:
        """Methods are what is taken or used to protect; data may stand inside the threat."""
        p, lex = self.p, self.lex
        tool = None
        for verb in (frame.trigger, *frame.verbs, *list(p.ancestors(frame.trigger))[:3]):
            if p.tags[verb].startswith("NN") and p.words[verb] in lex.sets["security.measures"]:
                tool = verb
                break
            if p.is_verb(verb) and verb != frame.trigger:
                tool = next(
                    (
                        k
                        for k in p.children(verb, "dobj")
                        if p.words[k] in lex.sets["security.measures"]
                    ),
                    None,
                )
                if tool is not None:
                    break
        if tool is None and lex.lemma(p.words[frame.trigger]) in lex.sets["security.verbs"]:
            tool = next(
                (
                    k
                    for k in p.children(frame.trigger, "dobj")
                    if p.words[k] in lex.sets["security.measures"]
                ),
                None,
            )
        if tool is not None:
            for q in items(p, tool, lex):
                span = trim(p, left_edge(p, q), q)
                if q not in roles.data and span not in roles.methods:
                    roles.methods.append(span)
        if not roles.data:
            first = frame.trigger
            for k in range(first, p.rights[first] + 1):
                if (
                    p.deps[k] == "pobj"
                    and p.words[p.heads[k]] in {"of", "to"}
                    and is_data(p, k, lex, self.grounder, strict=False)
                    and p.tags[k].startswith("NN")
                ):
                    roles.data += items(p, k, lex)
                    break

    def _adverbs(self, frame: Frame, roles: Roles) -> None:
        p, lex = self.p, self.lex
        for anchor in frame.anchors:
            for k in p.kids[anchor]:
                if p.deps[k] in {"advmod", "npadvmod"}:
                    word = p.words[k]
                    if word in lex.sets["retention.adverbs"] and frame.action in {
                        Action.STORE,
                        Action.RETAIN,
                    }:
                        roles.retention.append((k, k))
                    elif (
                        word in {"abroad", "overseas", "internationally", "worldwide", "globally"}
                        and frame.action in _PLACED
                    ):
                        roles.locations.append((k, k))
                    elif word in {"only", "solely", "exclusively"} and frame.action in _SHARING | {
                        Action.USE,
                        Action.COLLECT,
                    }:
                        roles.conditions.append((k, k))
                    elif word == "long" and frame.action in _KEEPING:
                        first = p.lefts[k]
                        roles.retention.append((first, p.rights[k]))
