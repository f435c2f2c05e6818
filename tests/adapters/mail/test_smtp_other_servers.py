"""SmtpTransport against servers that weren't written for it: aiosmtpd, the sandbox's mailbox."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from seam_portal_desktop.domain.message.delivery import RecipientState
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import MailAccount, Pace, Security, SignIn
from seam_portal_desktop.sandbox.mail.faults import MailFault, SmtpPhase
from seam_portal_desktop.sandbox.mail.server import SandboxMailbox
from seam_portal_desktop.sandbox.server import SandboxConfig
from tests.support.mail_sending import ANN, BOB, MESSAGE, NO_WAIT_AFTER_DOT, sending, transport_of
from tests.support.sandboxes import running_sandbox
from tests.support.scripted_mail_server import PASSWORD, USERNAME
from tests.support.tls_authority import TestAuthority

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority(tmp_path_factory.mktemp("authority"))


class Inbox:
    """An aiosmtpd handler that keeps what it gets and refuses Bob."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address == BOB:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.received.append(envelope)
        return "250 2.0.0 queued"


def authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    login = LoginPassword(USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=data == login, handled=False)


@dataclass
class OtherServer:
    inbox: Inbox
    port: int


@pytest.fixture
async def other_server(authority: TestAuthority) -> AsyncIterator[OtherServer]:
    inbox = Inbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            inbox,
            enable_SMTPUTF8=True,
            tls_context=authority.server_context(),
            require_starttls=True,
            authenticator=authenticate,
            auth_required=True,
        ),
        "127.0.0.1",
        0,
    )
    yield OtherServer(inbox, server.sockets[0].getsockname()[1])
    server.close()
    await asyncio.sleep(0)


async def test_aiosmtpd_gets_the_message_after_starttls_and_sign_in(
    authority: TestAuthority, other_server: OtherServer
) -> None:
    account = MailAccount("127.0.0.1", other_server.port, username=USERNAME)
    async with transport_of(authority) as transport:
        for _unused in range(2):
            answer = await sending(transport, account, ANN, BOB, "jürgen@bücher.example")

    assert [each.state for each in answer.results] == [
        RecipientState.ACCEPTED,
        RecipientState.REFUSED,
        RecipientState.ACCEPTED,
    ]
    for envelope in other_server.inbox.received:
        assert envelope.original_content == MESSAGE
        assert envelope.mail_from == USERNAME
        assert envelope.rcpt_tos == [ANN, "jürgen@xn--bcher-kva.example"]
        assert message_from_bytes(envelope.original_content)["Subject"] == "Your link"


async def test_aiosmtpd_refuses_a_wrong_password(
    authority: TestAuthority, other_server: OtherServer
) -> None:
    account = MailAccount("127.0.0.1", other_server.port, username=USERNAME)
    async with transport_of(authority) as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account, password="wrong")
        assert caught.value.trouble is MailTrouble.ACCOUNT
        await sending(transport, account)


@pytest.fixture(scope="module")
def sandbox_mailbox() -> Iterator[SandboxMailbox]:
    with running_sandbox(SandboxConfig(smtp_port=0)) as server:
        yield server.mailbox


@pytest.fixture
def mailbox(sandbox_mailbox: SandboxMailbox) -> SandboxMailbox:
    sandbox_mailbox.clear()
    sandbox_mailbox.faults.clear()
    return sandbox_mailbox


def trusting(mailbox: SandboxMailbox) -> dict[str, Any]:
    return {"create_context": lambda: ssl.create_default_context(cadata=mailbox.ca_pem)}


def account_at(mailbox: SandboxMailbox, security: Security, **changes: Any) -> MailAccount:
    port = mailbox.tls_port if security is Security.TLS else mailbox.port
    return MailAccount(mailbox.host, port, security, username=mailbox.username, **changes)


