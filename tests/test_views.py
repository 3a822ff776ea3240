"""The network as programs read it, and the page as a browser shows it."""

from __future__ import annotations

import http.server
import io
import json
import re
import shutil
import subprocess
import threading
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, acme, mention, reading, says, store_of

from kg.errors import QueryError
from kg.iris import PF
from kg.model import Action, Mention, Reading, Statement
from kg.views import flow_graph, render, write_graphml

A = ("email address",)
USER, CHILD, GOOGLE, ADS = (PF + name for name in ("User", "Child", "Google", "Advertiser"))


def _edges(*statements: Statement, **options: bool) -> list[tuple[str, str]]:
    return sorted(flow_graph(store_of(reading(*statements)), **options).edges())


# The graph


def _statements(graph: nx.MultiDiGraph) -> set[str]:
    return {edge["statement"] for *_, edge in graph.edges(data=True)}


def test_collecting_goes_from_the_user_to_the_company() -> None:
    assert _edges(says(Action.COLLECT, data=A)) == [(USER, acme())]


def test_collecting_goes_from_the_source_that_is_named() -> None:
    assert _edges(says(Action.COLLECT, data=A, sources=("Google",))) == [(GOOGLE, acme())]


def test_data_of_children_comes_from_children() -> None:
    assert _edges(says(Action.COLLECT, data=A, data_subject="child")) == [(CHILD, acme())]


@pytest.mark.parametrize("action", [Action.SHARE, Action.SELL, Action.TRANSFER])
def test_passing_on_goes_from_who_acts_to_every_recipient(action: Action) -> None:
    said = says(action, data=A, recipients=("Google", "advertisers"))
    assert _edges(said) == sorted([(acme(), ADS), (acme(), GOOGLE)])
    other = replace(said, actor=mention("Google"), recipients=(mention("advertisers"),))
    assert _edges(other) == [(GOOGLE, ADS)]


def test_a_transfer_without_recipient_goes_to_the_place() -> None:
    graph = flow_graph(store_of(reading(says(Action.TRANSFER, data=A, locations=("Japan",)))))
    [(start, end)] = graph.edges()
    assert (start, graph.nodes[end]["label"], graph.nodes[end]["kind"]) == (
        acme(),
        "Japan",
        "place",
    )


def test_sharing_with_nobody_in_particular_goes_to_some_recipient() -> None:
    assert _edges(says(Action.SHARE, data=A)) == [(acme(), PF + "Recipient")]


def test_storing_in_a_place_goes_there() -> None:
    [(start, _)] = _edges(says(Action.STORE, data=A, locations=("Italy",)))
    assert start == acme()


def test_what_a_company_does_by_itself_is_a_loop_for_those_who_ask() -> None:
    said = [says(action, data=A) for action in (Action.USE, Action.RETAIN, Action.PROTECT)]
    assert _edges(*said) == []
    assert _edges(*said, handling=True) == [(acme(), acme())] * 3


def test_a_denial_is_no_edge_unless_asked_for_and_then_says_so() -> None:
    store = store_of(reading(says(Action.SELL, denied=True, data=A, recipients=("advertisers",))))
    assert not flow_graph(store).edges
    [(_, _, edge)] = flow_graph(store, denials=True).edges(data=True)
    assert (edge["polarity"], edge["label"]) == ("negated", "does NOT sell email address")


def test_there_is_an_edge_for_every_datum_and_recipient() -> None:
    said = says(Action.SHARE, data=("email address", "name"), recipients=("Google", "advertisers"))
    graph = flow_graph(store_of(reading(said)))
    keys = [key for *_, key in graph.edges(keys=True)]
    assert len(keys) == len(set(keys)) == 4
    assert {key.split("#")[0] for key in keys} == {
        e["statement"] for *_, e in graph.edges(data=True)
    }


SHARES = says(
    Action.SHARE,
    text="If you agree or sign up, we share your email address with Google to show ads.",
    trigger="share",
    data=A,
    recipients=("Google",),
    purposes=("show ads",),
    conditions=("you agree", "sign up"),
    legal_bases=("consent",),
)


