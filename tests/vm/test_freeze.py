"""Freezing and thawing a real guest; what is frozen is seen from outside the agent."""

import json
from typing import ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._oracle import OURS, V10_0
from tests.vm._freezes import DISABLED, FREEZE, STATE, STATUS, THAW, FreezeCase, writes


class FreezeTests(FreezeCase, SynchronousTestCase):
    series: ClassVar[str] = OURS

    def test_like_qemu_ga(self) -> None:
        """
        A freeze holds what is written until the thaw; counts and refusals are those of 10.0.
        """
        self.has(V10_0)
        said = []
        for series in (V10_0, OURS):
            agent = self.started(series=series)
            with agent.connect() as client:
                counts = [client.call(FREEZE)]
                writers = [writes(self.side, folder) for folder in ("", "/data")]
                for writer in writers:
                    writer.blocks()
                refusals = [
                    self.refused(client, command)
                    for command in (FREEZE, "guest-get-load", "guest-fsfreeze-freeze-list")
                ]
                counts.append(client.call(STATUS))
                counts.append(client.call(THAW))
                for writer in writers:
                    writer.ends()
                listed = {"mountpoints": ["/data", "/data/", "/nowhere"]}
                counts.append(client.call("guest-fsfreeze-freeze-list", **listed))
                self.side.check("touch /free")
                counts += [client.call(THAW), client.call(THAW), client.call(STATUS)]
                counts.append(client.call("guest-fsfreeze-freeze-list", mountpoints=[]))
            agent.stop()
            said.append((counts, refusals))
        self.assertEqual(said[0], said[1])
        self.assertEqual(said[1][1][1], ("CommandNotFound", DISABLED.format("guest-get-load")))

    def test_limit(self) -> None:
        """
        With the host gone, a freeze ends by itself when its time is up.
        """
        self.lapsed(self.frozen("--freeze-limit=3"))

    def test_clock(self) -> None:
        """
        So it does when the clock is set back by an hour, or forward.
        """
        agent = self.frozen("--freeze-limit=5")
        for sign in ("-", "+"):
            self.side.check(f"date -s @$(($(date +%s) {sign} 3600))")
        self.side.check("date -s @$(($(date +%s) - 3600))")
        self.addCleanup(self.side.check, "date -s @$(($(date +%s) + 3600))")
        self.lapsed(agent)

    def test_lease(self) -> None:
        """
        A host that renews the freeze holds it for longer than the limit.
        """
        agent = self.started("--freeze-limit=30")
        with agent.connect() as client:
            wire = self.refused(client, "txqga-freeze-lease", seconds=5)
            self.assertEqual(wire, ("GenericError", "nothing is frozen"))
            client.call(FREEZE)
            self.assertEqual(client.call("txqga-freeze-lease", seconds=60)["seconds"], 30)
            self.assertEqual(client.call("txqga-freeze-lease", seconds=2)["seconds"], 2)
        self.lapsed(agent)

    def test_hook_hangs(self) -> None:
        """
        A hook that hangs is ended with all it has started; nothing is frozen then.
        """
        hook = self.hook("[ $1 = thaw ] || sleep 4321 & wait")
        agent = self.started(hook, "--hook-limit=2")
        with agent.connect() as client:
            desc = (
                "child process has failed to execute fsfreeze hook: not done after 2 s, and killed"
            )
            self.assertEqual(self.refused(client, FREEZE), ("GenericError", desc))
            self.assertEqual(client.call(STATUS), "thawed")
        self.side.until("! pgrep -f '^sleep 4321'")
        self.nothing_is_frozen()
        self.assertEqual(self.hooked(), ["freeze", "thaw"])

    def test_hook_fails(self) -> None:
        """
        A hook that fails is told in the words of 10.0, before the freeze and after the thaw.
        """
        self.has(V10_0)
        said = []
        for series in (V10_0, OURS):
            both = []
            for word in ("freeze", "thaw"):
                hook = self.hook(f"[ $1 != {word} ] || {{ echo oops; exit 3; }}")
                agent = self.started(hook, series=series)
                with agent.connect() as client:
                    if word == "thaw":
                        client.call(FREEZE)
                    both.append(self.refused(client, FREEZE if word == "freeze" else THAW))
                    both.append(client.call(STATUS))
                self.nothing_is_frozen()
                agent.stop()
            said.append(both)
        self.assertEqual(said[0], said[1])

    def test_loop(self) -> None:
        """
        A filesystem in a file of another one is frozen before that, and everything is thawed.
        """
        self.side.check(
            "modprobe loop; mkdir -p /run/bed/loop; truncate -s 8M /data/image"
            " && /sbin/mke2fs -q -F -t ext4 /data/image"
            " && /bin/mount -t ext4 -o loop /data/image /run/bed/loop"
        )
        self.addCleanup(self.side.check, "/bin/umount /run/bed/loop; rm /data/image")
        self.side.check("echo x > /run/bed/loop/x")
        agent = self.started("--freeze-limit=60")
        with agent.connect() as client:
            count = client.call(FREEZE)
            writer = writes(self.side, "/run/bed/loop")
            writer.blocks()
            self.assertEqual(client.call(THAW), count)
            writer.ends()
        self.nothing_is_frozen()

    def test_many(self) -> None:
        """
        Five hundred filesystems are frozen and thawed, though one goes meanwhile.
        """
        many = 500
        self.side.check(
            "modprobe loop; mkdir -p /run/bed/many; cd /run/bed/many"
            " && truncate -s 96k 0.img"
            " && /sbin/mke2fs -q -F -t ext4 -O ^has_journal -b 1024 -N 16 -m 0 0.img"
            f" && for n in $(seq {many}); do"
            " cp 0.img $n.img && mkdir $n && mount -t ext4 -o loop $n.img $n || exit; done",
            patience=900.0,
        )
        self.addCleanup(
            self.side.check,
            f"cd /run/bed/many; for n in $(seq {many}); do umount -d $n; done; cd /;"
            " rm -r /run/bed/many",
            patience=900.0,
        )
        agent = self.started("-t", STATE)
        with agent.connect() as client:
            everything = len(client.call("guest-get-fsinfo"))
            self.assertGreater(everything, many)
            counts = [client.call(FREEZE), client.call(THAW)]
            self.assertEqual(counts, [everything, everything])
            client.send(b'{"execute": "guest-fsfreeze-freeze"}')
            self.side.until(f"test -e {STATE}/qga.state.isfrozen")
            self.side.run("/bin/umount /run/bed/many/1")
            count = json.loads(client.line())["return"]
            self.assertIn(count, (everything - 1, everything))
            self.assertEqual(client.call(THAW), count)
        self.nothing_is_frozen()
