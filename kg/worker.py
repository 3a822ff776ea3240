"""The process that reads documents for a build: tasks in, entries out, one at a time.

Started by :mod:`kg.pool` with the number of an open connection. What it makes of a document
lies on disk before its entry is sent.
"""

from __future__ import annotations

import gc
import logging
import sys
from multiprocessing.connection import Connection

from kg.documents import read, safe_name, substance
from kg.errors import InputError, KgError, Skipped
from kg.manifest import Entry, Status, memory_path, shard_path, text_path, write_bytes
from kg.memory import Memory
from kg.model import Polarity, Reading
from kg.pool import Setup, Task
from kg.triples import describe_reading, snapshot

_log = logging.getLogger(__name__)


def process(task: Task, setup: Setup, memory: Memory) -> Entry:
    """Reads one file and writes its shard and text; whatever goes wrong becomes its entry."""
    try:
        return _built(task, setup, memory)
    except Skipped as error:
        return Entry(task.name, Status.SKIPPED, task.key, str(error), task.size)
    except InputError as error:
        return Entry(task.name, Status.FAILED, task.key, str(error), task.size)
    except Exception as error:
        # Without a key: the next build tries again.
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


def _built(task: Task, setup: Setup, memory: Memory) -> Entry:
    from kg.statements import read_statements  # noqa: PLC0415 - heavy

    document = read(task.path, name=task.name, declared=task.declared, revision=task.revision)
    if document.sha256 != task.sha256:
        raise KgError("the file was changed in between: build again")
    before = memory.known, memory.fresh
    reading = read_statements(document, base=setup.base, least=setup.least, memory=memory)
    shard = describe_reading(reading, setup.base)
    write_bytes(text_path(setup.folder, task.key), document.text.encode("utf-8", "surrogatepass"))
    write_bytes(shard_path(setup.folder, task.key), shard.encode())
    return Entry(
        name=task.name,
        status=Status.BUILT,
        key=task.key,
        size=task.size,
        words=len(document.text.split()),
        snapshot=snapshot(reading, setup.base, substance(document) if document.recorded else ""),
        recipients=_recipients(reading),
        unsure=reading.unsure,
        looks=memory.fresh - before[1],
        known=memory.known - before[0],
    )


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


def main() -> None:
    """Answers tasks until the connection is closed."""
    with Connection(int(sys.argv[1])) as connection:
        try:
            setup: Setup = connection.recv()
            try:
                warm_up(setup.base)
            except KgError as error:
                connection.send(error)
                return
            memory = Memory(memory_path(setup.folder), setup.models)
            connection.send("ready")
            while True:
                connection.send(process(connection.recv(), setup, memory))
        except (EOFError, OSError):  # the main process is done, or gone
            return


if __name__ == "__main__":
    main()
