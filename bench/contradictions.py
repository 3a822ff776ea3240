"""What the checks report in a graph, and how much of it readers found right.

    python -m bench.contradictions GRAPH
    python -m bench.contradictions sample GRAPH SEED

The first prints how many pairs are reported by check and grade, how many of the judged pairs
(``bench/judged/contradictions.json``) are still reported, the share of them that is right, and
why the wrong ones are wrong. ``sample`` draws pairs to judge, at most three of a company, and
prints them as JSON with an empty verdict; the judge reads the places in the text and keeps none.

"judges" tells what two who read a pair apart came to: they "agreed", or the "first" or the "second"
prevailed when both read it again; without it, one has read it.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.checks import Finding, findings
from kg.store import open_store

JUDGED = Path(__file__).parent / "judged" / "contradictions.json"
DRAWN = 60
A_COMPANY = 3

#: Document, check, and where both sentences begin.
Key = tuple[str, str, int, int]


def key_of(finding: Finding) -> Key:
    """What a pair is known by."""
    second = finding.second or finding.first
    document = min(finding.source.documents, default="")
    return document, finding.check, finding.first.start, second.start


def judged() -> dict[Key, dict[str, Any]]:
    """The judged pairs."""
    rows = json.loads(JUDGED.read_text("utf-8"))
    return {
        (row["document"], row["check"], row["first"][0], (row["second"] or row["first"])[0]): row
        for row in rows
    }


def share_right(rows: Iterable[dict[str, Any]]) -> float:
    """Of judged pairs; 1 when there are none."""
    verdicts = [row["verdict"] == "right" for row in rows]
    return sum(verdicts) / len(verdicts) if verdicts else 1.0


def report(found: tuple[Finding, ...]) -> None:
    """Prints what is reported, and what was judged of it."""
    counts = Counter((finding.check, finding.grade.value) for finding in found)
    for (check, grade), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:5}  {grade:13}  {check}")
    companies = {finding.source.company_iri for finding in found}
    print(f"{len(found):5}  pairs of {len(companies)} companies")
    known = judged()
    now = {key_of(finding) for finding in found}
    documents = {document for document, *_ in now}
    here = {key: row for key, row in known.items() if key[0] in documents}
    right = {key for key, row in here.items() if row["verdict"] == "right"}
    told = [here[key] for key in now if key in here]
    print(f"judged right and still reported: {len(right & now)} of {len(right)}")
    print(f"judged wrong and still reported: {len((here.keys() - right) & now)}")
    print(f"reported and judged: {len(told)} of {len(now)}; right of them: {share_right(told):.0%}")
    twice = [row["judges"] for row in known.values() if "judges" in row]
    print(f"read by two judges: {len(twice)} of {len(known)}; agreed: {twice.count('agreed')}")
    print("why the wrong ones of all judged are wrong:")
    causes = Counter(row["reason"] for row in known.values() if row["verdict"] == "wrong")
    for reason, count in causes.most_common():
        print(f"{count:5}  {reason}")


def sample(found: tuple[Finding, ...], seed: int) -> list[dict[str, Any]]:
    """Pairs to judge."""
    shuffled = sorted(found, key=key_of)
    random.Random(seed).shuffle(shuffled)
    taken: Counter[str] = Counter()
    rows = []
    for finding in shuffled:
        taken[finding.source.company_iri] += 1
        if taken[finding.source.company_iri] > A_COMPANY or len(rows) == DRAWN:
            continue
        sides = (finding.first, finding.second)
        first, second = ([side.start, side.end] if side else None for side in sides)
        rows.append(
            {
                "document": key_of(finding)[0],
                "check": finding.check,
                "grade": finding.grade.value,
                "first": first,
                "second": second,
                "verdict": "",
                "reason": "",
            }
        )
    return rows


def main(arguments: list[str]) -> int:
    """Runs it."""
    if len(arguments) == 3 and arguments[0] == "sample":
        with open_store(Path(arguments[1])) as store:
            print(json.dumps(sample(findings(store), int(arguments[2])), indent=1))
    elif len(arguments) == 1:
        with open_store(Path(arguments[0])) as store:
            report(findings(store))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
