"""The page of the mux when guests lie, connections fail, and people use no mouse."""

import signal
from typing import Any

from tests.functional._http import TOKEN
from tests.functional.test_page import PageCase

ENTER = "\n"


class TroubleCase(PageCase):
    telling, absent = 3, 1

    def guest(self, name: str, ready: int = 3) -> None:
        """Open the page of a guest, when so many are ready."""
        self.seen(4, ready)
        self.browser.click("tr[data-guest] a", name)
        self.browser.reads("h2", name)

    def tells(self, name: str, command: str, said: Any) -> None:
        """Let a guest answer this."""
        agent = self.agents[name]
        agent.told = {**agent.told, command: said}

    def ask(self, method: str, path: str, body: str = "null") -> Any:
        """Ask the mux, as somebody else would."""
        script = """const [method, path, body, token, done] = arguments;
            const authorization = `Bearer ${token}`;
            const headers = { authorization, "content-type": "application/json" };
            fetch(path, { method, headers, body: body === "null" ? undefined : body })
              .then((answer) => answer.text()).then(done);"""
        return self.browser.driver.execute_async_script(script, method, path, body, TOKEN)


class HostileTests(TroubleCase):
    def test_numbers(self) -> None:
        """
        A number that is as large as numbers are is drawn, one that cannot be is not, and neither
        hides another.
        """
        self.tells("web0", "guest-get-load", {"load1m": 1e308})
        self.tells("web2", "guest-get-load", {"load1m": -5.0})
        self.open()
        self.seen(4, 3)
        rows = self.browser.all
        self.browser.until(lambda: len(rows("tr[data-guest] svg")) == 14, "all sparklines")
        self.no_complaints()

    def test_names(self) -> None:
        """
        A name that has no end is cut, and marks that pile up are not drawn over what is above.
        """
        (user,) = self.agents["web0"].told["guest-get-users"]
        many = [{**user, "user": "x" * 1_000_000}, {**user, "user": "a" + 50 * "\u0301"}]
        self.tells("web0", "guest-get-users", many)
        self.open()
        self.guest("web0")
        self.browser.until(lambda: len(self.browser.all("#users tbody tr")) == 2, "two users")
        self.assertLess(len(self.browser.text("#users")), 1500)
        self.assertNotIn(4 * "\u0301", self.browser.text("#users"))


class FreezeTests(TroubleCase):
    def test_frozen_before(self) -> None:
        """
        Of a guest that was frozen when its page was opened the rest is seen when it is thawed, by
        whomever.
        """
        self.open()
        self.seen(4, 3)
        self.ask("POST", "/v1/guests/web0/freeze", '{"seconds": 60}')
        self.guest("web0", ready=2)
        self.browser.reads("#freeze", "Frozen for token ann")
        self.ask("DELETE", "/v1/guests/web0/freeze")
        self.browser.reads("#system", "6.1.0")

    def test_thawed_by_another(self) -> None:
        """
        That a guest was frozen is not told any more when another has thawed it.
        """
        self.open()
        self.guest("web0")
        self.browser.click("button", "Freeze")
        self.browser.reads(".said", "Frozen, for 60 s at most: 3 filesystems.")
        self.browser.reads("#freeze", "Frozen for token ann")
        self.ask("DELETE", "/v1/guests/web0/freeze")
        self.browser.until(lambda: self.browser.text("#freeze") == "", "the end of the freeze")
        self.browser.until(lambda: self.browser.text(".said") == "", "nothing said")

    def test_read_out(self) -> None:
        """
        Who has the page read out is told once that a guest is frozen, not every second; and the
        keyboard stays at the button.
        """
        self.open()
        self.guest("web0")
        (button,) = [each for each in self.browser.all("button") if each.text == "Freeze"]
        self.browser.until(button.is_enabled, "a button")
        button.send_keys(ENTER)
        self.browser.reads("#freeze [role=timer]", "thawed in")
        self.assertEqual(self.browser.text("#freeze [role=status]"), "Frozen for token ann:")
        self.assertEqual(self.browser.driver.switch_to.active_element.text, "Freeze")


class KeyboardTests(TroubleCase):
    def test_skip(self) -> None:
        """
        What is skipped to is this guest, and not all guests.
        """
        self.open()
        self.guest("web0")
        (skip,) = self.browser.all(".skip")
        skip.send_keys(ENTER)
        self.assertEqual(self.browser.driver.switch_to.active_element.get_attribute("id"), "main")
        self.assertEqual(self.browser.text("h2"), "web0")


class ConnectionTests(TroubleCase):
    def faster(self) -> None:
        """Let the page's longest wait, for a sign of life, be over soon."""
        script = """const real = window.setTimeout;
            window.setTimeout = (act, wait) => real(act, wait >= 20_000 ? 1000 : wait);"""
        command = "Page.addScriptToEvaluateOnNewDocument"
        made = self.browser.driver.execute_cdp_cmd(command, {"source": script})
        remove = "Page.removeScriptToEvaluateOnNewDocument"
        self.addCleanup(self.browser.driver.execute_cdp_cmd, remove, made)

    def test_silence(self) -> None:
        """
        A connection on which nothing comes is not called live for ever; once there is one again,
        it is.
        """
        self.faster()
        self.open()
        self.seen(4, 3)
        self.mux.signal(signal.SIGSTOP)
        try:
            self.browser.reads("#live", "not connected")
        finally:
            self.mux.signal(signal.SIGCONT)
        self.browser.reads("#live", "live")

    def test_not_answered(self) -> None:
        """
        That something was not answered is not told any more when it is again, though nothing else
        happens.
        """
        self.open()
        self.seen(4, 3)
        do = self.browser.driver.execute_cdp_cmd
        do("Network.enable", {})
        do("Network.setBlockedURLs", {"urls": ["*/v1/figures*"]})
        try:
            self.browser.reads("#counts", "does not answer")
        finally:
            do("Network.setBlockedURLs", {"urls": []})
        self.browser.reads("#counts", "4 guests, 3 ready")


class NameTests(TroubleCase):
    """One guest has a name that means something to scripts."""

    def name(self, number: int) -> str:
        return ["constructor", "web1", "web2"][number]

    def test_name(self) -> None:
        """
        The figures of a guest are seen, whatever its name.
        """
        self.open()
        self.seen(4, 3)
        found = "tr[data-guest=constructor] svg"
        self.browser.until(lambda: len(self.browser.all(found)) == 5, "all sparklines")
        self.no_complaints()
