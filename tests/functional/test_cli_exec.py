"""``txqga exec`` and its like, through a mux and directly, with our agent and the real one."""

from signal import SIGINT, SIGTERM

from tests.functional._cli import GuestsCase, runs

TALKS = "echo out; echo err >&2; exit 7"


class ExecTests(GuestsCase):
    async def test_run(self) -> None:
        """
        A program runs as if it ran here: streams, exit code, input, folder and variables.
        """
        for guest in self.every:
            said = await self.ask(guest, "exec", "-q", "-n", "--", "sh", "-c", TALKS)
            self.assertEqual((said.status, said.octets, said.err), (7, b"out\n", "err\n"), guest)
            said = await self.ask(
                guest, "exec", "-q", "-e", "A=1 2", "-C", "/usr", "--",
                *("sh", "-c", 'cat; pwd; echo "$A"; kill -9 $$'), input=b"typed\n",
            )  # fmt: skip
            self.assertEqual((said.status, said.octets), (137, b"typed\n/usr\n1 2\n"), guest)

    async def test_as_it_runs(self) -> None:
        """
        What a program says comes as it says it; what is typed comes to it where it can.
        """
        going = self.start("ours", "exec", "--", "sh", "-c", "read a; echo $a; read b; echo $b")
        going.type(b"one\n")
        self.assertEqual(await going.line(), b"one\n")
        going.type(b"two\n")
        self.assertEqual((await going.ended).octets, b"one\ntwo\n")
        script = f"echo first; while [ ! -e {self.here}/on ]; do sleep 0.05; done; echo last"
        going = self.start("real", "exec", "-n", "--", "sh", "-c", script)
        self.assertEqual(await going.line(), b"first\n")
        (self.here / "on").touch()
        said = await going.ended
        self.assertEqual((said.status, said.octets), (0, b"first\nlast\n"))
        self.assertIn("this agent cannot stream", said.err)

    async def test_interrupted(self) -> None:
        """
        Ctrl-C interrupts the program in the guest, and one that does not mind is killed.
        """
        for guest in ("ours", "real"):
            script = "trap 'echo bye; exit 3' INT; echo $$; while :; do sleep 0.05; done"
            going = self.start(guest, "exec", "-q", "-n", "--", "sh", "-c", script)
            pid = int(await going.line())
            going.signal(SIGINT)
            said = await going.ended
            self.assertEqual((said.status, said.out), (130, f"{pid}\nbye\n"), guest)
            self.assertFalse(runs(pid))
        script = "trap '' INT; echo $$; while :; do sleep 0.05; done"
        going = self.start("ours", "exec", "-n", "--", "sh", "-c", script)
        pid = int(await going.line())
        going.signal(SIGTERM)
        self.assertEqual((await going.ended).status, 143)
        self.assertFalse(runs(pid))

    async def test_statuses(self) -> None:
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
            said = await self.ask(guest, "exec", "-q", "-n", *words)
            self.assertEqual(said.status, status, (guest, words))
        said = await self.ask("direct", "exec", "--json", "-n", "--", "nonesuch")
        self.assertEqual(said.error["exit"], 127)

    async def test_json(self) -> None:
        """
        Programs are told all in one object.
        """
        for guest in ("ours", "direct-real"):
            said = await self.ask(
                guest, "exec", "--json", "--", "sh", "-c", "cat; exit 3", input=b"hi"
            )
            value = said.json
            self.assertEqual((value["stdout"], value["exit-code"], said.status), ("hi", 3, 3))

    async def test_detached(self) -> None:
        """
        A program that is left alone is listed, and followed to its end later.
        """
        script = f"echo begun; while [ ! -e {self.here}/on ]; do sleep 0.05; done; exit 4"
        for guest in ("ours", "direct"):
            said = await self.ask(guest, "exec", "-d", "--key", guest, "--", "sh", "-c", script)
            job = said.out.strip()
            self.assertIn(f"{job}\t", (await self.ask(guest, "jobs")).out)
        (self.here / "on").touch()
        for guest in ("ours", "direct"):
            said = await self.ask(guest, "attach", guest)
            self.assertEqual((said.status, said.octets), (4, b"begun\n"))
        self.assertEqual((await self.ask("real", "jobs")).status, 1)

    async def test_endless(self) -> None:
        """
        A program that says no end of things harms nobody: who reads no more ends it.
        """
        going = self.start("ours", "exec", "-n", "--", "sh", "-c", "echo $$; exec yes")
        pid = int(await going.line())
        going.transport.closeStdout()
        self.assertEqual((await going.ended).status, 141)
        await self.eventually(lambda: not runs(pid), "it goes on")
