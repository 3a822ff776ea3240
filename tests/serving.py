"""A server in a process of its own, and requests to it over a socket."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The name of the problem."""
        assert self.kind == "application/problem+json", self
        assert self.json["status"] == self.status
        return str(self.json["type"]).removeprefix("/problems#")


@dataclass
class Served:
    """A server that runs.

    Attributes:
        log: what it has written to stderr.
    """

    process: subprocess.Popen[str]
    port: int
    log: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | str | None = None,
        timeout: float = 30,
        **headers: str,
    ) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def sparql(self, text: str, **headers: str) -> Reply:
        return self.ask(f"/sparql?query={quote(text)}", **headers)

    def children(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children()
        return found


@contextmanager
def serving(folder: Path, *options: str, **environment: str) -> Iterator[Served]:
    """A server of the folder's graph on a free port, ended at the end."""
    command = (sys.executable, "-m", "kg.cli", "serve", "-g", str(folder), "--port", "0", *options)
    with running(command, **environment) as served:
        yield served


@contextmanager
def impatient(folder: Path, **options: float) -> Iterator[Served]:
    """A server with options that the command does not have."""
    given = ", ".join(f"{name}={value!r}" for name, value in options.items())
    code = (
        "import sys; from pathlib import Path; from kg.server.options import Options\n"
        "from kg.server.run import serve\n"
        f"serve(Options(Path({str(folder)!r}), {given}), '127.0.0.1', 0, "
        "ready=lambda at: print(at, file=sys.stderr, flush=True))"
    )
    with running((sys.executable, "-c", code)) as served:
        yield served


@contextmanager
def running(command: Sequence[str], **environment: str) -> Iterator[Served]:
    """A server that a command starts and that tells its address first."""
    given = {name: value for name, value in os.environ.items() if name != "KG_SERVE_TOKEN"}
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env={**given, "PYTHONPATH": str(ROOT), **environment},
    )
    assert process.stderr is not None
    stderr = process.stderr
    try:
        first = stderr.readline()
        found = re.search(r":(\d+)/$", first.strip())
        assert found is not None, first + stderr.read()
        served = Served(process, int(found[1]))
        reader = threading.Thread(target=lambda: served.log.extend(stderr), daemon=True)
        reader.start()
        yield served
        process.terminate()
        process.wait(20)
        reader.join(5)
    finally:
        process.kill()
        process.wait()
        stderr.close()
