"""Who speaks, and since when."""

from __future__ import annotations

from datetime import date

import pytest

from kg.documents.dates import Dates, find_dates
from kg.documents.publisher import find_names, find_publisher


@pytest.mark.parametrize(
    ("line", "effective", "updated"),
    [
        ("Last Updated: 5 July 2012", None, date(2012, 7, 5)),
        ("last updated October 2016", None, date(2016, 10, 1)),
        ("Effective: January 1, 2024", date(2024, 1, 1), None),
        ("Effective as of 25/05/2018", date(2018, 5, 25), None),
        ("Version 3, 2023-02-01", None, date(2023, 2, 1)),
        ("This policy was last modified on March 3rd, 2021.", None, date(2021, 3, 3)),
        ("Last modified: 2020.12.07", None, date(2020, 12, 7)),
        ("(Last update 19.01.2023)", None, date(2023, 1, 19)),
        ("Last Updated and Effective: 01 April 2022", date(2022, 4, 1), date(2022, 4, 1)),
        (
            "Valid from 7th of May 2020, updated July 13th, 2026.",
            date(2020, 5, 7),
            date(2026, 7, 13),
        ),
        ("Effective May 2, 2022. Last updated April 1, 2022", date(2022, 5, 2), date(2022, 4, 1)),
        ("Last update: 04 - 2021.", None, date(2021, 4, 1)),
        ("Last revised APRIL-2024", None, date(2024, 4, 1)),
        ("September 11, 2025", None, date(2025, 9, 11)),
        ("Updated Sept. 3, 2019", None, date(2019, 9, 3)),
        ("Revised July 1, 2026 (see the previous version)", None, date(2026, 7, 1)),
        ("Ostrich Bikes, February 2024, version 1.2", None, date(2024, 2, 1)),
        ("Status: April 16, 2025", None, date(2025, 4, 16)),
        ("Under the Records Act of 1974 we answer your letters.", None, None),
        ("We kept logs until 31 December 2019 and deleted them.", None, None),
        ("See the policy effective before 2020-04-07.", None, None),
        ("Founded in May 2003 in Oslo, we make chairs.", None, None),
        ("Last updated: 31 February 2020", None, None),
        ("Last updated: 99/99/2020", None, None),
    ],
)
def test_dates(line: str, effective: date | None, updated: date | None) -> None:
    assert find_dates(["Privacy Policy", line, "We collect data."]) == Dates(effective, updated)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("We value your privacy.", date(2020, 3, 4)),
        ("Our organisation will honour and favour your programme.", date(2020, 4, 3)),
        ("Orders until 25/12/2019 are kept.", date(2020, 4, 3)),
        ("Orders until 12/25/2019 are kept.", date(2020, 3, 4)),
    ],
)
def test_order_of_day_and_month(other: str, expected: date) -> None:
    assert find_dates(["Updated: 03/04/2020", other]).updated == expected


def test_dots_begin_with_the_day() -> None:
    assert find_dates(["Updated: 03.04.2020"]).updated == date(2020, 4, 3)


def test_date_in_the_line_after_its_cue() -> None:
    assert find_dates(["Last updated:", "4 May 2020", "We collect data."]).updated == date(
        2020, 5, 4
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['Ostrich Ltd ("Ostrich", "we", "us") runs this site.', "Ostrich keeps logs."], "Ostrich"),
        (["Ostrich has created this Privacy Policy for you.", "Ostrich may keep logs."], "Ostrich"),
        (["This privacy policy describes how Ostrich Ltd collects data."], "Ostrich Ltd"),
        (["At Ostrich, we care about your privacy.", "Ostrich uses cookies."], "Ostrich"),
        (
            [
                "The PRIVACY POLICY applied by Ostrich US, LLC is below.",
                "Ostrich US, LLC keeps logs.",
                "Ostrich US, LLC never sells data.",
                "Write to Ostrich US, LLC.",
            ],
            "Ostrich US, LLC",
        ),
        (["The data controller is Ostrich GmbH.", "Write to us."], "Ostrich GmbH"),
        (["We, Ostrich Corporation (“we,” “us,” or “our”), collect data."], "Ostrich Corporation"),
        (['When we say "we" or "us", we mean Ostrich Inc. and nobody else.'], "Ostrich Inc."),
        (["ostrich S.A. (“Ostrich”, “we”, or “us”) keeps logs.", "Ostrich sells eggs."], "Ostrich"),
        (["Ostrich (officially, Os Trich, Inc.) has been alone since 2008."], "Ostrich"),
        (["Ostrich is now part of the Ratite Group."], "Ostrich"),
        (
            ["Our current version is always found at the address ostrich.com/privacy."],
            "ostrich.com",
        ),
        (["See Emu's notice, which is available at emu.com/privacy."], None),
        (["We use cookies.", "We use a third party for payments."], None),
        (
            ["We use Google Analytics. Google may set cookies.", "See Google's privacy policy."],
            None,
        ),
    ],
)
def test_publisher(lines: list[str], expected: str | None) -> None:
    found = find_publisher(lines)
    assert (found.name if found else None) == expected


