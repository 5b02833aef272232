"""A real guest on the mux's page, in a real browser."""

import shutil
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._browser import Browser, require_browser
from tests.functional._http import TOKEN, over_tcp
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V10_0
from tests.vm._freezes import FreezeCase, writes


class PageCase(FreezeCase):
    """What is seen of a guest, and done to it; subclasses say which agent is in it."""

    def setUp(self) -> None:
        require_browser()
        super().setUp()
        self.agent = self.started()
        self.agent.connect().close()  # it is there
        folder = Path(tempfile.mkdtemp(prefix="txqga-page-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, folder)
        port, http = over_tcp(folder, "ann")
        self.mux = MuxProcess({"db1": self.machine.socket("agent")}, "--poll", *http)
        self.addCleanup(self.mux.remove)
        self.mux.start()
        self.browser = Browser()
        self.addCleanup(self.browser.close)
        self.browser.driver.get(f"http://127.0.0.1:{port}/#token={TOKEN}")

    def test_freeze_and_thaw(self) -> None:
        """
        The guest is frozen by a button and thawed by another; its writers, and the page, see it.
        """
        browser = self.browser
        browser.click("tr[data-guest] a", "db1")
        browser.until(lambda: "Debian" in browser.text("#system"), "the guest's system")
        browser.until(lambda: "ext4" in browser.text("#filesystems"), "its filesystems")
        browser.click("button", "Freeze")
        browser.reads("#freeze", "Frozen for token ann")
        writer = writes(self.side, "/data")
        writer.blocks()
        browser.reads(".title .state", "frozen")
        browser.click("button", "Thaw")
        browser.until(lambda: browser.text("#freeze") == "", "the end of the freeze")
        writer.ends()
        browser.reads(".title .state", "ready")
        self.assertEqual(browser.complaints(), [])


class PageOfOurs(PageCase, SynchronousTestCase):
    series = OURS


class PageOf10(PageCase, SynchronousTestCase):
    series = V10_0
