"""Document -> substance: what two copies of a policy have in common when only the page changed."""

from __future__ import annotations

import re
from hashlib import blake2b

from kg.model import BlockKind, Document

from .dates import DATE

_WORD = re.compile(r"\w+")
#: A block with a date and no more words beside it only says when the policy was changed.
_FEW_WORDS = 14
_LEFT_OUT = {BlockKind.HEADING, BlockKind.NOISE, BlockKind.HEADER}


def substance(document: Document) -> str:
    """Hash of the words of a policy, and of who speaks.

    Headings, menus, links, marks, layout and the date of the last change make no difference.
    """
    hashed = blake2b((document.publisher or "").encode("utf-8", "surrogatepass"), digest_size=8)
    for block in document.blocks:
        if block.kind in _LEFT_OUT:
            continue
        words = _WORD.findall(document.text_of(block).casefold())
        if len(words) <= _FEW_WORDS:
            words = _WORD.findall(DATE.sub(" ", document.text_of(block)).casefold())
        hashed.update(" ".join(words).encode("utf-8", "surrogatepass"))
        hashed.update(b"\n")
    return hashed.hexdigest()
