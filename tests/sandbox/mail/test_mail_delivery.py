"""Mails arrive as they were sent, encrypted or not, from who may send them."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SENDER, ANN, BOB = "ops@example.com", "ann@example.com", "bob@example.com"
MESSAGE = b"Subject: Your link\r\n\r\n.a line with a dot\r\n"
BODY_LINES = st.lists(
    st.one_of(
        st.sampled_from([b"", b".", b"..", b".\x00", b". ", b"QUIT", b"a" * 998]),
        st.binary(max_size=60).map(lambda line: line.replace(b"\r", b"").replace(b"\n", b".")),
    ),
    max_size=12,
)


def test_starttls_is_verified_by_the_authority_and_the_host_name(mailbox, trusted):
    with smtplib.SMTP("localhost", mailbox.port, timeout=10) as client:
        client.starttls(context=trusted)
        assert client.sock.version() == "TLSv1.3"
        client.ehlo()
        assert not client.has_extn("starttls")
        client.login(mailbox.username, mailbox.password)
        assert client.sendmail(SENDER, [ANN, BOB], MESSAGE) == {}
    (mail,) = mailbox.messages()
    assert (mail.raw, mail.is_encrypted, mail.user) == (MESSAGE, True, mailbox.username)
    assert (mail.sender, mail.recipients) == (SENDER, (ANN, BOB))


def test_the_certificate_holds_for_strict_clients_and_this_run_only(mailbox, trusted):
    trusted.verify_flags |= ssl.VERIFY_X509_STRICT
    with smtplib.SMTP_SSL(mailbox.host, mailbox.tls_port, timeout=10, context=trusted) as client:
        client.login(mailbox.username, mailbox.password)
        client.sendmail(SENDER, ANN, MESSAGE)
    assert mailbox.messages()[0].is_encrypted
    with (
        smtplib.SMTP(mailbox.host, mailbox.port, timeout=10) as client,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        client.starttls(context=ssl.create_default_context())


def test_a_mail_in_clear_text_is_marked_so(mailbox, connect):
    connect().sendmail(SENDER, ANN, MESSAGE)
    assert not mailbox.messages()[0].is_encrypted


def test_nobody_sends_without_signing_in_unless_the_rules_say_so(mailbox, connect):
    client = connect(sign_in=False)
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        client.sendmail(SENDER, ANN, MESSAGE)
    assert (refused.value.smtp_code, mailbox.messages()) == (530, ())
    mailbox.faults.change_rules(auth_required=False)
    client.sendmail("", ANN, MESSAGE)
    assert [(mail.sender, mail.user) for mail in mailbox.messages()] == [("", None)]


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_each_way_of_signing_in_takes_the_right_password_only(mailbox, connect, way):
    mailbox.faults.change_rules(auth=(way,))
    before = mailbox.counters
    client = connect(sign_in=False)
    for user, password in ((mailbox.username, "wrong"), ("x", mailbox.password), ("", "")):
        client.ehlo()
        client.user, client.password = user, password
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.auth(way, getattr(client, f"auth_{way.lower()}"))
        assert refused.value.smtp_code == 535
    client.user, client.password = mailbox.username, mailbox.password
    assert client.auth(way, getattr(client, f"auth_{way.lower()}"))[0] == 235
    counters = mailbox.counters
    assert counters.auth_attempts - before.auth_attempts == 4
    assert counters.auth_successes - before.auth_successes == 1


def test_xoauth2_takes_the_tokens_of_the_rules(mailbox, connect):
    mailbox.faults.change_rules(auth=("XOAUTH2",), tokens=("ya29.made-up",))
    client = connect(sign_in=False)
    client.ehlo()
    assert client.esmtp_features["auth"].split() == ["XOAUTH2"]

    def credentials(user, token):
        return lambda challenge=None: (
            "" if challenge else f"user={user}\x01auth=Bearer {token}\x01\x01"
        )

    for user, token in ((mailbox.username, "expired"), ("x@example.com", "ya29.made-up")):
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.auth("XOAUTH2", credentials(user, token))
        assert refused.value.smtp_code == 535
    assert client.auth("XOAUTH2", credentials(mailbox.username, "ya29.made-up"))[0] == 235


def test_addresses_of_all_scripts_need_smtputf8(mailbox, connect):
    message = EmailMessage()
    message["Subject"], message["To"] = "Grüße", "用户@例え.example"
    message.set_content("Hallo")
    client = connect()
    client.send_message(message, SENDER, ["用户@例え.example"])
    assert mailbox.messages()[0].recipients == ("用户@例え.example",)
    mailbox.faults.change_rules(smtputf8=False)
    client.ehlo()
    with pytest.raises(smtplib.SMTPNotSupportedError):
        client.send_message(message, SENDER, ["用户@例え.example"])


def test_a_mail_over_the_size_is_refused_when_announced_and_when_not(mailbox, connect):
    mailbox.faults.change_rules(size=1_000_000)
    client = connect()
    client.ehlo()
    row = b"b" * 70 + b"\r\n"
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        client.sendmail(SENDER, ANN, row * (100 * 1024 * 1024 // len(row)))
    assert refused.value.smtp_code == 552
    del client.esmtp_features["size"]
    with pytest.raises(smtplib.SMTPDataError) as refused_late:
        client.sendmail(SENDER, ANN, row * 40_000)
    assert refused_late.value.smtp_code == 552
    client.sendmail(SENDER, ANN, MESSAGE)
    assert [mail.raw for mail in mailbox.messages()] == [MESSAGE]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=BODY_LINES)
def test_any_lines_arrive_as_they_are(mailbox, lines_client, lines):
    message = b"\r\n".join([b"Subject: x", b"", *lines, b""])
    mailbox.clear()
    lines_client.sendmail(SENDER, ANN, message)
    assert [mail.raw for mail in mailbox.messages()] == [message]


@pytest.fixture
def lines_client(connect):
    return connect()
