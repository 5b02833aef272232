"""A method for each command."""

from typing import Any

from tests.guest._case import GuestCase, info
from txqga.errors import OutcomeUnknown
from txqga.guest import Guest
from txqga.guest._method import method_name
from txqga.schema import extended, parse

STATVFS = """
{ 'struct': 'Statvfs', 'data': { 'f_bsize': 'int' } }
{ 'command': 'guest-get-statvfs', 'data': { 'path': 'str' }, 'returns': 'Statvfs',
  'features': [ 'read' ] }
{ 'command': 'guest-call', 'returns': 'int' }
"""


class OurGuest(Guest, schema=extended().with_fragment(STATVFS, "statvfs.json")):
    """One whose agent has plug-ins."""


class CommandsTests(GuestCase):
    made = OurGuest
    guest: Any

    def test_all(self) -> None:
        """
        Every command of the schema is a method.
        """
        for name in extended().commands:
            self.assertTrue(callable(getattr(Guest, method_name(name))), name)

    def test_schema_of_ones_own(self) -> None:
        """
        A guest made with a schema has methods for its commands too; others do not.
        """
        self.agent.answer("guest-get-statvfs", {"f_bsize": 4096})
        self.assertEqual(self.result(self.guest.get_statvfs("/")).f_bsize, 4096)
        self.assertFalse(hasattr(Guest, "get_statvfs"))
        self.assertIs(self.result(self.guest.ping()), None)

    def test_known_to_the_session(self) -> None:
        """
        What asking twice would do, the session knows of these commands too.
        """
        guest: Any = OurGuest.connect(self.clock, self.agent)
        self.guest.close()
        self.session.stop()
        self.agent.flush()
        self.agent.hangs = True
        asked = guest.get_statvfs("/", deadline=1.0)
        self.clock.advance(1.0)
        why = self.failure(asked, OutcomeUnknown)
        self.assertEqual(why.command_class, "read")

    def test_only_ours(self) -> None:
        """
        A guest may be made with a schema that has nothing of QEMU's in it.
        """

        class Small(Guest, schema=parse("{ 'command': 'x' }", "x.json")):
            """With one command."""

        small: Any = Small.of_session(self.clock, self.session)
        self.agent.answer("x", {})
        self.agent.answer("guest-info", info("x"))
        self.assertIs(self.result(small.x()), None)
        self.assertIs(self.result(small.supports("x")), True)

    def test_name_is_taken(self) -> None:
        """
        A command whose name means something else already has its whole name.
        """
        self.agent.answer("guest-call", 5)
        self.assertEqual(self.result(self.guest.guest_call()), 5)
        self.assertEqual(self.result(self.guest.call("guest-call")), 5)

    def test_subclass(self) -> None:
        """
        A subclass without a schema has that of its class.
        """

        class Mine(OurGuest):
            """With something more."""

        self.assertIs(Mine.schema, OurGuest.schema)
        self.assertTrue(hasattr(Mine, "get_statvfs"))
