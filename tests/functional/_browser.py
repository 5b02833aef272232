"""Debian's Chromium, without a screen, driven by selenium."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from twisted.trial.unittest import SkipTest

from tests.functional._client import PATIENCE

DRIVER = "chromedriver"

_WORDS = (
    "--headless",
    "--no-sandbox",  # tests may be root's
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--lang=en-US",
)

T = TypeVar("T")


def require_browser() -> None:
    """
    Go on only where there is one.

    :raise SkipTest: it is not here.
    :raise AssertionError: it is not here, and ``TXQGA_REQUIRE_REAL`` is 1.
    """
    if shutil.which(DRIVER) is None:
        why = "no chromedriver on this machine (Debian: chromium-driver)"
        if os.environ.get("TXQGA_REQUIRE_REAL") == "1":
            raise AssertionError(why)
        raise SkipTest(why)


class Browser:
    """A window, and what people do in it."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="txqga-browser-")
        options = ChromeOptions()
        for word in (*_WORDS, f"--user-data-dir={self._folder}"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        try:
            self.driver = Chrome(options=options, service=Service(shutil.which(DRIVER)))
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self.driver.set_script_timeout(PATIENCE)

    def close(self) -> None:
        """Close it, and forget everything."""
        self.driver.quit()
        shutil.rmtree(self._folder, ignore_errors=True)

    def until(self, met: Callable[[], T], what: str) -> T:
        """Wait until ``met`` gives something, and give that."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if found := met():
                    return found
            except StaleElementReferenceException:
                pass  # drawn anew meanwhile
            assert time.monotonic() < end, f"not seen: {what}; the page says {self.text()!r}"
            time.sleep(0.05)

    def all(self, selector: str) -> list[WebElement]:
        """All elements that fit."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str = "body") -> str:
        """What can be read in the first element that fits; nothing if there is none."""
        try:
            return self.all(selector)[0].text
        except (IndexError, WebDriverException):
            return ""

    def click(self, selector: str, words: str) -> None:
        """Click what has these words, as soon as that can be done."""

        def clicked() -> bool:
            for each in self.all(selector):
                if each.text == words and each.is_enabled():
                    each.click()
                    return True
            return False

        self.until(clicked, f"{selector} {words!r}")

    def reads(self, selector: str, words: str) -> None:
        """Wait until something can be read."""
        self.until(lambda: words in self.text(selector), f"{words!r} in {selector}")

    def complaints(self) -> list[str]:
        """What was written to the console."""
        return [each["message"] for each in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def picture(self, path: Path, width: int, height: int, *, dark: bool = False) -> None:
        """Save what is to be seen."""
        self.driver.set_window_size(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.save_screenshot(str(path))
