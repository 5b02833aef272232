"""Which filesystem lies on which."""

import hypothesis.strategies as st
from hypothesis import given
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._mounts import Mount
from txqga.agent.platform.linux._stacking import bottom_up

ROOT, DATA, LOOP, DM = (8, 1), (8, 2), (7, 0), (253, 0)


def mounted(*lines: tuple[str, tuple[int, int] | None]) -> list[tuple[str, Mount | None]]:
    """The mounts at these folders; None: not on a device."""
    return [
        (folder, None if device is None else Mount(device=device, folder=folder, type="ext4"))
        for folder, device in lines
    ]


class StackingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def order(self, *lines: tuple[str, tuple[int, int] | None]) -> list[str]:
        return [each.folder for each in bottom_up(self.machine.tree, mounted(*lines))]

    def disk(self, name: str, number: tuple[int, int]) -> str:
        folder = f"/sys/devices/virtual/block/{name}"
        self.machine.folder(folder).link("/sys/dev/block/{}:{}".format(*number), folder)
        return folder

    def loop(self, name: str, number: tuple[int, int], file: str) -> None:
        self.machine.file(f"{self.disk(name, number)}/loop/backing_file", f"{file}\n")

    def test_order_of_mounting(self) -> None:
        """
        What does not lie on another keeps its place; each device counts once.
        """
        lines = (("/", ROOT), ("/proc", None), ("/a", LOOP), ("/b", DATA), ("/a2", LOOP))
        self.assertEqual(self.order(*lines), ["/", "/a", "/b"])

    def test_mounted_later(self) -> None:
        """
        What another one is mounted on comes first, even if it was moved there afterwards.
        """
        self.assertEqual(self.order(("/", ROOT), ("/x/y", LOOP), ("/x", DATA)), ["/", "/x", "/x/y"])

    def test_through_memory(self) -> None:
        """
        So it does where something in memory lies in between.
        """
        lines = (("/run/a", LOOP), ("/run", None), ("/", ROOT))
        self.assertEqual(self.order(*lines), ["/", "/run/a"])

    def test_same_folder(self) -> None:
        """
        Of two that are mounted on the same folder the earlier one is below.
        """
        self.assertEqual(self.order(("/a", DATA), ("/a", LOOP)), ["/a", "/a"])

    def test_loop(self) -> None:
        """
        A filesystem in a file comes after the one in which the file is.
        """
        self.loop("loop0", LOOP, "/data/images/disk.img")
        lines = (("/mnt", LOOP), ("/", ROOT), ("/data", DATA))
        self.assertEqual(self.order(*lines), ["/", "/data", "/mnt"])

    def test_deleted(self) -> None:
        """
        So does one whose file has no name any more.
        """
        self.loop("loop0", LOOP, "/data/disk.img (deleted)")
        self.assertEqual(self.order(("/mnt", LOOP), ("/data", DATA)), ["/data", "/mnt"])

    def test_partition_and_mapper(self) -> None:
        """
        So does one on a partition of such a file, behind a device mapper.
        """
        self.loop("loop0", (7, 1), "/data/disk.img")
        part = "/sys/devices/virtual/block/loop0/loop0p1"
        self.machine.file(f"{part}/partition", "1\n").link("/sys/dev/block/259:0", part)
        mapper = self.disk("dm-0", DM)
        self.machine.link(f"{mapper}/slaves/loop0p1", part)
        self.assertEqual(self.order(("/mnt", DM), ("/data", DATA)), ["/data", "/mnt"])

    def test_circle_of_slaves(self) -> None:
        """
        A kernel that says nonsense does not keep us.
        """
        mapper = self.disk("dm-0", DM)
        self.machine.link(f"{mapper}/slaves/dm-0", mapper)
        self.assertEqual(self.order(("/mnt", DM), ("/data", DATA)), ["/mnt", "/data"])

    def test_in_circles(self) -> None:
        """
        Where mounts go round in a circle files decide, and if there are none the order of mounting.
        """
        lines = (("/a", DATA), ("/a/b", LOOP), ("/b", LOOP), ("/b/a", DATA))
        self.assertEqual(self.order(*lines), ["/a", "/a/b"])
        self.loop("loop0", LOOP, "/a/disk.img")
        lines = (("/b", LOOP), ("/b/a", DATA), ("/a", DATA), ("/a/b", LOOP))
        self.assertEqual(self.order(*lines), ["/b/a", "/b"])


class PropertyTests(SynchronousTestCase):
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["/", "/a", "/a/b", "/a/b/c", "/d", "/d/a"]),
                st.none() | st.tuples(st.just(8), st.integers(0, 4)),
            ),
            max_size=12,
        )
    )
    def test_complete(self, lines: list[tuple[str, tuple[int, int] | None]]) -> None:
        """
        Whatever is mounted where, each device is there once.
        """
        found = bottom_up(Machine(self.mktemp()).tree, mounted(*lines))
        self.assertEqual(
            sorted(each.device for each in found), sorted({each for _, each in lines if each})
        )
