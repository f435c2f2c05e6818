"""Sending through SmtpTransport to a server of a test."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from seam_portal_desktop.adapters.mail.connection import MailTimeouts
from seam_portal_desktop.adapters.mail.transport import SmtpTransport
from seam_portal_desktop.domain.message.ports import Envelope, TransportAnswer
from seam_portal_desktop.domain.message.sender import MailAccount, Security
from seam_portal_desktop.domain.secret import Secret
from tests.support.scripted_mail_server import PASSWORD, USERNAME, ScriptedMailServer
from tests.support.tls_authority import TestAuthority

ANN, BOB = "ann@example.com", "bob@example.com"
MESSAGE = b"Subject: Your link\r\n\r\n.a line with a dot\r\nend\r\n"
QUICK = MailTimeouts(connect=20, answer=20, reused=20, after_dot=20)
IMPATIENT = MailTimeouts(connect=20, answer=0.3, reused=0.3, after_dot=20)
NO_WAIT_AFTER_DOT = MailTimeouts(connect=20, answer=20, reused=20, after_dot=0.2)


def account_of(server: ScriptedMailServer, **changes: Any) -> MailAccount:
    account = MailAccount("127.0.0.1", server.port, Security.NONE, username=USERNAME)
    return replace(account, **changes)


async def nothing() -> None:
    pass


@asynccontextmanager
async def transport_of(
    authority: TestAuthority | None = None, timeouts: MailTimeouts = QUICK, **options: Any
) -> AsyncIterator[SmtpTransport]:
    context = ssl.create_default_context if authority is None else authority.client_context
    transport = SmtpTransport(**{"create_context": context, "timeouts": timeouts, **options})
    try:
        yield transport
    finally:
        await transport.aclose()


def sending(
    transport: SmtpTransport,
    account: MailAccount,
    *recipients: str,
    password: str = PASSWORD,
    before_body: Callable[[], Awaitable[None]] = nothing,
    sender: str = USERNAME,
    message: bytes = MESSAGE,
) -> Coroutine[Any, Any, TransportAnswer]:
    envelope = Envelope(sender, recipients or (ANN,), message)
    return transport.send(account, Secret(password), envelope, before_body=before_body)
