"""The sandbox's mail server as Python's own client sees it."""

from __future__ import annotations

import smtplib
import ssl

import pytest

from seam_portal_desktop.sandbox.server import SandboxConfig
from tests.support.sandboxes import running_sandbox

SENDER, ANN, BOB = "ops@example.com", "ann@example.com", "bob@example.com"
MESSAGE = b"Subject: Your link\r\n\r\n.a line with a dot\r\n"


@pytest.fixture(scope="module")
def server():
    with running_sandbox(SandboxConfig(smtp_port=0)) as server:
        yield server


@pytest.fixture
def mailbox(server):
    server.mailbox.clear()
    server.mailbox.faults.clear()
    return server.mailbox


def signed_in(mailbox) -> smtplib.SMTP:
    client = smtplib.SMTP(mailbox.host, mailbox.port, timeout=10)
    client.login(mailbox.username, mailbox.password)
    return client


def test_a_mail_arrives_byte_for_byte_over_starttls(mailbox):
    trusted = ssl.create_default_context(cadata=mailbox.ca_pem)
    with smtplib.SMTP("localhost", mailbox.port, timeout=10) as client:
        client.starttls(context=trusted)
        client.login(mailbox.username, mailbox.password)
        assert client.sendmail(SENDER, [ANN, BOB], MESSAGE) == {}
    (mail,) = mailbox.messages()
    assert (mail.raw, mail.is_encrypted, mail.user) == (MESSAGE, True, mailbox.username)
    assert (mail.sender, mail.recipients) == (SENDER, (ANN, BOB))


def test_a_mail_arrives_over_tls_and_in_clear_text(mailbox):
    trusted = ssl.create_default_context(cadata=mailbox.ca_pem)
    with smtplib.SMTP_SSL(mailbox.host, mailbox.tls_port, timeout=10, context=trusted) as client:
        client.login(mailbox.username, mailbox.password)
        client.sendmail(SENDER, ANN, MESSAGE)
    with signed_in(mailbox) as client:
        client.sendmail(SENDER, ANN, MESSAGE)
    assert [mail.is_encrypted for mail in mailbox.messages()] == [True, False]
