"""A company's own certificate authority and proxy: what IT set up once works everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from seam_portal_desktop.adapters.network.system_proxy import (
    follow_desktop_proxies,
    proxy_variables,
)
from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.adapters.system_trust import SystemTrust
from seam_portal_desktop.adapters.updates.tuf_updates import TufUpdates, UpdatePlace
from seam_portal_desktop.domain.errors import NetworkError
from seam_portal_desktop.domain.policy import UpdateChannel
from seam_portal_desktop.domain.release import UpdateError
from tests.support.authority import Authority
from tests.support.http_server import ScriptedServer, answer, json_answer
from tests.support.processes import environment
from tests.support.seam_answers import workspace_answer
from tests.support.services import KEY

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """The system's store has the company's authority, and no other."""
    store = tmp_path / "store.pem"
    store.write_bytes(b"# a comment\n" + authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(store))
    return store


@pytest.mark.anyio
@pytest.mark.parametrize("is_trusted", [True, False])
async def test_seam_is_asked_through_the_companys_own_authority(
    authority, tmp_path, monkeypatch, is_trusted
):
    store = tmp_path / "store.pem"
    store.write_bytes((authority if is_trusted else Authority("Another")).pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(store))
    reply = json_answer(workspace_answer())
    with ScriptedServer(default=reply, tls=authority.server_context(tmp_path)) as server:
        gateway = create_gateway(f"https://localhost:{server.port}", KEY)
        try:
            if is_trusted:
                assert (await gateway.get_workspace()).name
            else:
                with pytest.raises(NetworkError):
                    await gateway.get_workspace()
        finally:
            await gateway.aclose()


@pytest.mark.anyio
async def test_updates_are_fetched_through_it_too(authority, trusted, tmp_path):
    login = answer(b"<html>", content_type="text/html")
    with ScriptedServer(default=login, tls=authority.server_context(tmp_path)) as server:
        place = UpdatePlace(f"https://localhost:{server.port}", b"{}")
        updates = TufUpdates(place, tmp_path / "cache", "linux-x86_64-tarball")
        with pytest.raises(UpdateError) as caught:
            await updates.newest(UpdateChannel.STABLE)
        updates.close()
    assert caught.value.title != "The update server can’t be reached"


def test_the_store_vouches_for_what_the_authority_signed(authority, trusted):
    trust = SystemTrust()
    assert trust.vouches_for(
        authority.der_chain("portal.company.example"), "portal.company.example"
    )
    between = Authority("Company CA 2", parent=authority)
    chain = between.der_chain("portal.company.example")
    assert trust.vouches_for(chain, "portal.company.example")
    assert not trust.vouches_for(chain[:1], "portal.company.example"), "a link of it is missing"


def test_it_vouches_for_nothing_else(authority, trusted):
    trust, name = SystemTrust(), "portal.company.example"
    assert not trust.vouches_for(authority.der_chain(name), "other.company.example")
    assert not trust.vouches_for(authority.der_chain(name), "127.0.0.1")
    assert not trust.vouches_for(authority.der_chain(name), "")
    assert not trust.vouches_for(authority.der_chain(name, expired=True), name)
    client = authority.der_chain(name, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    assert not trust.vouches_for(client, name)
    assert not trust.vouches_for(Authority("Company CA").der_chain(name), name)
    assert not trust.vouches_for([], name)
    assert not trust.vouches_for([b"no certificate"], name)
    assert not trust.vouches_for(authority.der_chain(name) * 20, name)


def test_no_store_vouches_for_nobody(authority, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing"))
    assert not SystemTrust().vouches_for(authority.der_chain(), "localhost")


GNOME = """\
org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1']
org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.http host 'proxy.company.example'
org.gnome.system.proxy.http port 3128
org.gnome.system.proxy.https host 'secure.company.example'
org.gnome.system.proxy.https port 3129
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.ftp port 0
"""


def test_gnomes_proxies():
    assert proxy_variables(GNOME) == {
        "http_proxy": "http://proxy.company.example:3128",
        "https_proxy": "http://secure.company.example:3129",
        "no_proxy": "localhost,127.0.0.0/8,::1",
    }


@pytest.mark.parametrize(
    "listed",
    [
        "",
        "noise",
        GNOME.replace("'manual'", "'none'"),
        GNOME.replace("'manual'", "'auto'"),
        GNOME.replace("proxy.company.example", "").replace("secure.company.example", ""),
    ],
)
def test_no_manual_proxies(listed):
    assert proxy_variables(listed) == {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="GNOME's settings")
@pytest.mark.parametrize("code", [0, 1])
def test_the_desktop_is_asked_unless_the_environment_says_it(tmp_path, monkeypatch, code):
    program = tmp_path / "gsettings"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{GNOME}END\nexit {code}\n")
    program.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    elsewhere = {"PATH": path, "XDG_CURRENT_DESKTOP": "KDE"}
    follow_desktop_proxies(elsewhere)
    assert "https_proxy" not in elsewhere
    variables = {"PATH": path, "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}
    follow_desktop_proxies(variables)
    assert ("https_proxy" in variables) is (code == 0)
    monkeypatch.setenv("http_proxy", "http://mine.example:1")
    variables = {"PATH": path, "XDG_CURRENT_DESKTOP": "GNOME"}
    follow_desktop_proxies(variables)
    assert "https_proxy" not in variables


BOTH = """
import sys
from PySide6.QtCore import QCoreApplication, Qt, QTimer, QUrl
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
from PySide6.QtWidgets import QApplication
app = QApplication([])
import httpx
httpx.get("http://seam.example/from-httpx")
import shiboken6
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
profile = QWebEngineProfile()
page = QWebEnginePage(profile)
page.loadFinished.connect(lambda ok: app.exit(0 if ok else 1))
page.load(QUrl("http://portal.example/from-the-page"))
QTimer.singleShot(30_000, lambda: app.exit(2))
code = app.exec()
shiboken6.delete(page)
shiboken6.delete(profile)
sys.exit(code)
"""


def test_the_preview_and_the_calls_go_through_the_same_proxy(tmp_path):
    page = answer(b"<!doctype html><title>Portal</title>", content_type="text/html")
    with ScriptedServer(default=page) as proxy:
        done = subprocess.run(
            [sys.executable, "-c", BOTH],
            env=environment(tmp_path, http_proxy=proxy.url, no_proxy="localhost"),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        asked = {request.path for request in proxy.requests}
    assert done.returncode == 0, done.stderr
    assert {"http://seam.example/from-httpx", "http://portal.example/from-the-page"} <= asked
