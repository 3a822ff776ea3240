# ruff: noqa: E501 - lists of samples read better in wide lines
"""A random number generator -> hostile inputs, the same for the same seed.

Texts are invented; each generator mixes what a reader expects with what it should survive.
"""

from __future__ import annotations

import json
import zlib
from random import Random
from urllib.parse import quote

from kg.queries.canned import get, names
from kg.triples import is_iri, literal

POLICY = (
    "Acme Ltd collects your personal data, as this privacy policy explains to every visitor. "
    "We share your e-mail address with our service providers. We do not sell your name."
)
#: What terminals, shells, markup, SPARQL, spreadsheets and readers of RDF could trip over.
SIGNS = (
    "\x00", "\x07", "\x1b[31m", "\x1b]0;x\x07", "\x7f", "\x85", "\x9b2J", "\u2028", "\u2029", "\u202e",
    "\u2066", "\u200b", "\u00ad", "\ufeff", "\ufffe", "\uffff", "\ufdd0", "\ud800", "\udfff", "\U0001f600",
    "\U0010ffff", "e\u0301", "ﬁ", "İ", "ß", "٣", "²", "\t", "\r", "\r\n", "\n", "\x0b", "\x0c", "\u3000", "\xa0",
    '"', "'", "`", "\\", "\\u0022", "\\n", "<", ">", "{", "}", "|", "^", "<>", "&lt;", "&#0;", "&#x110000;",
    "&amp", "]]>", "<!--", "-->", "<?x", "<![CDATA[", "</script><script>", "<img src=x onerror=x>",
    "javascript:x", "=1+1", "+1", "-1", "@SUM(1)", "=cmd|' /C x'!A0", "${x}", "{{x}}", "%s", "%00",
    "../../etc/passwd", "..%2f..%2f", "; DROP ALL", "' OR '1'='1", "> . <urn:x> <urn:y> <urn:z> .",
    '" <urn:escaped> .\n<urn:s> <urn:p> <urn:o> <urn:escaped> .\n', "\n#", "_:b", "@en", "^^<x>",
)  # fmt: skip
_TAGS = (
    "div", "p", "b", "i", "a", "ul", "ol", "li", "table", "tr", "td", "th", "thead", "dl", "dt", "dd", "h1", "h2",
    "h6", "br", "hr", "q", "pre", "nav", "header", "footer", "main", "article", "aside", "form", "button", "select",
    "option", "details", "summary", "script", "style", "template", "noscript", "svg", "math", "title", "body",
    "html", "head", "iframe", "textarea", "plaintext", "frameset", "font", "span", "base", "link", "meta",
)  # fmt: skip
_ATTRIBUTES = (
    "hidden", 'style="display:none"', 'aria-hidden="true"', 'id="x"', 'class="nav menu"', 'colspan="99999999999"',
    'rowspan="-1"', 'rowspan="٣"', 'href="javascript:x"', "href='#a'", 'role="presentation"', 'role="heading"',
    'aria-controls="x y z"', "a=b=c", '="', "lang=xx", 'rel="canonical"', "x" * 3000, "charset=utf-7", "<",
)  # fmt: skip
_LINES = (
    POLICY, "# Sharing", "We share:", "- names", "• ages", "a) ages", "(iv) ages", "1.2.3 Contact", "**2\\. Rights**",
    "CHILDREN", "Last updated: 31 February 2020", "Effective 99/99/2020", "| a | b |\n|---|---|\n| c | d |",
    "Acme Ltd (“Acme”, “we”) collects data.", "© 2020 Acme", "Home | News | Shop | Help", "> quote", "---",
    "They share it with them.", "“Data” means your name.", "[a](http://a.example)", "[a]: <b>", "Austria", "http://",
    "Extracted from the a.example privacy policy, archived on 2020-13-45", "www.acme.example info@acme.example",
    "All countries: Austria +43 Belgium +32", "1 May", "January 1, 2024", "2020年1月1日", "```", "<details>", "![",
)  # fmt: skip
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "utf-7", "cp037", "shift_jis", "gb18030"
)  # fmt: skip


