"""What is said on one SMTP connection (RFC 5321)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.sandbox.mail.counters import MailCounters
from seam_portal_desktop.sandbox.mail.faults import (
    MAX_MAIL_SIZE,
    MailFaults,
    MailRules,
    SmtpPhase,
)
from seam_portal_desktop.sandbox.mail.smtp.answers import CLOSING, EndOfSession, SmtpAnswers
from seam_portal_desktop.sandbox.mail.smtp.channel import LineTooLongError, SmtpChannel
from seam_portal_desktop.sandbox.mail.smtp.commands import (
    SmtpReplyError,
    is_greeting_name,
    parse_command,
    parse_path,
)
from seam_portal_desktop.sandbox.mail.smtp.limits import MailPace
from seam_portal_desktop.sandbox.mail.smtp.message_data import check_and_unstuff
from seam_portal_desktop.sandbox.mail.smtp.sign_in import SmtpLogin, decode
from seam_portal_desktop.sandbox.mail.store import MailStore, ReceivedMail

_MAX_LINE = 2048
_MAX_AUTH_LINE = 12288  # RFC 4954
_MAX_RECIPIENTS = 100
_MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class SmtpParts:
    """What all connections of a server share."""

    tls: ssl.SSLContext
    login: SmtpLogin
    store: MailStore
    faults: MailFaults
    counters: MailCounters
    pace: MailPace
    clock: Clock


class SmtpSession:
    """One connection. ``run`` ends when either side has closed it."""

    def __init__(self, channel: SmtpChannel, parts: SmtpParts, *, is_implicit_tls: bool) -> None:
        self._channel = channel
        self._answers = SmtpAnswers(channel, parts.faults)
        self._parts = parts
        self._is_implicit_tls = is_implicit_tls
        self._is_turned_away = False
        self._errors = 0
        self._mails = 0
        self._name = ""  # of the client; empty before EHLO
        self._user: str | None = None
        self._reset()
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "HELO": self._helo,
            "EHLO": self._ehlo,
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "VRFY": self._vrfy,
            "QUIT": self._quit,
        }

    @property
    def _rules(self) -> MailRules:
        return self._parts.faults.rules

    def _reset(self) -> None:
        """Forget the mail that was begun."""
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._is_utf8 = False

    async def run(self) -> None:
        try:
            if self._is_implicit_tls:
                await self._channel.start_tls(self._parts.tls)
            await self._greet()
            while True:
                await self._next_command()
        except TimeoutError:
            await self._farewell("4.4.2 Nothing was said for too long.")
        except (OSError, EndOfSession):
            pass  # OSError: the client has left, or doesn't trust the certificate
        finally:
            self._channel.close()

    async def _farewell(self, text: str) -> None:
        with contextlib.suppress(OSError, EndOfSession):
            await self._answers.say(CLOSING, text)

    # Reading and answering.

    async def _next_command(self) -> None:
        try:
            async with asyncio.timeout(self._rules.idle):
                line = await self._channel.read_line(_MAX_AUTH_LINE)
            await self._run_command(line)
        except LineTooLongError:
            await self._refuse(500, "5.5.2 The line is too long.")
        except SmtpReplyError as refusal:
            await self._refuse(refusal.code, refusal.text)

    async def _run_command(self, line: bytes) -> None:
        name, argument = parse_command(line)
        if len(line) > _MAX_LINE and name != "AUTH":
            raise LineTooLongError
        if self._is_turned_away and name != "QUIT":
            raise SmtpReplyError(503, "5.5.1 This connection was turned away.")
        command = self._commands.get(name)
        if command is None:
            raise SmtpReplyError(502, "5.5.1 There is no such command here.")
        await command(argument)

    async def _refuse(self, code: int, text: str) -> None:
        self._errors += 1
        if self._errors > _MAX_ERRORS:
            code, text = CLOSING, "4.7.0 Too many errors."
        await self._answers.say(code, text)

    # The commands.

    async def _greet(self) -> None:
        limit = self._rules.connections
        if limit is not None and self._parts.counters.now().open_connections > limit:
            await self._answers.say(CLOSING, "4.7.0 Too many connections.")
        is_welcome = await self._answers.give(
            SmtpPhase.CONNECT, 220, "localhost ESMTP Seam sandbox"
        )
        # After 554 the client may only say QUIT (RFC 5321, 3.1).
        self._is_turned_away = not is_welcome

    async def _helo(self, name: str) -> None:
        self._check_name(name)
        self._reset()
        self._name = name
        await self._answers.say(250, "localhost")

    async def _ehlo(self, name: str) -> None:
        self._parts.counters.add("ehlo")
        self._check_name(name)
        self._reset()

        def greeted() -> None:
            self._name = name

        await self._answers.give(
            SmtpPhase.EHLO, 250, "\n".join(["localhost", *self._offers()]), greeted
        )

    def _check_name(self, name: str) -> None:
        if not is_greeting_name(name):
            raise SmtpReplyError(501, "5.5.4 Give a domain or an address literal.")

    def _offers(self) -> list[str]:
        rules = self._rules
        offers = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if rules.size is not None:
            offers.append(f"SIZE {rules.size}")
        if rules.smtputf8:
            offers.append("SMTPUTF8")
        if rules.starttls and not self._channel.is_encrypted:
            offers.append("STARTTLS")
        if rules.auth:
            offers.append(f"AUTH {' '.join(rules.auth)}")
        return offers

    async def _starttls(self, argument: str) -> None:
        self._parts.counters.add("starttls")
        if argument:
            raise SmtpReplyError(501, "5.5.4 STARTTLS has no arguments.")
        if self._channel.is_encrypted:
            raise SmtpReplyError(503, "5.5.1 The connection is encrypted already.")
        if not self._rules.starttls:
            raise SmtpReplyError(502, "5.5.1 STARTTLS is not offered.")
        if not await self._answers.go_ahead(SmtpPhase.STARTTLS, 220, "2.0.0 Begin."):
            return
        await self._channel.start_tls(self._parts.tls)
        # The client must ask again for what was said in clear text (RFC 3207, 4.2).
        self._name = ""
        self._user = None
        self._reset()

    async def _auth(self, argument: str) -> None:
        self._parts.counters.add("auth_attempts")
        if not self._name or self._user is not None or self._sender is not None:
            raise SmtpReplyError(503, "5.5.1 AUTH has its place after EHLO, once.")
        user = await self._parts.login.user(argument, self._rules, self._ask)

        def signed_in() -> None:
            self._user = user
            self._parts.counters.add("auth_successes")

        if user is None:
            # The fault of this phase happens here as well: it is one try to sign in.
            if await self._answers.give(
                SmtpPhase.AUTH, 535, "5.7.8 User name or password is wrong."
            ):
                self._errors += 1
            return
        await self._answers.give(SmtpPhase.AUTH, 235, "2.7.0 Signed in.", signed_in)

    async def _ask(self, text: bytes) -> bytes:
        await self._answers.say(334, base64.b64encode(text).decode())
        async with asyncio.timeout(self._rules.idle):
            return decode(await self._channel.read_line(_MAX_AUTH_LINE))

    async def _mail(self, argument: str) -> None:
        self._parts.counters.add("mail")
        rules = self._rules
        if not self._name or self._sender is not None:
            raise SmtpReplyError(503, "5.5.1 MAIL has its place after EHLO, once a mail.")
        if rules.auth_required and self._user is None:
            raise SmtpReplyError(530, "5.7.0 Sign in first.")
        path = parse_path(argument, "FROM", may_be_empty=True)
        known = {"SIZE", "BODY", "AUTH"} | ({"SMTPUTF8"} if rules.smtputf8 else set())
        if path.parameters.keys() - known:
            raise SmtpReplyError(555, "5.5.4 A parameter is not known here.")
        self._check_parameters(
            path.parameters.get("SIZE", "0"), path.parameters.get("BODY", "7BIT")
        )
        is_utf8 = "SMTPUTF8" in path.parameters
        _check_letters(path.address, is_utf8=is_utf8)
        self._mails += 1
        if rules.mails_per_connection is not None and self._mails > rules.mails_per_connection:
            await self._answers.say(CLOSING, "4.7.0 Too many mails on one connection.")
        if not self._parts.pace.allows_mail(rules):
            raise SmtpReplyError(450, "4.7.1 Too many mails in a minute. Try again later.")

        def begun() -> None:
            self._sender, self._is_utf8 = path.address, is_utf8

        await self._answers.give(SmtpPhase.MAIL, 250, "2.1.0 Sender accepted.", begun)

    def _check_parameters(self, size: str, body: str) -> None:
        if not (size.isascii() and size.isdigit() and len(size) <= 20):  # noqa: PLR2004 - RFC 1870
            raise SmtpReplyError(501, "5.5.4 SIZE is a number.")
        if int(size) > self._size_limit():
            raise SmtpReplyError(552, "5.3.4 The mail is too large.")
        if body.upper() not in {"7BIT", "8BITMIME"}:
            raise SmtpReplyError(501, "5.5.4 BODY is 7BIT or 8BITMIME.")

    def _size_limit(self) -> int:
        size = self._rules.size
        return MAX_MAIL_SIZE if size is None else min(size, MAX_MAIL_SIZE)

    async def _rcpt(self, argument: str) -> None:
        path = parse_path(argument, "TO", may_be_empty=False)
        self._parts.counters.add_recipient(path.address)
        if self._sender is None:
            raise SmtpReplyError(503, "5.5.1 RCPT has its place after MAIL.")
        if path.parameters:
            raise SmtpReplyError(555, "5.5.4 A parameter is not known here.")
        _check_letters(path.address, is_utf8=self._is_utf8)
        if len(self._recipients) >= _MAX_RECIPIENTS:
            raise SmtpReplyError(452, "4.5.3 Too many recipients.")
        if self._parts.pace.is_greylisted(self._sender, path.address, self._rules):
            raise SmtpReplyError(450, "4.7.1 Greylisted. Try again later.")
        await self._answers.give(
            SmtpPhase.RCPT,
            250,
            "2.1.5 Recipient accepted.",
            lambda: self._recipients.append(path.address),
            address=path.address,
        )

    async def _data(self, argument: str) -> None:
        self._parts.counters.add("data")
        if argument:
            raise SmtpReplyError(501, "5.5.4 DATA has no arguments.")
        if self._sender is None:
            raise SmtpReplyError(503, "5.5.1 DATA has its place after MAIL and RCPT.")
        if not self._recipients:
            raise SmtpReplyError(554, "5.5.1 There is no recipient.")
        if not await self._answers.go_ahead(SmtpPhase.DATA, 354, "End with a line of one dot."):
            self._reset()
            return
        async with asyncio.timeout(self._rules.idle):
            wire = await self._channel.read_data(self._size_limit())
        sender, recipients = self._sender, tuple(self._recipients)
        self._reset()
        if wire is None:
            raise SmtpReplyError(552, "5.3.4 The mail is too large.")
        raw = check_and_unstuff(wire)
        store = self._parts.store
        if not store.has_room(len(raw)):
            raise SmtpReplyError(452, "4.3.1 The mailbox is full.")

        mail_id = store.next_id()

        def keep() -> None:
            at, is_encrypted = self._parts.clock(), self._channel.is_encrypted
            store.add(
                ReceivedMail(
                    mail_id, at, sender, recipients, is_encrypted, self._name, self._user, raw
                )
            )
            self._parts.counters.add("accepted")

        await self._answers.give(SmtpPhase.AFTER_DOT, 250, f"2.0.0 Accepted as {mail_id}.", keep)

    async def _rset(self, _argument: str) -> None:
        self._reset()
        await self._answers.say(250, "2.0.0 Forgotten.")

    async def _noop(self, _argument: str) -> None:
        await self._answers.say(250, "2.0.0 Nothing was done.")

    async def _vrfy(self, _argument: str) -> None:
        await self._answers.say(252, "2.5.0 Try it.")

    async def _quit(self, argument: str) -> None:
        self._parts.counters.add("quit")
        if argument:
            raise SmtpReplyError(501, "5.5.4 QUIT has no arguments.")
        if await self._answers.give(SmtpPhase.QUIT, 221, "2.0.0 Goodbye."):
            raise EndOfSession


def _check_letters(address: str, *, is_utf8: bool) -> None:
    if not is_utf8 and not address.isascii():
        raise SmtpReplyError(553, "5.6.7 This address needs SMTPUTF8.")
