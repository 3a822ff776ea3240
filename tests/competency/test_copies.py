"""Copies of a graph: other companies that say the same, and nothing of the original's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from companies import graph

from bench.copies import company_name, make, shards
from kg.queries import run
from kg.store import Store, build_store, open_store


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "kg-data"
    build_store([graph()], path)
    return path


@pytest.fixture(scope="module")
def copied(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("copied") / "kg-data"
    make([original], 40_000, path)
    return path


def counts(store: Store) -> list[tuple[object, ...]]:
    return sorted(row[1:5] for row in run("counts", store).rows)


def test_names_differ() -> None:
    assert len({company_name(number) for number in range(10_000)}) == 10_000


def test_the_same_graph_gives_the_same_copies(original: Path) -> None:
    assert list(shards([original], 30_000)) == list(shards([original], 30_000))


def test_each_copy_states_what_its_original_states(original: Path, copied: Path) -> None:
    with open_store(original) as one, open_store(copied) as other:
        names = {row[0] for row in run("counts", one).rows}
        assert not names & {row[0] for row in run("counts", other).rows}
        assert set(counts(one)) == set(counts(other))
        times = len(counts(other)) / len(counts(one))
        assert times >= 2
        assert len(run("recipients", other).rows) >= 2 * len(run("recipients", one).rows)


def test_flow_keys_fit_the_copies(original: Path, copied: Path) -> None:
    with open_store(original) as one, open_store(copied) as other:
        flows = {
            sum(len(run("timeline", store, company=str(row[0])).rows) for row in rows)
            / len([row for row in rows if row[1] == 2])
            for store in (one, other)
            if (rows := run("counts", store).rows)
        }
    assert len(flows) == 1
    assert flows.pop() > 0
