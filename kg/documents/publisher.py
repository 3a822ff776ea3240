"""Who speaks in a policy, found in its own words.

A domain does not tell: several sites of one group share a policy, and a page's first heading
may be a brand. So every phrase in which a policy names its author is a piece of evidence with a
weight ("Acme, Inc. ("Acme", "we")", "At Acme, we …", "Acme Privacy Policy", "© Acme"), names
that stand for one another are joined, and the group with the most weight wins. Of its names
the one that the text uses most is the publisher; the others are given as names.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kg.iris import normal_name

from .words import word_list

_LEGAL = (
    r"(?:Inc|Incorporated|LLC|L\.L\.C|LLP|LP|L\.P|Ltd|Limited|GmbH|Corp|Corporation|Co|PLC|plc|S\.?A\.?S|"
    r"S\.?A\.?R\.?L|S\.?A|S\.?r\.?l|S\.p\.A|B\.?V|AG|AB|AS|A/S|Oy|N\.?V|K\.?K|Pty|Pte|SE|KG|OÜ|ApS|d\.o\.o|s\.r\.o|"
    r"Unlimited Company|Pty\.? Ltd|Pte\.? Ltd|Co\., Ltd|GmbH & Co\.? KG)\b\.?"
)
_TOKEN = (
    r"(?<![\w.@])(?>[A-Z0-9][^\W_]{0,40}(?:[.'’&+!×-][^\W_]{1,40}){0,4}!?"
    r"|[a-z]{1,8}[A-Z][^\W_]{0,40}(?:[.-][^\W_]{1,40}){0,3}"
    r"|[a-z0-9][a-z0-9-]{0,40}(?:\.[a-z0-9-]{1,40}){0,2}\."
    r"(?:com|org|net|io|me|tv|fm|cz|si|eu|ai|co|gg|de|fr|us|gov|jp|ht|sh|app)(?!\w))"
)
_NO_NAME = (
    r"(?!(?:We|Our|This|These|The|In|If|At|For|When|By|To|You|Your|As|It|Its|Please|With|On|From|And|Or|All|Any|"
    r"That|Welcome|Here|How|What|Who)\b)"
)
# For headings, which are short: gives words back, so that "Acme Privacy Policy" can be parted.
_OPEN_NAME = (
    rf"{_NO_NAME}{_TOKEN}(?:\s{{1,5}}(?:&\s|and\s(?=[A-Z][^\W_]{{0,40}}\s{_LEGAL})|of\s|the\s|for\s|de\s|du\s)?"
    rf"(?!{_LEGAL}(?![\w]))"
    rf"{_TOKEN}){{0,5}}(?:,?\s{_LEGAL}(?:,?\s{_LEGAL})?)?"
)
# For running text: atomic, so that hostile text cannot make a search slow.
_NAME = rf"(?>{_OPEN_NAME})"
_POSSESSIVE = r"(?:['’]s|['’](?=\s))"
_QUOTE = "[\"“”„'‘’«»*_]*"
_WE = r"(?:we|us|our|ours)"
_POLICY_WORDS = (
    r"(?:(?:Online|Website|Web\s?site|Global|Customer|Consumer|User|General|Data|Mobile|App|Service)\s+)?"
    r"(?:Privacy|Data\s+Protection|Data\s+Privacy|Cookies?)"
    r"(?:\s+(?:and|&|/)\s+(?:Cookies?|Security|Data\s+Protection))?\s+"
    r"(?:Policy|Policies|Notice|Statement|Supplement|Centre|Center|Principles|Declaration)"
)
_HANDLES = (
    r"(?:collects?|uses?|process(?:es)?|handles?|shares?|treats?|gathers?|stores?|protects?|manages?|discloses?|"
    r"obtains?|receives?|deals?|safeguards?|will|may|and\s+(?:its|our|their|any)|\(|in\s+its|in\s+connection)"
)

# A name, then quoted aliases of which one is "we": the clearest self-introduction.
_DEFINED = re.compile(
    rf"(?P<name>{_NAME})(?:\s*\([^()]{{0,60}}\))?"
    rf"(?:,?\s+(?:and|or|together\s+with|including|along\s+with)\s[^().]{{0,140}}?(?:\([^()]{{0,40}}\))?"
    rf"|,\s[^()]{{0,90}}?)?\s*"
    rf"[(（](?P<in>[^()（）]{{0,200}}?(?<![\w]){_WE}(?![\w])[^()（）]{{0,120}})[)）]"
)
# The same for a brand that is written small: "acme ("we", "us")".
_DEFINED_SMALL = re.compile(
    rf"(?:(?:^|[.:]\s)(?P<name>[a-z][\w-]{{2,20}})|(?<![\w.@-])(?P<entity>[a-z][\w-]{{2,20}},?\s{_LEGAL}))\s*\((?P<in>[^()]{{0,60}}[\"“'‘]{_WE}[\"”'’,][^()]{{0,60}})\)"
)
# "we" in quotes first, the name after: "By "we", "us" and "our" we mean Acme, Inc."
_DEFINED_BACKWARDS = re.compile(
    rf"[\"“”'‘’]{_WE}[,.]?[\"“”'‘’][^.]{{0,120}}?\b(?:refers?|referring|means?|meaning|is|are|stands?|collectively)\b"
    rf"[^.]{{0,40}}?\s(?P<name>{_NAME})"
)
_ALIASED = re.compile(
    rf"(?P<name>{_NAME})(?:\s*\([^()]{{0,40}}\))?\s*[(（](?P<in>[^()（）]{{0,60}}?[\"“”'‘’*_][^()（）]{{1,60}})[)）]"
)
_MENTION = re.compile(rf"(?<![\w.@]){_NAME}")
_IN_QUOTES = re.compile(rf"[\"“”„'‘’«»*_]+\s*(?P<name>{_NAME})\s*[,.]?\s*[\"“”'‘’«»*_]+")

# Pattern, weight; each has a group "name".
_PHRASES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(pattern), weight)
    for pattern, weight in (
        (
            rf"\b(?i:policy|notice|statement|document|page|supplement)\W[^.;:]{{0,160}}?\b"
            rf"(?i:how|what|which|that|practices\s+of|when|why|ways\s+in\s+which|ways)\s+"
            rf"(?:\w+\s+){{0,4}}?(?P<name>{_NAME}){_POSSESSIVE}?\s*,?\s+{_HANDLES}",
            5.0,
        ),
        (
            rf"(?P<name>{_NAME})\s+(?:has\s+(?:created|adopted|established|developed|prepared|published|issued)"
            rf"|(?:created|adopted|established|provides|publishes|issues))\s+(?:this|the|its)\s+"
            rf"(?i:(?:\w+\s+){{0,3}}?(?:policy|notice|statement|privacy))",
            6.0,
        ),
        (
            rf"(?P<name>{_NAME}),?\s+(?:\([^)]*\)\s+)?(?:and\s+its\s+[\w\s]{{1,40}}\s+)?(?:respects?|values?|takes?|"
            rf"recogni[sz]es?|understands?|cares?|knows?|believes?|is\s+(?:\w+\s+)?(?:committed|dedicated)|are\s+"
            rf"(?:committed|dedicated))\b[^.]{{0,60}}\b(?i:privacy|protect\w*|data|information)",
            5.0,
        ),
        (
            rf"(?P<name>{_NAME})\s+(?:\((?:officially|legally|formally|registered\s+as)\b"
            r"|(?:is|are)\s+now\s+(?:a\s+)?part\s+of\b)",
            4.0,
        ),
        (
            r"\b(?:[Tt]his|current|our|[Oo]ur)\s+(?:\w+\s+){0,4}(?:Policy|policy|Notice|notice|Statement|statement|"
            r"Provision|provision|Version|version|Edition|edition)\b[^.:]{0,60}\b(?:available|found|published|posted)\s[^.:]{0,40}:?\s+"
            r"(?:https?://)?(?:www\.)?(?P<name>[a-z0-9-]{2,40}\.(?:com|org|net|io|eu|co))(?=/)",
            4.0,
        ),
        (
            rf"\b(?:At|Here\s+at)\s+(?P<name>{_NAME}),?\s+(?:we|our|your|the\s+privacy|protecting|privacy)\b",
            5.0,
        ),
        (rf"\b(?:We\s+at|we\s+at|We,|we,)\s+(?P<name>{_NAME})[,\s]", 4.0),
        (
            r"(?i:policy|notice|statement)\s+(?:is\s+|was\s+)?(?i:applied|adopted|issued|published|provided|"
            rf"maintained|made)\s+by\s+(?:the\s+company\s+)?(?P<name>{_NAME})",
            5.0,
        ),
        (
            rf"\b(?i:applied|adopted|issued|published|provided|operated|owned|run|offered|maintained|produced|managed|"
            rf"powered|made\s+available)(?:\s+and\s+(?:\w+))?\s+by\s+(?:the\s+company\s+)?(?P<name>{_NAME})(?=[\s,.;)(]|\Z)",
            2.0,
        ),
        (
            rf"(?P<name>{_NAME})[^.;()]{{0,60}}?\s+(?:is|are|acts?\s+as|will\s+be|shall\s+be)\s+(?:\w+\s+)?"
            rf"(?:the\s+|a\s+|your\s+|each\s+)?(?:\w+\s+)?(?:data\s+)?controllers?\b",
            5.0,
        ),
        (
            rf"(?P<name>{_NAME})[^.;()]{{0,60}}?\s+(?:is|are)\s+(?:the\s+)?(?:\w+\s+)?responsible\s+for\s+"
            rf"(?:the\s+)?(?:collect\w+|process\w+|your)",
            4.0,
        ),
        (
            rf"\b(?i:information|data)\s+(?:that\s+|which\s+)?(?P<name>{_NAME})\s+(?:collects?|process(?:es)?|uses?|"
            rf"holds?|stores?|receives?|shares?|discloses?)\b",
            3.0,
        ),
        (
            rf"\b(?:data\s+)?controllers?\b[^.;:]{{0,80}}?(?:\bis\b|\bare\b|:)\s+(?:the\s+)?(?P<name>{_NAME})",
            5.0,
        ),
        (
            rf"(?:©|\([cC]\)|[Cc]opyright)[\s©]*(?:\(c\)\s*)?(?:\d{{4}}(?:\s*[-–,]\s*\d{{2,4}})?)?,?\s*(?:by\s+)?(?P<name>{_NAME})",
            4.0,
        ),
        (
            rf"\b(?:Welcome\s+to|welcome\s+to|visiting|Visiting)\s+(?:the\s+)?(?P<name>{_NAME})(?=[\s,.!(’']|\Z)",
            3.0,
        ),
        (
            rf"\b(?:using|Using|visit|access|accessing)\s+(?:the\s+|any\s+)?(?P<name>{_NAME})(?={_POSSESSIVE}|[\s,.!(])",
            0.6,
        ),
        (
            rf"(?P<name>{_NAME})\s+(?:does\s+not|do\s+not|will\s+not|will\s+never|may|will|collects?|uses|shares|processes)\s",
            0.5,
        ),
        (
            rf"\b(?:our|us|contact|Contact|write\s+to|to|by\s+mail\s+to|mail(?:ing)?\s+address\s*:?)\s+(?P<name>{_NAME})(?:,|\n)\s*"
            rf"(?:(?:Attn|Attention|c/o|P\.?O\.?|Unit|Suite|\d))",
            2.5,
        ),
        (
            rf"(?P<name>{_NAME}){_POSSESSIVE}\s+(?:\w+\s+)?(?i:privacy\s+(?:policy|notice|statement)|services?|websites?|web\s+sites?|"
            rf"sites?|customers?|users?|products?|affiliates?|subsidiaries|practices)\b",
            0.7,
        ),
    )
)
_COPYRIGHT = next(pattern for pattern, _ in _PHRASES if "©" in pattern.pattern)
_RESPONSIBLE = re.compile(r"\b(?:controller|responsible|operator)\b", re.IGNORECASE)
_FIRST_NAME = re.compile(rf"\W*(?P<name>{_NAME})")
# Titles and headings.
_TITLES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(pattern), weight)
    for pattern, weight in (
        (
            rf"\A\W*(?:The\s+)?(?P<name>{_OPEN_NAME}){_POSSESSIVE}?\s*[-–—:|,]*\s+(?i:{_POLICY_WORDS})",
            7.0,
        ),
        (
            rf"(?i:{_POLICY_WORDS})\s*(?:[-–—:|/,]|\b(?:for|of|at|by|on)(?:\s+the)?\b)\s*(?P<name>{_OPEN_NAME})\W*\Z",
            5.0,
        ),
        (
            rf"\b(?i:what|how|when|why|whether|information|data)\b.{{0,60}}?\s(?:does\s+)?(?P<name>{_OPEN_NAME})\s+(?:\w+\s+)?(?:collects?|"
            rf"uses?|process(?:es)?|shares?|protects?|stores?|handles?|gathers?|discloses?|keeps?)\b",
            3.0,
        ),
        (
            rf"\A\W*(?i:about|contact|contacting|welcome\s+to|who\s+is)\s+(?P<name>{_OPEN_NAME})\W*\Z",
            2.0,
        ),
    )
)
_SITES = re.compile(
    r"\b(?:web\s?sites?|sites|brands|subsidiaries|divisions|family of (?:brands|companies|sites))"
    r"\W{1,3}"
    r"(?:(?:which\s+)?(?:including|such\s+as|include)(?:\s+but\s+not\s+limited\s+to)?\W{0,3}\s+|\()"
    r"(?P<list>[^.;:()]{3,900}(?:\.(?=\w)[^.;:()]{1,200}){0,40})",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:our|all|any|its|these|this)\W+(?:\S+\W+){0,4}$", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![@\w.-])(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,10})\b", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,10})\b", re.IGNORECASE)
_MAIL_HOSTS = word_list("mail_hosts")

_COMMON = word_list("common")
# Names too well known as somebody's provider: evidence of use alone does not count for them.
_PROVIDERS = word_list("providers")
# Common words that may end a name: "Acme Foundation".
_ENDINGS = word_list("endings")
# Whom a policy is for, never who speaks: "Privacy Notice for California Residents".
_AUDIENCES = word_list("audiences")
_CONNECTORS = frozenset(("&", "and", "of", "the", "for", "de", "du", "with"))
_LEAST = 4.0
_TOP_CHARACTERS = 6000
_SCANNED = 250_000
_HEAD, _TAIL = 40_000, 10_000  # characters in which a policy says who speaks
_LONG_RUN = re.compile(r"\S{81,}")  # no name, and slow to search


@dataclass(frozen=True, slots=True)
class Publisher:
    """The name found, its other names (longest first) and how sure the choice is."""

    name: str
    names: tuple[str, ...] = ()
    weight: float = 0.0


class _Evidence:
    """Weights by name, and which names belong together.

    ``spoken`` is the part of the weight that phrases give; mentions and domains give the rest.
    """

    def __init__(self) -> None:
        self.weights: defaultdict[str, float] = defaultdict(float)
        self.spoken: defaultdict[str, float] = defaultdict(float)
        self.forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.parents: dict[str, str] = {}

    def add(self, raw: str, weight: float) -> str | None:
        """Count evidence for a name; its key, or ``None`` when it is no name."""
        name = _trim(raw)
        if name is None:
            return None
        key = normal_name(name)
        if not key:
            return None
        self.weights[key] += weight
        self.spoken[key] += weight
        self.forms[key][name] += 1
        return key

    def find(self, key: str) -> str:
        """The key that stands for a group."""
        while self.parents.get(key, key) != key:
            key = self.parents[key]
        return key

    def join(self, one: str | None, other: str | None) -> None:
        """Two names of one company."""
        if one is None or other is None:
            return
        first, second = self.find(one), self.find(other)
        if first != second:
            self.parents[second] = first

    def groups(self) -> dict[str, list[str]]:
        """Keys by the key that stands for their group."""
        grouped: defaultdict[str, list[str]] = defaultdict(list)
        for key in self.weights:
            grouped[self.find(key)].append(key)
        return dict(grouped)


def find_publisher(
    texts: Sequence[str],
    *,
    headings: Sequence[str] = (),
    title: str | None = None,
    copyrights: Sequence[str] = (),
) -> Publisher | None:
    """The publisher of a policy; ``None`` without evidence.

    Args:
        texts: the policy's pieces in order, noise left out.
        headings: of the policy, from the top.
        title: of the page.
        copyrights: lines with a copyright mark, also from footers.

    >>> find_publisher(['Acme, Inc. ("Acme", "we") collects data.', "Acme never sells it."]).name
    'Acme'
    """
    evidence = _Evidence()
    texts = [_LONG_RUN.sub(" ", text) for text in texts]
    body = "\n".join(texts)[:_SCANNED]
    _weigh_titles(evidence, [*([title] if title else []), *headings])
    _define(evidence, body)
    _weigh_phrases(evidence, texts)
    _weigh_controllers(evidence, texts)
    for line in copyrights:
        for found in _COPYRIGHT.finditer(line[:300]):
            evidence.add(found["name"], 4.0)
    _count_mentions(evidence, body)
    chosen = _choose(evidence, body)
    if chosen is None:
        return None
    tops = [*([title] if title else []), *headings[:4]]
    name = _introduced(chosen.name, tops, body)
    related = [*chosen.names, *_owners(name, body, copyrights), *_short_forms(name, body)]
    if name != chosen.name:
        related.append(chosen.name)
    return Publisher(name, order_names(name, related), chosen.weight)


def _introduced(name: str, tops: Sequence[str], body: str) -> str:
    """The longer form of a name by which the text introduces itself.

    "Acme" of the title "Acme Mutual" when the text begins with "Acme Mutual Society ("Acme")";
    "Fast Private Network" of "FPN" when the text explains it so.
    """
    words = name.split()
    if len(words) > 1:
        return name
    if name.isupper() and 2 <= len(name) <= 6:
        for found in re.finditer(rf"(?P<name>{_NAME})\s\({re.escape(name)}\)", body):
            full = _trim(found["name"])
            if full and "".join(word[0] for word in full.split()) == name:
                return full
    lines = body[: 2 * _TOP_CHARACTERS].split("\n")
    for found in (found for line in lines for found in _DEFINED.finditer(line[:4000])):
        full = _trim(found["name"]) or ""
        if not full.startswith(name + " ") or name not in found["in"]:
            continue
        for top in tops:
            line = re.sub(rf"\W*(?i:{_POLICY_WORDS})\W*\Z", "", top).strip(" -–—:|")
            size = len(line.split())
            form = " ".join(full.split()[:size])
            if 2 <= size < len(full.split()) and form.casefold() == line.casefold():
                return form
    return name


def _owners(name: str, body: str, copyrights: Sequence[str]) -> Iterator[str]:
    """Legal names beside the publisher's: "Acme Papers, Inc. publishes The Acme Times"."""
    bare = re.escape(re.sub(r"^(?:The|We|My|Our)\s", "", name))
    for found in re.finditer(
        rf"(?P<name>{_NAME})\s+(?:owns|operates|publishes|runs|provides|offers|makes|owns\s+and\s+"
        rf"operates)\s+(?:[Tt]he\s+)?{bare}(?!\w)",
        body[: 4 * _TOP_CHARACTERS],
    ):
        if (owner := _trim(found["name"])) and re.search(rf"\s{_LEGAL}\Z", owner):
            yield owner
    own = {word for word in normal_name(name).split() if not _is_common(word)}
    for line in copyrights:
        for mark in _COPYRIGHT.finditer(line[:300]):
            owner = _trim(mark["name"])
            if owner and own & set(normal_name(owner).split()):
                yield owner


