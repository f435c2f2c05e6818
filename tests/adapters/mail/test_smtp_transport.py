"""What SmtpTransport says to a mail server, and what it makes of the answers."""

from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.domain.message.delivery import RecipientState
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import Security, SignIn
from seam_portal_desktop.domain.secret import Secret
from tests.support.mail_sending import (
    ANN,
    BOB,
    IMPATIENT,
    MESSAGE,
    NO_WAIT_AFTER_DOT,
    QUICK,
    account_of,
    sending,
    transport_of,
)
from tests.support.scripted_mail_server import DROP, HANG, TOKEN, ScriptedMailServer
from tests.support.tls_authority import TestAuthority

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority(tmp_path_factory.mktemp("authority"))


async def test_a_message_arrives_as_it_is_and_says_nothing_of_this_computer() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        answer = await sending(transport, account_of(server), ANN, BOB)

        assert [each.state for each in answer.results] == [RecipientState.ACCEPTED] * 2
        assert answer.answer == "250 2.0.0 queued as 1234"
        assert server.messages == [MESSAGE.replace(b"\r\n.a", b"\r\n..a")]
        assert server.lines[0] == "EHLO [127.0.0.1]"


async def test_strange_passwords_are_refused_and_no_bug() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        for password in ("", "a\0b", "p\ud800q", "x" * 5_000):
            with pytest.raises(MailError):
                await sending(transport, account_of(server), password=password)


async def test_two_messages_use_one_connection_and_one_sign_in() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        account = account_of(server)
        await sending(transport, account)
        await sending(transport, account)

        assert (server.counts["connect"], server.counts["AUTH"]) == (1, 1)
        assert server.counts["body"] == 2


async def test_a_wrong_password_is_tried_once_for_all_that_wait() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        account = account_of(server)
        results = await asyncio.gather(
            *(sending(transport, account, password="wrong") for _unused in range(5)),
            return_exceptions=True,
        )

        assert {type(each) for each in results} == {MailError}
        assert {each.trouble for each in results if isinstance(each, MailError)} == {
            MailTrouble.ACCOUNT
        }
        assert (server.counts["connect"], server.counts["AUTH"]) == (1, 1)
        assert server.counts["MAIL"] == 0


async def test_without_starttls_nothing_but_a_greeting_is_said() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server, security=Security.STARTTLS))

        assert caught.value.trouble is MailTrouble.ACCOUNT
        assert {line.split(" ")[0] for line in server.lines} == {"EHLO"}


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_encrypted_with_a_known_authority(
    authority: TestAuthority, security: Security
) -> None:
    is_implicit = security is Security.TLS
    server = ScriptedMailServer(tls=authority.server_context(), is_implicit=is_implicit)
    async with server.running(), transport_of(authority) as transport:
        await sending(transport, account_of(server, security=security))

        assert server.counts["body"] == 1
        assert {line.split(" ")[0] for line in server.clear_lines} <= {"EHLO", "STARTTLS"}


async def test_xoauth2_answers_the_challenge_and_fails_once() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        account = account_of(server, sign_in=SignIn.OAUTH)
        await sending(transport, account, password=TOKEN)
        with pytest.raises(MailError) as caught:
            await transport.test(account, Secret("expired"))

        assert caught.value.trouble is MailTrouble.ACCOUNT
        assert caught.value.answer == "535 5.7.8 no"
        assert server.counts["AUTH"] == 2


PHASES = ("connect", "EHLO", "AUTH", "MAIL", "RCPT", "DATA")


@pytest.mark.parametrize("fault", [DROP, HANG, "421 4.3.0 closing", "garbage"])
@pytest.mark.parametrize("phase", PHASES)
async def test_before_the_message_is_out_it_is_certainly_not_out(phase: str, fault: str) -> None:
    server = ScriptedMailServer(faults={phase: fault})
    timeouts = IMPATIENT if fault == HANG else QUICK
    async with server.running(), transport_of(timeouts=timeouts) as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server))

        assert not caught.value.is_maybe_out
        assert not caught.value.outcome_unknown
        assert server.messages == []
        assert server.counts["connect"] == 1


