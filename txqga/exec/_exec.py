"""Programs of a guest, run as if it were here."""

from collections.abc import Mapping, Sequence

from attrs import evolve
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from txqga.exec._asked import Asked
from txqga.exec._collected import Collected
from txqga.exec._following import Listener
from txqga.exec._jobs import JobStatus, read_jobs
from txqga.exec._patient import Patient
from txqga.exec._program import Program
from txqga.exec._result import Result
from txqga.exec._running import Running
from txqga.exec._shielded import shielded
from txqga.exec._start import attach, start
from txqga.exec._stock import INPUT, KEPT
from txqga.exec._traits import Traits, read_traits
from txqga.exec._way import Way


class Exec:
    """
    Programs of a guest.

    ::

        done = await Exec(reactor, guest).run("uname", ["-a"])
        print(done.exit_code, done.stdout)

    :param guest: a :class:`txqga.Guest`, a :class:`txqga.session.Session`, or alike.
    :param place: a folder of the guest with room for the output of programs that are followed by
        way of files. Who attaches to such a program names the same folder.
    """

    def __init__(self, clock: IReactorTime, guest: Asked, *, place: str = "/tmp") -> None:
        self._patient = Patient(clock, guest, place)
        self._known: tuple[int, Traits] | None = None  #: and in which epoch

    def ways(self) -> Deferred[tuple[Way, ...]]:
        """
        Ask how programs can be run, the best way first.

        :return: fails with :class:`~txqga.errors.CommandNotFound` if they cannot.
        """

        async def steps() -> tuple[Way, ...]:
            return (await self._traits()).ways

        return Deferred.fromCoroutine(steps())

    def start(
        self,
        path: str,
        args: Sequence[str] = (),
        *,
        input: bytes = b"",
        stdin: bool = False,
        env: Mapping[str, str] | None = None,
        add_env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        search: bool = True,
        merge: bool = False,
        time_out: float | None = None,
        key: str | None = None,
        detached: bool = False,
        stdout: Listener | None = None,
        stderr: Listener | None = None,
        way: Way | None = None,
    ) -> Deferred[Running]:
        """
        Start a program.

        :param path: the program; without a slash it is looked for in PATH.
        :param args: its arguments, without its name.
        :param input: what it reads; on agents that cannot stream, 4 MiB at most.
        :param stdin: whether more is written to :attr:`Running.stdin` after that, which not every
            agent can.
        :param env: its whole environment; None: that of the agent.
        :param add_env: variables beside those of the agent, or in place of its own: added by the
            program ``env``, so not on Windows. Not with ``env``.
        :param cwd: its working directory; None: the agent's.
        :param search: False: a path without a slash is a file in its working directory.
        :param merge: whether standard error is joined to standard output, in order.
        :param time_out: seconds, after which it is killed.
        :param key: a name of your choice. Where the agent can stream, a program of that name that
            is there already is the one you get, and nothing is started.
        :param detached: whether it is meant to outlive us: cancelled waiting does not kill it.
        :param stdout: called with octets as they come; it may return a Deferred, and no more will
            come before that fires. Otherwise read :attr:`Running.stdout`.
        :param stderr: the same for standard error.
        :param way: how; None: the best there is.
        :return: fails with :class:`~txqga.errors.CommandFailed` when it cannot be started, and as
            the guest's ``call`` does. Cancelled, it kills what was started.
        """
        if not search and "/" not in path:
            path = f"./{path}"
        program = Program(
            path=path,
            args=args,
            env=env,
            added=add_env,
            cwd=cwd,
            input=input,
            stdin=stdin,
            merge=merge,
            time_out=time_out,
            key=key,
            detached=detached,
        )
        preferred = (Way.STREAMED, Way.WHOLE if detached else Way.FOLLOWED, Way.WHOLE)
        return self._start(program, way, preferred, detached, stdout, stderr)

    def run(
        self,
        path: str,
        args: Sequence[str] = (),
        *,
        input: bytes = b"",
        env: Mapping[str, str] | None = None,
        add_env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        search: bool = True,
        merge: bool = False,
        time_out: float | None = None,
        limit: int = KEPT,
        way: Way | None = None,
    ) -> Deferred[Result]:
        """
        Run a program to its end, and collect what it says.

        The parameters are those of :meth:`start`, and:

        :param limit: octets that are kept of each stream. The program goes on beyond them; the
            result says that there were more.
        :return: cancelled, it kills the program, and fails with CancelledError when that is gone.
        """
        if not search and "/" not in path:
            path = f"./{path}"
        program = Program(
            path=path,
            args=args,
            env=env,
            added=add_env,
            cwd=cwd,
            input=input,
            merge=merge,
            time_out=time_out,
        )
        # what may be told whole costs two commands, what is followed ten
        is_much = limit > KEPT or len(input) > INPUT
        second = Way.FOLLOWED if is_much else Way.WHOLE
        preferred = (Way.STREAMED, second, Way.WHOLE)

        async def steps() -> Result:
            out, err = Collected(limit), Collected(limit)
            running = await self._start(program, way, preferred, False, out, err)
            result = await running.wait()
            return evolve(
                result,
                stdout=out.octets,
                stderr=err.octets,
                out_truncated=result.out_truncated or out.truncated,
                err_truncated=result.err_truncated or err.truncated,
            )

        return Deferred.fromCoroutine(steps())

    def jobs(self) -> Deferred[list[JobStatus]]:
        """
        List the programs that were started and not collected, the oldest first.

        :return: fails with :class:`~txqga.errors.CommandNotFound` where the agent keeps no list: a
            program of ``guest-exec`` is found by who has kept its pid.
        """
        return Deferred.fromCoroutine(read_jobs(self._patient))

    def attach(
        self, job: str, *, stdout: Listener | None = None, stderr: Listener | None = None
    ) -> Deferred[Running]:
        """
        Follow a program that was started before, by whomever; it counts as detached.

        :param job: :attr:`Running.name` of it, which is a pid where the agent cannot stream; or
            its key.
        :return: fails with :class:`~txqga.errors.ProgramLost` if the agent does not know it. That
            of a pid is first known when it is waited for.
        """

        async def steps() -> Running:
            followed = await attach(self._patient, await self._traits(), job)
            return Running(
                self._patient.clock,
                followed,
                stdin=followed.in_offset is not None,
                detached=True,
                stdout=stdout,
                stderr=stderr,
            )

        return Deferred.fromCoroutine(steps())

    # -- how it is done

    def _start(
        self,
        program: Program,
        way: Way | None,
        preferred: Sequence[Way],
        detached: bool,
        stdout: Listener | None,
        stderr: Listener | None,
    ) -> Deferred[Running]:
        async def begin(traits: Traits, chosen: Way) -> Running:
            job = await start(self._patient, program, traits, chosen)
            return Running(
                self._patient.clock,
                job,
                input=program.input,
                stdin=program.stdin,
                time_out=program.time_out,
                detached=detached,
                stdout=stdout,
                stderr=stderr,
            )

        async def steps() -> Running:
            traits = await self._traits()  # cancelled meanwhile, nothing is started
            return await shielded(begin(traits, traits.choose(way, preferred)))

        return Deferred.fromCoroutine(steps())

    async def _traits(self) -> Traits:
        epoch = self._patient.guest.epoch
        if self._known is None or self._known[0] != epoch:
            self._known = epoch, await read_traits(self._patient.guest)
        return self._known[1]
