"""``txqga channel-xml``: what gives a new guest a port for its agent."""

import shlex

import click

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._output import Output
from txqga.cli._verb import Asked, Verb

#: The name that agents look for.
USUAL = "org.qemu.guest_agent.0"


@click.command(
    "channel-xml",
    cls=Verb,
    examples="""
    txqga channel-xml
    txqga channel-xml --name org.txqga.0 --path /run/qga/db1.sock
    txqga channel-xml --serial --path /run/qga/old.sock
    qemu-system-x86_64 ... $(txqga channel-xml --qemu-args --path /run/qga/db1.sock)
    """,
)
@click.option(
    "--path", metavar="SOCKET", help="Of the socket on the host; without, libvirt chooses one."
)
@click.option("--name", metavar="PORT", default=USUAL, show_default=True, help="Of the port.")
@click.option("--serial", is_flag=True, help="A serial line, for guests without virtio.")
@click.option("--qemu-args", is_flag=True, help="Words for the command line of QEMU, not XML.")
@click.option(
    "--id", "id_", default="qga0", show_default=True, help="Of the device, with --qemu-args."
)
@click.pass_context
def channel_xml(
    ctx: click.Context, path: str | None, name: str, serial: bool, qemu_args: bool, id_: str
) -> None:
    """
    Print what gives a new guest a port for its agent: an element for the devices of a libvirt
    domain, or words for the command line of QEMU.

    libvirt keeps the port with the usual name to itself: a guest that libvirt talks to, too, needs
    a second one for the mux.
    """
    from txqga.mux import AgentPort, Bus

    out = Output(ctx.ensure_object(Asked).json)
    try:
        port = AgentPort(path=path, name=name, bus=Bus.ISA if serial else Bus.VIRTIO)
        if qemu_args:
            words = port.qemu_arguments(id_)
            out.tell({"arguments": list(words)}, shlex.join(words))
        else:
            xml = port.libvirt_xml()
            out.tell({"xml": xml}, *xml.splitlines())
    except ValueError as why:
        raise Complaint("usage", str(why.args[0] if why.args else why), Exit.USAGE) from why
