"""Files to documents: ``find`` the policies of a corpus, ``read`` one.

Readers (:mod:`.html`, :mod:`.markdown`, :mod:`.plain`, :mod:`.pdf`) turn a file into pieces;
:mod:`.structure` finds the headings and lists that markup does not tell; :mod:`.provenance` and
:mod:`.noise` set aside what is no policy text; :mod:`.publisher` and :mod:`.dates` look for who
speaks and since when; :mod:`.language` turns away what is not for us.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from kg.errors import Skipped
from kg.model import Block, BlockKind, Document

from . import noise
from .corpus import (
    SUFFIXES,
    Declared,
    Revision,
    Source,
    find,
    read_declarations,
    take_front_matter,
)
from .dates import find_dates
from .files import (
    MAX_BYTES,
    MAX_CHARACTERS,
    check_length,
    decode,
    read_bytes,
    safe_name,
)
from .history import (
    USUAL_PATHS,
    Wanted,
    git_version,
    is_repository,
    of_services,
    read_revision,
    read_revisions,
    repository_around,
    versions,
)
from .language import find_languages, is_policy
from .pieces import Page, Piece, assemble, prose
from .provenance import take_origin
from .publisher import find_names, find_publisher, order_names
from .structure import part_numbers, refine
from .substance import substance

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "SUFFIXES",
    "USUAL_PATHS",
    "Declared",
    "Revision",
    "Source",
    "Wanted",
    "find",
    "git_version",
    "is_repository",
    "of_services",
    "read",
    "read_data",
    "read_declarations",
    "read_lines",
    "read_revision",
    "read_revisions",
    "read_text",
    "repository_around",
    "safe_name",
    "substance",
    "versions",
]

Kind = Literal["md", "html", "txt"]
_KINDS: dict[str, Kind] = {
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HOST = re.compile(
    r"https?://(?:www\.)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,20})(?=[/:?#]|\Z)", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"©|\([cC]\)\s*\d{4}|\bcopyright\b", re.IGNORECASE)


def read(
    path: Path | str,
    *,
    name: str | None = None,
    declared: Declared | None = None,
    revision: Revision | None = None,
) -> Document:
    """One file as a document.

    Args:
        path: of a ``.md``, ``.html``, ``.txt`` or ``.pdf`` file; other suffixes are read as text.
        name: of the document; the file's name when left out.
        declared: what is known about it and wins over its text.
        revision: of a git repository, in which ``path`` is then looked for.

    Raises:
        InputError: it cannot be read: not there, no permission, binary, damaged, encrypted.
        Skipped: it can, but is not English, empty, too large, or no policy at all.
    """
    path = Path(path)
    name = path.name if name is None else name
    data = read_bytes(path, name) if revision is None else read_revision(revision, name)
    return read_data(data, path, name, declared, revision)


def read_data(
    data: bytes, path: Path, name: str, declared: Declared | None, revision: Revision | None
) -> Document:
    """The bytes of a file as a document, as :func:`read` does with the file."""
    if revision is not None:
        declared = Declared(recorded=revision.recorded).over(declared)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(b"%PDF-") or path.suffix.lower() == ".pdf":
        from .pdf import read_pdf  # noqa: PLC0415

        page = read_pdf(data, safe_name(name))
        return _document(page, "", name=name, declared=declared, sha256=digest)
    kind = _KINDS.get(path.suffix.lower(), "txt")
    text = decode(data, name, is_html=kind == "html" or b"<meta" in data[:4096])
    return _read_text(text, name=name, kind=kind, declared=declared, sha256=digest)


def read_text(text: str, *, name: str, kind: Kind, declared: Declared | None = None) -> Document:
    """A text in memory as a document, as :func:`read` does with a file.

    >>> policy = "# Acme Privacy Policy\\n\\nAcme collects your name."
    >>> document = read_text(policy, name="acme.md", kind="md")
    >>> document.publisher, [document.text_of(block) for block in document.blocks]
    ('Acme', ['Acme Privacy Policy', 'Acme collects your name.'])
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _read_text(text, name=name, kind=kind, declared=declared, sha256=digest)


def read_lines(path: Path | str, *, name: str | None = None) -> Iterator[Document]:
    """Every line of a text file as a document of one paragraph, in order, empty ones too.

    The line's text is left as it is, without its ``\\n``; nothing is skipped or looked for.

    Raises:
        InputError: the file cannot be read.
        Skipped: it is too large.
    """
    path = Path(path)
    name = path.name if name is None else name
    text = decode(read_bytes(path, name), name)
    lines = text.split("\n")
    if lines and not lines[-1]:
        del lines[-1]  # what follows the last line end is no line
    for line in lines:
        blocks = (Block(BlockKind.PARAGRAPH, 0, len(line)),) if line else ()
        digest = hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()
        yield Document(name=name, text=line, blocks=blocks, sha256=digest)


