"""Versions of a policy: from git repositories, dated files and archives; what is read again."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from kg import manifest
from kg.claims import sources
from kg.days import first_day
from kg.documents import (
    Revision,
    Wanted,
    of_services,
    read,
    read_revision,
    read_text,
    substance,
    versions,
)
from kg.documents.corpus import declared_by_place
from kg.errors import InputError, Skipped, UsageError
from kg.manifest import Status
from kg.pipeline import Report, build
from kg.queries import run
from kg.store import open_store

TEXT = """# {name} Privacy Policy

Last updated: {day}

{name} ("we") runs a shop. We collect your name and your email address to send what you order.

{more}
"""
SHARING = "We share your email address with vendors."
NOT_SELLING = "We do not sell your personal data."


def text(name: str = "Wickerby", day: str = "May 4, 2021", more: str = SHARING) -> str:
    return TEXT.format(name=name, day=day, more=more)


class Repository:
    """A git repository that grows by a commit a version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@b.example", *arguments],
            cwd=self.folder,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def record(self, when: str, **files: str) -> None:
        for service, content in files.items():
            path = self.folder / service / "Privacy Policy.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, "utf-8")
        self.commit(when)

    def commit(self, when: str) -> None:
        self.git("add", "-A")
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        self.git("commit", "-q", "--allow-empty", "-m", "Record", **dates)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Three versions of one policy, two of another, and a file that is none."""
    made = Repository(tmp_path / "archive")
    made.record("2020-02-01T10:00:00+0000", Wickerby=text(), Thistlewood=text("Thistlewood"))
    (made.folder / "README.md").write_text("# An archive\n")
    made.commit("2020-03-01T10:00:00+0000")
    made.record("2021-05-04T09:30:00+0200", Wickerby=text(more=NOT_SELLING))
    made.record(
        "2022-06-05T10:00:00+0000", Wickerby=text(), Thistlewood=text("Thistlewood", more="")
    )
    return made


def stamps(found: list[Any]) -> list[str]:
    return [source.name for source in found]


def test_every_commit_of_a_file_is_a_version_with_its_date(repository: Repository) -> None:
    found = versions(repository.folder)
    assert stamps(found) == [
        "Thistlewood/Privacy Policy.md@2020-02-01T10:00:00Z",
        "Thistlewood/Privacy Policy.md@2022-06-05T10:00:00Z",
        "Wickerby/Privacy Policy.md@2020-02-01T10:00:00Z",
        "Wickerby/Privacy Policy.md@2021-05-04T07:30:00Z",
        "Wickerby/Privacy Policy.md@2022-06-05T10:00:00Z",
    ]
    middle = found[3]
    document = read(
        middle.path, name=middle.name, declared=middle.declared, revision=middle.revision
    )
    assert (document.publisher, document.date) == ("Wickerby", date(2021, 5, 4))
    assert document.updated == date(2021, 5, 4)
    assert NOT_SELLING in document.text


def test_fewer_versions_on_request(repository: Repository) -> None:
    def asked(**given: Any) -> list[str]:
        wanted = Wanted(**given)
        found, missing = of_services(versions(repository.folder, wanted), wanted.services)
        assert missing == []
        return [f"{name[0]}{name.split('@')[1][:4]}" for name in stamps(found)]

    assert asked(since=date(2021, 1, 1)) == ["T2022", "W2021", "W2022"]
    assert asked(services=("wickerby",)) == ["W2020", "W2021", "W2022"]
    assert asked(most=2) == ["T2020", "T2022", "W2020", "W2022"]
    assert asked(most=1) == ["T2022", "W2022"]
    assert asked(paths=("Wick*",)) == ["W2020", "W2021", "W2022"]


def test_what_cannot_be_read_says_what_to_do(repository: Repository, tmp_path: Path) -> None:
    wanted = Wanted(services=("wickerbee",))
    with pytest.raises(InputError, match="no service 'wickerbee'; did you mean Wickerby"):
        build([repository.folder], tmp_path / "out", history=wanted)
    with pytest.raises(InputError, match=r"lies in the git repository .*; give that"):
        build([repository.folder / "Wickerby"], tmp_path / "out", history=Wanted())
    with pytest.raises(InputError, match=r"no commit holds \*.pdf; name the files with --path"):
        versions(repository.folder, Wanted(paths=("*.pdf",)))
    with pytest.raises(InputError, match="no version since 2030-01-01"):
        versions(repository.folder, Wanted(since=date(2030, 1, 1)))
    with pytest.raises(InputError, match="no git repository; give the folder"):
        versions(tmp_path)
    empty = Repository(tmp_path / "empty")
    with pytest.raises(InputError, match="has no commits"):
        versions(empty.folder)
    for wrong in ("yesterday", "2021-13", "21-01-01"):
        with pytest.raises(UsageError, match="is no date"):
            first_day(wrong)
    assert [first_day(given).isoformat() for given in ("2021", "2021-03", "2021-03-04")] == [
        *("2021-01-01", "2021-03-01", "2021-03-04")
    ]


def test_a_clone_of_a_bundle_has_nothing_checked_out(
    repository: Repository, tmp_path: Path
) -> None:
    bundle, clone = tmp_path / "past.bundle", tmp_path / "clone"
    # A bundle of a branch that the other side does not begin with.
    repository.git("branch", "-m", "archive")
    repository.git("bundle", "create", "-q", str(bundle), "archive")
    subprocess.run(["git", "clone", "-q", str(bundle), str(clone)], check=True, capture_output=True)
    assert stamps(versions(clone)) == stamps(versions(repository.folder))
    with pytest.raises(InputError, match="also of a bundle"):
        versions(bundle)


def test_a_version_that_is_gone_or_too_large_is_told(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Revision(repository.folder, "0" * 40, datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(InputError, match="does not hold this version"):
        read_revision(gone, "gone.md")
    found = versions(repository.folder)[0].revision
    assert found is not None
    monkeypatch.setattr("kg.documents.history.MAX_BYTES", 100)
    with pytest.raises(Skipped, match="too large"):
        read_revision(found, "large.md")


def test_what_a_merge_brings_is_a_version_of_that_day(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "draft", "HEAD~1")
    repository.record("2021-09-01T10:00:00+0000", Wickerby=text(more="We collect your age."))
    repository.git("checkout", "-q", "main")
    when = {"GIT_AUTHOR_DATE": "2023-01-01T10:00:00+0000"}
    repository.git("merge", "-q", "-X", "theirs", "-m", "Join", "draft", **when)
    found = [one for one in versions(repository.folder) if one.name.startswith("Wickerby")]
    assert stamps(found)[-2:] == [
        "Wickerby/Privacy Policy.md@2022-06-05T10:00:00Z",
        "Wickerby/Privacy Policy.md@2023-01-01T10:00:00Z",
    ]
    assert len(found) == 4
    assert found[-1].revision is not None
    head = repository.git("rev-parse", "HEAD:Wickerby/Privacy Policy.md").strip()
    assert found[-1].revision.blob == head


def test_odd_dates_and_names_do_no_harm(repository: Repository) -> None:
    name = f"@{'a' * 40},x,y.md"
    (repository.folder / name).write_text(text())
    repository.commit("2023-01-01T10:00:00+0000")
    (repository.folder / "Wickerby" / "Privacy Policy.md").unlink()
    (repository.folder / "Wickerby" / "Privacy Policy.md").symlink_to("/etc/hostname")
    repository.commit("2023-02-01T10:00:00+0000")
    tree = repository.git("write-tree").strip()
    head = repository.git("rev-parse", "HEAD").strip()
    person = "A <a@b.example>"
    raw = f"tree {tree}\nparent {head}\nauthor {person} 99999999999999 +9999\n"
    raw += f"committer {person} 1700000000 +0000\n\nOdd\n"
    (repository.folder / "Thistlewood" / "Privacy Policy.md").write_text("# Odd day")
    repository.git("add", "-A")
    raw = raw.replace(tree, repository.git("write-tree").strip())
    odd = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=repository.folder, input=raw, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    repository.git("update-ref", "refs/heads/main", odd)
    found = stamps(versions(repository.folder, Wanted(paths=("*.md",))))
    assert f"{name}@2023-01-01T10:00:00Z" in found
    assert "Thistlewood/Privacy Policy.md@2023-11-14T22:13:20Z" in found
    assert not any("Wickerby" in one and "2023" in one for one in found)


def test_no_configuration_of_a_repository_is_run(repository: Repository, tmp_path: Path) -> None:
    trap, witness = tmp_path / "trap.sh", tmp_path / "witness"
    trap.write_text(f"#!/bin/sh\ntouch {witness}\ncat\n")
    trap.chmod(0o755)
    for name in ("core.pager", "core.fsmonitor", "core.sshCommand", "diff.external", "gpg.program"):
        repository.git("config", name, str(trap))
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "diff.trap.textconv", str(trap))
    (repository.folder / ".git" / "info").mkdir(exist_ok=True)
    (repository.folder / ".git" / "info" / "attributes").write_text("*.md diff=trap\n")
    before = witness.exists()
    found = versions(repository.folder)
    assert len(found) == 5
    assert found[0].revision is not None
    read_revision(found[0].revision, "a.md")
    assert not before
    assert not witness.exists()


@pytest.mark.parametrize(
    ("path", "publisher", "series", "recorded"),
    [
        ("Wickerby/Privacy Policy.md", "Wickerby", None, None),
        ("Wickerby/Cookies Policy.md", "Wickerby", "Wickerby/Cookies Policy", None),
        (
            *("Wickerby/Privacy Policy/2021-01-02T03-04-05Z.md", "Wickerby", None),
            "2021-01-02T03:04:05+00:00",
        ),
        ("shops/wickerby/2021-01-02.md", None, "shops/wickerby", "2021-01-02T00:00:00+00:00"),
        ("wickerby 2021-01-02.html", None, "wickerby", "2021-01-02T00:00:00+00:00"),
        ("policies/2021-01-02.html", None, None, "2021-01-02T00:00:00+00:00"),
        ("w/wi/wic/wickerby.example.md", None, "wickerby.example", None),
    ],
)
def test_a_place_tells_the_line_and_the_date(
    path: str, publisher: str | None, series: str | None, recorded: str | None
) -> None:
    found = declared_by_place(PurePosixPath(path))
    assert found is not None
    moment = found.recorded.isoformat() if found.recorded else None
    assert (found.publisher, found.series, moment) == (publisher, series, recorded)


@pytest.mark.parametrize(
    "path", ["shop/policy.md", "shop/2021-02-30.md", "shop/12021-01-01.md", "x/000_2021.txt"]
)
def test_other_places_tell_nothing(path: str) -> None:
    assert declared_by_place(PurePosixPath(path)) is None


def test_the_substance_of_a_text_is_its_words() -> None:
    def of(content: str) -> str:
        return substance(read_text(content, name="a.md", kind="md"))

    same = of(text())
    assert of(text(day="June 1, 2023")) == same
    assert of(text().replace("# Wickerby Privacy", "# The Wickerby Privacy")) == same
    assert of(text().replace("vendors", "[vendors](https://v.example)")) == same
    assert of(text().replace("We share", "We  never\nshare")) != same
    assert of(text(more=f"{SHARING}\n\n{NOT_SELLING}")) != same


def test_versions_become_snapshots_with_ranges(repository: Repository, tmp_path: Path) -> None:
    repository.record("2022-07-01T10:00:00+0000", Wickerby=text(day="July 1, 2022"))
    repository.record("2022-08-01T10:00:00+0000", Wickerby=text().replace("# ", "## "))
    report = build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    assert [entry.status for entry in report.entries[2:]] == [Status.BUILT] * 3 + [Status.SAME] * 2
    assert report.counts()["same"] == 2
    assert report.known > 0
    with open_store(tmp_path / "out") as store:
        found = sources(store, company="Wickerby")
    assert [(source.date, source.until) for source in found] == [
        ("2020-02-01", None),
        ("2021-05-04", None),
        ("2022-06-05", "2022-08-01"),
    ]
    assert len({source.policy for source in found}) == 1
    # A version between two that say the same: it has to be a snapshot, and so the other again.
    again = build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    assert (again.read, again.is_changed) == (0, False)


def test_what_soon_passes_is_no_snapshot(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "archive")
    things = ("name", "age", "photos", "messages", "location", "contacts", "orders", "reviews")
    long = "\n\n".join(f"We use your {one} to improve our shop." for one in things)
    for when, content in (
        ("2020-01-01", text(more=f"{SHARING}\n\n{long}")),
        ("2020-05-01", "# Wickerby Privacy Policy\n\nPrivacy Policy of 1 May 2020"),  # broken
        ("2020-05-02", text(more=f"{SHARING}\n\n{long}")),
        ("2020-06-01", text(more=f"{NOT_SELLING}\n\n{long}")),  # taken back after three days
        ("2020-06-04", text(more=f"{SHARING}\n\n{long}")),
        ("2020-07-01", text(more="")),  # half of it
        ("2020-09-01", text(more=f"{NOT_SELLING}\n\n{long}")),
        ("2020-10-01", text(more=f"{SHARING}\n\n{long}")),  # that was a version
    ):
        repository.record(f"{when}T10:00:00+0000", Wickerby=content)
    report = build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    assert [entry.status.value for entry in report.entries] == [
        *("built", "passing", "same", "passing", "same", "passing", "built", "built")
    ]
    assert "was taken back within 7 days" in reasons(report)[3]
    with open_store(tmp_path / "out") as store:
        found = sources(store)
        changes = run("changes", store).rows
    assert [(source.date, source.until) for source in found] == [
        ("2020-01-01", "2020-06-04"),
        ("2020-09-01", None),
        ("2020-10-01", None),
    ]
    assert {row[1] for row in changes} == {"2020-09-01", "2020-10-01"}
    # The next version may turn what passed into one that lasted.
    assert build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1).read == 0


def reasons(report: Report) -> list[str]:
    return [entry.reason or "" for entry in report.entries]


def test_a_new_version_costs_what_is_new_in_it(repository: Repository, tmp_path: Path) -> None:
    build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    repository.record("2023-01-01T10:00:00+0000", Wickerby=text(more="We share it with Mastodon."))
    report = build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    assert (report.read, report.looks) == (1, 1)
    assert report.known >= 1


def test_an_interrupted_comparison_loses_nothing_that_was_read(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("kg.pipeline._compare", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    report = build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    assert (report.read, report.counts()["policies"]) == (0, 5)


def test_a_past_that_grows_gives_the_graph_that_a_fresh_build_gives(
    repository: Repository, tmp_path: Path
) -> None:
    for number in range(8):  # so many that a new version is patched in
        repository.record("2020-01-01T10:00:00+0000", **{f"Shop{number}": text(f"Shop {number}")})
    build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    # What was said for a day is said again: the passing version becomes one that lasted.
    repository.record("2022-06-07T10:00:00+0000", Wickerby=text(more="We sell your name."))
    build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    repository.record("2022-06-09T10:00:00+0000", Wickerby=text())
    passed = build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    assert passed.counts()["passing"] == 1
    repository.git("rm", "-q", "-r", "Shop3")
    repository.record("2023-01-01T10:00:00+0000", Wickerby=text(more=NOT_SELLING))
    build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    build([repository.folder], tmp_path / "fresh", history=Wanted(), jobs=1)
    assert dump(tmp_path / "out") == dump(tmp_path / "fresh")


def dump(folder: Path) -> list[bytes]:
    out = io.BytesIO()
    with open_store(folder) as store:
        store.dump(out, "nquads")
    return sorted(out.getvalue().splitlines())


def test_the_graph_is_the_same_with_and_without_a_memory(
    repository: Repository, tmp_path: Path
) -> None:
    def shards(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (folder / "quads").rglob("*.nq")}

    build([repository.folder], tmp_path / "one", history=Wanted(), jobs=1)
    build([repository.folder], tmp_path / "two", history=Wanted(), jobs=2)
    first = shards(tmp_path / "one")
    assert shards(tmp_path / "two") == first
    wanted = Wanted(services=("Wickerby",))
    build([repository.folder], tmp_path / "alone", history=wanted, jobs=1)
    alone = shards(tmp_path / "alone")
    assert len(alone) == 3
    assert all(first[name] == data for name, data in alone.items())


def test_dated_files_are_versions(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "wickerby"
    folder.mkdir(parents=True)
    (folder / "2020-02-01.md").write_text(text())
    (folder / "2021-02-01.md").write_text(text(day="January 1, 2021"))
    (folder / "2022-02-01.md").write_text(text(more=NOT_SELLING))
    build([tmp_path / "corpus"], tmp_path / "out", jobs=1)
    with open_store(tmp_path / "out") as store:
        found = sources(store)
    assert [(source.date, source.until) for source in found] == [
        ("2020-02-01", "2021-02-01"),
        ("2022-02-01", None),
    ]


def test_in_an_archive_the_text_tells_when_it_was_taken(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "archive")
    place = repository.folder / "w" / "wi" / "wic"
    place.mkdir(parents=True)
    for day, more in (("2013-05-20", SHARING), ("2016-11-02", NOT_SELLING)):
        (place / "wickerby.example.md").write_text(archived(day) + text(more=more))
        repository.commit("2021-01-01T10:00:00+0000")
    wanted = Wanted(paths=("*.md",), services=("wickerby.example",))
    build([repository.folder], tmp_path / "out", history=wanted, jobs=1)
    with open_store(tmp_path / "out") as store:
        found = sources(store)
    assert [(source.company, source.date) for source in found] == [
        ("Wickerby", "2013-05-20"),
        ("Wickerby", "2016-11-02"),
    ]


def archived(day: str) -> str:
    return (
        "> *The following text is extracted and transformed from the wickerby.example privacy "
        f"policy that was archived on {day}. Please look at the [original snapshot](https://"
        f"web.archive.org/web/{day.replace('-', '')}101112id_/http%3A//wickerby.example/p).*\n\n"
    )


def test_an_archive_page_beside_its_text_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "w" / "wi" / "wic"
    folder.mkdir(parents=True)
    (folder / "wickerby.example.md").write_text(archived("2013-05-20") + text())
    (folder / "wickerby.example.html").write_text(f"<p>{SHARING}</p>")
    report = build([tmp_path], tmp_path / "out", jobs=1)
    [entry] = report.entries
    assert entry.snapshot is not None
    assert (entry.snapshot.publisher, entry.snapshot.archived) == ("Wickerby", "2013-05-20")


def test_a_damaged_memory_costs_time_only(repository: Repository, tmp_path: Path) -> None:
    build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    shutil.rmtree(tmp_path / "out" / "quads")
    (tmp_path / "out" / "journal.sqlite").unlink()
    manifest.memory_path(tmp_path / "out").write_bytes(b"no database at all" * 100)
    report = build([repository.folder], tmp_path / "out", history=Wanted(), jobs=1)
    assert report.counts()["policies"] == 5
    assert report.looks > 0
