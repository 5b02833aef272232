"""What can be chosen about a session."""

from attrs import field, frozen
from attrs.validators import ge, gt, optional

from txqga.schema import Schema


@frozen(kw_only=True)
class SessionOptions:
    """
    What can be chosen about a session; every time is in seconds.

    Deadlines count silence: whatever arrives renews them, because a big reply is slow (42 MiB of
    ``guest-exec-status`` take the C agent 5 to 16 s). The cap bounds how often.
    """

    sync_timeout: float = field(default=5.0, validator=gt(0))  #: silence before a sync is given up
    deadline: float = field(default=5.0, validator=gt(0))  #: silence before a call is given up
    #: longest time for a call, the wait for its turn included; None: twelve deadlines once written
    cap: float | None = field(default=None, validator=optional(gt(0)))
    connect_timeout: float = field(default=30.0, validator=gt(0))  #: for one attempt to connect
    retry_initial: float = field(default=0.5, validator=gt(0))  #: pause after the first failure
    retry_max: float = field(default=30.0, validator=gt(0))  #: longest pause between attempts
    window: int = field(default=32, validator=ge(1))  #: reads in flight at the same time
    queue: int = field(default=1024, validator=ge(1))  #: calls that wait for their turn
    garbage: int = field(default=100, validator=ge(1))  #: bad lines in a row before reconnecting
    #: where the agent knows fences (``txqga-fence``) what changes the guest is sent inside one, and
    #: does not run when its caller has been told that there is no answer
    fence: bool = True
    schema: Schema | None = None  #: tells a command's class; None: QEMU's and ours
    #: for who passes replies on: long base64 in a result may be a :class:`txqga.wire.Verbatim`
    verbatim: bool = False
