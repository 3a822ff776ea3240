"""Several hosts on one machine: each has a network of its own, and sees nobody's files.

Network namespaces on a bridge, where these are permitted (root on Linux); else processes that
listen on loopback addresses of their own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

IP = shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin")
DASK = [sys.executable, "-m", "dask"]


def _ip(*arguments: str) -> str:
    assert IP is not None
    return subprocess.run([IP, *arguments], check=True, capture_output=True, text=True).stdout


@dataclass
class Host:
    """A machine, or what stands for one.

    Attributes:
        folder: where its processes run.
        namespace: of its network; empty when it has only an address of its own.
    """

    folder: Path
    address: str
    namespace: str = ""
    link: str = ""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self, command: Sequence[str], *, hidden: Sequence[Path] = (), **environment: str
    ) -> None:
        """Runs a command there, to which the folders are hidden."""
        if self.namespace:
            assert IP is not None
            hide = "".join(f'mount -t tmpfs none "{path}" && ' for path in hidden)
            inside = ["sh", "-c", f'{hide} exec "$@"', "sh", *command]
            command = [IP, "netns", "exec", self.namespace, *inside]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def pids(self) -> list[int]:
        """Processes on this host."""
        if self.namespace:
            return [int(pid) for pid in _ip("netns", "pids", self.namespace).split()]
        return [pid for process in self.running for pid in (*_below(process.pid), process.pid)]

    def unplug(self) -> None:
        """From now on nothing goes in or out, and nobody is told."""
        if self.link:
            _ip("link", "set", self.link, "down")

    def kill(self) -> None:
        """Ends all processes at once."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in self.running:
            process.wait(10)
        self.running.clear()


def _below(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [one for child in map(int, children) for one in (*_below(child), child)]


class Network:
    """Hosts that hear each other, and this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mark = f"{os.getpid() % 10**6}"
        self._bridge = f"kgb{self._mark}"
        self._subnet = f"10.{200 + os.getpid() % 50}.{os.getpid() // 50 % 250}"
        self._hosts: list[Host] = []
        self.is_real = self._bridged()
        #: Of this machine.
        self.address = f"{self._subnet}.1" if self.is_real else "127.0.0.1"

    def _bridged(self) -> bool:
        if IP is None or os.geteuid() != 0:
            return False
        try:
            _ip("link", "add", "name", self._bridge, "type", "bridge")
            _ip("addr", "add", f"{self._subnet}.1/24", "dev", self._bridge)
            _ip("link", "set", self._bridge, "up")
            _ip("netns", "add", f"kgt{self._mark}")
            _ip("netns", "del", f"kgt{self._mark}")
        except subprocess.CalledProcessError:
            self.close()
            return False
        return True

    def host(self) -> Host:
        """A further host."""
        number = len(self._hosts) + 2
        folder = self._folder / f"host{number}"
        folder.mkdir()
        if not self.is_real:
            host = Host(folder, f"127.0.0.{number}")
        else:
            space, address = f"kgh{self._mark}-{number}", f"{self._subnet}.{number}"
            outer, inner = f"kgo{self._mark}{number}", f"kgi{self._mark}{number}"
            _ip("netns", "add", space)
            _ip("link", "add", outer, "type", "veth", "peer", "name", inner)
            _ip("link", "set", inner, "netns", space)
            _ip("link", "set", outer, "master", self._bridge)
            _ip("link", "set", outer, "up")
            _ip("-n", space, "addr", "add", f"{address}/24", "dev", inner)
            _ip("-n", space, "link", "set", inner, "up")
            _ip("-n", space, "link", "set", "lo", "up")
            host = Host(folder, address, space, outer)
        self._hosts.append(host)
        return host

    def close(self) -> None:
        for host in self._hosts:
            host.kill()
            if host.namespace:
                _ip("netns", "del", host.namespace)
        self._hosts.clear()
        if IP is not None:
            subprocess.run([IP, "link", "del", self._bridge], capture_output=True, check=False)


@contextlib.contextmanager
def network(folder: Path) -> Iterator[Network]:
    found = Network(folder)
    try:
        yield found
    finally:
        found.close()


def wait_for(log: Host, words: str, seconds: float = 60) -> None:
    """Until a host has said something."""
    deadline = time.monotonic() + seconds
    while words not in log.log():
        ended = [process.args for process in log.running if process.poll() is not None]
        assert not ended and time.monotonic() < deadline, log.log()[-3000:]
        time.sleep(0.05)
