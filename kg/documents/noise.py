"""Menus, banners, forms and page furniture become noise; what may be policy text never does.

Losing a section costs more than keeping a menu, so every rule asks for a reason to call a
piece noise, and none applies to whole sentences outside a region that markup calls a menu,
a form or a banner.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from kg.model import BlockKind

from .pieces import Piece, Region, count_words, ends_sentence

#: Words of whole sentences from which a region is no menu, whatever its markup says.
_PROSE_LIMIT = {
    "menu": 150,
    "footer": 120,
    "header": 40,
    "aside": 25,
    "form": 60,
    "banner": 250,
    "class": 60,
    "button": 15,
}
_SHORT = 7  # words of a menu entry, at most
_RUN = 5  # menu entries in a row, at least

_FURNITURE = re.compile(
    r"""(?:
    (?:click\ here\ to\ )?(?:return|back|go\ back|jump|scroll|go)\ to\ (?:the\ )?(?:
        top|home|start|content|main\ (?:content|page)|homepage|contents|table\ of\ contents|
        index)(?:\ of\ (?:the\ )?page)?
    | (?:↑|\^)?\ ?(?:top(?:\ of\ (?:the\ )?page)?|back|home|menu|close|search|share|print|
        print\ this\ page|next|previous|more|less|open|show\ more|show\ less|read\ more|see\ more|
        learn\ more|expand(?:\ all)?|collapse(?:\ all)?|loading|copy\ link|copy|edit|save|cancel|
        submit|ok|got\ it|continue|skip|subscribe|follow\ us|navigation|toggle\ navigation|
        main\ navigation|breadcrumb|language|english|change\ language|select\ (?:a\ |your\ )?
        (?:country|language|region)|contents|table\ of\ contents|on\ this\ page|in\ this\ article|
        quick\ links|related\ (?:links|articles|pages)|advertisement|cart|account|my\ account)
    | skip\ (?:to|navigation)\b.{0,40}
    | (?:sign|log)\ ?(?:in|up|out)(?:\ (?:with|using|to|for|via|or)\b.{0,40})?
    | (?:create|open)\ (?:an\ |your\ )?account | register | join(?:\ (?:now|us|free))?
    | (?:continue|sign\ up|log\ in)\ with\ (?:google|facebook|apple|email|twitter|x)
    | (?:accept|reject|allow|decline|deny)(?:\ all)?(?:\ (?:cookies|all))?
    | (?:manage|cookie)\ (?:cookies|preferences|settings|consent)
    | download\ (?:a\ |the\ |as\ |our\ )?(?:pdf|printable|app|copy)\b.{0,40} | printable\ version
    | view\ (?:as\ )?(?:pdf|printable\ version|archived?\ versions?)
    | was\ this\ (?:page|article|information)\ (?:helpful|useful)\??  | yes | no | feedback
    | page\ \d+(?:\ of\ \d+)? | \d+\ min(?:ute)?s?\ read
    | breaking(?:\ news)?\s?:\ .{1,160}
    | (?:all|alle)\ rights\ reserved
    )[\s.!:>»→›↑^|]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_FIELD = re.compile(
    r"(?:(?:your\ )?(?:first|last|full|user|company)?\s*name|surname|e-?mail(?:\ address)?|"
    r"(?:confirm\ |forgot\ )?(?:your\ )?password\??|phone(?:\ number)?|country(?:\ code)?|"
    r"city|zip(?:\ code)?|"
    r"postal\ code|birthday|date\ of\ birth|gender|message|username|remember\ me|state|address|"
    r"month|day|year|male|female)\s*\*?\Z",
    re.IGNORECASE | re.VERBOSE,
)
_COPYRIGHT = re.compile(
    r"\A\W*(?:(?:©|\(c\)|copyright\b).{0,160}|.{0,120}all rights reserved\W*)\Z",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\b(?:privacy|data protection|personal (?:data|information))\b", re.IGNORECASE
)
_DATED = re.compile(
    r"\b(?:updated?|effective|modified|revised|version|revision|amended|in force|published|"
    r"changed?|reviewed|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_TOPICS = re.compile(
    r"contents|topics|sections?\b|navigate|jump|quick links|on this page|in this (?:policy|notice)|"
    r"policy (?:covers|explains|describes)|index|following (?:areas|headings|links)|find out|learn",
    re.IGNORECASE,
)
_PROTECTED = frozenset((BlockKind.HEADER, BlockKind.CELL, BlockKind.TERM, BlockKind.DEFINITION))
_NUMBERING = re.compile(
    r"^(?:section|article|part)?\s*[\divx]{0,4}(?:\.\d+)*[.):]?\s+", re.IGNORECASE
)
_PICKER_ENTRY = re.compile(r"[\s()+\d-]+$")


def mark(pieces: list[Piece]) -> None:
    """Turn pieces that are no part of the policy into noise, in place."""
    _mark_regions(pieces)
    _mark_outside_main(pieces)
    for piece in pieces:
        if piece.kind not in _PROTECTED and _is_furniture(piece):
            piece.kind = BlockKind.NOISE
    _mark_contents(pieces)
    _mark_links(pieces)
    _mark_before_start(pieces)
    _mark_pickers(pieces)
    _mark_tail(pieces)


