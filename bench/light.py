"""A worker that reads documents, but of their sentences nothing: for benches of the engine.

It runs where :data:`kg.pool.WORKER` names it. Of each task that it begins it leaves a line in the
file that ``KG_BENCH_LOG`` names; ``KG_BENCH_SECONDS`` makes each take so long at least.
"""

from __future__ import annotations

import os
import time

from kg import worker
from kg.memory import Memory
from kg.model import (
    Action,
    Document,
    Evidence,
    Mention,
    Modality,
    Polarity,
    Reading,
    Statement,
)
from kg.pool import Comparison, Setup, Task


class LightReader(worker.Reader):
    """Makes readings of one statement: that the first sentence's words collect themselves."""

    def __init__(self, setup: Setup, _: Memory) -> None:
        """The memory is not used."""
        self.setup = setup

    def read(self, document: Document) -> tuple[Reading, int, int]:
        """The reading; no sentence was looked at."""
        text = document.text.partition("\n")[0]
        said = Statement(
            Action.COLLECT,
            Polarity.AFFIRMED,
            Modality.ASSERTED,
            trigger=Mention(text[:3], 0, len(text[:3])),
            evidence=Evidence(document.name, text, 0, len(text)),
            data=(Mention(text, 0, len(text)),),
        )
        return Reading(document, (said,), sentences=1), 0, 0


_process = worker.process


def process(task: Task | Comparison, reader: worker.Reader) -> worker.Entry:
    """Does a task, and leaves a line."""
    if (log := os.environ.get("KG_BENCH_LOG")) and isinstance(task, Task):
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{task.key}\n".encode())
        os.close(descriptor)
    time.sleep(float(os.environ.get("KG_BENCH_SECONDS", "0")))
    return _process(task, reader)


if __name__ == "__main__":
    worker.process = process
    worker.Reader = LightReader  # type: ignore[misc]
    worker.warm_up = lambda _: None
    worker.main()
