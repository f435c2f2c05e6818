"""What each answer of a mail server means, and how often the server is asked."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.adapters.mail.answers import Phase, ServerAnswer
from seam_portal_desktop.adapters.mail.refusals import AccountBusyError, refusal
from seam_portal_desktop.domain.message.delivery import RecipientState
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import MailAccount, SignIn
from tests.support.mail_sending import ANN, BOB, QUICK, account_of, sending, transport_of
from tests.support.scripted_mail_server import DROP, ScriptedMailServer

PASSWORD_ACCOUNT = MailAccount("smtp.example.com", 587)
GMAIL_ACCOUNT = MailAccount("smtp.gmail.com", 465)
OAUTH_ACCOUNT = MailAccount("smtp.office365.com", 587, sign_in=SignIn.OAUTH)

ACCOUNT, LATER, MESSAGE = MailTrouble.ACCOUNT, MailTrouble.LATER, MailTrouble.MESSAGE

KNOWN = [
    # phase, the server's words, whose trouble, and what the title or message says
    (
        Phase.SIGN_IN,
        "534 5.7.9 Application-specific password required. Learn more: support.google.com",
        ACCOUNT,
        "app password",
    ),
    (
        Phase.SIGN_IN,
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled.",
        ACCOUNT,
        "switched off SMTP",
    ),
    (
        Phase.SIGN_IN,
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
        ACCOUNT,
        "switched off SMTP",
    ),
    (Phase.SIGN_IN, "535 5.7.3 Authentication unsuccessful", ACCOUNT, "user name"),
    (Phase.SIGN_IN, "535 Authentication failed", ACCOUNT, "tried once"),
    (
        Phase.SIGN_IN,
        "534 5.7.14 Please log in via your web browser and then try again.",
        ACCOUNT,
        "browser",
    ),
    (Phase.SIGN_IN, "504 5.5.4 Unrecognized authentication type", ACCOUNT, "way of signing in"),
    (Phase.SIGN_IN, "454 4.7.0 Temporary authentication failure", LATER, "later"),
    (Phase.SIGN_IN, "454 4.7.0 Too many login attempts, please try again later", LATER, "slowly"),
    (Phase.MAIL, "530 5.7.0 Must issue a STARTTLS command first", ACCOUNT, "STARTTLS"),
    (
        Phase.MAIL,
        "530 5.7.57 Client not authenticated to send mail.",
        ACCOUNT,
        "wants a sign-in",
    ),
    (
        Phase.BODY,
        "554 5.2.252 SendAsDenied; ops@example.com not allowed to send as boss@example.com",
        ACCOUNT,
        "may not send with this sender",
    ),
    (
        Phase.MAIL,
        "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user b",
        ACCOUNT,
        "may not send with this sender",
    ),
    (Phase.MAIL, "552 5.3.4 Message size exceeds fixed limit", MESSAGE, "too large"),
    (Phase.BODY, "552 message too big", MESSAGE, "too large"),
    (Phase.BODY, "554 5.7.1 Message rejected as spam", MESSAGE, "unwanted"),
    (Phase.BODY, "550 5.7.26 Unauthenticated email is not accepted", MESSAGE, "unwanted"),
    (Phase.BODY, "550 5.4.5 Daily user sending limit exceeded.", LATER, "as much as it may"),
    (
        Phase.MAIL,
        "451 4.7.0 Temporary server error. Please try again later. PRX4",
        LATER,
        "later",
    ),
    (
        Phase.BODY,
        "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending",
        LATER,
        "more slowly",
    ),
    (Phase.DATA, "450 4.2.0 Greylisted, try again in 5 minutes", LATER, "new to it"),
    (Phase.CONNECT, "554 5.7.1 Blocked", ACCOUNT, "from this network"),
    (Phase.CONNECT, "421 4.7.0 Try again later", LATER, "slowly|later"),
]


@pytest.mark.parametrize(("phase", "text", "trouble", "words"), KNOWN)
def test_known_refusals(phase: Phase, text: str, trouble: MailTrouble, words: str) -> None:
    code, _space, rest = text.partition(" ")
    error = refusal(phase, ServerAnswer(int(code), rest), PASSWORD_ACCOUNT)
    assert error.trouble is trouble
    assert any(word in f"{error.title} {error.message}" for word in words.split("|"))
    assert not error.is_maybe_out
    assert (error.retry_after is not None) == (trouble is LATER)
    assert error.answer.startswith(code)


def test_a_provider_with_app_passwords_says_so() -> None:
    answer = ServerAnswer(535, "5.7.8 Username and Password not accepted.")
    assert "app password" in refusal(Phase.SIGN_IN, answer, GMAIL_ACCOUNT).message
    assert "app password" not in refusal(Phase.SIGN_IN, answer, PASSWORD_ACCOUNT).message


def test_a_sign_in_that_has_ended_says_so() -> None:
    answer = ServerAnswer(535, "5.7.3 Authentication unsuccessful")
    assert "Sign in again" in refusal(Phase.SIGN_IN, answer, OAUTH_ACCOUNT).message


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.0 try again in 5 minutes", 300),
        ("4.7.1 Greylisted for 300 seconds", 300),
        ("4.7.0 wait 2h please", 7200),
        ("4.7.1 greylisting in action", 300),
        ("4.7.0 too many messages", 60),
        ("4.3.0 busy", 60),
        ("4.7.0 wait 99999 hours", 86_400),
    ],
)
def test_how_long_to_wait(text: str, seconds: float) -> None:
    error = refusal(Phase.MAIL, ServerAnswer(451, text), PASSWORD_ACCOUNT)
    assert error.retry_after == seconds


@given(
    phase=st.sampled_from(Phase),
    code=st.integers(-1, 999),
    text=st.text(max_size=700),
    account=st.sampled_from([PASSWORD_ACCOUNT, GMAIL_ACCOUNT, OAUTH_ACCOUNT]),
)
def test_any_answer_has_words_and_nothing_of_the_servers(
    phase: Phase, code: int, text: str, account: MailAccount
) -> None:
    marked = f"marked-by-the-server {text}"
    error = refusal(phase, ServerAnswer(code, marked), account)
    assert error.title
    assert error.message
    assert "marked-by" not in f"{error!r} {error} {error.technical}"
    assert len(error.answer) <= 500
    assert error.answer.isprintable()
    assert not error.is_maybe_out
    if 400 <= code < 500 and phase is not Phase.SIGN_IN:
        assert error.trouble is LATER


PHASES = ("connect", "EHLO", "AUTH", "MAIL", "DATA", "body")


@pytest.mark.anyio
@pytest.mark.parametrize("code", ["450 4.3.0 later", "550 5.3.0 no"])
@pytest.mark.parametrize("phase", PHASES)
async def test_a_refusal_in_each_phase_is_met_once(phase: str, code: str) -> None:
    async with ScriptedMailServer(faults={phase: code}).running() as server:
        async with transport_of() as transport:
            with pytest.raises(MailError) as caught:
                await sending(transport, account_of(server))
        expected = LATER if code.startswith("4") else MESSAGE if phase in "DATA body" else ACCOUNT
        assert caught.value.trouble is expected
        assert caught.value.answer == code
        assert server.counts["connect"] == 1
        assert server.counts["AUTH"] <= 1
        assert server.counts["body"] == (1 if phase == "body" else 0)


@pytest.mark.anyio
async def test_after_a_refused_message_the_connection_goes_on() -> None:
    server = ScriptedMailServer(faults={"body": ["554 5.7.1 spam", ""], "DATA": ["450 no", ""]})
    async with server.running(), transport_of() as transport:
        account = account_of(server)
        for _unused in range(2):
            with pytest.raises(MailError):
                await sending(transport, account)
        await sending(transport, account)
        assert (server.counts["connect"], server.counts["AUTH"]) == (1, 1)
        assert server.counts["MAIL"] == 3


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("450 4.2.1 greylisted", RecipientState.DEFERRED),
        ("452 4.5.3 too many recipients", RecipientState.DEFERRED),
        ("452 4.2.2 mailbox full, quota exceeded", RecipientState.DEFERRED),
        ("550 5.1.1 no such user", RecipientState.REFUSED),
        ("552 5.2.2 The recipient's mailbox quota exceeded", RecipientState.REFUSED),
        ("554 5.7.1 relay access denied", RecipientState.REFUSED),
        ("550 5.7.1 recipient address rejected: policy", RecipientState.REFUSED),
        ("501 5.1.3 bad address", RecipientState.REFUSED),
    ],
)
async def test_what_is_the_addresss_trouble_is_its_result(
    answer: str, state: RecipientState
) -> None:
    server = ScriptedMailServer(faults={f"RCPT TO:<{BOB}>": answer})
    async with server.running(), transport_of() as transport:
        result = await sending(transport, account_of(server), BOB, ANN)
        assert [each.state for each in result.results] == [state, RecipientState.ACCEPTED]
        assert result.results[0].answer == answer


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ("421 4.7.0 too many", LATER),
        ("530 5.7.0 Authentication required", ACCOUNT),
        ("550 5.4.5 Daily sending quota exceeded", LATER),
        ("553 5.7.1 Sender address rejected: not owned by user", ACCOUNT),
        ("554 5.7.1 Client host rejected: access denied", ACCOUNT),
    ],
)
async def test_what_is_the_accounts_trouble_ends_it(answer: str, trouble: MailTrouble) -> None:
    server = ScriptedMailServer(faults={f"RCPT TO:<{BOB}>": answer})
    async with server.running(), transport_of() as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server), BOB, ANN)
        assert caught.value.trouble is trouble
        assert server.counts["RCPT"] == 1
        assert server.counts["DATA"] == 0


@pytest.mark.anyio
async def test_while_the_account_has_to_wait_the_server_is_left_alone() -> None:
    now = [0.0]
    server = ScriptedMailServer(faults={"MAIL": ["421 4.7.0 slow down, wait 90 seconds", ""]})
    async with server.running(), transport_of(steady=lambda: now[0]) as transport:
        account = account_of(server)
        for waited, left in ((0.0, 90.0), (30.0, 60.0)):
            now[0] = waited
            with pytest.raises(AccountBusyError) as caught:
                await sending(transport, account)
            assert caught.value.retry_after == left
        assert server.counts["connect"] == 1

        now[0] = 91.0
        await sending(transport, account)
        assert server.counts["body"] == 1


@pytest.mark.anyio
async def test_a_server_that_hangs_up_at_a_sign_in_is_asked_twice_at_most_by_itself() -> None:
    server = ScriptedMailServer(faults={"AUTH": DROP})
    async with server.running(), transport_of() as transport:
        troubles = []
        for _unused in range(2):
            with pytest.raises(MailError) as caught:
                await sending(transport, account_of(server))
            troubles.append(caught.value.trouble)
    assert troubles == [MailTrouble.NETWORK, MailTrouble.ACCOUNT]
    assert server.counts["AUTH"] == 2


@pytest.mark.anyio
async def test_a_test_signs_in_once_and_says_goodbye() -> None:
    async with ScriptedMailServer().running() as server:
        async with transport_of(timeouts=QUICK) as transport:
            with pytest.raises(MailError):
                await transport.test(account_of(server), None)
            with pytest.raises(MailError):
                await sending(transport, account_of(server), password="wrong")
        assert server.counts["AUTH"] == 1
        assert server.counts["MAIL"] == 0


@pytest.mark.anyio
async def test_a_cancelled_send_leaves_no_half_open_transaction() -> None:
    begun = asyncio.Event()

    async def never() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with ScriptedMailServer().running() as server, transport_of() as transport:
        account = account_of(server)
        task = asyncio.ensure_future(sending(transport, account, before_body=never))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await sending(transport, account)
        assert server.counts["connect"] == 2
        assert server.counts["body"] == 1
