"""Files to documents: layout, noise, origin, and what is turned away."""

from __future__ import annotations

import os
import socket
from datetime import date
from pathlib import Path

import pytest

from kg.documents import MAX_BYTES, read, read_lines, read_text
from kg.errors import InputError, KgError, Skipped
from kg.model import Block, BlockKind, Document

HERE = Path(__file__).parent / "documents"
POLICY = "Acme Ltd collects your personal data, as this privacy policy explains to every visitor."


def texts(document: Document, *kinds: BlockKind) -> list[str]:
    return [document.text_of(b) for b in document.blocks if b.kind in kinds]


def block(document: Document, text: str) -> Block:
    return next(b for b in document.blocks if document.text_of(b) == text)


def lead(document: Document, text: str) -> str | None:
    index = block(document, text).lead_in
    return None if index is None else document.text_of(document.blocks[index])


def above(document: Document, text: str) -> list[str]:
    return [document.text_of(document.blocks[i]) for i in block(document, text).headings]


def markdown(text: str) -> Document:
    return read_text(f"{text}\n\n{POLICY}\n", name="policy.md", kind="md")


def html(text: str) -> Document:
    return read_text(f"{text}<p>{POLICY}</p>", name="policy.html", kind="html")


def plain(text: str) -> Document:
    return read_text(f"{text}\n\n{POLICY}\n", name="policy.txt", kind="txt")


@pytest.mark.parametrize(
    ("line", "number", "words"),
    [
        ("4.2 Information about claims is kept.", "4.2", "Information about claims is kept."),
        ("7.1. Your name is kept by us.", "7.1.", "Your name is kept by us."),
        ("3) We keep “your name” for a year.", "3)", "We keep “your name” for a year."),
        ("2.3.1 “Data” means your name.", "2.3.1", "“Data” means your name."),
        ("24 Hours later we delete it.", "", "24 Hours later we delete it."),
        ("12. May 2020 was the day we began.", "", "12. May 2020 was the day we began."),
        ("2.5 million names are kept.", "", "2.5 million names are kept."),
        ("2020 Acme began to keep names.", "", "2020 Acme began to keep names."),
    ],
)
def test_section_numbers_stand_before_the_block(line: str, number: str, words: str) -> None:
    document = plain(line)
    start = block(document, words).start
    assert document.text[:start].strip() == number


def test_headings_begin_after_their_number() -> None:
    document = markdown("## 3. Your rights\n\nYou may ask us.\n\n## 4 Contact\n\nWrite to us.")
    assert above(document, "You may ask us.") == ["Your rights"]
    assert above(document, "Write to us.") == ["Contact"]  # 3 stands before it
    alone = markdown("## 3 Ways to ask\n\nYou may ask us.")
    assert above(alone, "You may ask us.") == ["3 Ways to ask"]


def test_tables_too_wide_are_text() -> None:
    row = "|" + "name|" * 5000
    document = markdown(f"{row}\n|{'-|' * 5000}\n{row}")
    assert not texts(document, BlockKind.CELL, BlockKind.HEADER)
    assert document.text.count("name") == 10_000


def test_head_of_a_newspaper_is_noise() -> None:
    document = html(
        "<table class=masthead><tr><td><a href=/>The Daily Gull</a><td>Since 1901</table>"
        "<div id=topnav><a href=/a>News</a> | <a href=/b>Sport</a> | <a href=/c>Log in</a></div>"
        "<p><b>Breaking:</b> Gulls return to the pier</p><h1>Privacy Policy</h1>"
        "<p>Version 3 | May 2020</p>"
    )
    noise = texts(document, BlockKind.NOISE)
    assert noise[0] == "The Daily Gull"
    assert {"News | Sport | Log in", "Breaking: Gulls return to the pier"} <= set(noise)
    assert "Version 3 | May 2020" not in noise


def test_quotations_keep_their_marks() -> None:
    document = html("<p>When we say <q>we</q>, we mean Ostrich Toys B.V. and nobody else.</p>")
    assert "When we say “we”, we mean" in document.text
    assert document.publisher == "Ostrich Toys B.V."


# --- HTML -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop() -> Document:
    return read(HERE / "shop.html")


def test_page_furniture_is_noise(shop: Document) -> None:
    noise = texts(shop, BlockKind.NOISE)
    assert {"Home", "Shop", "Accept", "Email", "Sign up", "Back to top"} <= set(noise)
    assert any("We use cookies to improve" in text for text in noise)
    assert "We sell data" not in shop.text
    assert "France" not in shop.text


