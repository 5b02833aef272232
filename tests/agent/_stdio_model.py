"""A stream of stdio beside what it should be."""

import os
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from txqga.agent._stdio import Stream


def pattern(size: int, start: int = 0) -> bytes:
    """Octets that tell where they are from."""
    return b"".join(b"%07d\n" % n for n in range(start, start + size // 8 + 1))[:size]


SIZES = st.one_of(st.integers(0, 40), st.sampled_from([4095, 4096, 4097, 8192, 10000]))


class AnyOrder(RuleBasedStateMachine):
    """Some octets and a position, and every operation on both."""

    directory: str

    @initialize(content=st.binary(max_size=20), size=SIZES, append=st.booleans())
    def open(self, content: bytes, size: int, append: bool) -> None:
        self.content = bytearray(content + pattern(size))
        self.position = 0
        self.append = append
        self.path = Path(self.directory) / "file"
        self.path.write_bytes(self.content)
        self.stream = Stream(os.open(self.path, os.O_RDWR | (os.O_APPEND if append else 0)))

    def teardown(self) -> None:
        if hasattr(self, "stream"):
            self.stream.close()
            assert self.path.read_bytes() == self.content

    @rule(count=SIZES)
    def read(self, count: int) -> None:
        self.stream.begin_reading()
        expected = bytes(self.content[self.position : self.position + count])
        assert self.stream.read(count) == (expected, len(expected) < count)
        self.position += len(expected)

    @rule(size=SIZES, start=st.integers(0, 9999))
    def write(self, size: int, start: int) -> None:
        data = pattern(size, start)
        self.stream.begin_writing()
        self.stream.write(data)
        if not data:
            return
        if self.append:
            self.position = len(self.content)
        if self.position > len(self.content):
            self.content += bytes(self.position - len(self.content))
        self.content[self.position : self.position + size] = data
        self.position += size

    @rule(offset=st.integers(-9000, 9000), whence=st.integers(0, 2))
    def seek(self, offset: int, whence: int) -> None:
        target = offset + (0, self.position, len(self.content))[whence]
        if target < 0:
            try:
                self.stream.seek(offset, whence)
            except OSError:
                return
            raise AssertionError("sought to before the beginning")
        assert self.stream.seek(offset, whence) == target
        self.position = target

    @rule()
    def flush(self) -> None:
        self.stream.flush()
        assert self.path.read_bytes() == self.content
