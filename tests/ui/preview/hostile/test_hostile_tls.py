"""Servers with bad certificates: nothing of theirs is loaded, and the reason is shown."""

from __future__ import annotations

import ssl
from datetime import timedelta

import pytest

from tests.support.page_server import page_server, self_signed
from tests.support.preview_kit import ENGINE_NOISE, shows_text
from tests.support.tls_authority import NAME, TestAuthority

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

DAY = timedelta(days=1)
ISSUER = f"“{NAME} R1”, which this computer doesn’t trust."


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def contexts(authority, tmp_path_factory):
    asking = authority.server_context()
    asking.verify_mode = ssl.CERT_OPTIONAL
    asking.load_verify_locations(cadata=authority.pem.decode())
    return {
        "self-signed": self_signed(tmp_path_factory.mktemp("self-signed")),
        "good": authority.server_context(),
        "expired": authority.server_context(left=-2 * DAY),
        "not yet valid": authority.server_context(left=90 * DAY, began=-2 * DAY),
        "for another host": authority.server_context(["portal.example", "www.portal.example"]),
        "asks for one": asking,
    }


@pytest.fixture
def server_context(hostile, authority, contexts):
    """A server's context, after making the preview trust or not trust the test's authority."""

    def make(kind, trusted):
        hostile.pane.authorities.set_pems([authority.pem] if trusted else [])
        return contexts[kind]

    return make


@pytest.mark.parametrize(
    ("kind", "trusted", "words"),
    [
        ("self-signed", False, "The server signed its certificate itself."),
        ("self-signed", True, "The server signed its certificate itself."),
        ("good", False, ISSUER),
        ("expired", False, ISSUER),
        ("expired", True, "The certificate expired on "),
        ("not yet valid", True, "The certificate is not valid before "),
        (
            "for another host",
            True,
            "The certificate is for portal.example, www.portal.example, not for localhost.",
        ),
    ],
)
def test_a_bad_certificate_is_refused(hostile, server_context, kind, trusted, words):
    context = server_context(kind, trusted)
    with page_server(context) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.signals.failed == [("portal-1", "tls")])
        assert shows_text(hostile.pane, "The connection isn’t safe")
        assert shows_text(hostile.pane, words)
        assert server.asked == []


def test_it_is_refused_again_after_a_reload(hostile, contexts):
    with page_server(contexts["self-signed"]) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.signals.failed == [("portal-1", "tls")])
        hostile.pane.reload()
        hostile.until(lambda: hostile.signals.failed == [("portal-1", "tls")] * 2)
        assert server.asked == []


def test_the_companys_own_authority_is_trusted(hostile, authority, contexts):
    hostile.pane.authorities.set_pems([b"not a certificate", authority.pem])
    with page_server(contexts["good"]) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.signals.rendered == ["portal-1"])


def test_a_server_that_asks_for_a_client_certificate_gets_none(hostile, authority, contexts):
    hostile.pane.authorities.set_pems([authority.pem])
    with page_server(contexts["asks for one"]) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.signals.rendered == ["portal-1"])
