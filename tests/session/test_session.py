"""A session against an agent in memory: first what was measured on real channels, then calls."""

import errno
import json
import re
from importlib.util import find_spec
from unittest import skipIf

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Factory, Protocol
from zope.interface.verify import verifyObject

from tests.session._any_order import AnyOrder, AnyOrderFenced, AnyOrderOld
from tests.session._case import SessionCase
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.interfaces import IOutcome
from txqga.session import SessionOptions, State
from txqga.testing import SILENCE
from txqga.wire import JSON, QEMU_LIMITS, SENTINEL, Refusal, Success, Verbatim, command

OPEN = "guest-file-open"
PATH = {"path": "/tmp/x", "mode": "w"}


def numbers(octets: bytes) -> list[int]:
    """The numbers of the syncs in what a host wrote."""
    return [int(found) for found in re.findall(rb'-delimited", "arguments": {"id": (\d+)}', octets)]


def ids(octets: bytes) -> list[str]:
    """The ids in what a host wrote."""
    return re.findall(r'"id": "([^"]+)"', octets.decode("latin-1"))


class ChannelFacts(SessionCase):
    def test_c1_another_process_holds_the_channel(self) -> None:
        """
        While another client holds the channel, connecting works and nobody answers: the session
        says so, and what can be done, and is ready soon after the other client has left.
        """
        other = self.successResultOf(self.agent.connect(Factory.forProtocol(Protocol)))
        self.start()
        self.assertEqual(self.state, State.SYNCING)
        self.pass_time(5)
        self.assertEqual(self.state, State.HELD)
        self.assertIn("another process holds the channel", self.session.status.reason)
        self.assertIn("no agent runs", self.session.status.reason)
        self.pass_time(60)
        self.assertEqual((self.state, self.session.status.since), (State.HELD, 5.0))
        self.failureResultOf(self.ask(), AgentUnavailable)
        assert isinstance(other, Protocol)
        assert other.transport is not None
        other.transport.loseConnection()
        self.pass_time(36)
        self.assertEqual(self.state, State.READY)

    def test_c1_no_socket(self) -> None:
        """
        Without a socket the session says so since the first attempt, through all that follow, and
        is ready when there is one.
        """
        self.agent.unreachable = ConnectError(errno.ENOENT, "No such file or directory")
        self.start()
        self.pass_time(100)
        status = self.session.status
        self.assertEqual((status.state, status.since), (State.ABSENT, 0))
        self.assertIn("there is no such socket", status.reason)
        self.assertEqual([each.state for each in self.told], [State.CONNECTING, State.ABSENT])
        self.agent.unreachable = None
        self.pass_time(31)
        self.assertEqual(self.state, State.READY)

    def test_c2_no_ghost_commands(self) -> None:
        """
        Nothing but syncs is written to an agent that may not be there, so nothing runs when it
        starts, long after the callers have gone.
        """
        self.agent.kill()
        self.start()
        self.failureResultOf(self.session.call(OPEN, PATH), AgentUnavailable)
        self.pass_time(20)
        self.failureResultOf(self.session.call(OPEN, PATH), AgentUnavailable)
        for connection in self.agent.connections:
            self.assertEqual(
                bytes(connection.written),
                SENTINEL
                + command("guest-sync-delimited", {"id": numbers(bytes(connection.written))[0]}),
            )
        self.agent.start()
        self.pass_time(36)
        self.assertEqual(self.state, State.READY)
        self.assertEqual(self.agent.executed, [])

    def test_c3_a_silent_sync_closes(self) -> None:
        """
        A sync that is not answered closes the connection, which takes it back: an agent that
        starts later sees one sync, not the dozen that were tried.
        """
        self.agent.kill()
        self.start()
        self.pass_time(100)
        self.assertGreater(self.session.epoch, 3)
        self.agent.start()
        self.pass_time(36)
        syncs = [name for name, _ in self.agent.ran if name == "guest-sync-delimited"]
        self.assertEqual((self.state, len(syncs)), (State.READY, 1))

    def test_c3b_a_late_reply_on_the_next_connection(self) -> None:
        """
        A command given to an agent that hangs runs when the agent goes on, and its reply comes on
        a later connection: it settles the outcome, and nobody else takes it for an answer.
        """
        self.agent.answer(OPEN, 1000)
        self.ready()
        self.agent.hangs = True
        call = self.session.call(OPEN, PATH)
        self.pass_time(5)
        self.assertEqual(self.state, State.DESYNCED)
        unknown = self.unknown(call)
        self.assertEqual((unknown.command, unknown.command_class), (OPEN, "once"))
        outcome = unknown.outcome.settled()
        self.pass_time(30)
        self.assertEqual(self.state, State.DESYNCED)
        self.assertIn("answered before", self.session.status.reason)
        self.assertGreater(self.session.epoch, 2)
        self.assertNoResult(outcome)
        self.agent.hangs = False
        self.pass_time(36)
        self.assertEqual(self.state, State.READY)
        late = self.successResultOf(outcome)
        assert isinstance(late, Success)
        self.assertEqual(late.value, 1000)
        self.assertEqual(self.agent.executed, [OPEN])
        self.assertEqual(self.session.counters.late_replies, 1)

    def test_c3b_nothing_was_left(self) -> None:
        """
        When a later connection is synced and the reply did not come before, it never will.
        """
        self.agent.answer(OPEN, SILENCE)
        self.ready()
        self.agent.hangs = True
        outcome = self.unknown_after(5, self.session.call(OPEN, PATH))
        self.pass_time(20)
        self.agent.hangs = False
        self.pass_time(36)
        self.assertEqual(self.state, State.READY)
        self.assertIs(self.successResultOf(outcome), None)

    def test_c4_replies_leak(self) -> None:
        """
        Replies to calls of a client that left are nobody's answers, whatever ids they have.
        """
        self.agent.say(b'{"return": "stale"}\n' * 500)
        self.agent.say(b"\xff" + b'{"return": 5}\n{"return": 1, "id": "0123456789ab.1.0"}\n')
        self.ready()
        call = self.ask("guest-get-host-name")
        self.agent.say(b'{"return": "stale", "id": "0123456789ab.1.1"}\n')
        self.agent.flush()
        self.assertIsInstance(self.failureResultOf(call).value, CommandNotFound)

    def test_c4_one_at_a_time_after_a_leak(self) -> None:
        """
        A stale line between the sync and the probe that follows does not pass for its answer.
        """
        probe: Deferred[JSON] = Deferred()
        self.agent.answer("txqga-fence", probe)
        self.start()
        self.agent.say(b'{"error": {"class": "GenericError", "desc": "stale"}}\n')
        self.agent.flush()
        self.assertEqual(self.state, State.SYNCING)
        probe.callback({})
        self.agent.flush()
        self.assertEqual(
            (self.state, self.session.status.reason), (State.READY, "the agent answers")
        )

    def test_c5_ids(self) -> None:
        """
        Each call has an id of its own, which names the session, the epoch and the call, and
        finds its reply in whatever order replies come.
        """
        self.ready()
        prefix = ids(self.written)[0].removesuffix("0")
        self.assertRegex(prefix, r"[0-9a-f]{12}\.1\.")
        self.agent.hangs = True
        calls = [self.ask(), self.ask("guest-get-osinfo"), self.ask("guest-get-time")]
        self.assertEqual(ids(self.written)[1:], [f"{prefix}{n}" for n in (1, 2, 3)])
        self.agent.say(b'{"return": 3, "id": "%s3"}\n' % prefix.encode())
        self.agent.say(
            b'{"id": "%s2", "error": {"class": "GenericError", "desc": "no"}}\n' % prefix.encode()
        )
        self.agent.flush()
        self.assertNoResult(calls[0])
        self.assertEqual(str(self.failureResultOf(calls[1]).value), "guest-get-osinfo: no")
        self.assertEqual(self.successResultOf(calls[2]), 3)

    def test_c6_half_a_request_was_left(self) -> None:
        """
        Half a request that an earlier client left does not spoil the first sync.
        """
        other = self.successResultOf(self.agent.connect(Factory.forProtocol(Protocol)))
        assert isinstance(other, Protocol)
        assert other.transport is not None
        other.transport.write(b'{"execute": "guest-file-op')
        other.transport.loseConnection()
        self.agent.flush()
        self.ready()

    def test_c7_an_error_for_the_sentinel(self) -> None:
        """
        The error line with which an agent answers 0xFF itself is nobody's reply, and no fault.
        """
        self.agent.answer("guest-get-time", SILENCE)
        self.ready()
        outcome = self.unknown_after(5, self.ask("guest-get-time"))
        self.assertIs(self.successResultOf(outcome), None)
        self.assertEqual(self.state, State.READY)
        self.assertEqual(dict(self.session.counters.protocol_errors), {})

    def test_c8_numbers(self) -> None:
        """
        Sync numbers are exact as floating point numbers, which some agents make of them; an
        answer with another number belongs to another sync.
        """
        self.agent.answer("guest-sync-delimited", lambda arguments: arguments["id"] + 1)
        self.start()
        self.assertEqual(self.state, State.SYNCING)
        self.pass_time(60)
        self.assertEqual(self.state, State.DESYNCED)
        self.assertIn("not to guest-sync-delimited", self.session.status.reason)
        self.agent.answer(
            "guest-sync-delimited", lambda arguments: b'\xff{"return": %.1f}\n' % arguments["id"]
        )
        self.pass_time(36)
        self.assertEqual(self.state, State.READY)
        drawn = [
            number for each in self.agent.connections for number in numbers(bytes(each.written))
        ]
        self.assertEqual(len(set(drawn)), len(drawn))
        self.assertTrue(all(1 <= number < 2**53 for number in drawn))

    def test_c11_the_agent_ends(self) -> None:
        """
        An agent that ends and is started again costs the calls in flight and waiting, no more.
        """
        self.ready()
        self.agent.hangs = True
        written = self.session.call(OPEN, PATH)
        waiting = self.session.call(OPEN, PATH)
        self.agent.kill()
        self.agent.hang_up()
        self.unknown(written)
        error = self.failureResultOf(waiting, AgentUnavailable).value
        self.assertEqual((error.state, self.state), ("absent", State.ABSENT))
        self.assertIn("closed the connection", error.reason)
        self.agent.hangs = False
        self.agent.start()
        self.pass_time(1)
        self.assertEqual(self.state, State.READY)
        self.assertEqual(self.agent.executed, [])

    def test_c14_an_agent_before_4_0(self) -> None:
        """
        An agent that refuses ids is asked one thing at a time, and each reply is for the one call
        in flight.
        """
        self.agent.ids = False
        self.agent.answer("guest-get-time", 5)
        self.agent.answer("guest-get-host-name", {"host-name": "x"})
        self.ready()
        self.assertIn("one call at a time", self.session.status.reason)
        before = len(self.written)
        calls = [self.ask("guest-get-time"), self.ask("guest-get-host-name"), self.ask("nonsense")]
        self.assertEqual(self.written[before:], command("guest-get-time", {}))
        self.agent.flush()
        self.assertEqual(self.successResultOf(calls[0]), 5)
        self.assertEqual(self.successResultOf(calls[1]), {"host-name": "x"})
        self.failureResultOf(calls[2], CommandNotFound)

    def test_c14_sync_after_every_timeout(self) -> None:
        """
        Without ids a late reply is not recognised, so it is discarded, and the outcome stays
        unknown for ever; the next call gets its own reply.
        """
        self.agent.ids = False
        slow: Deferred[JSON] = Deferred()
        self.agent.answer(OPEN, slow)
        self.agent.answer("guest-get-time", 5)
        self.ready()
        outcome = self.unknown_after(5, self.session.call(OPEN, PATH))
        self.assertEqual(self.state, State.DESYNCED)
        slow.callback(1000)
        self.agent.flush()
        self.assertEqual(self.state, State.READY)
        self.assertIs(self.successResultOf(outcome), None)
        call = self.ask("guest-get-time")
        self.agent.flush()
        self.assertEqual(self.successResultOf(call), 5)

    def test_c14_unasked(self) -> None:
        """
        Without ids, a reply that nobody asked for leads to a sync: the next could be one too late.
        """
        self.agent.ids = False
        self.agent.answer("guest-get-time", 5)
        self.ready()
        self.agent.say(b'{"return": "unasked"}\n')
        self.agent.flush()
        self.assertEqual((self.state, self.session.counters.resyncs), (State.READY, 1))
        call = self.ask("guest-get-time")
        self.agent.flush()
        self.assertEqual(self.successResultOf(call), 5)

    def test_c15_long_lines(self) -> None:
        """
        An exec-status may be a line of 42 MiB that takes a while; the deadline counts silence.
        """
        self.ready()
        self.agent.hangs = True
        call = self.ask("guest-exec-status", pid=1)
        name = ids(self.written)[-1].encode()
        piece = b"A" * (1 << 20)
        self.agent.say(b'{"id": "%s", "return": {"exited": true, "out-data": "' % name)
        for _ in range(11):
            self.pass_time(4)
            self.agent.say(piece)
        self.agent.say(b'"}}\n')
        self.agent.flush()
        result = self.successResultOf(call)
        self.assertEqual(len(result["out-data"]), 11 << 20)

    def test_c15_too_long(self) -> None:
        """
        A line that is longer than the command allows ends the connection, for this guest alone.
        """
        self.ready()
        self.agent.hangs = True
        call = self.ask("guest-file-read", handle=1, count=3000)
        self.agent.say(b"A" * 9000)
        self.agent.flush()
        self.assertEqual(self.state, State.DESYNCED)
        self.unknown(call)
        self.assertEqual(self.session.counters.protocol_errors["too long"], 1)
        self.agent.hangs = False
        self.pass_time(1)
        self.assertEqual(self.state, State.READY)

    def unknown_after(self, seconds: float, call: Deferred[JSON]) -> Deferred[object]:
        self.pass_time(seconds)
        outcome = self.unknown(call).outcome
        self.assertTrue(verifyObject(IOutcome, outcome))
        return outcome.settled()


