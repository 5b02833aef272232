"""
Clients of the mux, several in a process: they ask this guest and that, each in its own way.

``python -m tests.chaos._clients LEDGER SERVED HTTP NOTES SEED PATIENCE CLIENTS GUESTS`` (the last
two separated by commas) asks until its standard input ends; then each ends what it is at.

What changes a guest carries a token that nobody else knows; so does whatever is asked for to be
refused. Any token in a reply that is not the asker's belongs to somebody else.
"""

import asyncio
import base64
import json
import re
import sys
from pathlib import Path
from random import Random
from uuid import uuid4

from attrs import define

from tests.chaos._ledger import Entry, Ledger
from tests.chaos._talk import Gone, Kept, NotAsked, OverHTTP, PerCommand, Talk

_TOKEN = re.compile(rb"t[0-9a-f]{32}")
_FREEZE, _THAW = "guest-fsfreeze-freeze", "guest-fsfreeze-thaw"


class Left(Exception):
    """The client went away in the middle."""


@define
class Client:
    """One of them."""

    name: str
    ledger: Ledger
    chance: Random
    served: Path
    http: Path
    notes: Path  #: the folder of files into which real agents write
    guests: list[str]
    patience: float  #: seconds after which a reply will never come
    over: asyncio.Event

    async def live(self) -> None:
        """Ask, until it is over."""
        while not self.over.is_set():
            guest = self.chance.choice(self.guests)
            talk = self._talk(guest)
            try:
                for _ in range(self.chance.randint(1, 8)):
                    await asyncio.sleep(self.chance.expovariate(2))
                    await self._act(talk, guest)
            except (Gone, Left):
                await asyncio.sleep(0.2)
            finally:
                talk.close()

    def _talk(self, guest: str) -> Talk:
        match self.chance.choices(("kept", "command", "http"), (5, 3, 2))[0]:
            case "kept":
                return Kept(self.served / f"{guest}.sock")
            case "command":
                return PerCommand(self.served / f"{guest}.sock")
        return OverHTTP(self.http, guest)

    async def _act(self, talk: Talk, guest: str) -> None:
        scripted = guest.startswith(("calm", "wild"))
        token = f"t{uuid4().hex}"
        what = self.chance.random()
        if what < 0.25:
            await self._ask(talk, guest, token, f"chaos-{token}", {})
        elif scripted and what < 0.32:
            await self._freeze(talk, guest)
        elif scripted:
            command = "chaos-fail" if what > 0.9 else "chaos-note"
            await self._told(talk, guest, token, command)
        elif isinstance(talk, Kept):
            await self._write(talk, guest, token)
        else:
            await self._ask(talk, guest, token, "guest-get-osinfo", {})

    async def _told(self, talk: Talk, guest: str, token: str, command: str) -> None:
        """Run a command that is written down, and write down what was told of it."""
        try:
            reply = await self._ask(talk, guest, token, command, {"token": token})
        except NotAsked:
            self._end(talk, token, "refused", "nobody was asked")
            raise
        except Gone as why:
            self._end(talk, token, "unknown", str(why))
            raise
        error = reply.get("error", {}).get("desc", "")
        if token in json.dumps(reply):
            self._end(talk, token, "done")
        elif error.startswith("outcome unknown"):
            self._end(talk, token, "unknown", error)
        elif "error" in reply:
            self._end(talk, token, "refused", error)
        else:
            self.ledger.write("wrong", guest=guest, token=token, reply=str(reply)[:500])

    async def _write(self, talk: Kept, guest: str, token: str) -> None:
        """
        Let a real agent append a line to a file.

        It has run when it is in the file; it must be there when it was flushed.
        """
        opened = await self._ask(
            talk, guest, token, "guest-file-open", {"path": str(self.notes / guest), "mode": "a"}
        )
        if "return" not in opened:
            return
        handle = opened["return"]
        data = base64.b64encode(token.encode() + b"\n").decode()
        self.ledger.write("ask", who=self.name, guest=guest, token=token, what="write")
        outcome, why = "unknown", ""
        try:
            wrote = await self._ask(
                talk, guest, token, "guest-file-write", {"handle": handle, "buf-b64": data}
            )
            if "error" in wrote:
                why = wrote["error"]["desc"]
                outcome = "unknown" if why.startswith("outcome unknown") else "refused"
            else:
                flushed = await self._ask(
                    talk, guest, token, "guest-file-flush", {"handle": handle}
                )
                outcome = "done" if "return" in flushed else "unknown"
        except NotAsked as gone:
            outcome, why = "refused" if outcome == "unknown" else outcome, str(gone)
            raise
        finally:
            self._end(talk, token, outcome, why)
        await self._ask(talk, guest, token, "guest-file-close", {"handle": handle})

    async def _freeze(self, talk: Talk, guest: str) -> None:
        await self._ask(talk, guest, "", _FREEZE, {})
        if self.chance.random() < 0.2:
            self.ledger.write("renews", who=self.name, guest=guest)
            await self._ask(talk, guest, "", "txqga-freeze-lease", {"seconds": 5})
        if self.chance.random() < 0.5:
            await asyncio.sleep(self.chance.random())
            await self._ask(talk, guest, "", _THAW, {})

    async def _ask(
        self, talk: Talk, guest: str, token: str, command: str, arguments: Entry
    ) -> Entry:
        """One call; sometimes the client leaves before the reply is there."""
        number = uuid4().hex[:8]  # of the call
        self.ledger.write("ask", who=self.name, guest=guest, token=token, call=number, what=command)
        leaves = self.chance.uniform(0, 0.1) if self.chance.random() < 0.03 else None
        ended = "gone"
        try:
            asked = asyncio.ensure_future(talk.ask(command, arguments))
            done, _ = await asyncio.wait({asked}, timeout=leaves or self.patience)
            if not done:
                asked.cancel()
                talk.close()
                ended = "left" if leaves else "hung"
                raise Left
            reply = asked.result()
            ended = "answered"
        except AssertionError as why:
            ended = "wrong"
            self.ledger.write("wrong", guest=guest, token=token, reply=str(why))
            raise Gone(str(why)) from why
        finally:
            self.ledger.write("ended", call=number, how=ended, guest=guest, token=token)
        decoded: Entry = json.loads(reply)
        # why an agent is not ready is told to all: which command it did not answer, for example
        says_why = decoded.get("error", {}).get("desc", "").startswith("the agent is ")
        strange = set() if says_why else set(_TOKEN.findall(reply)) - {token.encode()}
        if strange or not decoded.keys() & {"return", "error"}:
            self.ledger.write("wrong", guest=guest, token=token, reply=reply[:500].decode())
        return decoded

    def _end(self, talk: Talk, token: str, outcome: str, why: str = "") -> None:
        way = type(talk).__name__
        self.ledger.write("told", who=self.name, token=token, outcome=outcome, why=why, way=way)


async def _main(
    ledger: str,
    served: str,
    http: str,
    notes: str,
    seed: str,
    patience: str,
    clients: str,
    guests: str,
) -> None:
    written, over = Ledger(Path(ledger)), asyncio.Event()
    living = [
        asyncio.create_task(
            Client(
                name,
                written,
                Random(f"{seed} {name} {Path(ledger).stem}"),
                Path(served),
                Path(http),
                Path(notes),
                guests.split(","),
                float(patience),
                over,
            ).live()
        )
        for name in clients.split(",")
    ]
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    over.set()
    await asyncio.gather(*living)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
