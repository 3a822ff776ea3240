"""Sets everything up and runs it. Needs Python 3.11 to 3.13 and nothing else.

    python3 dev.py demo     installs into .venv, builds the graph of corpus/, asks it a question,
                            writes flows.html to look at
    python3 dev.py test     installs into .venv, checks the code and runs the tests
    python3 dev.py page     builds the page's code, kg/views/app, into kg/views/templates (npm)
    python3 dev.py lock     writes the lock files anew from pyproject.toml

What stands after "test" goes to pytest: python3 dev.py test -k store
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOCKS = {"demo": "requirements.lock", "test": "requirements-dev.lock"}
APP = ROOT / "kg" / "views" / "app"
NPM = ("npm", "--prefix", "kg/views/app")
#: Programs that some tests run, their Debian packages, and what is skipped without them.
NEEDED_BY_TESTS = (
    ("java", "default-jre-headless", "the HermiT tests in tests/test_ontology.py are"),
    ("chromium", "chromium", "the browser tests are"),
    ("chromedriver", "chromium-driver", "the browser tests are"),
    ("npm", "npm", "the checks of the page's code are"),
    ("virtuoso-t", "virtuoso-opensource-7-bin", "the tests with Virtuoso are"),
)
SUPPORTED = ((3, 11), (3, 12), (3, 13))


def main() -> int:
    """Does what the first argument says; the exit status is that of what fails first."""
    command, rest = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if command not in {"demo", "test", "page", "lock"}:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    if sys.version_info[:2] not in SUPPORTED:
        return with_other_python()
    os.chdir(ROOT)
    if command == "lock":
        return lock()
    if command == "page":
        return page()
    set_up(LOCKS[command])
    return demo() if command == "demo" else test(rest)


def with_other_python() -> int:
    """Starts again with a Python that is supported, if there is one on the path."""
    for major, minor in SUPPORTED:
        found = shutil.which(f"python{major}.{minor}")
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return subprocess.call([found, *sys.argv])
    here = ".".join(map(str, sys.version_info[:2]))
    print(f"privflow needs Python 3.11, 3.12 or 3.13; this is {here}", file=sys.stderr)
    return 4


def set_up(lock_file: str) -> None:
    """Makes .venv and installs what the lock file holds, unless that is done already."""
    # What the tests need holds what the demo needs.
    for name in {lock_file, LOCKS["test"]}:
        done = VENV / f"installed-{name}"
        if done.is_file() and done.read_text("utf-8") == state(name, "pyproject.toml"):
            return
    print(f"setting up .venv from {lock_file} (once; a minute or two)", flush=True)
    make_venv()
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq"]
    run([*pip, "install", "--require-hashes", "-r", lock_file])
    run([*pip, "install", "--no-deps", "--no-build-isolation", "-e", "."])
    (VENV / f"installed-{lock_file}").write_text(state(lock_file, "pyproject.toml"), "utf-8")


def state(*files: str) -> str:
    """Changes when what the files ask for has to be installed again."""
    found = hashlib.sha256(sys.version.encode())
    for name in files:
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def make_venv() -> None:
    """Makes .venv with pip; Debian ships Python without what that takes."""
    make = [sys.executable, "-m", "venv", str(VENV)]
    if VENV.exists():
        make.append("--upgrade" if is_usable() else "--clear")
    made = subprocess.run(make, capture_output=True, text=True, check=False)
    if made.returncode and apt_install(f"python3.{sys.version_info[1]}-venv", "python3-venv"):
        made = subprocess.run(make, capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(
            f"{made.stdout}{made.stderr}\nno virtual environment could be made; on Debian: "
            "apt-get install python3-venv"
        )


def is_usable() -> bool:
    """Whether .venv is of this Python and whole."""
    ask = [str(BIN / "python"), "-c", "import pip, sys; print(sys.version)"]
    try:
        return subprocess.check_output(ask, text=True).strip() == sys.version.strip()
    except (OSError, subprocess.CalledProcessError):
        return False


def apt_install(*packages: str) -> bool:
    """Installs the first of the packages that Debian has; only root can."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    subprocess.call(["apt-get", "update", "-q"], **quiet)
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
    return any(subprocess.call([*install, package], **quiet) == 0 for package in packages)


def demo() -> int:
    """The main job on the sample corpus, and a first question."""
    command = str(BIN / "kg")
    run([command, "build", "corpus/"])
    print("\n$ kg query third-party-services --company Warblebox\n", flush=True)
    run([command, "query", "third-party-services", "--company", "Warblebox"])
    run([command, "view", "-q"])
    print(
        "\nOpen flows.html in a browser to see it; more: source .venv/bin/activate, then kg --help"
    )
    return 0


def test(rest: list) -> int:
    """Linter, formatter, types, tests; all of them run, whatever fails."""
    for program, package, skipped in NEEDED_BY_TESTS:
        if not shutil.which(program) and not apt_install(package):
            print(
                f"no {program}, and it cannot be installed from here (Debian, as root: apt-get "
                f"install {package}): {skipped} skipped",
                flush=True,
            )
    python = (str(BIN / "python"), "-m")
    steps = [
        (python, ["ruff", "check", "."]),
        (python, ["ruff", "format", "--check", "."]),
        (python, ["mypy"]),
    ]
    if page_packages():
        # Lint and form of the page's code; whether what is committed was built from it.
        steps += [((), [*NPM, "run", "-s", script]) for script in ("check", "built")]
    failed = 0
    for prefix, arguments in [*steps, (python, ["pytest", *rest])]:
        print(f"$ {' '.join(arguments)}", flush=True)
        failed = subprocess.call([*prefix, *arguments]) or failed
    return failed


def page() -> int:
    """Builds the page's code anew."""
    return subprocess.call([*NPM, "run", "-s", "build"]) if page_packages() else 1


def page_packages() -> bool:
    """Installs what builds and checks the page's code, unless that is done already."""
    done, wanted = APP / "node_modules" / ".installed", state("kg/views/app/package-lock.json")
    if done.is_file() and done.read_text("utf-8") == wanted:
        return True
    # The packages run nothing of their own when they are installed.
    if not shutil.which("npm") or subprocess.call([*NPM, "ci", "--ignore-scripts", "--silent"]):
        print("npm's packages are not here: the page's code is not built or checked", flush=True)
        return False
    done.write_text(wanted, "utf-8")
    return True


def lock() -> int:
    """Resolves pyproject.toml for all supported versions; takes uv from the package index."""
    tool = VENV.with_name(".venv-lock")
    run([sys.executable, "-m", "venv", str(tool)])
    run([str(tool / "bin" / "python"), "-m", "pip", "install", "-q", "uv"])
    resolve = [
        str(tool / "bin" / "uv"), "pip", "compile", "pyproject.toml", "-q", "--universal",
        "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate",
        "--no-emit-index-url",
    ]  # fmt: skip
    run([*resolve, "--extra", "build", "-o", "requirements.lock"])
    dev = ["--extra", "build", "--extra", "cluster", "--extra", "dev", "-c", "requirements.lock"]
    run([*resolve, *dev, "-o", "requirements-dev.lock"])
    shutil.rmtree(tool)
    return 0


def run(command: list) -> None:
    """Runs a command; ends here when it fails."""
    status = subprocess.call(command)
    if status:
        sys.exit(f"failed with status {status}: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main())
