"""Drives Debian's Chromium through what a person does with a page, and tells what the page did.

The fixture `page` of conftest.py gives a `Page` in a browser that all tests share:

    @needs_chromium
    def test_the_filter(page: Page, tmp_path: Path) -> None:
        page.open(tmp_path / "view.html")
        page.click("#filter")
        page.type("google")
        page.wait("document.querySelectorAll('.row').length === 1")
        assert page.console() == page.requests() == []

Nothing leaves the machine: whatever the browser asks for goes to a listener that only takes note.
"""

from __future__ import annotations

import http.server
import json
import re
import shutil
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

APP = Path(__file__).resolve().parents[1] / "kg" / "views" / "app"
AXE = APP / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMEDRIVER = shutil.which("chromedriver")

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None or CHROMEDRIVER is None,
    reason="needs Chromium and its driver: apt-get install chromium chromium-driver",
)
needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="needs Node.js: apt-get install nodejs"
)
needs_axe = pytest.mark.skipif(
    not AXE.is_file(), reason="needs axe-core: npm ci in kg/views/app, or python3 dev.py test"
)

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--lang=en-US",
    "--force-device-scale-factor=1",
    "--proxy-bypass-list=<-loopback>",
)
SIZE = (1280, 800)
#: Where Chromium looks by itself, whatever page it shows.
CHROMIUMS_OWN = re.compile(r"(?:^|[/.])(?:google|googleapis|gvt1|duckduckgo)\.com(?=[:/]|$)")


