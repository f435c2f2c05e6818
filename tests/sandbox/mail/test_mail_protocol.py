"""What no client library would send: wrong order, wrong syntax, attacks."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seam_portal_desktop.sandbox.mail.faults import MailFault, SmtpPhase
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from tests.support.smtp_line import SmtpLine
from tests.support.until import until

HELLO, FROM, TO = "EHLO localhost", "MAIL FROM:<ops@example.com>", "RCPT TO:<ann@example.com>"


@pytest.fixture
def open_mailbox(mailbox):
    """It takes mail without signing in."""
    mailbox.faults.change_rules(auth_required=False)
    return mailbox


def codes(raw: SmtpLine, *lines: str | bytes) -> list[int]:
    return [raw.say(line)[0] for line in lines]


def test_what_is_sent_before_the_encryption_is_thrown_away(open_mailbox, line, trusted):
    raw = line()
    raw.say(HELLO)
    injected = f"{FROM}\r\n{TO}\r\nDATA\r\nInjected\r\n.\r\n"
    raw.send(f"STARTTLS\r\n{injected}".encode())
    assert raw.answer()[0] == 220
    raw.encrypt(trusted)
    # The injected commands would have been answered before this one. Also EHLO is forgotten.
    assert codes(raw, "NOOP", FROM, HELLO, FROM, "QUIT") == [250, 503, 250, 250, 221]
    assert open_mailbox.messages() == ()
    assert open_mailbox.counters.starttls


def test_signing_in_is_forgotten_when_the_encryption_begins(mailbox, line, trusted):
    raw = line(sign_in=True)
    assert raw.say("STARTTLS")[0] == 220
    raw.encrypt(trusted)
    assert codes(raw, HELLO, FROM) == [250, 530]


def test_commands_in_one_packet_are_answered_one_by_one(open_mailbox, line):
    raw = line()
    raw.send(f"{HELLO}\r\n{FROM}\r\n{TO}\r\nDATA\r\n".encode())
    assert [raw.answer()[0] for _ in range(4)] == [250, 250, 250, 354]
    raw.send(b".\r\nNOOP\r\nQUIT\r\n")
    assert [raw.answer()[0] for _ in range(3)] == [250, 250, 221]
    assert raw.is_closed()
    assert open_mailbox.messages()[0].raw == b""


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_mail_may_come_in_pieces(open_mailbox, line, cut):
    raw = line()
    codes(raw, HELLO, FROM, TO, "DATA")
    wire = b"A\r\n..\r\n.\r\n"
    raw.send(wire[:cut])
    raw.send(wire[cut:])
    assert raw.answer()[0] == 250
    assert open_mailbox.messages()[0].raw == b"A\r\n.\r\n"


@pytest.mark.parametrize("end", [b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r"])
def test_no_other_end_ends_a_mail(open_mailbox, line, end):
    raw = line()
    codes(raw, HELLO, FROM, TO, "DATA")
    raw.send(b"A" + end + FROM.encode() + b"\r\n.\r\n")
    assert raw.answer() == (550, "5.6.11 A line ends in CR or LF alone.")
    assert codes(raw, "NOOP", FROM) == [250, 250]
    assert open_mailbox.messages() == ()


def test_a_line_of_a_mail_has_998_bytes_at_most(open_mailbox, line):
    raw = line()
    for length, code in ((998, 250), (999, 550)):
        codes(raw, HELLO, FROM, TO, "DATA")
        assert raw.say(b"." + b"." + b"a" * (length - 1) + b"\r\n.")[0] == code


def test_long_lines_and_nonsense_are_refused_and_the_line_goes_on(open_mailbox, line):
    raw = line()
    refused = [
        "x" * 5000,
        "x" * 300_000,
        "",
        "QUIT\x00",
        "EHLO",
        "HELO a b",
        "WHAT is this",
        "DATA",
    ]
    assert codes(raw, *refused) == [500, 500, 500, 500, 501, 501, 502, 503]
    assert codes(raw, b"\xff\xfe", b"NOOP\n", "VRFY ann", "HELP", "noop") == [
        500,
        500,
        252,
        502,
        250,
    ]
    assert codes(raw, "HELO localhost", FROM, "RSET", "QUIT now", "QUIT") == [
        250,
        250,
        250,
        501,
        221,
    ]


def test_too_many_errors_end_the_connection(mailbox, line):
    raw = line()
    assert codes(raw, *["WHAT"] * 21) == [502] * 20 + [421]
    assert raw.is_closed()


def test_commands_have_their_order(mailbox, line):
    raw = line()
    assert codes(raw, FROM, TO, "DATA", "AUTH PLAIN AHgAeA==") == [503, 503, 503, 503]
    raw.sign_in(mailbox.username, mailbox.password)
    assert codes(raw, "AUTH PLAIN AHgAeA==", TO, FROM, FROM, "DATA", TO) == [
        503, 503, 250, 503, 554, 250,
    ]  # fmt: skip
    assert codes(raw, HELLO, "DATA") == [250, 503]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("MAIL FROM:<>", 250),
        ("mail from:<o'hara+x@example.com> size=10 body=8bitmime", 250),
        ('MAIL FROM:<"a b\\"> <c"@example.com>', 250),
        ("MAIL FROM:<ops@[127.0.0.1]>", 250),
        ("MAIL FROM:<ops@[IPv6:::1]>", 250),
        ("MAIL FROM:<ü@example.com> SMTPUTF8", 250),
        ("MAIL FROM:<ü@example.com>", 553),
        ("MAIL FROM:<ops@example.com> SIZE=99999999999", 552),
        ("MAIL FROM:<ops@example.com> SIZE=x", 501),
        ("MAIL FROM:<ops@example.com> SIZE=1 SIZE=1", 501),
        ("MAIL FROM:<ops@example.com> BODY=BINARYMIME", 501),
        ("MAIL FROM:<ops@example.com> RET=FULL", 555),
        ("MAIL FROM:ops@example.com", 501),
        ("MAIL FROM: <ops@example.com>", 501),
        ("MAIL FROM:<ops@example.com>x", 501),
        ("MAIL FROM:<a@b@example.com>", 501),
        ("MAIL FROM:<a..b@example.com>", 501),
        ("MAIL FROM:<ops@-example.com>", 501),
        ("MAIL FROM:<ops@exa_mple.com>", 501),
        ("MAIL FROM:<ops@[1.2.3]>", 501),
        ("MAIL FROM:<ops>", 501),
        (f"MAIL FROM:<{'a' * 65}@example.com>", 501),
        (f"MAIL FROM:<a@{'b' * 64}.com>", 501),
        ("MAIL TO:<ops@example.com>", 501),
        ("MAIL", 501),
    ],
)
def test_the_syntax_of_mail(open_mailbox, line, command, code):
    raw = line()
    raw.say(HELLO)
    assert raw.say(command)[0] == code


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("RCPT TO:<postmaster>", 250),
        ("RCPT TO:<>", 553),
        ("RCPT TO:<ann>", 553),
        ("RCPT TO:<ann@example.com> NOTIFY=NEVER", 555),
        ("RCPT TO:<ü@example.com>", 553),
    ],
)
def test_the_syntax_of_rcpt(open_mailbox, line, command, code):
    raw = line()
    codes(raw, HELLO, FROM)
    assert raw.say(command)[0] == code


def test_credentials_that_are_not_understood(mailbox, line):
    raw = line()
    raw.say(HELLO)
    wrong = ["AUTH", "AUTH CRAM-MD5", "AUTH PLAIN !", "AUTH PLAIN eA==", "AUTH XOAUTH2 eA=="]
    assert codes(raw, *wrong) == [504, 504, 501, 501, 501]
    assert codes(raw, "AUTH LOGIN", "*") == [334, 501]
    assert codes(raw, "AUTH LOGIN", "=", "=") == [334, 334, 535]
    long = base64.b64encode(b"a" * 9000).decode()
    assert raw.say(f"AUTH PLAIN {long}")[0] == 501
    assert codes(raw, "AUTH LOGIN", "x" * 20_000) == [334, 500]
    assert raw.say("NOOP")[0] == 250


def test_a_client_that_leaves_ends_its_session(open_mailbox, line):
    for lines in ([], [HELLO], [HELLO, FROM, TO, "DATA"]):
        raw = line()
        codes(raw, *lines)
        raw.close()
    asyncio.run(until(lambda: open_mailbox.counters.open_connections == 0))
    assert open_mailbox.messages() == ()


def test_a_client_that_leaves_during_a_delay_is_not_open_any_more(open_mailbox, line):
    asyncio.run(until(lambda: open_mailbox.counters.open_connections == 0))
    open_mailbox.faults.add(MailFault(SmtpPhase.EHLO, delay=600))
    raw = line()
    raw.send(f"{HELLO}\r\n".encode())
    asyncio.run(until(lambda: open_mailbox.counters.open_connections == 1))
    raw.close()
    asyncio.run(until(lambda: open_mailbox.counters.open_connections == 0))


@pytest.mark.parametrize("said", [b"no handshake", b""])
def test_a_handshake_that_fails_leaves_no_connection(mailbox, line, said):
    asyncio.run(until(lambda: mailbox.counters.open_connections == 0))
    raw = line()
    codes(raw, HELLO, "STARTTLS")
    raw.send(said)
    raw.close()
    asyncio.run(until(lambda: mailbox.counters.open_connections == 0))


WORDS = ["EHLO x", "AUTH ", "AUTH LOGIN", "AUTH XOAUTH2 ", FROM, TO, "DATA", ".", "RSET", "QUIT"]
PIECES = st.one_of(
    st.sampled_from([b"\r\n", b"\n", b"\r\n.\r\n", *(f"{word}\r\n".encode() for word in WORDS)]),
    st.binary(max_size=20),
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(PIECES, max_size=12).map(b"".join))
def test_no_bytes_break_the_server(open_mailbox, said, caplog):
    raw = SmtpLine(open_mailbox.host, open_mailbox.port)
    raw.send(said + b"\r\n.\r\n*\r\nQUIT\r\n")
    with contextlib.suppress(EOFError):
        while raw.answer()[0] != 221:
            pass
    raw.close()
    asyncio.run(until(lambda: open_mailbox.counters.open_connections == 0))
    assert caplog.records == []


def test_nothing_that_was_said_is_logged(open_mailbox, line, trusted, caplog):
    caplog.set_level(logging.DEBUG)
    raw = line(sign_in=True)
    codes(
        raw, "AUTH PLAIN nonsense", FROM, TO, "RCPT TO:<nobody@", "DATA", "A link\r\n.", "x" * 9000
    )
    raw.say("STARTTLS")
    raw.encrypt(trusted)
    raw.close()
    asyncio.run(until(lambda: open_mailbox.counters.open_connections == 0))
    for secret in ("example.com", "A link", "xxx", open_mailbox.password, "nonsense"):
        assert secret not in caplog.text


def test_the_server_stops_with_connections_at_every_point():
    server = SandboxServer(SandboxConfig(smtp_port=0))
    server.start()
    mailbox = server.mailbox
    lines = [SmtpLine(mailbox.host, port) for port in [mailbox.port] * 4 + [mailbox.tls_port]]
    for raw, said in zip(
        lines, ([], [HELLO], [HELLO, "STARTTLS"], [HELLO, "AUTH LOGIN"]), strict=False
    ):
        raw.answer()
        codes(raw, *said)
    asyncio.run(until(lambda: mailbox.counters.open_connections == 5))
    server.stop()
    for raw in lines:
        assert raw.is_closed()
        raw.close()
    with pytest.raises(ConnectionError):
        SmtpLine(mailbox.host, mailbox.port)
