"""Which headline flows of annotated policies stand in a table of flows?

    python -m bench.headline GOLD.yaml FLOWS.csv

GOLD maps a document (the beginning of its file's name) to its headline flows: subject, predicate,
object, with ``alt_subjects``, ``alt_actions`` and ``alt_objects`` that are as good, and the
``quote`` that says so. FLOWS is what ``kg export --format flows`` writes. A flow is found when a
row of that document has the predicate (or one of an alternative action), the subject and the
object; phrases need not be equal, but have most of their words in common. The exit code is 0
when all are found.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

_LITTLE = """
    a an the of to in on for and or by with from at our your their its it you we us my that this
    these those any some such certain other all which who whom is are be may can not if where
    inc llc ltd limited gmbh corp co brands
"""
_USER = "user you customer visitor consumer individual member person"
_SPELLINGS = (
    (re.compile(r"\be-?\s?mails?\b"), "email"),
    (re.compile(r"\bu\.?s\.?a?\.?(?!\w)|\bunited states( of america)?\b"), "unitedstates"),
    (re.compile(r"\bweb[\s-]sites?\b"), "website"),
    (re.compile(r"\bon-line\b"), "online"),
    (
        re.compile(r"\bpersonal(ly identifiable|ly identifying)? (data|information)\b"),
        "personal data",
    ),
)
#: Action -> the beginnings of its predicates.
_VERBS = {
    "collect": "collects",
    "use": "uses",
    "share": "shares",
    "transfer": "transfers",
    "sell": "sells",
    "store": "stores",
    "retain": "retains",
    "delete": "deletes",
    "protect": "protects",
}
_ALIKE, _WITHIN = 0.55, 0.33


def words(text: str) -> frozenset[str]:
    """Content words without their inflection, roughly."""
    text = text.casefold()
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    found = re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text))
    content = [word for word in found if word not in _LITTLE.split()] or found
    return frozenset(re.sub(r"(?<=\w\w\w)(?:ies|y|es|s|ed|ing|e)$", "", word) for word in content)


def is_alike(one: str, other: str) -> bool:
    """Whether two phrases have most of their words in common, or one holds the other."""
    first, second = words(one), words(other)
    if not first or not second:
        return False
    score = 2 * len(first & second) / (len(first) + len(second))
    return score >= _ALIKE or (score >= _WITHIN and (first <= second or second <= first))


def is_same_party(one: str, other: str) -> bool:
    """The same for those who act; all names of the user are one."""
    users = [bool(words(name) & words(_USER)) for name in (one, other)]
    return all(users) if any(users) else is_alike(one, other)


def is_found(flow: dict[str, Any], rows: list[dict[str, str]]) -> bool:
    """Whether one of the rows says what the flow says."""
    predicates = _predicates(flow)
    subjects = [flow["subject"], *flow.get("alt_subjects", ())]
    objects = [flow["object"], *flow.get("alt_objects", ())]
    for row in rows:
        if row["predicate"] not in predicates:
            continue
        if not any(is_same_party(row["subject"], subject) for subject in subjects):
            continue
        said = filter(None, (row["object"], row.get("concept", "")))
        if any(is_alike(phrase, wanted) for phrase in said for wanted in objects):
            return True
    return False


def _predicates(flow: dict[str, Any]) -> set[str]:
    predicate = flow["predicate"]
    denied = predicate.startswith("doesNot")
    found = {predicate}
    for action in flow.get("alt_actions", ()):
        verb = f"doesNot{action.capitalize()}" if denied else _VERBS[action]
        found.update(f"{verb}{rest}" for rest in ("", "With", "To", "In"))
    return found


def main(arguments: list[str]) -> int:
    """Prints the flows that are missing and a summary."""
    if len(arguments) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    gold = yaml.safe_load(Path(arguments[0]).read_text("utf-8"))
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with Path(arguments[1]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["document"].rsplit("/", 1)[-1]].append(row)
    wanted = found = 0
    for document, flows in gold.items():
        own = [row for name, some in rows.items() if name.startswith(document) for row in some]
        for flow in flows:
            wanted += 1
            if is_found(flow, own):
                found += 1
            else:
                print(f"{document}  {flow['subject']}  {flow['predicate']}  {flow['object']}")
                print(f"       {flow['quote'][:160]}")
    print(f"{found} of {wanted} headline flows found")
    return 0 if found == wanted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
