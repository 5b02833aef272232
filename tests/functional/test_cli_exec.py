"""``txqga exec`` and its like, through a mux and directly, with our agent and the real one."""

import json
from signal import SIGINT, SIGTERM

from tests.functional._cli import CliCase, runs

TALKS = "echo out; echo err >&2; exit 7"


class ExecTests(CliCase):
    def test_run(self) -> None:
        """
        A program runs as if it ran here: streams, exit code, input, folder and variables.
        """
        for guest in self.every:
            said = self.ask(guest, "exec", "-q", "-n", "--", "sh", "-c", TALKS)
            self.assertEqual((said.status, said.out, said.err), (7, b"out\n", "err\n"), guest)
            said = self.ask(
                guest, "exec", "-q", "-e", "A=1 2", "-C", "/usr", "--",
                *("sh", "-c", 'cat; pwd; echo "$A"; kill -9 $$'), input=b"typed\n",
            )  # fmt: skip
            self.assertEqual((said.status, said.out), (137, b"typed\n/usr\n1 2\n"), guest)

    def test_as_it_runs(self) -> None:
        """
        What a program says comes as it says it; what is typed comes to it where it can.
        """
        going = self.begin("ours", "exec", "--", "sh", "-c", "read a; echo $a; read b; echo $b")
        going.type(b"one\n")
        self.assertEqual(going.line(), b"one\n")
        going.type(b"two\n")
        self.assertEqual((going.end().out), b"two\n")
        script = f"echo first; while [ ! -e {self.here}/on ]; do sleep 0.05; done; echo last"
        going = self.begin("real", "exec", "-n", "--", "sh", "-c", script)
        self.assertEqual(going.line(), b"first\n")
        (self.here / "on").touch()
        said = going.end()
        self.assertEqual((said.status, said.out), (0, b"last\n"))
        self.assertIn("this agent cannot stream", said.err)

    def test_interrupted(self) -> None:
        """
        Ctrl-C interrupts the program in the guest, and one that does not mind is killed.
        """
        for guest in ("ours", "real"):
            script = "trap 'echo bye; exit 3' INT; echo $$; while :; do sleep 0.05; done"
            going = self.begin(guest, "exec", "-q", "-n", "--", "sh", "-c", script)
            pid = int(going.line())
            going.process.send_signal(SIGINT)
            said = going.end()
            self.assertEqual((said.status, said.out), (130, b"bye\n"), guest)
            self.assertFalse(runs(pid))
        script = "trap '' INT; echo $$; while :; do sleep 0.05; done"
        going = self.begin("ours", "exec", "-n", "--", "sh", "-c", script)
        pid = int(going.line())
        going.process.send_signal(SIGTERM)
        self.assertEqual(going.end().status, 143)
        self.assertFalse(runs(pid))

    def test_statuses(self) -> None:
        """
        What did not run, or not to its end, has exit statuses of its own.
        """
        for guest, status, words in (
            ("ours", 126, ["--", "/etc/passwd"]),
            ("ours", 124, ["--timeout", "0.1", "--", "sleep", "60"]),
            ("ours", 2, ["-e", "A", "--", "true"]),
            ("real", 127, ["--", "nonesuch"]),
            ("real", 124, ["--timeout", "0.1", "--", "sleep", "60"]),
        ):
            said = self.ask(guest, "exec", "-q", "-n", *words)
            self.assertEqual(said.status, status, (guest, words))
        said = self.ask("direct", "exec", "--json", "-n", "--", "nonesuch")
        self.assertEqual(json.loads(said.err)["error"]["exit"], 127)

    def test_json(self) -> None:
        """
        Programs are told all in one object.
        """
        for guest in ("ours", "direct-real"):
            said = self.ask(guest, "exec", "--json", "--", "sh", "-c", "cat; exit 3", input=b"hi")
            value = json.loads(said.out)
            self.assertEqual((value["stdout"], value["exit-code"], said.status), ("hi", 3, 3))

    def test_detached(self) -> None:
        """
        A program that is left alone is listed, and followed to its end later.
        """
        script = f"echo begun; while [ ! -e {self.here}/on ]; do sleep 0.05; done; exit 4"
        for guest in ("ours", "direct"):
            said = self.ask(guest, "exec", "-d", "--key", guest, "--", "sh", "-c", script)
            job = said.out.decode().strip()
            self.assertIn(f"{job}\t", self.ask(guest, "jobs").out.decode())
        (self.here / "on").touch()
        for guest in ("ours", "direct"):
            said = self.ask(guest, "attach", guest)
            self.assertEqual((said.status, said.out), (4, b"begun\n"))
        self.assertEqual(self.ask("real", "jobs").status, 1)

    def test_endless(self) -> None:
        """
        A program that says no end of things harms nobody: who reads no more ends it.
        """
        going = self.begin("ours", "exec", "-n", "--", "sh", "-c", "echo $$; exec yes")
        pid = int(going.line())
        assert going.process.stdout is not None
        going.process.stdout.close()
        self.assertEqual(going.process.wait(60), 141)
        self.eventually(lambda: not runs(pid), "it goes on")