def test_publisher_of_a_title_wins_over_a_brand() -> None:
    found = find_publisher(
        ["ozMakers has created this policy.", "OzMakers keeps logs.", "Penguin is a brand."],
        headings=["Penguin", "ozMakers Privacy Policy"],
    )
    assert found is not None
    assert found.name == "ozMakers"  # a small first letter is never a slip


def test_publisher_in_the_copyright_line() -> None:
    found = find_publisher(
        ["Ostrich keeps no data."], copyrights=["© 2020 Ostrich Ltd. All rights reserved."]
    )
    assert found is not None
    assert found.name.startswith("Ostrich")


def test_names_are_brands_and_sites() -> None:
    text = "This policy covers all Ostrich websites, including Emu Audio, Kiwi and Rhea."
    names = find_names("Ostrich", [text, "Mail help@ostrich.example."])
    assert {"Emu Audio", "Kiwi", "Rhea", "ostrich.example"} <= set(names)


def test_other_peoples_sites_are_no_names() -> None:
    assert find_names("Ostrich", ["We link to websites such as Emu, Kiwi and Rhea."]) == ()


@pytest.mark.parametrize(
    "audience",
    ["Families", "Users", "Customers", "California Residents", "Job Applicants", "Our Employees"],
)
def test_an_audience_is_no_publisher(audience: str) -> None:
    found = find_publisher(
        ["Ostrich keeps logs.", "Write to us."],
        headings=[f"Privacy Policy for {audience}"],
        title=f"Privacy Notice for {audience}",
    )
    assert found is None


def test_longer_form_by_which_a_text_introduces_itself() -> None:
    texts = [
        'Ostrich Mutual Egg Society ("Ostrich", "the Society", "we") insures eggs.',
        "Ostrich keeps logs.",
        "Ostrich asks for your name.",
    ]
    found = find_publisher(texts, headings=["OSTRICH MUTUAL", "PRIVACY STATEMENT"])
    assert found is not None
    assert found.name == "Ostrich Mutual"
    assert {"Ostrich", "Ostrich Mutual Egg Society"} <= set(found.names)
    short = find_publisher(texts, headings=["OSTRICH", "PRIVACY STATEMENT"])
    assert short is not None
    assert short.name == "Ostrich"


def test_short_form_that_a_text_explains() -> None:
    texts = [
        "Ostrich Private Line (OPL) hides your address.",
        "This notice explains what data OPL collects.",
        "OPL keeps logs.",
        "OPL may delete them.",
    ]
    found = find_publisher(texts)
    assert found is not None
    assert (found.name, found.names) == ("Ostrich Private Line", ("OPL",))


def test_owner_and_short_form_of_a_newspaper() -> None:
    found = find_publisher(
        [
            "Gull Papers, Inc. publishes The Pier Gull on paper.",
            "This policy tells what The Gull does with names.",
            "When you read The Gull online, we keep logs.",
        ],
        title="The Pier Gull - Privacy Policy",
    )
    assert found is not None
    assert found.name in ("Pier Gull", "The Pier Gull")
    assert {"The Gull", "Gull Papers, Inc."} <= set(found.names)
