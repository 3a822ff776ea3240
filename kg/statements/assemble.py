"""Frames and their roles -> statements: words become mentions with names and concepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from kg import iris
from kg.grounding import Grounder, Scheme
from kg.model import (
    Action,
    Definition,
    Evidence,
    Mention,
    Modality,
    Polarity,
    Statement,
    Support,
)
from kg.statements.complements import find_roles
from kg.statements.confidence import by_rules, facts, marks, probability
from kg.statements.contrasts import denied_roles
from kg.statements.finder import find_frames
from kg.statements.frames import SHARING, Frame
from kg.statements.grammar import Grammar
from kg.statements.join import add_tags, implied_frame, tagged_frames, with_actor
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse
from kg.statements.parties import (
    USER_IRI,
    Context,
    datum,
    is_publisher,
    is_us,
    is_user,
    party,
    publisher_mention,
)
from kg.statements.phrases import (
    Range,
    denied_items,
    is_data,
    is_example,
    items,
)
from kg.statements.polarity import modality, negation
from kg.statements.roles import LASTING, Roles
from kg.tagger import Tags

_PUBLIC = f"{iris.PF}Public"
_CHILD_WORDS = frozenset({"child", "children", "minor", "minors", "kid", "kids", "childrens"})
_BASIS_PURPOSE = re.compile(
    r"(?:fulfil|execute|conclude|perform\w*|fulfill\w*)\b.{0,25}\b(?:contract|agreement)|"
    r"(?:comply|complying|compliance)\b.{0,30}\b(?:law|laws|legal|regulat\w+)|"
    r"legitimate\b.{0,12}\binterests?",
    re.IGNORECASE,
)
_DEFINING = frozenset({"means", "mean", "includes", "include", "refers", "comprises"})
_EXPLAINING = _DEFINING | {"such", "including", "e.g.", "i.e."}
_UNDER_AGE = re.compile(
    r"\b(?:under|below|younger than)\s+(?:the age of\s+)?(?:1[0-8]|thirteen|sixteen|eighteen)\b",
    re.IGNORECASE,
)
_DATA, _PERSONAL = f"{iris.PF}Data", f"{iris.PF}PersonalData"
_GENERAL_TOP = frozenset({_DATA, _PERSONAL})


#: A statement, and the facts that its confidence rests on (none without a tagger).
Judged = tuple[Statement, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parsed text lies in the document: pieces of (start in text, end, start there).

    A list item is parsed together with its lead-in, so that its words lie in two places.
    """

    pieces: tuple[tuple[int, int, int], ...]
    item_start: int = 0

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Range in the document of a range of the parsed text, cut to its last piece."""
        for first, last, there in reversed(self.pieces):
            if end > first or (start == end and start >= first):
                start = max(start, first)
                return start - first + there, min(end, last) - first + there
        return start, end


@dataclass(frozen=True, slots=True)
class Assembler:
    """Turns the frames of one parse into statements."""

    p: Parse
    lex: Lexicon
    grounder: Grounder
    context: Context
    place: Place
    evidence: Evidence
    source: str
    item: bool = False
    excepted: bool = False
    tags: Tags | None = None
    frames: dict[tuple[object, ...], list[Frame]] = field(default_factory=dict)

    def statements(self) -> tuple[Statement, ...]:
        """All statements of the parse, in the order of their triggers."""
        return tuple(statement for statement, _ in self.judged())

    def judged(self) -> list[Judged]:
        """The statements, each with the facts that its confidence rests on."""
        start = (
            next((k for k, at in enumerate(self.p.starts) if at >= self.place.item_start), 0)
            if self.item
            else 0
        )
        grammar = Grammar(
            self.p, self.lex, self.grounder, self.item, start, self.context.antecedent
        )
        frames = self._frames(grammar)
        # A frame that comes to nothing governs no tag: what it would have takes the next one.
        read = [self._judged(grammar, frame, frames) for frame in frames]
        stating = [frame for frame, some in zip(frames, read, strict=True) if some]
        if self.tags is not None and len(stating) < len(frames):
            read = [self._judged(grammar, frame, stating) for frame in stating]
        found = [one for some in read for one in some]
        implied = None
        if self.tags is not None and not found:
            implied = implied_frame(grammar, self.tags)
        return found if implied is None else self._judged(grammar, implied, [implied])

    def _frames(self, grammar: Grammar) -> list[Frame]:
        """The frames of the parse, worked out once for all places that the sentence stands in."""
        place = grammar.item, grammar.item_start, grammar.antecedent
        if place not in self.frames:
            frames = _merged(find_frames(grammar))
            if self.tags is not None:
                frames += tagged_frames(grammar, self.tags, frames)
                frames = [with_actor(grammar, frame, self.tags, frames) for frame in frames]
            self.frames[place] = frames
        return self.frames[place]

    def _judged(self, grammar: Grammar, frame: Frame, frames: list[Frame]) -> list[Judged]:
        roles = find_roles(grammar, frame)
        if self.tags is not None:
            add_tags(grammar, frame, roles, self.tags, frames)
        roles, contrasts = denied_roles(grammar, frame, roles)
        found = [self._statement(frame, roles)]
        for cue, apart in contrasts:  # "with X but not with Y"
            found.append(self._statement(frame, apart, (cue, cue)))
        for head in frame.objects:  # "your name but not your address"
            for excepted, cue in denied_items(self.p, head):
                other = replace(frame, objects=(excepted,))
                found.append(self._statement(other, find_roles(grammar, other), (cue, cue)))
        return [read for read in found if read is not None]

    # ---- one statement ------------------------------------------------------------------

    def _statement(self, frame: Frame, roles: Roles, denied: Range | None = None) -> Judged | None:
        p, lex = self.p, self.lex
        action = frame.action
        actor = self._actor(frame)
        recipients, sources = (
            [
                party(p, k, lex, self.grounder, self.context, roles.cuts.get(k), receives=True)
                for k in heads
            ]
            for heads in (roles.recipients, roles.sources)
        )
        to_us = [k for k in roles.recipients if is_us(p, k, lex)]
        acts_us = frame.subject is None or is_publisher(p, frame.subject, lex)
        passed_to_us = frame.subject is None and len(to_us) == len(roles.recipients)
        if to_us and action in SHARING and passed_to_us and not frame.from_user:
            action, recipients = Action.COLLECT, []  # "crash reports are sent to us"
            roles.recipients = []
            actor = party(p, to_us[0], lex, self.grounder, self.context)
        elif to_us and action in SHARING and not acts_us and not frame.from_user:
            # "our partners provide us with …": we collect it from them
            action, sources, actor = (
                Action.COLLECT,
                [*sources, actor],
                party(p, to_us[0], lex, self.grounder, self.context),
            )
        recipients = [
            m
            for m, k in zip(recipients, roles.recipients, strict=True)
            if k not in to_us and self._is_recipient(m, k)
        ]
        if action in SHARING and acts_us:
            kept = [m for m in recipients if m.text.lower() not in {"you", "yourself"}]
            if recipients and not kept:
                return None
            recipients = kept
        if action is Action.SHARE and not recipients:
            recipients = self._public(frame)
        if (
            action is Action.TRANSFER
            and lex.lemma(p.words[frame.trigger]) == "move"
            and not roles.locations
            and not recipients
        ):
            return None
        if (
            action is Action.SHARE
            and not recipients
            and roles.locations
            and p.words[frame.trigger].startswith(("transmi", "sen"))
        ):
            action = Action.TRANSFER
        data = self._data(roles)
        if not data and not self._stands_without_data(frame, roles, action, recipients):
            return None
        if frame.tagged and self._may_be_denied(frame):
            return None
        cue = denied or negation(p, frame.trigger, frame.verbs, self._arguments(frame, roles), lex)
        if cue and self.excepted:
            # "We do not share your data, except: with …" says of each item that it is done.
            cue = None
        if cue and self._is_inability(action, cue, roles):
            return None
        if cue:
            recipients = self._without_exceptions(frame, roles, recipients)
        firmness = self._modality(frame, cue is not None)
        judged: tuple[float, ...] = ()
        if self.tags is None:
            confidence = by_rules(p, lex, frame, has_data=bool(data))
        else:
            judged = facts(p, lex, frame, action, self.tags, roles, denied=cue is not None)
            confidence = probability(judged)
        statement = Statement(
            action=action,
            polarity=Polarity.NEGATED if cue else Polarity.AFFIRMED,
            modality=firmness,
            trigger=self._trigger(frame),
            evidence=self.evidence,
            negation=self._mention(cue) if cue else None,
            actor=self.located(actor),
            data=data,
            recipients=self._distinct(recipients),
            sources=self._distinct(sources),
            purposes=self._grounded(filter(self._is_purpose, roles.purposes), Scheme.PURPOSE),
            legal_bases=self._grounded(
                [*roles.legal_bases, *self._legal_purposes(roles)], Scheme.BASIS
            ),
            locations=self._grounded(roles.locations, Scheme.PLACE),
            retention=self._grounded(roles.retention, None),
            conditions=self._conditions(roles, action),
            methods=self._grounded(roles.methods, None),
            threats=self._grounded(roles.threats, None),
            data_subject=self._data_subject(frame, data),
            confidence=confidence,
            support=self._support(frame, action),
        )
        return statement, judged

    def _may_be_denied(self, frame: Frame) -> bool:
        """Whether a negation that the rules cannot place stands beside what only tags state.

        To affirm what a policy denies is the worst that a reading can do.
        """
        p, i = self.p, frame.trigger
        near = range(max(0, i - _NEAR), min(len(p), i + 3))
        cues = [k for k in near if p.words[k] in self.lex.sets["negation.cues"]]
        # "if you do not agree, *we* delete it": a subject of its own parts it from the cue
        apart = (k for k in range(near.start, i) if p.deps[k] == "nsubj" and p.tags[k] == "PRP")
        after = max(apart, default=-1)
        return any(k > after for k in cues) and not negation(p, i, frame.verbs, [], self.lex)

    def _without_exceptions(
        self, frame: Frame, roles: Roles, recipients: list[Mention]
    ) -> list[Mention]:
        """ "not shared except *with couriers, to deliver it*": these are not denied."""
        p = self.p
        behind = (
            k
            for k in range(frame.trigger + 1, len(p))
            if p.words[k] in {"except", "unless", "excluding"}
            or p.words[k : k + 2] == ("other", "than")
        )
        first = next(behind, len(p))
        excepted = [r for r in roles.purposes if r[0] > first]
        roles.purposes = [r for r in roles.purposes if r not in excepted]
        if excepted and not any(r[1] > first for r in roles.conditions):
            roles.conditions = [*roles.conditions, (first, max(r[1] for r in excepted))]
        at = p.starts[first] if first < len(p) else len(p.text)
        return [m for m in recipients if m.start < at]

    def _stands_without_data(
        self, frame: Frame, roles: Roles, action: Action, recipients: list[Mention]
    ) -> bool:
        """ "We share with vendors", "We collect:", "protected by TLS" state something."""
        if frame.tagged and action in LASTING:
            return False  # "we hold a competition for the largest pumpkin"
        if frame.tagged:
            others = [m for m in recipients if m.iri != USER_IRI and action is not Action.SELL]
            return bool(roles.purposes or (not frame.implied and (others or roles.methods)))
        if action is Action.PROTECT:
            return bool(roles.methods)
        return not frame.objects and bool(
            recipients or self.p.words[-1] == ":" or action is Action.COLLECT
        )

    def _is_inability(self, action: Action, cue: Range, roles: Roles) -> bool:
        """ "cookies cannot be used to …": what a technology is unable to do is no promise."""
        words = self.p.words
        return (
            action is Action.USE
            and words[cue[1]] in {"not", "cannot", "n't"}
            and "can" in words[cue[0] : cue[1] + 1]
            and all(words[k] in {"cookie", "cookies", "beacon", "beacons"} for k in roles.data)
        )

    def _actor(self, frame: Frame) -> Mention:
        p, lex = self.p, self.lex
        if frame.subject is not None:
            return party(p, frame.subject, lex, self.grounder, self.context)
        if frame.from_user:
            for k in range(len(p)):
                if p.words[k] in {"us", "our", "we"} or k in p.names:
                    return publisher_mention(
                        self.context, p.span_text(k, k), p.starts[k], p.ends[k]
                    )
        at = p.starts[frame.trigger]
        return publisher_mention(self.context, "", at, at)

    def _arguments(self, frame: Frame, roles: Roles) -> list[int]:
        return [k for k in (frame.subject, *frame.objects, *roles.recipients) if k is not None]

    def _modality(self, frame: Frame, negated: bool) -> Modality:
        p = self.p
        by_user = frame.from_user or bool(
            frame.subject is not None and is_user(p, frame.subject, self.lex)
        )
        found = modality(p, frame.trigger, frame.verbs, self.lex, by_user=by_user)
        if frame.implied and not _POSSIBLY.isdisjoint(p.words):
            return Modality.MAY
        if negated and found is Modality.MAY:
            return Modality.ASSERTED  # "may not" forbids
        if self.excepted and found is Modality.ASSERTED:
            return Modality.MAY
        return found

    def _public(self, frame: Frame) -> list[Mention]:
        p = self.p
        for k in (frame.trigger, *p.kids[frame.trigger]):
            if p.words[k] in {"public", "publicly"}:
                return [Mention(p.span_text(k, k), p.starts[k], p.ends[k], _PUBLIC, "public")]
        return []

    # ---- mentions -------------------------------------------------------------------------

    def _mention(self, span: Range) -> Mention:
        start, end = self.place.locate(self.p.starts[span[0]], self.p.ends[span[1]])
        return Mention(self.source[start:end] if self.source else "", start, end)

    def _trigger(self, frame: Frame) -> Mention:
        """Its words; none, before the first word, where only the sense says what is done."""
        if not frame.implied:
            return self._mention((frame.trigger, frame.trigger))
        at = self.p.starts[frame.trigger]
        start, _ = self.place.locate(at, at)
        return Mention("", start, start)

    def located(self, mention: Mention) -> Mention:
        """A mention of the parsed text at its place in the document."""
        start, end = self.place.locate(mention.start, mention.end)
        return Mention(
            self.source[start:end], start, end, mention.iri, mention.label, mention.broader
        )

    def _distinct(self, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        found: dict[tuple[int, int, str | None], Mention] = {}
        for mention in mentions:
            located = self.located(mention)
            found.setdefault((located.start, located.end, located.iri), located)
        return tuple(found.values())

    def _data(self, roles: Roles) -> tuple[Mention, ...]:
        mentions: list[Mention] = []
        p = self.p
        for head in roles.data:
            if p.tags[head] in {"PRP", "DT", "WDT"} and p.words[head] not in {"you", "us"}:
                before = self._antecedent(head)
                if before:
                    mentions.extend(before)
                    continue
            cut = roles.cuts.get(head)
            found = datum(p, head, self.lex, self.grounder, self.context, cut)
            mentions.append(self._with_examples(head, found, roles.data))
        return self._distinct(
            m for m in mentions if not self.grounder.is_elsewhere(m.text, Scheme.DATA)
        )

    def _with_examples(self, head: int, found: Mention, heads: Sequence[int]) -> Mention:
        """ "information such as your name" is personal data, as its examples are."""
        p, lex = self.p, self.lex
        if found.iri != _DATA:
            return found
        examples = (
            datum(p, k, lex, self.grounder, self.context)
            for k in heads
            if k > head and is_example(p, k, lex)
        )
        named = [mention.broader or mention.iri or "" for mention in examples]
        if named and all(_PERSONAL in (one, *self.grounder.broader(one)) for one in named):
            personal = self.grounder.personal()
            return replace(found, iri=personal.iri, label=personal.label)
        return found

    def _antecedent(self, pronoun: int) -> list[Mention]:
        """What "it" and "them" stand for, when the sentence names it before."""
        p = self.p
        plural = p.words[pronoun] in {"they", "them", "these", "those"}
        for deps in ({"dobj", "nsubjpass", "nsubj"}, {"pobj"}):
            for k in range(pronoun - 1, -1, -1):
                if not p.tags[k].startswith("NN") or p.deps[k] not in deps:
                    continue
                found = [
                    q
                    for q in items(p, k, self.lex)
                    if q < pronoun and is_data(p, q, self.lex, self.grounder, strict=False)
                ]
                many = len(found) > 1 or p.tags[k] in {"NNS", "NNPS"} or p.words[k] == "data"
                if found and (many if plural else not many or p.words[k] == "data"):
                    return [datum(p, q, self.lex, self.grounder, self.context) for q in found]
        return []

    def _grounded(self, spans: Iterable[Range], scheme: Scheme | None) -> tuple[Mention, ...]:
        found: dict[tuple[int, int], Mention] = {}
        for span in spans:
            mention = self._mention(span)
            if not mention.text:
                continue
            if scheme is not None:
                ground = self.grounder.ground(mention.text, scheme, self.context.publisher or "")
                if ground is not None:
                    mention = Mention(
                        mention.text,
                        mention.start,
                        mention.end,
                        ground.iri,
                        ground.label,
                        ground.broader,
                    )
            found.setdefault((mention.start, mention.end), mention)
        return tuple(found.values())

    def _is_recipient(self, mention: Mention, head: int) -> bool:
        """Whether words in the place of a recipient are one, rather than data or a document."""
        if self.p.words[head] in self.lex.sets["parties.documents"]:
            return False
        return not self.grounder.is_elsewhere(mention.text, Scheme.RECIPIENT)

    def _is_purpose(self, span: Range) -> bool:
        """Whether words in the place of a purpose are one, rather than a name of something else."""
        if self.p.words[span[0]] in self.lex.sets["purposes.never"]:
            return False
        return not self.grounder.is_elsewhere(self.p.span_text(*span), Scheme.PURPOSE)

    def _legal_purposes(self, roles: Roles) -> list[Range]:
        """Purposes that name a legal basis: "to perform our contract", "to comply with the law"."""
        return [r for r in roles.purposes if _BASIS_PURPOSE.match(self.p.span_text(*r))]

    def _conditions(self, roles: Roles, action: Action) -> tuple[Mention, ...]:
        safeguards = self._safeguards(action)
        places = {(m.start, m.end) for m in safeguards}
        stated = self._grounded(roles.conditions, None)
        return (*(m for m in stated if (m.start, m.end) not in places), *safeguards)

    def _safeguards(self, action: Action) -> tuple[Mention, ...]:
        """Safeguards that the sentence names beside a transfer, by the ontology's names."""
        if action not in SHARING | {Action.STORE}:
            return ()
        found = []
        for match in _safeguard_names(self.grounder).finditer(self.p.text):
            ground = self.grounder.known(match.group(), Scheme.SAFEGUARD)
            if ground is not None:
                start, end = self.place.locate(match.start(), match.end())
                found.append(Mention(self.source[start:end], start, end, ground.iri, ground.label))
        return tuple(found)

    def _data_subject(self, frame: Frame, data: tuple[Mention, ...]) -> str | None:
        p = self.p
        if self.context.child or any(w in _CHILD_WORDS for w in p.words):
            near = range(max(0, frame.trigger - 12), min(len(p), frame.trigger + 20))
            if self.context.child or any(p.words[k] in _CHILD_WORDS for k in near):
                return "child"
        if _UNDER_AGE.search(p.text):
            return "child"
        if data and all(m.iri and self._is_impersonal(m.iri) for m in data):
            return None
        return "user"

    def _is_impersonal(self, iri: str) -> bool:
        top = f"{iris.PF}NonPersonalData"
        return iri == top or top in self.grounder.broader(iri)

    def _support(self, frame: Frame, action: Action) -> Support:
        if frame.tagged:
            return Support.TAGGER
        return Support.BOTH if self.tags and marks(self.tags, frame, action) else Support.RULES

    # ---- definitions ------------------------------------------------------------------------

    def definitions(self) -> tuple[Definition, ...]:
        """Terms that the sentence explains: "Contact Data means …", "data such as …"."""
        p, lex = self.p, self.lex
        found: list[Definition] = []
        if _EXPLAINING.isdisjoint(p.words):
            return ()
        for i in range(len(p)):
            if p.words[i] == "means" or (p.words[i] in _DEFINING and p.is_verb(i)):
                subject = p.child(i, "nsubj")
                if subject is None or not self._is_term(subject):
                    continue
                listed = [
                    o
                    for k in p.children(i, "dobj", "attr", "oprd", "ccomp")
                    for o in items(p, k, lex)
                ]
                listed += [
                    o
                    for k in p.children(i, "prep")
                    if p.words[k] == "to"
                    for q in p.children(k, "pobj")
                    for o in items(p, q, lex)
                ]
                found += self._definition(
                    subject, [o for o in listed if p.tags[o].startswith("NN")]
                )
            elif p.tags[i].startswith("NN") and is_data(p, i, lex, self.grounder, strict=True):
                examples = [
                    k
                    for k in items(p, i, lex)
                    if k != i
                    and is_example(p, k, lex)
                    and is_data(p, k, lex, self.grounder, strict=False)
                ]
                found += self._definition(i, examples)
        return tuple(found)

    def _is_term(self, i: int) -> bool:
        p = self.p
        return is_data(p, i, self.lex, self.grounder, strict=False) and (
            p.forms[i][:1].isupper()
            or (i > 0 and p.words[i - 1] in {'"', "``", "''"})
            or any(p.words[k] in {'"', "``", "''"} for k in p.kids[i])
        )

    def _definition(self, term: int, listed: list[int]) -> list[Definition]:
        named = datum(self.p, term, self.lex, self.grounder, self.context)
        if named.iri is None or not listed:
            return []
        if (
            named.iri in _GENERAL_TOP
            and self.p.words[term] in {"information", "data"}
            and not self.p.forms[term][:1].isupper()
        ):
            return []
        narrower = self._distinct(
            datum(self.p, k, self.lex, self.grounder, self.context) for k in listed
        )
        narrower = tuple(m for m in narrower if m.iri and m.iri != named.iri)
        if not narrower:
            return []
        return [Definition(self.located(named), narrower, self.evidence)]


#: So many tokens before a verb a negation may belong to it.
_NEAR = 12
_POSSIBLY = frozenset({"may", "might", "could"})
#: Verbs of one row stand at most so many tokens apart: "sell, trade, or otherwise rent".
_ROW = 5


@cache
def _safeguard_names(grounder: Grounder) -> re.Pattern[str]:
    names = sorted((name for name, _ in grounder.phrases(Scheme.SAFEGUARD)), key=len, reverse=True)
    joined = "|".join(rf"{re.escape(name)}(?:e?s)?" for name in names)
    return re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)


def _merged(frames: list[Frame]) -> list[Frame]:
    """One frame for verbs in a row that say the same: "sell, rent or trade"."""
    kept: list[Frame] = []
    for frame in frames:
        if not any(
            f.action is frame.action
            and f.objects == frame.objects
            and f.subject == frame.subject
            and (frame.trigger in f.anchors or frame.trigger - f.trigger <= _ROW)
            for f in kept
        ):
            kept.append(frame)
    return kept
