"""An encrypted and verified connection, or nothing is said at all."""

from __future__ import annotations

import base64
import logging
import ssl
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.mail.answers import Phase
from seam_portal_desktop.adapters.mail.connect_errors import not_connected
from seam_portal_desktop.adapters.network.http_client import system_tls
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import Security, SignIn
from tests.support.http_server import ScriptedServer
from tests.support.mail_sending import (
    ANN,
    IMPATIENT,
    QUICK,
    account_of,
    sending,
    transport_of,
)
from tests.support.scripted_mail_server import PASSWORD, TOKEN, USERNAME, ScriptedMailServer
from tests.support.tls_authority import TestAuthority

pytestmark = pytest.mark.anyio

HARMLESS = {"EHLO", "STARTTLS", "QUIT"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority(tmp_path_factory.mktemp("other"))


def said(server: ScriptedMailServer) -> set[str]:
    return {line.split(" ")[0].split(":")[0] for line in server.lines}


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize("fault", ["expired", "not_yet", "other_host", "unknown_authority"])
async def test_a_certificate_that_isnt_right_ends_it(
    authority: TestAuthority, other_authority: TestAuthority, security: Security, fault: str
) -> None:
    day = timedelta(days=1)
    contexts = {
        "expired": lambda: authority.server_context(left=-day),
        "not_yet": lambda: authority.server_context(began=-day),
        "other_host": lambda: authority.server_context(["mail.example.com"]),
        "unknown_authority": other_authority.server_context,
    }
    words = {
        "expired": "has expired",
        "not_yet": "not valid yet",
        "other_host": "belongs to another name",
        "unknown_authority": "issuer that this computer doesn’t trust",
    }
    server = ScriptedMailServer(tls=contexts[fault](), is_implicit=security is Security.TLS)
    async with server.running(), transport_of(authority) as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server, security=security))

        assert words[fault] in caught.value.message
        assert caught.value.trouble is MailTrouble.ACCOUNT
        assert "127.0.0.1" in caught.value.title
        assert said(server) <= HARMLESS


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0x800B0101, "has expired"),
        (0x800B010F, "belongs to another name"),
        (0x800B0109, "issuer that this computer doesn’t trust"),
        (-67818, "has expired"),
        (-67602, "belongs to another name"),
        (-67843, "issuer that this computer doesn’t trust"),
    ],
)
async def test_the_numbers_of_windows_and_macos_are_known(code: int, words: str) -> None:
    error = ssl.SSLCertVerificationError("made up")
    error.verify_code = code
    account = account_of(ScriptedMailServer(), security=Security.TLS)
    assert words in not_connected(account, Phase.CONNECT, error).message


async def test_what_was_injected_before_the_encryption_isnt_read(authority: TestAuthority) -> None:
    """Read later, it would be the answer to EHLO: without a sign-in, and with another size."""
    injected = "250-evil.example\r\n250 SIZE 3\r\n250 2.0.0 queued by somebody else"
    server = ScriptedMailServer(tls=authority.server_context(), after_starttls=injected)
    async with server.running(), transport_of(authority) as transport:
        answer = await sending(transport, account_of(server, security=Security.STARTTLS))

        assert answer.answer == "250 2.0.0 queued as 1234"
        assert server.counts["AUTH"] == 1
        assert len(server.messages) == 1


async def test_what_was_offered_before_the_encryption_is_asked_again(
    authority: TestAuthority,
) -> None:
    server = ScriptedMailServer(tls=authority.server_context())
    async with server.running(), transport_of(authority) as transport:
        await sending(transport, account_of(server, security=Security.STARTTLS))
        assert server.counts["EHLO"] == 2
        assert server.lines[2] == "EHLO [127.0.0.1]"


@pytest.mark.parametrize(
    "answer", ["454 4.7.0 TLS not available", "502 5.5.1 no such command", "garbage"]
)
async def test_a_refused_starttls_ends_it(authority: TestAuthority, answer: str) -> None:
    server = ScriptedMailServer(tls=authority.server_context(), faults={"STARTTLS": answer})
    async with server.running(), transport_of(authority) as transport:
        with pytest.raises(MailError):
            await sending(transport, account_of(server, security=Security.STARTTLS))
        assert said(server) <= HARMLESS
        assert server.counts["connect"] == 1


