"""Every fault at every phase, as a client that isn't ours sees it."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import time

import pytest

from seam_portal_desktop.sandbox.mail.faults import MailFault, SmtpPhase
from tests.support.until import until

SENDER, ANN, BOB = "ops@example.com", "ann@example.com", "bob@example.com"
MESSAGE = b"Subject: Your link\r\n\r\nHello\r\n"

PHASES = list(SmtpPhase)
BEFORE_THE_END = [phase for phase in PHASES if phase is not SmtpPhase.QUIT]


def deliver(mailbox, connect, trusted, recipients=(ANN,)):
    """All phases in their order. Returns the recipients that were refused."""
    client = connect(sign_in=False)
    code, text = client.ehlo()
    if code != 250:
        raise smtplib.SMTPHeloError(code, text)
    code, text = client.docmd("STARTTLS")
    if code != 220:
        raise smtplib.SMTPResponseException(code, text)
    client.sock = trusted.wrap_socket(client.sock, server_hostname="localhost")
    client.file = None
    client.ehlo()
    client.login(mailbox.username, mailbox.password)
    refused = client.sendmail(SENDER, list(recipients), MESSAGE)
    code, text = client.quit()
    if code != 221:
        raise smtplib.SMTPResponseException(code, text)
    return refused


def code_of(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code


@pytest.mark.parametrize("phase", PHASES)
def test_a_code_is_answered_once_and_the_next_try_works(mailbox, connect, trusted, phase):
    mailbox.faults.add(MailFault(phase, 454, "4.7.0 Not now", count=1))
    mailbox.faults.change_rules(auth=("PLAIN",))  # smtplib would try the other ways as well
    with pytest.raises(smtplib.SMTPException) as failed:
        deliver(mailbox, connect, trusted)
    assert code_of(failed.value) == 454
    assert len(mailbox.messages()) == (1 if phase is SmtpPhase.QUIT else 0)
    assert mailbox.faults.pending() == ()
    mailbox.clear()
    assert deliver(mailbox, connect, trusted) == {}
    assert len(mailbox.messages()) == 1


@pytest.mark.parametrize("phase", PHASES)
def test_a_drop_closes_the_connection_without_an_answer(mailbox, connect, trusted, phase):
    mailbox.faults.add(MailFault(phase, drop=True))
    for _ in range(2):
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            deliver(mailbox, connect, trusted)
    assert len(mailbox.messages()) == (2 if phase is SmtpPhase.QUIT else 0)
    assert len(mailbox.faults.pending()) == 1


@pytest.mark.parametrize("phase", PHASES)
def test_a_delay_makes_the_usual_answer_late(mailbox, connect, trusted, phase):
    mailbox.faults.add(MailFault(phase, delay=0.2, count=1))
    started = time.monotonic()
    assert deliver(mailbox, connect, trusted) == {}
    assert time.monotonic() - started >= 0.2
    assert len(mailbox.messages()) == 1


@pytest.mark.parametrize("phase", BEFORE_THE_END)
def test_421_closes_the_connection_after_its_text(mailbox, line, phase):
    mailbox.faults.add(MailFault(phase, 421, "4.3.2 Going down"))
    if phase is SmtpPhase.CONNECT:
        with socket.create_connection((mailbox.host, mailbox.port), timeout=10) as client:
            assert client.makefile("rb").read() == b"421 4.3.2 Going down\r\n"
        return
    raw = line()
    said = ["EHLO localhost", "STARTTLS"]
    if phase not in {SmtpPhase.EHLO, SmtpPhase.STARTTLS}:
        said[1] = "AUTH PLAIN AHgAeA=="
    if phase in {SmtpPhase.MAIL, SmtpPhase.RCPT, SmtpPhase.DATA, SmtpPhase.AFTER_DOT}:
        mailbox.faults.change_rules(auth_required=False)
        said[1:] = [f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{ANN}>", "DATA", "Hello\r\n."]
    for command in said:
        code, text = raw.say(command)
        if code == 421:
            break
    assert (code, text) == (421, "4.3.2 Going down")
    assert raw.is_closed()


def test_after_effect_keeps_the_mail_and_loses_the_answer(mailbox, connect):
    mailbox.faults.add(
        MailFault(SmtpPhase.AFTER_DOT, 451, "4.3.0 Lost", after_effect=True, count=1),
        MailFault(SmtpPhase.AFTER_DOT, drop=True, after_effect=True, count=1),
    )
    client = connect()
    with pytest.raises(smtplib.SMTPDataError):
        client.sendmail(SENDER, ANN, MESSAGE)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.sendmail(SENDER, ANN, MESSAGE)
    assert [mail.raw for mail in mailbox.messages()] == [MESSAGE, MESSAGE]


def test_a_late_answer_after_the_dot_comes_when_the_mail_is_stored(mailbox, line):
    mailbox.faults.add(MailFault(SmtpPhase.AFTER_DOT, delay=600, after_effect=True))
    mailbox.faults.change_rules(auth_required=False)
    raw = line()
    for command in ("EHLO localhost", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{ANN}>", "DATA"):
        raw.say(command)
    accepted = mailbox.counters.accepted
    raw.send(b"Hello\r\n.\r\n")
    asyncio.run(until(mailbox.messages))
    assert mailbox.counters.accepted == accepted + 1


@pytest.mark.parametrize("phase", [SmtpPhase.DATA, SmtpPhase.STARTTLS])
def test_after_the_go_ahead_the_connection_is_lost(mailbox, line, phase):
    mailbox.faults.add(MailFault(phase, drop=True, after_effect=True))
    mailbox.faults.change_rules(auth_required=False)
    raw = line()
    raw.say("EHLO localhost")
    if phase is SmtpPhase.STARTTLS:
        assert raw.say("STARTTLS")[0] == 220
    else:
        raw.say(f"MAIL FROM:<{SENDER}>")
        raw.say(f"RCPT TO:<{ANN}>")
        assert raw.say("DATA")[0] == 354
    assert raw.is_closed()
    assert mailbox.messages() == ()


def test_recipients_are_refused_by_address_and_pattern(mailbox, connect):
    mailbox.faults.add(
        MailFault(SmtpPhase.RCPT, 550, "5.1.1 Nobody", address="ANN@example.com"),
        MailFault(SmtpPhase.RCPT, 452, "4.2.2 Full", address="*@*.example.org"),
    )
    carl, dora = "carl@mail.example.org", "dora@example.org"
    before = mailbox.counters
    refused = connect().sendmail(SENDER, [ANN, BOB, carl, dora], MESSAGE)
    assert refused == {ANN: (550, b"5.1.1 Nobody"), carl: (452, b"4.2.2 Full")}
    assert mailbox.messages()[0].recipients == (BOB, dora)
    counters = mailbox.counters
    assert counters.rcpt - before.rcpt == 4
    assert (counters.rcpt_by_address - before.rcpt_by_address)[ANN] == 1


def test_other_words_of_success_and_several_lines(mailbox, connect):
    mailbox.faults.add(
        MailFault(SmtpPhase.RCPT, 251, "2.1.5 Forwarded"),
        MailFault(SmtpPhase.AFTER_DOT, 250, "2.0.0 OK\nqueued\nbye"),
    )
    client = connect()
    client.ehlo()
    client.mail(SENDER)
    assert client.rcpt(ANN) == (251, b"2.1.5 Forwarded")
    assert client.data(MESSAGE) == (250, b"2.0.0 OK\nqueued\nbye")
    assert len(mailbox.messages()) == 1


def test_a_server_that_turns_clients_away_takes_only_quit(mailbox, line):
    mailbox.faults.add(MailFault(SmtpPhase.CONNECT, 554, "5.3.2 No service", count=1))
    raw = line(greeting=554)
    assert raw.say("EHLO localhost")[0] == 503
    assert raw.say("QUIT")[0] == 221
    assert raw.is_closed()
    assert line().say("EHLO localhost")[0] == 250


def test_without_starttls_it_is_neither_offered_nor_done(mailbox, line):
    mailbox.faults.change_rules(starttls=False)
    raw = line()
    assert "STARTTLS" not in raw.say("EHLO localhost")[1].split("\n")
    assert raw.say("STARTTLS")[0] == 502


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"phase": SmtpPhase.QUIT}, "needs a code"),
        ({"phase": SmtpPhase.QUIT, "drop": True, "text": "x"}, "needs a code"),
        ({"phase": SmtpPhase.MAIL, "code": 550, "address": ANN}, "rcpt only"),
        ({"phase": SmtpPhase.DATA, "code": 450, "after_effect": True}, "only drop"),
        ({"phase": SmtpPhase.MAIL, "code": 550, "text": "a\r\n250 b"}, "control"),
    ],
)
def test_a_fault_that_cannot_happen_is_refused(fields, reason):
    with pytest.raises(ValueError, match=reason):
        MailFault(**fields)
