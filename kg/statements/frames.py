"""A stated action and what the grammar gives it: the value that leaves the verb rooms.

"We share your name with vendors" has one frame: trigger *share*, subject *We*, object *name*.
What stands in its complements ("with vendors") is added by :mod:`kg.statements.complements`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Action

#: What gives data to somebody.
SHARING = frozenset({Action.SHARE, Action.SELL, Action.TRANSFER})


@dataclass(frozen=True, slots=True)
class Frame:
    """A stated action and its arguments, as token indexes.

    Attributes:
        trigger: the word that states it.
        verbs: the verbs that carry its polarity and modality, nearest first.
        anchors: the verbs whose complements fill its other roles, its own first.
        subject: head of the phrase that acts; ``None`` when nobody is named.
        objects: heads of the data phrases, each with its list.
        recipients: heads that the grammar gives outright (datives).
        sources: likewise ("you" in "you provide").
        from_user: the user hands the data over.
        consented: stands under "you consent to".
        nested: inside another frame's purpose.
        tagged: opened by the tagger; no rule of the parse sees it.
        implied: no word states it, as in an item that only names data; the trigger is its head.
    """

    trigger: int
    action: Action
    verbs: tuple[int, ...]
    anchors: tuple[int, ...]
    subject: int | None = None
    objects: tuple[int, ...] = ()
    recipients: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    from_user: bool = False
    consented: int | None = None
    nested: bool = False
    tagged: bool = False
    implied: bool = False
