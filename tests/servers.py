"""SPARQL servers for the tests: Oxigraph and Virtuoso, each in a folder and on ports of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

#: Invented for each run, so that finding it anywhere is a leak.
PASSWORD = f"secret{os.urandom(8).hex()}"
OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which(
    "oxigraph"
)
VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt") or shutil.which("isql-v")

_SETTINGS = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
FileExtend = 50
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = {sql}
ServerThreads = 8
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
DirsAllowed = {loads}
AsyncQueueMaxThreads = 1
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = {rows}
"""


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        url: as ``--store`` takes it.
        environment: what the command needs in it.
        loads: folder that it may load files from.
        sql: port of Virtuoso's SQL.
    """

    name: str
    url: str
    loads: Path
    environment: dict[str, str] = field(default_factory=dict)
    sql: int = 0


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def oxigraph(folder: Path, port: int | None = None) -> Iterator[Server]:
    """An Oxigraph server with its store in the folder."""
    assert OXIGRAPH
    port = port or free_port()
    place = folder / "store"
    command = [OXIGRAPH, "serve", "--location", str(place), "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}/query"):
        yield Server("oxigraph", f"sparql+http://127.0.0.1:{port}", folder)


@contextmanager
def virtuoso(folder: Path, rows: int = 1_000_000) -> Iterator[Server]:
    """A Virtuoso with an empty database and a user who may update it."""
    assert VIRTUOSO
    sql, http = free_port(), free_port()
    loads = folder / "loads"
    loads.mkdir()
    settings = _SETTINGS.format(folder=folder, sql=sql, http=http, loads=loads, rows=rows)
    (folder / "v.ini").write_text(settings)
    command = [VIRTUOSO, "+foreground", "+configfile", str(folder / "v.ini")]
    with _running(command, folder, f"http://127.0.0.1:{http}/sparql"):
        found = Server(
            "virtuoso",
            f"sparql+http://127.0.0.1:{http}/sparql",
            loads,
            {"KG_STORE_USER": "kg", "KG_STORE_PASSWORD": PASSWORD},
            sql,
        )
        isql(
            found,
            f"DB.DBA.USER_CREATE('kg', '{PASSWORD}');\nGRANT SPARQL_UPDATE TO \"kg\";\n"
            f"USER_SET_PASSWORD('dba', '{PASSWORD}');",
            password="dba",
        )
        yield found


def isql(server: Server, text: str, password: str = PASSWORD) -> str:
    """What Virtuoso's SQL answers."""
    assert ISQL
    done = subprocess.run(
        [ISQL, f"127.0.0.1:{server.sql}", "dba", password, "ERRORS=STDOUT"],
        input=text, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "Error " not in done.stdout, done.stdout
    return done.stdout


@contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            _await(process, url, folder)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(process: subprocess.Popen[bytes], url: str, folder: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, (folder / "server.log").read_text()
        try:
            httpx.get(url, params={"query": "ASK {}"}, timeout=2)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} does not answer")
