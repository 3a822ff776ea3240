"""Claims of two versions -> which sentence of the one is which of the other.

First those that are the same word for word, then the nearest of the rest, one to one, then
those that were cut in two or joined.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.changes.lines import sentence_at
from kg.changes.wording import Reader, Words, differing, likeness, listed, stem, telling
from kg.claims import Claim

#: Likeness from which two sentences are versions of each other. Below it, sentences about the
#: same thing are as often two as one.
NEAR = 0.6
#: Share of a sentence's words that a longer one must hold, in order, to have taken it in.
HELD = 0.8
_FEWEST_HELD = 6
#: Likeness in telling words from which sentences are versions of each other; more is asked for
#: when nothing was read from one of them.
ALIKE, ALIKE_UNREAD = 0.4, 0.55
_FEWEST_COMMON = 3
#: Words of a sentence that may be one with another; fewer are a heading.
_FEWEST_READ = 2
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?!\s)[^.!?\n]*)*[.!?]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with its claims, or one of the text that no claim rests on.

    Attributes:
        words: of the lead-in, if a claim's verb stands there, and of the sentence.
        own: number of the sentence's first word.
        is_cut: the claims rest on pieces of it.
    """

    text: str
    start: int
    words: tuple[str, ...]
    read: Words
    own: int
    context: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    is_cut: bool = False

    @property
    def stems(self) -> frozenset[str]:
        """Its words without their endings."""
        return _stems(self.words)

    @property
    def first(self) -> tuple[Claim, ...]:
        """The claims, or those of the first piece: what rests on a later one is misread."""
        if not self.is_cut:
            return self.claims
        return tuple(one for one in self.claims if one.statement.evidence.start == self.start)


@lru_cache(maxsize=64)
def _stems(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(stem, words))


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of the earlier version and what it is in the later one.

    Attributes:
        gone: numbers of the words that only ``before`` has; new: only ``after``.
        is_part: one of the two is only a part of the other.
        is_loose: they only have their telling words in common.
    """

    before: Passage
    after: Passage
    gone: frozenset[int]
    new: frozenset[int]
    is_part: bool = False
    is_loose: bool = False

    @property
    def is_same(self) -> bool:
        """Whether not a word differs."""
        return not self.gone and not self.new

    @property
    def denies_alike(self) -> bool:
        """Whether both have a negating word, or neither has."""
        words = listed("negating")
        return words.isdisjoint(self.before.words) is words.isdisjoint(self.after.words)


def passages(
    claims: Iterable[Claim], read: Reader, text: Iterable[str] = (), whole: str = ""
) -> tuple[Passage, ...]:
    """The sentences that claims rest on, in order, then those of the text without a claim.

    Args:
        text: sentences of the version's text.
        whole: the text with its sentences whole again, where lines had cut them.
    """
    found: dict[tuple[int, int, str, tuple[str, ...]], list[Claim]] = defaultdict(list)
    for claim in claims:
        evidence = claim.statement.evidence
        start, end, said = evidence.start, evidence.end, evidence.text
        if whole:
            start, end = sentence_at(whole, start, end)
            said = whole[start:end]
        found[(start, end, said, _lead_ins(claim))].append(claim)
    made = [
        _passage(said, start, lead_ins, tuple(held), read)
        for (start, _, said, lead_ins), held in found.items()
    ]
    made.sort(key=lambda passage: (passage.start, passage.text, passage.words))
    taken = {passage.words[passage.own :] for passage in made}
    for sentence in text:
        words = read(sentence).words
        if len(words) >= _FEWEST_READ and words not in taken:
            taken.add(words)
            made.append(_passage(sentence, 0, (), (), read))
    return tuple(made)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, in its order."""
    return (found.group().strip() for found in _SENTENCE.finditer(text))