def is_title(text: str) -> bool:
    """Whether it names the policy: "Acme Privacy Notice"."""
    return count_words(text) <= 14 and _POLICY.search(text) is not None


def _mark_regions(pieces: list[Piece]) -> None:
    verdicts: dict[int, bool] = {}
    for piece in pieces:
        region: Region | None = piece.region
        while region is not None and piece.kind is not BlockKind.NOISE:
            verdict = verdicts.setdefault(
                id(region), region.prose_words < _PROSE_LIMIT[region.kind]
            )
            if verdict and not _survives(piece, region.kind):
                piece.kind = BlockKind.NOISE
            region = region.parent


def _survives(piece: Piece, region: str) -> bool:
    """Text that stays although it stands in a menu, header or footer."""
    text = piece.text
    if region in ("header", "class", "aside"):
        if piece.kind is BlockKind.HEADING and piece.rank <= 2:
            return True
        if piece.link_share < 0.5 and (is_title(text) or _DATED.search(text)):
            return count_words(text) <= 14
    return region in ("class", "aside", "footer") and count_words(text) >= 25 and piece.is_prose


def _mark_outside_main(pieces: list[Piece]) -> None:
    """When most sentences stand in main or article, short pieces outside it are furniture."""
    prose = [piece for piece in pieces if piece.is_prose]
    inside = sum(1 for piece in prose if piece.is_main)
    if not prose or inside == len(pieces) or inside < 0.6 * len(prose):
        return
    for piece in pieces:
        if piece.is_main or piece.is_prose or piece.kind in _PROTECTED:
            continue
        if not (is_title(piece.text) or _DATED.search(piece.text)) or piece.link_share > 0.5:
            piece.kind = BlockKind.NOISE


def _is_furniture(piece: Piece) -> bool:
    if piece.kind is BlockKind.NOISE or len(piece.lines) > 3:
        return False
    text = piece.text.strip()
    if not any(character.isalnum() for character in text):
        return True  # an arrow, a row of dots
    if piece.kind is BlockKind.ITEM and piece.lead is not None and piece.lead.text.endswith(":"):
        return False
    return _FURNITURE.match(text) is not None or _is_bar(piece)


def _is_bar(piece: Piece) -> bool:
    """A menu in one line: "Home | News | Contact"."""
    if piece.kind is BlockKind.HEADING or "|" not in piece.text:
        return False
    return any(
        len(entries) >= (3 if piece.link_share > 0.5 else 4)
        and all(1 <= count_words(entry) <= 4 and "@" not in entry for entry in entries)
        and not ends_sentence(line.text)
        and not _DATED.search(line.text)
        for line in piece.lines
        for entries in (line.text.split("|"),)
    )


def _key(text: str) -> str:
    """A heading's words, to compare it with an entry of the table of contents."""
    plain = _NUMBERING.sub("", text.casefold() + " ").strip()
    return " ".join(re.findall(r"\w+", plain))


def _mark_contents(pieces: list[Piece]) -> None:
    """Tables of contents: entries that repeat the headings further down."""
    headings = {  # the last one of each wording
        _key(piece.text): index
        for index, piece in enumerate(pieces)
        if piece.kind is BlockKind.HEADING
    }
    run: list[int] = []
    for index, piece in enumerate([*pieces, None]):
        if piece is not None and _is_entry(piece, headings, index):
            run.append(index)
            continue
        if (
            piece is not None
            and run
            and (piece.kind is BlockKind.NOISE or _is_gap(pieces, index, headings))
        ):
            continue
        hits = sum(1 for i in run if headings.get(_key(pieces[i].text), -1) > i)
        if len(run) >= 3 and hits >= 0.6 * len(run):
            for i in range(run[0], run[-1] + 1):
                if pieces[i].kind not in _PROTECTED and count_words(pieces[i].text) <= 20:
                    pieces[i].kind = BlockKind.NOISE
        run = []


def _is_entry(piece: Piece, headings: dict[str, int], index: int) -> bool:
    if piece.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH, BlockKind.HEADING):
        return False
    if headings.get(_key(piece.text), -1) > index:
        return True
    return piece.link_share > 0.8 and sum(line.inner for line in piece.lines) > 0


def _is_gap(pieces: list[Piece], index: int, headings: dict[str, int]) -> bool:
    """One entry whose heading is worded otherwise, amid a table of contents."""
    piece = pieces[index]
    return (
        piece.kind in (BlockKind.ITEM, BlockKind.PARAGRAPH)
        and count_words(piece.text) <= 14
        and not ends_sentence(piece.text)
        and any(
            _is_entry(p, headings, index + 1 + n)
            for n, p in enumerate(pieces[index + 1 : index + 3])
        )
    )


