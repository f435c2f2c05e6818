"""Returned mails of many servers, and what others can put into such a file."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.bounce import (
    LARGEST_BOUNCE,
    Bounce,
    NotABounceError,
    read_bounce,
)
from tests.support.bounces import BOUNCES, ORIGINAL_ID, OTHERS, POSTFIX


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", BOUNCES)
def test_a_returned_mail_names_the_original_and_who_did_not_get_it(name, line_end):
    made_up = BOUNCES[name]
    bounce = read_bounce(made_up.text.replace("\n", line_end).encode())
    assert bounce.message_ids[:1] == ((ORIGINAL_ID,) if made_up.has_id else ())
    found = [(each.address, each.status) for each in bounce.recipients]
    assert found == [(address, status) for address, status, _reason in made_up.expected]
    for recipient, (_address, _status, reason) in zip(
        bounce.recipients, made_up.expected, strict=True
    ):
        assert reason in recipient.reason
        assert recipient.reason.isprintable()
        assert len(recipient.reason) <= 300
    assert bounce.is_permanent == made_up.is_permanent


@pytest.mark.parametrize("name", OTHERS)
def test_another_mail_is_refused_in_words(name):
    text, why = OTHERS[name]
    with pytest.raises(NotABounceError) as raised:
        read_bounce(text.encode())
    assert why in raised.value.message
    assert "ann@" not in raised.value.details()


def test_files_that_are_no_mails_are_refused():
    with pytest.raises(NotABounceError, match=r"\.eml"):
        read_bounce(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(NotABounceError, match="too large"):
        read_bounce(bytes(LARGEST_BOUNCE + 1))
    with pytest.raises(NotABounceError):
        read_bounce(bytes(range(256)) * 1000)


def nested(depth: int, line: bytes = b"x\n") -> bytes:
    start = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
        for number in range(depth)
    )
    return start + line * ((2_000_000 - len(start)) // len(line))


@pytest.mark.parametrize(
    "content",
    [
        nested(2000),
        nested(35, b"\n"),
        nested(35, b"\r"),
        b"Content-Type: message/rfc822\n\n" * 60_000,
        b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"<a@b.c>: 550 5.1.1\n\n" * 90_000,
        b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"a@b.c" * 400_000,
        b"From: mailer-daemon@x\nSubject: failure notice\n\nundeliverable" + b"\n" * 1_900_000,
        b"From: mailer-daemon@x\nSubject: failure notice\n\nundeliverable" + b" " * 1_900_000,
        b"To: " + b"(" * 1_000_000 + b"\nFrom: mailer-daemon@x\nSubject: failure notice\n\n550",
        b"Subject: " + b"=?utf-8?q?" * 200_000 + b"\n\n",
        POSTFIX.replace("Status: 5.1.1", "Status: 5.1.1\n\n" * 100_000).encode(),
        b"Content-Type: text/html\n\n" + b"<" * 1_900_000,
    ],
    ids=range(12),
)
def test_a_hostile_file_takes_no_long_time(content):
    started = time.process_time()
    with suppress(NotABounceError):
        assert isinstance(read_bounce(content), Bounce)
    assert time.process_time() - started < 10


@given(st.data())
def test_a_damaged_returned_mail_is_read_or_refused(data):
    whole = data.draw(st.sampled_from([made_up.text for made_up in BOUNCES.values()])).encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=30)) + whole[end:]
    try:
        bounce = read_bounce(damaged)
    except NotABounceError:
        return
    assert all(each.isprintable() and " " not in each for each in bounce.message_ids)
    assert all(each.reason.isprintable() for each in bounce.recipients)
