"""Opens a connection to a mail server: greets, encrypts and signs in, or says nothing at all.

aiosmtplib's client would fall back to clear text, try three ways of signing in for one wrong
password, and greet with this computer's name.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence

from aiosmtplib.auth import auth_login_encode, auth_plain_encode, auth_xoauth2_encode
from aiosmtplib.errors import SMTPException, SMTPResponseException
from aiosmtplib.esmtp import parse_esmtp_extensions
from aiosmtplib.protocol import SMTPProtocol

from seam_portal_desktop.adapters.mail import connect_errors, refusals
from seam_portal_desktop.adapters.mail.answers import Phase, ServerAnswer
from seam_portal_desktop.adapters.mail.connect_errors import TLS_PORT
from seam_portal_desktop.adapters.mail.connection import MailConnection, MailTimeouts
from seam_portal_desktop.domain.address import ascii_host, is_loopback
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import MailAccount, Security, SignIn
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _

_GREETING_NAME = b"[127.0.0.1]"
"""The name in EHLO. RFC 5321 (4.1.3) allows an address literal where a client has no name of its
own. This one tells nothing about the computer, its user or its network. Servers that take mail from
signed-in users accept it, because mail programs send the same."""

_READY = 220
_CONTINUE = 334
_SIGNED_IN = 235

_MISTAKEN_BANNER = 10.0
"""Seconds to wait for a greeting on the port of TLS: there the server waits for the program."""

_NEXT_ADDRESS_AFTER = 0.25
"""Seconds after which the next address of a name is tried (RFC 8305), for a broken IPv6."""


async def open_connection(
    account: MailAccount,
    secret: Secret | None,
    tls: ssl.SSLContext | None,
    timeouts: MailTimeouts,
) -> MailConnection:
    """Connect and sign in, once. `tls` is None for Security.NONE only. Raises MailError.

    Without encryption nothing but EHLO and STARTTLS is said to another computer.
    """
    try:
        host = ascii_host(account.host)
    except ValueError:
        raise MailError(
            _("The mail server’s name is wrong"),
            _("Correct it in the sender’s settings."),
            trouble=MailTrouble.ACCOUNT,
        ) from None
    if tls is None and not is_loopback(host):
        raise MailError(
            _("Links are never sent without encryption"),
            _("Choose STARTTLS or TLS in the sender’s settings. Nothing was sent."),
            trouble=MailTrouble.ACCOUNT,
        )
    loop = asyncio.get_running_loop()
    closed = asyncio.Event()
    protocol = SMTPProtocol(loop, lambda _protocol: closed.set())
    at_once = account.security is Security.TLS
    try:
        async with asyncio.timeout(timeouts.connect):
            await loop.create_connection(
                lambda: protocol,
                host,
                account.port,
                ssl=tls if at_once else None,
                server_hostname=host if at_once else None,
                happy_eyeballs_delay=_NEXT_ADDRESS_AFTER,
            )
    except (OSError, UnicodeError, OverflowError) as error:
        raise connect_errors.not_connected(account, Phase.CONNECT, error) from None
    connection = MailConnection(account, timeouts, protocol, closed)
    try:
        await _read_banner(connection)
        ways = await _greet(connection)
        if tls is not None and not at_once:
            await _start_tls(connection, tls, host)
            ways = await _greet(connection)
        await _sign_in(connection, secret, ways)
    except BaseException:
        connection.abort()
        raise
    return connection


async def _read_banner(connection: MailConnection) -> None:
    account, limit = connection.account, connection.timeouts.answer
    if account.port == TLS_PORT and account.security is not Security.TLS:
        limit = min(limit, _MISTAKEN_BANNER)
    try:
        code, text = await connection.protocol.read_response(timeout=limit)
    except SMTPResponseException as error:
        raise refusals.not_understood(Phase.CONNECT, ServerAnswer(error.code)) from None
    except (SMTPException, OSError) as error:
        raise connect_errors.not_connected(account, Phase.CONNECT, error) from None
    if code != _READY:
        raise refusals.refusal(Phase.CONNECT, ServerAnswer(code, text), account)


async def _greet(connection: MailConnection) -> Sequence[str]:
    """The server's ways of signing in, in lower case."""
    answer = await connection.ask(Phase.EHLO, b"EHLO", _GREETING_NAME)
    if not answer.is_positive:
        raise refusals.refusal(Phase.EHLO, answer, connection.account)
    connection.extensions, ways = parse_esmtp_extensions(answer.text)
    return ways