def _short_forms(name: str, body: str) -> Iterator[str]:
    """ "The Times" of "The Acme Times", when the text calls it so amid sentences."""
    words = name.split()
    if len(words) > 1 and words[-1].isalpha() and not re.fullmatch(_LEGAL, words[-1]):
        form = f"The {words[-1]}"
        if form != name and len(re.findall(rf"[a-z,] {re.escape(form)}(?! [A-Z])\b", body)) >= 2:
            yield form


def _weigh_titles(evidence: _Evidence, headings: Sequence[str]) -> None:
    """ "Acme Privacy Policy", "At Acme, we care": the first headings count most."""
    for rank, heading in enumerate(headings[:200]):
        if rank < 12:
            for pattern, weight in _TITLES:
                for found in pattern.finditer(heading[:200]):
                    if _is_audience(heading[: found.start("name")], found["name"]):
                        continue
                    evidence.add(found["name"], weight if rank < 4 else weight / 3)
        for pattern, weight in _PHRASES:
            for found in pattern.finditer(heading[:300]) if weight >= 4 else ():
                evidence.add(found["name"], weight)


def _is_audience(before: str, name: str) -> bool:
    """Whether a title names its readers: "for Job Applicants"."""
    last = name.rsplit(maxsplit=1)[-1].casefold()
    return last in _AUDIENCES and re.search(r"\bfor(?:\s+\w+)?\W*\Z", before, re.I) is not None


