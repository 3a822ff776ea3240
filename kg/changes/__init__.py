"""Two versions of a policy -> what changed, in flows and not in sentences."""

from kg.changes.between import LEAST, changes_between
from kg.changes.model import MIRROR, Aspect, Change, Detail, Kind, Named

__all__ = ["LEAST", "MIRROR", "Aspect", "Change", "Detail", "Kind", "Named", "changes_between"]
