"""The page of the mux, in a real browser."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._browser import Browser, require_browser
from tests.functional._client import PATIENCE
from tests.functional._http import TOKEN, over_tcp
from tests.functional._mux_process import MuxProcess
from tests.functional._telling_agent import MARKUP, TellingAgent, told


@functools.cache
def browser() -> Browser:
    """A browser for all tests; each has an address of its own, for which nothing is kept."""
    made = Browser()
    atexit.register(made.close)
    return made


class PageCase(SynchronousTestCase):
    """
    A mux, its guests, and a browser that shows its page.

    :cvar telling: so many guests tell of themselves, the second one what hurts.
    :cvar absent: so many have no socket.
    """

    telling = 3
    absent = 1
    timeout = 8 * PATIENCE

    def setUp(self) -> None:
        require_browser()
        self.folder = Path(tempfile.mkdtemp(prefix="txqga-page-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.agents: dict[str, TellingAgent] = {}
        guests: dict[str, Path] = {}
        for number in range(self.telling):
            name = self.name(number)
            guests[name] = self.folder / name
            self.agents[name] = TellingAgent(guests[name], told(name, hostile=number == 1))
            self.agents[name].__enter__()
            self.addCleanup(self.agents[name].__exit__)
        guests |= {f"gone{number}": self.folder / f"gone{number}" for number in range(self.absent)}
        port, http = over_tcp(self.folder, "ann")
        self.mux = MuxProcess(guests, "--poll", *http, *self.options(), wait_for=[*self.agents])
        self.addCleanup(self.mux.remove)
        self.url = f"http://127.0.0.1:{port}/"
        self.mux.start()
        self.browser = browser()
        self.browser.complaints()  # of an earlier page

    def options(self) -> list[str]:
        return []

    def name(self, number: int) -> str:
        """What a guest is called that tells of itself."""
        return f"web{number}"

    def open(self, part: str = f"#token={TOKEN}") -> None:
        self.browser.driver.get(self.url + part)

    def seen(self, rows: int, ready: int) -> None:
        """Wait until all guests are shown."""
        words = "1 guest, " if rows == 1 else f"{rows} guests, "
        self.browser.reads("#counts", f"{words}{ready} ready")
        self.browser.until(lambda: len(self.browser.all("tr[data-guest]")) == rows, "all rows")

    def no_complaints(self) -> None:
        self.assertEqual(self.browser.complaints(), [])


class PageTests(PageCase):
    def test_to_a_guest_and_back(self) -> None:
        """
        A guest is opened, frozen and thawed, and what becomes of it is seen without loading anew;
        whatever it says is text.
        """
        browser = self.browser
        self.open()
        self.seen(4, 3)
        browser.until(lambda: len(browser.all("tr[data-guest] svg")) == 15, "all sparklines")
        self.assertNotIn(TOKEN, browser.driver.current_url)
        browser.reads("tr[data-guest=gone0] .state", "absent")
        browser.driver.execute_script("window.loadedOnce = true")
        browser.click("tr[data-guest] a", "web1")
        for part in ("#filesystems", "#interfaces", "#users", "#system", "#commands"):
            browser.until(functools.partial(browser.text, part), part)
        for part in ("#filesystems", "#interfaces", "#users", "#system"):
            self.assertIn(MARKUP, browser.text(part))
            self.assertNotRegex(browser.text(part), "[\x00-\x09\x0b-\x1f\u202e]")
        self.assertEqual(browser.all("main script"), [])
        browser.click("button", "Ping")
        browser.reads(".said", "It answered")
        browser.click("button", "Freeze")
        browser.reads("#freeze", "Frozen for token ann")
        browser.reads(".title .state", "frozen")
        self.assertTrue(self.agents["web1"].frozen)
        browser.click("button", "Thaw")
        browser.until(lambda: browser.text("#freeze") == "", "the end of the freeze")
        browser.reads(".title .state", "ready")
        self.assertFalse(self.agents["web1"].frozen)
        browser.click("a", "← All guests")
        self.seen(4, 3)
        self.assertIs(browser.driver.execute_script("return window.loadedOnce"), True)
        self.no_complaints()

    def test_what_has_happened(self) -> None:
        """
        What has happened to guests is shown when the page is opened, and as it happens; what a
        guest says of it is text.
        """
        browser = self.browser
        for each in self.agents.values():
            each.told["guest-get-fsinfo"][0]["used-bytes"] = 8 << 30
        self.open()
        self.seen(4, 3)
        browser.reads("#events li:last-child", ": 100 % are used, 0 B left")
        browser.until(lambda: len(browser.all("#events li")) == 3, "all disks")
        self.assertIn(MARKUP, browser.text("#events"))
        self.assertNotRegex(browser.text("#events"), "[\x00-\x09\x0b-\x1f\u202e]")
        browser.click("#events a", "web1")
        browser.until(lambda: len(browser.all("#events li")) == 1, "those of one guest")
        self.agents["web1"].told["guest-get-fsinfo"][0]["used-bytes"] = 1 << 30
        browser.reads("#events li:first-child", ": 12.5 % are used")
        self.assertEqual(len(browser.all("#events li")), 2)
        self.no_complaints()

    def test_what_to_do(self) -> None:
        """
        Of a guest that does not answer it is told why, and what to do.
        """
        self.open()
        self.seen(4, 3)
        self.browser.click("tr[data-guest] a", "gone0")
        self.browser.reads(".advice", "Start the virtual machine")
        self.no_complaints()

    def test_comes_and_goes(self) -> None:
        """
        A guest that goes is seen to go.
        """
        self.open()
        self.seen(4, 3)
        self.agents["web2"].__exit__()
        self.browser.reads("#counts", "4 guests, 2 ready")
        self.no_complaints()

    def test_busy(self) -> None:
        """
        A guest that is busy is seen to be, and to be no more when its command has ended.
        """
        self.open()
        self.seen(4, 3)
        agent = self.agents["web0"]
        agent.hold("guest-get-osinfo")
        self.browser.click("tr[data-guest] a", "web0")  # asks for it
        agent.held()
        self.browser.click("a", "← All guests")
        self.browser.driver.refresh()
        self.browser.reads("tr[data-guest=web0] .state", "busy")
        agent.let_go()
        self.browser.reads("tr[data-guest=web0] .state", "ready")
        self.no_complaints()

    def test_filter(self) -> None:
        """
        By the keyboard alone one guest is found among the others, opened, and left.
        """
        browser = self.browser
        self.open()
        self.seen(4, 3)
        browser.all("body")[0].send_keys("/")
        search = browser.driver.switch_to.active_element
        self.assertEqual(search.get_attribute("type"), "search")
        search.send_keys("web2")
        browser.until(lambda: len(browser.all("tr[data-guest]")) == 1, "one row")
        search.send_keys("\t")
        browser.driver.switch_to.active_element.send_keys("\n")
        browser.reads("h2", "web2")
        browser.all("body")[0].send_keys("\ue00c")  # Escape
        self.seen(4, 3)
        self.no_complaints()

    def test_token(self) -> None:
        """
        Who has no token is asked for it, and nothing is shown before.
        """
        self.open("")
        field = self.browser.until(lambda: self.browser.all("input[name=token]"), "a form")[0]
        self.assertNotIn("web0", self.browser.text())
        field.send_keys(f"{TOKEN}\n")
        self.seen(4, 3)


class OneTests(PageCase):
    telling, absent = 1, 0

    def test_one(self) -> None:
        """
        A single guest is shown.
        """
        self.open()
        self.seen(1, 1)
        self.no_complaints()


class ManyTests(PageCase):
    telling, absent = 30, 470

    def test_many(self) -> None:
        """
        Five hundred guests are shown, and one is found among them.
        """
        self.open()
        self.seen(500, 30)
        self.browser.all("input[type=search]")[0].send_keys("gone469")
        self.browser.until(lambda: len(self.browser.all("tr[data-guest]")) == 1, "one row")
        self.no_complaints()


class PolicyTests(PageCase):
    """Somebody who may look, and nothing else."""

    telling, absent = 1, 0

    def options(self) -> list[str]:
        policy = self.folder / "policy.toml"
        rule = ('name = "looking"', 'who = ["bearer:ann"]', 'commands = ["guest-ping"]')
        policy.write_text("\n".join(("[[rule]]", *rule, "allow = true", "")))
        return ["--policy", str(policy)]

    def test_may_not(self) -> None:
        """
        What the policy does not allow cannot be clicked, and says so.
        """
        self.open()
        self.seen(1, 1)
        self.browser.click("tr[data-guest] a", "web0")
        self.browser.click("button", "Ping")
        self.browser.reads(".said", "It answered")
        for words in ("Freeze", "Thaw"):
            (button,) = [each for each in self.browser.all("button") if each.text == words]
            self.assertFalse(button.is_enabled())
            self.assertIn("policy", button.get_attribute("title") or "")
        self.no_complaints()
