"""The source of the page in kg/views/app: its lint, its tests, and what is built from it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from browser import APP, needs_node

TEMPLATES = APP.parent / "templates"
BUILT = ("page.js", "page.css")
ESLINT = str(APP / "node_modules" / ".bin" / "eslint")

PRETTIER = str(APP / "node_modules" / ".bin" / "prettier")
ROOT = Path(__file__).resolve().parents[1]
NODE_TESTS = sorted((ROOT / "tests" / "page").glob("*.test.mjs"))

needs_packages = pytest.mark.skipif(
    shutil.which("npm") is None or not (APP / "node_modules" / ".bin" / "esbuild").exists(),
    reason="needs npm and its packages: apt-get install npm, then python3 dev.py test",
)


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _npm(*arguments: str) -> None:
    done = subprocess.run(
        ["npm", "run", "-s", *arguments], cwd=APP, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _complaints(code: str) -> dict[int, set[str]]:
    """Line -> the rules it breaks, if the code were a module of the page."""
    done = subprocess.run(
        [ESLINT, "--stdin", "--stdin-filename", "some.js", "--format", "json"],
        cwd=APP, input=code, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    [result] = json.loads(done.stdout)
    found: dict[int, set[str]] = {}
    for message in result["messages"]:
        assert not message.get("fatal"), message
        assert message["severity"] == 2, message
        found.setdefault(message["line"], set()).add(message["ruleId"])
    return found


@needs_packages
def test_the_code_passes_its_checks() -> None:
    _npm("check")


@needs_packages
def test_the_page_was_built_from_the_code(tmp_path: Path) -> None:
    _npm("build", "--", f"--outdir={tmp_path}")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(BUILT)
    for name in BUILT:
        same = (tmp_path / name).read_bytes() == (TEMPLATES / name).read_bytes()
        assert same, f"{name} is not what kg/views/app makes: python3 dev.py page"


FORBIDDEN = (
    "x.innerHTML = y",
    "x['innerHTML'] = y",
    "x[`innerHTML`] = y",
    "Object.assign(x, { innerHTML: y })",
    "x.outerHTML = y",
    "x.insertAdjacentHTML('beforeend', y)",
    "document.write(y)",
    "window.document.writeln(y)",
    "eval(y)",
    "x(new Function(y))",
    "setTimeout('y()', 1)",
    "x.srcdoc = y",
    "x.setAttribute('srcdoc', y)",
    "x(new DOMParser())",
    "document.createRange().createContextualFragment(y)",
    "x.setHTMLUnsafe(y)",
    "x.href = 'javascript:y()'",
    "x.href = `javascript:${y}`",
    "x.setAttribute('style', y)",
    "x.setAttribute('onclick', y)",
    "x.setAttributeNS(null, 'style', y)",
    "fetch(y)",
    "import('./y.js')",
    "var z = 1; x(z)",
    "let z = 1; x(z)",
    "if (x == y) x()",
    "z = x",
)
ALLOWED = (
    "x.textContent = y",
    "x.append(document.createElement('b'), y)",
    "x.style.left = `${y}px`",
    "x.style.setProperty('--width', y)",
    "x.setAttribute('aria-label', y)",
    "x.setAttributeNS(null, 'd', y)",
    "x.addEventListener('click', () => y())",
    "x.href = URL.createObjectURL(new Blob([y]))",
    "navigator.clipboard.writeText(y)",
    "new XMLSerializer().serializeToString(x)",
)


@needs_packages
def test_the_lint_forbids_what_it_should_and_no_more() -> None:
    lines = [f"export function f{i}(x, y) {{ x(y); {code}; }}" for i, code in enumerate(FORBIDDEN)]
    lines += [f"export function g{i}(x, y) {{ x(y); {code}; }}" for i, code in enumerate(ALLOWED)]
    found = _complaints("\n".join(lines) + "\n")
    assert sorted(found) == list(range(1, len(FORBIDDEN) + 1))


@needs_packages
def test_the_lint_knows_the_page_from_other_programs() -> None:
    assert _complaints("process.exit(0);\n") == {1: {"no-undef"}}
    assert _complaints("document.title = 'a';\n") == {}


@needs_packages
def test_the_lint_keeps_functions_and_files_short() -> None:
    branches = "".join(f"if (x === {i}) x();" for i in range(15))
    assert _complaints(f"export function f(x) {{ {branches} }}\n") == {1: {"complexity"}}
    [(_, rules)] = _complaints("document.title = 'a';\n" * 301).items()
    assert rules == {"max-lines"}


@needs_packages
def test_an_exception_that_nothing_needs_is_an_error() -> None:
    line = "// eslint-disable-next-line no-eval\ndocument.title = 'a';\n"
    assert len(_complaints(line)) == 1


def test_there_are_tests_of_the_code() -> None:
    names = {path.name.removesuffix(".test.mjs") for path in NODE_TESTS}
    assert names >= {
        *("changes", "concepts", "data", "filter", "flow", "flow-layout", "state", "words"),
    }


@needs_node
@pytest.mark.parametrize("file", NODE_TESTS, ids=lambda path: path.name)
def test_the_code_does_what_it_should(file: Path) -> None:
    done = subprocess.run(
        ["node", "--test", "--test-reporter=spec", str(file)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.split("failing tests:")[-1] + done.stderr
    passed = re.search(r"^ℹ pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed, done.stdout
    assert int(passed[1]) >= 6


@needs_packages
def test_the_tests_of_the_code_pass_its_checks() -> None:
    folder = str(ROOT / "tests" / "page")
    _run(ESLINT, "--config", str(APP / "eslint.config.js"), "--max-warnings", "0", folder)
    _run(PRETTIER, "--config", str(APP / ".prettierrc.json"), "--check", folder)
