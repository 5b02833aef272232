"""
Draw the pictures of the page: ``python -m docs.pictures``, into ``docs/pictures``.

It needs Chromium and its driver, and shows guests that make up what they tell.
"""

import math
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.functional._browser import Browser
from tests.functional._http import TOKEN, over_tcp
from tests.functional._mux_process import MuxProcess
from tests.functional._telling_agent import TellingAgent, told

PICTURES = Path(__file__).parent / "pictures"
NAMES = ("db1", "db2", "mail1", "web1", "web2", "web3")


def alive(name: str, number: int) -> dict[str, Any]:
    """What a guest tells whose load goes up and down."""
    answers = told(name)

    def load() -> dict[str, float]:
        now = 1.5 + math.sin(time.monotonic() / 7 + number) + 0.2 * math.sin(time.monotonic() * 3)
        return {"load1m": max(0.0, round(now, 2)), "load5m": 1.0, "load15m": 0.8}

    answers["guest-get-load"] = load
    return answers


def main() -> int:
    """Draw them; the exit status."""
    PICTURES.mkdir(exist_ok=True)
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(dir="/tmp")))
        guests = {name: folder / name for name in NAMES}
        for number, name in enumerate(NAMES):
            ending.enter_context(TellingAgent(guests[name], alive(name, number)))
        guests["test1"] = folder / "test1"
        port, http = over_tcp(folder, "ann")
        mux = MuxProcess(guests, "--poll", *http, wait_for=NAMES)
        ending.callback(mux.remove)
        mux.start()
        browser = Browser()
        ending.callback(browser.close)
        browser.driver.get(f"http://127.0.0.1:{port}/#token={TOKEN}")
        rows = "tr[data-guest] svg"
        browser.until(lambda: len(browser.all(rows)) == 5 * len(NAMES), "all curves")
        print("letting figures gather for a minute", flush=True)
        time.sleep(60)
        browser.picture(PICTURES / "guests.png", 1280, 620)
        browser.picture(PICTURES / "phone.png", 420, 800, dark=True)
        browser.picture(PICTURES / "guests.png", 1280, 620)
        browser.click("tr[data-guest] a", "db1")
        browser.until(lambda: browser.text("#commands"), "the guest")
        browser.until(lambda: browser.text("#filesystems"), "its filesystems")
        browser.click("button", "Freeze")
        browser.reads("#freeze", "Frozen for token ann")
        browser.picture(PICTURES / "guest.png", 1280, 900)
        browser.click("button", "Thaw")
        browser.until(lambda: browser.text("#freeze") == "", "the end of the freeze")
    return 0


if __name__ == "__main__":
    sys.exit(main())
