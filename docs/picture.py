"""Draws the README's picture from a graph: ``python docs/picture.py [DIR] > docs/view.svg``.

Which data one company of the sample corpus gives to whom, one line a pair, and what it denies.
Pairs are drawn as such, not as two hops over the company: location to Acme and Acme to a broker
does not mean that the broker gets the location.
"""

from __future__ import annotations

import sys
from html import escape
from statistics import mean

import kg

COMPANY = "Warblebox"
PASSING = ("share", "sell", "transfer")
WIDTH, ROW, TOP = 760, 24, 64
LEFT, RIGHT = 250, 500
COLOURS = ("#4269d0", "#c98b0c", "#3ca951", "#ff725c", "#a463f2", "#2e9db3", "#9c6b4e", "#97334f")
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#222}.t{font-weight:600}.s{fill:#666}.d{fill:#b3261e}"
)


def draw(folder: str = "kg-data") -> str:
    """The picture of the company's latest snapshot, as SVG."""
    with kg.open_store(folder) as store:
        answer = kg.run("recipients", store, company=COMPANY)
        denials = kg.run("denials", store, company=COMPANY)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    latest = max(str(row["date"]) for row in rows)
    pairs = list(
        dict.fromkeys(
            (str(row["data"] or "data"), str(row["recipient"]))
            for row in rows
            if row["date"] == latest
        )
    )
    denied = [dict(zip(denials.columns, row, strict=True)) for row in denials.rows]
    said = sorted(
        {
            f"does not {row['action']} {row['data']}"
            for row in denied
            if row["date"] == latest and row["data"] and row["action"] in PASSING
        }
    )[:4]
    data = sorted({one for one, _ in pairs})

    def middle(recipient: str) -> float:
        """Where the data of a recipient stand: in this order fewer lines cross."""
        return mean(data.index(one) for one, other in pairs if other == recipient)

    recipients = sorted({other for _, other in pairs}, key=lambda name: (middle(name), name))
    tall = max(len(data), len(recipients))
    height = TOP + ROW * (tall + len(said)) + 44
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>Data that {COMPANY} shares, and with whom</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#fff" stroke="#ddd"/>',
        f'<text class="t" x="24" y="32">{COMPANY}, {latest}: which data goes to whom</text>',
    ]

    def place(at: int, of: int) -> float:
        return TOP + ROW * (at + 0.5 + (tall - of) / 2)

    for one, other in pairs:
        start, end = (
            place(data.index(one), len(data)),
            place(recipients.index(other), len(recipients)),
        )
        colour = COLOURS[recipients.index(other) % len(COLOURS)]
        lines.append(
            f'<path d="M{LEFT} {start:g}C{LEFT + 120} {start:g} {RIGHT - 120} {end:g} '
            f'{RIGHT} {end:g}" '
            f'fill="none" stroke="{colour}" stroke-width="3" stroke-opacity=".65"/>'
        )
    for names, x, anchor in ((data, LEFT - 10, "end"), (recipients, RIGHT + 10, "start")):
        for at, name in enumerate(names):
            y = place(at, len(names)) + 5
            lines.append(f'<text x="{x}" y="{y:g}" text-anchor="{anchor}">{escape(name)}</text>')
    for at, text in enumerate(said):
        y = TOP + ROW * (tall + at) + 28
        lines.append(f'<text class="d" x="24" y="{y}">✕ {escape(text)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(draw(*sys.argv[1:]))