def test_an_edge_tells_all_about_its_statement() -> None:
    [(_, _, edge)] = flow_graph(store_of(reading(SHARES))).edges(data=True)
    expected = {
        "action": "share",
        "polarity": "affirmed",
        "modality": "asserted",
        "data": "email address",
        "data_iri": PF + "EmailAddress",
        "recipient": "Google",
        "purposes": "show ads",
        "conditions": "you agree; sign up",
        "legal_bases": "consent",
        "confidence": 0.9,
        "company": "Acme",
        "date": "2021-05-01",
        "document": "acme.md",
        "quote": SHARES.evidence.text,
    }
    assert {name: edge[name] for name in expected} == expected


def test_one_company_alone() -> None:
    store = store_of(
        reading(says(Action.COLLECT, data=A)),
        reading(says(Action.COLLECT, data=A), publisher="Zeta", name="z.md"),
    )
    assert {e["company"] for *_, e in flow_graph(store, company="zeta").edges(data=True)} == {
        "Zeta"
    }
    with pytest.raises(QueryError, match="no company"):
        flow_graph(store, company="Nobody")


def test_kinds_and_labels_of_nodes() -> None:
    said = says(Action.SHARE, data=A, recipients=("Google",))
    graph = flow_graph(store_of(reading(said, says(Action.COLLECT, data=A))))
    assert {(node["label"], node["kind"]) for _, node in graph.nodes(data=True)} == {
        ("Acme", "publisher"),
        ("Google", "party"),
        ("user", "user"),
    }


# GraphML


def _graphml(graph: nx.MultiDiGraph) -> bytes:
    output = io.BytesIO()
    write_graphml(graph, output)
    return output.getvalue()


def _all_of(graph: nx.MultiDiGraph) -> tuple[object, object]:
    edges = {
        (u, v, key, tuple(sorted(e.items()))) for u, v, key, e in graph.edges(keys=True, data=True)
    }
    return dict(graph.nodes(data=True)), edges


def _read(text: bytes) -> nx.MultiDiGraph:
    graph = nx.read_graphml(io.BytesIO(text), force_multigraph=True)
    for *_, attributes in graph.edges(data=True):
        attributes.pop("id", None)
    return graph


def test_graphml_reads_back_whole() -> None:
    graph = flow_graph(store_of(reading(SHARES, says(Action.COLLECT, data=A))))
    assert _all_of(_read(_graphml(graph))) == _all_of(graph)


def test_graphml_ids_of_edges_are_unique_and_attributes_are_scalars() -> None:
    said = says(Action.SHARE, data=("email address", "name"), recipients=("Google", "advertisers"))
    root = ET.fromstring(_graphml(flow_graph(store_of(reading(said)))))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    ids = [edge.get("id") for edge in root.iter(f"{space}edge")]
    assert len(ids) == len(set(ids)) == 4
    assert {key.get("attr.type") for key in root.iter(f"{space}key")} == {"string", "double"}


hostile = st.text(st.characters(exclude_categories=["Cs"]), max_size=15) | st.sampled_from(HOSTILE)
some = st.lists(hostile, max_size=2).map(tuple)


@st.composite
def _said(draw: st.DrawFn) -> Statement:
    said = says(
        draw(st.sampled_from(Action)),
        denied=draw(st.booleans()),
        text=draw(hostile),
        data=draw(some),
        recipients=draw(some),
        purposes=draw(some),
        conditions=draw(some),
        locations=draw(some),
        headings=tuple(draw(some)),
    )
    label = draw(hostile.filter(bool))
    return replace(said, actor=Mention("we", 0, 2, "https://w3id.org/privflow/id/party/1", label))


@settings(max_examples=40, deadline=None)
@given(st.lists(_said(), max_size=4))
def test_graphml_holds_any_text(statements: list[Statement]) -> None:
    store = store_of(reading(*statements), ontology=False)
    graph = flow_graph(store, denials=True, handling=True)
    text = _graphml(graph)
    assert text == _graphml(flow_graph(store, denials=True, handling=True))
    assert _all_of(_read(text)) == _all_of(graph)


@settings(max_examples=40, deadline=None)
@given(st.lists(_said(), max_size=4))
def test_every_statement_has_an_edge(statements: list[Statement]) -> None:
    store = store_of(reading(*statements), ontology=False)
    found = {
        e["statement"] for *_, e in flow_graph(store, denials=True, handling=True).edges(data=True)
    }
    wanted = {row[0].value for row in store.query("SELECT ?s WHERE { ?s pf:action ?a }")}
    assert found == wanted


