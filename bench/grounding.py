"""Phrases to concepts, measured on the policies of a folder.

    python -m bench.grounding FOLDER [--worst N]
    python -m bench.grounding sample FOLDER --scheme data --n 200 --seed 1 > rows.csv
    python -m bench.grounding judged FOLDER

The first prints how many mentions reach a concept below the top of their scheme, and the
commonest phrases that do not. A concept of the policy's own counts when the concept above it is
below the top. Data has two tops: "data", and "personal data" under it.

``sample`` draws mentions at random, at most five of a document, for somebody to judge one by one:

- ``right``: the concept is what the words stand for in their sentence, and no narrower concept of
  the ontology is named by them. General words are right with a general concept.
- ``wrong``: it is not.
- ``misread``: the words are nothing of that kind at all ("by default" is no recipient); that is
  a mistake of whoever read the sentence, so these rows count apart.

``judged`` prints what came of that (``bench/judged``), and how many of the judged mentions are
still grounded in the same way. ``--show`` adds the words to the rows of a sample; rows that are
kept have none.

Reading takes a while; ``--cache FILE`` keeps what was read, for a second question to the same
code.
"""

from __future__ import annotations

import argparse
import csv
import pickle
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from kg.documents import Source, find, read
from kg.errors import KgError
from kg.grounding import Grounder, Scheme, grounder
from kg.iris import BASE, PF
from kg.model import Mention
from kg.statements import read_statements

JUDGED = Path(__file__).parent / "judged"
COLUMNS = ("document", "start", "end", "iri", "verdict", "note")
ROLES = {
    Scheme.DATA: "data",
    Scheme.RECIPIENT: "recipients",
    Scheme.PURPOSE: "purposes",
    Scheme.PLACE: "locations",
    Scheme.BASIS: "legal_bases",
}
TOPS = {
    Scheme.DATA: frozenset({PF + "Data"}),
    Scheme.RECIPIENT: frozenset({PF + "Recipient"}),
    Scheme.PURPOSE: frozenset({PF + "Purpose"}),
    Scheme.PLACE: frozenset({PF + "Place"}),
    Scheme.BASIS: frozenset({PF + "LegalBasis"}),
}
NARROWER_TOPS = TOPS[Scheme.DATA] | {PF + "PersonalData"}
#: What the shares have to reach.
TARGETS = {Scheme.DATA: 0.85, Scheme.RECIPIENT: 0.80, Scheme.PURPOSE: 0.75}
A_DOCUMENT = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One mention of a document in one role."""

    document: str
    scheme: Scheme
    mention: Mention
    sentence: str


def _mentions_of(source: Source) -> list[Found]:
    try:
        document = read(source.path, name=source.name, declared=source.declared)
    except KgError:
        return []
    found: dict[tuple[Scheme, Mention], Found] = {}
    for statement in read_statements(document).statements:
        for scheme, role in ROLES.items():
            for mention in getattr(statement, role):
                one = Found(source.name, scheme, mention, statement.evidence.text)
                found.setdefault((scheme, mention), one)
    return list(found.values())


def mentions(folder: Path, cache: Path | None, jobs: int) -> list[Found]:
    """All mentions of the folder's policies, each once however many statements share it."""
    if cache is not None and cache.is_file():
        return [Found(*row) for row in pickle.loads(cache.read_bytes())]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        found = [one for some in pool.map(_mentions_of, find([folder])) for one in some]
    if cache is not None:
        rows = [(one.document, one.scheme, one.mention, one.sentence) for one in found]
        cache.write_bytes(pickle.dumps(rows))
    return found


# --- How far they reach --------------------------------------------------------------------------


def reaches(mention: Mention, tops: frozenset[str]) -> bool:
    """Whether a mention has a concept of the ontology below the tops, or an own one under one."""
    concept = mention.broader or mention.iri or ""
    return concept.startswith(PF) and concept not in tops


def is_own(mention: Mention) -> bool:
    """Whether the concept is one of the policy's own."""
    return mention.broader is not None


def is_named(mention: Mention) -> bool:
    """Whether it is a party by name that the ontology does not know."""
    return mention.broader is None and (mention.iri or "").startswith(f"{BASE}party/")