def _weigh_phrases(evidence: _Evidence, texts: Sequence[str]) -> None:
    """Phrases of the running text; the tenth of a kind says less than the first."""
    chunks = [(_phrases(text), place) for text, place in _chunks(texts)]
    for kind, (_, weight) in enumerate(_PHRASES):
        counts: Counter[str] = Counter()
        for named, place in chunks:
            for name in (name for other, name in named if other == kind):
                key = _trim(name) or ""
                counts[key] += 1
                near_top = 1.0 if place < _TOP_CHARACTERS else 0.5
                evidence.add(name, weight * near_top / counts[key])


@lru_cache(maxsize=10_000)  # the next version of a policy has mostly the same pieces
def _phrases(text: str) -> tuple[tuple[int, str], ...]:
    """Kinds of the phrases in a text, by number, and the name in each."""
    return tuple(
        (kind, found["name"])
        for kind, (pattern, _) in enumerate(_PHRASES)
        for found in pattern.finditer(text)
    )


def _weigh_controllers(evidence: _Evidence, texts: Sequence[str]) -> None:
    """ "The controller is:", and the name in the next line."""
    for before, text in pairwise(texts):
        if before.endswith(":") and _RESPONSIBLE.search(before[-300:]):
            named = _FIRST_NAME.match(text)
            if named is not None:
                evidence.add(named["name"], 5.0)