# The page


def _data(page: str) -> dict[str, object]:
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    found: dict[str, object] = json.loads(text)
    return found


def test_the_page_holds_companies_counts_and_sentences() -> None:
    said = reading(SHARES, says(Action.SELL, denied=True, data=A))
    data = _data(render(store_of(said)))
    assert data["counts"] == {
        "companies": 1,
        "policies": 1,
        "statements": 1,
        "denials": 1,
        "recipients": 1,
    }
    [policy] = data["policies"]
    assert {claim.get("denied", False) for claim in policy["claims"]} == {True, False}


def test_only_the_latest_policy_is_in_the_network() -> None:
    old = reading(
        says(Action.SHARE, data=A, recipients=("Google",)), day=date(2019, 1, 1), name="o"
    )
    new = reading(says(Action.SHARE, data=A, recipients=("advertisers",)))
    data = _data(render(store_of(old, new)))
    assert [policy["latest"] for policy in data["policies"]] == [False, True]
    assert {node["label"] for node in data["network"]["nodes"]} == {"Acme", "advertiser"}


def test_the_same_graph_gives_the_same_page() -> None:
    said = reading(SHARES, says(Action.COLLECT, data=A))
    assert render(store_of(said)) == render(store_of(said))


def test_an_empty_graph_has_a_page() -> None:
    assert _data(render(store_of()))["policies"] == []


def test_one_company_has_a_page_of_its_own() -> None:
    store = store_of(reading(SHARES), reading(SHARES, publisher="Zeta", name="z.md"))
    assert {p["company"] for p in _data(render(store, company="Zeta"))["policies"]} == {"Zeta"}


def test_the_page_may_load_nothing_and_run_only_its_own_scripts() -> None:
    page = render(store_of(reading(SHARES)))
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    rules = dict(rule.split(" ", 1) for rule in policy.replace("&#x27;", "'").split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert rules["script-src"].split() == [_hash(script) for script in scripts]
    assert not re.findall(r'(?:src|href)="(?!data:)', page)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _hostile_reading(text: str, number: int = 0) -> Reading:
    """The text in every place that a policy can fill."""
    said = says(
        Action.SHARE,
        text=f"{text} {number}",
        trigger=text[:3],
        data=(text,),
        recipients=(text, f"{text} 2"),
        sources=(text,),
        purposes=(text,),
        conditions=(text,),
        retention=(text,),
        locations=(text,),
        methods=(text,),
        headings=(text, text),
        actor=Mention(text, 0, len(text), f"https://w3id.org/privflow/id/party/{number}", text),
    )
    every = [replace(said, action=action) for action in Action]
    return reading(
        *every,
        says(Action.SELL, denied=True, text=text, data=(text,), recipients=(text,)),
        publisher=f"{text} {number}",
        name=f"{text}{number}.md",
        title=text,
        url="javascript:document.title='RAN'",
    )


@settings(max_examples=25, deadline=None)
@given(hostile)
def test_no_text_is_markup(text: str) -> None:
    plain = render(store_of(reading(SHARES), ontology=False), title="T")
    page = render(store_of(_hostile_reading(text or "x"), ontology=False), title=text or "x")
    for sign in ("<script", "</script", "<img", "<!--"):
        assert page.count(sign) == plain.count(sign)
    data = re.search(r'id="data">(.*)</script>\n<script>', page)
    assert data
    assert not set(data[1]) & set("<>&\u2028\u2029\u202e\u2066\x00\x1b")


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium: apt-get install chromium"
)

