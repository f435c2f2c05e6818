"""A public page, as the engine sees it, whose host names lead to servers of this machine.

The engine takes the portal's address for a public one, and the neighbour's for this machine's. The
page runs in another process, with the program's own flags, which the tests' process doesn't have.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.connect_proxy import connect_proxy
from tests.support.hostile_kit import PRELUDE, reports_to
from tests.support.page_server import Answer, page_server
from tests.support.tls_authority import TestAuthority

ROOT = Path(__file__).parents[4]
TIMEOUT_S = 30
STUN_COOKIE = bytes.fromhex("2112a442")
WORKER = "fetch('https://nas.test/{name}', {{mode: 'no-cors'}})"

ATTEMPTS = {
    "fetch": "fetch('https://nas.test/fetch', {mode: 'no-cors'})",
    "post": "fetch('https://nas.test/post', {method: 'POST', mode: 'no-cors', body: 'x'})",
    "image": "loading(Object.assign(new Image(), {src: 'https://nas.test/image'}))",
    "events": "loading(new EventSource('https://nas.test/events'))",
    "script": "loading(document.head.appendChild("
    "Object.assign(document.createElement('script'), {src: 'https://nas.test/script'})))",
    "redirect": "fetch('/away', {mode: 'no-cors'})",
    "worker": "new Promise((resolve, reject) => { new Worker('/worker.js').onmessage ="
    " event => event.data ? resolve() : reject('error') })",
    "service worker": "navigator.serviceWorker.register('/service.js').then(async () => {"
    " const ready = await navigator.serviceWorker.ready;"
    " const answer = new Promise(resolve => { navigator.serviceWorker.onmessage = resolve });"
    " ready.active.postMessage(1); if (!(await answer).data) throw 'error' })",
    "plain": "fetch('http://plain.test/')",
    "plain socket": "loading(new WebSocket('ws://plain.test/'))",
    "call": "new Promise(async (resolve, reject) => {"
    " const call = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:%(udp)s'},"
    " {urls: 'turn:127.0.0.1:%(tcp)s?transport=tcp', username: 'x', credential: 'x'}]});"
    " call.onicegatheringstatechange = () =>"
    " call.iceGatheringState === 'complete' && reject('over');"
    " call.createDataChannel('x');"
    " await call.setLocalDescription(await call.createOffer()) })",
}

# Pop-ups without a click: there are two a minute.
POP_UPS = """
onmessage = event => {
  if (event.data !== 'connected') return;
  report('connected', event.origin);
  const bank = open('https://bank.test/login');
  setTimeout(() => {
    try { bank.document.write('<h1>Your bank'); report('written', true); }
    catch (failure) { report('written', failure.name); }
  }, 300);
};
open('https://account.test/authorize');
"""


@contextmanager
def listener():
    """A UDP and a TCP port that record what arrives."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        for one in (udp, tcp):
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        tcp.listen()
        yield SimpleNamespace(
            sockets=(udp, tcp), udp=udp.getsockname()[1], tcp=tcp.getsockname()[1]
        )


def arrivals_at(ports):
    """The STUN packets and the TCP connections so far."""
    udp, tcp = ports.sockets
    arrivals = []
    with suppress(BlockingIOError):
        while packet := udp.recv(2000):
            if packet[4:8] == STUN_COOKIE:
                arrivals.append(packet)
    with suppress(BlockingIOError):
        while connection := tcp.accept()[0]:
            connection.close()
            arrivals.append("connection")
    return arrivals


