"""Tasks -> answers, by processes that are killed at the limit.

The engine has no time limit, and nothing that runs in it can be interrupted: what asks the store
runs in a process that may be killed. Processes are kept warm, since starting one takes longer
than most questions.

There are two lanes. A few quick processes take each question as it comes. A question that is not
done after a moment goes on as a slow one: its process gets what is left of the processors
(SCHED_IDLE, or the lowest priority where the system has no such thing), and a new quick process
takes its place. So quick questions wait for quick ones alone. Slow ones are few at a time; one
that finds no place starts over when there is one, and is known from then on, so that it does
not take a quick process again.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from kg.queries.limits import end_of
from kg.server.answers import Answer
from kg.server.generations import Stamp, stamp
from kg.server.options import TOKEN, Options
from kg.server.problems import Problem

#: A line of a process: facts about an answer, or a message.
_LINE = 1 << 20
#: Questions known to be slow that are remembered.
_REMEMBERED = 1000
#: Seconds after which a graph that could not be opened is tried again.
_AGAIN_SECONDS = 1.0
#: Seconds that a process may take to start and to open the graph.
_START_SECONDS = 30.0
#: Seconds that somebody who wants to know how large the graph is waits at most.
_COUNT_SECONDS = 2.0
_BUSY = "too many questions wait already: ask again in a moment"


class Died(Exception):  # noqa: N818 - no mistake of ours
    """A process ended without an answer."""


@dataclass(eq=False, slots=True)
class Child:
    """A process that has the graph open."""

    process: asyncio.subprocess.Process
    stamp: Stamp
    generation: str
    is_slow: bool = False

    async def ask(self, task: dict[str, Any]) -> Answer:
        """Its answer; nothing else may be asked meanwhile.

        Raises:
            Problem: the child tells of one.
            Died: it tells nothing any more.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(task).encode() + b"\n")
            await self.process.stdin.drain()
            line = await self.process.stdout.readline()
            head = json.loads(line) if line.endswith(b"\n") else None
            if head is None:
                raise Died
            if "problem" in head:
                raise Problem(head["problem"], head["detail"])
            return Answer(await self.process.stdout.readexactly(head["size"]), head["facts"])
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise Died from error

    def slow_down(self) -> None:
        """Leaves it what nobody else wants of the processors, for good."""
        self.is_slow = True
        with suppress(ProcessLookupError):
            try:
                os.sched_setscheduler(self.process.pid, os.SCHED_IDLE, os.sched_param(0))
            except (AttributeError, OSError):
                with suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, self.process.pid, 19)

    async def kill(self) -> None:
        """Ends it, whatever it does, and waits until it is gone."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                # Its own way to send a signal looks first whether the process has ended, and
                # takes its status from who waits for it.
                os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()


@dataclass(frozen=True, slots=True)
class Opened:
    """The generation that answers are of."""

    name: str
    stamp: Stamp


@dataclass(slots=True)
class Pool:
    """The processes of a server."""

    options: Options
    opened: Opened | None = None
    _sizes: asyncio.Task[dict[str, int] | Problem] | None = None
    _idle: asyncio.Queue[Child] = field(default_factory=asyncio.Queue)
    _resting: list[Child] = field(default_factory=list)  # slow ones that have nothing to do
    _children: set[Child] = field(default_factory=set)
    _starting: int = 0
    _slow: asyncio.Semaphore = field(init=False)
    # Of those who are asking; a client that has no question any more is forgotten.
    _shares: WeakValueDictionary[str, asyncio.Semaphore] = field(
        default_factory=WeakValueDictionary
    )
    _waiting: dict[str, int] = field(default_factory=lambda: {"quick": 0, "slow": 0})
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _failure: str | None = None
    _tried: float = 0.0
    _reloading: asyncio.Task[None] | None = None
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _is_closed: bool = False

    def __post_init__(self) -> None:
        """There are so many places for slow questions."""
        self._slow = asyncio.Semaphore(self.options.slow)

    # Generations

    async def look(self) -> Opened:
        """The generation that is answered from; a new one is being opened when there is one.

        Raises:
            Problem: there is no graph, or it cannot be opened.
        """
        now = stamp(self.options.folder)
        if now is None:
            folder = self.options.folder
            raise Problem(
                "no-graph",
                f"{folder} holds no graph now: build one with `kg build CORPUS -o {folder}`",
            )
        is_new = self.opened is None or self.opened.stamp != now
        if is_new and self._reloading is None and self._may_try():
            self._reloading = self._spawn(self._reload())
        if self._reloading is not None and (self.opened is None or self._failure):
            await asyncio.wait({self._reloading}, timeout=_START_SECONDS)
        if self._failure and is_new:
            raise Problem("no-graph", self._failure, {"Retry-After": "1"})
        if self.opened is None:
            raise Problem("no-graph", "the graph is being opened", {"Retry-After": "1"})
        return self.opened

    def _may_try(self) -> bool:
        return not self._failure or time.monotonic() - self._tried > _AGAIN_SECONDS

    async def _reload(self) -> None:
        """Opens the generation that counts now and, when that went well, asks it from then on."""
        self._tried = time.monotonic()
        try:
            started = await asyncio.gather(
                *(self._started() for _ in range(self.options.quick)), return_exceptions=True
            )
            good = [one for one in started if isinstance(one, Child)]
            failed = [one for one in started if isinstance(one, BaseException)]
            newest = max(good, key=lambda child: child.stamp.modified_ns, default=None)
            if failed or newest is None or any(one.stamp != newest.stamp for one in good):
                await asyncio.gather(*map(self._end, good))
                self._failure = str(getattr(failed[0], "detail", failed[0])) if failed else None
                return
            self._failure = None
            self.opened = Opened(newest.generation, newest.stamp)
            while not self._idle.empty():
                self._spawn(self._end(self._idle.get_nowait()))
            for child in good[1:]:
                self._idle.put_nowait(child)
            self._sizes = asyncio.create_task(self._counted(good[0]))
        finally:
            self._reloading = None

    async def _counted(self, child: Child) -> dict[str, int] | Problem:
        """How much the graph holds, or what kept it from being read; then the process serves on."""
        task = {"do": "sizes", "seconds": self.options.limit_seconds}
        work = asyncio.ensure_future(child.ask(task))
        try:
            await asyncio.wait({work}, timeout=self.options.limit_seconds)
            return work.result().facts if work.done() else {}
        except Problem as problem:
            return problem
        except Died:  # somebody may have killed it
            return {}
        finally:
            await self._give_back(child, work)

    async def sizes(self) -> dict[str, int]:
        """``quads`` and ``graphs`` of the generation; nothing while they are being counted.

        Raises:
            Problem: they cannot be counted: the graph is damaged.
        """
        if self._sizes is None:
            return {}
        await asyncio.wait({self._sizes}, timeout=_COUNT_SECONDS)
        found = self._sizes.result() if self._sizes.done() else {}
        if isinstance(found, Problem):
            raise Problem("no-graph", f"the graph cannot be counted: {found.detail}")
        return found

    # Questions

    async def ask(
        self, task: dict[str, Any], gone: Callable[[], Awaitable[object]], client: str = ""
    ) -> Answer:
        """The answer to a task of :class:`kg.server.answers.Answerer`.

        Args:
            gone: ends when nobody waits for the answer any more.
            client: who asks; of the places for slow questions nobody has more than his share.

        Raises:
            Problem: there is none, or not within the limits.
        """
        options = self.options
        key = json.dumps(task, sort_keys=True)
        sent = {**task, "seconds": options.limit_seconds}
        share = self._shares.get(client) or asyncio.Semaphore(max(1, options.slow // 2))
        self._shares[client] = share
        if key in self._known:
            self._known.move_to_end(key)
            return await self._ask_slowly(sent, gone, share)
        child = await self._quick_child()
        work = asyncio.ensure_future(child.ask(sent))
        try:
            await asyncio.wait({work}, timeout=options.quick_seconds)
            if not work.done():
                self._remember(key)
                if self._slow.locked() or share.locked():
                    await self._stop(child, work)
                    return await self._ask_slowly(sent, gone, share)
                async with share, self._slow:
                    child.slow_down()
                    self._spawn(self._fill())
                    seconds = options.limit_seconds - options.quick_seconds
                    return await self._finished(child, work, gone, seconds)
            return await self._result(child, work)
        finally:
            await self._give_back(child, work)

    async def _ask_slowly(
        self,
        sent: dict[str, Any],
        gone: Callable[[], Awaitable[object]],
        share: asyncio.Semaphore,
    ) -> Answer:
        """The same of a question that is known to take long, when there is a place for it."""
        await self._wait("slow", self._place(share), self.options.limit_seconds)
        try:
            child = await self._slow_child()
            work = asyncio.ensure_future(child.ask(sent))
            try:
                return await self._finished(child, work, gone, self.options.limit_seconds)
            finally:
                await self._give_back(child, work)
        finally:
            self._slow.release()
            share.release()

    async def _place(self, share: asyncio.Semaphore) -> None:
        """A place for a slow question, of those that its client may have."""
        await share.acquire()
        try:
            await self._slow.acquire()
        except BaseException:
            share.release()
            raise

    async def _finished(
        self,
        child: Child,
        work: asyncio.Future[Answer],
        gone: Callable[[], Awaitable[object]],
        seconds: float,
    ) -> Answer:
        """The answer within so many seconds, unless nobody wants it any more."""
        left: asyncio.Future[Any] = asyncio.ensure_future(gone())
        try:
            await asyncio.wait({work, left}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            left.cancel()
        if work.done():
            return await self._result(child, work)
        has_left = left.done() and not left.cancelled()
        await self._stop(child, work)
        if has_left:
            raise Problem("slow-client", "the client has gone")
        raise Problem(
            "too-slow",
            f"the query was stopped after {self.options.limit_seconds:g} seconds: narrow it, for "
            "example to one company",
        )

    async def _result(self, child: Child, work: asyncio.Future[Answer]) -> Answer:
        try:
            return work.result()
        except Died as error:
            if self._is_closed:
                raise Problem("stopping", "the server is being stopped") from error
            code = await child.process.wait()
            if code == -signal.SIGXCPU:
                raise Problem("too-slow", "the query used up its processor time") from error
            raise Problem(
                "died",
                f"the query's process {end_of(code)}: it took more than "
                f"{self.options.memory >> 20} MiB of memory, or the graph is damaged; narrow the "
                "query, for example with LIMIT",
            ) from error

    async def _wait(self, lane: str, turn: Awaitable[Any], seconds: float) -> Any:
        """What comes when it is one's turn; so many may wait, and so long."""
        if self._waiting[lane] >= self.options.queue:
            getattr(turn, "close", lambda: None)()
            raise Problem("busy", _BUSY, {"Retry-After": "2"})
        self._waiting[lane] += 1
        try:
            return await asyncio.wait_for(turn, seconds)
        except TimeoutError as error:
            raise Problem("busy", _BUSY, {"Retry-After": "5"}) from error
        finally:
            self._waiting[lane] -= 1

    def _remember(self, key: str) -> None:
        self._known[key] = None
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    # Processes

    async def _quick_child(self) -> Child:
        while True:
            try:
                child = self._idle.get_nowait()
            except asyncio.QueueEmpty:
                child = await self._wait("quick", self._idle.get(), self.options.wait_seconds)
            if self._is_good(child):
                return child
            await self._end(child)
            self._spawn(self._fill())

    async def _slow_child(self) -> Child:
        while self._resting:
            child = self._resting.pop()
            if self._is_good(child):
                return child
            await self._end(child)
        child = await self._started()
        child.slow_down()
        return child

    def _is_good(self, child: Child) -> bool:
        return (
            child.process.returncode is None
            and self.opened is not None
            and child.stamp == self.opened.stamp
        )

    async def _give_back(self, child: Child, work: asyncio.Future[Answer]) -> None:
        """A process that is done: it serves on, or goes, and another takes its place."""
        if not work.done():
            await self._stop(child, work)
        is_whole = child in self._children and not (
            work.cancelled() or isinstance(work.exception(), Died)
        )
        if is_whole and self._is_good(child) and not self._is_closed:
            if child.is_slow:
                self._resting.append(child)
            else:
                self._idle.put_nowait(child)
            return
        await self._end(child)
        self._spawn(self._fill())

    async def _stop(self, child: Child, work: asyncio.Future[Answer]) -> None:
        await self._end(child)
        work.cancel()
        await asyncio.wait({work})

    async def _end(self, child: Child) -> None:
        self._children.discard(child)
        await child.kill()

    async def _fill(self) -> None:
        """Starts quick processes of the generation that is answered from until there are enough."""
        while not self._is_closed and self.opened is not None:
            quick = sum(self._is_good(child) and not child.is_slow for child in self._children)
            if quick + self._starting >= self.options.quick:
                return
            self._starting += 1
            try:
                child = await self._started()
            except (Problem, OSError):
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            finally:
                self._starting -= 1
            if not self._is_good(child):  # a build has moved on: whoever asks next opens it
                await self._end(child)
                return
            self._idle.put_nowait(child)

    async def _started(self) -> Child:
        """A new process, which has opened the generation that counts now."""
        environment = {name: value for name, value in os.environ.items() if name != TOKEN}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kg.server.child", str(self.options.folder)),
            *(str(os.getpid()), str(self.options.memory)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LINE,
            env=environment,
            start_new_session=True,  # an interrupt at the terminal is the server's to obey
        )
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), _START_SECONDS)
            told = json.loads(line) if line.endswith(b"\n") else None
            if told is None:
                raise Problem("no-graph", "a process that reads the graph did not start")
            if "problem" in told:
                raise Problem(told["problem"], told["detail"])
        except BaseException:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            raise
        moment = Stamp(told["inode"], told["modified_ns"])
        child = Child(process, moment, told["generation"])
        self._children.add(child)
        return child

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def counts(self) -> dict[str, int]:
        """Of processes and of questions that wait."""
        return {
            "processes": len(self._children),
            "slow": sum(child.is_slow for child in self._children) - len(self._resting),
            "waiting": sum(self._waiting.values()),
        }

    async def close(self) -> None:
        """Ends all processes."""
        self._is_closed = True
        tasks = [*self._tasks, *([self._sizes] if self._sizes else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*map(self._end, list(self._children)))