def test_lists_have_lead_ins(shop: Document) -> None:
    assert lead(shop, "payment firms") == "We share your data with:"
    assert lead(shop, "send notices") == "carriers, who"
    assert block(shop, "send notices").level == 2
    assert lead(shop, "your e-mail address") == "We collect:"


def test_closed_accordions_are_read(shop: Document) -> None:
    assert above(shop, "We store your orders for ten years.") == ["Privacy Notice", "What we store"]
    assert above(shop, "We do not sell data of children.")[-1] == "Children"


def test_tables_keep_headers_and_rows(shop: Document) -> None:
    cell = block(shop, "Delivery")
    assert cell.kind is BlockKind.CELL
    assert cell.row == 1
    assert cell.header is not None
    assert shop.text_of(shop.blocks[cell.header]) == "Purpose"
    assert lead(shop, "Delivery") == "This table tells what we collect:"


def test_definition_lists(shop: Document) -> None:
    assert block(shop, "Contact data").kind is BlockKind.TERM
    assert lead(shop, "Your name and address.") == "Contact data"


def test_bold_line_before_a_break_is_a_heading(shop: Document) -> None:
    assert block(shop, "Contact").kind is BlockKind.HEADING
    assert above(shop, "Write to us.")[-1] == "Contact"


def test_what_the_page_says_of_itself(shop: Document) -> None:
    assert (shop.publisher, shop.updated, shop.effective) == ("Nimbus", date(2022, 5, 3), None)
    assert shop.date == date(2022, 5, 3)
    assert shop.names == ("Nimbus Shop Ltd",)
    assert shop.title == "Privacy Notice"


def test_layout_tables_are_no_tables() -> None:
    document = html(f"<table><tr><td><p>{POLICY}</p><p>We keep logs.</p></td></tr></table>")
    assert not texts(document, BlockKind.CELL)


def test_row_spans_move_columns() -> None:
    document = html(
        "<table><tr><th>Data<th>Use<th>Term</tr><tr><td rowspan=2>Name<td>Orders<td>A year</tr>"
        "<tr><td>News<td>A week</tr></table>"
    )
    header = block(document, "A week").header
    assert header is not None
    assert document.text_of(document.blocks[header]) == "Term"


def test_table_without_th_takes_its_bold_row() -> None:
    document = html(
        "<table><tr><td><b>Data</b><td><b>Use</b></tr><tr><td>Name<td>Orders</tr></table>"
    )
    assert texts(document, BlockKind.HEADER) == ["Data", "Use"]


def test_hidden_text_is_dropped() -> None:
    document = html('<p style="display:none">We sell it.</p><p hidden>We rent it.</p>')
    assert "sell" not in document.text
    assert "rent" not in document.text


def test_country_picker_is_noise_but_a_named_list_is_not() -> None:
    countries = [
        "Brazil",
        "Chile",
        "France",
        "Germany",
        "Japan",
        "Kenya",
        "Norway",
        "Peru",
        "Spain",
    ]
    picker = "<ul>" + "".join(f"<li>{c}</li>" for c in countries) + "</ul>"
    assert not texts(html(f"<p>{POLICY}</p><h2>Contact</h2>{picker}"), BlockKind.ITEM)
    kept = html(f"<p>We transfer your data to these countries:</p>{picker}")
    assert texts(kept, BlockKind.ITEM) == countries


def test_linked_items_under_a_lead_in_stay() -> None:
    document = html(
        "<p>We share your data with these firms:</p><ul><li><a href='https://a.example'>Aardvark"
        "</a></li><li><a href='https://b.example'>Bison</a></li><li><a href='https://c.example'>"
        "Camel</a></li></ul>"
    )
    assert texts(document, BlockKind.ITEM) == ["Aardvark", "Bison", "Camel"]


def test_prose_in_a_menu_region_stays() -> None:
    long = " ".join([POLICY] * 20)
    assert POLICY in " ".join(texts(html(f"<nav><p>{long}</p></nav>"), BlockKind.PARAGRAPH))


def test_text_between_inline_elements_is_not_torn() -> None:
    assert "We don't share e-mails." in html("<p>We <b>don</b>'t share e<i>-mail</i>s.</p>").text


# --- Markdown ---------------------------------------------------------------------------------


