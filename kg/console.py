"""What a person sees of a build: its progress, and a summary at the end.

Everything here goes to stderr; results go to stdout. On a terminal there is a bar, in a pipe
there are plain lines, few enough for a log.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from kg.manifest import Entry, Status
from kg.queries.formats import visible

if TYPE_CHECKING:
    from kg.pipeline import Report

#: Seconds between two plain lines.
_EVERY_SECONDS = 5.0
#: So many skipped or failed files are listed; the rest is in the report.
_LISTED = 20


def progress_for(output: IO[str], *, is_quiet: bool = False) -> PlainProgress | BarProgress | None:
    """The progress that fits: a bar for a terminal, lines for a pipe, none when quiet."""
    if is_quiet:
        return None
    return BarProgress(output) if output.isatty() else PlainProgress(output)


class PlainProgress:
    """Lines in a log: at the start, every few seconds, at the end."""

    def __init__(self, output: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._clock = clock
        self._documents = self._size = self._done = self._done_size = self._sentences = 0
        self._started = self._spoke = 0.0

    def begin(self, documents: int, size: int) -> None:
        """So many documents are to be read, so many bytes together."""
        self._documents, self._size = documents, max(size, 1)
        self._started = self._spoke = self._clock()
        self._say(f"reading {_number(documents, 'policy')} ({size / 1e6:.1f} MB)")

    def read(self, entry: Entry) -> None:
        """One document is done."""
        self._done += 1
        self._done_size += entry.size
        self._sentences += entry.snapshot.sentences if entry.snapshot else 0
        now = self._clock()
        if now - self._spoke >= _EVERY_SECONDS and self._done < self._documents:
            self._spoke = now
            left = (now - self._started) * (self._size / max(self._done_size, 1) - 1)
            self._say(
                f"read {self._done:,} of {self._documents:,} policies, "
                f"{self._sentences:,} sentences, about {_duration(left)} left"
            )

    def compare(self, versions: int) -> None:
        """So many versions are compared with those before them."""
        self._say(f"comparing {_number(versions, 'version')} with those before them")

    def load(self, documents: int) -> None:
        """All are read; their graphs go to the store."""
        self._say(f"writing the graph of {_number(documents, 'policy')}")

    def end(self) -> None:
        """The build is over, well or not."""
        if self._done:
            took = _duration(self._clock() - self._started)
            read = _number(self._done, "policy")
            self._say(f"read {read}, {_number(self._sentences, 'sentence')} in {took}")

    def _say(self, line: str) -> None:
        self._output.write(f"{line}\n")
        self._output.flush()


class BarProgress:
    """A bar on a terminal, gone when the build is over."""

    def __init__(self, output: IO[str]) -> None:
        from rich.console import Console  # noqa: PLC0415 - heavy

        self._console = Console(file=output, stderr=True)
        self._bar: Any = None
        self._task: Any = None
        self._sentences = 0
        self._done = self._documents = 0

    def begin(self, documents: int, size: int) -> None:
        """So many documents are to be read, so many bytes together."""
        from rich.progress import (  # noqa: PLC0415 - heavy
            BarColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._documents = documents
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            TextColumn("· left"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("reading", total=max(size, 1), counts=self._counts())
        self._bar.start()

    def read(self, entry: Entry) -> None:
        """One document is done."""
        self._done += 1
        self._sentences += entry.snapshot.sentences if entry.snapshot else 0
        self._bar.update(self._task, advance=entry.size, counts=self._counts())

    def compare(self, versions: int) -> None:
        """So many versions are compared with those before them."""
        compared = _number(versions, "version")
        self._console.print(f"comparing {compared} with those before them", markup=False)

    def load(self, documents: int) -> None:
        """All are read; their graphs go to the store."""
        self._console.print(f"writing the graph of {_number(documents, 'policy')}", markup=False)

    def end(self) -> None:
        """The build is over, well or not."""
        if self._bar is not None:
            self._bar.stop()

    def _counts(self) -> str:
        return f"{self._done:,}/{self._documents:,} policies · {self._sentences:,} sentences"


def summary(report: Report, *, seconds: float) -> str:
    """What a build did and what to do next, for somebody who sees it for the first time."""
    counts, folder = report.counts(), visible(str(report.folder))
    lines: list[str] = []
    policies = _number(counts["policies"], "policy")
    if not report.is_changed:
        what = "Nothing has changed" if report.read else "Nothing to do"
        lines.append(f"{what}: {policies} in {folder}, and none is new or different.")
    else:
        changes = _changes(report)
        note = f" ({changes})" if changes else ""
        lines.append(f"The graph is in {folder}{note}, after {_duration(seconds)}.")
    lines.append("")
    rows = [
        ("policies", counts["policies"], f"of {_number(counts['publishers'], 'publisher')}"),
        ("statements", counts["statements"], "things they say they do with data"),
        ("denials", counts["denials"], "things they say they do not do"),
        ("recipients", counts["recipients"], "who gets data, by name or by kind"),
        ("left out", counts["unsure"], "statements too unsure to tell"),
        ("the same", counts["same"], "later versions that say what the one before them says"),
        ("passing", counts["passing"], "versions soon taken back, or a part of the text only"),
        ("copies", counts["copies"], "same text, publisher and date as another file"),
        ("skipped", counts["skipped"], "not for us; reasons below"),
        ("failed", counts["failed"], "could not be read; reasons below"),
    ]
    optional = {"left out", "the same", "passing", "copies", "skipped", "failed"}
    width = max(len(f"{value:,}") for _, value, _ in rows)
    for name, value, meaning in rows:
        if value or name not in optional:
            lines.append(f"  {name:<10} {value:>{width},}  {meaning}")
    looks = report.known + report.looks
    if report.known > looks / 3:
        # Fewer are worth no line, and how many exactly depends on which process was faster.
        lines += [
            "",
            f"Of {_number(looks, 'sentence')} that the models look at, {report.looks:,} were new: "
            f"{100 * report.known / looks:.1f} % of that work was saved.",
        ]
    if report.because and report.read:
        other = ", ".join(report.because)
        lines += ["", f"Read again, as something else than the policies has changed: {other}."]
        if not report.looks:
            lines.append("Sentences were neither parsed nor tagged again for it.")
    if report.mended:
        lines += [
            "",
            f"Read again, as what the folder keeps of it was lost or damaged: "
            f"{_number(report.mended, 'policy')}.",
        ]
    if report.kept:
        lines += [
            "",
            f"Nothing was removed, as not all inputs could be found: "
            f"{_number(report.kept, 'policy')} of before are kept. Leave out what is gone.",
        ]
    for status, title in (
        (Status.COPY, "Copies:"),
        (Status.SKIPPED, "Skipped:"),
        (Status.FAILED, "Failed:"),
    ):
        entries = report.of(status)
        if entries:
            lines += ["", title]
            lines += [f"  {_reason(entry)}" for entry in entries[:_LISTED]]
            if len(entries) > _LISTED:
                lines.append(f"  … and {len(entries) - _LISTED:,} more: {folder}/report.json")
    if counts["policies"]:
        option = "" if str(report.folder) == "kg-data" else f" -g {folder}"
        lines += [
            "",
            "Try next:",
            f"  kg query recipients{option}",
            "  kg queries",
            f"  kg view{option} --open",
        ]
    return "\n".join(lines)


def line_of(report: Report, *, seconds: float) -> str:
    """What a build did, in a line: for one of many."""
    counts = report.counts()
    parts = [_changes(report) or "nothing new", _number(counts["policies"], "policy")]
    parts += [f"{counts[name]:,} {name}" for name in ("skipped", "failed") if counts[name]]
    return f"{time.strftime('%H:%M:%S')}  {'; '.join(parts)} ({_duration(seconds)})"


def _changes(report: Report) -> str:
    counts = {"new": report.new, "changed": report.changed, "removed": report.removed}
    return ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)


def _reason(entry: Entry) -> str:
    return visible(entry.reason or entry.name)


def _number(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def _duration(seconds: float) -> str:
    """A length of time as a person says it.

    >>> _duration(3.24), _duration(75), _duration(4000)
    ('3.2 s', '1 min 15 s', '1 h 6 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def say(line: str) -> None:
    """One line to stderr, with nothing in it that a terminal would obey."""
    sys.stderr.write(f"{visible(line)}\n")
