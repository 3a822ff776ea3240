"""Real policies, where they lie beside the project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.documents import find, read
from kg.errors import KgError, Skipped
from kg.model import BlockKind, Document

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/corpus")


@needs_corpus
@pytest.mark.parametrize(
    ("number", "publisher", "day", "archived"),
    [
        ("000", "inMusic", date(2012, 7, 5), date(2013, 5, 20)),
        ("001", "inMusic", date(2020, 8, 17), None),
        ("002", "inMusic", date(2018, 5, 24), date(2018, 10, 2)),
        ("003", "IK Multimedia US, LLC", date(2016, 10, 1), date(2017, 12, 16)),
        ("004", "ActiveMusician", date(2014, 6, 29), date(2014, 6, 29)),
    ],
)
def test_seeds(number: str, publisher: str, day: date, archived: date | None) -> None:
    (path,) = (SHARED / "seeds").glob(f"{number}_*.txt")
    document = read(path)
    assert (document.publisher, document.date, document.archived) == (publisher, day, archived)
    assert (document.source_url is not None) == (archived is not None)
    assert document.blocks[0].kind is BlockKind.NOISE
    assert any(block.kind is BlockKind.HEADING for block in document.blocks)


@pytest.fixture(scope="module")
def services() -> dict[str, Document | KgError]:
    """Every service's policy as read without its declared name, or why it was not."""
    found: dict[str, Document | KgError] = {}
    for source in find([SHARED / "ota"]):
        assert source.declared is not None
        assert source.declared.publisher == source.path.parent.name
        try:
            found[source.path.parent.name] = read(source.path, name=source.name)
        except KgError as error:
            found[source.path.parent.name] = error
    return found


@needs_corpus
def test_services_are_read_or_skipped(services: dict[str, Document | KgError]) -> None:
    assert len(services) == 170
    skipped = {name: error for name, error in services.items() if isinstance(error, KgError)}
    assert all(isinstance(error, Skipped) for error in skipped.values())
    assert len(skipped) <= 8
    assert {"Orange", "Tchap", "Rakuten"} <= set(skipped)
    assert all("not English" in str(skipped[name]) for name in ("Orange", "Tchap", "Rakuten"))


@needs_corpus
def test_services_have_exact_offsets(services: dict[str, Document | KgError]) -> None:
    blocks = 0
    for document in services.values():
        if isinstance(document, KgError):
            continue
        end = -1
        for block in document.blocks:
            text = document.text_of(block)
            assert block.start > end
            assert text == text.strip() != ""
            end = block.end
            blocks += 1
    assert blocks > 20_000


@needs_corpus
def test_services_lose_no_prose(services: dict[str, Document | KgError]) -> None:
    for name, document in services.items():
        if isinstance(document, KgError) or name == "hi5":  # the same in eleven languages
            continue
        lost = [
            document.text_of(block)
            for block in document.blocks
            if block.kind is BlockKind.NOISE and len(document.text_of(block).split()) > 45
        ]
        assert not lost, name


@needs_corpus
def test_services_have_publishers_and_dates(services: dict[str, Document | KgError]) -> None:
    read_ones = [document for document in services.values() if isinstance(document, Document)]
    assert sum(document.publisher is not None for document in read_ones) >= 0.88 * len(read_ones)
    assert sum(document.date is not None for document in read_ones) >= 0.74 * len(read_ones)