def test_markdown_structure() -> None:
    document = markdown(
        "# Policy\n\n## Sharing\n\nWe share:\n\n* names\n* ages\n\n| A | B |\n|-|-|\n| c | d |"
    )
    assert above(document, "names") == ["Policy", "Sharing"]
    assert lead(document, "ages") == "We share:"
    assert texts(document, BlockKind.HEADER) == ["A", "B"]
    assert texts(document, BlockKind.CELL) == ["c", "d"]


def test_soft_breaks_join_and_escapes_go() -> None:
    document = markdown("We keep\nyour \\*data\\*.")
    assert "We keep your *data*." in document.text


def test_details_in_markdown() -> None:
    document = markdown("<details><summary>Cookies</summary>\n\nWe set two cookies.\n\n</details>")
    assert above(document, "We set two cookies.") == ["Cookies"]


def test_archived_text_with_typed_lists() -> None:
    document = read(HERE / "archived.txt")
    assert document.publisher == "Gullwing"
    assert "Gullwing Travel GmbH" in document.names
    assert "gullwing.example" in document.names
    assert document.archived == date(2011, 2, 3)
    assert document.updated == date(2010, 11, 1)
    assert document.source_url is not None
    assert document.source_url.startswith("https://web.archive.org/web/20110203")
    assert document.url == "http://www.gullwing.example/about/privacy"
    assert document.blocks[0].kind is BlockKind.NOISE
    assert block(document, "WHO GETS YOUR DATA").kind is BlockKind.HEADING
    assert lead(document, "to the airline;") == "Gullwing passes your data on, as follows:"
    assert "Introduction" in texts(document, BlockKind.HEADING)
    assert block(document, "Introduction").kind is BlockKind.NOISE
    assert texts(document, BlockKind.NOISE).count("Return to the Top") == 2


# --- plain text -------------------------------------------------------------------------------


def test_plain_page_text_with_menus() -> None:
    document = read(HERE / "menu.txt")
    noise = texts(document, BlockKind.NOISE)
    assert noise[1:10] == [
        "Shop",
        "Speakers",
        "Turntables",
        "Cables",
        "Stands",
        "Support",
        "Find a Dealer",
        "Cart",
        "Sign In",
    ]
    assert noise[10:13] == ["What We Collect", "How We Share", "Contacting Us"]
    assert noise[13:] == ["Privacy Policy | Terms | Careers"]
    assert document.url == "http://www.plinth-audio.example/legal/privacy"
    assert (document.publisher, document.updated) == ("Plinth Audio", date(2019, 6, 9))
    assert document.title == "Plinth Audio Privacy Policy"


def test_plain_headings_and_items() -> None:
    document = read(HERE / "menu.txt")
    assert texts(document, BlockKind.HEADING) == [
        "Plinth Audio Privacy Policy",
        "WHAT WE COLLECT",
        "Data You Give Us",
        "HOW WE SHARE",
        "plinthClub Members",
        "CONTACTING US",
    ]
    assert (
        lead(document, "To send you the parcel.") == "We use your data for several things, such as:"
    )


def test_wrapped_lines_are_joined() -> None:
    document = read(HERE / "wrapped.txt")
    assert (
        "an order needs: your name, your address and, if you give it to us, your" in document.text
    )
    assert lead(document, "banks") == "We share data with:"
    assert block(document, "Questions and Answers").kind is BlockKind.HEADING
    assert texts(document, BlockKind.ITEM)[0].endswith("gave us when you ordered")


@pytest.mark.parametrize("marker", ["•", "-", "*", "a)", "(i)", "1."])
def test_markers_typed_by_hand(marker: str) -> None:
    document = plain(f"We collect:\n{marker} names\n{marker} ages")
    assert texts(document, BlockKind.ITEM) == ["names", "ages"]
    assert lead(document, "ages") == "We collect:"


def test_question_is_a_heading() -> None:
    document = plain(
        "Do you sell my data?\nWe do not sell the data of any customer, and never did."
    )
    assert texts(document, BlockKind.HEADING) == ["Do you sell my data?"]


def test_sentences_are_no_headings() -> None:
    document = plain(
        "We do not sell data.\nWe keep your orders for one year in our shop, and no longer."
    )
    assert not texts(document, BlockKind.HEADING)


# --- lines ------------------------------------------------------------------------------------


