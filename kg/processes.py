"""What every process that another one starts has to see to."""

from __future__ import annotations

import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


def die_with_parent() -> bool:
    """Has the system kill this process when the one that started it is gone; whether it can."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - for Linux alone
    import signal  # noqa: PLC0415

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        return True
    return False
