"""The process that reads documents for a build: tasks in, entries out, one at a time.

Started by :mod:`kg.pool` with the number of an open connection. What it makes of a document
lies on disk before its entry is sent.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from kg.documents import read, read_data, safe_name, substance
from kg.errors import InputError, KgError, Skipped
from kg.manifest import (
    DiskFull,
    Entry,
    Status,
    changes_path,
    hash_of,
    memory_path,
    read_text_of,
    shard_path,
    text_path,
    write_bytes,
)
from kg.memory import Memory
from kg.model import Document, Evidence, Polarity, Reading
from kg.pool import Comparison, Setup, Task
from kg.processes import die_with_parent
from kg.triples import describe_reading, snapshot

_log = logging.getLogger(__name__)

#: Readings of versions that a worker keeps at most.
_KEPT = 64


class Reader:
    """Reads documents with what it knows of those before: their sentences, or all of their text."""

    def __init__(self, setup: Setup, memory: Memory) -> None:
        """The setup tells how to read, the memory what is known of sentences."""
        from kg.statements.look import Looks  # noqa: PLC0415 - heavy

        self.setup = setup
        self._looks = Looks(memory)
        self._readings: OrderedDict[Document, tuple[Reading, int]] = OrderedDict()

    def read(self, document: Document) -> tuple[Reading, int, int]:
        """The reading; number of sentences that the models looked at, and need not look at."""
        from kg.statements import read_statements  # noqa: PLC0415 - heavy

        bare = replace(
            document, name="", sha256="", title=None, url=None, source_url=None,
            effective=None, updated=None, archived=None, recorded=None, series=None,
        )  # fmt: skip
        if bare in self._readings:
            reading, count = self._readings[bare]
            self._readings.move_to_end(bare)
            return _renamed(reading, document), 0, count
        looks, setup = self._looks, self.setup
        before = looks.known, looks.fresh
        reading = read_statements(document, base=setup.base, least=setup.least, looks=looks)
        known, fresh = looks.known - before[0], looks.fresh - before[1]
        if document.recorded:  # versions repeat each other; other documents do not
            self._readings[bare] = reading, known + fresh
            if len(self._readings) > _KEPT:
                self._readings.popitem(last=False)
        return reading, fresh, known


def _renamed(reading: Reading, document: Document) -> Reading:
    """A reading as that of another document with the same text."""

    def own(evidence: Evidence) -> Evidence:
        return replace(evidence, document=document.name)

    return replace(
        reading,
        document=document,
        statements=tuple(replace(s, evidence=own(s.evidence)) for s in reading.statements),
        definitions=tuple(replace(d, evidence=own(d.evidence)) for d in reading.definitions),
        rights=tuple(replace(r, evidence=own(r.evidence)) for r in reading.rights),
    )


@dataclass(frozen=True, slots=True)
class Made:
    """What comes of a document: its entry and, when it was built, its text and shard."""

    entry: Entry
    text: bytes = b""
    shard: bytes = b""


def make(task: Task, reader: Reader, data: bytes | None = None) -> Made:
    """What comes of a document; whatever goes wrong becomes its entry.

    Args:
        data: the document's bytes; ``None`` reads them from where the task says.
    """
    try:
        return _made(task, reader, data)
    except Skipped as error:
        return Made(Entry(task.name, Status.SKIPPED, task.key, str(error), task.size))
    except InputError as error:
        return Made(Entry(task.name, Status.FAILED, task.key, str(error), task.size))
    except Exception as error:
        # Without a key: the next build tries again.
        return Made(Entry(task.name, Status.FAILED, "", str(unread(task.name, error)), task.size))


def write(made: Made, folder: Path) -> Entry:
    """Puts what came of a document into a folder."""
    entry = made.entry
    if entry.status is not Status.BUILT:
        return entry
    write_bytes(text_path(folder, entry.key), made.text)
    write_bytes(shard_path(folder, entry.key), made.shard)
    return replace(entry, made=(hash_of(made.shard), hash_of(made.text)))


def process(task: Task | Comparison, reader: Reader) -> Entry:
    """Does one task and writes what comes of it.

    Of a file these are its shard and its text; of versions to compare, the changes of each pair.

    Raises:
        DiskFull: it cannot be written, nor could any other.
    """
    if isinstance(task, Comparison):
        return compare(task, reader.setup)
    made = make(task, reader)
    try:
        return write(made, reader.setup.folder)
    except DiskFull:
        raise
    except KgError as error:
        return Entry(task.name, Status.FAILED, "", str(unread(task.name, error)), task.size)


def unread(name: str, error: Exception) -> InputError:
    """What to say of a document that could not be read, when nobody expected that."""
    shown = safe_name(name)
    if isinstance(error, KgError):
        return InputError(f"{shown}: {error}")
    if isinstance(error, RecursionError):
        return InputError(f"{shown}: nested too deeply; simplify it or leave it out")
    if isinstance(error, MemoryError):
        return InputError(f"{shown}: needs more memory than there is; split it or leave it out")
    _log.debug("%s", shown, exc_info=error)
    kind, message = type(error).__name__, safe_name(str(error))[:200]
    return InputError(
        f"{shown}: could not be read ({kind}: {message}); this is a mistake of kg, please report it"
    )


def _made(task: Task, reader: Reader, data: bytes | None) -> Made:
    base = reader.setup.base
    document = (
        read(task.path, name=task.name, declared=task.declared, revision=task.revision)
        if data is None
        else read_data(data, task.path, task.name, task.declared, task.revision)
    )
    if document.sha256 != task.sha256:
        raise KgError("the file was changed in between: build again")
    reading, looks, known = reader.read(document)
    entry = Entry(
        name=task.name,
        status=Status.BUILT,
        key=task.key,
        size=task.size,
        words=len(document.text.split()),
        snapshot=snapshot(reading, base, substance(document) if document.recorded else ""),
        recipients=_recipients(reading),
        unsure=reading.unsure,
        looks=looks,
        known=known,
    )
    text = document.text.encode("utf-8", "surrogatepass")
    return Made(entry, text, describe_reading(reading, base).encode())


def compare(task: Comparison, setup: Setup) -> Entry:
    """Writes the changes of each pair of versions."""
    from kg.changes.graph import change_quads  # noqa: PLC0415 - heavy

    folder = setup.folder
    reasons = []
    for pair in task.pairs:
        (earlier, before), (later, after) = pair.earlier, pair.later
        try:
            quads = change_quads(
                shard_path(folder, before),
                shard_path(folder, after),
                earlier,
                later,
                setup.base,
                texts=(read_text_of(folder, before), read_text_of(folder, after)),
            )
            write_bytes(changes_path(folder, pair.key), quads.encode())
        except DiskFull:
            raise
        except Exception as error:  # the other pairs are none the worse
            _log.debug("%s", task.name, exc_info=error)
            reasons.append(
                f"{safe_name(task.name)}: {safe_name(earlier.document)} and "
                f"{safe_name(later.document)} could not be compared ({type(error).__name__}: "
                f"{safe_name(str(error))[:200]}); this is a mistake of kg, please report it"
            )
    if reasons:
        return Entry(task.name, Status.FAILED, reason="\n".join(reasons))
    return Entry(task.name, Status.BUILT)


def _recipients(reading: Reading) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                mention.iri
                for statement in reading.statements
                if statement.polarity is Polarity.AFFIRMED
                for mention in statement.recipients
                if mention.iri
            }
        )
    )


def warm_up(base: str) -> None:
    """Loads the model, the lexicon and the ontology's words.

    Raises:
        MissingPart: the model is not installed.
    """
    from kg.model import Sentence  # noqa: PLC0415
    from kg.statements import Context, extract  # noqa: PLC0415 - heavy
    from kg.triples import ontology_terms  # noqa: PLC0415

    text = "We collect your name."
    extract(Sentence(text, 0, len(text)), context=Context(base=base))
    ontology_terms()
    # What is loaded stays; the collector need not look at it again and again.
    gc.collect()
    gc.freeze()


def end_with(parent: int) -> None:
    """Lets this process end when the one that started it does, also in the middle of a task."""
    with suppress(OSError):  # should memory run out, this one goes and not the parent
        Path("/proc/self/oom_score_adj").write_text("500")
    if not die_with_parent():
        Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it was gone before
        sys.exit()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> None:
    """Answers tasks until the connection is closed."""
    end_with(int(sys.argv[2]))
    with Connection(int(sys.argv[1])) as connection:
        try:
            setup: Setup = connection.recv()
            try:
                warm_up(setup.base)
            except KgError as error:
                connection.send(error)
                return
            memory = setup.memory or memory_path(setup.folder)
            reader = Reader(setup, Memory(memory, setup.models))
            connection.send("ready")
            while True:
                try:
                    done: Entry | KgError = process(connection.recv(), reader)
                except DiskFull as error:
                    done = error
                connection.send(done)
        except (EOFError, OSError):  # the main process is done, or gone
            return


if __name__ == "__main__":
    main()
