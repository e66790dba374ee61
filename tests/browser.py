"""A real browser for tests of pages: Chromium, headless, driven through chromedriver's own protocol (W3C WebDriver)."""

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
WAIT = 15.0
"""So long is waited for what a page is to show."""
TAB, ENTER = "\ue004", "\ue007"

needs_browser = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no Chromium with its chromedriver here")


class Browser:
    """A window of Chromium; a context manager."""

    def __init__(self, profile: Path, *flags: str, size: str = "1200,1000") -> None:
        assert DRIVER is not None, "tests are marked with needs_browser"
        self._driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True)
        self._root = f"http://127.0.0.1:{self._port()}/session"
        arguments = [*FLAGS, *flags, f"--window-size={size}", f"--user-data-dir={profile}"]
        options = {"goog:chromeOptions": {"binary": CHROMIUM, "args": arguments}}
        made = self._send("POST", "", {"capabilities": {"alwaysMatch": options}})
        self._root += f"/{made['sessionId']}"

    def _port(self) -> int:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                return int(found[1])
        raise RuntimeError("chromedriver does not start")

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self._root}{path}", data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, url: str) -> None:
        """Load a page."""
        self._send("POST", "/url", {"url": url})

    def run(self, script: str) -> Any:
        """Run a script in the page and return its result; fails while a dialogue of the page is open."""
        return self._send("POST", "/execute/sync", {"script": script, "args": []})

    def wait_for(self, script: str, wanted: Callable[[Any], bool] = bool) -> Any:
        """Wait until a script's result is as wanted, and return it."""
        end = time.monotonic() + WAIT
        while not wanted(found := self.run(script)):
            assert time.monotonic() < end, f"{script} is still {found!r}"
            time.sleep(0.05)
        return found

    def press(self, key: str) -> None:
        """Press a key."""
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def tab_to(self, id: str) -> None:
        """Press Tab until the element with this id has the focus."""
        for _ in range(100):
            self.press(TAB)
            if self.run("return document.activeElement.id") == id:
                return
        raise AssertionError(f"#{id} is not reached with the keyboard")

    def screenshot(self) -> bytes:
        """Return a picture of the window, PNG."""
        return base64.b64decode(self._send("GET", "/screenshot"))

    def close(self) -> None:
        """Close the window and stop the driver."""
        self._send("DELETE", "")
        self._driver.terminate()
        self._driver.wait(10)
        assert self._driver.stdout is not None
        self._driver.stdout.close()

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