def text(rng: Random, most: int = 40) -> str:
    """A short text of anything in Unicode."""
    parts = []
    for _ in range(rng.randint(0, 6)):
        kind = rng.random()
        if kind < 0.5:
            parts.append(rng.choice(SIGNS))
        elif kind < 0.7:
            parts.append(chr(rng.randrange(0x110000)))
        else:
            parts.append(rng.choice(("Acme", "data", "your name", "a", " ", "x.example", "Google")))
    return "".join(parts)[:most]


def _many(rng: Random, unit: str) -> str:
    return unit * (rng.choice((1, 1, 1, 1, 1, 1, 2, 9)) if rng.random() < 0.997 else 400)


def markup(rng: Random) -> str:
    """HTML, mostly broken."""
    parts = [POLICY] if rng.random() < 0.8 else []
    for _ in range(rng.randint(0, 30)):
        kind = rng.random()
        if kind < 0.45:
            attributes = "".join(
                f" {rng.choice(_ATTRIBUTES)}" for _ in range(rng.choice((0, 0, 1, 3)))
            )
            parts.append(_many(rng, f"<{rng.choice(_TAGS)}{attributes}>"))
        elif kind < 0.65:
            parts.append(_many(rng, f"</{rng.choice(_TAGS)}>"))
        elif kind < 0.85:
            parts.append(rng.choice(_LINES))
        else:
            parts.append(_many(rng, text(rng)))
    return "".join(parts)


def lines(rng: Random) -> str:
    """Markdown or plain text."""
    parts = [POLICY] if rng.random() < 0.8 else []
    for _ in range(rng.randint(0, 12)):
        unit = rng.choice(_LINES) if rng.random() < 0.7 else text(rng)
        parts.append(
            _many(rng, " " * rng.choice((0, 0, 1, 4)) + unit + rng.choice(("\n", "\n\n", " ", "")))
        )
    return "".join(parts)


def _quoted(rng: Random) -> tuple[str, ...]:
    """Hostile strings that JSON, YAML and TOML take."""
    said = (text(rng), text(rng), f"https://x.example/{text(rng)}")
    return tuple(
        json.dumps(one.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "")
        for one in said
    )


def front(rng: Random) -> str:
    """YAML before a policy."""
    key = rng.choice(
        ("publisher", "date", "names", "url", "title", "updated", "tags", "x", text(rng))
    )
    value = rng.choice(
        (
            text(rng), *_quoted(rng), "[" * rng.choice((1, 9, 300)), "&a [*a]", "!!python/object/apply:os.system [x]", "*x", "2020-99-99",
            "0x" + "9" * 400, "1:1:1:1", "{a: b", "- a\n- b", "'", "|\n a", "9" * 5000, ".inf", "~", "2020-01-01T00:00:00+99:00",
            "? a", "<<: *a", "!!binary x", "%", "@", "true", '"\\ud800"', '"\\x00"', "2001-01-01 00:00:00 -24:00",
        )
    )  # fmt: skip
    laughs = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    body = rng.choice((f"{key}: {value}",) * 7 + (f"{key}: {value}\n{key}: {value}",))
    if rng.random() < 0.01:
        body = f"l0: &l0 [x]\n{laughs}names: *l8"
    return f"---\n{body}\n---\n{POLICY}\n"


