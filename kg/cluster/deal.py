"""Who gets which task: versions of a file go to a worker that has read others of it.

A worker remembers the sentences that it has seen (:mod:`kg.memory`), and versions of a policy
have most of theirs in common; for a worker that has seen none of them all are new.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from kg.pool import Comparison, Task

#: Tasks that wait for a worker of their own at most, before others may have them.
MOST_WAITING = 2_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """A task that is to be done.

    Attributes:
        number: how many times it was tried before.
        before: the worker that tried it last.
        is_alone: whether no other task is under way.
    """

    task: Task | Comparison
    number: int = 0
    before: str = ""
    is_alone: bool = False


class Deal:
    """Hands out tasks in about their order; takes them from the iterable when they are wanted."""

    def __init__(self, tasks: Iterable[Task | Comparison]) -> None:
        """Versions of a file are expected one after the other, perhaps with others in between."""
        self._tasks = iter(tasks)
        self._again: list[Attempt] = []
        self._owners: dict[Hashable, str] = {}
        self._waiting: dict[str, deque[Attempt]] = {}
        self._count = 0

    def again(self, attempt: Attempt) -> None:
        """Takes back a task, to be done before all others."""
        self._again.append(attempt)

    def forget(self, worker: str) -> None:
        """A worker is gone; its tasks are for all."""
        lost = self._waiting.pop(worker, deque())
        self._count -= len(lost)
        self._again.extend(lost)

    def give(self, worker: str, *, is_only: bool = False) -> Attempt | None:
        """The next task for a worker; ``None`` when there is none.

        Args:
            is_only: whether there is no other; then it gets back what it has failed at.
        """
        for attempt in self._again:
            if is_only or attempt.before != worker:
                self._again.remove(attempt)
                return attempt
        own = self._waiting.setdefault(worker, deque())
        while not own and self._count < MOST_WAITING:
            task = next(self._tasks, None)
            if task is None:
                break
            series = _series(task)
            owner = worker if series is None else self._owners.setdefault(series, worker)
            if owner not in self._waiting:  # it is gone
                owner = self._owners[series] = worker
            self._waiting[owner].append(Attempt(task))
            self._count += 1
        if not own:
            own = max(self._waiting.values(), key=len)
        if not own:
            return None
        self._count -= 1
        return own.popleft()


def _series(task: Task | Comparison) -> Hashable:
    """What versions of a policy have in common; ``None`` for what is none."""
    if isinstance(task, Comparison):
        return None
    if task.revision:
        return task.revision.repository, task.path
    if task.declared and task.declared.recorded:
        return task.path.parent, task.declared.series
    return None