#: Opens and clicks everything there is, then leaves what happened in an attribute.
DRIVER = """
addEventListener('load', () => setTimeout(async () => {
  const wait = (time) => new Promise((done) => setTimeout(done, time));
  const failed = [];
  addEventListener('error', (event) => failed.push(String(event.message)));
  let sentences = 0, opened = 0;
  const open = async () => {
    for (const line of document.querySelectorAll('details')) { line.open = true; opened += 1; }
    await wait(30);
    sentences += document.querySelectorAll('.said').length;
  };
  const press = async (index) => {
    document.querySelectorAll('nav button')[index].click();
    await wait(30);
  };
  const count = document.querySelectorAll('nav button').length;
  for (let i = 1; i < count; i += 1) { await press(i); await open(); }
  const filter = document.getElementById('filter');
  filter.value = 'zzzz'; filter.dispatchEvent(new Event('input')); await wait(30);
  const filtered = document.querySelectorAll('details').length;
  filter.value = ''; filter.dispatchEvent(new Event('input'));
  await press(0);
  for (const box of document.querySelectorAll('.legend input')) { box.click(); await wait(50); }
  for (const box of document.querySelectorAll('.legend input')) { box.click(); await wait(50); }
  const canvas = document.querySelector('canvas');
  document.body.setAttribute('data-found', JSON.stringify({
    opened, sentences, filtered, failed, title: document.title,
    canvas: canvas ? canvas.width > 300 : false,
    strange: document.querySelectorAll('img, iframe, object, script[src], [onerror]').length,
    links: [...document.querySelectorAll('a')].map((a) => a.protocol),
  }));
}, 50));
"""


class _Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    do_CONNECT = do_POST = do_HEAD = do_GET  # noqa: N815 - names of the base class

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A proxy for everything that the browser asks for: its port, and what was asked."""
    asked: list[str] = []
    kind = type("Listener", (_Listener,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1], asked
        server.shutdown()
        thread.join()


def _browse(page: str, folder: Path, port: int) -> dict[str, object]:
    """Opens the page from the disk, lets the driver loose on it, returns what it found."""
    file = folder / "view.html"
    allowed = f"script-src {_hash(DRIVER)} ".replace("'", "&#x27;")
    driven = page.replace("script-src ", allowed, 1)
    file.write_text(driven.replace("</body>", f"<script>{DRIVER}</script></body>"), "utf-8")
    done = subprocess.run(
        [
            CHROMIUM or "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-extensions",
            "--disable-sync",
            "--no-first-run",
            "--no-pings",
            f"--user-data-dir={folder / 'profile'}",
            f"--proxy-server=127.0.0.1:{port}",
            "--proxy-bypass-list=<-loopback>",
            "--virtual-time-budget=20000",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    )
    found = re.search(r'data-found="([^"]*)"', done.stdout.decode())
    assert found, done.stdout[-2000:]
    result: dict[str, object] = json.loads(found[1].replace("&quot;", '"').replace("&amp;", "&"))
    return result


@needs_chromium
def test_in_a_browser_no_text_of_a_policy_runs_or_loads(
    tmp_path: Path, listener: tuple[int, list[str]]
) -> None:
    port, asked = listener
    address = f"http://127.0.0.1:{port}/loaded"
    texts = [
        *HOSTILE,
        f'"><img src="{address}"><link rel=stylesheet href={address}>',
        f"url({address})",
    ]
    store = store_of(*(_hostile_reading(text, i) for i, text in enumerate(texts)), ontology=False)
    found = _browse(render(store, title="Calm"), tmp_path, port)
    assert found["title"] == "Calm"
    assert found["failed"] == []
    assert found["strange"] == 0
    assert found["links"] == []
    assert found["canvas"] is True
    assert found["filtered"] == 0
    assert found["opened"] >= 9 * len(texts)
    assert found["sentences"] >= found["opened"]
    assert not [path for path in asked if "loaded" in path]


@needs_chromium
def test_the_browser_would_tell(tmp_path: Path, listener: tuple[int, list[str]]) -> None:
    port, asked = listener
    address = f"http://127.0.0.1:{port}/loaded"
    page = render(store_of(ontology=False), title="Calm")
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    bad = f"<img src='{address}' onerror=\"document.title='RAN'\">"
    found = _browse(page.replace("<header>", f"<header>{bad}"), tmp_path, port)
    assert (found["title"], found["strange"]) == ("RAN", 1)
    assert [path for path in asked if "loaded" in path]


@needs_chromium
def test_in_a_browser_a_page_without_policies_says_so(
    tmp_path: Path, listener: tuple[int, list[str]]
) -> None:
    found = _browse(render(store_of(ontology=False)), tmp_path, listener[0])
    assert found["failed"] == []
