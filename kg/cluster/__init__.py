"""Documents -> shards on other machines: a Dask cluster in place of the local pool.

The coordinator (:class:`Cluster`) reads files, sends their bytes and writes what comes back;
workers (:mod:`.host`) share no file system with it. Both sides first see to it that they are
:mod:`.alike`; :mod:`.deal` says who gets which task, :mod:`.wire` what travels.
"""

from __future__ import annotations

from .coordinator import Cluster

__all__ = ["Cluster"]
