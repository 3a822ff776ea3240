"""A process that answers for the server: a task a line on stdin, an answer on stdout.

It opens the generation that counts when it starts and keeps to it. An answer is a line of JSON,
``{"size": …, "facts": …}`` or ``{"problem": …}``, and so many bytes. Its first line tells the
generation, or why there is none. It ends when its input does.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from kg.errors import KgError, StoreError
from kg.processes import die_with_parent
from kg.queries.child import limit_memory, limit_seconds
from kg.queries.offline import go_offline
from kg.server.answers import Answer, Answerer
from kg.server.generations import generation, stamp
from kg.server.problems import Problem
from kg.store import Store, open_store

_TRIES = 5


def _opened(folder: Path) -> tuple[Store, dict[str, Any]]:
    """The store, with the generation that it is."""
    for _ in range(_TRIES):
        before = generation(folder), stamp(folder)
        store = open_store(folder)
        if before == (generation(folder), stamp(folder)) and before[1]:
            return store, {
                "generation": before[0],
                "inode": before[1].inode,
                "modified_ns": before[1].modified_ns,
            }
        store.close()  # a build has moved on in between
    raise StoreError(f"{folder} changes faster than it can be opened")


def _tell(output: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    output.write(json.dumps(head).encode() + b"\n")
    output.write(body)
    output.flush()


def _answer(answerer: Answerer, task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        limit_seconds(task.pop("seconds"))
        answer: Answer = answerer.answer(**task)
    except Problem as problem:
        return {"problem": problem.name, "detail": problem.detail}, b""
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        return {"problem": "failed", "detail": detail}, b""
    return {"size": len(answer.body), "facts": answer.facts}, answer.body


def main() -> None:
    """Opens the graph in the folder that is named and answers until nobody asks any more."""
    die_with_parent()
    go_offline()
    folder, parent, memory = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if os.getppid() != parent:
        return
    # What is printed by mistake must not be taken for an answer.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        store, told = _opened(folder)
    except KgError as error:
        _tell(output, {"problem": "no-graph", "detail": str(error)})
        return
    # What most tasks need, before one of them has to wait for it.
    import rapidfuzz.process  # noqa: F401, PLC0415

    import kg.explain  # noqa: F401, PLC0415

    limit_memory(memory)
    answerer = Answerer(store)
    _tell(output, told)
    for line in sys.stdin.buffer:
        _tell(output, *_answer(answerer, json.loads(line)))


if __name__ == "__main__":
    main()