@pytest.mark.parametrize("fault", [DROP, HANG, "garbage", "354 again"])
async def test_a_lost_answer_after_the_dot_is_maybe_out(fault: str) -> None:
    server = ScriptedMailServer(faults={"body": fault})
    timeouts = NO_WAIT_AFTER_DOT if fault == HANG else QUICK
    async with server.running(), transport_of(timeouts=timeouts) as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server))

        assert caught.value.is_maybe_out
        assert caught.value.outcome_unknown
        assert not caught.value.can_retry
        assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ("451 4.3.0 later", MailTrouble.LATER),
        ("421 4.7.0 too fast", MailTrouble.LATER),
        ("554 5.7.1 spam", MailTrouble.MESSAGE),
        ("552 5.3.4 too large", MailTrouble.MESSAGE),
    ],
)
async def test_a_refusal_after_the_dot_is_not_out(answer: str, trouble: MailTrouble) -> None:
    server = ScriptedMailServer(faults={"body": answer})
    async with server.running(), transport_of() as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server))

        assert caught.value.trouble is trouble
        assert not caught.value.is_maybe_out
        assert caught.value.answer == answer


async def test_one_refused_recipient_concerns_nobody_else() -> None:
    server = ScriptedMailServer(faults={f"RCPT TO:<{BOB}>": "550 5.1.1 unknown"})
    async with server.running(), transport_of() as transport:
        account = account_of(server)
        answer = await sending(transport, account, ANN, BOB)

        assert [each.state for each in answer.results] == [
            RecipientState.ACCEPTED,
            RecipientState.REFUSED,
        ]
        assert answer.results[1].answer == "550 5.1.1 unknown"


async def test_without_a_recipient_nothing_is_begun_and_the_connection_goes_on() -> None:
    calls: list[str] = []

    async def begun() -> None:
        calls.append("begun")

    server = ScriptedMailServer(faults={f"RCPT TO:<{BOB}>": "450 4.2.1 later"})
    async with server.running(), transport_of() as transport:
        account = account_of(server)
        answer = await sending(transport, account, BOB, before_body=begun)
        assert [each.state for each in answer.results] == [RecipientState.DEFERRED]
        assert not calls

        await sending(transport, account, ANN, before_body=begun)
        assert calls == ["begun"]
        assert server.counts["connect"] == 1


async def test_if_before_body_fails_nothing_is_sent_and_the_connection_goes_on() -> None:
    async def fail() -> None:
        raise LookupError

    async with ScriptedMailServer().running() as server, transport_of() as transport:
        account = account_of(server)
        with pytest.raises(LookupError):
            await sending(transport, account, before_body=fail)
        assert server.counts["DATA"] == 0

        await sending(transport, account)
        assert (server.counts["connect"], server.counts["body"]) == (1, 1)


@pytest.mark.parametrize("security", [Security.NONE, Security.STARTTLS])
@pytest.mark.parametrize("way", ["abort", "goodbye"])
@pytest.mark.parametrize("is_noticed", [False, True])
async def test_a_connection_closed_while_idle_is_reopened_silently(
    authority: TestAuthority, security: Security, way: str, is_noticed: bool
) -> None:
    server = ScriptedMailServer(tls=authority.server_context())
    async with server.running(), transport_of(authority) as transport:
        account = account_of(server, security=security)
        await sending(transport, account)
        (server.close_connections if way == "abort" else server.close_idle)()
        for _unused in range(10 if is_noticed else 0):
            await asyncio.sleep(0)
        await sending(transport, account)

        assert (server.counts["connect"], server.counts["body"]) == (2, 2)


async def test_a_server_that_ends_a_used_connection_is_asked_once_more() -> None:
    server = ScriptedMailServer(mails_before_421=1)
    async with server.running(), transport_of() as transport:
        account = account_of(server)
        for _unused in range(3):
            await sending(transport, account)

        assert (server.counts["connect"], server.counts["body"]) == (3, 3)
