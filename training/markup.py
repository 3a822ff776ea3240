"""Sentences of our own, marked up by hand -> rows in the format of PolicyIE.

    python -m training.markup [training/data/own.txt]     prints errors, doubts and counts

A line of the source is one practice: a letter for the intent, a blank, and the
sentence with its spans in square brackets:

    S [w:We] do [n:not] [a:sell] [u:your] [d:e-mail address|contact] to [t:brokers] .

Intents: C collection, S sharing, R retention, P protection, O other.

Roles (the role name depends on the intent where PolicyIE's does):

    a action            w the company as actor     t a third party
    u the user          d data |type               k retention period
    l storage place     z threat                   p purpose |type
    c condition         m method |type             n negation

Spans may nest across the two layers (a provider within a condition), not
within one.  Leading determiners are left out of spans, as PolicyIE does, so
the mark-up may hold them.  Empty lines and lines that begin with "#" are skipped.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

INTENTS = {
    "C": "data-collection-usage",
    "S": "data-sharing-disclosure",
    "R": "data-storage-retention-deletion",
    "P": "data-security-protection",
    "O": "Other",
}
ACTOR = {"C": "data-collector", "S": "data-sharer", "R": "data-holder", "P": "data-protector"}
THIRD = {"C": "data-provider", "S": "data-receiver", "R": "data-holder", "P": "data-protector"}
DATA = {"C": "data-collected", "S": "data-shared", "R": "data-retained", "P": "data-protected"}

DATA_TYPES = {
    "general": "data-general",
    "contact": "data-contact",
    "finance": "data-finance",
    "location": "data-location",
    "device": "data-computer-device",
    "online": "data-user-online-activities-profiles",
    "cookies": "data-cookies-web-beacons-and-other-technologies",
    "aggregated": "data-aggregated-nonidentifiable",
    "demographic": "data-demographic",
    "other": "data-other",
}
PURPOSE_TYPES = {
    "basic": "basic-service-feature",
    "operation": "service-operation-and-security",
    "analytics": "analytics-research",
    "ads": "advertising-marketing",
    "legal": "legal-requirement",
    "comm": "communications",
    "other": "other",
    "personal": "personalization-customization",
    "merger": "merge-acquisition",
}
METHOD_TYPES = {
    "general": "general-safeguard-method",
    "encryption": "encryptions",
    "access": "access-limitation",
    "authentication": "user-authentication",
    "other": "protection-other",
}
SECOND_LAYER = "pcmn"

# Words with which PolicyIE's spans do not begin.
DETERMINERS = frozenset(
    [
        "the",
        "our",
        "a",
        "an",
        "any",
        "all",
        "this",
        "that",
        "these",
        "those",
        "such",
        "certain",
        "its",
        "their",
    ]
)
LEADING = {
    **dict.fromkeys("wuzm", DETERMINERS - {"all"}),
    **dict.fromkeys("dt", DETERMINERS | {"your"}),
    "l": DETERMINERS - {"our", "a", "an"},
    "p": frozenset(("to", "for")),
    "k": frozenset(("for",)),
}

# Prefixes that keep their hyphen; other hyphens are tokens of their own.
PREFIX = r"(?:e|non|de|re|anti|co|pre|multi)"
TOKEN = re.compile(
    rf"""
    https?://\S+?(?=[.,;)]?(?:\s|$))                # addresses
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?:e\.g\.|i\.e\.|etc\.|U\.S\.|U\.K\.|Inc\.|Ltd\.|No\.(?=\s\d))
    | \d+(?:[.,]\d+)+
    | (?:ca|wo|do|is|are|was|were|has|have|had|does|did|would|could|should)(?=n['’]t\b)
    | n['’]t\b
    | ['’](?:s|re|ve|ll|d|m)\b
    | can(?=not\b) | (?<=can)not\b
    | \b{PREFIX}-\w+
    | \w+
    | \S
    """,
    re.VERBOSE | re.IGNORECASE,
)
MARK = re.compile(r"\[([a-z]+):|\]|\|([a-z]+)(?=\])")


class MarkupError(ValueError):
    """A line of the source that cannot be read."""


class Span(NamedTuple):
    """Marked characters of the plain sentence, with the key and type given."""

    start: int
    end: int
    key: str
    type: str | None


def tokenise(text: str) -> list[tuple[int, int]]:
    """Return the character ranges of the tokens of `text`."""
    return [match.span() for match in TOKEN.finditer(text)]


def strip_markup(marked: str) -> tuple[str, list[Span]]:
    """Return the sentence without its mark-up, and the marked spans."""
    plain = ""
    position = 0
    stack: list[tuple[str, int]] = []
    kind: str | None = None
    spans = []
    for match in MARK.finditer(marked):
        plain += marked[position : match.start()]
        position = match.end()
        if match[1]:
            stack.append((match[1], len(plain)))
        elif match[2]:
            kind = match[2]
        elif not stack:
            raise MarkupError("a bracket closes that was not opened")
        else:
            key, start = stack.pop()
            spans.append(Span(start, len(plain), key, kind))
            kind = None
    plain += marked[position:]
    if stack:
        raise MarkupError(f"[{stack[-1][0]}: is not closed")
    if set("[]|") & set(plain):
        raise MarkupError(f"stray mark-up in {plain!r}")
    return plain, spans


def typed(table: dict[str, str], key: str, name: str | None, default: str) -> str:
    """Look up the type `name` of a span of role `key`."""
    try:
        return table[name or default]
    except KeyError:
        raise MarkupError(f"[{key}: has no type {name!r}") from None


def label(intent: str, span: Span) -> str:
    """Return PolicyIE's label of a span in a row of `intent`."""
    if intent == "O":
        raise MarkupError("a row of intent Other has spans")
    if span.type and span.key not in "dpm":
        raise MarkupError(f"[{span.key}: takes no type")
    match span.key:
        case "a":
            return "action"
        case "w":
            return f"{ACTOR[intent]}.first-party-entity"
        case "t":
            return f"{THIRD[intent]}.third-party-entity"
        case "u":
            return "data-provider.user"
        case "d":
            return f"{DATA[intent]}.{typed(DATA_TYPES, 'd', span.type, 'general')}"
        case "p":
            return f"purpose-argument.{typed(PURPOSE_TYPES, 'p', span.type, 'other')}"
        case "m":
            return f"method.{typed(METHOD_TYPES, 'm', span.type, 'general')}"
        case "c":
            return "condition-argument.condition"
        case "n":
            return "polarity.negation"
        case "k" | "l" if intent == "R":
            return {"k": "retention-period.retention-period", "l": "storage-place.storage-place"}[
                span.key
            ]
        case "z" if intent == "P":
            return "protect-against.security-threat"
    raise MarkupError(f"no role [{span.key}: in a row of intent {intent}")


def convert(line: str) -> dict[str, object]:
    """Read one line of mark-up into a row without its id."""
    intent, _, marked = line.partition(" ")
    if intent not in INTENTS:
        raise MarkupError(f"no intent {intent!r}")
    plain, spans = strip_markup(marked)
    ranges = tokenise(plain)
    tokens = [plain[start:end] for start, end in ranges]
    starts = {start: index for index, (start, _) in enumerate(ranges)}
    ends = {end: index + 1 for index, (_, end) in enumerate(ranges)}
    layers: tuple[list, list] = ([], [])
    for span in spans:
        if span.start not in starts or span.end not in ends:
            raise MarkupError(f"{plain[span.start : span.end]!r} does not end at tokens")
        start, end = starts[span.start], ends[span.end]
        while end - start > 1 and tokens[start].lower() in LEADING.get(span.key, ()):
            start += 1
        slot = [start, end, label(intent, span)]
        layers[span.key in SECOND_LAYER].append(slot)
    for layer in layers:
        layer.sort()
        for (_, end, first), (start, _, second) in itertools.pairwise(layer):
            if start < end:
                raise MarkupError(f"{first} and {second} overlap")
    return {
        "tokens": tokens,
        "intent": INTENTS[intent],
        "slots_i": layers[0],
        "slots_ii": layers[1],
    }


def doubts(row: dict) -> list[str]:
    """Name what in a row is unusual in PolicyIE."""
    tokens = [token.lower() for token in row["tokens"]]
    found = []
    if row["intent"] != "Other" and all(slot[2] != "action" for slot in row["slots_i"]):
        found.append("no action")
    if sum(slot[2] == "action" for slot in row["slots_i"]) > 1:
        found.append("several actions")
    users = [slot for slot in row["slots_i"] if slot[2] == "data-provider.user"]
    for start, _end, _ in users[:1]:
        if tokens[start] in ("you", "your") and {"you", "your"} & set(tokens[:start]):
            found.append("the user is marked at a later mention")
    parties = [slot for slot in row["slots_i"] if slot[2].endswith("first-party-entity")]
    for start, _, _ in parties[:1]:
        if tokens[start] in ("we", "us") and {"we", "us"} & set(tokens[:start]):
            found.append("the company is marked at a later mention")
    for start, _, name in row["slots_i"]:
        if ".data-" in name and not users and tokens[max(start - 1, 0)] == "your":
            found.append("the user before the data is not marked")
    for start, _, name in row["slots_ii"]:
        if name.startswith("purpose") and tokens[start] in ("to", "for"):
            found.append(f"a purpose begins with {tokens[start]!r}")
        if name.startswith("condition") and tokens[start] in ("if", "when", "where", "unless"):
            found.append(f"a condition begins with {tokens[start]!r}")
    if not 5 <= len(tokens) <= 55:
        found.append(f"{len(tokens)} tokens")
    return found


def read_marked(path: Path) -> list[dict]:
    """The rows of a file of marked-up sentences.

    Raises:
        MarkupError: a line cannot be read; the message names file and line.
    """
    rows: list[dict] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                rows.append({"id": f"own-{len(rows)}", **convert(line.strip())})
            except MarkupError as error:
                raise MarkupError(f"{path}:{number}: {error}") from error
    return rows


def main(arguments: list[str]) -> int:
    """Prints what is doubtful in a file, and counts; the exit status is 1 when it has errors."""
    source = Path(arguments[0]) if arguments else Path(__file__).parent / "data" / "own.txt"
    try:
        rows = read_marked(source)
    except MarkupError as error:
        print(error, file=sys.stderr)
        return 1
    for row in rows:
        for doubt in doubts(row):
            print(f"{row['id']}: note: {doubt}", file=sys.stderr)
    counts = Counter(row["intent"] for row in rows)
    roles = Counter(slot[2] for row in rows for slot in row["slots_i"] + row["slots_ii"])
    texts = len({" ".join(row["tokens"]) for row in rows})
    print(f"{len(rows)} rows, {texts} texts")
    for table in (counts, roles):
        for name, count in table.most_common():
            print(f"{count:6} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