def sentences_apart(
    one: str, other: str, quoted: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences of two texts, without those that both have and no claim is read from."""
    ours, theirs = (dict.fromkeys(sentences(text)) for text in (one, other))
    shared = (ours.keys() & theirs.keys()) - set(quoted)
    return tuple(s for s in ours if s not in shared), tuple(s for s in theirs if s not in shared)


def _lead_ins(claim: Claim) -> tuple[str, ...]:
    """The sentences around that the claim's verb stands in, if it stands outside of its own."""
    said = claim.statement
    inside = said.evidence.start <= said.trigger.start < said.evidence.end
    if inside or not said.trigger.text:
        return ()
    return tuple(
        span.text
        for span in said.evidence.context
        if span.start <= said.trigger.start < max(span.end, span.start + 1)
    )


def _passage(
    text: str, start: int, lead_ins: tuple[str, ...], claims: tuple[Claim, ...], read: Reader
) -> Passage:
    above = tuple(word for lead_in in lead_ins for word in read(lead_in).words)
    own = read(text)
    around = {span.text for claim in claims for span in claim.statement.evidence.context}
    context = tuple(word for one in sorted(around) for word in read(one).words)
    is_cut = any(claim.statement.evidence.text != text for claim in claims)
    return Passage(text, start, above + own.words, own, len(above), context, claims, is_cut)


def align(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[Pair, ...]:
    """Pairs of sentences, each sentence in one; parts of a longer sentence come besides."""
    pairs = list(_same(before, after))
    pairs += _same_items(before, after, {id(one) for p in pairs for one in (p.before, p.after)})
    used_before = {id(pair.before) for pair in pairs}
    used_after = {id(pair.after) for pair in pairs}
    for pair in _near(
        [one for one in before if id(one) not in used_before and _is_long_enough(one)],
        [one for one in after if id(one) not in used_after and _is_long_enough(one)],
        len(before),
        len(after),
    ):
        pairs.append(pair)
        used_before.add(id(pair.before))
        used_after.add(id(pair.after))
    for pair in _reworded(before, after, used_before, used_after):
        pairs.append(pair)
        used_before.add(id(pair.before))
        used_after.add(id(pair.after))
    wholes = [(frozenset(one.words), one) for one in after]
    for part in before:
        if id(part) not in used_before and (whole := _holding(part, wholes)):
            gone, new = differing(part.words, whole.words)
            pairs.append(Pair(part, whole, gone, new, is_part=True))
    wholes = [(frozenset(one.words), one) for one in before]
    for part in after:
        if id(part) not in used_after and (whole := _holding(part, wholes)):
            gone, new = differing(whole.words, part.words)
            pairs.append(Pair(whole, part, gone, new, is_part=True))
    return tuple(pairs)


def _same(before: Sequence[Passage], after: Sequence[Passage]) -> Iterable[Pair]:
    """Equal sentences in their order; what one version says more often goes with the last."""
    there: dict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for passage in after:
        there[passage.words].append(passage)
    here: dict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for passage in before:
        here[passage.words].append(passage)
    for words, ours in here.items():
        theirs = there.get(words)
        if not theirs:
            continue
        for number in range(max(len(ours), len(theirs))):
            one = ours[min(number, len(ours) - 1)]
            other = theirs[min(number, len(theirs) - 1)]
            yield Pair(one, other, frozenset(), frozenset())


def _same_items(
    before: Sequence[Passage], after: Sequence[Passage], used: Container[int]
) -> Iterable[Pair]:
    """Items that stand in the other version, too, where nothing was read from them."""
    taken: set[int] = set()
    for ours, theirs, is_before in ((before, after, True), (after, before, False)):
        unread = {one.words: one for one in theirs if not one.claims and id(one) not in used}
        for item in ours:
            other = unread.get(item.words[item.own :])
            if item.own and other and id(item) not in used and id(other) not in taken:
                taken.add(id(other))
                sides = (item, other) if is_before else (other, item)
                yield Pair(*sides, frozenset(), frozenset())


def _near(
    before: Sequence[Passage], after: Sequence[Passage], all_before: int, all_after: int
) -> Iterable[Pair]:
    if not before or not after:
        return
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - heavy
    from rapidfuzz.process import cdist  # noqa: PLC0415

    letters: dict[str, str] = {}

    def spelled(passage: Passage) -> str:
        """A letter a word, for which the measure is made."""
        return "".join(letters.setdefault(w, chr(0x4E00 + len(letters))) for w in passage.words)

    ours, theirs = list(map(spelled, before)), list(map(spelled, after))
    found = []
    # Two sentences without claims need no comparison, and most are.
    for rows, columns in (
        ([i for i, one in enumerate(before) if one.claims], list(range(len(after)))),
        (
            [i for i, one in enumerate(before) if not one.claims],
            [j for j, one in enumerate(after) if one.claims],
        ),
    ):
        scores = cdist(
            [ours[i] for i in rows],
            [theirs[j] for j in columns],
            scorer=Indel.normalized_similarity,
            score_cutoff=NEAR,
        )
        for row, column in zip(*scores.nonzero(), strict=True):
            i, j = rows[row], columns[column]
            if not _is_near_itself(before[i], after[j]):
                continue
            found.append(
                (
                    -float(scores[row, column]),
                    abs(i / all_before - j / all_after),
                    i + j,
                    sorted((before[i].text, after[j].text)),
                    i,
                    j,
                )
            )
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    for *_, i, j in sorted(found):
        if i not in taken_before and j not in taken_after:
            taken_before.add(i)
            taken_after.add(j)
            gone, new = differing(before[i].words, after[j].words)
            yield Pair(before[i], after[j], gone, new)


def _reworded(
    before: Sequence[Passage],
    after: Sequence[Passage],
    used_before: Container[int],
    used_after: Container[int],
) -> Iterable[Pair]:
    """Sentences built anew out of the same telling words; rare words tell more."""
    ours, theirs = ([_said(one) for one in side] for side in (before, after))
    count = Counter(word for bag in (*ours, *theirs) for word in bag)
    weight = {w: math.log((1 + len(ours) + len(theirs)) / n) ** 2 for w, n in count.items()}

    def size(bag: frozenset[str]) -> float:
        return math.sqrt(math.fsum(sorted(weight[word] for word in bag)))

    left = [
        (j, theirs[j], size(theirs[j])) for j, one in enumerate(after) if id(one) not in used_after
    ]
    found = []
    for i, one in enumerate(before):
        if id(one) in used_before:
            continue
        bag, ours_size = ours[i], size(ours[i])
        for j, other_bag, theirs_size in left:
            other = after[j]
            common = bag & other_bag
            if len(common) < _FEWEST_COMMON or not (one.claims or other.claims):
                continue
            score = size(common) ** 2 / (ours_size * theirs_size)
            if score >= (ALIKE if one.claims and other.claims else ALIKE_UNREAD):
                found.append((-score, sorted((one.text, other.text)), i, j))
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    for _, _, i, j in sorted(found):
        if i not in taken_before and j not in taken_after:
            taken_before.add(i)
            taken_after.add(j)
            gone, new = differing(before[i].words, after[j].words)
            yield Pair(before[i], after[j], gone, new, is_loose=True)


def _is_long_enough(passage: Passage) -> bool:
    return bool(passage.claims) or len(passage.words) >= _FEWEST_HELD


def _said(passage: Passage) -> frozenset[str]:
    """The telling words of a sentence; a short item says nothing without its lead-in."""
    own = telling(passage.words[passage.own :])
    return own if len(own) >= _FEWEST_HELD else telling(passage.words)


def _is_near_itself(one: Passage, other: Passage) -> bool:
    """Whether items are like each other without the lead-in that all items share."""
    if not one.own and not other.own:
        return True
    return likeness(one.words[one.own :], other.words[other.own :]) >= NEAR


def _holding(part: Passage, wholes: Iterable[tuple[frozenset[str], Passage]]) -> Passage | None:
    """The sentence that has taken in nearly all words of another."""
    size = len(part.words)
    if size - part.own < _FEWEST_HELD or not part.claims:
        return None
    best: tuple[float, Passage] | None = None
    words = frozenset(part.words)
    fewest = HELD * len(words)
    for known, whole in wholes:
        if len(known) < fewest or len(words & known) < fewest or len(whole.words) <= size:
            continue
        # Twice the words in common over all words is the likeness.
        common = likeness(part.words, whole.words) * (size + len(whole.words)) / 2
        if common >= HELD * size and (best is None or common > best[0]):
            best = common, whole
    return best[1] if best else None