async def test_without_encryption_only_this_computer_is_used() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        for host in ("mail.example.com", "192.0.2.1", "127.0.0.1.example.com"):
            with pytest.raises(MailError) as caught:
                await sending(transport, account_of(server, host=host))
            assert caught.value.trouble is MailTrouble.ACCOUNT
        await sending(transport, account_of(server, host="localhost"))


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN", "XOAUTH2"])
async def test_no_password_is_on_the_wire_before_the_encryption(
    authority: TestAuthority, way: str
) -> None:
    server = ScriptedMailServer(tls=authority.server_context(), ways=way)
    async with server.running(), transport_of(authority) as transport:
        sign_in = SignIn.OAUTH if way == "XOAUTH2" else SignIn.PASSWORD
        account = account_of(server, security=Security.STARTTLS, sign_in=sign_in)
        await sending(transport, account, password=TOKEN if way == "XOAUTH2" else PASSWORD)

        assert server.clear_lines == ["EHLO [127.0.0.1]", "STARTTLS"]
        assert server.counts["AUTH"] == 1


async def test_wrong_ports_are_named(authority: TestAuthority) -> None:
    """STARTTLS is spoken where TLS was chosen, and the other way round."""
    async with ScriptedMailServer().running() as server, transport_of(authority) as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server, security=Security.TLS))
        assert "may be one for STARTTLS" in caught.value.message
        assert caught.value.trouble is MailTrouble.ACCOUNT

    server = ScriptedMailServer(tls=authority.server_context(), is_implicit=True)
    async with server.running(), transport_of(authority, IMPATIENT) as transport:
        with pytest.raises(MailError) as caught:
            await sending(transport, account_of(server, security=Security.STARTTLS))
        assert caught.value.trouble is MailTrouble.NETWORK
        assert not server.lines


async def test_a_web_server_is_no_mail_server() -> None:
    greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    with ScriptedServer(greeting=greeting) as server:
        mail_server = ScriptedMailServer(port=server.port)
        async with transport_of() as transport:
            with pytest.raises(MailError) as caught:
                await sending(transport, account_of(mail_server))
    assert caught.value.title == "What answered is no mail server"
    assert caught.value.trouble is MailTrouble.ACCOUNT


@pytest.mark.parametrize("host", ["", "no host", "mail.example.com:25", "a" * 300, "\ud800"])
async def test_a_wrong_name_is_no_bug(host: str) -> None:
    async with transport_of() as transport:
        with pytest.raises(MailError) as caught:
            await sending(
                transport, account_of(ScriptedMailServer(), host=host, security=Security.TLS)
            )
    assert caught.value.trouble is MailTrouble.ACCOUNT


async def test_a_closed_port_and_an_unknown_name_are_the_networks_trouble(
    authority: TestAuthority,
) -> None:
    async with ScriptedMailServer().running() as server:
        pass
    async with transport_of(authority) as transport:
        for host in ("127.0.0.1", "localhost", "nowhere.invalid"):
            with pytest.raises(MailError) as caught:
                await sending(transport, account_of(server, host=host, security=Security.STARTTLS))
            assert caught.value.trouble is MailTrouble.NETWORK
            assert host in caught.value.title


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_nothing_personal_is_logged(
    authority: TestAuthority, caplog: pytest.LogCaptureFixture, security: Security
) -> None:
    caplog.set_level(logging.DEBUG)
    tls = authority.server_context()
    server = ScriptedMailServer(tls=tls, is_implicit=security is Security.TLS)
    server.faults["body"] = ["", f"554 5.7.1 <{ANN}> is blocked"]
    async with server.running(), transport_of(authority, QUICK) as transport:
        account = account_of(server, security=security)
        await sending(transport, account)
        with pytest.raises(MailError) as refused:
            await sending(transport, account)
        with pytest.raises(MailError) as wrong:
            await transport.test(account, None)
    errors = [refused.value, wrong.value]
    seen = caplog.text + "".join(f"{each!r} {each}" for each in errors)
    encoded = base64.b64encode(f"\0{USERNAME}\0{PASSWORD}".encode()).decode()
    for private in (ANN, USERNAME, PASSWORD, encoded, "Your link"):
        assert private not in seen
    assert f"554 5.7.1 <{ANN}> is blocked" in refused.value.details()  # for the user only


@pytest.mark.skipif(sys.platform != "linux", reason="SSL_CERT_FILE is Linux's")
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_companys_own_authority_is_trusted_by_the_system(
    authority: TestAuthority,
    security: Security,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = ScriptedMailServer(
        tls=authority.server_context(), is_implicit=security is Security.TLS
    )
    store = tmp_path / "store.pem"
    async with server.running():
        account = account_of(server, security=security)
        for pem, is_trusted in ((authority.pem, True), (b"", False)):
            store.write_bytes(pem)
            monkeypatch.setenv("SSL_CERT_FILE", str(store))
            monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
            async with transport_of(create_context=system_tls) as transport:
                if is_trusted:
                    await sending(transport, account)
                else:
                    with pytest.raises(MailError):
                        await sending(transport, account)
    assert server.counts["body"] == 1