class CallTests(SessionCase):
    options = SessionOptions(window=4, queue=3, deadline=3.0)

    def test_refusals(self) -> None:
        """
        The agent's refusal is raised with its class, its words and the command.
        """
        self.agent.answer("guest-exec", CommandFailed("no such program"))
        self.ready()
        refused, unknown = self.ask("guest-exec", path="x"), self.ask("guest-nonsense")
        self.agent.flush()
        error = self.failureResultOf(refused, CommandFailed).value
        self.assertEqual(str(error), "guest-exec: no such program")
        self.failureResultOf(unknown, CommandNotFound)

    def test_not_ready(self) -> None:
        """
        Without an agent a call fails at once, and says why.
        """
        error = self.failureResultOf(self.ask(), AgentUnavailable).value
        self.assertEqual(str(error), "the agent is closed: not started")
        self.start()
        self.session.stop()
        self.failureResultOf(self.ask(), AgentUnavailable)

    def test_reads_share(self) -> None:
        """
        Reads are written up to the window; what may change the guest waits until all of them are
        answered, and what comes after it waits for its reply.
        """
        self.ready()
        self.agent.hangs = True
        calls = [self.ask() for _ in range(5)]
        self.assertEqual(len(ids(self.written)), 1 + 4)
        for call in calls:
            call.cancel()
            self.failureResultOf(call, CancelledError)

    def test_order(self) -> None:
        """
        Calls are written in the order in which they were made, whatever their class.
        """
        self.agent.answer(OPEN, 1)
        self.agent.answer("guest-get-time", 2)
        self.ready()
        names = ["guest-get-time", OPEN, "guest-get-time"]
        calls = [self.ask(name) for name in names]
        self.assertNotIn(b"file-open", self.written)
        self.agent.flush()
        self.assertEqual([self.successResultOf(call) for call in calls], [2, 1, 2])
        self.assertEqual(self.agent.executed, names)

    def test_queue_is_bounded(self) -> None:
        """
        When too many calls wait, one more fails at once.
        """
        self.ready()
        self.agent.hangs = True
        calls = [self.session.call(OPEN, PATH) for _ in range(1 + 3)]
        error = self.failureResultOf(self.ask(), AgentUnavailable).value
        self.assertEqual((error.state, error.reason), ("busy", "3 calls are waiting already"))
        for call in calls:
            self.assertNoResult(call)

    def test_cancelled_in_time(self) -> None:
        """
        A call that is cancelled before its turn is never written.
        """
        self.ready()
        self.agent.hangs = True
        first, second = self.ask("guest-exec", path="a"), self.ask("guest-exec", path="b")
        second.cancel()
        self.failureResultOf(second, CancelledError)
        self.agent.hangs = False
        self.agent.flush()
        self.failureResultOf(first)
        self.assertEqual(self.agent.executed, ["guest-exec"])

    def test_cancelled_too_late(self) -> None:
        """
        A call that is cancelled after it was written keeps its place: nothing is written until
        its reply has come.
        """
        slow: Deferred[JSON] = Deferred()
        self.agent.answer("guest-get-fsinfo", slow)
        self.ready()
        call = self.ask("guest-get-fsinfo")
        call.cancel()
        self.failureResultOf(call, CancelledError)
        later = self.ask()
        self.assertEqual(len(ids(self.written)), 2)
        self.pass_time(2)
        self.assertEqual(len(ids(self.written)), 2)
        slow.callback([])
        self.agent.flush()
        self.assertEqual(self.successResultOf(later), {})

    def test_cancelled_and_hung(self) -> None:
        """
        When the reply to a cancelled call does not come in time either, a sync is tried.
        """
        self.ready()
        self.agent.hangs = True
        call = self.ask("guest-get-fsinfo")
        call.cancel()
        self.failureResultOf(call, CancelledError)
        self.pass_time(3)
        self.assertEqual((self.state, self.session.counters.resyncs), (State.DESYNCED, 1))

    def test_deadline_of_a_call(self) -> None:
        """
        A call may have a deadline of its own; others that have time left are waited for before a
        sync is tried, and nothing new is written meanwhile.
        """
        slow: Deferred[JSON] = Deferred()
        self.agent.answer("guest-get-fsinfo", slow)
        self.ready()
        patient = self.session.call("guest-get-fsinfo", deadline=60)
        hasty = self.session.call("guest-ping", deadline=1)
        self.pass_time(10)
        outcome = self.unknown(hasty).outcome.settled()
        self.assertEqual(self.state, State.BUSY)
        later = self.ask()
        slow.callback([])
        self.agent.flush()
        self.assertEqual(self.successResultOf(patient), [])
        self.assertIsInstance(self.successResultOf(outcome), Success)
        self.agent.flush()
        self.assertEqual(self.successResultOf(later), {})
        self.assertEqual(self.session.counters.resyncs, 0)

    def test_only_the_overdue_is_left(self) -> None:
        """
        When all that is left in flight is overdue, and silence goes on, a sync is tried.
        """
        slow: Deferred[JSON] = Deferred()
        self.agent.answer("guest-get-fsinfo", slow)
        self.agent.answer("guest-get-time", SILENCE)
        self.ready()
        patient = self.session.call("guest-get-fsinfo", deadline=60)
        hasty = self.session.call("guest-get-time", deadline=1)
        self.pass_time(2)
        outcome = self.unknown(hasty).outcome.settled()
        slow.callback([])
        self.agent.flush()
        self.successResultOf(patient)
        self.pass_time(1)
        self.assertEqual((self.state, self.session.counters.resyncs), (State.READY, 1))
        self.assertIs(self.successResultOf(outcome), None)

    def test_cap(self) -> None:
        """
        A guest that sends an octet now and then does not keep a call waiting for ever.
        """
        self.ready()
        self.agent.hangs = True
        call = self.session.call("guest-get-fsinfo", cap=10)
        default = self.ask("guest-get-fsinfo")
        for _ in range(12):
            self.assertNoResult(default)
            self.pass_time(2.75)
            self.agent.say(b"A")
            self.agent.flush()
        self.assertIn("no reply", self.unknown(call).reason)
        self.pass_time(3)
        self.unknown(default)

    def test_cap_while_waiting(self) -> None:
        """
        A call whose time is up before its turn has come was not written.
        """
        self.ready()
        self.agent.hangs = True
        self.session.call("guest-fsfreeze-freeze", deadline=60)
        call = self.session.call("guest-ping", cap=2)
        self.pass_time(2)
        error = self.failureResultOf(call, AgentUnavailable).value
        self.assertIn("its turn did not come in 2 s", error.reason)

    def test_no_success_reply(self) -> None:
        """
        A command that has no reply when it works ends as unknown, and says that this is its way;
        a refusal is a refusal.
        """
        self.agent.answer("guest-shutdown", SILENCE)
        self.agent.answer("guest-suspend-ram", CommandFailed("not supported"))
        self.ready()
        refused = self.ask("guest-suspend-ram")
        self.agent.flush()
        self.failureResultOf(refused, CommandFailed)
        call = self.ask("guest-shutdown")
        self.pass_time(3)
        self.assertIn("no reply when it works", self.unknown(call).reason)
        call = self.ask("guest-shutdown")
        self.agent.hang_up()
        self.assertIn("no reply when it works", self.unknown(call).reason)

    def test_resync_recovers(self) -> None:
        """
        A reply that comes while a sync is under way settles the outcome, and the calls that were
        waiting go on.
        """
        slow: Deferred[JSON] = Deferred()
        self.agent.answer(OPEN, slow)
        self.ready()
        call, waiting = self.session.call(OPEN, PATH), self.ask()
        self.pass_time(4)
        outcome = self.unknown(call).outcome.settled()
        self.assertEqual(self.state, State.DESYNCED)
        self.failureResultOf(self.ask(), AgentUnavailable)
        slow.errback(CommandFailed("disk full"))
        self.agent.flush()
        late = self.successResultOf(outcome)
        assert isinstance(late, Refusal)
        self.assertEqual(late.desc, "disk full")
        self.assertEqual((self.state, self.session.epoch), (State.READY, 1))
        self.assertEqual(self.successResultOf(waiting), {})

    def test_refusal_without_id(self) -> None:
        """
        A refusal without an id answers no call where ids are known; but when a sync shows that
        the agent went on, the call that was in flight ends at once, its outcome unknown for ever.
        """
        self.agent.answer(
            "guest-file-write",
            b'{"error": {"class": "GenericError", "desc": "JSON token size limit exceeded"}}\n',
        )
        self.ready()
        call = self.session.call("guest-file-write", {"handle": 1}, deadline=600)
        self.agent.flush()
        unknown = self.unknown(call)
        self.assertIn("JSON token size limit exceeded", unknown.reason)
        self.assertIs(self.successResultOf(unknown.outcome.settled()), None)
        self.assertEqual((self.state, self.session.epoch), (State.READY, 1))

    def test_noise_while_a_call_is_running(self) -> None:
        """
        A line of noise does not end a call that the agent is still busy with.
        """
        slow: Deferred[JSON] = Deferred()
        self.agent.answer("guest-fstrim", slow)
        self.ready()
        call = self.session.call("guest-fstrim", deadline=600)
        self.agent.flush()
        self.agent.say(b"[ 12.3] kernel: noise\n")
        self.pass_time(100)
        self.assertNoResult(call)
        self.assertEqual(self.state, State.BUSY)
        slow.callback({"paths": []})
        self.agent.flush()
        self.assertEqual(self.successResultOf(call), {"paths": []})
        self.assertEqual((self.state, self.session.epoch), (State.READY, 1))

    def test_flood(self) -> None:
        """
        A guest that talks nonsense without end loses its connection, and gets another later.
        """
        self.ready()
        self.agent.say(b"nonsense\n" * 200)
        self.agent.flush()
        self.assertEqual(self.state, State.DESYNCED)
        self.assertIn("made no sense", self.session.status.reason)
        self.assertEqual(self.session.counters.protocol_errors["malformed"], 101)
        self.pass_time(1)
        self.assertEqual(self.state, State.READY)

    def test_storm(self) -> None:
        """
        0xFF without end is a flood, and so are lines without end in place of a sync's answer.
        """
        storms = [b"\xff" * 200, b"\xff" + b"x\n" * 2000, b"\xff" + b'{"return": 1}\n' * 2000]
        for octets in (*storms, b'\xff{"return": 1}\n' * 2000):
            self.agent.kill()
            self.agent.hang_up()
            self.session.start()
            self.pass_time(1)
            self.assertEqual(self.state, State.SYNCING)
            self.agent.say(octets)
            self.agent.flush()
            self.assertEqual(self.state, State.DESYNCED)
            self.assertTrue(self.agent.connections[-1].closing)
            self.agent.start()
            self.pass_time(10)
            self.assertEqual(self.state, State.READY)

    def test_words_of_a_guest(self) -> None:
        """
        What a guest says is shown without what would move a cursor, and not without end.
        """
        self.ready()
        words = "\x1b[2J" + "A" * 5000
        line = json.dumps({"error": {"class": "GenericError", "desc": words}}).encode() + b"\n"
        self.agent.say(line * 101)
        self.agent.flush()
        reason = self.session.status.reason
        self.assertNotIn("\x1b", reason)
        self.assertLess(len(reason), 300)

    def test_too_big(self) -> None:
        """
        A request that no agent of QEMU's would read is refused here, in QEMU's words.
        """
        self.ready()
        before = len(self.written)
        call = self.session.call("guest-file-write", {"buf-b64": "A" * QEMU_LIMITS.octets})
        error = self.failureResultOf(call, CommandFailed).value
        self.assertEqual(error.desc, "JSON token size limit exceeded")
        self.assertEqual(len(self.written), before)

    def test_mux_says_why(self) -> None:
        """
        A mux that answers a sync with an error says in it why the agent is away.
        """
        refusal = {"error": {"class": "GenericError", "desc": "the agent is held: by virsh"}}
        self.agent.answer("guest-sync-delimited", b"\xff" + json.dumps(refusal).encode() + b"\n")
        self.start()
        self.assertEqual(self.state, State.ABSENT)
        self.assertEqual(self.session.status.reason, "the agent is held: by virsh")


