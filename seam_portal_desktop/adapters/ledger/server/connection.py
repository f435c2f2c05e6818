"""The one connection to a PostgreSQL server: its time limits, and the lock of its one program.

A server that hangs answers nothing, not even a request to cancel. So each call has a limit of its
own, after which this side breaks the connection off.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Engine, event

from seam_portal_desktop.adapters.ledger.server.one_program import claim, name_of_this_program

CONNECT_SECONDS = 5
ANSWER_SECONDS = 10.0
"""Of a call, with a new connection if it needs one."""
CONTENT_SECONDS = 60.0
"""Of a call that carries an attachment, which has up to many megabytes."""
UPGRADE_SECONDS = 600.0
HURRIED_SECONDS = 1.5
"""Of a call when the program ends."""
_CANCEL_SECONDS = 1.0

_SETTINGS = {
    # Less than ANSWER_SECONDS: a server that is only slow says so itself.
    "statement_timeout": "8s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    # The server notices soon that this computer is gone, and frees the lock for the next start.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_CLIENT_SETTINGS = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""libpq's. Those that the policy's URL sets itself stay as they are there."""


class ServerSilentError(Exception):
    """The server did not answer in time. The connection was broken off."""


class ServerConnection:
    """Makes, limits and cancels the connection of an engine that has one.

    The ledger's thread makes the calls. `cancel` and `hurry` are called on other threads
    and return at once.
    """

    def __init__(self, os_user: str) -> None:
        self._program = name_of_this_program(os_user)
        self._lock = threading.Lock()
        self._raw: Any = None
        self._socket: socket.socket | None = None
        self._call: object | None = None
        self._cancelling: threading.Thread | None = None
        self._is_silent = self._was_silent = False
        self._silent_at = float("-inf")
        self._is_hurried = False

    def arguments(self, url: URL) -> dict[str, Any]:
        """The `connect_args` for `create_engine`."""
        chosen = {name: value for name, value in _CLIENT_SETTINGS.items() if name not in url.query}
        return chosen | {"application_name": self._program.text}

    def attach(self, engine: Engine) -> None:
        """Make the engine's connections here. Each one takes the lock before it is used."""

        @event.listens_for(engine, "do_connect")
        def connect(dialect: Any, _record: object, args: Any, options: Any) -> Any:  # noqa: ANN401
            if self._is_silent:
                raise ServerSilentError  # it was given its time in this call already
            raw = dialect.connect(*args, **options)
            try:
                self._use(raw)
                claim(raw, self._program, _SETTINGS)
            except BaseException:
                raw.close()
                raise
            return raw

    def close(self) -> None:
        """Call it after the engine was disposed of."""
        self._use(None)

    @contextlib.contextmanager
    def time_limit(self, seconds: float | None = None) -> Iterator[None]:
        """Raise ServerSilentError if the block takes longer, because the server doesn't answer.

        The usual time is ANSWER_SECONDS.
        """
        seconds = ANSWER_SECONDS if seconds is None else seconds
        if self._is_hurried:
            if self._was_silent:
                raise ServerSilentError
            seconds = HURRIED_SECONDS
        self._is_silent = self._was_silent = False
        call = object()
        timer = threading.Timer(seconds, self._break_off, (call,))
        timer.daemon = True
        with self._lock:
            self._call = call
        timer.start()
        try:
            yield
        except Exception:
            if not self._is_silent:
                raise
            is_silent = True
        else:
            is_silent = False
        finally:
            timer.cancel()
            with self._lock:
                self._call = None
                self._was_silent, self._is_silent = self._is_silent, False
        if is_silent:
            raise ServerSilentError  # outside of the handler: the driver's error quotes the row

    def check_answers(self, since: float) -> None:
        """Raise ServerSilentError if the server was silent after `since` (monotonic).

        So calls that wait behind a call without an answer don't wait that long once more each.
        """
        if self._silent_at > since:
            raise ServerSilentError

    def cancel(self, raw: Any) -> None:  # noqa: ANN401 - the driver's connection
        """Ask the server to end the read that runs on `raw`. `finish_cancelling` waits for it."""
        self._cancelling = threading.Thread(
            target=self._cancel, args=(raw, self._call), name="ledger-cancel", daemon=True
        )
        self._cancelling.start()

    def finish_cancelling(self) -> None:
        """Wait until no request to cancel is under way: it would hit the next statement."""
        if self._cancelling is not None:
            self._cancelling.join()
            self._cancelling = None

    def hurry(self) -> None:
        """The program ends: limit the calls to HURRIED_SECONDS, the present one included.

        After the first one without an answer all the others fail at once.
        """
        self._is_hurried = True
        timer = threading.Timer(HURRIED_SECONDS, self._break_off, (self._call,))
        timer.daemon = True
        timer.start()

    def _cancel(self, raw: Any, call: object) -> None:  # noqa: ANN401
        try:
            raw.cancel_safe(timeout=_CANCEL_SECONDS)
        except Exception:  # noqa: BLE001 - a server that can't even cancel doesn't answer
            self._break_off(call)

    def _use(self, raw: Any) -> None:  # noqa: ANN401
        with self._lock:
            earlier, self._raw = self._raw, raw
            if self._socket is not None:
                self._socket.close()
            # A descriptor of our own: the driver's may be closed, and its number used again, at
            # the moment when the connection is broken off.
            self._socket = raw and socket.fromfd(
                raw.pgconn.socket, socket.AF_INET, socket.SOCK_STREAM
            )
        if earlier is not None:
            earlier.close()  # SQLAlchemy closes none that broke while the dialect set it up

    def _break_off(self, call: object | None) -> None:
        """End the connection, so that the thread of this call goes on, if it still runs."""
        with self._lock:
            if call is None or call is not self._call:
                return
            self._is_silent = True
            self._silent_at = time.monotonic()
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