def _read_text(
    text: str, *, name: str, kind: Kind, declared: Declared | None, sha256: str
) -> Document:
    from .html import read_html  # noqa: PLC0415
    from .markdown import is_markdown, read_markdown  # noqa: PLC0415
    from .plain import read_plain  # noqa: PLC0415

    check_length(text, name)
    text, front = take_front_matter(text, name)
    if front is not None:
        declared = front.over(declared)
    if not text.strip():
        raise Skipped(f"{safe_name(name)}: empty; nothing to read, fetch the policy again")
    if kind != "html" and _HTML.match(text[:10_000]):
        kind = "html"
    elif kind == "txt" and is_markdown(text):
        kind = "md"
    page = {"html": read_html, "md": read_markdown, "txt": read_plain}[kind](text)
    return _document(page, text, name=name, declared=declared, sha256=sha256)


def _document(
    page: Page, source: str, *, name: str, declared: Declared | None, sha256: str
) -> Document:
    shown = safe_name(name)
    origin = take_origin(page.pieces, source)
    pieces = refine(page)
    noise.mark(pieces)
    part_numbers(pieces)
    text, blocks = assemble(pieces)
    check_length(text, name)
    body = prose(pieces)
    texts = [piece.text for piece in body]
    if not any(character.isalpha() for text_ in texts for character in text_):
        raise Skipped(f"{shown}: empty; there is no text in it, fetch the policy again")
    languages = find_languages(texts)
    if languages.code not in (None, "en"):
        raise Skipped(f"{shown}: not English (looks like {languages.code!r}); only English is read")
    if languages.foreign:
        for index in languages.foreign:
            body[index].kind = BlockKind.NOISE
        text, blocks = assemble(pieces)
        body = prose(pieces)
        texts = [piece.text for piece in body]
    everything = "\n".join(texts)
    if not is_policy(everything):
        raise Skipped(f"{shown}: no privacy policy; it says nothing about data or privacy")
    declared = declared or Declared()
    publisher, names = _publisher(page, pieces, body, declared, origin.url)
    dates = find_dates(texts)
    return Document(
        name=name,
        text=text,
        blocks=blocks,
        publisher=publisher,
        names=names,
        title=declared.title or _title(page, body),
        url=declared.url or origin.url or page.url,
        source_url=origin.source_url,
        effective=declared.effective or dates.effective,
        updated=declared.updated or dates.updated,
        archived=declared.archived or origin.archived,
        recorded=_recorded(declared, origin.archived),
        series=declared.series,
        sha256=sha256,
        language="en",
    )


def _recorded(declared: Declared, archived: date | None) -> datetime | None:
    """When a version was taken: the text of an archive knows better than who keeps it in git."""
    if declared.recorded and archived:
        return datetime(archived.year, archived.month, archived.day, tzinfo=UTC)
    return declared.recorded


def _publisher(
    page: Page, pieces: list[Piece], body: list[Piece], declared: Declared, url: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """Who speaks, and the other names: declared ones, and those that the text gives."""
    texts = [piece.text for piece in body if piece.kind is not BlockKind.HEADING]
    found = find_publisher(
        texts,
        headings=[piece.text for piece in body if piece.kind is BlockKind.HEADING],
        title=page.title,
        copyrights=[piece.text for piece in pieces if _COPYRIGHT.search(piece.text[:300])],
    )
    publisher = declared.publisher or (found.name if found else declared.otherwise)
    if publisher is None:
        return None, order_names(None, declared.names)
    names = [*declared.names, *find_names(publisher, texts)]
    if url is not None and (host := _HOST.match(url)):
        names.append(host[1])  # the site that the policy stands on
    if found is not None:
        names.extend((found.name, *found.names, *find_names(found.name, texts)))
    return publisher, order_names(publisher, names)


def _title(page: Page, body: list[Piece]) -> str | None:
    """The first heading that names a policy, else the page's title, else the first heading."""
    headings = [piece.text for piece in body[:40] if piece.kind is BlockKind.HEADING]
    for heading in headings[:6]:
        if noise.is_title(heading):
            return heading
    first = body[0].text if body else ""
    if noise.is_title(first) and not first.endswith("."):
        return first
    return page.title or (headings[0] if headings else None)
