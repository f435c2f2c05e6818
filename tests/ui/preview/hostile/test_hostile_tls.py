"""Servers that can't prove who they are: nothing of theirs is loaded, and the reason is said."""

from __future__ import annotations

import ssl
from datetime import timedelta

import pytest

from tests.support.page_server import page_server, self_signed
from tests.support.preview_kit import ENGINE_NOISE, says
from tests.support.tls_authority import NAME, TestAuthority

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

DAY = timedelta(days=1)
ISSUER = f"“{NAME} R1”, which this computer doesn’t trust."


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def contexts(authority, tmp_path_factory):
    asks = authority.server_context()
    asks.verify_mode = ssl.CERT_OPTIONAL
    asks.load_verify_locations(cadata=authority.pem.decode())
    return {
        "self-signed": self_signed(tmp_path_factory.mktemp("self-signed")),
        "good": authority.server_context(),
        "expired": authority.server_context(left=-2 * DAY),
        "early": authority.server_context(left=90 * DAY, began=-2 * DAY),
        "another's": authority.server_context(["portal.example", "www.portal.example"]),
        "wants one too": asks,
    }


@pytest.fixture
def given(hostile, authority, contexts):
    """A server's context; whether the preview trusts who signed its certificate is said too."""

    def give(how, trusted):
        hostile.pane.authorities.take([authority.pem] if trusted else [])
        return contexts[how]

    return give


@pytest.mark.parametrize(
    ("how", "trusted", "words"),
    [
        ("self-signed", False, "The server signed its certificate itself."),
        ("self-signed", True, "The server signed its certificate itself."),
        ("good", False, ISSUER),
        ("expired", False, ISSUER),
        ("expired", True, "The certificate expired on "),
        ("early", True, "The certificate is not valid before "),
        (
            "another's",
            True,
            "The certificate is for portal.example, www.portal.example, not for localhost.",
        ),
    ],
)
def test_a_certificate_that_does_not_hold(hostile, given, how, trusted, words):
    context = given(how, trusted)
    with page_server(context) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.heard.failed == [("portal-1", "tls")])
        assert says(hostile.pane, "The connection isn’t safe")
        assert says(hostile.pane, words)
        assert server.asked == []


def test_it_is_refused_again(hostile, contexts):
    with page_server(contexts["self-signed"]) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.heard.failed == [("portal-1", "tls")])
        hostile.pane.reload()
        hostile.until(lambda: hostile.heard.failed == [("portal-1", "tls")] * 2)
        assert server.asked == []


def test_the_companys_own_authority_is_trusted(hostile, authority, contexts):
    hostile.pane.authorities.take([b"not a certificate", authority.pem])
    with page_server(contexts["good"]) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.heard.rendered == ["portal-1"])


def test_a_server_that_wants_to_know_who_looks_learns_nothing(hostile, authority, contexts):
    hostile.pane.authorities.take([authority.pem])
    with page_server(contexts["wants one too"]) as server:
        hostile.show(f"https://localhost:{server.port}/portals/1")
        hostile.until(lambda: hostile.heard.rendered == ["portal-1"])
