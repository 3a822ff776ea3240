"""Store -> networkx -> HTML: :func:`flow_graph` for analysis, :func:`render` for reading."""

from __future__ import annotations

from kg.views.network import flow_graph, write_graphml
from kg.views.page import render
from kg.views.scope import Scope

__all__ = ["Scope", "flow_graph", "render", "write_graphml"]
