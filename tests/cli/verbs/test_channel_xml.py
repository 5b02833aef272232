"""``txqga channel-xml``."""

import json
from typing import Any

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._complaint import Complaint
from txqga.cli.verbs._channel_xml import USUAL, channel_xml
from txqga.mux import AgentPort


class ChannelXmlTests(SynchronousTestCase):
    def say(self, *words: str) -> Any:
        return CliRunner().invoke(channel_xml, words, standalone_mode=False)

    def test_xml(self) -> None:
        """
        Libvirt's element is that of the library.
        """
        self.assertEqual(self.say().output, AgentPort().libvirt_xml())
        self.assertEqual(AgentPort().name, USUAL)
        self.assertIn("isa-serial", self.say("--serial", "--path", "/x").output)
        self.assertIn('name="org.txqga.0"', self.say("--name", "org.txqga.0").output)

    def test_qemu(self) -> None:
        """
        QEMU's words are fit for a shell, or a list for programs.
        """
        told = self.say("--qemu-args", "--path", "/a b", "--id", "x").output
        self.assertIn("'socket,id=x,path=/a b,server=on,wait=off'", told)
        told = json.loads(self.say("--qemu-args", "--path", "/a", "--json").output)
        self.assertEqual(told["arguments"], list(AgentPort(path="/a").qemu_arguments()))

    def test_wrong(self) -> None:
        """
        What cannot be is a mistake on the command line.
        """
        for words in (["--path", "x"], ["--name", "a/b"], ["--serial"], ["--qemu-args"]):
            self.assertIsInstance(self.say(*words).exception, Complaint, words)