@pytest.mark.parametrize("security", Security)
async def test_the_mailbox_gets_the_message(mailbox: SandboxMailbox, security: Security) -> None:
    async with transport_of(**trusting(mailbox)) as transport:
        account = account_at(mailbox, security)
        await sending(transport, account, ANN, password=mailbox.password)
    (mail,) = mailbox.messages()
    assert (mail.raw, mail.recipients, mail.user) == (MESSAGE, (ANN,), mailbox.username)
    assert mail.is_encrypted == (security is not Security.NONE)


async def test_the_mailbox_signs_in_by_token(mailbox: SandboxMailbox) -> None:
    mailbox.faults.change_rules(tokens=("made-up-token",), auth=("XOAUTH2",))
    before = mailbox.counters.auth_attempts
    async with transport_of(**trusting(mailbox)) as transport:
        account = account_at(mailbox, Security.STARTTLS, sign_in=SignIn.OAUTH)
        await sending(transport, account, password="made-up-token")
        with pytest.raises(MailError) as caught:
            await transport.test(account, None)
        assert caught.value.trouble is MailTrouble.ACCOUNT
    assert mailbox.counters.auth_attempts - before == 1


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("phase", SmtpPhase)
async def test_a_drop_in_each_phase(
    mailbox: SandboxMailbox, phase: SmtpPhase, after_effect: bool
) -> None:
    """What may be out is said to be: never less, and before the message's first byte never more."""
    mailbox.faults.add(MailFault(phase, drop=True, after_effect=after_effect))
    account = account_at(mailbox, Security.STARTTLS)
    async with transport_of(**trusting(mailbox)) as transport:
        if phase is SmtpPhase.QUIT:
            await sending(transport, account, password=mailbox.password)
            return
        with pytest.raises(MailError) as caught:
            await sending(transport, account, password=mailbox.password)
    if phase is not SmtpPhase.DATA or not after_effect:
        assert caught.value.is_maybe_out == (phase is SmtpPhase.AFTER_DOT)
    # Else the server hung up after 354, perhaps before the first byte was written.
    stored = 1 if phase is SmtpPhase.AFTER_DOT and after_effect else 0
    assert len(mailbox.messages()) == stored


async def test_an_answer_that_comes_too_late_is_maybe_out(mailbox: SandboxMailbox) -> None:
    mailbox.faults.add(MailFault(SmtpPhase.AFTER_DOT, delay=30, after_effect=True))
    async with transport_of(timeouts=NO_WAIT_AFTER_DOT, **trusting(mailbox)) as transport:
        account = account_at(mailbox, Security.NONE)
        with pytest.raises(MailError) as caught:
            await sending(transport, account, password=mailbox.password)
    assert caught.value.is_maybe_out
    assert len(mailbox.messages()) == 1


async def test_the_mailboxs_limits_are_met_without_a_refusal(mailbox: SandboxMailbox) -> None:
    mailbox.faults.change_rules(connections=2, mails_per_connection=5)
    pace = Pace(connections=2, mails_per_connection=5, per_minute=None)
    async with transport_of(**trusting(mailbox)) as transport:
        account = account_at(mailbox, Security.NONE, pace=pace)
        await asyncio.gather(
            *(sending(transport, account, password=mailbox.password) for _unused in range(23))
        )
    assert len(mailbox.messages()) == 23


async def test_a_mailbox_with_fewer_connections_gets_fewer(mailbox: SandboxMailbox) -> None:
    mailbox.faults.change_rules(connections=2)
    async with transport_of(**trusting(mailbox)) as transport:
        pace = Pace(connections=5, per_minute=None)
        account = account_at(mailbox, Security.NONE, pace=pace)
        await asyncio.gather(
            *(sending(transport, account, password=mailbox.password) for _unused in range(30))
        )
    assert len(mailbox.messages()) == 30


async def test_what_the_mailbox_closes_is_opened_again(mailbox: SandboxMailbox) -> None:
    """The server takes fewer messages on a connection than the account's pace says."""
    mailbox.faults.change_rules(mails_per_connection=3)
    async with transport_of(**trusting(mailbox)) as transport:
        account = account_at(mailbox, Security.NONE)
        for _unused in range(10):
            await sending(transport, account, password=mailbox.password)
    assert len(mailbox.messages()) == 10
