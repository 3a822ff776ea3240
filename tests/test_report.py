"""Reports: what stands in them, and that texts of policies stay texts."""

from __future__ import annotations

from html.parser import HTMLParser

from kg.model import Result
from kg.views.report import Card, Quote, Report, Section, to_html, to_markdown

HOSTILE = '<script>alert(1)</script> "quoted" | `code` \x1b[31m {{style}}'
REPORT = Report(
    HOSTILE,
    HOSTILE,
    (
        Section(
            HOSTILE,
            HOSTILE,
            (Card(HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), (Quote(HOSTILE, HOSTILE, HOSTILE),)),),
            Result((HOSTILE,), ((HOSTILE,), (None,), (3,))),
        ),
    ),
)


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_report_shows_its_cards_and_rows() -> None:
    report = Report(
        "Changes",
        "One.",
        (
            Section(
                "Added",
                cards=(
                    Card(
                        "Acme shares",
                        "new",
                        (("data", "name"),),
                        (Quote("2020", "We share.", "a.md"),),
                    ),
                ),
                table=Result(("who", "count"), (("Acme", 2),)),
            ),
        ),
    )
    assert to_markdown(report) == (
        "# Changes\n\nOne.\n\n## Added\n\n### Acme shares (new)\n\n- data: name\n\n"
        "> 2020: “We share.” (a.md)\n\n| who | count |\n| --- | --- |\n| Acme | 2 |\n"
    )
    seen = _Texts()
    seen.feed(to_html(report))
    texts = " ".join(" ".join(seen.texts).split())
    assert "Acme shares new data name 2020: “We share.” a.md who count Acme 2" in texts


def test_hostile_text_stays_text() -> None:
    seen = _Texts()
    page = to_html(REPORT)
    seen.feed(page)
    assert "script" not in seen.tags
    assert sum("<script>" in text for text in seen.texts) > 10
    assert "\x1b" not in page
    assert "{{style}}" in page  # a placeholder in a text is no placeholder
    assert "<script>" not in to_markdown(REPORT)


def test_a_report_loads_nothing() -> None:
    page = to_html(REPORT)
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert "http" not in page.replace("http-equiv", "")
