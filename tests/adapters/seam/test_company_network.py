"""A company's own certificate authority and proxy apply to every call of the program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.network.system_proxy import (
    follow_desktop_proxies,
    proxy_variables,
)
from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.adapters.updates.tuf_updates import TufUpdates, UpdatePlace
from seam_portal_desktop.domain.errors import NetworkError
from seam_portal_desktop.domain.policy_values import UpdateChannel
from seam_portal_desktop.domain.release import UpdateError
from tests.support.http_server import ScriptedServer, answer, json_answer
from tests.support.seam_answers import workspace_answer
from tests.support.services import KEY
from tests.support.tls_authority import TestAuthority

ROOT = Path(__file__).parents[3]


@pytest.mark.anyio
@pytest.mark.parametrize("is_trusted", [True, False])
async def test_calls_to_seam_trust_the_companys_authority(
    authority, tmp_path, set_system_store, is_trusted
):
    set_system_store(authority if is_trusted else TestAuthority(tmp_path))
    reply = json_answer(workspace_answer())
    with ScriptedServer(default=reply, tls=authority.server_context()) as server:
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
async def test_updates_trust_it_too(authority, set_system_store, tmp_path):
    set_system_store(authority)
    login = answer(b"<html>", content_type="text/html")
    with ScriptedServer(default=login, tls=authority.server_context()) as server:
        place = UpdatePlace(f"https://localhost:{server.port}", b"{}")
        updates = TufUpdates(place, tmp_path / "cache", "linux-x86_64-tarball")
        with pytest.raises(UpdateError) as caught:
            await updates.newest(UpdateChannel.STABLE)
        updates.close()
    assert caught.value.title != "The update server can’t be reached"


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
org.gnome.system.proxy.socks host ''
org.gnome.system.proxy.socks port 0
"""


def test_gnomes_proxies():
    assert proxy_variables(GNOME) == {
        "http_proxy": "http://proxy.company.example:3128",
        "https_proxy": "http://secure.company.example:3129",
        "no_proxy": "localhost,127.0.0.0/8,::1",
    }


def test_gnomes_socks_proxy():
    both = GNOME.replace("socks host ''", "socks host 'fd00::1'").replace(
        "socks port 0", "socks port 1080"
    )
    assert proxy_variables(both) == proxy_variables(GNOME)
    alone = both.replace("proxy.company.example", "").replace("secure.company.example", "")
    assert proxy_variables(alone) == {
        "all_proxy": "socks5://[fd00::1]:1080",
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
def test_the_environment_overrides_the_desktops_proxies(tmp_path, monkeypatch, code):
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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="GNOME's settings")
def test_exceptions_of_the_environment_are_added_to_the_desktops(tmp_path, monkeypatch):
    program = tmp_path / "gsettings"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{GNOME}END\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    monkeypatch.setenv("NO_PROXY", "mine.example")
    variables = dict(os.environ)
    follow_desktop_proxies(variables)
    assert variables["https_proxy"] == "http://secure.company.example:3129"
    assert variables["no_proxy"] == "mine.example,localhost,127.0.0.0/8,::1"
