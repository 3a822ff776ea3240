"""A wall behind the guard: a process that can open no connection, whatever its query says.

The engine can fetch (SERVICE) and has no switch against it. Linux lets a process give up system
calls for good (seccomp); elsewhere the guard of :mod:`.sparql` stands alone.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

# From <linux/prctl.h>, <linux/seccomp.h>, <linux/audit.h>, <linux/bpf_common.h>.
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
#: Machine -> its audit number, and its calls socket, socketpair, connect and io_uring_setup.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 53, 42, 425)),
    "aarch64": (0xC00000B7, (198, 199, 203, 425)),
}
#: Numbers from here on are another calling convention of the same machine (x32).
_OTHER_CALLS = 0x40000000


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def go_offline() -> bool:
    """Takes from this process, and all that it starts, the means to open a connection.

    Before any thread is started; it cannot be undone. What is open stays open.

    Returns:
        Whether it worked: it does on Linux, on 64 bits of Intel and ARM.
    """
    known = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if known is None or sys.byteorder != "little":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    code = _program(*known)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """The filter: another architecture dies, the calls fail with EACCES, the rest may pass."""
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, len(calls) + 1, 0, _OTHER_CALLS),
    ]
    lines += [(_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    lines += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERROR | errno.EACCES)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
