"""The process that renders templates, as the program sees it. Call it in one thread only."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

import psutil

from seam_portal_desktop.adapters.templates.frames import MEMORY_LIMIT, read_frame, write_frame

_LOOK_EVERY = 0.02
"""Seconds between two looks at the process's memory."""

_LONGEST_LOOK = 0.2
_STARTS_WITHIN = 20.0
_END_WITHIN = 5.0


class WorkerError(Exception):
    """The process is gone. `kind` is ``start`` (it never worked), ``time`` or ``memory`` (it was
    ended), or ``crash``."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """In seconds. A job is stopped after `usual`, unless the process has used less than `used` of
    a processor: then the computer is busy or was asleep, and it gets `most`."""

    usual: float = 1.5
    used: float = 0.3
    most: float = 10.0


class WorkerProcess:
    """Starts the process. Raises WorkerError if it can't be started.

    `command` starts this program so that it runs `worker.run`; `folder` is where it is started.
    """

    def __init__(self, command: Sequence[str], folder: Path | None) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this program
                command,
                cwd=folder,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            raise WorkerError("start") from None
        self._jobs: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        threading.Thread(target=self._exchange, name="template pipes", daemon=True).start()
        try:
            self._wait(TimeLimit(_STARTS_WITHIN, 0.0, _STARTS_WITHIN))
        except WorkerError:
            raise WorkerError("start") from None

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: dict[str, Any], limit: TimeLimit) -> dict[str, Any]:
        """The answer to a job. After a WorkerError the process is gone."""
        self._jobs.put(job)
        return self._wait(limit)

    def kill(self) -> None:
        """Any thread may call it. The process holds nothing that could be lost."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """End the process and wait until it is gone."""
        self._jobs.put(None)
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_WITHIN)

    def _wait(self, limit: TimeLimit) -> dict[str, Any]:
        last, took, used_before = time.monotonic(), 0.0, self._used()
        while True:
            try:
                answer = self._answers.get(timeout=_LOOK_EVERY)
            except Empty:
                now = time.monotonic()
                # A computer that was asleep meanwhile, or whose clock was put forward, is no
                # reason: the answer may be there in a moment.
                took, last = took + min(now - last, _LONGEST_LOOK), now
                used = self._used() - used_before
                if took >= limit.most or (took >= limit.usual and used >= limit.used):
                    raise self._ended("time") from None
                if self._memory() > MEMORY_LIMIT:
                    raise self._ended("memory") from None
            else:
                if answer is None:
                    raise self._ended("crash")
                return answer

    def _ended(self, kind: str) -> WorkerError:
        self.end()
        return WorkerError(kind)

    def _used(self) -> float:
        """Seconds of a processor."""
        with contextlib.suppress(psutil.Error):
            times = psutil.Process(self._process.pid).cpu_times()
            return float(times.user + times.system)
        return 0.0

    def _memory(self) -> int:
        with contextlib.suppress(psutil.Error):
            return int(psutil.Process(self._process.pid).memory_info().rss)
        return 0

    def _exchange(self) -> None:
        """Write jobs and read answers, in a thread of its own: a pipe can stand still."""
        process = self._process
        with _pipe(process.stdin) as jobs, _pipe(process.stdout) as answers:
            with contextlib.suppress(OSError, ValueError, RecursionError):
                while self._take_answer(answers) and (job := self._jobs.get()) is not None:
                    write_frame(jobs, job)
                    del job  # it has the link, and the next job may come much later
            self._answers.put(None)

    def _take_answer(self, answers: IO[bytes]) -> bool:
        """Wait for an answer and pass it on. False at the end of the process."""
        answer = read_frame(answers)
        if answer is not None:
            self._answers.put(answer)
        return answer is not None


@contextlib.contextmanager
def _pipe(stream: IO[bytes] | None) -> Iterator[IO[bytes]]:
    assert stream is not None  # noqa: S101 - made with a pipe
    try:
        yield stream
    finally:
        with contextlib.suppress(OSError):
            stream.close()


def _environment() -> dict[str, str]:
    """Nothing of the user's. Windows can't load its libraries without these."""
    if sys.platform != "win32":
        return {}
    return {name: os.environ[name] for name in ("SYSTEMROOT", "WINDIR") if name in os.environ}