class StatusTests(SessionCase):
    def test_life(self) -> None:
        """
        The states of a session, each with a reason and since when.
        """
        self.assertEqual(self.state, State.CLOSED)
        self.ready()
        call = self.ask()
        self.assertEqual(self.session.status.reason, "a command is running")
        self.assertEqual(self.state, State.BUSY)
        self.agent.flush()
        self.successResultOf(call)
        self.clock.advance(2)
        stopped = self.session.stop()
        self.assertNoResult(stopped)
        self.agent.flush()
        self.successResultOf(stopped)
        self.successResultOf(self.session.stop())
        self.assertEqual(
            [(each.state, each.since) for each in self.told],
            [
                (State.CONNECTING, 0),
                (State.SYNCING, 0),
                (State.READY, 0),
                (State.CLOSED, 2),
            ],
        )
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_stop_in_every_state(self) -> None:
        """
        A session can be stopped at any time, and leaves no timer behind.
        """
        self.agent.kill()
        self.start()
        self.session.stop()
        self.agent.flush()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.session.start()
        self.assertEqual(self.state, State.CLOSED)

    def test_stop_with_calls(self) -> None:
        """
        When a session is stopped, what was written is unknown for ever, and the rest is refused.
        """
        self.ready()
        self.agent.hangs = True
        written, waiting = self.session.call(OPEN, PATH), self.session.call(OPEN, PATH)
        stopped = self.session.stop()
        self.assertIs(self.successResultOf(self.unknown(written).outcome.settled()), None)
        self.failureResultOf(waiting, AgentUnavailable)
        self.agent.flush()
        self.successResultOf(stopped)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_when_ready(self) -> None:
        """
        One can wait for an agent, and stop waiting.
        """
        first, second = self.session.when_ready(), self.session.when_ready()
        second.cancel()
        self.failureResultOf(second, CancelledError)
        self.assertNoResult(first)
        self.ready()
        self.successResultOf(first)
        self.successResultOf(self.session.when_ready())
        self.session.stop()
        self.failureResultOf(self.session.when_ready(), AgentUnavailable)

    def test_frozen(self) -> None:
        """
        A freeze that worked shows in the state until a thaw.
        """
        self.agent.answer("guest-fsfreeze-freeze", 2)
        self.agent.answer("guest-fsfreeze-thaw", 2)
        self.ready()
        self.ask("guest-fsfreeze-freeze")
        self.agent.flush()
        self.assertEqual(self.state, State.FROZEN)
        self.ask("guest-fsfreeze-thaw")
        self.agent.flush()
        self.assertEqual(self.state, State.READY)
        self.assertEqual(
            [each.state for each in self.told[-3:]], [State.READY, State.FROZEN, State.READY]
        )

    def test_frozen_inside_a_fence(self) -> None:
        """
        So does one that worked inside a fence.
        """
        self.agent.answer("txqga-fenced", 2)
        self.ready()
        for inner, state in (
            ("guest-fsfreeze-freeze", State.FROZEN),
            ("guest-fsfreeze-thaw", State.READY),
        ):
            fenced = {"token": "a", "not-after": 0, "execute": inner}
            self.session.call("txqga-fenced", fenced)
            self.agent.flush()
            self.assertEqual(self.state, state)

    def test_frozen_and_lost(self) -> None:
        """
        A guest that was frozen when the connection was lost is asked about it on the next one.
        """
        self.agent.answer("guest-fsfreeze-freeze", 2)
        self.agent.answer("guest-fsfreeze-status", "thawed")
        self.ready()
        self.ask("guest-fsfreeze-freeze")
        self.agent.flush()
        self.agent.hang_up()
        self.assertEqual(self.state, State.ABSENT)
        self.pass_time(1)
        self.assertEqual(self.state, State.READY)
        self.assertEqual(self.agent.executed[-1], "guest-fsfreeze-status")

    def test_frozen_and_blocked(self) -> None:
        """
        If the agent does not say whether it is frozen still, it is taken to be.
        """
        self.agent.answer("guest-fsfreeze-freeze", 2)
        self.ready()
        self.ask("guest-fsfreeze-freeze")
        self.agent.flush()
        self.agent.hang_up()
        self.pass_time(1)
        self.assertEqual(self.state, State.FROZEN)

    def test_rest(self) -> None:
        """
        Where somebody knows that no agent listens, the session asks nothing until it is woken,
        and then at once; what was in flight may have run.
        """
        self.ready()
        call = self.ask("guest-exec", path="/x")
        self.session.rest("the guest sleeps")
        self.assertIn("the guest sleeps", self.unknown(call).reason)
        self.assertEqual(self.state, State.ABSENT)
        self.assertEqual(self.session.status.reason, "the guest sleeps")
        self.pass_time(120)
        self.assertEqual(len(self.agent.connections), 1)
        self.session.wake()
        self.agent.flush()
        self.assertEqual(self.state, State.READY)
        self.session.wake()
        self.assertEqual(len(self.agent.connections), 2)

    def test_rest_in_every_state(self) -> None:
        """
        A session may rest and be woken at any time; what is stopped stays so.
        """
        self.session.rest("nobody there")
        self.session.start()
        self.pass_time(60)
        self.assertEqual(len(self.agent.connections), 0)
        self.session.wake()
        self.assertEqual(self.state, State.SYNCING)
        self.session.rest("nobody there")
        self.session.rest("nobody there still")
        self.pass_time(60)
        self.assertEqual(len(self.agent.connections), 1)
        self.session.wake()
        self.agent.flush()
        self.assertEqual(self.state, State.READY)
        self.session.stop()
        self.session.rest("nobody there")
        self.session.wake()
        self.pass_time(60)
        self.assertEqual((self.state, len(self.agent.connections)), (State.CLOSED, 2))

    def test_woken_before_the_next_attempt(self) -> None:
        """
        A session that waits for its next attempt makes it when it is woken, and only that one.
        """
        self.agent.unreachable = ConnectionRefusedError()
        self.start()
        self.pass_time(60)
        self.agent.unreachable = None
        self.session.wake()
        self.agent.flush()
        self.assertEqual(self.state, State.READY)
        self.pass_time(60)
        self.assertEqual(self.session.epoch, 1)

    def test_unsubscribe(self) -> None:
        """
        A listener is told until it unsubscribes.
        """
        told: list[object] = []
        unsubscribe = self.session.subscribe(told.append)
        self.ready()
        unsubscribe()
        unsubscribe()
        self.session.stop()
        self.assertEqual(told, self.told[:-1])


