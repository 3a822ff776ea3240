"""Case files -> documents: a sentence with the headings, lead-in or table that it stands in."""

from __future__ import annotations

from typing import Any

from kg.model import Block, BlockKind, Document


def document(case: dict[str, Any]) -> tuple[Document, int]:
    """The document of a case, and where its sentence begins."""
    publisher = case.get("publisher", "Acme")
    text = ""
    blocks: list[Block] = []

    def add(kind: BlockKind, piece: str, **place: Any) -> int:
        nonlocal text
        text += "\n\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(piece), **place))
        text += piece
        return len(blocks) - 1

    heads = tuple(add(BlockKind.HEADING, h, level=2) for h in case.get("headings", ()))
    if "before" in case:
        above = add(BlockKind.PARAGRAPH, case["before"], headings=heads)
        for item in case.get("items", ()):  # a list that "before" introduces
            add(BlockKind.ITEM, item, level=1, headings=heads, lead_in=above)
    if "new_heading" in case:
        heads = (add(BlockKind.HEADING, case["new_heading"], level=2),)
    if "lead_in" in case:
        lead = add(BlockKind.PARAGRAPH, case["lead_in"], headings=heads)
        add(BlockKind.ITEM, case["sentence"], level=1, headings=heads, lead_in=lead)
    elif "header" in case:
        header = add(BlockKind.HEADER, case["header"], row=0, headings=heads)
        for cell in case.get("row", ()):  # the cells before it
            add(BlockKind.CELL, cell, row=1, headings=heads)
        add(BlockKind.CELL, case["sentence"], header=header, row=1, headings=heads)
    else:
        add(BlockKind.PARAGRAPH, case["sentence"], headings=heads)
    return Document("case", text, tuple(blocks), publisher, (publisher,)), blocks[-1].start
