"""Bytes of a file, and their text."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from kg.errors import InputError, Skipped

#: A larger file is skipped: no policy comes near it (the longest seen has 0.7 MB).
MAX_BYTES = 20 * 1024 * 1024
#: A longer text is skipped, for the same reason; PDFs and HTML may be large and hold little text.
MAX_CHARACTERS = 5_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"


def safe_name(name: str) -> str:
    """A name that can be shown: control characters, newlines and lone surrogates made visible.

    >>> safe_name("a\\nb\\x1b[31m.md")
    'a\\\\nb\\\\x1b[31m.md'
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in name
    )


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a regular file.

    Raises:
        InputError: it is not there, not a regular file, or may not be read.
        Skipped: it is larger than :data:`MAX_BYTES`.
    """
    shown = safe_name(name)
    try:
        # Not to wait for a writer when the path is a pipe.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise InputError(f"{shown}: there is no such file; check the path") from error
    except PermissionError as error:
        raise InputError(f"{shown}: no permission to read it; change its mode or owner") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{shown}: cannot be opened ({reason}); check the path") from error
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        os.close(descriptor)  # a file object cannot be made of it
        raise InputError(f"{shown}: is a folder, not a file; name the files inside it")
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{shown}: is no regular file; save its content as a file first")
        if status.st_size > MAX_BYTES:
            raise Skipped(too_large(shown, f"{status.st_size / 2**20:.0f} MB"))
        try:
            data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise InputError(f"{shown}: cannot be read ({error.strerror}); try again") from error
    if len(data) > MAX_BYTES:
        raise Skipped(too_large(shown, "it grew while it was read"))
    return data


def too_large(shown: str, size: str) -> str:
    """What to say of a file beyond :data:`MAX_BYTES`."""
    limit = MAX_BYTES // 2**20
    return f"{shown}: too large ({size}; the limit is {limit} MB); split it or leave it out"


def check_length(text: str, name: str) -> None:
    """Raises Skipped for a text longer than :data:`MAX_CHARACTERS`."""
    if len(text) > MAX_CHARACTERS:
        raise Skipped(
            f"{safe_name(name)}: too large ({len(text):,} characters; the limit is "
            f"{MAX_CHARACTERS:,}); split it or leave it out"
        )


def decode(data: bytes, name: str, *, is_html: bool = False) -> str:
    """The text of a file: by its byte order mark, as UTF-8, by its meta tag, else by its looks.

    Raises:
        InputError: the bytes are no text, or not in an encoding that can be told.
    """
    shown = safe_name(name)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _without_nul(data[len(mark) :].decode(encoding), shown)
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{shown}: is damaged {encoding.upper()} text; save it again as UTF-8"
                ) from error
    if b"\0" in data:
        raise InputError(f"{shown}: is a binary file, not text; convert it to text, HTML or PDF")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_legacy(data, shown, is_html=is_html)
    if _share_of_controls(data) > 0.02:
        raise InputError(f"{shown}: is a binary file, not text; convert it to text, HTML or PDF")
    return text


def _without_nul(text: str, shown: str) -> str:
    if "\0" in text:
        raise InputError(f"{shown}: is a binary file, not text; convert it to text, HTML or PDF")
    return text


def _decode_legacy(data: bytes, shown: str, *, is_html: bool) -> str:
    if is_html and (found := _META_CHARSET.search(data[:4096])):
        try:
            codec = codecs.lookup(found[1].decode("ascii"))
            if codec._is_text_encoding and codec.name not in ("utf-8", "idna", "punycode"):
                return data.decode(codec.name)
        except (LookupError, UnicodeError):
            pass
    # Windows-1252 is what nearly all other English text is in; a stray broken byte in a
    # UTF-8 text is replaced, as it costs one character.
    loose = data.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    multibyte = sum(1 for character in loose if character > "\x7f" and character != "\ufffd")
    if broken <= 20 and multibyte >= 3 * broken:
        return loose
    high = sum(1 for byte in data if byte > 0x7F)
    if high > 0.3 * len(data) or _share_of_controls(data) > 0.005:
        raise InputError(
            f"{shown}: the encoding cannot be told, or it is no text; save it as UTF-8"
        )
    return data.decode("cp1252", "replace")


def _share_of_controls(data: bytes) -> float:
    """Share of bytes that no text contains, from 0 to 1."""
    if not data:
        return 0.0
    return 1 - len(data.translate(None, _CONTROLS)) / len(data)
