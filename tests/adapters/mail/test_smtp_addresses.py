"""Addresses and messages on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.adapters.mail.envelopes import (
    AddressRefusedError,
    wire_address,
    wire_message,
)
from seam_portal_desktop.domain.message.delivery import RecipientState
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from tests.support.mail_sending import ANN, account_of, sending, transport_of
from tests.support.scripted_mail_server import ScriptedMailServer


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("ann@example.com", "<ann@example.com>"),
        ("Ann.O'Neil+x=1@Example.COM", "<Ann.O'Neil+x=1@example.com>"),
        ("ann@bücher.example", "<ann@xn--bcher-kva.example>"),
        ("ann@straße.example", "<ann@xn--strae-oqa.example>"),
        ('"ann smith"@example.com', '<"ann smith"@example.com>'),
        ("ann@intranet", "<ann@intranet>"),
        ("ann@mail.local", "<ann@mail.local>"),
        ("ann@[192.0.2.1]", "<ann@[192.0.2.1]>"),
    ],
)
def test_an_address_on_the_wire(address: str, path: str) -> None:
    assert wire_address(address, has_utf8=False) == path.encode()


@given(address=st.text(max_size=40) | st.from_regex(r"[a-z<> \r\n\"@\\]{1,20}@[a-z.>\r\n ]{1,20}"))
def test_no_address_ends_the_command(address: str) -> None:
    try:
        path = wire_address(address, has_utf8=True)
    except AddressRefusedError:
        return
    assert path[:1] + path[-1:] == b"<>"
    quoted = path[1:-1].startswith(b'"')
    assert not any(each < 32 or each == 127 for each in path)
    assert quoted or not any(each in b" <>" for each in path[1:-1])


@given(message=st.binary(max_size=200) | st.from_regex(rb"[a.\r\n]{0,30}"))
def test_only_the_end_is_the_end(message: bytes) -> None:
    wire = wire_message(message)
    assert wire.endswith(b"\r\n.\r\n")
    assert wire.find(b"\r\n.\r\n") == len(wire) - 5
    assert wire != b".\r\n"
    lines = wire.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    undone = [line[1:] if line.startswith(b".") else line for line in lines[:-2]]
    expected = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n")
    assert b"\n".join(undone) == expected


@pytest.mark.anyio
async def test_letters_that_this_server_cant_take_concern_only_their_recipient() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        answer = await sending(
            transport, account_of(server), "jürgen@example.com", ANN, "no address"
        )
        assert [each.state for each in answer.results] == [
            RecipientState.REFUSED,
            RecipientState.ACCEPTED,
            RecipientState.REFUSED,
        ]
        assert "plain letters" in answer.results[0].answer
        assert "SMTPUTF8" not in "".join(server.lines)
        assert server.counts["RCPT"] == 1


@pytest.mark.anyio
async def test_a_server_with_smtputf8_gets_the_letters_as_they_are() -> None:
    server = ScriptedMailServer(extensions=("SMTPUTF8", "8BITMIME"))
    async with server.running(), transport_of() as transport:
        await sending(transport, account_of(server), "jürgen@bücher.example")
        await sending(transport, account_of(server), ANN)
        assert "MAIL FROM:<ops@example.com> SMTPUTF8" in server.lines
        assert "RCPT TO:<jürgen@xn--bcher-kva.example>" in server.lines
        assert "MAIL FROM:<ops@example.com>" in server.lines


@pytest.mark.anyio
async def test_a_sender_that_this_server_cant_take_is_the_accounts_trouble() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server), sender="jürgen@example.com")
        assert caught.value.trouble is MailTrouble.ACCOUNT
        await sending(transport, account_of(server))
        assert server.counts["connect"] == 1


@pytest.mark.anyio
async def test_only_strange_recipients_are_an_answer_and_nothing_is_said() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        answer = await sending(transport, account_of(server), "a b", "c\r\nRCPT TO:<x>@d")
        assert {each.state for each in answer.results} == {RecipientState.REFUSED}
        assert server.counts["MAIL"] == 0


@pytest.mark.anyio
async def test_the_size_is_asked_before_anything_is_sent() -> None:
    message = b"x" * 98 + b"\r\n"
    for limit, is_refused in (("SIZE 102", True), ("SIZE 103", False), ("SIZE", False)):
        server = ScriptedMailServer(extensions=(limit,))
        async with server.running(), transport_of() as transport:
            if is_refused:
                with pytest.raises(MailError) as caught:
                    await sending(transport, account_of(server), message=message)
                assert caught.value.trouble is MailTrouble.MESSAGE
                assert server.counts["MAIL"] == 0
            else:
                await sending(transport, account_of(server), message=message)
                assert "MAIL FROM:<ops@example.com> SIZE=103" in server.lines


@pytest.mark.anyio
async def test_eight_bits_are_announced_where_they_are_understood() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        await sending(transport, account_of(server), message="Grüße\r\n".encode())
        assert any(line.endswith(" BODY=8BITMIME") for line in server.lines)
