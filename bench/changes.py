"""What `kg diff` reports, measured on the versions of policies in a git repository.

    python -m bench.changes REPOSITORY_OR_GRAPH
    python -m bench.changes sample REPOSITORY_OR_GRAPH --n 60 --seed 1 > rows.json

The first prints how many changes are reported from one snapshot to the next, by kind, and what
became of those that somebody judged (``bench/judged/changes.json``): how many are right, and how
many are still reported. A clone in the layout of Open Terms Archive is read first, into a folder
that is thrown away; a graph that was built of one (``kg build --git``) saves the time.

``sample`` draws changes at random, at most eight of a policy, for somebody to judge one by one
against both texts:

- ``right``: a data protection officer would list it, with these words.
- ``badly``: there is such a change, but kind, actor or terms are not the right ones.
- ``wrong``: there is none; the note says what misled.

Rows hold names of documents and offsets, no text.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.changes import Change, changes_between
from kg.changes.history import Version
from kg.changes.snapshots import stumps
from kg.claims import claims_of, concept_labels, sources
from kg.concepts import Concepts, concepts
from kg.documents import Wanted
from kg.manifest import text_of
from kg.pipeline import build
from kg.store import is_store, open_store

JUDGED = Path(__file__).parent / "judged" / "changes.json"
VERDICTS = ("right", "badly", "wrong")
#: Of a policy, in a sample.
A_POLICY = 8

Row = dict[str, Any]


def judged_rows() -> list[Row]:
    """The judged changes."""
    rows: list[Row] = json.loads(JUDGED.read_text("utf-8"))
    return rows


def share_right(rows: Iterable[Row], *, told_well: bool = False) -> float:
    """The share of changes that there are; with ``told_well`` of those without any fault."""
    kinds = Counter(row["verdict"] for row in rows)
    good = kinds["right"] + (0 if told_well else kinds["badly"])
    return good / max(1, kinds.total())


def reported(folder: Path) -> Iterator[tuple[str, Row]]:
    """All changes from a snapshot to the next, each with the policy it is of."""
    with open_store(folder) as store:
        known = concepts(store)
        labels = concept_labels(store)
        lines: dict[str, list[Version]] = {}
        for source in sources(store):
            text = text_of(folder, source.graph) or ""
            version = Version(source, tuple(claims_of(store, source, labels)), text)
            lines.setdefault(source.policy, []).append(version)
    for policy in sorted(lines, key=lambda one: lines[one][0].source.documents):
        for row in _of_line(lines[policy], known):
            yield policy, row


def _of_line(versions: list[Version], known: Concepts) -> Iterator[Row]:
    out = stumps([len(version.claims) for version in versions])
    whole = [version for number, version in enumerate(versions) if number not in out]
    for one, other in pairwise(whole):
        for change in changes_between(
            one.claims, other.claims, known, texts=(one.text, other.text)
        ):
            yield _row(change, one, other)


def _row(change: Change, earlier: Version, later: Version) -> Row:
    places = []
    for side in (change.before, change.after):
        said = side[0].statement.evidence if side else None
        places.append([said.start, said.end] if said else None)
    return {
        "earlier": earlier.source.documents[0],
        "later": later.source.documents[0],
        "change": change.kind.value,
        "kinds": [aspect.value for aspect in change.aspects],
        "before": places[0],
        "after": places[1],
        "verdict": "",
        "note": "",
    }


def identity(row: Row) -> tuple[Any, ...]:
    """What tells a change from others: its versions, its kind and the sentence it is told of."""
    place = row["after"] or row["before"]
    return row["earlier"], row["later"], row["change"], place[0]


def drawn(found: Iterable[tuple[str, Row]], number: int, seed: int) -> list[Row]:
    """Changes at random, at most :data:`A_POLICY` of one policy, by version."""
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)
    taken: Counter[str] = Counter()
    kept: list[Row] = []
    for policy, row in shuffled:
        if taken[policy] < A_POLICY and len(kept) < number:
            taken[policy] += 1
            kept.append(row)
    return sorted(kept, key=lambda row: (row["earlier"], identity(row)))


def report(found: Iterable[tuple[str, Row]]) -> None:
    """Prints the counts."""
    rows = [row for _, row in found]
    kinds = Counter(kind for row in rows for kind in row["kinds"])
    whole = Counter(row["change"] for row in rows)
    told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(whole.items()))
    print(f"{len(rows):,} changes: {told}")
    for kind, count in kinds.most_common():
        print(f"{count:>6,}  {kind}")
    judged = judged_rows()
    now = {identity(row) for row in rows}
    print(f"\n{'judged':<10}{'':>6}{'still reported':>17}")
    for verdict in VERDICTS:
        some = [row for row in judged if row["verdict"] == verdict]
        print(f"{verdict:<10}{len(some):>6}{sum(identity(row) in now for row in some):>17}")
    left = [row for row in judged if identity(row) in now]
    for title, of in (("when judged", judged), ("of those left", left)):
        well = share_right(of, told_well=True)
        print(f"share right {title}: {share_right(of):.1%}, told without fault {well:.1%}")


def main(arguments: list[str]) -> int:
    """Prints what was asked for."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    is_sample = arguments[:1] == ["sample"]
    if is_sample:
        options.add_argument("--n", type=int, default=60)
        options.add_argument("--seed", type=int, required=True)
    given = options.parse_args(arguments[is_sample:])
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder
        if not is_store(folder):
            build([folder], scratch, history=Wanted())
            folder = Path(scratch)
        found = list(reported(folder))
    if is_sample:
        rows = drawn(found, given.n, given.seed)
        print("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]")
    else:
        report(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
