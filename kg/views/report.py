"""Report -> HTML or Markdown: findings as cards, each with the sentences that it rests on.

What people read of a comparison. The HTML stands alone, runs nothing and loads nothing; every
text in it may be of a policy, so that all are escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg import resources
from kg.model import Result
from kg.queries.formats import format_result, markdown, visible

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a policy.

    Attributes:
        label: whose or from when it is: "2018-05-25", "Acme says".
        where: document, heading and place in it.
    """

    label: str
    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One finding.

    Attributes:
        heading: what was found, in a line.
        badge: its kind or grade, in a word or two.
        facts: names and values.
    """

    heading: str
    badge: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Findings of one kind: cards, or a table, or both."""

    title: str
    note: str = ""
    cards: tuple[Card, ...] = ()
    table: Result | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Findings for people to read."""

    title: str
    lead: str = ""
    sections: tuple[Section, ...] = ()


def to_html(report: Report) -> str:
    """A page that stands alone; write it as UTF-8. The same report gives the same text."""
    style = (resources.TEMPLATES / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    parts = {
        "policy": html.escape(policy),
        "title": _text(report.title),
        "style": style,
        "lead": _text(report.lead),
        "sections": "".join(map(_section, report.sections)),
    }
    template = (resources.TEMPLATES / "report.html").read_text("utf-8")
    # One pass over the template: what is put in is not looked at again.
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], template)


def to_markdown(report: Report) -> str:
    """The same as Markdown."""
    return "\n".join(_lines(report)).rstrip("\n") + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {markdown(report.title)}"
    yield ""
    if report.lead:
        yield from (markdown(report.lead), "")
    for section in report.sections:
        yield from (f"## {markdown(section.title)}", "")
        if section.note:
            yield from (markdown(section.note), "")
        for card in section.cards:
            badge = f" ({markdown(card.badge)})" if card.badge else ""
            yield from (f"### {markdown(card.heading)}{badge}", "")
            for name, value in card.facts:
                yield f"- {markdown(name)}: {markdown(value)}"
            if card.facts:
                yield ""
            for quote in card.quotes:
                where = f" ({markdown(quote.where)})" if quote.where else ""
                yield from (f"> {markdown(quote.label)}: “{markdown(quote.text)}”{where}", "")
        if section.table:
            yield from (format_result(section.table, "md"), "")


def _section(section: Section) -> str:
    note = f'<p class="note">{_text(section.note)}</p>\n' if section.note else ""
    cards = "".join(map(_card, section.cards))
    table = _table(section.table) if section.table else ""
    return f"<section>\n<h2>{_text(section.title)}</h2>\n{note}{cards}{table}</section>\n"


def _card(card: Card) -> str:
    badge = f'<span class="badge">{_text(card.badge)}</span>' if card.badge else ""
    facts = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in card.facts)
    quotes = "".join(
        f"<blockquote><p>{_text(quote.label)}: “{_text(quote.text)}”</p>"
        f'<p class="where">{_text(quote.where)}</p></blockquote>\n'
        for quote in card.quotes
    )
    listed = f"<dl>{facts}</dl>\n" if facts else ""
    return f"<article>\n<h3>{_text(card.heading)}{badge}</h3>\n{listed}{quotes}</article>\n"


def _table(table: Result) -> str:
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_text('' if c is None else str(c))}</td>" for c in row) + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>\n"
    )


def _text(text: str) -> str:
    return html.escape(visible(" ".join(text.split())))
