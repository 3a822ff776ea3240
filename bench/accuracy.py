"""How well policies are read, by rules alone, by the tagger alone, and by both joined.

    python -m bench.accuracy            prints the figures and the sentences that changed
    python -m bench.accuracy --check    fails when a figure fell by more than a point
    python -m bench.accuracy --record   keeps the figures, to compare the next run with

Figures are those of the scorers in ``../shared/gold``, with their defaults. PolicyIE's training
rows are cross-validated: each is read with tags of a network that has not learned from its block
(``training/held-out.jsonl.gz``). The validation rows and the two annotated policies are read
with the tagger that ships. The record holds figures and hashes, no text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.documents import read, read_lines
from kg.grounding import Scheme, grounder
from kg.model import Action, Document, Evidence, Mention, Modality, Polarity, Statement, Support
from kg.records import record
from kg.sentences import split
from kg.statements import read_statements
from kg.statements.join import HEADS, RANGES
from kg.statements.parse import parse
from kg.tagger import INTENTS, Tagging, Tags, shipped
from kg.tagger.recorded import Recorded

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
HELD_OUT = ROOT / "training" / "held-out.jsonl.gz"
RECORD = ROOT / "bench" / "recorded" / "accuracy.json"
SYSTEMS = ("rules", "tagger", "both")
SETS = ("valid", "train", "seeds")
#: What a figure may fall by, in points.
SLACK = 1.0

Read = Callable[[Document, int | None], Iterable[Statement]]
#: Role of a tag -> field of a statement.
_FIELDS = {**HEADS, **RANGES}
_USUAL = dict(
    zip(INTENTS, (Action.COLLECT, Action.SHARE, Action.STORE, Action.PROTECT), strict=True)
)


def reader(system: str, tagging: Tagging) -> Read:
    """How a system reads a document (or a line of a file)."""
    if system == "rules":
        return lambda doc, line: read_statements(doc, line=line, tagger=None).statements
    if system == "both":
        return lambda doc, line: read_statements(doc, line=line, tagger=tagging).statements
    return lambda doc, line: by_tags(doc, line, tagging)


def by_tags(document: Document, line: int | None, tagging: Tagging) -> Iterator[Statement]:
    """What tags alone can say: a statement for each intent of a sentence, with all its phrases."""
    sentences = split(document) if line is None else ()
    places = [(s.start, s.end) for s in sentences] or [(0, len(document.text))]
    for start, end in places:
        text = document.text[start:end]
        if text.strip():
            parsed = parse(text, document.names)
            spans = [
                (start + a, start + b) for a, b in zip(parsed.starts, parsed.ends, strict=True)
            ]
            tags = tagging.tag([parsed.forms])[0]
            evidence = Evidence(document.name, text, start, end, line=line)
            yield from _of_tags(document, tags, spans, evidence)


def _of_tags(
    document: Document, tags: Tags, spans: list[tuple[int, int]], evidence: Evidence
) -> Iterator[Statement]:
    def mention(first: int, last: int) -> Mention:
        start, end = spans[first][0], spans[last][1]
        text = document.text[start:end]
        found = grounder().ground(text, Scheme.DATA)
        return (
            Mention(text, start, end, found.iri or None, found.label)
            if found
            else Mention(text, start, end)
        )

    by_role: dict[str, list[Mention]] = {}
    for tag in tags.tags:
        by_role.setdefault(tag.role, []).append(mention(tag.first, tag.last))
    nothing = Mention("", evidence.start, evidence.start)
    denial = next(iter(by_role.get("polarity", ())), None)
    for intent, sure in zip(INTENTS, tags.intents, strict=True):
        if sure >= 0.5:
            yield Statement(
                action=_USUAL[intent],
                polarity=Polarity.NEGATED if denial else Polarity.AFFIRMED,
                modality=Modality.ASSERTED,
                trigger=next(iter(by_role.get(f"{intent}-verb", ())), nothing),
                evidence=evidence,
                negation=denial,
                actor=next(iter(by_role.get("actor", ())), None),
                confidence=sure,
                support=Support.TAGGER,
                **{field: tuple(by_role.get(role, ())) for role, field in _FIELDS.items()},
            )


# ---- the sets -----------------------------------------------------------------------------------


def measure(
    of: str, system: str, tagging: Tagging
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Figures in points, and for each sentence (row or place) the hashes of its statements."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.jsonl"
        if of == "seeds":
            texts = sorted((SHARED / "corpus" / "seeds").glob("00[03]_*.txt"))
            read_seeds = reader(system, tagging)
            found = [s for path in texts for s in read_seeds(read(path, name=path.name), None)]
            _write(found, said)
            report = _scored(
                [SHARED / "gold/seeds/score.py", *sorted((SHARED / "gold/seeds").glob("00*.yaml"))],
                ["--predictions", said, "--sources", SHARED / "corpus/seeds", "--json"],
            )
            figures = _of_seeds(json.loads(report)["all"])
            return figures, _hashes((f"{s.evidence.document}:{s.evidence.start}", s) for s in found)
        split = SHARED / f"gold/policyie/{of}.jsonl"
        lines = Path(folder) / "lines.txt"
        _scored([SHARED / "gold/score.py", "lines"], ["--split", split, "--out", lines])
        read_line = reader(system, tagging)
        found = [
            s
            for line, doc in enumerate(read_lines(lines, name="lines"))
            for s in read_line(doc, line)
        ]
        _write(found, said)
        report_file = Path(folder) / "report.json"
        _scored(
            [SHARED / "gold/score.py", "policyie"],
            ["--split", split, "--predictions", said, "--json", report_file],
        )
        figures = _of_policyie(json.loads(report_file.read_text("utf-8")))
        return figures, _hashes((str(s.evidence.line), s) for s in found)


def _write(found: Iterable[Statement], path: Path) -> None:
    path.write_text("".join(f"{json.dumps(record(s))}\n" for s in found), "utf-8")


def _scored(command: list[Any], options: list[Any]) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command), *map(str, options)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def _of_policyie(report: dict[str, Any]) -> dict[str, float]:
    rows, sentences = report["rows"], report["sentences"]
    return {
        "intents micro-F1": rows["intents"]["micro_f1"],
        "intents macro-F1": rows["intents"]["macro_f1"],
        "slots exact F1": rows["roles"]["exact"]["mean_f1"],
        "slots token F1": rows["roles"]["token"]["mean_f1"],
        "sentences intents F1": sentences["intents"]["micro_f1"],
        "sentences coarse exact F1": sentences["coarse"]["exact"]["micro"]["f1"],
        "sentences coarse token F1": sentences["coarse"]["token"]["micro"]["f1"],
    }


def _of_seeds(report: dict[str, Any]) -> dict[str, float]:
    roles = {role: report["roles"][role]["f1"] for role in ("data", "recipients", "purposes")}
    return {
        "statements precision": 100 * report["statements"]["precision"],
        "statements recall": 100 * report["statements"]["recall"],
        "statements F1": 100 * report["statements"]["f1"],
        "flow tuples F1": 100 * report["flows"]["f1"],
        "modality": 100 * report["modality_accuracy"],
        **{f"{role} F1": 100 * f1 for role, f1 in roles.items()},
    }


def _hashes(found: Iterable[tuple[str, Statement]]) -> dict[str, list[str]]:
    by_place: dict[str, list[str]] = {}
    for place, statement in found:
        told = record(statement)
        told.pop("confidence")
        text = json.dumps(told, sort_keys=True).encode()
        by_place.setdefault(place, []).append(hashlib.blake2b(text, digest_size=3).hexdigest())
    return by_place


# ---- the command --------------------------------------------------------------------------------


def changes(of: str, now: dict[str, list[str]], before: dict[str, list[str]]) -> list[str]:
    """Places whose statements are others than those of the record."""
    places = sorted({*now, *before}, key=lambda p: (len(p), p))
    return [f"{of} {place}" for place in places if now.get(place) != before.get(place)]


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; the exit status is 1 when a check fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--record", action="store_true", help="keep the figures")
    parser.add_argument("--check", action="store_true", help="fail when a figure fell")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    options = parser.parse_args(arguments)
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is not there: the annotated sentences are needed")
    tagging = shipped()
    if tagging is None:
        sys.exit("the tagger's model is not there")
    old = json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else {"figures": {}, "read": {}}
    figures: dict[str, dict[str, float]] = {}
    read_now: dict[str, dict[str, list[str]]] = {}
    fallen = []
    for of in options.sets:
        for system in options.systems:
            print(f"reading {of} with {system}", file=sys.stderr, flush=True)
            key = f"{of}, {system}"
            tags = Recorded(HELD_OUT) if of == "train" else tagging
            figures[key], hashes = measure(of, system, tags)
            if system == "both":
                read_now[of] = hashes
        print(f"\n{of}")
        names = list(figures[f"{of}, {options.systems[0]}"])
        print("  ".join([f"{'':26}", *(f"{system:>14}" for system in options.systems)]))
        for name in names:
            cells = []
            for system in options.systems:
                value = figures[f"{of}, {system}"][name]
                was = old["figures"].get(f"{of}, {system}", {}).get(name)
                cells.append(f"{value:.1f}" + (f" ({value - was:+.1f})" if was is not None else ""))
                if was is not None and value < was - SLACK:
                    fallen.append(f"{of}, {system}: {name} fell from {was:.1f} to {value:.1f}")
            print("  ".join([f"{name:26}", *(f"{cell:>14}" for cell in cells)]))
        if of in read_now and of in old["read"]:
            changed = changes(of, read_now[of], old["read"][of])
            print(f"sentences read otherwise than in the record: {len(changed)}")
            print("\n".join(f"  {place}" for place in changed[:40]))
    if options.record:
        RECORD.parent.mkdir(exist_ok=True)
        kept = {
            "figures": {
                key: {name: round(value, 2) for name, value in told.items()}
                for key, told in {**old["figures"], **figures}.items()
            },
            "read": {**old["read"], **read_now},
        }
        RECORD.write_text(json.dumps(kept, separators=(",", ":")) + "\n", "utf-8")
    print("\n".join(fallen), file=sys.stderr)
    return int(options.check and bool(fallen))


if __name__ == "__main__":
    sys.exit(main())
