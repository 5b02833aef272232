"""The ids of one thread, in a process of their own."""

import json
import os
import subprocess
import sys

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from txqga.agent.platform.linux import _thread_ids
from txqga.agent.platform.linux._thread_ids import thread_ids

#: Acts as somebody else, while another thread tells who it is.
ACT = """
import json, os, threading
from txqga.agent.platform import User
from txqga.agent.platform.linux._identity import acting_as
from txqga.agent.platform.linux._thread_ids import thread_ids

def ids():
    return os.geteuid(), os.getegid(), os.getgroups()

def other():
    for number in range(2):
        asked[number].wait()
        told.append(ids())
        answered[number].set()

asked, answered, told = ([threading.Event() for _ in range(2)] for _ in range(3))
told = []
os.setgroups([0, 4])
thread = threading.Thread(target=other)
thread.start()
with acting_as(User(name="alice", uid=12345, gid=12346, home="/"), thread_ids()):
    inside = ids()
    asked[0].set()
    answered[0].wait()
asked[1].set()
thread.join()
print(json.dumps([inside, *told, ids()]))
"""


class ThreadIdsTests(SynchronousTestCase):
    def test_alone(self) -> None:
        """
        Only the thread that acts as a user has his ids; all the others stay root.
        """
        if os.geteuid():
            raise SkipTest("only root can act as somebody else")
        done = subprocess.run(
            [sys.executable, "-c", ACT], capture_output=True, check=False, text=True, timeout=120
        )
        self.assertEqual(done.stderr, "")
        root = [0, 0, [0, 4]]
        self.assertEqual(
            json.loads(done.stdout), [[12345, 12346, [12346]], root, root, root], done.stdout
        )

    def test_refused(self) -> None:
        """
        What the kernel refuses is an error.
        """
        self.patch(_thread_ids, "_numbers", lambda: (1 << 20,) * 3)
        ids = thread_ids()
        self.assertRaises(OSError, ids.seteuid, 1)
        self.assertRaises(OSError, ids.setegid, 1)
        self.assertRaises(OSError, ids.setgroups, [1])

    def test_unknown(self) -> None:
        """
        On a machine that is not known it is the process that changes.
        """
        self.patch(_thread_ids, "_numbers", lambda: None)
        done: list[object] = []
        for name in ("seteuid", "setegid", "setgroups"):
            self.patch(os, name, done.append)
        ids = thread_ids()
        ids.seteuid(1)
        ids.setegid(2)
        ids.setgroups([3])
        self.assertEqual(done, [1, 2, [3]])
