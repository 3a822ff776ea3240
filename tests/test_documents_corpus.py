"""Finding files, and what is declared about them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from kg.documents import Declared, find, read, read_declarations, read_text
from kg.errors import InputError

POLICY = "Acme Ltd collects your personal data, as this privacy policy explains to every visitor."


def write(path: Path, text: str = POLICY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def names(*inputs: Path) -> list[str]:
    return [source.name for source in find(inputs)]


def test_order_and_suffixes(tmp_path: Path) -> None:
    for name in (
        "b.md",
        "a/z.html",
        "a/b.TXT",
        "c.pdf",
        "d.py",
        ".hidden.md",
        "README.md",
        "LICENSE.txt",
    ):
        write(tmp_path / name)
    write(tmp_path / ".git" / "x.md")
    assert names(tmp_path) == ["a/b.TXT", "a/z.html", "b.md", "c.pdf"]
    assert names(tmp_path / "d.py", tmp_path / "a") == ["d.py", "b.TXT", "z.html"]


def test_missing_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        list(find([tmp_path / "none"]))


def test_loops_and_links_outside(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write(corpus / "a" / "x.md")
    write(tmp_path / "outside.md")
    (corpus / "a" / "loop").symlink_to(corpus)
    (corpus / "out.md").symlink_to(tmp_path / "outside.md")
    (corpus / "up").symlink_to(tmp_path)
    (corpus / "self.md").symlink_to("self.md")
    found = {source.name: source for source in find([corpus])}
    assert "a/x.md" in found
    assert not [name for name in found if "outside" in name or name.startswith("up")]
    assert "out.md" not in found
    assert len(found) <= 2


def test_strange_names(tmp_path: Path) -> None:
    for name in ('q"uote.md', "new\nline.md", "..md"):
        write(tmp_path / name)
    assert sorted(names(tmp_path)) == ["new\nline.md", 'q"uote.md']
    for source in find([tmp_path]):
        assert read(source.path, name=source.name).name == source.name


def test_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    write(tmp_path / "y.md")
    first, second = find([tmp_path])
    assert first.error is not None
    assert "x.md: is a folder" in first.error
    assert second.error is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    (tmp_path / "b").mkdir(mode=0)
    sources = list(find([tmp_path]))
    assert [s.name for s in sources] == ["a.md", "b"]
    assert "cannot be read" in str(sources[1].error)


def test_archive_layout(tmp_path: Path) -> None:
    write(tmp_path / "Blue Heron" / "Privacy Policy.md")
    write(tmp_path / "policies" / "Privacy Policy.md")
    found = {source.name: source.declared for source in find([tmp_path])}
    assert found["Blue Heron/Privacy Policy.md"] == Declared(publisher="Blue Heron")
    assert found["policies/Privacy Policy.md"] is None


def test_corpus_toml(tmp_path: Path) -> None:
    write(
        tmp_path / "corpus.toml",
        '[corpus]\npublisher = "Acme Group"\n\n[policies."old/a.md"]\ndate = 2020-01-02\n'
        'updated = "3 May 2019"\nurl = "https://acme.example"\nnames = ["Ajax"]\n',
    )
    write(tmp_path / "old" / "a.md")
    write(tmp_path / "old" / "b.md")
    first, second = find([tmp_path])
    assert first.declared == Declared(
        publisher="Acme Group",
        url="https://acme.example",
        effective=date(2020, 1, 2),
        updated=date(2019, 5, 3),
        names=("Ajax",),
    )
    assert second.declared == Declared(publisher="Acme Group")
    document = read(first.path, name=first.name, declared=first.declared)
    assert (document.publisher, document.date) == ("Acme Group", date(2020, 1, 2))
    assert document.names == ("Ajax",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[corpus]\npublisher = \n", r"corpus\.toml:2: not valid TOML"),
        ("[corpus]\n\ncolour = 1\n", r"corpus\.toml:3: unknown key 'colour'"),
        ("[company]\n", r"corpus\.toml:1: unknown table 'company'"),
        ('[policies."a.md"]\ndate = "soon"\n', r"corpus\.toml:1: date is no date"),
        ("policies = 1\n", r"corpus\.toml:1: \[policies\] is no table"),
        ('[policies]\n"a.md" = 3\n', r"corpus\.toml:2: 'a\.md' is no table"),
        ("[corpus]\nnames = 3\n", "names is no list"),
        ("[corpus]\npublisher = true\n", "publisher is no text"),
    ],
)
def test_wrong_corpus_toml(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "corpus.toml", text)
    with pytest.raises(InputError, match=message):
        read_declarations(path)


def test_front_matter_wins() -> None:
    text = f"---\npublisher: Ajax\ndate: 2021-03-04\nlayout: page\n---\n{POLICY}\n"
    document = read_text(text, name="x", kind="md", declared=Declared(publisher="Acme", title="T"))
    assert (document.publisher, document.effective, document.title) == (
        "Ajax",
        date(2021, 3, 4),
        "T",
    )
    assert "layout" not in document.text


def test_rules_are_no_front_matter() -> None:
    document = read_text(f"---\nOur promise to you\n---\n{POLICY}\n", name="x", kind="md")
    assert "Our promise to you" in document.text


@pytest.mark.parametrize("body", ["publisher: [a", "date: never", "a: &x [*x, *y]", "names: 3"])
def test_wrong_front_matter(body: str) -> None:
    with pytest.raises(InputError, match="x:"):
        read_text(f"---\n{body}\n---\n{POLICY}", name="x", kind="md")