def report(found: Iterable[Found], worst: int) -> bool:
    """Prints the table; whether all targets are met."""
    by_scheme: dict[Scheme, list[Mention]] = defaultdict(list)
    for one in found:
        by_scheme[one.scheme].append(one.mention)
    print(f"{'':<12}{'mentions':>9}{'below top':>11}{'target':>8}{'own':>7}{'named':>7}{'none':>7}")
    met = True
    for scheme in ROLES:
        some = by_scheme[scheme]
        every = max(1, len(some))
        share = sum(reaches(one, TOPS[scheme]) for one in some) / every
        target = TARGETS.get(scheme)
        met &= target is None or share >= target
        rest = [sum(map(test, some)) / every for test in (is_own, is_named, _is_nothing)]
        print(
            f"{scheme:<12}{len(some):>9,}{share:>11.1%}{target or '':>8}"
            + "".join(f"{one:>7.1%}" for one in rest)
        )
        if scheme is Scheme.DATA:
            share = sum(reaches(one, NARROWER_TOPS) for one in some) / every
            print(f"{'  below personal data':<21}{share:>11.1%}")
    for scheme in ROLES if worst else ():
        print(f"\n{scheme}: commonest phrases that do not get below the top")
        missed = Counter(
            " ".join(one.text.lower().split())
            for one in by_scheme[scheme]
            if not reaches(one, TOPS[scheme])
        )
        for phrase, count in missed.most_common(worst):
            print(f"{count:>6}  {phrase[:100]}")
    return met


def _is_nothing(mention: Mention) -> bool:
    return mention.iri is None


# --- Whether they are right ----------------------------------------------------------------------


def drawn(found: Iterable[Found], scheme: Scheme, number: int, seed: int) -> list[Found]:
    """Mentions that got a concept, at random, at most :data:`A_DOCUMENT` of one document."""
    ordered = sorted(
        (one for one in found if one.scheme is scheme and concept(one.mention)),
        key=lambda one: (one.document, one.mention.start, one.mention.end, one.mention.iri or ""),
    )
    random.Random(seed).shuffle(ordered)
    taken: Counter[str] = Counter()
    kept: list[Found] = []
    for one in ordered:
        if taken[one.document] < A_DOCUMENT and len(kept) < number:
            taken[one.document] += 1
            kept.append(one)
    return kept


def write_sample(rows: Iterable[Found], words: Grounder, show: bool) -> None:
    """Rows for a judge; with the words when asked."""
    extra = ("label", "phrase", "sentence") if show else ()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow((*COLUMNS, *extra))
    for one in rows:
        mention = one.mention
        row = [one.document, mention.start, mention.end, concept(mention), "", ""]
        if show:
            label = words.label(concept(mention)) or mention.label or ""
            row += [label, mention.text, " ".join(one.sentence.split())]
        writer.writerow(row)


def concept(mention: Mention) -> str:
    """What is judged: the ontology's concept, of an own concept the one above it."""
    return mention.broader or mention.iri or ""


def judged_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a judged sample."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def judged(found: Iterable[Found]) -> None:
    """Prints the share that is right, and what has changed since."""
    now: dict[tuple[str, str, int, int], set[str]] = defaultdict(set)
    for one in found:
        name, mention = one.document, one.mention
        now[ROLES[one.scheme], name, mention.start, mention.end].add(concept(mention))
    columns = ("judged", "right", "wrong", "misread", "share right", "same now", "other", "unread")
    print(f"{'':<12}" + "".join(f"{column:>12}" for column in columns))
    for path in sorted(JUDGED.glob("*.csv")):
        rows = list(judged_rows(path))
        kinds: Counter[str] = Counter(row["verdict"] for row in rows)
        for row in rows:
            there = now.get((path.stem, row["document"], int(row["start"]), int(row["end"])))
            kinds["unread" if there is None else "same" if row["iri"] in there else "other"] += 1
        share = f"{share_right(rows):.1%}"
        counts = [len(rows), kinds["right"], kinds["wrong"], kinds["misread"], share]
        counts += [kinds["same"], kinds["other"], kinds["unread"]]
        print(f"{path.stem:<12}" + "".join(f"{one:>12}" for one in counts))


def share_right(rows: Iterable[dict[str, str]]) -> float:
    """Of the rows that were read rightly, the share whose concept is right."""
    kinds = Counter(row["verdict"] for row in rows)
    return kinds["right"] / max(1, kinds["right"] + kinds["wrong"])


# --- The command ---------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Prints what was asked for; 0 unless the shares miss their targets."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--cache", type=Path, help="file that keeps what was read")
    options.add_argument("--jobs", type=int, default=1)
    command = arguments[0] if arguments[:1] in (["sample"], ["judged"]) else "reach"
    if command == "sample":
        options.add_argument("--scheme", type=Scheme, required=True, choices=list(ROLES))
        options.add_argument("--n", type=int, default=200)
        options.add_argument("--seed", type=int, required=True)
        options.add_argument("--show", action="store_true", help="with the words")
    if command == "reach":
        options.add_argument("--worst", type=int, default=0, help="how many phrases to print")
    given = options.parse_args(arguments[command != "reach" :])
    found = mentions(given.folder, given.cache, given.jobs)
    if command == "sample":
        rows = drawn(found, given.scheme, given.n, given.seed)
        write_sample(rows, grounder(), given.show)
    elif command == "judged":
        judged(found)
    else:
        return 0 if report(found, given.worst) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