class VerbatimTests(SessionCase):
    options = SessionOptions(verbatim=True)

    @skipIf(find_spec("pybase64") is None, "pybase64 is not installed")
    def test_verbatim(self) -> None:
        """
        Who passes long base64 on can have it as it came, on each connection.
        """
        self.agent.answer("guest-exec-status", {"exited": True, "out-data": "QUJD" * 4096})
        self.ready()
        for _ in range(2):
            asked = self.ask("guest-exec-status", pid=7)
            self.agent.flush()
            self.assertIsInstance(self.successResultOf(asked)["out-data"], Verbatim)
            self.agent.hang_up()
            self.pass_time(5)


class AnyOrderTests(SessionCase):
    def test_any_order(self) -> None:
        """
        Whatever happens in whatever order, no reply reaches another call, each call ends exactly
        once, nothing that changes the guest precedes a sync, or flies with another.
        """
        run_state_machine_as_test(AnyOrder, settings=settings(deadline=None))

    def test_any_order_old(self) -> None:
        """
        The same holds for an agent that knows no ids.
        """
        run_state_machine_as_test(AnyOrderOld, settings=settings(deadline=None))

    def test_any_order_fenced(self) -> None:
        """
        The same holds for one that knows fences, and nothing that changes the guest begins when its
        caller was told that there is no answer, or that it did not run.
        """
        run_state_machine_as_test(AnyOrderFenced, settings=settings(deadline=None))
