"""The mux's page, for a browser on this machine alone."""

import json
import os
import secrets
import socket
import time
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any

PATIENCE = 60.0  #: seconds to wait for figures


class Page:
    """Where it is, and how the mux is told to serve it."""

    def __init__(self, folder: Path) -> None:
        self._token = secrets.token_hex(16)
        tokens = folder / "tokens"
        tokens.touch(mode=0o600)
        tokens.write_text(f"demo {self._token}\n")
        port = _free_port()
        self._root = f"http://127.0.0.1:{port}"
        self.options = ["--http", f"tcp:{port}:interface=127.0.0.1", "--http-tokens", str(tokens)]
        self.options.append("--poll")

    @property
    def url(self) -> str:
        """The page's address; what follows ``#`` is not sent to anyone."""
        return f"{self._root}/#token={self._token}"

    def open(self) -> bool:
        """Show it, where there is a screen to show it on."""
        screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        return bool(screen) and webbrowser.open(self.url)

    def until_told(self, guest: str) -> tuple[str, dict[str, Any]]:
        """
        Wait until a guest's figures are there.

        :return: its state, and the figures.
        """
        with urllib.request.urlopen(self._root, timeout=PATIENCE) as answer:
            answer.read()  # the page itself, for anyone
        began = time.monotonic()
        while "load" not in (told := self._ask("/v1/figures")["guests"][guest]):
            if time.monotonic() - began > PATIENCE:
                raise TimeoutError(f"no figures of {guest} in {PATIENCE:.0f} s")
            time.sleep(0.1)
        return self._ask(f"/v1/guests/{guest}")["state"], told

    def _ask(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self._root + path, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
