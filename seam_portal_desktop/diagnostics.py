"""The log, and what becomes of errors that nobody handled. No secret gets past it."""

from __future__ import annotations

import faulthandler
import gc
import logging
import logging.handlers
import queue
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

logger = logging.getLogger("seam_portal_desktop")

# In each, the first group stays and the rest is hidden.
_SECRETS = (
    # Not this package's name, nor its modules' in a traceback: 'seam_gateway.py'.
    re.compile(r"(seam_)(?!portal_desktop(?![\w\-])|\w+\.py\b)[A-Za-z0-9_\-]+"),
    re.compile(r"(\b)ey[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-.]+"),
    re.compile(
        r"(?i)((?:authorization|api[_\-]?key|token|password|secret)['\"]?\s*[:=]\s*(?:b?['\"])?"
        r"(?:(?:bearer|basic)\s+)?|\b(?:bearer|basic)\s+)[^\s'\"&,}]+"
    ),
    re.compile(r"(https?://)[^\s/'\"@]+(?=@)"),
    re.compile(r"(https?://[^\s/'\"]+/)[^\s'\"]+"),
)

_CRASH_BYTES = 256 * 1024
_CHATTY = ("httpx", "httpcore", "alembic", "uvicorn", "asyncio", "qasync")


def redact(text: str) -> str:
    """`text` with credentials, tokens and the paths of web addresses taken out."""
    for pattern in _SECRETS:
        # A function, for a template would be compiled on first use: too late while Python ends.
        text = pattern.sub(lambda found: f"{found[1]}[hidden]", text)
    return text


def _take_crash(file: Path) -> str:
    """What the crash file says of an earlier run. It is kept under another name."""
    if not file.exists() or not file.stat().st_size:
        return ""
    with file.open("rb") as written:
        text = written.read(_CRASH_BYTES).decode("utf-8", "replace")
    file.replace(file.with_suffix(".old.log"))
    return redact(text)


class _RedactingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _BugListener(logging.Handler):
    """Hands what nobody handled to `hear`, as text without secrets, on whichever thread it is."""

    def __init__(self, on_answer: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._hear = on_answer
        self.setFormatter(_RedactingFormatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self._hear(self.format(record))


class Diagnostics:
    """Logging for one run; `close` puts everything back.


    The file is written by a thread of its own, so that a slow disk never stops the window. It
    rotates at 1 MB, three old ones are kept. Where it can't be written, standard error is used.
    """

    def __init__(self, log_file: Path) -> None:
        self.log_file = log_file
        self._crash_file: Any = None
        self._bug_listener: _BugListener | None = None
        self._queue: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._handler = logging.handlers.QueueHandler(self._queue)
        self._previous_crash = ""
        self._target = self._open(log_file)
        self._listener = logging.handlers.QueueListener(self._queue, self._target)
        self._previous_hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        self._previous_levels: dict[str | None, int] = {}

    def start(self) -> None:
        formatter = _RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
        # The queue handler formats on the calling thread, before a secret could be queued.
        self._handler.setFormatter(formatter)
        self._target.setFormatter(logging.Formatter("%(message)s"))
        logging.getLogger().addHandler(self._handler)
        levels: dict[str | None, int] = dict.fromkeys(_CHATTY, logging.WARNING)
        levels[None] = logging.INFO
        for name, level in levels.items():
            self._previous_levels[name] = logging.getLogger(name).level
            logging.getLogger(name).setLevel(level)
        self._listener.start()
        sys.excepthook = self._uncaught
        threading.excepthook = lambda args: self._uncaught(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        sys.unraisablehook = lambda args: self._uncaught(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        # What is still logged after `close`, such as a lost task's error, goes to standard error.
        if logging.lastResort is not None:
            logging.lastResort.setFormatter(_RedactingFormatter())

    def take_previous_crash(self) -> str:
        """What a run that ended in a crash of native code left behind: stacks without values, and
        without secrets. Given once; empty when the last run ended as it should."""
        text, self._previous_crash = self._previous_crash, ""
        return text

    def listen(self, on_answer: Callable[[str], None] | None) -> None:
        """Call `hear`, on any thread, with each error that is logged with its traceback from now
        on; None ends that. Errors for users are not logged as such."""
        if self._bug_listener is not None:
            logging.getLogger().removeHandler(self._bug_listener)
        self._bug_listener = None if on_answer is None else _BugListener(on_answer)
        if self._bug_listener is not None:
            logging.getLogger().addHandler(self._bug_listener)

    def close(self) -> None:
        self.listen(None)
        gc.collect()  # tasks that nobody waited for say now what they failed with
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._previous_hooks
        logging.getLogger().removeHandler(self._handler)
        for name, level in self._previous_levels.items():
            logging.getLogger(name).setLevel(level)
        self._listener.stop()
        self._target.close()
        if self._crash_file is not None:
            faulthandler.disable()
            # On Windows it also gets errors that a library handled by itself.
            self._crash_file.truncate(0)
            self._crash_file.close()

    def handle_loop_exception(self, _loop: object, context: dict[str, Any]) -> None:
        """An asyncio exception handler: logs, never raises."""
        error = context.get("exception")
        # The arguments of a callback are quoted cut short, and half a secret can't be recognised.
        message = str(context.get("message", "")).partition("(")[0]
        logger.error("Unhandled in the event loop: %s", message, exc_info=error)

    def _open(self, log_file: Path) -> logging.Handler:
        try:
            log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            crash_file = log_file.with_suffix(".crash.log")
            self._previous_crash = _take_crash(crash_file)
            self._crash_file = crash_file.open("a", encoding="utf-8")
            faulthandler.enable(self._crash_file)
            return logging.handlers.RotatingFileHandler(
                log_file, maxBytes=1_000_000, backupCount=3, encoding="utf-8"
            )
        except OSError:
            return logging.StreamHandler(sys.stderr)

    def _uncaught(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        logger.critical("A bug: nobody handled this", exc_info=(kind, error or kind(), traceback))
