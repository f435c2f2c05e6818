"""One connection to a mail server, with which messages are sent one after the other.

aiosmtplib's protocol is used and not its client, which raises the same errors before and after the
message was sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiosmtplib.errors import SMTPException, SMTPResponseException
from aiosmtplib.protocol import SMTPProtocol

from seam_portal_desktop.adapters.mail import connect_errors, refusals
from seam_portal_desktop.adapters.mail.answers import CLOSING, Phase, ServerAnswer
from seam_portal_desktop.adapters.mail.envelopes import (
    AddressRefusedError,
    wire_address,
    wire_message,
)
from seam_portal_desktop.domain.message.delivery import RecipientResult, RecipientState
from seam_portal_desktop.domain.message.mime.addresses import needs_smtputf8
from seam_portal_desktop.domain.message.ports import (
    Envelope,
    MailError,
    MailTrouble,
    TransportAnswer,
)
from seam_portal_desktop.domain.message.sender import MailAccount
from seam_portal_desktop.texts import _

_START_INPUT = 354
_LONGEST_GOODBYE = 5.0


@dataclass(frozen=True, slots=True)
class MailTimeouts:
    """The seconds that a mail server has for each step.

    `after_dot` is RFC 5321's own: relays check the message before they answer. `reused` is for the
    first answer on a connection that was idle, which a firewall may have dropped.
    """

    connect: float = 30.0
    answer: float = 60.0
    reused: float = 15.0
    after_dot: float = 600.0


class StaleConnectionError(Exception):
    """The server had closed an idle connection. Nothing of the message was said on it."""


@dataclass(eq=False)
class MailConnection:
    """A connection that is signed in. `used` is the number of messages it was used for.

    `extensions` are EHLO's, by their names in lower case, with their parameters. After any error
    but a refusal it is closed. Cancelling a call closes it, too.
    """

    account: MailAccount
    timeouts: MailTimeouts
    protocol: SMTPProtocol = field(repr=False)
    _closed: asyncio.Event = field(repr=False)
    used: int = 0
    idle_since: float = 0.0
    extensions: dict[str, str] = field(default_factory=dict, repr=False)
    _is_lost: bool = False
    _is_in_transaction: bool = False

    @property
    def is_open(self) -> bool:
        return not self._is_lost and self.protocol.is_connected

    @property
    def is_gone(self) -> bool:
        """Whether its socket is closed."""
        return self._closed.is_set()

    async def deliver(
        self, envelope: Envelope, before_body: Callable[[], Awaitable[None]]
    ) -> TransportAnswer:
        """See MailTransport.send. Raises StaleConnectionError, too."""
        try:
            return await self._deliver(envelope, before_body)
        finally:
            if self._is_in_transaction:  # it was left by an error, or cancelled
                self.abort()

    async def _deliver(
        self, envelope: Envelope, before_body: Callable[[], Awaitable[None]]
    ) -> TransportAnswer:
        message = wire_message(envelope.message)
        results, paths = self._paths(envelope)
        if not paths:
            return TransportAnswer(tuple(results.values()), "")
        await self._start(envelope, message)
        for address, path in paths.items():
            answer = await self.ask(Phase.RCPT, b"RCPT TO:" + path)
            results[address] = await self._recipient_result(address, answer)
        if all(each.state is not RecipientState.ACCEPTED for each in results.values()):
            await self._reset()
            return TransportAnswer(tuple(results.values()), "")
        try:
            await before_body()
        except Exception:
            await self._reset()
            raise
        answer = await self.ask(Phase.DATA, b"DATA")
        if answer.code != _START_INPUT:
            await self._reset()
            raise refusals.refusal(Phase.DATA, answer, self.account)
        line = (await self._send_message(message)).line
        return TransportAnswer(
            tuple(
                RecipientResult(each.address, each.state, line)
                if each.state is RecipientState.ACCEPTED
                else each
                for each in results.values()
            ),
            line,
        )

    async def _start(self, envelope: Envelope, message: bytes) -> None:
        """Ask whether the server takes a message of this sender and size."""
        has_utf8 = "smtputf8" in self.extensions
        try:
            sender = wire_address(envelope.sender, has_utf8=has_utf8)
        except AddressRefusedError:
            raise MailError(
                _("The mail server can’t use this sender’s address"),
                _("Enter an address without special letters before the @ in the settings."),
                trouble=MailTrouble.ACCOUNT,
            ) from None
        self._check_size(len(message))
        command = b"MAIL FROM:" + sender
        if "size" in self.extensions:
            command += b" SIZE=%d" % len(message)
        if not message.isascii() and "8bitmime" in self.extensions:
            command += b" BODY=8BITMIME"
        if has_utf8 and any(map(needs_smtputf8, (envelope.sender, *envelope.recipients))):
            command += b" SMTPUTF8"
        is_first = self.used == 0
        self._is_in_transaction = True
        self.used += 1
        if is_first:
            answer = await self.ask(Phase.MAIL, command)
        else:
            try:
                answer = await self.ask(Phase.MAIL, command, limit=self.timeouts.reused)
            except MailError:
                raise StaleConnectionError from None
            if answer.code == CLOSING:
                raise StaleConnectionError
        if not answer.is_positive:
            self._is_in_transaction = False
            raise refusals.refusal(Phase.MAIL, answer, self.account)

    async def _recipient_result(self, address: str, answer: ServerAnswer) -> RecipientResult:
        if answer.is_positive:
            return RecipientResult(address, RecipientState.ACCEPTED, answer.line)
        if not answer.is_refusal or refusals.concerns_account(answer, self.account):
            await self._reset()
            raise refusals.refusal(Phase.RCPT, answer, self.account)
        state = RecipientState.DEFERRED if answer.is_temporary else RecipientState.REFUSED
        return RecipientResult(address, state, answer.line)

    async def _send_message(self, message: bytes) -> ServerAnswer:
        """Send it and its end, and wait for the answer.

        From the first byte on, only an answer shows that the server doesn't have it.
        """
        try:
            self.protocol.write(message)
        except (SMTPException, OSError) as error:  # the connection was closed already
            raise connect_errors.lost(self.account, Phase.BODY, error) from None
        try:
            code, text = await self.protocol.read_response(timeout=self.timeouts.after_dot)
        except (SMTPException, OSError) as error:
            raise connect_errors.maybe_out(error) from None
        answer = ServerAnswer(code, text)
        if not answer.is_positive and not answer.is_refusal:
            raise connect_errors.maybe_out(ValueError())
        self._is_in_transaction = False
        if answer.is_positive:
            return answer
        if code == CLOSING:
            self.abort()
        raise refusals.refusal(Phase.BODY, answer, self.account)

    def _paths(self, envelope: Envelope) -> tuple[dict[str, RecipientResult], dict[str, bytes]]:
        """For each recipient its result, and the addresses for the wire of those who have one."""
        results: dict[str, RecipientResult] = {}
        paths: dict[str, bytes] = {}
        for address in envelope.recipients:
            results[address] = RecipientResult(address)
            try:
                paths[address] = wire_address(address, has_utf8="smtputf8" in self.extensions)
            except AddressRefusedError as error:
                problem = (
                    _("This mail server takes only plain letters before the @ of an address.")
                    if error.needs_utf8
                    else _("This is no address that a mail server takes.")
                )
                results[address] = RecipientResult(address, RecipientState.REFUSED, problem)
        return results, paths

    def _check_size(self, size: int) -> None:
        limit = self.extensions.get("size", "").strip()
        if limit.isdecimal() and 0 < int(limit) < size:
            raise MailError(
                _("The message is too large for the mail server"),
                _(
                    "It takes {limit} KB, and the message has {size} KB. Use a template with fewer "
                    "or smaller pictures."
                ).format(limit=int(limit) // 1000, size=-(-size // 1000)),
                technical=f"SIZE {limit} < {size}",
                trouble=MailTrouble.MESSAGE,
            )

    async def _reset(self) -> None:
        """End the transaction. The connection is closed if the server doesn't agree."""
        if not self.is_open:
            return
        try:
            answer = await self.ask(Phase.MAIL, b"RSET")
        except MailError:
            return
        if answer.is_positive:
            self._is_in_transaction = False

    async def ask(self, phase: Phase, *command: bytes, limit: float | None = None) -> ServerAnswer:
        """Raises MailError if no answer comes."""
        limit = self.timeouts.answer if limit is None else limit
        try:
            code, text = await self.protocol.execute_command(*command, timeout=limit)
        except SMTPResponseException as error:  # it can't be read as an answer
            self.abort()
            raise refusals.not_understood(phase, ServerAnswer(error.code)) from None
        except (SMTPException, OSError) as error:
            self.abort()
            raise connect_errors.lost(self.account, phase, error) from None
        if code == CLOSING:
            self.abort()
        return ServerAnswer(code, text)

    def leave(self) -> None:
        """Say goodbye. The server closes the connection when it has answered; see `wait_closed`."""
        if not self.is_open:
            self.abort()
            return
        self._is_lost = True
        try:
            self.protocol.write(b"QUIT\r\n")
        except (SMTPException, OSError):
            self.abort()
        else:
            asyncio.get_running_loop().call_later(_LONGEST_GOODBYE, self.abort)

    def abort(self) -> None:
        """Close at once."""
        self._is_lost = True
        if isinstance(self.protocol.transport, asyncio.WriteTransport):
            self.protocol.transport.abort()

    async def wait_closed(self, limit: float) -> None:
        """Wait until the connection is closed, and end it after `limit` seconds."""
        try:
            async with asyncio.timeout(limit):
                await self._closed.wait()
        except TimeoutError:
            self.abort()
