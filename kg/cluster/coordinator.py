"""The side of a cluster that has the files: sends tasks, takes what comes back.

A task goes to one worker (:mod:`.deal`); a few are under way to each, so that none waits. Dask
does a lost worker's tasks again on another. It also counts, and gives up a task that was on
several workers when they were lost; as each had several, that says little, and such a task is
done once more when no other is under way.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import queue
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any, Self

from kg import __version__
from kg.documents import Blobs, Declared, safe_name
from kg.documents.files import read_bytes
from kg.errors import InputError, KgError, MissingPart, Skipped, UsageError
from kg.manifest import Entry, Status, changes_path, shard_path, text_path, write_bytes
from kg.pool import START_SECONDS, Comparison, Limits, Setup, Task
from kg.worker import unread

from . import host
from .alike import differing, hash_of, needs
from .deal import Attempt, Deal
from .wire import Answer, Damaged, Job, Part, Terms, packed, unpacked

_log = logging.getLogger(__name__)

#: Time to reach the scheduler, or to reach it again, in seconds.
CONNECT_SECONDS = 10.0
#: Time to wait for a worker while there is none, in seconds.
WORKERS_SECONDS = 60.0
#: How often to look whether workers have come or gone, in seconds.
LOOK_SECONDS = 2.0
#: What is under way at most, in bytes as they travel; one larger travels alone.
MOST_BYTES = 256 * 2**20
#: How often a task is tried whose answer does not come, or is none.
TRIES = 3
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.]+\]|[^/\s:\[\]]+):\d{1,5}")
_MOST_SHOWN = 5
#: Beyond a document's limit, when nothing is heard of any: time to start a reader, and some more.
_SILENCE_SECONDS = START_SECONDS + 60


@dataclass(frozen=True, slots=True)
class _Sent:
    attempt: Attempt
    worker: str
    size: int
    future: Any


class Cluster:
    """Dask workers that do tasks; :class:`kg.pool.Readers` on other machines.

    Attributes:
        sent_bytes, received_bytes: of tasks and answers, without what Dask adds.
    """

    def __init__(self, setup: Setup, *, scheduler: str, limits: Limits) -> None:
        """Nobody is called before there is work.

        Args:
            scheduler: its address, ``tcp://HOST:PORT`` or ``tls://HOST:PORT``.
            limits: for one document, once it has arrived.

        Raises:
            MissingPart: ``distributed`` is not installed.
            UsageError: this is no such address.
        """
        if not _ADDRESS.fullmatch(scheduler):
            raise UsageError(
                f"--scheduler {safe_name(scheduler)!r} is no address of a Dask scheduler: "
                "give tcp://HOST:PORT or tls://HOST:PORT, as `dask scheduler` prints it"
            )
        try:
            import distributed  # noqa: F401, PLC0415 - heavy
        except ImportError as error:
            raise MissingPart(
                "--scheduler needs the package distributed: pip install 'privflow[cluster]'"
            ) from error
        self.sent_bytes = self.received_bytes = 0
        self._folder, self._scheduler = setup.folder, scheduler
        self._terms = Terms(setup.base, setup.least, setup.models, limits)
        self._needs: dict[str, str] = {}
        self._open = ExitStack()
        self._client: Any = None
        self._blobs = Blobs()
        self._workers: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._looked = self._heard = 0.0
        self._sent: dict[str, _Sent] = {}
        self._load: Counter[str] = Counter()
        self._bytes = 0
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._names = (f"kg-{uuid.uuid4().hex}-{number}" for number in count())

    def __enter__(self) -> Self:
        """Nobody is called before there is work."""
        return self

    def __exit__(self, *_: object) -> None:
        """Calls off what is not done; the workers end their processes."""
        self._open.close()

    def work(self, tasks: Iterable[Task | Comparison]) -> Iterator[Entry]:
        """The entries of the tasks, as they come: in no order.

        Raises:
            KgError: the scheduler cannot be reached, or is lost; there are no workers.
            MissingPart: a worker would not read as this machine does.
        """
        found = iter(tasks)
        first = next(found, None)
        if first is None:
            return
        if self._client is None:
            self._join()
        deal = Deal(chain([first], found))
        suspects: list[Attempt] = []
        while True:
            self._look(deal)
            yield from self._hand_out(deal)
            if not self._sent:
                if not suspects:
                    return
                worker = next(iter(self._workers))
                yield from self._send(replace(suspects.pop(), is_alone=True), worker)
            for sent, came in self._come():
                outcome = self._outcome(sent, came)
                if isinstance(outcome, Entry):
                    yield outcome
                elif isinstance(came, _killed()):
                    suspects.append(outcome)
                else:
                    deal.again(outcome)

    # The cluster

    def _join(self) -> None:
        import dask  # noqa: PLC0415 - heavy
        import distributed  # noqa: PLC0415

        self._needs = needs()
        self._open.enter_context(_quiet())
        # Documents are large for what Dask expects as arguments; it would warn.
        self._open.enter_context(
            dask.config.set({"distributed.admin.large-graph-warning-threshold": "2GB"})
        )
        self._open.enter_context(self._blobs)
        _call(self._scheduler)
        self._client = _untyped(distributed).Client(
            self._scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="kg"
        )
        self._open.callback(self._leave)
        try:
            self._client.run_on_scheduler(host.is_there)
        except ImportError as error:
            raise MissingPart(
                f"the scheduler at {self._scheduler} has no privflow: `pip install "
                f"'privflow[cluster]=={__version__}'` there and start it again"
            ) from error
        self._look(None)

    def _leave(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(Exception):  # whatever it is, nothing can be done about it
            if client.status == "running":
                client.cancel([sent.future for sent in self._sent.values()], force=True)
                client.run(host.release, on_error="ignore")
        for known in (self._sent, self._workers, self._refused, self._load):
            known.clear()
        self._bytes = 0
        with suppress(Exception):
            client.close(timeout=CONNECT_SECONDS)

    def _look(self, deal: Deal | None) -> None:
        """Sees which workers there are, every now and then; waits while there are none.

        Args:
            deal: ``None`` at the beginning, when a worker that differs is not put up with.
        """
        deadline = time.monotonic() + WORKERS_SECONDS
        while not self._workers or time.monotonic() >= self._looked + LOOK_SECONDS:
            self._check(deal)
            self._looked = time.monotonic()
            if self._workers:
                return
            if self._looked > deadline:
                why = "; ".join([*self._refused.values()][:_MOST_SHOWN])
                raise KgError(
                    f"{self._scheduler} has no worker that can read ({why or 'none has joined'}): "
                    f"start some with `dask worker {self._scheduler}`; what was read is kept"
                )
            time.sleep(0.2)

    def _check(self, deal: Deal | None) -> None:
        """Takes in workers that have come, if they read as this machine does."""
        there: dict[str, int] = self._asked("nthreads")
        for worker in [*self._workers, *self._refused]:
            if worker not in there:
                self._refused.pop(worker, None)
                self._drop(worker, deal)
        fresh = [w for w in there if w not in self._workers and w not in self._refused]
        if not fresh:
            return
        refused = {}
        found = self._asked("run", host.look, workers=fresh, on_error="return")
        for worker, told in found.items():
            if isinstance(told, OSError):
                continue  # gone again, or not there yet
            if isinstance(told, ImportError):
                refused[worker] = (
                    f"{worker} has no privflow that can work for this one: `pip install "
                    f"'privflow[cluster]=={__version__}'` there and start its worker again"
                )
            elif isinstance(told, BaseException):
                refused[worker] = f"{worker}: {type(told).__name__}: {_told(told)}"
            elif differs := differing(self._needs, told[1]):
                refused[worker] = f"{told[0]} ({worker}): {differs}"
            else:
                self._workers[worker] = max(1, there[worker])
        self._refused.update(refused)
        if refused and deal is None:
            more = f"\nand {len(refused) - _MOST_SHOWN} more" if len(refused) > _MOST_SHOWN else ""
            shown = "\n".join([*refused.values()][:_MOST_SHOWN])
            raise MissingPart(f"workers would not read as this machine does\n{shown}{more}")
        for why in refused.values():
            _log.warning("a worker that has joined is left out: %s", safe_name(why))

    def _asked(self, method: str, *arguments: Any, **options: Any) -> Any:
        """What the scheduler answers to a call of the client.

        Raises:
            KgError: it is lost.
        """
        deadline = time.monotonic() + CONNECT_SECONDS + 1
        while True:
            client = self._client
            try:
                if client.status == "running":
                    return getattr(client, method)(*arguments, **options)
                why = "the connection is closed"
            except OSError as error:
                why = _told(error)
            if client.status == "closed" or time.monotonic() > deadline:
                raise KgError(
                    f"the Dask scheduler at {self._scheduler} is lost ({why}): start it again, "
                    "and build again; what was read is kept"
                )
            time.sleep(0.1)

    def _drop(self, worker: str, deal: Deal | None) -> None:
        self._workers.pop(worker, None)
        self._load.pop(worker, None)
        if deal:
            deal.forget(worker)

    # Tasks there

    def _hand_out(self, deal: Deal) -> Iterator[Entry]:
        """Sends tasks to workers that have few; entries of those that cannot even be sent."""
        hungry = {w: n for w, n in self._workers.items() if self._load[w] < _enough(n)}
        while hungry and self._bytes < MOST_BYTES:
            worker = min(hungry, key=lambda w: self._load[w] / hungry[w])
            attempt = deal.give(worker, is_only=len(self._workers) == 1)
            if attempt is None:
                del hungry[worker]
                continue
            yield from self._send(attempt, worker)
            if self._load[worker] >= _enough(hungry[worker]):
                del hungry[worker]

    def _send(self, attempt: Attempt, worker: str) -> Iterator[Entry]:
        """Sends a task; its entry if that cannot be."""
        task = attempt.task
        try:
            parts = self._parts(task)
        except Skipped as error:
            yield Entry(task.name, Status.SKIPPED, _key(task), str(error), task.size)
            return
        except InputError as error:
            yield Entry(task.name, Status.FAILED, _key(task), str(error), task.size)
            return
        except Exception as error:
            yield Entry(task.name, Status.FAILED, "", str(unread(task.name, error)), task.size)
            return
        payload = pickle.dumps(Job(self._terms, _bare(task), parts))
        name = next(self._names)
        future = self._client.submit(
            host.work, hash_of(self._needs), payload,
            key=name, workers=[worker], allow_other_workers=True,
        )  # fmt: skip
        if not self._sent:
            self._heard = time.monotonic()
        self._sent[name] = _Sent(attempt, worker, len(payload), future)
        self._load[worker] += 1
        self.sent_bytes += len(payload)
        self._bytes += len(payload)
        future.add_done_callback(self._done.put)

    def _parts(self, task: Task | Comparison) -> dict[str, Part]:
        """What a worker needs for a task."""
        if isinstance(task, Comparison):
            keys = {key for pair in task.pairs for _, key in (pair.earlier, pair.later)}
            paths = [at(self._folder, key) for key in keys for at in (shard_path, text_path)]
            return {
                path.relative_to(self._folder).as_posix(): packed(path.read_bytes())
                for path in paths
            }
        if task.revision:
            data = self._blobs.read(task.revision, task.name)
        else:
            data = read_bytes(task.path, task.name)
        return {f"texts/{host.DOCUMENT}{task.path.suffix}": packed(data)}

    def _come(self) -> Iterator[tuple[_Sent, object]]:
        """What has come since: bytes, an exception, or ``None`` where a connection was lost."""
        if not self._sent:
            return
        try:
            done = [self._done.get(timeout=max(0.1, LOOK_SECONDS))]
        except queue.Empty:
            if time.monotonic() > self._heard + self._terms.limits.seconds + _SILENCE_SECONDS:
                # Every worker should have told something by now; they come as lost.
                self._client.cancel([sent.future for sent in self._sent.values()], force=True)
                self._heard = time.monotonic()
            return
        self._heard = time.monotonic()
        with suppress(queue.Empty):
            while True:
                done.append(self._done.get_nowait())
        futures = {f.key: f for f in done if f.key in self._sent}
        good = {key: future for key, future in futures.items() if future.status == "finished"}
        bodies = self._asked("gather", good, errors="skip") if good else {}
        for key, future in futures.items():
            sent = self._sent.pop(key)
            self._bytes -= sent.size
            if self._load[sent.worker]:
                self._load[sent.worker] -= 1
            yield sent, future.exception() if future.status == "error" else bodies.get(key)

    def _outcome(self, sent: _Sent, came: object) -> Entry | Attempt:
        """What became of a task: its entry, or that it is to be tried again."""
        attempt, task = sent.attempt, sent.attempt.task
        again = replace(attempt, number=attempt.number + 1, before=sent.worker)
        why = "the connection to the cluster was lost"
        if isinstance(came, _killed()):
            if not attempt.is_alone:
                return replace(attempt, before=sent.worker)
            reason = (
                f"{safe_name(task.name)}: the workers that it was given to died; it is left alone "
                "until it changes: leave it out, or try with --force"
            )
            limits = str(self._terms.limits)
            return Entry(task.name, Status.FAILED, _key(task), reason, task.size, limits=limits)
        if isinstance(came, BaseException):
            why = f"{type(came).__name__}: {_told(came)}"
        elif isinstance(came, bytes):
            self.received_bytes += len(came)
            try:
                answer: Answer = pickle.loads(came)
                if answer.refusal:
                    self._refuse(answer)
                    return attempt
                if answer.entry:
                    return self._entry(answer, answer.entry, again)
                why = safe_name(answer.mishap)
            except Damaged as error:
                why = str(error)
        if again.number < TRIES:
            return again
        reason = f"{safe_name(task.name)}: could not be read on the cluster ({why}); try without"
        return Entry(task.name, Status.FAILED, reason=reason, size=task.size)

    def _refuse(self, answer: Answer) -> None:
        """No more tasks for a worker that does none."""
        self._looked = 0.0
        if answer.worker in self._workers:
            self._workers.pop(answer.worker)
            self._refused[answer.worker] = answer.refusal
            _log.warning("a worker is left out: %s", safe_name(answer.refusal))

    def _entry(self, answer: Answer, entry: Entry, again: Attempt) -> Entry | Attempt:
        """The entry, after what belongs to it was written.

        Raises:
            Damaged: it is not what was asked for, or not whole.
        """
        task = again.task
        if entry.status is Status.FAILED and not entry.key and again.number == 1:
            return again  # another worker may have what it takes: memory, space
        if entry.name != task.name or entry.key not in ("", _key(task)):
            raise Damaged(f"the answer is for another document: {safe_name(entry.name)}")
        if entry.status is Status.BUILT:
            paths = _results(task, self._folder)
            if {path.name for path in paths} != answer.parts.keys():
                raise Damaged("the answer lacks files")
            for path, data in [(path, unpacked(answer.parts[path.name])) for path in paths]:
                write_bytes(path, data)
        return entry


def _call(scheduler: str) -> None:
    """Sees that a scheduler answers: a client that finds none is not rid of easily.

    Raises:
        KgError: nobody answers, or somebody else.
        UsageError: there are no certificates for TLS.
    """
    import distributed  # noqa: PLC0415 - heavy

    options = _untyped(distributed).Security().get_connection_args("client")
    if scheduler.startswith("tls:") and not options.get("ssl_context"):
        raise UsageError(
            f"--scheduler {scheduler}: TLS needs certificates, which Dask's own configuration "
            "names: see docs/cluster.md"
        )

    async def identity() -> str:
        seconds = CONNECT_SECONDS
        rpc = _untyped(distributed).rpc
        async with rpc(scheduler, timeout=seconds, connection_args=options) as found:
            told = await asyncio.wait_for(found.identity(), seconds)
            return str(told["type"])

    try:
        kind = asyncio.run(identity())
    except (OSError, TimeoutError) as error:
        raise KgError(
            f"no Dask scheduler answers at {scheduler} ({_told(error)}): start one there with "
            "`dask scheduler`, or correct --scheduler"
        ) from error
    except Exception as error:  # whatever can be made of what is no answer
        kind = type(error).__name__
    if kind != "Scheduler":
        raise KgError(
            f"what answers at {scheduler} is no Dask scheduler ({kind}): correct --scheduler"
        )


def _enough(threads: int) -> int:
    """Tasks that are under way to a worker, so that the next is there when one is done."""
    return threads + max(2, threads // 2)


def _bare(task: Task | Comparison) -> Task | Comparison:
    """A task without what only this machine has: its bytes go along."""
    if isinstance(task, Comparison):
        return task
    declared = task.declared
    if task.revision:
        declared = Declared(recorded=task.revision.recorded).over(declared)
    path = Path(f"{host.DOCUMENT}{task.path.suffix}")
    return replace(task, path=path, declared=declared, revision=None)


def _key(task: Task | Comparison) -> str:
    return "" if isinstance(task, Comparison) else task.key


def _results(task: Task | Comparison, folder: Path) -> list[Path]:
    """Where that lies which is made of a task."""
    if isinstance(task, Comparison):
        return [changes_path(folder, pair.key) for pair in task.pairs]
    return [text_path(folder, task.key), shard_path(folder, task.key)]


def _untyped(found: Any) -> Any:
    """Of Dask, whose functions are typed only in part."""
    return found


def _killed() -> type[Exception]:
    from distributed import KilledWorker  # noqa: PLC0415 - heavy

    return KilledWorker


def _told(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return safe_name(lines[0])[:200] if lines else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own words are for those who look for a fault."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    own = [logger for logger in loggers if logger.name.split(".")[0] == "distributed"]
    levels = [logger.level for logger in own]
    try:
        if not _log.isEnabledFor(logging.DEBUG):
            for logger in own:
                logger.setLevel(logging.CRITICAL)
        yield
    finally:
        for logger, level in zip(own, levels, strict=True):
            logger.setLevel(level)
