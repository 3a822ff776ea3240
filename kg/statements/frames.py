"""Which words of a sentence state an action, and who and what they take: verb -> Frame.

The frames over the dependency parse: active, passive, relative clauses, coordination, control
("ask you to provide"), nominal actions under a consent ("consent to the transfer of"), and a few
constructions without a verb of the lexicon ("is visible to", "helps us understand"). A frame
never takes the arguments of another verb, but for those that the grammar shares: the subject of
a conjunct, the object of "collect, use and share your data".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.grounding import Grounder
from kg.model import Action
from kg.statements.lexicon import Lexicon, Verb
from kg.statements.parse import Parse
from kg.statements.parties import is_addressee, is_publisher, is_user
from kg.statements.phrases import is_data, is_data_head, is_party, is_users, items
from kg.statements.polarity import chain

_CONDITION_MARKS = frozenset(
    ["if", "when", "whenever", "where", "wherever", "unless", "once", "after", "before", "while", "whether", "until", "although", "though", "because", "since", "as"]
)
_OCCASIONS = frozenset({"before", "after", "upon", "prior", "when", "while", "until"})
_QUESTION = frozenset({"how", "why", "what", "which", "whether", "who"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_EXPOSED = frozenset(
    {"visible", "available", "accessible", "viewable", "public", "known", "readable", "searchable"}
)
_HELPING = frozenset({"help", "allow", "enable", "assist", "permit", "let"})
_NEEDED = frozenset({"necessary", "required", "needed", "essential", "useful", "helpful"})
_LISTING = frozenset(
    {
        "include",
        "includes",
        "included",
        "including",
        "comprise",
        "comprises",
        "are",
        "is",
        "contain",
        "contains",
        "consist",
        "consists",
        "encompass",
        "encompasses",
        "be",
    }
)
_SHARING = frozenset({Action.SHARE, Action.SELL, Action.TRANSFER})
#: Inside a purpose these say what the purpose is.
_NOT_NESTED = frozenset(
    ["ask", "request", "need", "determine", "derive", "learn", "get", "see", "track", "monitor", "receive", "view", "record", "generate", "infer", "keep", "maintain"]
)
#: With others as subject these say that the data is shown to them.
_SEEN = frozenset({"read", "view", "see", "access", "retrieve"})
#: Verbs whose object needs no sign of being personal.
_LOOSE = frozenset(
    {"collect", "gather", "disclose", "divulge", "log", "attribute", "solicit", "publish"}
)
_NOT_COLLECTED = frozenset(
    ["payment", "payments", "debt", "debts", "fee", "fees", "tax", "taxes", "money", "amount", "amounts", "charges", "charge", "donations", "way", "ways", "services", "service"]
)
#: "process your payment" serves the user; the data is in other words.
_HANDLED = frozenset(
    ["payment", "payments", "order", "orders", "transaction", "transactions", "request", "requests", "purchase", "purchases", "return", "returns", "claim", "claims", "application", "applications"]
)
_HOLDING = frozenset({Action.COLLECT, Action.STORE, Action.RETAIN, Action.DELETE})
_UNDECIDED = frozenset(
    ["decision", "choice", "right", "rights", "option", "options", "ability", "opportunity", "refusal", "failure", "request", "requests", "attempt", "obligation", "obligations", "responsibility", "permission", "way", "ways", "consent", "chance", "need", "duty", "authority", "controls", "control"]
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A stated action and its arguments, as token indexes.

    Attributes:
        trigger: the word that states it.
        verbs: the verbs that carry its polarity and modality, nearest first.
        anchors: the verbs whose complements fill its other roles, its own first.
        subject: head of the phrase that acts; ``None`` when nobody is named.
        objects: heads of the data phrases, each with its list.
        recipients, sources: heads that the grammar gives outright (datives, "you provide").
        from_user: the user hands the data over.
        consented: stands under "you consent to".
        nested: inside another frame's purpose.
    """

    trigger: int
    action: Action
    verbs: tuple[int, ...]
    anchors: tuple[int, ...]
    subject: int | None = None
    objects: tuple[int, ...] = ()
    recipients: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    from_user: bool = False
    consented: int | None = None
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the frames of one parse."""

    p: Parse
    lex: Lexicon
    grounder: Grounder
    item: bool = False
    antecedent: bool = False
    item_start: int = 0

    # ---- grammar ------------------------------------------------------------------

    def is_passive(self, i: int) -> bool:
        """Whether a verb's subject undergoes the action."""
        p = self.p
        if p.child(i, "auxpass", "nsubjpass") is not None:
            return True
        if p.tags[i] not in {"VBN", "VBD"}:
            return False
        if p.deps[i] == "acl":
            return True
        if p.deps[i] == "conj" and p.child(i, "nsubj", "dobj", "aux") is None:
            return self.is_passive(p.heads[i])
        return False

    def subject(self, i: int) -> int | None:
        """Head of the verb's grammatical subject, through conjunction, control and relatives."""
        p = self.p
        for _ in range(12):
            if (
                i
                and p.child(i, "nsubj", "nsubjpass", "csubj") is None
                and p.tags[i] in {"VBZ", "NNS"}
                and p.deps[i] in {"ROOT", "conj", "ccomp"}
                and (i - 1 in p.names or p.tags[i - 1] in {"NNP", "NNPS"})
            ):
                return i - 1  # "Larkspur stores": read as a compound
            if p.deps[i] == "acl" and p.words[i] in {"designed", "intended", "aimed", "meant"}:
                above = next((a for a in p.ancestors(i) if p.is_verb(a)), None)
                if above is None:
                    return None
                i = above
            own = p.child(i, "nsubj", "nsubjpass", "csubj")
            if own is not None:
                if p.words[own] in _RELATIVE and p.tags[own] in {"WDT", "WP"}:
                    return self._antecedent(i)
                return own
            dep, head = p.deps[i], p.heads[i]
            if head == i:
                return None
            if dep == "conj" and not (
                p.is_verb(head) or p.deps[head] in {"ROOT", "ccomp", "advcl", "relcl"}
            ):
                return None
            if dep == "conj":
                i = head
            elif dep in {"acl", "relcl"}:
                if p.tags[i] == "VBG":
                    return head
                if p.tags[i] == "VB":  # "measures to protect"
                    verb = next((a for a in p.ancestors(i) if p.is_verb(a)), None)
                    if verb is None:
                        return None
                    i = verb
                else:
                    return self._antecedent(i)
            elif dep in {"xcomp", "ccomp", "advcl", "dep", "pcomp", "oprd"}:
                if dep == "pcomp":
                    verb = next((a for a in p.ancestors(i) if p.is_verb(a)), None)
                    if verb is None:
                        return None
                    head = verb
                controlled = self._controlled(head, i)
                if controlled is not None:
                    return controlled
                i = head
            else:
                return None
        return None

    def _controlled(self, head: int, verb: int) -> int | None:
        """ "ask you to provide", "prohibit them from using": the object acts."""
        p, lex = self.p, self.lex
        lemma = lex.lemma(p.words[head])
        if (
            lemma in lex.sets["control.asking"]
            or lemma in lex.sets["control.allowing"] - {"use", "help", "employ", "retain"}
            or lemma in lex.sets["control.forbidding"]
        ) and not self.is_passive(head):
            return next(
                (
                    k
                    for k in p.children(head, "dobj", "dative")
                    if k < verb and is_party(p, k, lex, self.grounder)
                ),
                None,
            )
        return None

    def _antecedent(self, i: int) -> int | None:
        p = self.p
        while p.deps[i] == "conj":
            i = p.heads[i]
        return p.heads[i] if p.deps[i] in {"relcl", "acl"} else None

    def objects(self, i: int) -> list[int]:
        """Heads of what undergoes the action, shared objects of conjuncts included."""
        p = self.p
        own = self._own_objects(i)
        own = [
            k
            for k in own
            if p.words[k] not in self.lex.verbs
            or p.child(k, "det", "poss", "amod", "compound") is not None
        ]
        if own:
            return own
        row = self._row(i)
        if len(row) > 2:
            for v in [r for r in row if r > i] + [r for r in reversed(row) if r < i]:
                found = [
                    k
                    for k in self._own_objects(v)
                    if k not in row
                    and (
                        p.words[k] not in self.lex.verbs
                        or p.child(k, "det", "poss", "amod", "compound") is not None
                    )
                ]
                if found:
                    return found
        leader = i
        while p.deps[leader] == "conj" and p.is_verb(p.heads[leader]):
            leader = p.heads[leader]
        group = [v for v in p.conjuncts(leader) if p.is_verb(v) or p.words[v] in self.lex.verbs]
        if len(group) > 1:
            later = [v for v in group if v > i] + [v for v in reversed(group) if v < i]
            for v in later:
                if p.child(v, "nsubj", "nsubjpass") is not None and v != leader and v > i:
                    continue
                found = self._own_objects(v)
                if found:
                    return found
        return self._stray_object(i)

    def _stray_object(self, i: int) -> list[int]:
        """A data phrase beside the verb that the parser hung elsewhere.

        "does not sell to third parties *information you submit*", "*all data* acquired or
        requested, either before or during …, will be used".
        """
        p = self.p
        if self.is_passive(i) or p.deps[i] in {"acl", "relcl", "amod"}:
            if p.child(i, "auxpass") is None or self.subject(i) is not None:
                return []
            for k in range(i - 1, -1, -1):
                if (
                    p.tags[k].startswith("NN")
                    and p.deps[k] not in {"pobj", "compound"}
                    and self._has_data(k, strict=False)
                ):
                    return [k]
            return []
        for prep in p.children(i, "prep", "dative"):
            if p.words[prep] in {"to", "with"}:
                for k in p.children(prep, "pobj"):
                    if is_data_head(p, k, self.lex) and any(
                        p.deps[q] == "compound"
                        and p.tags[q] == "NNS"
                        and is_party(p, q, self.lex, self.grounder)
                        for q in p.kids[k]
                    ):
                        return [k]
        for k in range(i + 1, min(len(p), i + 14)):
            if p.words[k] in {".", ";", ":"} or (
                p.is_verb(k) and p.deps[k] not in {"relcl", "acl", "amod", "conj"}
            ):
                return []
            if (
                p.tags[k].startswith("NN")
                and p.heads[k] != i
                and is_data_head(p, k, self.lex)
                and p.deps[k] not in {"compound", "pobj", "nsubj"}
            ):
                return [k] if self._has_data(k, strict=False) else []
        return []

    def _own_objects(self, i: int) -> list[int]:
        p = self.p
        if self.is_passive(i):
            subject = self.subject(i)
            if p.deps[i] == "acl":
                subject = p.heads[i]
            return [subject] if subject is not None else []
        found = p.children(i, "dobj", "dative", "nsubj_obj")
        found = [k for k in found if p.deps[k] == "dobj" or not self._is_to(k)]
        result = []
        for k in found:
            if p.words[k] in _RELATIVE and p.tags[k] in {"WDT", "WP"}:
                antecedent = self._antecedent(i)
                if antecedent is not None:
                    result.append(antecedent)
            else:
                result.append(k)
        if not result and self.lex.lemma(p.words[i]) in {"ask", "look", "inquire"}:
            for prep in p.children(i, "prep"):
                if p.words[prep] == "for":
                    result += p.children(prep, "pobj")
        if not result and p.words[i] in self.lex.verbs:
            # "collect and otherwise process [nsubj-like] …": small clauses
            for k in p.children(i, "ccomp", "oprd"):
                inner = p.child(k, "nsubj")
                if inner is not None and not p.is_verb(k) and k > i:
                    result.append(inner)
        return result

    def _is_to(self, k: int) -> bool:
        return self.p.words[k] in {"to", "for"}

    # ---- which words open a frame -------------------------------------------------

    def find(self) -> list[Frame]:
        """All frames of the parse, in the order of their triggers."""
        p = self.p
        if p.words[-1:] == ("?",):
            return []
        frames: list[Frame] = []
        if not self.item and not any(
            t in {"VBZ", "VBP", "VBD", "MD"} or (t == "VB" and p.child(k, "nsubj") is not None)
            for k, t in enumerate(p.tags)
        ):
            # A title or a fragment: it states nothing but what it names.
            return [
                f
                for i in range(len(p))
                if p.heads[i] == i and p.tags[i].startswith("NN")
                for f in self._fragment(i)
            ]
        for i in range(len(p)):
            frames.extend(self._at(i))
        if self.item and any(f.trigger >= self.item_start and not f.verbs for f in frames):
            # "… for these uses: circulation of data": the item says what is done
            frames = [f for f in frames if f.trigger >= self.item_start]
        unique: dict[tuple[int, Action], Frame] = {}
        for frame in frames:
            unique.setdefault((frame.trigger, frame.action), frame)
        return [unique[key] for key in sorted(unique)]

    def _at(self, i: int) -> Iterator[Frame]:
        p, lex = self.p, self.lex
        word = p.words[i]
        verb = lex.verbs.get(word)
        if verb is not None and not self._acts_as_verb(i):
            twin = self._twin(i)
            if twin is not None and not self._is_aside(twin):
                for frame in self._verbal(twin, verb):
                    yield replace(frame, trigger=i)
                return
        if verb is not None and self._acts_as_verb(i):
            if not self._is_aside(i):
                yield from self._verbal(i, verb)
        elif word in lex.nouns and p.tags[i].startswith(("NN", "VBG")):
            yield from self._nominal(i, lex.nouns[word])
        if self.item and word in lex.nouns and self.item_start <= i <= self.item_start + 2:
            yield from self._nominal_item(i, lex.nouns[word])
        if p.heads[i] == i and p.tags[i].startswith("NN"):
            yield from self._fragment(i)
        if word in _EXPOSED:
            yield from self._exposed(i)
        lemma = lex.lemma(word)
        if (word in _HELPING or lemma in _HELPING) and p.is_verb(i):
            yield from self._helping(i)
        if word in _NEEDED:
            yield from self._needed(i)
        if word in _LISTING and (p.is_verb(i) or p.tags[i].startswith("VB")):
            yield from self._listing(i)
        if lemma in lex.sets["security.verbs"] and p.is_verb(i):
            yield from self._measures(i)
        if word in lex.sets["security.states"]:
            yield from self._kept_safe(i)
        if word == "access" and not p.is_verb(i):
            yield from self._access(i)

    def _row(self, i: int) -> list[int]:
        """Verbs of the lexicon in a row, "collect, use, and share", whatever their tags."""
        p = self.p
        row = [i]
        for step in (-1, 1):
            at = i + step
            while 0 <= at < len(p):
                if p.words[at] in {",", "and", "or", "/", "and/or", "otherwise", "also"}:
                    at += step
                    continue
                if (
                    p.words[at] not in self.lex.verbs
                    or (at + 1 < len(p)
                    and p.words[at] == "aggregate"
                    and is_data_head(p, at + 1, self.lex))
                ):
                    break
                if abs(at - row[0 if step < 0 else -1]) < 2:
                    break
                row = [at, *row] if step < 0 else [*row, at]
                at += step
        return row

    def _twin(self, i: int) -> int | None:
        """For a verb of a row that was tagged as a noun: one of the row that was not."""
        p = self.p
        if not p.tags[i].startswith(("NN", "JJ")) or any(
            p.deps[k] in {"det", "poss", "amod", "prep"} for k in p.kids[i]
        ):
            return None
        row = self._row(i)
        if len(row) < 3:
            return None
        return next((v for v in row if v != i and self._acts_as_verb(v)), None)

    def _acts_as_verb(self, i: int) -> bool:
        p = self.p
        if p.words[i] == "protected" and i and p.words[i - 1] == "email":
            return False  # an address that a web page hides
        if (
            p.words[i] == "provided"
            and i
            and p.words[i - 1] == ","
            and p.words[i + 1 : i + 2] in {("that",), ("the",), ("you",), ("we",)}
        ):
            return False  # "…, provided that"
        if (
            p.words[i] in {"aggregate", "process"}
            and i + 1 < len(p)
            and is_data_head(p, i + 1, self.lex)
            and i
            and p.words[i - 1] in {"and", "or", "anonymous", "in", ",", "individual"}
            and p.words[i] == "aggregate"
        ):
            return False
        if p.is_verb(i):
            return p.deps[i] not in {"amod", "compound", "aux", "auxpass", "nmod"}
        if (
            p.tags[i] == "NNS"
            and i
            and (i - 1 in p.names or p.tags[i - 1] == "NNP")
            and p.words[i + 1 : i + 2]
            and p.words[i + 1]
            in {
                "your",
                "the",
                "this",
                "that",
                "these",
                "any",
                "all",
                "personal",
                "information",
                "data",
                "certain",
                "no",
                "it",
                "them",
            }
        ):
            return True  # "Google stores this information"
        if p.tags[i].startswith(("NN", "JJ", "IN")):  # mistagged: it has a verb's dependents
            return p.child(i, "dobj", "aux", "auxpass", "neg") is not None and p.deps[i] in {
                "ROOT",
                "conj",
                "ccomp",
            }
        return False

    def _is_aside(self, i: int) -> bool:
        """Whether the verb stands in a condition, or tells only how or what is described."""
        p, lex = self.p, self.lex
        at = i
        for verb in chain(p, i):
            at = verb
            if p.deps[verb] == "pcomp" and p.words[p.heads[verb]] in _OCCASIONS:
                return True
            for k in p.kids[verb]:
                if k > verb:
                    break
                word = p.words[k]
                if (
                    (p.deps[k] in {"mark", "advmod"} or k == p.lefts[verb])
                    and word in _CONDITION_MARKS
                    and p.deps[verb] in {"advcl", "ccomp", "relcl", "acl", "pcomp", "dep", "xcomp"}
                ):
                    return word not in {"although", "though", "because", "since"}
                if (
                    word in _QUESTION
                    and p.tags[k].startswith("W")
                    and p.deps[k] in {"advmod", "dobj", "attr", "pobj", "det"}
                    and p.deps[verb] != "relcl"
                ):
                    return True
        head = p.heads[at]
        if p.deps[at] == "csubj" or any(p.deps[above] == "csubj" for above in p.ancestors(at)):
            return True
        undergoes = p.child(at, "nsubjpass", "nsubj")
        if undergoes is not None and any(
            p.words[k] in {"which", "what", "whose"} and p.deps[k] == "det"
            for k in p.kids[undergoes]
        ):
            return True
        if p.deps[at] == "advcl" and (
            p.words[p.lefts[at]]
            in {"if", "when", "whenever", "where", "once", "unless", "while", "after", "before"}
            or any(
                p.words[k] in _CONDITION_MARKS and k < at and p.deps[k] in {"mark", "advmod"}
                for k in p.kids[at]
            )
        ):
            return True
        if p.deps[at] in {"ccomp", "xcomp", "pcomp"} and head != at:
            # "what information we collect"
            first = p.lefts[at]
            if p.words[first] in {"what", "which", "how", "why", "whose"}:
                return True
        # Under "if", "in the event that": the whole clause above is a condition.
        for above in p.ancestors(at):
            if (
                p.words[above] in {"event", "case", "extent"}
                and p.deps[above] == "pobj"
                and above < at
            ):
                return True
            if p.deps[above] == "advcl" and any(
                p.words[k] in {"if", "when", "whenever", "where", "unless", "once"}
                and p.deps[k] in {"mark", "advmod"}
                for k in p.kids[above]
            ):
                return True
        return bool(
            lex.lemma(p.words[i]) == "read" and p.heads[i] == i and p.child(i, "nsubj") is None
        )

    # ---- verbs ----------------------------------------------------------------------

    def _verbal(self, i: int, verb: Verb) -> Iterator[Frame]:
        p, lex = self.p, self.lex
        passive = self.is_passive(i)
        verbs = tuple(chain(p, i))
        root = verbs[-1]
        if p.deps[root] in {"relcl", "acl"} and self._is_presupposed(root, i):
            return
        lemma = verb.lemma
        subject = None if passive else self.subject(i)
        if passive:
            agent = self._agent(i)
            if (
                agent is not None
                and verb.action is Action.PROTECT
                and not (
                    is_publisher(p, agent, lex) or p.words[agent] in lex.sets["parties.third_heads"]
                )
            ):
                agent = None  # "protected by TLS"
            subject = agent
        objects = self.objects(i)
        if any(
            p.words[k] in {"what", "which"} and p.deps[k] == "det"
            for o in objects
            for k in p.kids[o]
        ):
            return  # "what information we collect": a title, an indirect question
        action, strong = verb.action, verb.strong
        if (
            subject is not None
            and p.words[subject] in lex.sets["not_an_actor.nouns"]
            and subject not in p.names
        ):
            return
        if (
            subject is not None
            and is_data_head(p, subject, lex)
            and not passive
            and action is not Action.USE
            and not is_publisher(p, subject, lex)
        ):
            return

        if subject is None and not passive and not self.item:
            return
        if lemma in {"keep", "hold", "maintain", "treat", "store"} and self._is_kept_safe(i):
            return  # said by _kept_safe
        if self._is_requested(i):
            return
        if subject is not None and self._is_thing(subject):
            if not strong:
                return
            subject = None
        user_acts = (
            subject is not None
            and is_user(p, subject, lex)
            and (not passive or verb.lemma in lex.sets["giving.verbs"])
        )
        forced_user = False
        recipients: list[int] = []
        sources: list[int] = []

        # "provide vendors with your data": the object receives, the data follows "with".
        if action in _SHARING | {Action.COLLECT} and not passive:
            objects, recipients = self._swap(i, objects)

        if lemma in {"ask", "request", "require", "prompt", "invite"}:
            # the infinitive below states it
            if any(
                p.deps[k] in {"xcomp", "ccomp", "advcl"}
                and (lex.lemma(p.words[k]) in lex.sets["giving.verbs"])
                for k in p.kids[i]
            ):
                return
            if (
                passive
                and lemma in {"require", "ask", "prompt", "invite"}
                and objects
                and is_user(p, objects[0], lex)
            ):
                return
            people = [
                k
                for k in objects
                if is_user(p, k, lex)
                or is_party(p, k, lex, self.grounder)
                or not self._has_data(k, strict=False)
            ]
            objects = [k for k in objects if k not in people]
            sources += people
            if not objects and people:
                for prep in p.children(i, "prep"):
                    if p.words[prep] == "for":
                        objects += p.children(prep, "pobj")
            if (
                lemma == "require"
                and subject is not None
                and not passive
                and not is_publisher(p, subject, lex)
            ):
                return

        if lemma in lex.sets["giving.only"] and not user_acts:
            return
        if user_acts:
            given = self._given(i, verb, objects, recipients)
            if given is None or self._is_withheld(verbs, passive):
                return
            action, forced_user, to_others = given
            if not to_others:
                sources.append(subject)  # type: ignore[arg-type]
                subject = None
                strong = lemma not in lex.sets["giving.needs_strict_data"]
            recipients += to_others
        elif self._is_imperative(i, subject, passive, verbs):
            return

        kept = [k for k in objects if self._is_object(k, i, verb, strong, action, recipients)]
        if not kept:
            if objects or passive:
                return
            if action is Action.PROTECT and any(
                p.words[k] in {"against", "from"} for k in p.kids[i]
            ):
                pass
            elif not (strong and self._awaits_object(i)) and not (
                action in _SHARING and strong and self._has_recipient(i)
            ):
                return
        if action in _SHARING and not user_acts and self._gives_to_user(i, verb, recipients, kept):
            return
        if (
            action is Action.COLLECT
            and (
                lemma in _SEEN
                or (lemma == "receive"
                and not any(p.words[k] == "from" for k in p.kids[i]))
            )
            and not user_acts
        ):
            # "can be read by others": it is shared with them
            seer = subject
            if (
                seer is not None
                and not is_publisher(p, seer, lex)
                and is_party(p, seer, lex, self.grounder)
            ):
                action, subject = Action.SHARE, None
                recipients = [seer]
        if (
            action is Action.STORE
            and lemma in {"place", "set", "put", "install", "write"}
            and not any(self._is_cookie(k) for k in kept)
            and not self._on_device(i)
        ):
            return
        if action is Action.DELETE and subject is None and all(self._is_cookie(k) for k in kept):
            return
        nested = self._is_nested(i)
        if nested and not verb.strong and (action is Action.USE or lemma in _NOT_NESTED):
            return
        yield Frame(
            trigger=i,
            action=action,
            verbs=verbs,
            anchors=self._anchors(i),
            subject=subject,
            objects=tuple(kept),
            recipients=tuple(recipients),
            sources=tuple(sources),
            from_user=forced_user,
            nested=nested,
        )

    def _is_withheld(self, verbs: tuple[int, ...], passive: bool) -> bool:
        """ "you may choose not to provide", "you should not send": no denial of ours."""
        p, lex = self.p, self.lex
        if passive:
            return False
        return any(
            lex.lemma(p.words[v]) in lex.sets["control.refusing"]
            or any(p.deps[k] == "neg" or p.words[k] in {"never"} for k in p.kids[v])
            for v in verbs
        )

    def _is_requested(self, i: int) -> bool:
        """ "you may ask us to delete": a right of the user, no practice."""
        p, lex = self.p, self.lex
        for above in chain(p, i)[1:] + [p.heads[chain(p, i)[-1]]]:
            if lex.lemma(p.words[above]) in {
                "request",
                "ask",
                "demand",
                "direct",
                "opt",
                "object",
                "want",
            } and p.is_verb(above):
                asker = p.child(above, "nsubj")
                if asker is not None and is_user(p, asker, lex):
                    return True
        return False

    def _is_thing(self, subject: int) -> bool:
        """Whether a subject is no party at all: "the purpose", "your wallet"."""
        p, lex = self.p, self.lex
        return (
            p.tags[subject] in {"NN", "NNS"}
            and subject not in p.names
            and not is_publisher(p, subject, lex)
            and not is_party(p, subject, lex, self.grounder)
        )

    def _is_kept_safe(self, i: int) -> bool:
        p = self.p
        for k in p.kids[i]:
            if (
                k > i
                and p.words[k] in self.lex.sets["security.states"]
                and p.deps[k] in {"acomp", "oprd", "ccomp", "advmod", "xcomp"}
            ):
                return True
            if (
                k > i
                and p.deps[k] == "prep"
                and any(p.words[q] in {"confidence", "confidential"} for q in p.kids[k])
            ):
                return True
        return False

    def _is_object(
        self, k: int, i: int, verb: Verb, strong: bool, action: Action, recipients: list[int]
    ) -> bool:
        """Whether what a verb takes is data, as strictly as the verb asks for."""
        p = self.p
        word = p.words[k]
        if p.tags[k] in {"PRP", "DT"} and word in {
            "it",
            "them",
            "this",
            "that",
            "these",
            "those",
            "they",
        }:
            return self._is_resolvable(k) and (strong or word in {"it", "them", "they"})
        if (
            verb.lemma in {"collect", "gather"}
            and p.tags[k].startswith("NN")
            and word not in _NOT_COLLECTED
            and not self.is_passive(i)
        ):
            return word not in {"information"} or self._has_data(k, strict=False)
        ours = action in _HOLDING and not self.is_passive(i) and self._by_publisher(i)
        if verb.lemma in _LOOSE or ours:
            return self._has_data(k, strict=False) or any(
                is_data(p, q, self.lex, self.grounder, strict=False, loose=True)
                for q in items(p, k, self.lex)
            )
        if verb.lemma == "process" and word in _HANDLED:
            return False
        if strong:
            return self._has_data(k, strict=False)
        if action is Action.SHARE and not (
            recipients
            or self.is_passive(i)
            or self._has_recipient(i)
            or any(is_users(p, q, self.lex) for q in items(p, k, self.lex))
        ):
            return False
        if self._has_data(k, strict=True):
            return True
        general = any(p.words[q] in self.lex.sets["data.general"] for q in items(p, k, self.lex))
        if action is Action.SHARE:
            return bool(recipients or self._has_recipient(i)) and (
                (general
                and self._has_data(k, strict=False))
                or any(
                    is_data(p, q, self.lex, self.grounder, strict=False, loose=True)
                    for q in items(p, k, self.lex)
                )
            )
        if action in {Action.RETAIN, Action.STORE} and any(
            w in {"days", "months", "years", "indefinitely"} for w in p.words[i:]
        ):
            return self._has_data(k, strict=False) or is_data_head(p, k, self.lex)
        return general and self._has_data(k, strict=False)

    def _by_publisher(self, i: int) -> bool:
        subject = self.subject(i)
        return (
            subject is not None
            and is_publisher(self.p, subject, self.lex)
            and not self._is_nested(i)
        )

    def _is_resolvable(self, k: int) -> bool:
        """Whether data was named before the pronoun, in the sentence or before it."""
        p = self.p
        return self.antecedent or any(
            p.tags[q].startswith("NN")
            and is_data_head(p, q, self.lex)
            and self._has_data(q, strict=False)
            for q in range(k)
        )

    def _has_data(self, head: int, *, strict: bool) -> bool:
        return any(
            is_data(self.p, k, self.lex, self.grounder, strict=strict)
            for k in items(self.p, head, self.lex)
        )

    def _is_cookie(self, head: int) -> bool:
        return any(
            self.p.words[k]
            in {
                "cookie",
                "cookies",
                "beacon",
                "beacons",
                "pixel",
                "pixels",
                "tag",
                "tags",
                "identifier",
                "identifiers",
                "file",
                "files",
                "technologies",
            }
            for k in items(self.p, head, self.lex)
        )

    def _on_device(self, i: int) -> bool:
        return any(w in {"server", "servers", "database", "databases"} for w in self.p.words[i:])

    def _awaits_object(self, i: int) -> bool:
        """ "We collect:" with what is collected elsewhere; "the following" counts."""
        p = self.p
        nxt = p.rights[i] + 1
        return (
            p.words[min(nxt, len(p) - 1)] == ":"
            or any(w == ":" for w in p.words[i : i + 8])
            or p.words[-1] == ":"
        )

    def _has_recipient(self, i: int) -> bool:
        p = self.p
        return any(
            p.words[k] in {"with", "to"}
            and any(is_party(p, q, self.lex, self.grounder) for q in p.children(k, "pobj"))
            for k in p.kids[i]
        )

    def _is_presupposed(self, root: int, i: int) -> bool:
        """ "the information we collect": says which information, states no flow of its own."""
        p, lex = self.p, self.lex
        head = p.heads[root]
        top = head
        for above in p.ancestors(head):
            top = above
        if (
            not self.item
            and not p.is_verb(top)
            and p.tags[top].startswith("NN")
            and p.tags[root] != "VBG"
        ):
            return True  # "Categories of parties to which we disclose it": a title
        if p.child(root, "nsubjpass") is not None and any(
            p.words[k] in {"which", "whom"} and p.heads[k] != root
            for k in range(p.lefts[root], root)
        ):
            return True  # "services with which your information is associated"
        if p.tags[root] == "VB" and p.child(root, "nsubj") is None:
            # "measures to protect" is done; "your decision to provide" need not be
            reserved = (
                (p.words[head] == "right"
                and self.lex.lemma(p.words[p.heads[head]]) == "reserve")
                or p.words[p.heads[head]].startswith("reserv")
            )
            return p.words[head] in _UNDECIDED and not reserved
        if p.words[root] in {"designed", "intended", "aimed", "meant"} and i != root:
            return False
        if p.deps[root] == "acl" and p.tags[root] == "VBG":
            return not is_party(p, head, lex, self.grounder)
        relative = p.child(root, "nsubj", "nsubjpass")
        if (
            relative is not None
            and p.words[relative] in _RELATIVE
            and not (
                is_party(p, head, lex, self.grounder)
                or self._is_cookie(head)
                or is_publisher(p, head, lex)
            )
        ):
            return True
        if relative is not None and p.words[relative] in _RELATIVE:
            # "partners who collect", "cookies, which collect"; but not "data that is collected"
            return self.is_passive(root) and "," not in p.words[max(0, relative - 1) : relative]
        if is_data_head(p, head, lex) or is_data(p, head, lex, self.grounder, strict=False):
            return True
        if p.deps[root] == "acl":
            return True
        return not any(
            is_party(p, head, lex, self.grounder) for _ in (0,)
        ) or not self._own_objects(i)

    def _agent(self, i: int) -> int | None:
        p = self.p
        at = i
        for _ in range(6):
            for k in p.children(at, "agent", "prep"):
                if p.words[k] == "by":
                    pobj = p.child(k, "pobj")
                    if pobj is not None and (
                        is_party(p, pobj, self.lex, self.grounder)
                        or is_publisher(p, pobj, self.lex)
                    ):
                        return pobj
            if p.deps[at] != "conj" or p.child(at, "auxpass", "nsubjpass") is not None:
                break
            at = p.heads[at]
        return None

    def _swap(self, i: int, objects: list[int]) -> tuple[list[int], list[int]]:
        """Objects and recipients of "provide vendors with your data", "give them your name"."""
        p, lex = self.p, self.lex
        datives = [k for k in p.children(i, "dative") if not self._is_to(k)]
        parties = [
            k
            for k in objects
            if not self._has_data(k, strict=True) and is_party(p, k, lex, self.grounder)
        ]
        rest = [k for k in objects if k not in parties and k not in datives]
        if (parties or datives) and not rest:
            for prep in p.children(i, "prep"):
                if p.words[prep] == "with":
                    rest += [k for k in p.children(prep, "pobj") if self._has_data(k, strict=False)]
        if datives and not parties:
            parties = datives
        if parties and not rest:
            return objects, []
        return rest or objects, parties

    def _given(
        self, i: int, verb: Verb, objects: list[int], recipients: list[int]
    ) -> tuple[Action, bool, list[int]] | None:
        """What "you provide …" says: (action, it comes from the user, who else receives it)."""
        p, lex = self.p, self.lex
        if (
            verb.lemma not in lex.sets["giving.verbs"]
            and verb.lemma not in lex.sets["publishing.verbs"]
        ):
            return None
        to = list(recipients)
        for k in [
            *p.children(i, "prep", "dative"),
            *(q for o in objects for q in p.children(o, "prep")),
        ]:
            if p.words[k] in {"to", "with"}:
                to += p.children(k, "pobj")
        others = [
            k
            for k in to
            if not is_publisher(p, k, lex)
            and not is_addressee(p, k)
            and p.tags[k].startswith(("NN", "PRP"))
            and (is_party(p, k, lex, self.grounder) or not self._has_data(k, strict=False))
        ]
        if others:
            return Action.SHARE, False, others
        if verb.lemma in {"post", "publish"}:
            return None
        return Action.COLLECT, True, []

    def _is_imperative(
        self, i: int, subject: int | None, passive: bool, verbs: tuple[int, ...]
    ) -> bool:
        """ "Delete your cookies": advice, unless it is an item under a lead-in."""
        p = self.p
        if subject is not None or passive or self.item:
            return False
        root = verbs[-1]
        for above in p.ancestors(root):
            root = above
        return p.tags[root] in {"VB", "VBP"} and p.child(root, "aux", "nsubj") is None

    def _gives_to_user(self, i: int, verb: Verb, recipients: list[int], objects: list[int]) -> bool:
        """ "send you information about our products": nothing of the user's leaves."""
        p, lex = self.p, self.lex
        to = list(recipients) + p.children(i, "dative")
        for k in [
            *p.children(i, "prep", "dative"),
            *(q for o in objects for q in p.children(o, "prep")),
        ]:
            if p.words[k] in {"to", "with"}:
                to += p.children(k, "pobj")
        to = [k for k in to if p.words[k] not in {"to", "with"}]
        if verb.strong:
            return bool(to) and all(is_addressee(p, k) for k in to)
        return bool(to) and all(is_user(p, k, lex) for k in to)

    def _anchors(self, i: int) -> tuple[int, ...]:
        """The verb, and conjuncts that share their object and so their complements."""
        p = self.p
        leader = i
        while p.deps[leader] == "conj" and p.is_verb(p.heads[leader]):
            leader = p.heads[leader]
        group = [v for v in p.conjuncts(leader) if p.is_verb(v)]
        anchors = [i]
        if len(group) > 1:
            mine = set(self.objects(i))
            for v in group:
                if v == i:
                    continue
                shares = self.is_passive(v) == self.is_passive(i) and set(self.objects(v)) & mine
                between = p.kids[max(v, i)]
                own = any(
                    p.deps[k] in {"aux", "auxpass", "nsubj", "nsubjpass"} and p.words[k] != "to"
                    for k in between
                )
                apart = any(
                    p.deps[k] == "prep" for k in p.kids[min(v, i)] if min(v, i) < k < max(v, i)
                ) and any(p.deps[k] == "prep" for k in p.kids[max(v, i)])
                if shares and not own and not apart:
                    anchors.append(v)
        return tuple(anchors)

    def _is_nested(self, i: int) -> bool:
        p = self.p
        at = i
        if p.child(at, "nsubj", "nsubjpass") is not None:
            return False
        while p.deps[at] in {"conj", "xcomp", "pcomp"} and p.heads[at] != at:
            if p.child(at, "nsubj", "nsubjpass") is not None:
                return False
            if p.deps[at] == "xcomp" and self.lex.lemma(p.words[p.heads[at]]) in self.lex.verbs:
                return True
            at = p.heads[at]
        return p.deps[at] in {"advcl", "acl"} and p.tags[at] in {"VB", "VBG"}

    # ---- constructions ----------------------------------------------------------------

    def _nominal(self, i: int, noun: Verb) -> Iterator[Frame]:
        """ "you consent to the transfer of your data": an action named under a consent."""
        p, lex = self.p, self.lex
        consent = None
        for above in p.ancestors(i):
            lemma = lex.lemma(p.words[above])
            if lemma in {
                "consent",
                "consents",
                "consenting",
                "agree",
                "agrees",
                "accept",
                "accepts",
                "authorize",
                "authorise",
                "acknowledge",
            } and (p.is_verb(above) or p.words[above].startswith("consent")):
                consent = above
                break
            if (
                p.is_verb(above)
                and lemma not in {"include", "including", "relate"}
                and p.deps[above] not in {"prep"}
                and lemma != "including"
            ):
                break
        if consent is None:
            yield from self._nominal_item(i, noun)
            return
        if any(p.deps[k] == "neg" for k in p.kids[consent]) or self._is_aside(consent):
            return
        objects: list[int] = []
        group = [i]
        at = i
        while p.deps[at] == "conj":
            at = p.heads[at]
            group.append(at)
        group += [k for k in p.conjuncts(at) if k not in group]
        for member in [
            i,
            *sorted(m for m in group if m > i),
            *sorted((m for m in group if m < i), reverse=True),
        ]:
            for prep in p.children(member, "prep"):
                if p.words[prep] == "of":
                    objects += [
                        k for k in p.children(prep, "pobj") if self._has_data(k, strict=False)
                    ]
            if objects:
                break
        if not objects:
            return
        agent = None
        for k in p.subtree(i):
            if p.words[k] == "by" and p.deps[k] in {"prep", "agent"}:
                agent = p.child(k, "pobj")
        if agent is not None and not (
            is_party(p, agent, lex, self.grounder) or is_publisher(p, agent, lex)
        ):
            agent = None
        yield Frame(
            trigger=i,
            action=noun.action,
            verbs=(),
            anchors=(i, *(m for m in group if m != i), *([consent] if consent else [])),
            subject=agent,
            objects=tuple(objects[:1]),
            consented=consent,
        )

    def _nominal_item(self, i: int, noun: Verb) -> Iterator[Frame]:
        """An item that names the action under a lead-in: "… for these uses: publication of"."""
        p = self.p
        if not self.item_start or not self.item_start <= i <= self.item_start + 2:
            return
        if any(p.is_verb(k) and k < i for k in range(self.item_start, i)):
            return
        own = [
            k
            for prep in p.children(i, "prep")
            if p.words[prep] == "of"
            for k in p.children(prep, "pobj")
            if self._has_data(k, strict=False)
        ]
        led = [
            k
            for k in range(self.item_start)
            if p.deps[k] in {"nsubjpass", "dobj", "nsubj"} and self._has_data(k, strict=False)
        ]
        if own or led:
            yield Frame(i, noun.action, (), (i,), None, tuple((own or led)[:1]))

    def _exposed(self, i: int) -> Iterator[Frame]:
        """ "is visible to other users", "make your name public"."""
        p, lex = self.p, self.lex
        head = p.heads[i]
        objects: list[int] = []
        subject: int | None = None
        if p.deps[i] in {"acomp", "oprd", "attr", "xcomp"} and lex.lemma(p.words[head]) in {
            "be",
            "is",
            "are",
            "become",
            "becomes",
            "remain",
            "was",
            "were",
        }:
            own = self.subject(head)
            objects = [own] if own is not None else []
            verbs = tuple(chain(p, head))
        elif (
            p.deps[i] in {"ccomp", "oprd", "acomp", "xcomp"} and lex.lemma(p.words[head]) == "make"
        ):
            inner = p.child(i, "nsubj") or p.child(head, "dobj")
            if self.is_passive(head):
                inner = self.subject(head)
            else:
                subject = self.subject(head)
            objects = [inner] if inner is not None else []
            verbs = tuple(chain(p, head))
        elif p.deps[i] == "amod" and i > head and (maker := self._maker(head)) is not None:
            # "make the results of any survey available": hung on the last noun
            head, subject = maker, None if self.is_passive(maker) else self.subject(maker)
            objects, verbs = self.objects(head), tuple(chain(p, head))
        else:
            return
        if self._is_aside(head) or (p.deps[verbs[-1]] in {"relcl", "acl"}):
            return
        made = lex.lemma(p.words[head]) == "make"
        kept = [
            k
            for k in objects
            if p.words[k] not in {"this", "that", "it", "these"}
            and (
                self._has_data(k, strict=False)
                or (made and is_data(p, k, lex, self.grounder, strict=False, loose=True))
            )
        ]
        if subject is not None and is_user(p, subject, lex):
            return
        if not kept or p.words[i] == "known":
            return
        to = [
            q
            for k in (*p.kids[i], *p.kids[head])
            if p.words[k] in {"to", "by"}
            for q in p.children(k, "pobj")
        ]
        if to and all(is_user(p, k, lex) or is_publisher(p, k, lex) for k in to):
            return
        if not to and any(w.startswith("public") for k in kept for w in p.words[p.lefts[k] : k]):
            return  # "public information is public"
        if not to and p.words[i] == "available":
            publicly = any(p.words[k] == "publicly" for k in p.kids[i])
            if not publicly:
                return
        yield Frame(
            i,
            Action.SHARE,
            verbs,
            (i, head),
            subject,
            tuple(kept),
            tuple(to),
            nested=self._is_nested(head),
        )

    def _maker(self, noun: int) -> int | None:
        p = self.p
        return next(
            (
                a
                for a in p.ancestors(noun)
                if p.is_verb(a)
                and self.lex.lemma(p.words[a]) in {"make", "makes", "making", "made"}
            ),
            None,
        )

    def _helping(self, i: int) -> Iterator[Frame]:
        """ "This data helps us to understand …": a use, for what follows."""
        p, lex = self.p, self.lex
        subject = p.child(i, "nsubj")
        if subject is None or p.child(i, "xcomp", "ccomp", "advcl", "prep") is None:
            return
        for k in p.kids[i]:
            if (
                p.deps[k] in {"xcomp", "ccomp"}
                and lex.lemma(p.words[k]) in lex.verbs
                and self.objects(k)
            ):
                if lex.verbs.get(p.words[k]) and any(
                    self._has_data(o, strict=True) for o in self.objects(k)
                ):
                    return
        if (
            not self._has_data(subject, strict=False)
            or p.words[subject] in {"it", "they"}
            or p.tags[subject] in {"WDT", "WP"}
        ):
            return
        whom = [k for k in p.children(i, "dobj", "nsubj") if k > i]
        whom += [q for k in p.children(i, "xcomp", "ccomp") for q in p.children(k, "nsubj")]
        if not any(is_publisher(p, k, lex) for k in whom):
            return
        if self._is_aside(i):
            return
        yield Frame(i, Action.USE, tuple(chain(p, i)), (i,), None, (subject,))

    def _fragment(self, root: int) -> Iterator[Frame]:
        """ "Information you provide when you register": a heading-like list item."""
        p, lex = self.p, self.lex
        if (
            self.item
            or not self._has_data(root, strict=False)
            or p.words[root] not in lex.sets["data.general"]
        ):
            return
        for k in p.children(root, "relcl", "acl"):
            verb = lex.verbs.get(p.words[k])
            giver = self.subject(k) if not self.is_passive(k) else self._agent(k)
            if verb is None or giver is None or p.child(k, "dobj") is not None:
                continue
            if is_user(p, giver, lex) and verb.lemma in lex.sets["giving.verbs"]:
                yield Frame(k, Action.COLLECT, (k,), (k,), None, (root,), sources=(giver,))
            elif verb.action is Action.COLLECT and is_publisher(p, giver, lex):
                yield Frame(k, Action.COLLECT, (k,), (k,), giver, (root,))

    def _needed(self, i: int) -> Iterator[Frame]:
        """ "This information is necessary for registration"."""
        p, lex = self.p, self.lex
        head = p.heads[i] if p.deps[i] in {"acomp"} else i
        subject = p.child(head, "nsubj", "nsubjpass")
        if subject is None or self._is_aside(head) or is_user(p, subject, lex):
            return
        if not self._has_data(subject, strict=False) or p.words[subject] in {"it", "that", "this"}:
            return
        if p.words[i] == "required" and not self._completes(i, {"to", "for"}):
            return
        if not self._completes(i, {"to", "for", "in"}):
            return
        yield Frame(i, Action.COLLECT, tuple(chain(p, head)), (i, head), None, (subject,))

    def _completes(self, i: int, words: set[str]) -> bool:
        p = self.p
        return any(
            (p.deps[k] in {"xcomp", "advcl"} and p.tags[k] == "VB")
            or (p.deps[k] == "prep" and p.words[k] in words)
            for k in (*p.kids[i], *p.kids[p.heads[i]])
        )

    def _listing(self, i: int) -> Iterator[Frame]:
        """ "The information we collect includes your name and e-mail address"."""
        p, lex = self.p, self.lex
        subject = p.child(i, "nsubj", "nsubjpass")
        if subject is None:
            return
        for k in p.subtree(subject):
            verb = lex.verbs.get(p.words[k])
            if verb is None or p.deps[k] not in {"relcl", "acl", "ccomp", "conj"}:
                continue
            listed = p.children(i, "dobj", "attr", "appos", "oprd")
            if p.words[subject] in {
                "types",
                "categories",
                "kinds",
                "type",
                "category",
                "examples",
            } or self._has_data(subject, strict=False):
                kept = [o for o in listed if self._has_data(o, strict=False)]
                if kept:
                    action = verb.action
                    giver = self.subject(k)
                    sources: tuple[int, ...] = ()
                    if giver is not None and is_user(p, giver, lex):
                        if verb.lemma not in lex.sets["giving.verbs"]:
                            return
                        action, sources, giver = Action.COLLECT, (giver,), None
                    if self.is_passive(k):
                        giver = self._agent(k)
                    yield Frame(k, action, (k,), (k,), giver, tuple(kept), sources=sources)
                return
        before = [p.words[k] for k in p.kids[subject] if k < subject]
        if (
            p.words[i] in {"include", "includes", "included", "comprise", "comprises", "contain"}
            and p.words[subject] in lex.sets["data.general"]
            and not self._is_aside(i)
            and not any(w in {'"', "``"} for w in before)
            and p.forms[subject][:1].islower()
        ):
            kept = [
                o for o in p.children(i, "dobj", "attr", "appos") if self._has_data(o, strict=False)
            ]
            if kept:
                yield Frame(i, Action.COLLECT, tuple(chain(p, i)), (i,), None, tuple(kept))

    def _measures(self, i: int) -> Iterator[Frame]:
        """ "We use encryption", "we maintain safeguards": protection without a protecting verb."""
        p, lex = self.p, self.lex
        if any(
            lex.verbs.get(p.words[k]) is not None and lex.verbs[p.words[k]].action is Action.PROTECT
            for k in p.subtree(i)
            if p.is_verb(k)
        ):
            return
        objects = self.objects(i)
        for head in objects:
            if p.words[head] not in lex.sets["security.measures"]:
                continue
            phrase = [p.words[k] for k in p.subtree(head)]
            if not any(w in lex.sets["security.cues"] for w in phrase):
                continue
            subject = self.subject(i)
            if (subject is not None and is_user(p, subject, lex)) or self._is_aside(i):
                return
            data = [
                k
                for k in p.subtree(i)
                if k > head
                and p.deps[k] in {"dobj", "pobj"}
                and is_data(p, k, lex, self.grounder, strict=False)
                and p.tags[k].startswith("NN")
            ]
            if (
                not data
                and p.words[head]
                in {
                    "security",
                    "technologies",
                    "technology",
                    "systems",
                    "policies",
                    "practices",
                    "standards",
                    "means",
                    "methods",
                    "efforts",
                    "processes",
                }
                and not any(w in {"encryption", "ssl", "tls"} for w in phrase)
            ):
                return
            yield Frame(i, Action.PROTECT, tuple(chain(p, i)), (i,), subject, tuple(data[:1]))
            return

    def _kept_safe(self, i: int) -> Iterator[Frame]:
        """ "keep your data secure", "is held in confidence"."""
        p, lex = self.p, self.lex
        head = p.heads[i]
        if p.deps[i] == "pobj" or p.words[head] == "as":
            head = p.heads[head]
        lemma = lex.lemma(p.words[head])
        if lemma not in {
            "keep",
            "hold",
            "treat",
            "maintain",
            "handle",
            "remain",
            "store",
            "ensure",
            "stay",
            "process",
        } and p.words[head] not in {"remain", "remains"}:
            inner = p.child(i, "nsubj")
            copula = (
                lemma in {"be", "is", "are"}
                and p.deps[i] == "acomp"
                and p.words[i] in {"secure", "safe", "confidential", "encrypted"}
            )
            if not copula and (lemma not in {"keep", "make", "ensure"} or inner is None):
                return
            if copula and any(p.deps[k] == "neg" for k in p.kids[head]):
                return
            if copula and any(
                lex.lemma(p.words[a]) in {"guarantee", "warrant"}
                or (
                    p.words[a] in {"ensure", "assure"}
                    and any(p.deps[k] == "neg" for k in p.kids[a])
                )
                for a in p.ancestors(head)
            ):
                return
        if p.words[i] == "private" and lemma not in {"keep", "remain", "hold"}:
            return
        objects = self.objects(head)
        inner = p.child(i, "nsubj")
        if inner is not None:
            objects = [inner]
        stays = lemma in {"remain", "stay", "be", "is", "are"} or p.words[head] in {
            "remains",
            "is",
            "are",
            "be",
        }
        subject = None if self.is_passive(head) or stays else self.subject(head)
        if stays:
            own = self.subject(head)
            objects = [own] if own is not None else []
        kept = [k for k in objects if self._has_data(k, strict=False) and not is_user(p, k, lex)]
        if not kept or (subject is not None and is_user(p, subject, lex)) or self._is_aside(head):
            return
        if self.p.deps[chain(p, head)[-1]] in {"relcl", "acl"} and p.tags[head] != "VB":
            return
        trigger = i if stays else head
        yield Frame(trigger, Action.PROTECT, tuple(chain(p, head)), (head,), subject, tuple(kept))

    def _access(self, i: int) -> Iterator[Frame]:
        """ "vendors have access to your data", "we give them access to it"."""
        p, lex = self.p, self.lex
        head = p.heads[i]
        lemma = lex.lemma(p.words[head])
        if lemma not in {
            "have",
            "provide",
            "give",
            "grant",
            "allow",
            "gain",
            "get",
            "obtain",
            "receive",
            "has",
        } or p.deps[i] not in {"dobj", "nsubjpass"}:
            return
        objects = [
            o
            for k in p.children(i, "prep")
            if p.words[k] == "to"
            for o in p.children(k, "pobj")
            if self._has_data(o, strict=False)
        ]
        objects += [
            o
            for k in p.children(head, "prep", "dative")
            if p.words[k] == "to"
            for o in p.children(k, "pobj")
            if self._has_data(o, strict=True)
        ]
        if not objects or self._is_aside(head) or p.deps[head] in {"relcl", "acl"}:
            return
        subject = self.subject(head)
        if subject is None or is_user(p, subject, lex):
            return
        if lemma in {"provide", "give", "grant", "allow"}:
            to = [
                k
                for k in p.children(head, "dative", "dobj")
                if k != i and is_party(p, k, lex, self.grounder)
            ]
            to += [
                o
                for k in p.children(head, "dative", "prep")
                if p.words[k] in {"to", "with"}
                for o in p.children(k, "pobj")
                if is_party(p, o, lex, self.grounder) and o not in objects
            ]
            if any(is_user(p, k, lex) for k in to):
                return
            yield Frame(
                i,
                Action.SHARE,
                tuple(chain(p, head)),
                (head, i),
                subject,
                tuple(objects[:1]),
                tuple(to),
            )
        elif is_publisher(p, subject, lex):
            yield Frame(
                i, Action.COLLECT, tuple(chain(p, head)), (head, i), subject, tuple(objects[:1])
            )
        else:
            yield Frame(
                i,
                Action.SHARE,
                tuple(chain(p, head)),
                (head, i),
                None,
                tuple(objects[:1]),
                (subject,),
            )
