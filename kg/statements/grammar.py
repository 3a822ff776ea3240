"""Parse -> who acts and what is acted on: voice, subjects, objects, conjunction, control.

A :class:`Grammar` answers questions about the verbs of one parse. In "vendors who are asked to
store and delete your data" the subject of *delete* is *vendors* (through conjunction, control
and the relative clause), and its object is *data*, which *store* shares.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.grounding import Grounder
from kg.statements import parties, phrases
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse
from kg.statements.phrases import is_data_head, items

_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
RELATIVES = frozenset({"who", "which", "that", "whom"})
#: "measures designed to protect": what they are designed for is what their owner does.
DESIGNED = frozenset({"designed", "intended", "aimed", "meant"})
#: What stands between verbs in a row.
_JOINERS = frozenset({",", "and", "or", "/", "and/or", "otherwise", "also"})
#: How many verbs up a subject, and how many conjuncts up an agent, is looked for.
_SUBJECT_REACH = 12
_AGENT_REACH = 6
#: How far behind its verb an object may stand that the parser hung elsewhere.
_STRAY_REACH = 14


@dataclass(frozen=True, slots=True)
class Grammar:
    """One parse, with what is needed to tell its verbs, parties and data apart.

    Attributes:
        item: a list item, parsed with or without its lead-in.
        item_start: its first token, when the lead-in stands before it.
        antecedent: a sentence before named data, so that "it" may stand for them.
    """

    p: Parse
    lex: Lexicon
    grounder: Grounder
    item: bool = False
    item_start: int = 0
    antecedent: bool = False

    # ---- words ------------------------------------------------------------------------

    def lemma(self, i: int) -> str:
        """Lemma of a verb form of the lexicon, else the lower-case word."""
        return self.lex.lemma(self.p.words[i])

    def is_data(self, i: int, *, strict: bool, loose: bool = False) -> bool:
        """See :func:`kg.statements.phrases.is_data`."""
        return phrases.is_data(self.p, i, self.lex, self.grounder, strict=strict, loose=loose)

    def has_data(self, head: int, *, strict: bool) -> bool:
        """Whether any item of a list names personal data."""
        return any(self.is_data(k, strict=strict) for k in items(self.p, head, self.lex))

    def is_party(self, i: int) -> bool:
        """Whether a noun phrase names somebody who can act or receive."""
        return phrases.is_party(self.p, i, self.lex, self.grounder)

    def is_user(self, i: int) -> bool:
        """Whether a noun or pronoun is the user of the service."""
        return parties.is_user(self.p, i, self.lex)

    def is_publisher(self, i: int) -> bool:
        """Whether a noun phrase is the publisher or acts for it."""
        return parties.is_publisher(self.p, i, self.lex)

    def is_cookie(self, head: int) -> bool:
        """Whether any item of a list is a file or tag that is put on a device."""
        wanted = self.lex.sets["data.cookies"]
        return any(self.p.words[k] in wanted for k in items(self.p, head, self.lex))

    # ---- voice and subject --------------------------------------------------------------

    def is_passive(self, i: int) -> bool:
        """Whether a verb's subject undergoes the action."""
        p = self.p
        if p.child(i, "auxpass", "nsubjpass") is not None:
            return True
        if p.tags[i] not in {"VBN", "VBD"}:
            return False
        if p.deps[i] == "conj" and p.child(i, "nsubj", "dobj", "aux") is None:
            return self.is_passive(p.heads[i])
        return p.deps[i] == "acl"

    def subject(self, i: int) -> int | None:
        """Head of the verb's grammatical subject, through conjunction, control and relatives."""
        p = self.p
        for _ in range(_SUBJECT_REACH):
            if self._is_run_in(i):
                return i - 1
            if p.deps[i] == "acl" and p.words[i] in DESIGNED:
                above = self._verb_above(i)
                if above is None:
                    return None
                i = above
            own = p.child(i, *_SUBJECTS)
            if own is not None:
                return self._antecedent(i) if self.is_relative(own) else own
            shared, above = self._subject_above(i)
            if above is None:
                return shared
            i = above
        return None

    def _is_run_in(self, i: int) -> bool:
        """ "Larkspur stores": name and verb that were read as a compound."""
        p = self.p
        return (
            i > 0
            and p.tags[i] in {"VBZ", "NNS"}
            and p.deps[i] in {"ROOT", "conj", "ccomp"}
            and (
                i - 1 in p.names
                or p.tags[i - 1] in {"NNP", "NNPS"}
                or (p.child(i, "dobj") is not None and self.is_party(i - 1))
            )
            and p.child(i, *_SUBJECTS) is None
        )

    def _subject_above(self, i: int) -> tuple[int | None, int | None]:
        """For a verb without a subject: (the word that is it, or the verb that has it)."""
        p = self.p
        dep, head = p.deps[i], p.heads[i]
        if head == i:
            return None, None
        if dep == "conj":
            clause = p.is_verb(head) or p.deps[head] in {"ROOT", "ccomp", "advcl", "relcl"}
            return None, head if clause else None
        if dep in {"acl", "relcl"}:
            if p.tags[i] == "VBG":
                return head, None
            if p.tags[i] == "VB":  # "measures to protect"
                return None, self._verb_above(i)
            return self._antecedent(i), None
        if dep in {"xcomp", "ccomp", "advcl", "dep", "pcomp", "oprd", "acomp"}:
            above = self._verb_above(i) if dep == "pcomp" else head
            controller = None if above is None else self._controller(above, i)
            return (None, above) if controller is None else (controller, None)
        return None, None

    def _verb_above(self, i: int) -> int | None:
        return next((a for a in self.p.ancestors(i) if self.p.is_verb(a)), None)

    def _controller(self, above: int, verb: int) -> int | None:
        """ "ask you to provide", "prohibit them from using": the object acts."""
        p, lex = self.p, self.lex
        lemma = self.lemma(above)
        controls = (
            lemma in lex.sets["control.asking"]
            or lemma in lex.sets["control.allowing"]
            or lemma in lex.sets["control.forbidding"]
        )
        if not controls or self.is_passive(above):
            return None
        objects = p.children(above, "dobj", "dative")
        return next((k for k in objects if k < verb and self.is_party(k)), None)

    def is_relative(self, i: int) -> bool:
        """Whether a word is a relative pronoun."""
        return self.p.words[i] in RELATIVES and self.p.tags[i] in {"WDT", "WP"}

    def _antecedent(self, i: int) -> int | None:
        """The noun that a relative clause says something of."""
        p = self.p
        while p.deps[i] == "conj":
            i = p.heads[i]
        return p.heads[i] if p.deps[i] in {"relcl", "acl"} else None

    def agent(self, i: int) -> int | None:
        """The party in "collected by our vendors", which conjuncts share."""
        p = self.p
        later = [v for v in p.conjuncts(i)[1:] if p.child(v, "auxpass", "nsubjpass") is None]
        if p.child(i, "prep", "dative") is not None:
            later = []  # "transmitted to and stored by Google": a complement of its own
        for _ in range(_AGENT_REACH):
            found = self._own_agent(i)
            if found is not None:
                return found
            if p.deps[i] != "conj" or p.child(i, "auxpass", "nsubjpass") is not None:
                break
            i = p.heads[i]
        # "may be read, collected or used by others": it stands at the last one
        return next(filter(None, map(self._own_agent, later)), None)

    def _own_agent(self, i: int) -> int | None:
        p = self.p
        for k in p.children(i, "agent", "prep"):
            pobj = p.child(k, "pobj") if p.words[k] == "by" else None
            if pobj is not None and (self.is_party(pobj) or self.is_publisher(pobj)):
                return pobj
        return None

    def is_nested(self, i: int) -> bool:
        """Whether the verb says what another one is done for: "use cookies to *collect* …"."""
        p = self.p
        if p.child(i, "nsubj", "nsubjpass") is not None:
            return False
        while p.deps[i] in {"conj", "xcomp", "pcomp"} and p.heads[i] != i:
            if p.child(i, "nsubj", "nsubjpass") is not None:
                return False
            if p.deps[i] == "xcomp" and self.lemma(p.heads[i]) in self.lex.verbs:
                return True
            i = p.heads[i]
        return p.deps[i] in {"advcl", "acl"} and p.tags[i] in {"VB", "VBG"}

    # ---- objects --------------------------------------------------------------------------

    def objects(self, i: int) -> list[int]:
        """Heads of what undergoes the action, shared objects of conjuncts included."""
        own = self._nouns(self.own_objects(i))
        return own or self._shared_objects(i) or self._stray_object(i)

    def _nouns(self, objects: list[int]) -> list[int]:
        """Without verbs that were tagged as nouns: "collect, use and *share*"."""
        p = self.p
        return [
            k
            for k in objects
            if p.words[k] not in self.lex.verbs
            or p.child(k, "det", "poss", "amod", "compound") is not None
        ]

    def _shared_objects(self, i: int) -> list[int]:
        """Objects of verbs in a row with this one, those behind it first."""
        p = self.p
        row = self.row(i)
        if len(row) > 2:
            for v in [r for r in row if r > i] + [r for r in reversed(row) if r < i]:
                found = [k for k in self._nouns(self.own_objects(v)) if k not in row]
                if found:
                    return found
        leader = self.leader(i)
        group = [v for v in p.conjuncts(leader) if p.is_verb(v) or p.words[v] in self.lex.verbs]
        for v in [v for v in group if v > i] + [v for v in reversed(group) if v < i]:
            if v != leader and v > i and p.child(v, "nsubj", "nsubjpass") is not None:
                continue  # a clause of its own
            found = self.own_objects(v)
            if found:
                return found
        return []

    def leader(self, i: int) -> int:
        """The first of coordinated verbs."""
        p = self.p
        while p.deps[i] == "conj" and p.is_verb(p.heads[i]):
            i = p.heads[i]
        return i

    def row(self, i: int) -> list[int]:
        """Verbs of the lexicon in a row, "collect, use, and share", whatever their tags."""
        p = self.p
        row = [i]
        for step in (-1, 1):
            at = i + step
            while 0 <= at < len(p):
                if p.words[at] in _JOINERS:
                    at += step
                    continue
                last = row[0 if step < 0 else -1]
                if abs(at - last) < 2 or p.words[at] not in self.lex.verbs:
                    break
                if p.words[at] == "aggregate" and self._is_before_data(at):
                    break  # "and aggregate data": an adjective
                row = [at, *row] if step < 0 else [*row, at]
                at += step
        return row

    def _is_before_data(self, i: int) -> bool:
        return i + 1 < len(self.p) and is_data_head(self.p, i + 1, self.lex)

    def own_objects(self, i: int) -> list[int]:
        """Objects of the verb itself; of a passive, its subject."""
        p = self.p
        if self.is_passive(i):
            subject = p.heads[i] if p.deps[i] == "acl" else self.subject(i)
            return [] if subject is None else [subject]
        result = []
        for k in p.children(i, "dobj", "dative"):
            if p.deps[k] == "dative" and self.is_to(k):
                continue
            noun = self._antecedent(i) if self.is_relative(k) else k
            if noun is not None:
                done = phrases.excepted(p, noun)
                result.append(noun if done is None else done)
        if not result and self.lemma(i) in {"ask", "look", "inquire"}:
            result = self.pobjs(i, "for")
        if not result and p.words[i] in self.lex.verbs:
            # "make sure your data is safe": what the parser takes for a clause without a verb
            for k in p.children(i, "ccomp", "oprd"):
                inner = p.child(k, "nsubj")
                if inner is not None and not p.is_verb(k) and k > i:
                    result.append(inner)
        return result

    def pobjs(self, i: int, *words: str) -> list[int]:
        """Heads of the phrases that a word's prepositions take."""
        p = self.p
        return [
            q for k in p.children(i, "prep") if p.words[k] in words for q in p.children(k, "pobj")
        ]

    def is_to(self, k: int) -> bool:
        """Whether a dative is a preposition, "to" or "for", rather than the receiver itself."""
        return self.p.words[k] in {"to", "for"}

    def _stray_object(self, i: int) -> list[int]:
        """A data phrase beside the verb that the parser hung elsewhere.

        "does not sell to third parties *information you submit*", "*all data* acquired or
        requested, either before or during …, will be used".
        """
        p = self.p
        if self.is_passive(i) or p.deps[i] in {"acl", "relcl", "amod"}:
            return self._stray_before(i)
        for prep in p.children(i, "prep", "dative"):
            if p.words[prep] in {"to", "with"}:
                for k in p.children(prep, "pobj"):
                    if is_data_head(p, k, self.lex) and any(
                        p.deps[q] == "compound" and p.tags[q] == "NNS" and self.is_party(q)
                        for q in p.kids[k]
                    ):
                        return [k]
        for k in range(i + 1, min(len(p), i + _STRAY_REACH)):
            if p.words[k] in {".", ";", ":"} or (
                p.is_verb(k) and p.deps[k] not in {"relcl", "acl", "amod", "conj"}
            ):
                return []
            if (
                p.tags[k].startswith("NN")
                and p.heads[k] != i
                and is_data_head(p, k, self.lex)
                and p.deps[k] not in {"compound", "pobj", "nsubj"}
                and p.deps[p.heads[k]] != "relcl"
            ):
                return [k] if self.has_data(k, strict=False) else []
        return []

    def _stray_before(self, i: int) -> list[int]:
        p = self.p
        if p.child(i, "auxpass") is None or self.subject(i) is not None:
            return []
        for k in range(i - 1, -1, -1):
            if (
                p.tags[k].startswith("NN")
                and p.deps[k] not in {"pobj", "compound"}
                and self.has_data(k, strict=False)
            ):
                return [k]
        return []

    # ---- verbs that are tagged as something else --------------------------------------------

    def acts_as_verb(self, i: int) -> bool:
        """Whether a form of a verb of the lexicon is one here, whatever its tag."""
        p = self.p
        if self._is_other_word(i):
            return False
        if p.is_verb(i):
            return p.deps[i] not in {"amod", "compound", "aux", "auxpass", "nmod"}
        if self._is_verb_after_name(i):
            return True
        return (  # mistagged: it has a verb's dependents
            p.tags[i].startswith(("NN", "JJ", "IN"))
            and p.deps[i] in {"ROOT", "conj", "ccomp"}
            and p.child(i, "dobj", "aux", "auxpass", "neg") is not None
        )

    def _is_other_word(self, i: int) -> bool:
        p = self.p
        if i == 0:
            return False
        before, after = p.words[i - 1], p.words[i + 1 : i + 2]
        if p.words[i] == "protected":
            return before == "email"  # an address that a web page hides
        if p.words[i] == "provided":  # "…, provided that"
            return before == "," and bool({"that", "the", "you", "we"}.intersection(after))
        if p.words[i] in self.lex.sets["data.made_anonymous"] and self._describes_data(i):
            return True
        return (
            p.words[i] == "aggregate"
            and before in {"and", "or", "anonymous", "in", ",", "individual"}
            and self._is_before_data(i)
        )

    def _describes_data(self, i: int) -> bool:
        """ "share *aggregated* or anonymized information": a participle before its noun."""
        p = self.p
        if p.child(i, "auxpass", "nsubjpass", "nsubj", "aux") is not None:
            return False
        k = i + 1
        while (
            k < len(p)
            and k < i + 6
            and (
                p.words[k] in {"and", "or", "/", ",", "and/or", "-"}
                or p.tags[k] in {"JJ", "VBN", "RB"}
            )
        ):
            k += 1
        return k < len(p) and p.tags[k].startswith("NN") and is_data_head(p, k, self.lex)

    def _is_verb_after_name(self, i: int) -> bool:
        """ "Google stores this information": read as a plural."""
        p = self.p
        return (
            i > 0
            and p.tags[i] == "NNS"
            and (i - 1 in p.names or p.tags[i - 1] == "NNP")
            and not self.lex.sets["data.phrase_openers"].isdisjoint(p.words[i + 1 : i + 2])
        )

    def twin(self, i: int) -> int | None:
        """For a verb of a row that was tagged as a noun: one of the row that was not."""
        p = self.p
        if not p.tags[i].startswith(("NN", "JJ")) or any(
            p.deps[k] in {"det", "poss", "amod", "prep"} for k in p.kids[i]
        ):
            return None
        row = self.row(i)
        if len(row) < 3:
            return None
        return next((v for v in row if v != i and self.acts_as_verb(v)), None)
