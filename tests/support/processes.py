"""The program as a separate process."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
SCREEN = Path(__file__).parent / "screen.json"
PATIENCE = 60.0

PROGRAM = "seam_portal_desktop"
DRIVER = "tests.support.drive_program"

NO_KEYRING = "keyring.backends.fail.Keyring"
FILE_KEYRING = "tests.support.file_keyring.Keyring"


def environment(home: Path, **changes: str) -> dict[str, str]:
    """The environment of a program in a test: its own home, no display, no proxy, no keyring."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")
    variables = {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "QT_QPA_PLATFORM": f"offscreen:configfile={SCREEN}",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--log-level=3 --disable-gpu",
        "PYTHON_KEYRING_BACKEND": NO_KEYRING,
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "PYTHONUTF8": "1",
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        variables["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    return variables | changes


@dataclass(frozen=True)
class FinishedProcess:
    code: int
    out: str
    err: str

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """The driver's messages of this kind."""
        lines = [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]
        return [line for line in lines if line["kind"] == kind]


class RunningProcess:
    """A process whose output is read by threads. Leaving the context kills it."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._out: list[str] = []
        self._err: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self._process.stdout, self._out), (self._process.stderr, self._err))
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
            assert not reader.is_alive(), "a process outside of its group keeps its output open"
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            stream.close()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def err(self) -> str:
        return "".join(self._err)

    def next_message(self, kind: str) -> dict[str, Any]:
        """The driver's next message, which must be of this kind."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(queue.Empty):
                line = json.loads(self._lines.get(timeout=0.1))
                assert line["kind"] == kind, line
                return line
            assert self.is_alive, f"It ended without the message {kind!r}: {self.err}"
            assert time.monotonic() < deadline, f"The message {kind!r} never came: {self.err}"

    def write_line(self, word: str) -> None:
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def send_signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill_all(self) -> None:
        """Kill it and its children, as a power cut does."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def wait_for_exit(self, within: float = PATIENCE) -> FinishedProcess:
        """Wait until it and its children have ended by themselves."""
        code = self._process.wait(within)
        for reader in self._readers:
            reader.join(10)
            assert not reader.is_alive(), "a child of it is still running"
        until(lambda: not self._remaining_children(), "its children have ended")
        return FinishedProcess(code, "".join(self._out), self.err)

    def handles(self, number: signal.Signals) -> bool:
        """Whether the program handles this signal (Linux; True elsewhere)."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            return True
        caught = next(line for line in status.read_text().splitlines() if "SigCgt" in line)
        return bool(int(caught.split()[1], 16) >> (number - 1) & 1)

    def core_limits(self) -> list[tuple[str, str]]:
        """Names, and the soft and hard limit of core dumps, of its group's processes (Linux)."""
        found = []
        for folder, name in self._group():
            lines = (folder / "limits").read_text().splitlines()
            line = next(line for line in lines if line.startswith("Max core file size"))
            found.append((name, " ".join(line.split()[4:6])))
        return found

    def _remaining_children(self) -> list[str]:
        return [name for _, name in self._group()]

    def _group(self) -> list[tuple[Path, str]]:
        """Folders in /proc and names of running processes of its group (Linux; none elsewhere)."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                name, _, rest = entry.read_text().rpartition(")")
                state, _, group = rest.split()[:3]
                if int(group) == self._process.pid and state not in "ZX":
                    found.append((entry.parent, name))
        return found

    def _read(self, stream: Iterator[str], kept: list[str]) -> None:
        for line in stream:
            kept.append(line)
            if kept is self._out and line.startswith("{"):
                self._lines.put(line)


def start(module: str, *arguments: str | Path, home: Path, **changes: str) -> RunningProcess:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return RunningProcess(command, environment(home, **changes))


def until(condition: Callable[[], object], what: str, *, timeout: float = PATIENCE) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"Waited in vain until {what}."
        time.sleep(0.02)
