"""``txqga info``."""

from hypothesis import given
from hypothesis import strategies as st

from tests.cli._case import VerbCase
from txqga.cli.verbs._info import ASKED, info, lines

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class InfoTests(VerbCase):
    def setUp(self) -> None:
        self.answers = {
            "guest-get-host-name": {"host-name": "db1\x1b"},
            "guest-get-osinfo": {"pretty-name": "Debian 12", "kernel-release": "6.1"},
            "guest-get-timezone": {"zone": "CEST", "offset": 7200},
            "guest-get-fsinfo": [
                {"mountpoint": "/", "type": "ext4", "used-bytes": 2**30, "total-bytes": 2**31}
            ],
            "guest-network-get-interfaces": [
                {"name": "lo", "ip-addresses": [{"ip-address": "::1", "prefix": 128}]}
            ],
        }

    def test_words(self) -> None:
        """
        What the agent tells is told in lines, and what it has no command for is not.
        """
        run = self.start()
        self.done(info.work(run, guest="db1"))
        agent = next(line for line in run.lines if line.startswith("agent"))
        self.assertTrue(agent.startswith("agent\t11.1.3 ("), agent)
        self.assertEqual(
            [line for line in run.lines if line != agent],
            [
                "guest\tdb1",
                "host-name\tdb1\\x1b",
                "os\tDebian 12, 6.1",
                "timezone\tCEST (UTC+2)",
                "interfaces\tlo: ::1/128",
                "filesystems\t/ (ext4, 50 % of 2.0 GiB)",
            ],
        )

    def test_json(self) -> None:
        """
        Programs are told what the agent says.
        """
        run = self.start(json=True)
        self.done(info.work(run, guest="db1"))
        (told,) = run.values
        self.assertEqual(told["os"], self.answers["guest-get-osinfo"])
        self.assertNotIn("users", told)

    @given(st.sampled_from(sorted(ASKED)), _JSON)
    def test_whatever(self, name: str, value: object) -> None:
        """
        Whatever a guest says of itself, it is only text.
        """
        for _, text in lines({name: value}):
            self.assertIsInstance(text, str)
