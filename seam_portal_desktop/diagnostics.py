"""The log and the handling of unexpected errors. Secrets are removed from both."""

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

# In each match the first group stays and the rest is hidden.
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
    """`text` without credentials, tokens and the paths of web addresses."""
    for pattern in _SECRETS:
        # A function: a template is compiled on first use, which fails while Python ends.
        text = pattern.sub(lambda found: f"{found[1]}[hidden]", text)
    return text


def _read_crash_file(file: Path) -> str:
    """The crash of an earlier run, or an empty text. The file is renamed."""
    if not file.exists() or not file.stat().st_size:
        return ""
    with file.open("rb") as written:
        text = written.read(_CRASH_BYTES).decode("utf-8", "replace")
    file.replace(file.with_suffix(".old.log"))
    return redact(text)


class _RedactingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _BugHandler(logging.Handler):
    """Calls `on_bug` with each traceback, without secrets, on the thread that logs it."""

    def __init__(self, on_bug: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._on_bug = on_bug
        self.setFormatter(_RedactingFormatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self._on_bug(self.format(record))


class Diagnostics:
    """Logging for one run. `close` restores everything.

    A thread of its own writes the file, so that a slow disk never blocks the window. The file
    rotates at 1 MB and three old ones are kept. If it can't be written, standard error is used.
    """

    def __init__(self, log_file: Path) -> None:
        self.log_file = log_file
        self._crash_file: Any = None
        self._bug_handler: _BugHandler | None = None
        self._queue: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._handler = logging.handlers.QueueHandler(self._queue)
        self._previous_crash = ""
        self._target = self._open(log_file)
        self._listener = logging.handlers.QueueListener(self._queue, self._target)
        self._previous_hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        self._previous_levels: dict[str | None, int] = {}

    def start(self) -> None:
        formatter = _RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
        # The queue handler formats on the calling thread, so no secret is queued.
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
        # Records after `close`, such as a lost task's error, go to standard error.
        if logging.lastResort is not None:
            logging.lastResort.setFormatter(_RedactingFormatter())

    def take_previous_crash(self) -> str:
        """The stacks of a crash of native code in the last run, without values and secrets.

        Empty at the second call, or if the last run had no crash.
        """
        text, self._previous_crash = self._previous_crash, ""
        return text

    def set_bug_handler(self, on_bug: Callable[[str], None] | None) -> None:
        """Call `on_bug`, on any thread, with each error that is logged with its traceback.

        None ends that. Errors for users are not logged with a traceback.
        """
        if self._bug_handler is not None:
            logging.getLogger().removeHandler(self._bug_handler)
        self._bug_handler = None if on_bug is None else _BugHandler(on_bug)
        if self._bug_handler is not None:
            logging.getLogger().addHandler(self._bug_handler)

    def close(self) -> None:
        self.set_bug_handler(None)
        gc.collect()  # a task that was never awaited logs its error when it is collected
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._previous_hooks
        logging.getLogger().removeHandler(self._handler)
        for name, level in self._previous_levels.items():
            logging.getLogger(name).setLevel(level)
        self._listener.stop()
        self._target.close()
        if self._crash_file is not None:
            faulthandler.disable()
            # On Windows it also gets errors that a library has handled.
            self._crash_file.truncate(0)
            self._crash_file.close()

    def handle_loop_exception(self, _loop: object, context: dict[str, Any]) -> None:
        """An asyncio exception handler: logs, never raises."""
        error = context.get("exception")
        # asyncio shortens a callback's arguments, and half a secret can't be recognised.
        message = str(context.get("message", "")).partition("(")[0]
        logger.error("Unhandled in the event loop: %s", message, exc_info=error)

    def _open(self, log_file: Path) -> logging.Handler:
        try:
            log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            crash_file = log_file.with_suffix(".crash.log")
            self._previous_crash = _read_crash_file(crash_file)
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