def _mark_links(pieces: list[Piece]) -> None:
    """Runs of links: menus, and lists of anchors into the page."""
    run: list[Piece] = []
    for piece in [*pieces, None]:
        if (
            piece is not None
            and piece.kind not in _PROTECTED
            and (piece.kind is BlockKind.NOISE or (piece.link_share > 0.8 and not piece.is_prose))
        ):
            run.append(piece)
            continue
        linked = [p for p in run if p.kind is not BlockKind.NOISE]
        anchors = sum(1 for p in linked if any(line.inner for line in p.lines))
        for entry in linked:
            lead = entry.lead.text if entry.lead is not None else ""
            is_listed = lead.endswith(":") and not _TOPICS.search(lead[-80:])
            is_alone = len(run) < 3 and entry.kind is not BlockKind.NOISE and not anchors
            if is_listed or is_alone or (is_title(entry.text) and entry.kind is BlockKind.HEADING):
                continue
            if entry.kind is BlockKind.HEADING and not anchors:
                continue
            entry.kind = BlockKind.NOISE
        run = []


def _mark_before_start(pieces: list[Piece]) -> None:
    """Short lines before the policy begins: a product menu, a sign-up form."""
    start = next(
        (i for i, p in enumerate(pieces) if p.is_prose and p.kind is not BlockKind.NOISE), None
    )
    if start is None:
        return
    # The title and dates right above the first sentence belong to the policy.
    run: list[Piece] = []
    for piece in pieces[:start]:
        if piece.kind is BlockKind.NOISE or _is_menu_entry(piece):
            run.append(piece)
        else:
            _close_menu(run)
            run = []
    while run and run[-1].kind is BlockKind.HEADING:
        run.pop()  # it stands over the first sentence
    _close_menu(run)


def _close_menu(run: list[Piece]) -> None:
    if len(run) >= _RUN:
        for piece in run:
            piece.kind = BlockKind.NOISE


def _is_menu_entry(piece: Piece) -> bool:
    text = piece.text
    if piece.kind in _PROTECTED or count_words(text) > _SHORT or text.endswith((":", "?")):
        return False
    if piece.kind is BlockKind.HEADING and piece.rank <= 6:
        return False
    if piece.lead is not None and piece.lead.text.endswith(":"):
        return False
    if is_title(text) and piece.link_share < 0.5 and text.strip().casefold() != "privacy":
        return False
    return not (ends_sentence(text) and count_words(text) > 4) and not _DATED.search(text)


def _mark_pickers(pieces: list[Piece]) -> None:
    """Lists of countries or languages to choose from, and the fields of a form, anywhere."""
    _mark_runs(pieces, 8, lambda piece: _is_country(piece.text))
    _mark_runs(pieces, 3, lambda piece: _FIELD.match(piece.text.strip()) is not None)
    for piece in pieces:
        if piece.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and _is_country_row(piece.text):
            piece.kind = BlockKind.NOISE


def _mark_runs(pieces: list[Piece], least: int, fits: Callable[[Piece], bool]) -> None:
    run: list[Piece] = []
    for piece in [*pieces, None]:
        if (
            piece is not None
            and piece.kind not in _PROTECTED
            and (piece.kind is BlockKind.NOISE or (count_words(piece.text) <= 8 and fits(piece)))
        ):
            run.append(piece)
            continue
        entries = [p for p in run if p.kind is not BlockKind.NOISE]
        if len(entries) >= least and not any(
            p.lead is not None and p.lead.kind is not BlockKind.NOISE for p in entries
        ):
            for entry in entries:
                entry.kind = BlockKind.NOISE
        run = []


def _is_country(text: str) -> bool:
    return _PICKER_ENTRY.sub("", text).strip(" *").casefold() in _countries()


def _is_country_row(text: str) -> bool:
    """All countries with their dialling codes, run together in one line."""
    return len(re.findall(r"[^\W\d]\s?\(?\+\d{1,3}(?:\b|(?=[A-Z]))", text[:3000])) >= 10


@cache
def _countries() -> frozenset[str]:
    import pycountry  # noqa: PLC0415

    names: set[str] = set()
    for country in pycountry.countries:
        names.add(country.name.casefold())
        names.add(country.name.split(",")[0].casefold())
        if hasattr(country, "common_name"):
            names.add(country.common_name.casefold())
    names.update(("uk", "usa", "russia", "south korea", "turkey", "vietnam", "macau", "hong kong"))
    return frozenset(names)


def _mark_tail(pieces: list[Piece]) -> None:
    """What follows the last sentence of the policy: footer links, copyright, social media."""
    last = max((i for i, p in enumerate(pieces) if p.is_prose), default=-1)
    run: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.kind in _PROTECTED or piece.kind is BlockKind.NOISE:
            continue
        text = piece.text
        if _COPYRIGHT.match(text) and count_words(text) <= 25 and index > last - 3:
            piece.kind = BlockKind.NOISE
        elif index > last:
            is_footer = (
                piece.link_share > 0.8
                or (" | " in text and not ends_sentence(text))
                or _is_menu_entry(piece)
            )
            if is_footer and piece.lead is None and not re.search(r"[@\d]", text):
                run.append(piece)
    if len(run) >= _RUN:
        for piece in run:
            if piece.kind is not BlockKind.HEADING:
                piece.kind = BlockKind.NOISE
    for piece in run:
        if piece.link_share > 0.8 or " | " in piece.text:
            piece.kind = BlockKind.NOISE
