"""Limits of connections, mails and time, greylisting, and what is counted."""

from __future__ import annotations

import asyncio
import smtplib
from collections import Counter

import pytest

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.sandbox.mail.faults import MailRules
from seam_portal_desktop.sandbox.mail.smtp.limits import MailPace
from seam_portal_desktop.sandbox.mail.store import MailStore, ReceivedMail
from seam_portal_desktop.sandbox.server import SandboxConfig
from tests.support.sandboxes import running_sandbox
from tests.support.until import until

SENDER, ANN, BOB = "ops@example.com", "ann@example.com", "bob@example.com"
MESSAGE = b"Subject: Your link\r\n\r\nHello\r\n"


def test_a_connection_takes_so_many_mails_and_is_closed(mailbox, connect):
    mailbox.faults.change_rules(mails_per_connection=2)
    client = connect()
    for _ in range(2):
        client.sendmail(SENDER, ANN, MESSAGE)
    with pytest.raises(smtplib.SMTPException) as refused:
        client.sendmail(SENDER, ANN, MESSAGE)
    assert refused.value.smtp_code == 421
    connect().sendmail(SENDER, ANN, MESSAGE)
    assert len(mailbox.messages()) == 3


def test_more_connections_than_allowed_are_turned_away(mailbox, connect):
    asyncio.run(until(lambda: mailbox.counters.open_connections == 0))
    mailbox.faults.change_rules(connections=2)
    first, _second = connect(), connect()
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        connect()
    assert refused.value.smtp_code == 421
    first.quit()
    asyncio.run(until(lambda: mailbox.counters.open_connections == 1))
    connect()


def test_an_idle_connection_is_closed(mailbox, connect):
    mailbox.faults.change_rules(idle=0.05)
    client = connect(sign_in=False)
    assert client.getreply()[0] == 421
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.getreply()


def test_mails_a_minute_are_limited_for_all_connections(mailbox, connect):
    connect().sendmail(SENDER, ANN, MESSAGE)
    mailbox.faults.change_rules(mails_per_minute=1)
    connect().sendmail(SENDER, ANN, MESSAGE)
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        connect().sendmail(SENDER, ANN, MESSAGE)
    assert (refused.value.smtp_code, refused.value.smtp_error[:5]) == (450, b"4.7.1")


def test_a_minute_later_mails_are_taken_again():
    now = [0.0]
    pace, rules = MailPace(lambda: now[0]), MailRules(mails_per_minute=2)
    taken = []
    for at in (0.0, 10.0, 59.9, 60.0, 61.0, 70.0):
        now[0] = at
        taken.append(pace.allows_mail(rules))
    assert taken == [True, True, False, True, False, True]
    assert pace.allows_mail(MailRules())
    assert pace.allows_mail(rules), "without a limit nothing is counted"


def test_greylisting_ends_for_each_recipient_after_its_time():
    now = [0.0]
    pace, rules = MailPace(lambda: now[0]), MailRules(greylist=60)

    def is_greylisted(at, recipient, rules=rules):
        now[0] = at
        return pace.is_greylisted(SENDER, recipient, rules)

    assert [is_greylisted(at, ANN) for at in (0, 30, 59.9)] == [True] * 3
    assert is_greylisted(60, BOB)
    assert not is_greylisted(60, ANN.upper())
    assert not is_greylisted(60, BOB, MailRules())
    assert is_greylisted(60, ANN), "without greylisting the tries are forgotten"


def test_a_greylisted_recipient_gets_450_and_the_other_gets_the_mail(mailbox, connect):
    mailbox.faults.change_rules(greylist=0.000001)
    client = connect()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail(SENDER, [ANN], MESSAGE)
    assert refused.value.recipients[ANN][0] == 450
    assert client.sendmail(SENDER, [ANN], MESSAGE) == {}


def test_everything_is_counted():
    with running_sandbox(SandboxConfig(smtp_port=0)) as server:
        mailbox = server.mailbox
        clients = [smtplib.SMTP(mailbox.host, mailbox.port, timeout=10) for _ in range(2)]
        for client in clients:
            client.login(mailbox.username, mailbox.password)
            client.sendmail(SENDER, [ANN, BOB.upper()], MESSAGE)
            client.quit()
        asyncio.run(until(lambda: mailbox.counters.open_connections == 0))
        counts = mailbox.counters.to_wire()
    assert counts == {
        "connections": 2,
        "open_connections": 0,
        "most_open_connections": 2,
        "ehlo": 2,
        "starttls": 0,
        "auth_attempts": 2,
        "auth_successes": 2,
        "mail": 2,
        "rcpt": 4,
        "data": 2,
        "quit": 2,
        "accepted": 2,
        "rcpt_by_address": Counter({ANN: 2, BOB: 2}),
    }


def test_a_full_mailbox_takes_mail_again_when_it_was_emptied(monkeypatch):
    monkeypatch.setattr("seam_portal_desktop.sandbox.mail.store._MAX_TOTAL_SIZE", 10)
    store = MailStore()
    at = system_clock()
    store.add(ReceivedMail(store.next_id(), at, SENDER, (ANN,), True, "x", None, b"12345678"))
    assert store.has_room(2)
    assert not store.has_room(3)
    store.clear()
    assert store.has_room(10)
    assert store.next_id() == 2


def test_without_the_option_there_is_no_mail_server(mail_sandbox):
    with running_sandbox() as server, pytest.raises(RuntimeError, match="smtp_port"):
        _ = server.mailbox
