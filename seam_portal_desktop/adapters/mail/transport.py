"""The program's MailTransport: SMTP over encrypted connections, at each account's pace."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from seam_portal_desktop.adapters.mail.connection import MailTimeouts
from seam_portal_desktop.adapters.mail.mail_line import MailLine
from seam_portal_desktop.adapters.mail.pace import PaceKeeper
from seam_portal_desktop.adapters.network.http_client import system_tls
from seam_portal_desktop.domain.clock import Clock, steady_seconds, system_clock
from seam_portal_desktop.domain.message.ports import Envelope, TransportAnswer
from seam_portal_desktop.domain.message.sender import MailAccount, Pace
from seam_portal_desktop.domain.secret import Secret

SentSince = Callable[[MailAccount, datetime], Awaitable[Sequence[datetime]]]
"""When an account sent a message since then: one time for each recipient. For the limit of a day,
which lasts longer than a run of the program."""

_DAY = timedelta(days=1)


class SmtpTransport:
    """MailTransport (see the port).

    If the task of `send` is cancelled after `before_body` was called, the server may have the
    message: nobody is told an answer then.

    Sends that wait when an account fails to connect or to sign in fail with it, so that a wrong
    password is tried once. Each later `send` tries again: the caller pauses after a MailError of
    MailTrouble.ACCOUNT.
    """

    def __init__(
        self,
        create_context: Callable[[], ssl.SSLContext] = system_tls,
        *,
        timeouts: MailTimeouts | None = None,
        clock: Clock = system_clock,
        steady: Callable[[], float] = steady_seconds,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        sent_since: SentSince | None = None,
    ) -> None:
        """`create_context` blocks on the disk; it is called once, in a thread."""
        self._create_context = create_context
        self._timeouts = timeouts or MailTimeouts()
        self._clock = clock
        self._steady = steady
        self._sleep = sleep
        self._sent_since = sent_since
        self._tls: ssl.SSLContext | None = None
        self._lines: dict[MailAccount, MailLine] = {}
        self._pacers: dict[MailAccount, PaceKeeper] = {}

    async def send(
        self,
        account: MailAccount,
        secret: Secret | None,
        envelope: Envelope,
        *,
        before_body: Callable[[], Awaitable[None]],
    ) -> TransportAnswer:
        line = await self._line(account)
        return await line.send(secret, envelope, before_body)

    async def test(self, account: MailAccount, secret: Secret | None) -> None:
        line = await self._line(account)
        await line.test(secret)

    async def aclose(self) -> None:
        await asyncio.gather(*(line.aclose() for line in self._lines.values()))

    async def _line(self, account: MailAccount) -> MailLine:
        if account not in self._lines:
            pacer = await self._pacer(account)
            if account not in self._lines:  # another call may have been faster
                self._lines[account] = MailLine(
                    account, pacer, self._context, self._timeouts, self._steady
                )
        return self._lines[account]

    async def _pacer(self, account: MailAccount) -> PaceKeeper:
        """What an account has sent counts on after its pace was changed."""
        name = replace(account, pace=Pace())
        if name not in self._pacers:
            sent: Sequence[datetime] = ()
            now = self._clock()
            if self._sent_since is not None:
                sent = await self._sent_since(account, now - _DAY)
            steady = self._steady()
            times = [steady - (now - each).total_seconds() for each in sent]
            self._pacers.setdefault(name, PaceKeeper(self._steady, self._sleep, sent_today=times))
        self._pacers[name].pace = account.pace
        return self._pacers[name]

    async def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = await asyncio.to_thread(self._create_context)
        return self._tls
