"""The connections of one mail account."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace

from seam_portal_desktop.adapters.mail.connect_errors import SignInLostError, lost_in_sign_in
from seam_portal_desktop.adapters.mail.connection import (
    MailConnection,
    MailTimeouts,
    StaleConnectionError,
)
from seam_portal_desktop.adapters.mail.opening import open_connection
from seam_portal_desktop.adapters.mail.pace import PaceKeeper
from seam_portal_desktop.adapters.mail.refusals import AccountBusyError
from seam_portal_desktop.domain.message.ports import (
    Envelope,
    MailError,
    TransportAnswer,
)
from seam_portal_desktop.domain.message.sender import MailAccount, Security, SignIn
from seam_portal_desktop.domain.secret import Secret

IDLE_SECONDS = 75.0
"""How long an idle connection stays open: longer than a wait for the next minute of the pace, and
shorter than the limits of servers and firewalls."""

_GOODBYE_SECONDS = 1.0
_MOST_SILENT_SIGN_INS = 2


class _OneTooManyError(Exception):
    """The server takes fewer connections at once than the account's pace says."""

    def __init__(self, refusal: MailError) -> None:
        super().__init__()
        self.refusal = refusal


class MailLine:
    """Sends the messages of one account, over at most as many connections as its pace allows.

    If the server refuses one more connection while others work, it gets one less from then on.
    """

    def __init__(
        self,
        account: MailAccount,
        pacer: PaceKeeper,
        tls: Callable[[], Awaitable[ssl.SSLContext]],
        timeouts: MailTimeouts,
        steady: Callable[[], float],
    ) -> None:
        self._account = account
        self._pacer = pacer
        self._tls = tls
        self._timeouts = timeouts
        self._steady = steady
        self._turns = asyncio.Semaphore(max(1, account.pace.connections))
        self._opening = asyncio.Lock()
        self._secret: Secret | None = None
        self._idle: list[MailConnection] = []
        self._in_use: set[MailConnection] = set()
        self._left: list[MailConnection] = []
        self._failure: MailError | None = None
        self._failures = 0
        self._silent_sign_ins = 0
        self._busy: MailError | None = None
        self._busy_until = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def send(
        self,
        secret: Secret | None,
        envelope: Envelope,
        before_body: Callable[[], Awaitable[None]],
    ) -> TransportAnswer:
        """See MailTransport.send."""
        failures = self._failures
        while True:
            await self._turns.acquire()
            try:
                self._check_busy()
                self._check_failed(failures)
                async with self._pacer.message(len(envelope.recipients)) as count:
                    self._check_busy()
                    answer = await self._send(secret, envelope, before_body, failures, count)
            except _OneTooManyError:
                continue  # and this turn isn't given back
            except MailError as error:
                self._note_busy(error)
                self._turns.release()
                raise
            except BaseException:
                self._turns.release()
                raise
            self._turns.release()
            return answer

    async def _send(
        self,
        secret: Secret | None,
        envelope: Envelope,
        before_body: Callable[[], Awaitable[None]],
        failures: int,
        count: Callable[[], None],
    ) -> TransportAnswer:
        connection = self._take_idle(secret) or await self._open(secret, failures, takes_idle=True)
        count()
        try:
            return await self._use(connection, envelope, before_body)
        except StaleConnectionError:
            self._close_idle()  # the server closed this one, so it closed the others as well
        connection = await self._open(secret, failures)
        return await self._use(connection, envelope, before_body)

    async def test(self, secret: Secret | None) -> None:
        """Connect and sign in once. Raises MailError."""
        async with self._turns:
            try:
                connection = await self._open(secret, self._failures)
            except _OneTooManyError as error:
                raise error.refusal from None
            self._leave(connection)
            self._busy = None

    async def aclose(self) -> None:
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._close_idle()
        for connection in tuple(self._in_use):
            connection.abort()
            self._left.append(connection)
        await self._wait_for_left_ones()

    async def _use(
        self,
        connection: MailConnection,
        envelope: Envelope,
        before_body: Callable[[], Awaitable[None]],
    ) -> TransportAnswer:
        self._in_use.add(connection)
        try:
            return await connection.deliver(envelope, before_body)
        finally:
            self._in_use.discard(connection)
            limit = self._account.pace.mails_per_connection
            if self._is_closed or (limit is not None and connection.used >= limit):
                self._leave(connection)
            elif connection.is_open:
                connection.idle_since = self._steady()
                self._idle.append(connection)
                self._watch_idle()

    def _take_idle(self, secret: Secret | None) -> MailConnection | None:
        if secret != self._secret and self._account.sign_in is SignIn.PASSWORD:
            self._close_idle()  # they are signed in with another password
        self._secret = secret
        self._leave_old()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _open(
        self, secret: Secret | None, failures: int, *, takes_idle: bool = False
    ) -> MailConnection:
        """One after the other, so that a wrong password is tried once and not once for each."""
        tls = None if self._account.security is Security.NONE else await self._tls()
        async with self._opening:
            self._check_failed(failures)
            if takes_idle and (idle := self._take_idle(secret)) is not None:
                return idle  # another message is done meanwhile
            await self._wait_for_left_ones()
            try:
                connection = await open_connection(self._account, secret, tls, self._timeouts)
            except MailError as error:
                if isinstance(error, AccountBusyError) and (self._in_use or self._idle):
                    raise _OneTooManyError(error) from None
                self._failures += 1
                self._failure = self._judge_sign_in(error)
                raise self._failure from None
            self._failure = None
            self._silent_sign_ins = 0
            return connection

    def _check_failed(self, failures: int) -> None:
        """Raise what another message met while this one waited."""
        if self._failures != failures and self._failure is not None:
            raise replace(self._failure)

    def _judge_sign_in(self, error: MailError) -> MailError:
        """Some servers hang up at a wrong password. So a second hang-up counts as a refusal."""
        if not isinstance(error, SignInLostError):
            return error
        self._silent_sign_ins += 1
        return lost_in_sign_in() if self._silent_sign_ins >= _MOST_SILENT_SIGN_INS else error

    def _check_busy(self) -> None:
        """Raise the server's last wish to wait, while it lasts."""
        left = self._busy_until - self._steady()
        if self._busy is not None and left > 0:
            raise replace(self._busy, retry_after=left)

    def _note_busy(self, error: MailError) -> None:
        if isinstance(error, AccountBusyError):
            self._busy = error
            self._busy_until = self._steady() + (error.retry_after or 0.0)

    def _watch_idle(self) -> None:
        if self._timer is None and not self._is_closed:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(IDLE_SECONDS, self._idle_time_passed)

    def _idle_time_passed(self) -> None:
        self._timer = None
        self._leave_old()
        if self._idle:
            self._watch_idle()

    def _leave_old(self) -> None:
        oldest = self._steady() - IDLE_SECONDS
        for connection in [each for each in self._idle if each.idle_since <= oldest]:
            self._idle.remove(connection)
            self._leave(connection)

    def _close_idle(self) -> None:
        while self._idle:
            self._leave(self._idle.pop())

    def _leave(self, connection: MailConnection) -> None:
        connection.leave()
        self._left = [each for each in self._left if not each.is_gone]
        self._left.append(connection)

    async def _wait_for_left_ones(self) -> None:
        """They count at the server until it has answered to their QUIT."""
        left, self._left = self._left, []
        await asyncio.gather(*(each.wait_closed(_GOODBYE_SECONDS) for each in left))
