"""What the past costs: a build of all versions, beside reading each distinct sentence once.

``python -m bench.history REPOSITORY``: the clone of a git repository in Open Terms Archive
layout. CPU time of this machine, in one run; the build starts from nothing, with one process.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kg.documents import Wanted, read, versions
from kg.errors import KgError
from kg.iris import BASE
from kg.model import Document, Sentence
from kg.pipeline import build
from kg.sentences import split
from kg.statements import Context, lexicon, reading
from kg.statements.look import Looks
from kg.tagger import shipped
from kg.worker import warm_up


def main(repository: Path) -> None:
    wanted = Wanted()
    warm_up(BASE)
    print(f"{len(versions(repository, wanted)):,} versions")
    spent = _children()
    with tempfile.TemporaryDirectory() as folder:
        own = time.process_time()
        report = build([repository], folder, history=wanted, jobs=1)
        whole = _children() - spent + time.process_time() - own
    counts = report.counts()
    print(
        f"snapshots            {counts['policies']:>9,}, and {counts['same']:,} that say the same"
    )
    looks = report.known + report.looks
    print(f"sentences            {looks:>9,} for the models, {report.looks:,} of them new")
    print(f"work saved           {100 * report.known / looks:>9.1f} %")
    count, once = _once(repository, wanted)
    print(f"distinct sentences   {count:>9,}")
    print(f"each read once       {once:>9.1f} s of CPU time")
    print(f"the whole build      {whole:>9.1f} s of CPU time")
    print(f"ratio                {whole / once:>9.2f}")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _once(repository: Path, wanted: Wanted) -> tuple[int, float]:
    """Number of distinct sentences, and the CPU seconds that the models and rules take for them."""
    seen: set[tuple[object, ...]] = set()
    count, seconds = 0, 0.0
    for document, sentences in _documents(repository, wanted):
        new = []
        for sentence in sentences:
            lead = sentence.lead_in.text if sentence.lead_in else ""
            key = (document.publisher, sentence.text, lead)
            if key not in seen:
                seen.add(key)
                new.append(sentence)
        started = time.process_time()
        _read(document, new)
        seconds += time.process_time() - started
        count += len(new)
    return count, seconds


def _documents(repository: Path, wanted: Wanted) -> Iterator[tuple[Document, tuple[Sentence, ...]]]:
    for source in versions(repository, wanted):
        try:
            document = read(
                source.path, name=source.name, declared=source.declared, revision=source.revision
            )
        except KgError:
            continue
        yield document, split(document)


def _read(document: Document, sentences: list[Sentence]) -> None:
    lex, ground, tagging = lexicon(), reading.grounder(BASE), shipped()
    names = tuple(dict.fromkeys(n for n in (document.publisher, *document.names) if n))
    context = Context(document.publisher, names)
    texts = [reading._Text.of(sentence, document.text) for sentence in sentences]
    kept = [i for i, text in enumerate(texts) if reading.may_hold(text.text, lex, ground)]
    looks = Looks().at([texts[i].text for i in kept], names, tagging)
    for i, seen in zip(kept, looks, strict=True):
        reading._assembler(
            sentences[i], texts[i], seen, lex, ground, context, document.name
        ).statements()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