@contextmanager
def shown(url, authority, *flags):
    """Show the page in another process. Yields a list to which its lines are added."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.show_public_page", url, str(authority), *flags],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    lines: list[list[str]] = []
    reader = threading.Thread(
        target=lambda: lines.extend(json.loads(line) for line in process.stdout)
    )
    reader.start()
    try:
        yield lines
        process.stdin.close()
        assert process.wait(timeout=TIMEOUT_S) == 0
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def wait_until(condition):
    end = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def addresses_in(lines):
    """What the address bars of pop-ups showed, in order."""
    return [text for kind, text in list(lines) if kind == "address"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    directory = tmp_path_factory.mktemp("authority")
    authority = TestAuthority(directory)
    authority.file = directory / "authority.pem"
    authority.file.write_bytes(authority.pem)
    return authority


@pytest.fixture(scope="module")
def outcome(authority):
    """The page's reports of all its attempts, and what the targets received."""
    hosts = ["portal.test", "account.test", "nas.test", "bank.test", "plain.test"]
    tls = authority.server_context(hosts)
    script = {"Content-Type": "text/javascript"}
    with ExitStack() as stack:
        site = stack.enter_context(page_server(tls))
        account = stack.enter_context(page_server(tls))
        nas = stack.enter_context(page_server(tls))
        ports = stack.enter_context(listener())
        site.pages["/away"] = Answer(status=302, headers={"Location": "https://nas.test/away"})
        site.pages["/worker.js"] = Answer(
            body=f"{WORKER.format(name='worker')}.then(() => postMessage(1), () => postMessage(0))",
            headers=script,
        )
        site.pages["/service.js"] = Answer(
            body="onactivate = event => event.waitUntil(clients.claim());"
            f"onmessage = event => {WORKER.format(name='service')}"
            ".then(() => event.source.postMessage(1), () => event.source.postMessage(0))",
            headers=script,
        )
        site.pages["/callback"] = Answer(
            body="<script>opener.postMessage('connected', location.origin); close()</script>"
        )
        account.pages["/authorize"] = Answer(
            body="<h1>Allow?</h1><script>setTimeout(() => { location.href ="
            " 'https://portal.test/callback?code=1' }, 300)</script>"
        )
        account.pages["/login"] = Answer(hold=True)
        attempts = (
            ";".join(f"attempt({json.dumps(name)}, () => {act})" for name, act in ATTEMPTS.items())
            .replace("%(udp)s", str(ports.udp))
            .replace("%(tcp)s", str(ports.tcp))
        )
        site.pages["/portals/public"] = Answer(
            body=f"{PRELUDE}<link rel=prefetch href='https://nas.test/prefetch'>"
            f"<script>{attempts};{POP_UPS}</script>"
        )
        names = {
            "portal.test:443": site.port,
            "account.test:443": account.port,
            "bank.test:443": account.port,
            "nas.test:443": nas.port,
            "plain.test:80": nas.port,
        }
        rules = ", ".join(f"MAP {name} 127.0.0.1:{port}" for name, port in names.items())
        public = ",".join(f"127.0.0.1:{port}=public" for port in (site.port, account.port))
        flags = [f"--host-resolver-rules={rules}", f"--ip-address-space-overrides={public}"]
        url = "https://portal.test/portals/public?token=seam_cst_not_a_real_token"
        with shown(url, authority.file, *flags) as lines:
            wait_until(lambda: {*ATTEMPTS, "written"} <= {*reports_to(site)})
            wait_until(lambda: addresses_in(lines)[-1:] == [""])
        yield SimpleNamespace(
            reports=reports_to(site),
            nas=nas.asked,
            account=account.asked,
            arrivals=arrivals_at(ports),
            lines=lines,
        )


@pytest.mark.parametrize("way", ATTEMPTS)
def test_a_public_page_does_not_reach_this_machine_by_a_name_that_leads_to_it(outcome, way):
    assert outcome.reports[way][0] == "refused"


def test_the_neighbour_got_no_request(outcome):
    assert outcome.nas == []


def test_no_call_was_made(outcome):
    assert outcome.arrivals == []


def test_an_account_is_connected_over_another_host(outcome):
    assert outcome.reports["connected"] == "https://portal.test"
    assert outcome.account[0] == "/authorize"
    addresses = addresses_in(outcome.lines)
    assert "account.test/••••" in addresses
    assert addresses.index("account.test/••••") < addresses.index("portal.test/••••")


def test_text_that_the_page_writes_into_a_pop_up_has_no_address(outcome):
    assert outcome.reports["written"] is True
    addresses = addresses_in(outcome.lines)
    assert addresses[-2:] == [
        "bank.test/••••",
        "",
    ]  # while it loads there, then the portal's own text


def test_the_page_was_shown(outcome):
    assert ["rendered", ""] in outcome.lines
    assert not any(kind == "failed" for kind, _ in outcome.lines)


PROXIED = """
attempt('own', () => fetch('/own').then(answer => answer.text()));
attempt('other', () => fetch('https://cdn.test/x').then(answer => answer.text()));
"""


def test_a_companys_proxy_on_the_local_network_works(authority):
    tls = authority.server_context(["portal.test", "cdn.test"])
    with (
        page_server(tls) as site,
        connect_proxy({"portal.test": site.port, "cdn.test": site.port}) as proxy,
    ):
        site.pages["/own"] = Answer(body="own")
        site.pages["/x"] = Answer(body="x", headers={"Access-Control-Allow-Origin": "*"})
        site.pages["/portals/1"] = Answer(body=f"{PRELUDE}<script>{PROXIED}</script>")
        url, flag = "https://portal.test/portals/1", f"--proxy-server=127.0.0.1:{proxy.port}"
        with shown(url, authority.file, flag) as lines:
            wait_until(lambda: {"own", "other"} <= {*reports_to(site)})
        assert reports_to(site) == {"own": ["got", "own"], "other": ["got", "x"]}
        assert not any(kind == "failed" for kind, _ in lines)


def test_a_proxy_that_wants_a_password_gets_none(authority):
    with connect_proxy({}, wants_password=True) as proxy:
        flag = f"--proxy-server=127.0.0.1:{proxy.port}"
        with shown("https://portal.test/portals/1", authority.file, flag) as lines:
            wait_until(lambda: ["failed", "sign_in"] in lines)
        assert not any("Proxy-Authorization" in asked for asked in proxy.asked)
