"""A public page, as the engine sees it, whose host names lead to servers of this machine.

The page runs in a process of its own, where names lead where the tests want. Other contexts and
other ways are in `test_hostile_contexts`.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from tests.support.hostile_kit import PRELUDE, reports_to
from tests.support.page_server import Answer, page_server
from tests.support.public_page import arrivals_at, listener, shown, wait_until
from tests.support.tls_authority import TestAuthority

WORKER = "fetch('https://nas.test:NAS/{name}', {{mode: 'no-cors'}})"

ATTEMPTS = {
    "fetch": "fetch('https://nas.test:NAS/fetch', {mode: 'no-cors'})",
    "post": "fetch('https://nas.test:NAS/post', {method: 'POST', mode: 'no-cors', body: 'x'})",
    "image": "loading(Object.assign(new Image(), {src: 'https://nas.test:NAS/image'}))",
    "events": "loading(new EventSource('https://nas.test:NAS/events'))",
    "script": "loading(document.head.appendChild("
    "Object.assign(document.createElement('script'), {src: 'https://nas.test:NAS/script'})))",
    "redirect": "fetch('/away', {mode: 'no-cors'})",
    "worker": "new Promise((resolve, reject) => { new Worker('/worker.js').onmessage ="
    " event => event.data ? resolve() : reject('error') })",
    "service worker": "navigator.serviceWorker.register('/service.js').then(async () => {"
    " const ready = await navigator.serviceWorker.ready;"
    " const answer = new Promise(resolve => { navigator.serviceWorker.onmessage = resolve });"
    " ready.active.postMessage(1); if (!(await answer).data) throw 'error' })",
    "plain": "fetch('http://plain.test:NAS/')",
    "plain socket": "loading(new WebSocket('ws://plain.test:NAS/'))",
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
        away = f"https://nas.test:{nas.port}/away"
        site.pages["/away"] = Answer(status=302, headers={"Location": away})
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
            body=f"{PRELUDE}<link rel=prefetch href='https://nas.test:NAS/prefetch'>"
            f"<script>{attempts};{POP_UPS}</script>"
        )
        for answer in site.pages.values():
            answer.body = answer.body.replace("NAS", str(nas.port))
        names = {
            "portal.test": site.port,
            "account.test": account.port,
            "bank.test": account.port,
            "nas.test": "127.0.0.1",
            "plain.test": "127.0.0.1",
        }
        url = "https://portal.test/portals/public?token=seam_cst_not_a_real_token"
        with shown(url, authority.file, names) as lines:
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