def declarations(rng: Random) -> str:
    """A corpus.toml."""
    key = rng.choice(
        ("publisher", "date", "names", "url", "title", "updated", text(rng), '"a b"', "a.b")
    )
    value = rng.choice(
        (
            '"x"', "2020-02-30", "2020-01-01", *_quoted(rng), "[" * rng.choice((1, 9, 2000)), "{a=1}", "1e999", "nan", "0x", '"""', "[1, 2]", "'\x00'",
            f'"{text(rng)}"', "2020-01-01T00:00:00Z", "00:00:00", "9" * 5000, "true", '["a", "b"]', '"\\ud800"',
        )
    )  # fmt: skip
    table = rng.choice(
        (
            "[corpus]",
            "[corpus]",
            '[policies."a.md"]',
            '[policies."a.md"]',
            "[policies]",
            "[x]",
            "[[corpus]]",
            "",
            "corpus = 1",
            "[policies.'']",
        )
    )
    return f"{table}\n{key} = {value}\n" * rng.choice((1, 1, 1, 1, 1, 1, 1, 2))


def pdf(rng: Random) -> bytes:
    """A PDF with one page, some of its parts wrong."""
    said = f"BT /F1 12 Tf 72 720 Td ({POLICY}) Tj 0 -20 Td ({rng.choice(_LINES)}) Tj ET\n"
    content = said.encode("latin-1", "replace")
    content *= rng.choice((1, 1, 1, 1, 5)) if rng.random() < 0.99 else 200
    kind = rng.random()
    filters = b""
    if kind < 0.3:
        content, filters = zlib.compress(content), b"/Filter /FlateDecode "
    elif kind < 0.35:
        content = zlib.compress(zlib.compress(b" " * rng.choice((10, 1 << 14)), 9))
        filters = b"/Filter [/FlateDecode /FlateDecode] "
    elif kind < 0.5:
        filters = rng.choice((b"/Filter /LZWDecode ", b"/Filter /ASCII85Decode ", b"/Filter /X ", b"/Filter 5 ", b"/DecodeParms <</Predictor 15 /Columns 99999>> /Filter /FlateDecode "))  # fmt: skip
    parent = rng.choice((b"2 0 R", b"2 0 R", b"2 0 R", b"3 0 R", b"9 0 R", b"null"))
    kids = rng.choice((b"[3 0 R]",) * 6 + (b"[2 0 R]", b"[3 0 R 3 0 R 3 0 R]", b"3 0 R", b"[]"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids " + kids + b" /Count " + rng.choice((b"1", b"1", b"99999999", b"-1")) + b" >>",
        b"<< /Type /Page /Parent " + parent + b" /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< " + filters + b"/Length " + str(rng.choice((len(content),) * 4 + (0, 10**9))).encode() + b" >>\nstream\n" + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    size = rng.choice((b"6", b"6", b"-5", b"999999999"))
    data += (
        b"trailer << /Size "
        + size
        + b" /Root 1 0 R"
        + rng.choice((b"",) * 6 + (b" /Prev 9", b" /Encrypt 5 0 R"))
        + b" >>\n"
    )
    data += b"startxref\n%d\n%%%%EOF" % rng.choice((start,) * 5 + (0, 10**9))
    return mangled(rng, bytes(data)) if rng.random() < 0.4 else bytes(data)


def mangled(rng: Random, data: bytes) -> bytes:
    """Bytes with some of them flipped, cut, doubled or moved."""
    for _ in range(rng.randint(1, 4)):
        if not data:
            return data
        at, length = rng.randrange(len(data)), rng.choice((1, 1, 4, 40, 400))
        kind = rng.randrange(6)
        if kind == 0:
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at]
        elif kind == 2:
            data = data[:at] + data[at : at + length] * rng.choice((2, 30)) + data[at + length :]
        elif kind == 3:
            data = data[:at] + data[at + length :]
        elif kind == 4:
            data = data[:at] + rng.choice(SIGNS).encode("utf-8", "surrogatepass") + data[at:]
        else:
            to = rng.randrange(len(data))
            data = data[:to] + data[at : at + length] + data[to:]
    return data


def mutated(rng: Random, document: bytes) -> bytes:
    """A document with blocks doubled, lost, swapped, repeated hugely, or in another encoding."""
    for _ in range(rng.randint(1, 3)):
        blocks = document.split(b"\n")
        at, to = rng.randrange(len(blocks)), rng.randrange(len(blocks))
        kind = rng.randrange(8)
        if kind == 0:
            blocks[at], blocks[to] = blocks[to], blocks[at]
        elif kind == 1:
            del blocks[at]
        elif kind == 2:
            blocks[at : at + 1] = [blocks[at]] * rng.choice((2, 20))
        elif kind == 3:
            blocks[at] = blocks[at] * rng.choice((2, 100))
        elif kind == 4:
            rng.shuffle(blocks)
        elif kind == 5:
            said = document.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")
            blocks = [b"<meta charset=%s>" % rng.choice(ENCODINGS).encode(), said]
        elif kind == 6:
            tags = [rng.choice(_TAGS).encode() for _ in range(9)]
            blocks = [line.replace(b"<", b"<" + rng.choice(tags) + b" ", 1) for line in blocks]
        else:
            blocks = mangled(rng, document).split(b"\n")
        document = b"\n".join(blocks)[:300_000]
    return document


_WORDS = (
    "true",
    "false",
    "1",
    "-1",
    "1.5",
    "2e3",
    "?a",
    "?g",
    "'x'",
    '"x"',
    "'''x'''",
    "a:b",
    "x:y",
    "_:b",
    "a",
    "<urn:p>",
)
_BETWEEN = ("", "", "", " ", "\n", "#x\n", "\t", "\u2028", ".", ";", ",", "\ufeff")


def query(rng: Random, address: str) -> str:
    """SPARQL in which ``SERVICE <address>`` may be hidden."""
    where = rng.choice((f"<{address}>", "a:b", "?g", "$g", "a:"))
    keyword = rng.choice(
        ("SERVICE", "service", "SerVice", "SERVICESILENT", "SERVICE SILENT", "service\nsilent", "\\u0053ERVICE",
         "ſervice", "SER\u200bVICE", "SERVICE#x\n")
    )  # fmt: skip
    before = rng.choice(_WORDS) if rng.random() < 0.7 else ""
    call = (
        keyword
        + rng.choice(_BETWEEN)
        + where
        + rng.choice(_BETWEEN)
        + rng.choice(("{}", "{?x ?y ?z}", "{ SELECT * {} }"))
    )
    hidden = rng.choice(
        (
            call, f"{before}{rng.choice(_BETWEEN)}{call}", f"?a ?b {before}{call}", f"?a ?b {before}.{call}",
            f"FILTER(?a<x:b#>{rng.choice(chr(34) + chr(39)) * 3}\n) {call} #'''\n", f"FILTER(?a<'>') {call} #'\n",
            f"FILTER(?a<x:b){call}#>\n", f"FILTER(?a<x:b)?s?q-1SERVICE{where}#>\n{{}}", f"<urn:\\u0041#> ?p ?o . {call}\n",
            f"?a x:b?{before}{call}", f"?a x:b|^x:c* ?o{call}", f"FILTER EXISTS{{{call}}}", f"OPTIONAL{{{call}}}", f"{{{call}}}UNION{{}}",
            f"{{SELECT*{{{call}}}}}", f"GRAPH ?g{{{call}}}", f"MINUS{{{call}}}", f"VALUES ?a{{1}}{call}", f"BIND(1 AS ?z){call}",
            f"?a ?b 'x'@en{call}", f"?a ?b 'x'@en--ltr{call}", f"?a ?b '\\''{call}", f"?a ?b 'x'^^x:y{call}", f"# {call}\n", f"#\r{call}",
            f"?a ?b '''{call}'''", f'?a ?b "{call}"', f"?a ?b '{call}'", f"?a ?b <urn:{call}>", f"?a ?b ?{call}", f"?a x:{call}",
            f"<<( ?a ?b ?c )>> ?p ?o {call}", f"LATERAL{{{call}}}", f"?a ?b [] {call}", f"?a ?b () {call}", f"?a ?b [ x:y 1 ]{call}",
            f"?a ?b ?c\\{call}", f"?a ?b x:y\\.{call}", f"?a ?b x:y%2e{call}", f"?a ?b x:y.{call}", f"?a ?b _:y.{call}", f"FILTER(?a<?b){call}",
        )
    )  # fmt: skip
    group = "{ ?s ?p ?o . " + f"BIND(<{address}> AS ?g) " + hidden + " }"
    form = rng.choice(
        (
            "SELECT *",
            "SELECT * WHERE",
            "ASK",
            "CONSTRUCT { ?s ?p ?o } WHERE",
            "DESCRIBE ?s WHERE",
            "SELECT*",
            "SELECT (1 AS ?one)",
        )
    )
    head = f"PREFIX a: <{address}> PREFIX x: <urn:x> PREFIX : <{address}> "
    made = (
        head
        + form
        + group
        + rng.choice(("", "", " LIMIT 5", " ; DROP ALL", "\n# SERVICE", " VALUES ?v { 1 }"))
    )
    if rng.random() < 0.3:
        at = rng.randrange(len(made))
        made = (
            made[:at]
            + rng.choice((*SIGNS, "SERVICE", "<", ">", "#", "'", '"'))
            + made[at + rng.choice((0, 0, 1, 3)) :]
        )
    return made


def update(rng: Random, address: str) -> str:
    """What would change the store if anything took it."""
    said = rng.choice(
        (f"LOAD <{address}>", "DROP ALL", "CLEAR DEFAULT", "INSERT DATA { <urn:a> <urn:b> <urn:c> }", "DELETE WHERE { ?s ?p ?o }",
         "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "CREATE GRAPH <urn:g>", "MOVE DEFAULT TO <urn:g>",
         "INSERT{?s ?p 1}WHERE{?s ?p ?o}")
    )  # fmt: skip
    return rng.choice(
        ("", "PREFIX a: <urn:a> ", "#x\n", "SELECT * {} ;", "\ufeff", "ASK {}\n", "BASE <urn:x> ")
    ) + rng.choice((said, said.lower()))


_ENDPOINTS = (
    "/", "/health", "/sparql", "/sparql", "/sparql", "/queries", "/queries/sells", "/queries/recipients", "/queries/timeline",
    "/queries/rights", "/snapshots", "/view", "/limits", "/problems", "/openapi.json", "/statements", "/id/snapshot", "/nothing",
)  # fmt: skip
_NAMES = (
    "query",
    "company",
    "data",
    "recipient",
    "purpose",
    "since",
    "year",
    "least",
    "format",
    "limit",
    "offset",
    "default-graph-uri",
    "update",
    "x",
)


#: For each parameter something that a question takes, whatever stands in the graph.
_TAKEN = {
    "action": ("sell", "SHARE", "collect"),
    "company": ("Acme", "acme", "  ACME\u3000"),
    "data": ("email address", "E-Mail address", "name"),
    "earlier": ("2020-05-01",),
    "later": ("2020-05-01",),
    "recipient": ("service provider", "Service Providers"),
    "since": ("2020", "0000-00", "9999-99-99"),
    "statement": (),
    "year": ("2020", "0000"),
}


def taken(rng: Random, parameter: str) -> str:
    """A value that a question takes for a parameter: a plain one, or an IRI of odd characters."""
    plain = _TAKEN.get(parameter, ())
    if plain and (parameter in {"action", "since", "year"} or rng.random() < 0.4):
        return rng.choice(plain)
    start = rng.choice(("urn:x", "https://x.example/", "pf:", "https://w3id.org/privflow#"))
    said = "".join(c for c in text(rng, 80) if is_iri(f"urn:x{c}"))
    return start + said


def asked(rng: Random) -> str:
    """SPARQL that may run, with hostile strings in it and in its answer."""

    def said() -> str:
        return literal(text(rng, 80))

    return rng.choice(
        (
            f"SELECT ({said()} AS ?a) ({said()} AS ?b) {{}}",
            f"SELECT * {{ VALUES (?a ?b) {{ ({said()} {said()}) (UNDEF {said()}@en) }} }}",
            f"SELECT ?s {{ ?s ?p ?o FILTER(STR(?o) = {said()}) }} LIMIT 5",
            f"SELECT (CONCAT({said()}, STR(?o)) AS ?a) {{ ?s rdfs:label ?o }} LIMIT {rng.randint(0, 9)}",
            f"ASK {{ ?s ?p {said()} }}",
            f"CONSTRUCT {{ ?s <urn:x:{rng.randint(0, 9)}> {said()} }} WHERE {{ ?s a pf:Snapshot }}",
            f"CONSTRUCT {{ [] rdfs:label {said()} }} WHERE {{}}",
            f"SELECT (IRI(CONCAT('urn:x', {said()})) AS ?a) (STRDT({said()}, <urn:x>) AS ?b) {{}}",
            "DESCRIBE ?s { ?s a pf:Snapshot }",
        )
    )


def request(rng: Random) -> tuple[bytes, bool]:
    """What a client may send to an HTTP server, and whether it is well-formed, so that an answer
    will come."""
    kind = rng.random()
    if kind < 0.8:
        return (_fitting if kind < 0.5 else _asking)(rng), True
    return _wild(rng), False


def _fitting(rng: Random) -> bytes:
    """A request that should be answered."""
    given: dict[str, str] = {}
    kind, body = rng.random(), b""
    if kind < 0.4:
        path, given = "/sparql", {"query": asked(rng)}
    elif kind < 0.8:
        query = get(rng.choice(names()))
        wanted = {*query.requires, *rng.sample(query.parameters, min(len(query.parameters), 2))}
        path, given = f"/queries/{query.name}", {name: taken(rng, name) for name in sorted(wanted)}
        if rng.random() < 0.5:
            given |= {"limit": rng.choice(("1", "1000", "1e3")), "offset": rng.choice(("0", "1e9"))}
        if rng.random() < 0.3:
            given |= {"format": rng.choice(("json", "csv")), "iris": rng.choice(("true", "false"))}
    else:
        path = rng.choice(
            ("/", "/queries", "/snapshots", "/limits", "/openapi.json", "/problems", "/view")
        )
        if path == "/view":
            given = {"focus": taken(rng, "data")} if rng.random() < 0.5 else {"company": "Acme"}
    sent = "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())
    accept = rng.choice(
        ("*/*", "*/*", "text/csv;q=0.5, */*;q=0.1", "application/json, */*", "*/*;q=0.001")
    )
    headers = [
        "Host: 127.0.0.1",
        f"Accept: {accept}",
        f"Cookie: {quote(text(rng), errors='replace')}",
        f"X-{rng.randint(0, 9)}: \xff",
    ]
    if path == "/sparql" and rng.random() < 0.4:
        kind_, body = rng.choice(
            (
                ("application/x-www-form-urlencoded", sent.encode()),
                ("application/sparql-query", given["query"].encode()),
            )
        )
        headers += [f"Content-Type: {kind_}", f"Content-Length: {len(body)}"]
        head = "POST /sparql HTTP/1.1"
    else:
        head = f"GET {path}?{sent} HTTP/1.1"
    return "\r\n".join((head, *headers, "Connection: close", "", "")).encode("latin-1") + body


def _asking(rng: Random) -> bytes:
    def value() -> str:
        said = rng.choice(
            (
                text(rng),
                "Acme",
                "2020",
                "nan",
                "-1",
                "1e999",
                "9" * 400,
                query(rng, "http://127.0.0.1:1/x"),
                update(rng, "urn:x"),
            )
        )
        return quote(said.encode("utf-8", "surrogatepass"), safe="")

    given = "&".join(
        f"{rng.choice(_NAMES)}={value()}" for _ in range(rng.choice((0, 1, 1, 2, 2, 5)))
    )
    if rng.random() < 0.4:
        given = f"query={value()}"
    path = rng.choice(_ENDPOINTS) + (f"/{value()}" if rng.random() < 0.1 else "")
    headers = [
        "Host: 127.0.0.1",
        f"Accept: {rng.choice(('*/*', 'text/csv', 'application/sparql-results+json', 'text/turtle', 'text/html', 'a/b', 'application/json'))}",
    ]
    if rng.random() < 0.3:
        body = rng.choice((given, query(rng, "http://127.0.0.1:1/x"))).encode(
            "utf-8", "surrogatepass"
        )
        kind = rng.choice(
            (
                "application/x-www-form-urlencoded",
                "application/sparql-query",
                "application/sparql-update",
                "application/json",
                "x",
            )
        )
        headers += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        head = f"POST {path} HTTP/1.1"
    else:
        body, head = (
            b"",
            f"{rng.choice(('GET', 'GET', 'GET', 'HEAD', 'OPTIONS'))} {path}?{given} HTTP/1.1",
        )
    return "\r\n".join((head, *headers, "Connection: close", "", "")).encode() + body


def _wild(rng: Random) -> bytes:
    path = rng.choice(
        ("/", "/sparql", "/sparql?query=" + "SELECT%20*%20%7B%7D", "/queries", "/queries/recipients?company=", "/../../etc/passwd",
         "/%2e%2e/%2e%2e/etc/passwd", "//", "/\x00", "/" + "a" * 9000, "/queries/" + "%ff" * 20, "/queries/sells?" + "&".join(f"p{n}=1" for n in range(3000)),
         "*", "http://x.example/", "/queries/sells?least=nan", "/openapi.json", "/compare?company=a&company=b", "/?x=" + "%F0%9F")
    )  # fmt: skip
    if rng.random() < 0.4:
        path += "".join(f"%{byte:02x}" for byte in text(rng).encode("utf-8", "surrogatepass"))
    method = rng.choice(
        (
            "GET",
            "GET",
            "GET",
            "POST",
            "PUT",
            "DELETE",
            "OPTIONS",
            "TRACE",
            "CONNECT",
            "HEAD",
            "get",
            "G\x00T",
            "PROPFIND",
            "A" * 5000,
        )
    )
    headers = [
        rng.choice(
            ("Host: localhost", "Host: localhost", "Host: x.example", "Host:", "Host: a\r\nHost: b")
        )
    ]
    body = b""
    for _ in range(rng.randint(0, 4)):
        headers.append(
            rng.choice(
                (
                    "Accept: */*",
                    "Accept: " + "a/b;q=9," * 500,
                    "Accept: text/csv",
                    "Content-Length: -1",
                    "Content-Length: 99999999999999",
                    "Range: bytes=0-1,5-",
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: chunked, x",
                    "Content-Type: application/sparql-query",
                    "Origin: http://x.example",
                    "Content-Type: application/x-www-form-urlencoded",
                    "Content-Encoding: gzip",
                    "X: " + "a" * 70000,
                    "X" * 300 + ": y",
                    ": z",
                    "no colon",
                    "Upgrade: websocket",
                    "Expect: 100-continue",
                    "Cookie: " + text(rng),
                    "If-None-Match: *",
                    "Accept-Encoding: br",
                    " folded",
                    "A: \x00",
                )
            )
        )
    if rng.random() < 0.5:
        body = rng.choice(
            (
                b"query=SELECT",
                b"query=" + b"%" * 50,
                text(rng).encode("utf-8", "surrogatepass"),
                b"0\r\n\r\n",
                b"ffffffffffffffff\r\n",
                b"{" * 1000,
                b"SELECT * { ?s ?p ?o }",
            )
        )
        if rng.random() < 0.7:
            headers.append(f"Content-Length: {len(body)}")
    head = (
        f"{method} {path} {rng.choice(('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', '', 'x'))}\r\n"
        + "\r\n".join(headers)
    )
    made = head.encode("utf-8", "surrogatepass") + b"\r\nConnection: close\r\n\r\n" + body
    return mangled(rng, made) if rng.random() < 0.2 else made
