"""Comparison -> rows, a report, values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.compare import ORDER, Cell, Comparison, Difference, Row, Said, Summary
from kg.concepts import Relation
from kg.model import Result
from kg.views.report import Card, Quote, Report, Section
from kg.views.said import digits, manner, quote, value

_QUOTES = 2


def shown(found: Comparison, *, everything: bool = False) -> tuple[Row, ...]:
    """The rows to tell: those in which the companies differ, or all."""
    return found.rows if everything else found.differing()


def rows(found: Comparison, *, everything: bool = False, sentences: bool = False) -> Result:
    """A line a row, a column a company; the digits in a cell are for `kg explain`.

    Args:
        everything: also rows in which the companies do not differ.
        sentences: put sentence and IRI of the first statement into columns of their own.
    """
    names = [company.name for company in found.companies]
    columns = ["action", found.facet, "difference"]
    for name in names:
        columns += [name, f"{name}: sentence", f"{name}: statement"] if sentences else [name]
    lines = []
    for row in shown(found, everything=everything):
        line = [row.action.value, row.label, row.difference.value]
        for cell in row.cells:
            first = next(_first(cell), None)
            told = _told(cell, row, found)
            if sentences:
                line += [
                    told,
                    first.practice.sentence if first else "",
                    first.practice.iri if first else "",
                ]
            else:
                line.append(f"{told} {' '.join(digits(s.practice) for s in _first(cell))}".strip())
        lines.append(tuple(line))
    return Result(tuple(columns), tuple(lines))


def _first(cell: Cell) -> Iterator[Said]:
    """What a cell rests on first: a statement, a denial."""
    yield from cell.stated[:1]
    yield from cell.denied[:1]


def _told(cell: Cell, row: Row, found: Comparison) -> str:
    parts = []
    if cell.stated:
        parts.append(_stated(cell.stated[0], row, found))
    if cell.denied:
        parts.append(_denied(cell.denied[0], row, found))
    return "; ".join(parts) or "silent"


def _stated(said: Said, row: Row, found: Comparison) -> str:
    term = found.concepts.labels.get(said.term, said.term)
    how = manner(said.practice)
    words = {
        Relation.SAME: "states" if said.term == row.concept else f"states, of {term}",
        Relation.NARROWER: f"states: {term}",
        Relation.BROADER: f"in broader terms: {term}",
        Relation.GENERAL: f"only in general: {term}",
    }
    return f"{words[said.relation]} ({how})" if how else words[said.relation]


def _denied(said: Said, row: Row, found: Comparison) -> str:
    words = "denies in part" if said.is_limited else "denies"
    if said.term == row.concept:
        return words
    return f"{words}: {found.concepts.labels.get(said.term, said.term)}"


def report(found: Comparison, *, everything: bool = False) -> Report:
    """Companies in numbers, then a card a row with what each company says, by action."""
    names = " and ".join(company.name for company in found.companies)
    sections = [Section("In numbers", _note(found), table=numbers(found))]
    for action in ORDER:
        cards = [
            _card(row, found) for row in shown(found, everything=everything) if row.action is action
        ]
        if cards:
            sections.append(Section(action.value.capitalize(), cards=tuple(cards)))
    return Report(f"{names} beside each other", lead(found), tuple(sections))


def lead(found: Comparison) -> str:
    """Whose policies of when were compared, and in how many rows they differ."""
    policies = "; ".join(
        f"{c.name}: "
        + (f"policies {c.how}, " if c.how else "")
        + ", ".join(f"{s.company} {s.date or 'without a date'}" for s in c.sources)
        for c in found.companies
    )
    contradicted = sum(row.difference is Difference.CONTRADICTED for row in found.rows)
    return (
        f"They differ in {len(found.differing())} of {len(found.rows)} rows; one denies what "
        f"another states in {contradicted} of these. Policies: {policies}."
    )


def numbers(found: Comparison) -> Result:
    """The summaries as a table, each number with what it is of."""
    columns = ("company", "states", "only it", "denies", "of these stated by others",
               "silent on what others state", "left out: own words", "left out: nothing named",
               "left out: what others do")  # fmt: skip
    return Result(columns, tuple(_numbers(one, len(found.rows)) for one in found.summaries))


def _numbers(one: Summary, rows: int) -> tuple[str, ...]:
    return (
        one.company.name,
        f"{one.states} of {rows}",
        f"{one.alone} of {one.states}",
        f"{one.denies} of {rows}",
        f"{one.contradicts} of {one.denies}",
        f"{one.silent} of {one.elsewhere}",
        f"{one.own_words} of {one.practices}",
        f"{one.wordless} of {one.practices}",
        f"{one.others} of {one.practices + one.others}",
    )


def in_words(found: Comparison) -> Iterator[str]:
    """The summaries, a line a company."""
    for one in found.summaries:
        yield (
            f"{one.company.name}: states {one.states} of {len(found.rows)}, {one.alone} of these "
            f"alone; denies {one.denies}, {one.contradicts} of them stated by others; silent on "
            f"{one.silent} of {one.elsewhere} that others state. Left out: {one.own_words} of its "
            f"{one.practices} statements and denials for words of its own, {one.wordless} that "
            f"name none, and {one.others} of what others do."
        )


def _note(found: Comparison) -> str:
    return (
        "Rows are practices: an action and a "
        f"{'kind of data' if found.facet == 'data' else found.facet}. What a company says in "
        "narrower terms counts as stating it; in broader terms it is not counted as silent; what "
        "is only said in general (of personal data, third parties) counts as naming nothing. "
        "Left out are statements and denials that name nothing to compare, or name it only in "
        "words of the policy's own that have no place among the concepts, and what a policy says "
        "that others do."
    )


def _card(row: Row, found: Comparison) -> Card:
    facts: list[tuple[str, str]] = []
    quotes: list[Quote] = []
    for company, cell in zip(found.companies, row.cells, strict=True):
        facts.append((company.name, _told(cell, row, found)))
        quotes.extend(_quotes(company.name, cell))
    mark = " (sensitive)" if row.is_sensitive else ""
    heading = f"{row.action.value}: {row.label}{mark}"
    return Card(heading, row.difference.value, tuple(facts), tuple(quotes))


def _quotes(name: str, cell: Cell) -> Iterator[Quote]:
    seen: set[str] = set()
    for verb, said in (("says", cell.stated), ("denies", cell.denied)):
        told = 0
        for one in said:
            most = _QUOTES if one.relation in {Relation.SAME, Relation.NARROWER} else 1
            if told < most and one.practice.sentence not in seen:
                seen.add(one.practice.sentence)
                told += 1
                yield quote(one.practice, f"{name} {verb}")


def values(found: Comparison, *, everything: bool = False) -> dict[str, Any]:
    """All as JSON can hold it: for every cell each statement with its sentence."""
    return {
        "facet": found.facet,
        "companies": [
            {
                "company": one.company.name,
                "iri": one.company.iri,
                "policies_are": one.company.how or "its own",
                "policies": [
                    {"company": s.company, "date": s.date, "snapshot": s.graph}
                    for s in one.company.sources
                ],
                **{
                    name: getattr(one, name)
                    for name in (
                        "states", "alone", "denies", "contradicts", "silent", "elsewhere",
                        "practices", "others", "wordless", "own_words",
                    )
                },
            }
            for one in found.summaries
        ],
        "row_count": len(found.rows),
        "rows": [_row_value(row, found) for row in shown(found, everything=everything)],
    }  # fmt: skip


def _row_value(row: Row, found: Comparison) -> dict[str, Any]:
    return {
        "action": row.action.value,
        found.facet: row.label,
        "iri": row.concept,
        "is_sensitive": row.is_sensitive,
        "difference": row.difference.value,
        "cells": [
            {
                "company": company.name,
                "states": cell.relation,
                "denies": ("as a whole" if cell.denies else "in part") if cell.denied else None,
                "stated": [_said_value(said, found) for said in cell.stated],
                "denied": [_said_value(said, found) for said in cell.denied],
            }
            for company, cell in zip(found.companies, row.cells, strict=True)
        ],
    }


def _said_value(said: Said, found: Comparison) -> dict[str, Any]:
    return {
        "relation": said.relation.value,
        "term": found.concepts.labels.get(said.term, said.term),
        **({"is_limited": said.is_limited} if said.practice.is_denied else {}),
        **value(said.practice, found.concepts),
    }
