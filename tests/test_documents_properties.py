"""What holds for every input."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.documents import read, read_lines, read_text
from kg.errors import KgError
from kg.model import BlockKind, Document

POLICY = "Acme Ltd collects your personal data, as this privacy policy explains to every visitor."
FRAGMENTS = st.sampled_from(
    [
        POLICY,
        "We share:",
        "• names",
        "a) ages",
        "1. Contact",
        "**2\\. Rights**",
        "# Sharing",
        "CHILDREN",
        "Last updated: 1 May 2020",
        "| a | b |\n|---|---|\n| c | d |",
        "<details><summary>More</summary><p>x</p></details>",
        "<ul><li>a<ul><li>b</ul></ul>",
        "<table><tr><th>a<td>b<tr><td rowspan=2>c<td>d</table>",
        "<dl><dt>a<dd>b</dl>",
        "<nav>menu</nav>",
        "x<br>y<br><br>z",
        '<p style="display:none">hidden',
        "[Home](/)",
        "Back to top",
        "© 2020 Acme",
        "\u200bzero\u00adwidth\u2028line\x0b",
        "---",
        "</div></p>",
    ]
)
PAGES = st.lists(FRAGMENTS | st.text(max_size=20), max_size=25).map("\n\n".join)


def check(document: Document) -> None:
    end = -1
    for index, block in enumerate(document.blocks):
        assert block.start > end, "blocks are in order and disjoint"
        end = block.end
        text = document.text_of(block)
        assert text == text.strip() != ""
        assert all(
            document.blocks[i].kind in (BlockKind.HEADING, BlockKind.NOISE) for i in block.headings
        )
        assert all(i < index for i in block.headings)
        for pointer in (block.lead_in, block.header):
            assert pointer is None or 0 <= pointer < index
    assert end == (len(document.text) if document.blocks else -1)
    between = 0
    for block in document.blocks:
        # Only blank lines and markers typed by hand stand outside the blocks.
        assert len(document.text[between : block.start].strip()) <= 12
        between = block.end


@pytest.mark.parametrize("kind", ["md", "html", "txt"])
def test_offsets_of_any_page(kind: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(PAGES)
    def run(text: str) -> None:
        try:
            document = read_text(f"{POLICY}\n\n{text}", name="x", kind=kind)  # type: ignore[arg-type]
        except KgError:
            return
        check(document)
        again = read_text(f"{POLICY}\n\n{text}", name="x", kind=kind)  # type: ignore[arg-type]
        assert again == document

    run()


@pytest.mark.parametrize("suffix", [".md", ".html", ".txt", ".pdf"])
def test_any_bytes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.binary(max_size=300),
        st.sampled_from([b"", b"%PDF-1.4\n", b"\xff\xfe", b"<html>", b"---\n"]),
    )
    def run(data: bytes, head: bytes) -> None:
        path.write_bytes(head + data)
        try:
            check(read(path))
        except KgError as error:
            assert path.name in str(error)
        with suppress(KgError):
            assert all("\n" not in line.text for line in read_lines(path))

    run()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc de.,;:!? ", min_size=1, max_size=60), max_size=15))
def test_words_and_their_order_stay(lines: list[str]) -> None:
    source = "\n\n".join([POLICY, *lines])
    try:
        document = read_text(source, name="x", kind="txt")
    except KgError:
        return
    assert document.text.split() == [
        word for word in source.split() if word in document.text.split()
    ]
