"""Where data files live. The one module that knows.

In a checkout ``ontology/`` and ``queries/`` stand beside the package; in an installed wheel
they are inside it, under ``kg/data``. Files that belong to one room stay in that room.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "data"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

ONTOLOGY = _ROOT / "ontology"
QUERIES = _ROOT / "queries"
CHECKS = QUERIES / "checks"
FRAMES = _PACKAGE / "statements" / "frames.toml"
RIGHTS = _PACKAGE / "statements" / "rights.toml"
CONFIDENCE = _PACKAGE / "statements" / "confidence.json"
RECONCILERS = _PACKAGE / "checks" / "reconcilers.toml"
CHANGES = _PACKAGE / "changes" / "words.toml"
TEMPLATES = _PACKAGE / "views" / "templates"
SERVER = _PACKAGE / "server" / "templates"
TAGGER = _PACKAGE / "tagger" / "model"
#: What is said when that folder lacks its model.
NO_TAGGER = "the tagger's model is not in %s: reading by rules alone; install privflow again"


def tagger_model() -> Path | None:
    """The tagger's model; ``None`` when it is not there."""
    path = TAGGER / "tagger.onnx"
    return path if path.is_file() else None
