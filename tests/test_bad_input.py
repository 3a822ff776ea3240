"""What can be wrong with files: each is named with its reason, and the rest is built.

All of it lies in one corpus and is built once; every test looks at one kind.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

GOOD = """# Privacy Policy of {name}

{name} has created this privacy policy.

We collect your name and your email address. We share your personal information with our
service providers to send you what you have ordered.
"""
GERMAN = """# Datenschutzerklärung

Wir erheben und verarbeiten personenbezogene Daten, soweit dies für die Bereitstellung unserer
Dienste erforderlich ist. Die Daten werden nicht an Dritte weitergegeben, es sei denn, Sie haben
eingewilligt. Sie haben das Recht auf Auskunft, Berichtigung und Löschung Ihrer Daten.
"""
#: Names that a shell, a path, a terminal, SPARQL, HTML or N-Quads could trip over.
ODD_NAMES = (
    "a..%2f..%2fetc%2fpasswd.md",
    "quote\"and'apostrophe.md",
    "new\nline.md",
    "esc\x1b[31mred.md",
    "<script>alert(1)<b> .md",
    "} DROP ALL {.md",
    "back\\slash.md",
    "-rf.md",
    "\u202eright to left.md",
    "not-utf8-\udcff.md",
)
SECONDS = 90


@dataclass(frozen=True)
class Built:
    """What the command printed, how it ended, and its report."""

    code: int
    out: str
    err: str
    seconds: float
    documents: dict[str, Any]

    def reason(self, name: str, status: str) -> str:
        found = self.documents[name]
        assert found["status"] == status
        return str(found["reason"])


def build(*inputs: str | Path, folder: Path) -> Built:
    command = [sys.executable, "-m", "kg.cli", "build", *map(str, inputs), "-o", str(folder)]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, timeout=SECONDS * 2, check=False)
    seconds = time.monotonic() - started
    report = folder / "report.json"
    documents = json.loads(report.read_text("utf-8"))["documents"] if report.exists() else []
    return Built(
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
        seconds,
        {document["document"]: document for document in documents},
    )


def good(name: str) -> str:
    return GOOD.format(name=name)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One corpus with everything that can be wrong, built."""
    root = tmp_path_factory.mktemp("bad")
    corpus = root / "corpus"
    corpus.mkdir()
    (corpus / "good.md").write_text(good("Brontide Works"), "utf-8")
    (corpus / "zgood.txt").write_text(good("Calque Works"), "utf-8")

    (corpus / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (corpus / "image.md").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + os.urandom(500))
    (corpus / "truncated.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>")
    (corpus / "no.pdf").write_bytes(b"this is no PDF")
    (corpus / "utf16-cut.txt").write_bytes(good("Dormer Works").encode("utf-16")[:-1])
    (corpus / "latin1.txt").write_bytes(good("Café Dormer").encode("cp1252"))
    (corpus / "undecodable.txt").write_bytes(b"\xfe\xed\xfa\xce\x81\x8d\x8f\x90\x9d" * 300)
    with (corpus / "large.txt").open("w") as file:
        for _ in range(50):
            file.write("We collect your name. " * (2**20 // 22))
    (corpus / "long-text.txt").write_text("We collect your name. " * 300_000)
    (corpus / "long-line.txt").write_text("We may share your data with Google and " * 51_000)
    (corpus / "long-word.txt").write_text(good("Ember Works") + "a" * 2_000_000)
    (corpus / "deep.html").write_text(
        "<html><body>" + "<div>" * 10_000 + good("Fennel Works") + "</div>" * 10_000
    )
    (corpus / "deep-list.md").write_text(
        good("Garnet Works") + "".join(f"{'  ' * n}- we collect {n}\n" for n in range(500))
    )
    (corpus / "brackets.md").write_text(good("Harrow Works") + "[" * 50_000 + "*_" * 50_000)
    (corpus / "entities.html").write_text("<p>" + good("Indigo Works") + "&lt;" * 200_000)
    (corpus / "german.md").write_text(GERMAN * 3, "utf-8")
    (corpus / "empty.md").write_text("")
    (corpus / "blank.html").write_text("<html><body>\n \n</body></html>")
    (corpus / "shop.md").write_text("# Pots\n\nOur shop sells pots and pans of many colours. " * 9)
    (corpus / "front.md").write_text("---\npublisher: [\n---\n" + good("Jasper Works"))

    (corpus / "folder.md").mkdir()
    (corpus / "dangling.md").symlink_to("nowhere.md")
    (corpus / "self.md").symlink_to("self.md")
    (corpus / "loop").symlink_to(".")
    (corpus / "sub").mkdir()
    (corpus / "sub" / "up").symlink_to("..")
    os.mkfifo(corpus / "pipe.txt")
    locked = corpus / "locked.md"
    locked.write_text(good("Kestrel Works"))
    locked.chmod(0)

    odd = corpus / "odd"
    odd.mkdir()
    for number, name in enumerate(ODD_NAMES):
        (odd / name).write_text(good(f"Lantern {number} Works"), "utf-8")
    return build(corpus, folder=root / "graph")


def test_it_ends_in_time_with_the_code_for_bad_input(bad: Built) -> None:
    assert bad.code == 3
    assert bad.seconds < SECONDS


def test_nobody_sees_a_traceback_or_what_a_terminal_obeys(bad: Built) -> None:
    for text in (bad.out, bad.err):
        assert "Traceback" not in text
        assert "mistake of kg" not in text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)


@pytest.mark.parametrize(
    "name",
    ["good.md", "zgood.txt", "latin1.txt", "deep.html", "deep-list.md", *(
        f"odd/{name}" for name in ODD_NAMES
    )],
)  # fmt: skip
def test_the_rest_is_built(bad: Built, name: str) -> None:
    assert bad.documents[name]["status"] == "built", bad.documents[name]["reason"]
    assert bad.documents[name]["statements"] > 0


FAILED = {
    "binary.txt": "binary",
    "image.md": "binary",
    "truncated.pdf": "PDF",
    "no.pdf": "PDF",
    "utf16-cut.txt": "damaged",
    "undecodable.txt": "encoding|binary",
    "front.md": "front matter",
    "folder.md": "is a folder",
    "dangling.md": "cannot be read|no such file",
    "self.md": "cannot be read|cannot be opened",
    "pipe.txt": "no regular file",
}


@pytest.mark.parametrize(("name", "why"), FAILED.items(), ids=FAILED)
def test_what_cannot_be_read_is_named_with_its_reason(bad: Built, name: str, why: str) -> None:
    reason = bad.reason(name, "failed")
    assert reason.startswith(name)
    assert re.search(why, reason, re.IGNORECASE)
    assert name in bad.out


SKIPPED = {
    "large.txt": "too large",
    "long-text.txt": "too large",
    "german.md": "not English",
    "empty.md": "empty",
    "blank.html": "empty",
    "shop.md": "no privacy policy",
}


@pytest.mark.parametrize(("name", "why"), SKIPPED.items(), ids=SKIPPED)
def test_what_is_not_for_us_is_named_with_its_reason(bad: Built, name: str, why: str) -> None:
    reason = bad.reason(name, "skipped")
    assert reason.startswith(name)
    assert why in reason
    assert name in bad.out


@pytest.mark.parametrize("name", ["long-line.txt", "long-word.txt", "brackets.md", "entities.html"])
def test_what_is_odd_but_can_be_read_ends_in_some_way(bad: Built, name: str) -> None:
    assert bad.documents[name]["status"] in {"built", "skipped"}


def test_a_locked_file(bad: Built) -> None:
    if os.geteuid() == 0:
        assert bad.documents["locked.md"]["status"] == "built"  # root reads everything
    else:
        assert "permission" in bad.reason("locked.md", "failed")


def test_loops_are_walked_once(bad: Built) -> None:
    assert not [name for name in bad.documents if name.startswith(("loop/", "sub/"))]


def test_every_file_is_accounted_for(bad: Built) -> None:
    # Those named in this module, the good ones, the locked one; not the two loops.
    assert len(bad.documents) == len(FAILED) + len(SKIPPED) + 4 + 5 + 1 + len(ODD_NAMES)
    for document in bad.documents.values():
        assert document["status"] == "built" or document["reason"]


def test_an_empty_corpus_is_told(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    done = build(tmp_path / "corpus", folder=tmp_path / "graph")
    assert done.code == 3
    assert "corpus: holds no policy" in done.err
    assert "Traceback" not in done.err


def test_only_skipped_files_are_no_error(tmp_path: Path) -> None:
    (tmp_path / "german.md").write_text(GERMAN * 3, "utf-8")
    done = build(tmp_path / "german.md", folder=tmp_path / "graph")
    assert done.code == 0
    assert "not English" in done.out


def test_one_missing_input_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(good("Brontide Works"))
    done = build(tmp_path / "nix.md", tmp_path / "good.md", folder=tmp_path / "graph")
    assert done.code == 3
    assert done.documents["good.md"]["status"] == "built"
    assert "nix.md: there is no such file" in done.out


def test_declarations_that_are_wrong_are_named_with_their_line(
    tmp_path: Path, kg: Callable[..., Any]
) -> None:
    (tmp_path / "good.md").write_text(good("Brontide Works"))
    (tmp_path / "corpus.toml").write_text('[policies."good.md"]\npublisher = \n')
    done = kg("build", tmp_path, "-o", tmp_path / "graph")
    assert done.code == 3
    assert "corpus.toml:2" in done.err


@pytest.mark.parametrize("place", ["/dev/null/graph", "/proc/graph"])
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, kg: Callable[..., Any], place: str
) -> None:
    (tmp_path / "good.md").write_text(good("Brontide Works"))
    done = kg("build", tmp_path / "good.md", "-o", place)
    assert done.code == 1
    assert "cannot be written" in done.err
