"""Result -> text: for the terminal, for a spreadsheet, for a program, for a page.

Cells hold words of policies that nobody here wrote, so every format escapes them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

from kg.errors import UsageError
from kg.model import Result
from kg.triples import XSD

FORMATS = ("table", "csv", "json", "ttl", "md")

Cell = str | int | float | bool | None

_IRI = re.compile(r"(?:https?|urn):[^\s<>\"{}|\\^`]+")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~$#!])")
_BREAKS = re.compile(r"[\r\n]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def format_result(result: Result | str, form: str = "table", *, width: int | None = None) -> str:
    """Writes an answer as text, with a line break at its end.

    Args:
        result: rows, or the Turtle text of a CONSTRUCT or DESCRIBE.
        form: "table" wraps cells to ``width`` columns of a terminal, shows a line break as " · "
            and other control characters as signs, "md" is a Markdown table that does the same;
            "csv" (RFC 4180) sets an apostrophe before text that a spreadsheet would run
            as a formula (it begins with = + - @ or a tab); "json" is SPARQL 1.1 JSON and has
            every character as it is; "ttl" takes a graph only.
        width: of the terminal; ``None`` wraps nothing.

    Raises:
        UsageError: no such format, or one that does not fit the answer.
    """
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}: choose {', '.join(FORMATS)}")
    if isinstance(result, str):
        if form not in {"ttl", "table"}:
            raise UsageError(f"CONSTRUCT and DESCRIBE give a graph: write it as ttl, not {form}")
        return result if result.endswith("\n") or not result else f"{result}\n"
    if form == "ttl":
        raise UsageError("ttl is for graphs: ask with CONSTRUCT, or choose csv, json or md")
    if form == "csv":
        return _csv(result)
    if form == "json":
        return _json(result)
    return _markdown(result) if form == "md" else _table(result, width)


def visible(text: str) -> str:
    """Text without characters that a terminal would obey or hide.

    >>> visible("a\\x1b[31mb\\nc")
    'a␛[31mb␊c'
    """
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(character) == "Zs":
        return " "
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return f"\\u{code:04x}"
    return character


def _line(cell: Cell) -> str:
    """A cell on one line: the cells of a table in a policy are parted by line breaks."""
    lines = (line.strip(" ") for line in _BREAKS.split(_shown(cell)))
    return visible(" · ".join(filter(None, lines)))


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _table(result: Result, width: int | None) -> str:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - heavy
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, column in enumerate(result.columns):
        numbers = [row[place] for row in result.rows if row[place] is not None]
        is_count = bool(numbers) and all(
            isinstance(cell, int | float) and not isinstance(cell, bool) for cell in numbers
        )
        table.add_column(
            Text(visible(column)), justify="right" if is_count else "left", overflow="fold"
        )
    for row in result.rows:
        table.add_row(*(Text(_line(cell)) for cell in row))
    output = io.StringIO()
    # Wide enough for any row where nothing is to be wrapped.
    wide = width or 4 + max(
        (sum(2 * len(_line(cell)) + 4 for cell in row) for row in (*result.rows, result.columns)),
        default=0,
    )
    console = Console(file=output, width=max(wide, 20), color_system=None, legacy_windows=False)
    console.print(table)
    lines = (line.rstrip() for line in output.getvalue().splitlines())
    return "".join(f"{line}\n" for line in lines)


def _csv(result: Result) -> str:
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(result.columns)
    for row in result.rows:
        writer.writerow([_spreadsheet(cell) for cell in row])
    return output.getvalue()


def _spreadsheet(cell: Cell) -> str:
    text = _shown(cell).replace("\x00", "\ufffd")
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text


def _json(result: Result) -> str:
    bindings = [
        {
            column: _term(cell)
            for column, cell in zip(result.columns, row, strict=True)
            if cell is not None
        }
        for row in result.rows
    ]
    document = {"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _term(cell: Cell) -> dict[str, str]:
    if isinstance(cell, bool):
        return {"type": "literal", "value": _shown(cell), "datatype": f"{XSD}boolean"}
    if isinstance(cell, int | float):
        kind = "integer" if isinstance(cell, int) else "decimal"
        return {"type": "literal", "value": _shown(cell), "datatype": f"{XSD}{kind}"}
    text = str(cell)
    return {"type": "uri" if _IRI.fullmatch(text) else "literal", "value": text}


def _markdown(result: Result) -> str:
    lines = [
        [markdown(column) for column in result.columns],
        ["---"] * len(result.columns),
        *([markdown(_line(cell)) for cell in row] for row in result.rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def markdown(text: str) -> str:
    """Text on one line, with nothing in it that means anything to Markdown or HTML."""
    plain = visible(" ".join(text.split()))
    html = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", html)