class _Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        with suppress(ConnectionError):  # the browser may have given up meanwhile
            self.send_error(404)

    do_CONNECT = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_GET  # noqa: N815 - names of the base

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A proxy that gives nothing: its port, and what was asked of it."""
    asked: list[str] = []
    kind = type("Listener", (_Listener,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1], asked
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Browser:
    """A running Chromium, and what it asked of the network."""

    driver: Chrome
    asked: list[str]


@contextmanager
def started(folder: Path, *flags: str) -> Iterator[Browser]:
    """A Chromium with a new profile in the folder, ended at the end; flags come after the usual."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService  # noqa: PLC0415 - slow

    with listening() as (port, asked):
        options = ChromeOptions()
        options.binary_location = CHROMIUM or "chromium"
        for flag in (*FLAGS, *flags):
            options.add_argument(flag)
        options.add_argument(f"--user-data-dir={folder / 'profile'}")
        options.add_argument(f"--proxy-server=127.0.0.1:{port}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # With the driver named, selenium neither looks for one nor reports its use.
        service = ChromeService(executable_path=CHROMEDRIVER, log_output=subprocess.DEVNULL)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("SE_OFFLINE", "true")
            patched.setenv("SE_AVOID_STATS", "true")
            patched.setenv("no_proxy", "localhost,127.0.0.1")
            driver = Chrome(options=options, service=service)
        try:
            yield Browser(driver, asked)
        finally:
            driver.quit()


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Waits for the condition; false when it did not come true in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@dataclass
class Page:
    """One page, and what it did since it was opened.

    Attributes:
        browser: Where it is shown; `driver` is selenium's, for what has no method here.
        folder: Gets the downloads.
        stays: Whether what was open before it is left open.
    """

    browser: Browser
    folder: Path
    stays: bool = False
    _file: str = ""
    _console: list[str] = field(default_factory=list)
    _requests: list[str] = field(default_factory=list)
    _asked_before: int = 0
    _media: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Forgets what an earlier page left behind."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.stays:
            self._forget()
        else:
            self._leave()
        self.cdp("Storage.clearDataForOrigin", origin="file://", storageTypes="all")
        self.cdp(
            "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.folder.resolve())
        )
        self.size(*SIZE)
        self._emulate(type="", scheme="light", motion="no-preference", forced="none")

    @property
    def driver(self) -> Chrome:
        return self.browser.driver

    def cdp(self, command: str, **arguments: object) -> dict[str, Any]:
        """A command of the Chrome DevTools protocol."""
        found: dict[str, Any] = self.driver.execute_cdp_cmd(command, arguments)
        return found

    # What a person does

    def open(self, path: Path, fragment: str = "") -> None:
        """Loads the file anew, also when it is open already."""
        if self._file or self.stays:
            self._leave()
        self._file = path.resolve().as_uri()
        self.driver.get(f"{self._file}#{fragment}" if fragment else self._file)

    def shows(self, path: Path) -> bool:
        """Whether the file is open already, with whatever was done in it."""
        file = path.resolve().as_uri()
        is_open = bool(self.run("return location.href.split('#')[0] === arguments[0]", file))
        if is_open:
            self._file = file
        return is_open

    def click(self, css: str) -> None:
        """Clicks the middle of the one element that is meant; fails when something covers it."""
        self._one(css).click()

    def click_at(self, x: float, y: float) -> None:
        """Clicks whatever is at a point of the viewport, given in CSS pixels."""
        from selenium.webdriver.common.actions.action_builder import ActionBuilder  # noqa: PLC0415

        actions = ActionBuilder(self.driver, duration=0)
        actions.pointer_action.move_to_location(x, y).click()
        actions.perform()

    def hover(self, css: str) -> None:
        self._actions().move_to_element(self._one(css)).perform()

    def key(self, *keys: str) -> None:
        """Presses keys one after the other: "Tab", "Shift+Tab", "ArrowDown", "/", "Control+a"."""
        from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

        def code(name: str) -> str:
            snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
            return name if len(name) == 1 else str(getattr(Keys, snake))

        for key in keys:
            *held, last = key.split("+") if len(key) > 1 else [key]
            actions = self._actions()
            for name in held:
                actions.key_down(code(name))
            actions.send_keys(code(last))
            for name in reversed(held):
                actions.key_up(code(name))
            actions.perform()

    def type(self, text: str) -> None:
        """Writes into what has the focus."""
        self._actions().send_keys(text).perform()

    def size(self, width: int, height: int) -> None:
        """The viewport, in CSS pixels."""
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def dark(self, on: bool = True) -> None:
        self._emulate(scheme="dark" if on else "light")

    def reduced_motion(self, on: bool = True) -> None:
        self._emulate(motion="reduce" if on else "no-preference")

    def forced_colours(self, on: bool = True) -> None:
        """Shows it in the few colours of a reader who wants contrast."""
        self._emulate(forced="active" if on else "none")

    def print_media(self, on: bool = True) -> None:
        """Shows the page as it would be printed, as far as @media print goes."""
        self._emulate(type="print" if on else "")

    # What the page shows

    def run(self, script: str, *arguments: object) -> Any:
        """What the script returns; its arguments are `arguments[0]` and so on."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition: str, seconds: float = 5) -> None:
        """Until the expression is true; one that throws is not true yet."""
        from selenium.common.exceptions import JavascriptException  # noqa: PLC0415

        last = ""

        def holds() -> bool:
            nonlocal last
            try:
                return bool(self.run(f"return !!({condition})"))
            except JavascriptException as error:
                last = (error.msg or "").splitlines()[0]
                return False

        if not until(holds, seconds):
            pytest.fail(f"not within {seconds} s: {condition}\n{last}\n{self.console()}")

    def texts(self, css: str) -> list[str]:
        """The text of every element that fits, as it is shown."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)", css
        )
        return found

    def pixels(self, png: Path) -> tuple[int, int, int]:
        """Width and height of a picture, and how many colours it has; the page must allow data:."""
        found: list[int] = self.driver.execute_async_script(
            """
            const [source, done] = arguments;
            const image = new Image();
            image.onerror = () => done([0, 0, 0]);
            image.onload = () => {
              const canvas = document.createElement('canvas');
              canvas.width = image.width;
              canvas.height = image.height;
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const { data } = context.getImageData(0, 0, image.width, image.height);
              done([image.width, image.height, new Set(new Uint32Array(data.buffer)).size]);
            };
            image.src = source;
            """,
            f"data:image/png;base64,{b64encode(png.read_bytes()).decode()}",
        )
        return found[0], found[1], found[2]

    def screenshot(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        assert self.driver.save_screenshot(str(path))
        return path

    def downloaded(self, name: str, seconds: float = 5) -> Path:
        """The file that was downloaded under the name, once it is whole."""
        file = self.folder / name
        # An empty file holds the place until the download is moved there.
        if not until(lambda: file.is_file() and file.stat().st_size > 0, seconds):
            there = sorted(path.name for path in self.folder.iterdir())
            pytest.fail(f"no {name} within {seconds} s, but {there}; {self.console()}")
        return file

    # What the page did

    def console(self) -> list[str]:
        """All messages and errors since it was opened: "SEVERE javascript: Uncaught ..."."""
        for entry in self.driver.get_log("browser"):
            said = f"{entry['level']} {entry['source']}: {entry['message']}"
            self._console.append(said.replace(self._file, Path(self._file).name))
        return list(self._console)

    def requests(self) -> list[str]:
        """The addresses that it asked for since it was opened, also those that its policy stopped.

        Left out are the page itself, `data:` and `blob:`.
        """
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                self._note(event["params"]["request"]["url"], event["params"].get("type", ""))
            elif event["method"] == "Network.webSocketCreated":
                self._note(event["params"]["url"])
        # Workers and new windows speak to the network past the log.
        for address in self.browser.asked[self._asked_before :]:
            if not CHROMIUMS_OWN.search(address.split("?")[0]):
                self._note(address)
        return list(self._requests)

    def _note(self, address: str, kind: str = "") -> None:
        own = kind == "Document" and address.split("#", maxsplit=1)[0] == self._file
        if not own and not address.startswith(("data:", "blob:", "about:")):
            self._requests += [address] if address not in self._requests else []

    def axe(self, context: str | None = None) -> list[str]:
        """Serious and critical faults of accessibility, in the part that fits the selector.

        Each is "rule (impact): help: selector, ...".
        """
        self.run(AXE.read_text("utf-8"))
        found = self.driver.execute_async_script(
            """
            const [context, done] = arguments;
            axe.run(context ?? document, { preload: false, resultTypes: ['violations'] })
              .then((result) => done({ violations: result.violations }))
              .catch((error) => done({ error: String(error) }));
            """,
            context,
        )
        assert "error" not in found, found["error"]
        return [
            f"{fault['id']} ({fault['impact']}): {fault['help']}: "
            + ", ".join(" ".join(map(str, node["target"])) for node in fault["nodes"])
            for fault in found["violations"]
            if fault["impact"] in {"serious", "critical"}
        ]

    # How

    def _leave(self) -> None:
        """Goes to an empty page, and forgets what happened until then."""
        self.driver.get("about:blank")
        self._forget()

    def _forget(self) -> None:
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self._console.clear()
        self._requests.clear()
        self._asked_before = len(self.browser.asked)

    def _emulate(self, **changes: str) -> None:
        self._media.update(changes)
        self.cdp(
            "Emulation.setEmulatedMedia",
            media=self._media["type"],
            features=[
                {"name": "prefers-color-scheme", "value": self._media["scheme"]},
                {"name": "prefers-reduced-motion", "value": self._media["motion"]},
                {"name": "forced-colors", "value": self._media["forced"]},
            ],
        )

    def _one(self, css: str) -> Any:
        found = [e for e in self.driver.find_elements("css selector", css) if e.is_displayed()]
        assert found, f"nothing is shown that fits {css}"
        return found[0]

    def _actions(self) -> Any:
        from selenium.webdriver import ActionChains  # noqa: PLC0415

        return ActionChains(self.driver, duration=0)