def find_names(publisher: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Brands and sites that the text lists as the publisher's own, and its domains."""
    found: dict[str, None] = {}
    body = _LONG_RUN.sub(" ", "\n".join(texts)[:_SCANNED])
    first = re.escape(publisher.split(",", maxsplit=1)[0].split(maxsplit=1)[0])
    for listed in _SITES.finditer(body):
        before = body[max(0, listed.start() - 60) : listed.start()]
        if not (_OWN.search(before) or re.search(first, before, re.IGNORECASE)):
            continue
        entries = re.split(r",|\band\b|\bas well as\b|\bor\b", listed["list"])
        names = [name for entry in entries if (name := _brand(entry.strip())) is not None]
        if len(names) >= 3 or (names and len(names) == len(entries)):
            found.update(dict.fromkeys(names))
    key = re.sub(r"[^a-z0-9]", "", normal_name(publisher))
    dotted = _dotted(body)
    for pattern in (_DOMAIN, _MAIL):
        for match in pattern.finditer(dotted):
            domain = match[1].casefold().removeprefix("www.")
            stem = re.sub(r"[^a-z0-9]", "", domain.split(".")[-2] if domain.count(".") else domain)
            if len(stem) >= 3 and key and (stem.startswith(key[:12]) or key.startswith(stem)):
                found[match[1].removeprefix("www.")] = None
    return tuple(found)[:80]


def _dotted(body: str) -> str:
    """The words with a dot, in their order: others hold no domain, and are slow to search."""
    return " ".join(word for word in body.split() if "." in word)


def order_names(publisher: str | None, names: Iterable[str]) -> tuple[str, ...]:
    """Without the publisher itself and doubles, longest first."""
    unique = {name: None for name in names if name and name != publisher}
    return tuple(sorted(unique, key=lambda name: (-len(name), name)))


def _chunks(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Pieces with their place; long ones in parts, as patterns look for one sentence."""
    at = 0
    size = sum(map(len, texts)) + len(texts)
    for text in texts:
        if _HEAD < at < size - _TAIL:
            at += len(text) + 1
            continue
        for start in range(0, min(len(text), _SCANNED), 4000):
            yield text[start : start + 4000], at + start
        at += len(text) + 1


def _define(evidence: _Evidence, body: str) -> None:
    """Self-introductions: Acme, Inc. ("Acme", "we"); and plain aliases: Acme, Inc. ("Acme")."""
    for count, (text, place) in enumerate(_chunks(body.split("\n"))):
        weight = 12.0 if count < 60 and place < 3 * _TOP_CHARACTERS else 5.0
        for found in _DEFINED_BACKWARDS.finditer(text):
            evidence.add(found["name"], weight * 0.7)
        if "(" not in text and "（" not in text:
            continue
        for found in _DEFINED.finditer(text):
            key = evidence.add(found["name"], weight)
            for alias in _IN_QUOTES.finditer(found["in"]):
                evidence.join(key, evidence.add(alias["name"], weight / 2))
        for found in _DEFINED_SMALL.finditer(text):
            if found["entity"]:
                key_ = evidence.add(found["entity"], weight)
                for alias in _IN_QUOTES.finditer(found["in"]):
                    evidence.join(key_, evidence.add(alias["name"], weight / 2))
            elif len(re.findall(rf"(?<!\w){re.escape(found['name'])}(?!\w)", body)) >= 5:
                key = found["name"]
                evidence.weights[key] += weight
                evidence.spoken[key] += weight
                evidence.forms[key][key] += 1
        for found in _ALIASED.finditer(text):
            if re.search(rf"(?<!\w){_WE}(?!\w)", found["in"]):
                continue
            key = evidence.add(found["name"], 0.5)
            for alias in _IN_QUOTES.finditer(found["in"]):
                other = _trim(alias["name"])
                if key and other and _resembles(normal_name(other), key):
                    evidence.join(key, evidence.add(other, 0.5))


def _resembles(alias: str, name: str) -> bool:
    """Whether an alias is made of the name: its first words, or its initials."""
    if not alias:
        return False
    words = name.split()
    initials = "".join(word[0] for word in words)
    return name.startswith(alias.split(maxsplit=1)[0]) or alias.replace(" ", "") in (
        initials,
        "".join(words),
    )


def _count_mentions(evidence: _Evidence, body: str) -> None:
    """A policy names its publisher all the time, and gives addresses at its domain."""
    counts: Counter[str] = Counter()
    forms: dict[str, str] = {}
    for raw, times in Counter(found[0] for found in _MENTION.finditer(body)).items():
        name = _trim(raw)
        if name is not None:
            key = normal_name(name)
            counts[key] += times
            forms.setdefault(key, name)
    for key, times in counts.items():
        if key and times >= (3 if key in evidence.weights else 5):
            share = 0.3 if key in _PROVIDERS else 1.0
            evidence.weights[key] += share * min(3.0, times.bit_length() * 0.6)
            if not evidence.forms[key]:
                evidence.forms[key][forms[key]] += 1
    stems: Counter[str] = Counter()
    dotted = _dotted(body)
    for pattern, weight in ((_MAIL, 2), (_DOMAIN, 1)):
        for found in pattern.finditer(dotted):
            host = found[1].casefold()
            if host not in _MAIL_HOSTS:
                stems[re.sub(r"[^a-z0-9]", "", host.rsplit(".", 2)[-2])] += weight
    for key in list(evidence.weights):
        joined = key.replace(" ", "")
        bare = joined.removesuffix("com").removesuffix("org").removesuffix("net")
        times = max(stems.get(joined, 0), stems.get(bare, 0) if len(bare) > 2 else 0)
        if times:
            share = 0.3 if key in _PROVIDERS and evidence.spoken[key] < 4 else 1.0
            evidence.weights[key] += share * (2.5 if times > 1 else 1.5)


def _choose(evidence: _Evidence, body: str) -> Publisher | None:
    keys = sorted(evidence.weights, key=lambda k: (len(k.split()), k))
    # "Acme" and "Acme Europe" are one publisher when the short form has weight of its own.
    for index, short in enumerate(keys):
        if evidence.weights[short] < 2.0:
            continue
        for longer in keys[index + 1 :]:
            if longer.startswith(short + " ") or longer.replace(" ", "") == short.replace(" ", ""):
                evidence.join(short, longer)
    best: tuple[float, str] | None = None
    groups = evidence.groups()
    for root, members in groups.items():
        total = sum(evidence.weights[key] for key in members)
        if all(key in _PROVIDERS for key in members):
            total *= 0.6
        if best is None or (total, root) > best:
            best = (total, root)
    if best is None or best[0] < _LEAST:
        return None
    members = groups[best[1]]
    owners = [key for key in members if not _is_product(key, members)]
    spoken = {
        owner: sum(evidence.spoken[k] for k in members if k == owner or k.startswith(owner + " "))
        for owner in owners
    }
    said = [owner for owner in owners if spoken[owner] >= 0.2 * max(spoken.values())]
    name = _with_article(_preferred(said, evidence, body), body)
    names = [
        form
        for key in members
        for form in evidence.forms[key]
        if re.search(rf"\s{_LEGAL}$", form)
        or (evidence.weights[key] >= 1.0 and not _is_product(key, members) and "!" not in form)
    ]
    return Publisher(name, order_names(name, names), best[0])


def _is_product(key: str, keys: Sequence[str]) -> bool:
    """Whether a name is another one with common words behind it: "Acme Services"."""
    return any(
        key.startswith(short + " ") and all(map(_is_common, key[len(short) + 1 :].split()))
        for short in keys
    )


def _with_article(name: str, body: str) -> str:
    """The article that belongs to a name: "The Daily Acme", written large amid sentences."""
    escaped = re.escape(name)
    small = len(re.findall(rf"(?<![\w]){escaped}(?!\w)", body))
    for article in ("The", "We", "My", "Our"):
        large = len(re.findall(rf"[a-z,] {article} {escaped}(?!\w)", body))
        if large >= 2 and len(re.findall(rf"\b{article} {escaped}(?!\w)", body)) >= 0.7 * small:
            return f"{article} {name}"
    return name


def _preferred(keys: Sequence[str], evidence: _Evidence, body: str) -> str:
    """The form that the text uses most, counted longest first so that none hides another."""
    forms = {form for key in keys for form in evidence.forms[key]}
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")
    used = Counter(found[0] for found in pattern.finditer(body))
    for form in ordered:
        used[form] += 0
    folded: defaultdict[str, int] = defaultdict(int)
    for form, times in used.items():
        folded[form.casefold()] += times
    best = max(folded, key=lambda f: (folded[f], evidence.weights[normal_name(f)], -len(f), f))
    spelled = {form: used[form] for form in used if form.casefold() == best}
    return max(spelled, key=lambda form: (_spelling(form), spelled[form], form))


def _spelling(form: str) -> int:
    """A brand with a small first letter ("eBay") is capitalised by careless writers, never the
    other way round; and capitals throughout are mostly emphasis."""
    if re.match(r"[a-z]+[A-Z]", form):
        return 2
    return 0 if form.isupper() and len(form) > 5 else 1


def _brand(text: str) -> str | None:
    """An entry of a list of brands or sites."""
    text = re.sub(r"^(?:the|our|including|such as|its)\s+", "", text, flags=re.IGNORECASE)
    text = re.split(r"\s+as well\b|\s+\(", text)[0].strip(" \"“”'")
    if not 2 <= len(text) <= 40:
        return None
    if _DOMAIN.fullmatch(text):
        return text
    if re.fullmatch(_NAME, text) is None or text.casefold() in _COMMON | _PROVIDERS:
        return None
    return text


_DOTTED = re.compile(r"(?:\b(?:Inc|Ltd|Corp|Co|Pte|Pty)|\.\w)\.\Z")


@lru_cache(maxsize=20_000)
def _trim(raw: str) -> str | None:
    """A name without what the pattern took along; ``None`` when nothing is left of it."""
    name = re.sub(r"\s+", " ", raw).strip(" ,;:*_\"“”'‘’()[]")
    name = re.sub(r"(?:['’]s|['’])$", "", name)
    name = re.split(r"['’]s\s", name)[0]
    entity = re.match(rf"(.{{2,60}}?\s{_LEGAL}(?:,?\s+{_LEGAL})?)(?=\s+(?!{_LEGAL})[A-Z0-9])", name)
    if entity is not None:
        name = entity[1]
    if name.endswith(".") and not _DOTTED.search(name):
        name = name.rstrip(".")  # the sentence's
    words = name.split()
    while words and (_is_common(words[0]) or words[0] in _CONNECTORS):
        del words[0]
    for index, word in enumerate(words[1:], 1):
        if re.match(r"\d{3}", word):
            del words[index:]  # a street number
            break
    while (
        words
        and (_is_common(words[-1]) or words[-1] in _CONNECTORS)
        and not re.fullmatch(_LEGAL, words[-1])
    ):
        if len(words) > 1 and words[-1].casefold() in _ENDINGS and words[-1][0].isupper():
            break
        del words[-1]
    name = " ".join(words).strip(" ,;:")
    plain = normal_name(name)
    if not plain or len(name) < 2 or len(name) > 80 or plain.isdigit():
        return None
    if all(_is_common(word) or word.isdigit() or word in _AUDIENCES for word in plain.split()):
        return None if plain not in _PROVIDERS else name
    if re.match(r"\d+(?:\.\d+)*$|\d{4}\b", name):
        return None
    if len(words) > 4 and not re.search(rf"(?:\s|,){_LEGAL}$", name):
        return None  # a title, not a name
    return name


def _is_common(word: str) -> bool:
    plain = word.strip(".,;:()\"“”'’").casefold()
    if word == "IT":
        return False
    return (plain in _COMMON and plain not in _PROVIDERS) or not plain
