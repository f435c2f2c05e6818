"""The mail server: its ports, its connections, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import socket
from functools import partial

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.sandbox.mail.counters import MailCounters, MailCounts
from seam_portal_desktop.sandbox.mail.faults import MailFaults
from seam_portal_desktop.sandbox.mail.smtp.certificates import make_tls
from seam_portal_desktop.sandbox.mail.smtp.channel import SmtpChannel
from seam_portal_desktop.sandbox.mail.smtp.limits import MailPace
from seam_portal_desktop.sandbox.mail.smtp.session import SmtpParts, SmtpSession
from seam_portal_desktop.sandbox.mail.smtp.sign_in import SmtpLogin
from seam_portal_desktop.sandbox.mail.store import MailStore, ReceivedMail

_log = logging.getLogger(__name__)

USERNAME = "operator@example.com"


class SandboxMailbox:
    """The mailbox as other threads see it, and the server in front of it.

    ``port`` speaks clear text and STARTTLS, ``tls_port`` TLS from the first byte. ``ca_pem`` is
    the authority of the certificate for ``host`` and ``localhost``. ``path`` is the mailbox's
    place on the sandbox's HTTP server; who doesn't know it can't read the mails.
    """

    def __init__(self, host: str, clock: Clock) -> None:
        tls, self.ca_pem = make_tls(host)
        self.host = host
        self.port = 0
        self.tls_port = 0
        self.username = USERNAME
        self.password = secrets.token_urlsafe(16)
        self.path = f"/mailbox/{secrets.token_urlsafe(16)}"
        self.faults = MailFaults()
        self.store = MailStore()
        self._counters = MailCounters()
        self._parts = SmtpParts(
            tls,
            SmtpLogin(self.username, self.password),
            self.store,
            self.faults,
            self._counters,
            MailPace(),
            clock,
        )
        self._servers: list[asyncio.Server] = []
        self._sessions: dict[asyncio.Task[None], SmtpChannel] = {}

    @property
    def counters(self) -> MailCounts:
        """The numbers of this moment."""
        return self._counters.now()

    def messages(self) -> tuple[ReceivedMail, ...]:
        """What has arrived, the oldest first."""
        return self.store.mails()

    def clear(self) -> None:
        """Remove the mails. Faults, rules and counters stay."""
        self.store.clear()

    async def start(self, listener: socket.socket, tls_listener: socket.socket) -> None:
        """Serve on both sockets, in the running loop."""
        loop = asyncio.get_running_loop()
        on_close = self._counters.connection_closed
        for each, is_implicit_tls in ((listener, False), (tls_listener, True)):
            on_open = partial(self._opened, is_implicit_tls)
            self._servers.append(
                await loop.create_server(partial(SmtpChannel, on_open, on_close), sock=each)
            )

    async def stop(self) -> None:
        """Close the ports and all connections, at once."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        sessions = dict(self._sessions)
        for task, channel in sessions.items():
            channel.transport.abort()
            task.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    def _opened(self, is_implicit_tls: bool, channel: SmtpChannel) -> None:  # noqa: FBT001
        self._counters.connection_opened()
        session = SmtpSession(channel, self._parts, is_implicit_tls=is_implicit_tls)
        task = asyncio.get_running_loop().create_task(session.run())
        self._sessions[task] = channel
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sessions.pop(task, None)
        with contextlib.suppress(asyncio.CancelledError):
            if (error := task.exception()) is not None:
                # Without the traceback's values: what was said may be personal.
                _log.error("A mail connection of the sandbox failed: %s", type(error).__name__)