async def _start_tls(connection: MailConnection, tls: ssl.SSLContext, host: str) -> None:
    if "starttls" not in connection.extensions:
        raise MailError(
            _("The mail server doesn’t encrypt the connection"),
            _(
                "It doesn’t offer STARTTLS, or something in between took the offer away. Links are "
                "never sent without encryption, so nothing was sent. Choose TLS in the sender’s "
                "settings if the server has it (often port 465), or try another network."
            ),
            technical="STARTTLS not offered",
            can_retry=True,
            trouble=MailTrouble.ACCOUNT,
        )
    try:
        await connection.protocol.start_tls(
            tls, server_hostname=host, timeout=connection.timeouts.connect
        )
    except SMTPResponseException as error:
        answer = ServerAnswer(error.code, error.message)
        raise refusals.refusal(Phase.STARTTLS, answer, connection.account) from None
    except (SMTPException, OSError) as error:
        raise connect_errors.lost(connection.account, Phase.STARTTLS, error) from None


async def _sign_in(connection: MailConnection, secret: Secret | None, ways: Sequence[str]) -> None:
    """In exactly one way: each further one would be one more wrong password for the server."""
    account = connection.account
    if account.sign_in is SignIn.NONE:
        return
    if secret is None:
        raise MailError(
            _("The password of this sender is missing"),
            _("Enter it in the sender’s settings, or sign in there."),
            trouble=MailTrouble.ACCOUNT,
        )
    usable = {"xoauth2": _xoauth2} if account.sign_in is SignIn.OAUTH else _PASSWORD_WAYS
    way = next((sign_in for name, sign_in in usable.items() if name in ways), None)
    if way is None:
        raise _no_way_to_sign_in(account)
    # What UTF-8 can't write is refused by the server; an error of Python's would quote it.
    username, text = (
        each.encode("utf-8", "surrogatepass") for each in (account.username, secret.reveal())
    )
    answer = await way(connection, username, text)
    if answer.code != _SIGNED_IN:
        raise refusals.refusal(Phase.SIGN_IN, answer, account)


async def _plain(connection: MailConnection, username: bytes, password: bytes) -> ServerAnswer:
    text = auth_plain_encode(username, password)
    return await connection.ask(Phase.SIGN_IN, b"AUTH", b"PLAIN", text)


async def _login(connection: MailConnection, username: bytes, password: bytes) -> ServerAnswer:
    answer = await connection.ask(Phase.SIGN_IN, b"AUTH", b"LOGIN")
    for text in auth_login_encode(username, password):
        if answer.code == _CONTINUE:
            answer = await connection.ask(Phase.SIGN_IN, text)
    return answer


async def _xoauth2(connection: MailConnection, username: bytes, token: bytes) -> ServerAnswer:
    text = auth_xoauth2_encode(username, token)
    answer = await connection.ask(Phase.SIGN_IN, b"AUTH", b"XOAUTH2", text)
    if answer.code == _CONTINUE:
        # A refusal comes as a challenge in JSON. An empty line gets the final answer.
        answer = await connection.ask(Phase.SIGN_IN, b"")
    return answer


_PASSWORD_WAYS = {"plain": _plain, "login": _login}


def _no_way_to_sign_in(account: MailAccount) -> MailError:
    if account.sign_in is SignIn.OAUTH:
        title = _("The mail server takes no sign-in of a provider")
        message = _("Choose the sign-in with a password in the sender’s settings.")
    else:
        title = _("The mail server takes no password")
        message = _(
            "It offers no way of signing in that this program knows. Choose another way in the "
            "sender’s settings, or none if the server takes messages from your network without one."
        )
    return MailError(
        title, message, technical="no usable AUTH", can_retry=True, trouble=MailTrouble.ACCOUNT
    )