def test_lines_are_left_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes("We collect  data .\n\n\u2028 x \r\nlast".encode())
    documents = list(read_lines(path))
    assert [d.text for d in documents] == ["We collect  data .", "", "\u2028 x \r", "last"]
    assert documents[0].blocks == (Block(BlockKind.PARAGRAPH, 0, 18),)
    assert documents[1].blocks == ()
    assert {d.name for d in documents} == {"lines.txt"}


# --- bad input --------------------------------------------------------------------------------


def bad(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


def skipped(text: str, kind: str = "md") -> str:
    with pytest.raises(Skipped) as caught:
        read_text(text, name="x.md", kind=kind)  # type: ignore[arg-type]
    return str(caught.value)


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    assert "no such file" in bad(tmp_path / "none.md")
    (tmp_path / "folder.md").mkdir()
    assert "is a folder" in bad(tmp_path / "folder.md")
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no regular file" in bad(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "s.txt"))
        assert "s.txt" in bad(tmp_path / "s.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.md"
    path.write_text(POLICY)
    path.chmod(0)
    assert "no permission" in bad(path)


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\0\0\0", b"privacy\0data", bytes(range(1, 32)) * 20, b"\xff\xfea\0\0\xd8b"],
    ids=["image", "nul", "controls", "utf-16"],
)
def test_binary(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(data)
    assert bad(path).startswith("x.md: ")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"], ids=lambda name: name
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(f"{POLICY} We don’t sell café data.".encode(encoding))
    assert "We don’t sell café data." in read(path).text


def test_charset_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    page = f"<meta charset=iso-8859-15><p>{POLICY} It costs 5 €, dear café.</p>"
    path.write_bytes(page.encode("iso-8859-15"))
    assert "5 €, dear café" in read(path).text


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(Skipped, match=r"large\.txt: too large"):
        read(path)
    with pytest.raises(Skipped, match="too large"):
        read_text("word " * 1_000_001, name="x", kind="txt")


@pytest.mark.parametrize("text", ["", " \n\t", "* * *", "<!-- nothing -->", "\ufeff"])
def test_empty(text: str) -> None:
    assert "empty" in skipped(text)


def test_other_languages() -> None:
    french = "Nous recueillons vos données personnelles lorsque vous utilisez notre site. " * 5
    german = "Wir erheben Ihre personenbezogenen Daten, wenn Sie unsere Website besuchen. " * 5
    assert "'fr'" in skipped(french)
    assert "'de'" in skipped(german)
    mixed = "\n\n".join([POLICY] * 5 + [french[:90]])
    assert read_text(mixed, name="x", kind="md").language == "en"


def test_translations_below_the_text_are_noise() -> None:
    french = "Nous recueillons vos données personnelles lorsque vous utilisez notre site marchand."
    document = read_text("\n\n".join([POLICY] * 12 + [french] * 8), name="x", kind="md")
    assert set(texts(document, BlockKind.PARAGRAPH)) == {POLICY}
    assert set(texts(document, BlockKind.NOISE)) == {french}


def test_no_policy() -> None:
    recipe = "Beat two eggs with the sugar. Add the flour and bake the cake for forty minutes. " * 4
    assert "no privacy policy" in skipped(recipe)
    assert read_text("We do not collect personal data.", name="x", kind="md").text


def test_names_are_shown_safely() -> None:
    with pytest.raises(Skipped) as caught:
        read_text("", name="a\n\x1b[31m.md", kind="md")
    assert str(caught.value).startswith("a\\n\\x1b[31m.md: ")


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + f"<p>{POLICY}</p>" + "</div>" * 10_000,
        "<ul><li>" * 3000 + POLICY,
        f"<p>{POLICY * 20_000}</p>",
        "<table><tr>" + "<td rowspan=9999 colspan=9999>data" * 500 + f"</table><p>{POLICY}</p>",
    ],
    ids=["nested", "lists", "one line", "spans"],
)
def test_monstrous_pages(page: str) -> None:
    try:
        document = read_text(page, name="x", kind="html")
    except KgError:
        return
    assert POLICY in document.text


@pytest.mark.parametrize(
    "junk", ['Acme ("we" ', "Aa.Aa", "1/2/", "May 1, ", "a-b.", "Acme & ", "**a* ", "[a](", "a@"]
)
def test_no_pattern_runs_away(junk: str) -> None:
    # Regular expressions that backtrack would take minutes here, not a second.
    text = f"{POLICY} " * 20 + junk * (60_000 // len(junk)) + f"\n\n{POLICY}" * 20
    assert read_text(text, name="x", kind="md").blocks
