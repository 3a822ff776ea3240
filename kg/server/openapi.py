"""The description of the server as OpenAPI 3.1, made of what the endpoints themselves read.

The canned questions' front matter becomes one path each, with its own parameters and columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg import __version__
from kg.queries import Query, get, names
from kg.server import media, parameters
from kg.server.options import Options
from kg.server.parameters import COMPANY, OFFSET, VIEW, Parameter
from kg.server.problems import PROBLEMS

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_MAYBE = {"type": ["string", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_MAYBE_COUNT = {"type": ["integer", "null"], "minimum": 0}
_CELL = {"type": ["string", "number", "boolean", "null"]}
_PLACE = {"text": _TEXT, "start": _COUNT, "end": _COUNT}
_FORM = "application/x-www-form-urlencoded"


def _object(properties: dict[str, Any], *, optional: Iterable[str] = ()) -> dict[str, Any]:
    left = frozenset(optional)
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in left],
        "additionalProperties": False,
    }


_SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "properties": {
            "type": {"type": "string", "enum": [f"/problems#{name}" for name in PROBLEMS]},
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT,
            "available": _TEXTS,
        },
        "required": ["type", "title", "status", "detail"],
    },
    "SparqlResults": {
        "type": "object",
        "description": "SPARQL 1.1 Query Results JSON Format. An answer that was cut has "
        "/limits in head.link.",
        "properties": {
            "head": {
                "type": "object",
                "properties": {"vars": _TEXTS, "link": _TEXTS},
            },
            "results": {
                "type": "object",
                "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
                "required": ["bindings"],
            },
            "boolean": {"type": "boolean"},
        },
        "required": ["head"],
    },
    "Questions": {
        "type": "array",
        "items": _object(
            {
                "name": _TEXT,
                "question": _TEXT,
                "parameters": {
                    "type": "array",
                    "items": _object(
                        {"name": _TEXT, "required": {"type": "boolean"}, "meaning": _TEXT}
                    ),
                },
                "columns": _TEXTS,
                "view": {"type": "string", "description": "How the answer is best drawn."},
                "href": _TEXT,
                "sparql": _TEXT,
            }
        ),
    },
    "Snapshots": _object(
        {
            "total": _COUNT,
            "offset": _COUNT,
            "next": _MAYBE,
            "rows": {
                "type": "array",
                "items": _object(
                    {
                        "iri": _TEXT,
                        "policy": {"type": "string", "description": "IRI of the policy line."},
                        "company": _TEXT,
                        "company_iri": _TEXT,
                        "title": _TEXT,
                        "date": _MAYBE,
                        "until": _MAYBE,
                        "recorded": _MAYBE,
                        "documents": _TEXTS,
                        "urls": _TEXTS,
                        "statements": _COUNT,
                        "denials": _COUNT,
                        "sentences": _COUNT,
                    }
                ),
            },
        }
    ),
    "Statement": _object(
        {
            "iri": _TEXT,
            "claim": {"type": "string", "description": "What is said, in a line."},
            "denial": {"type": "boolean"},
            "action": _TEXT,
            "modality": _TEXT,
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "support": _TEXT,
            "actor": _TEXT,
            "data_subject": _MAYBE,
            "company": _TEXT,
            "title": _TEXT,
            "date": _MAYBE,
            "documents": _TEXTS,
            "urls": _TEXTS,
            "headings": _TEXTS,
            "sentence": {
                **_object(_PLACE),
                "description": "Offsets are code points of the document's text.",
            },
            "segments": {"type": "array", "items": _object({"text": _TEXT, "roles": _TEXTS})},
            "context": {"type": "array", "items": _object(_PLACE)},
            "roles": {
                "type": "array",
                "items": _object({"name": _TEXT, **_PLACE, "label": _MAYBE, "iri": _MAYBE}),
            },
        }
    ),
    "Health": _object(
        {
            "status": {"const": "ok"},
            "version": _TEXT,
            "generation": _TEXT,
            "since": {"type": "string", "format": "date-time"},
            **dict.fromkeys(("quads", "graphs"), _MAYBE_COUNT),
            **dict.fromkeys(("processes", "slow", "waiting"), _COUNT),
        }
    ),
    "Limits": _object(
        {
            "limit_seconds": {"type": "number"},
            "memory_bytes": _COUNT,
            "rows": _COUNT,
            "answer_bytes": _COUNT,
            "request_bytes": _COUNT,
            "query_characters": _COUNT,
            "requests_per_second": {"type": "number", "minimum": 0},
        }
    ),
    "Problems": {
        "type": "object",
        "additionalProperties": _object({"status": {"type": "integer"}, "title": _TEXT}),
    },
}


def document(options: Options) -> dict[str, Any]:
    """The description, for these options."""
    secured: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}] if options.token else []
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "privflow",
            "version": __version__,
            "summary": "What privacy policies say, as a graph.",
            "description": "Answers are of one generation of the graph, which the ETag tells "
            "apart. Every answer to GET can be asked for with HEAD. Limits: /limits.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "security": secured,
        "paths": {
            "/": {"get": _page("The page to ask on.", "start")},
            "/sparql": _sparql(options),
            "/queries": {
                "get": _operation("questions", "The canned questions.", _json("Questions"))
            },
            **{f"/queries/{name}": {"get": _question(get(name), options)} for name in names()},
            "/snapshots": {
                "get": _operation(
                    "snapshots",
                    "The policies of the graph, each as it stood at some time.",
                    _json("Snapshots"),
                    _in_query(COMPANY, parameters.limit(options.max_rows), OFFSET),
                    fails=(404,),
                    asks=True,
                    headers=_paged(),
                )
            },
            "/statements/{digits}": {
                "get": _operation(
                    "statement",
                    "Why the graph holds a statement: its sentence, and who does what in it.",
                    {**_json("Statement"), **_graphs()},
                    [_in_path("digits", "^[0-9a-f]{1,16}$", "the end of its IRI, or a part of it")],
                    fails=(404,),
                    asks=True,
                )
            },
            "/id/{kind}/{digits}": {
                "get": _operation(
                    "described",
                    "What the graph says of one of its own things, by the end of its IRI.",
                    _graphs(),
                    [
                        _in_path("kind", "^[a-z]{1,20}$", "such as party, policy, statement"),
                        _in_path("digits", "^[0-9a-f]{16}$", "the end of the IRI"),
                    ],
                    fails=(404,),
                    asks=True,
                )
            },
            "/view": {"get": _page("What policies say, to look at.", "view", VIEW, asks=True)},
            "/health": {
                "get": {
                    **_operation(
                        "health", "Whether the graph can be asked.", _json("Health"), asks=True
                    ),
                    "security": [],
                }
            },
            "/limits": {
                "get": _operation("limits", "What may be asked of the server.", _json("Limits"))
            },
            "/problems": {
                "get": _operation(
                    "problems", "The problems that answers may tell of.", _json("Problems")
                )
            },
            "/openapi.json": {
                "get": _operation(
                    "openapi",
                    "This description.",
                    {media.JSON: {"schema": {"type": "object"}}},
                )
            },
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "Any name, and the token as the password.",
                },
            },
        },
    }


def _question(query: Query, options: Options) -> dict[str, Any]:
    limit = parameters.limit(options.max_rows)
    row = _object(dict.fromkeys(query.columns, _CELL))
    answer = _object(
        {
            "query": {"const": query.name},
            "question": _TEXT,
            "parameters": {"type": "object", "additionalProperties": _TEXT},
            "columns": {"const": list(query.columns)},
            "total": _COUNT,
            "offset": _COUNT,
            "next": _MAYBE,
            "rows": {"type": "array", "items": row},
        }
    )
    return _operation(
        f"question-{query.name}",
        query.question,
        {media.JSON: {"schema": answer}, media.CSV: {"schema": _TEXT}},
        _in_query(*parameters.of_address(query, limit)),
        fails=(404,),
        asks=True,
        headers=_paged(),
    )


def _sparql(options: Options) -> dict[str, Any]:
    graphs = {
        name: {"type": "array", "items": {"type": "string", "format": "iri"}, "maxItems": 50}
        for name in ("default-graph-uri", "named-graph-uri")
    }
    query = {"type": "string", "minLength": 1, "maxLength": options.max_query}
    content = {
        **_json("SparqlResults", "application/sparql-results+json", media.JSON),
        **{kind: {"schema": _TEXT} for kind in media.ROWS if not kind.endswith("json")},
        **_graphs(),
    }
    headers = {
        "X-Result-Cut": {
            "description": "After what the answer was cut: rows, triples or bytes, and how many.",
            "schema": _TEXT,
        }
    }
    parameters_in_address = [
        {"name": "query", "in": "query", "schema": query, "description": "SPARQL 1.1"},
        *(
            {"name": name, "in": "query", "schema": schema, "description": "A graph of the store."}
            for name, schema in graphs.items()
        ),
    ]
    get_operation = _operation(
        "sparql-get",
        "The SPARQL 1.1 Protocol; without a query the description of the service.",
        content,
        parameters_in_address,
        fails=(403,),
        asks=True,
        headers=headers,
    )
    get_operation["responses"]["303"] = {
        "description": "To the page to ask on, for browsers that bring no query.",
        "headers": {"Location": {"schema": _TEXT, "required": True}},
    }
    post_operation = _operation(
        "sparql-post",
        "The SPARQL 1.1 Protocol.",
        content,
        parameters_in_address[1:],
        fails=(403, 408, 413, 415),
        asks=True,
        headers=headers,
    )
    del post_operation["responses"]["304"]
    post_operation["requestBody"] = {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "properties": {"query": query, **graphs},
                    "required": ["query"],
                }
            },
            "application/sparql-query": {"schema": query},
        },
    }
    return {"get": get_operation, "post": post_operation}


def _operation(
    name: str,
    summary: str,
    content: dict[str, Any],
    parameters: list[dict[str, Any]] | None = None,
    *,
    fails: Iterable[int] = (),
    asks: bool = False,
    headers: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """An operation; one that asks the graph can meet its limits."""
    statuses = {400, 401, 403, 406, 421, 429, 500, *fails, *((503,) if asks else ())}
    etag = {"ETag": {"schema": _TEXT}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": {**etag, **(headers or {})},
                "content": content,
            },
            "304": {"description": "The client has it already."},
            **{str(status): _failure(status) for status in sorted(statuses)},
        },
    }


def _failure(status: int) -> dict[str, Any]:
    titles = [title for code, title in PROBLEMS.values() if code == status]
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    failure: dict[str, Any] = {
        "description": "; or ".join(titles),
        "content": {media.PROBLEM: schema, media.HTML: {"schema": _TEXT}},
    }
    if status in {429, 503}:
        failure["headers"] = {"Retry-After": {"schema": _TEXT}}
    if status == 401:
        failure["headers"] = {"WWW-Authenticate": {"schema": _TEXT, "required": True}}
    return failure


def _page(
    summary: str, name: str, taken: Iterable[Parameter] = (), *, asks: bool = False
) -> dict[str, Any]:
    return _operation(
        name,
        summary,
        {media.HTML: {"schema": _TEXT}},
        _in_query(*taken),
        fails=(404,) if asks else (),
        asks=asks,
    )


def _json(schema: str, *kinds: str) -> dict[str, Any]:
    found = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return dict.fromkeys(kinds or (media.JSON,), found)


def _graphs() -> dict[str, Any]:
    return {kind: {"schema": {} if kind.endswith("json") else _TEXT} for kind in media.GRAPHS}


def _paged() -> dict[str, Any]:
    return {
        "X-Total-Count": {"description": "Rows of the whole answer.", "schema": _COUNT},
        "Link": {"description": "rel=next: where the rows go on.", "schema": _TEXT},
    }


def _in_query(*taken: Parameter) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "in": "query",
            "required": one.is_required,
            "description": one.meaning,
            "schema": one.schema(),
        }
        for one in taken
    ]


def _in_path(name: str, pattern: str, meaning: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": meaning,
        "schema": {"type": "string", "pattern": pattern},
    }
