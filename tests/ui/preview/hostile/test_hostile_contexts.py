"""No context of a public page connects to this machine or its network, by whatever means.

The page has public names, so it goes the same way as a portal's. It runs in a process of its own,
with the program's own flags. Raw sockets of this machine take note of each connection and packet.
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

# Each is tried in each context. `nas.test` leads to this machine, `lan.test` to a private network.
EVERYWHERE = {
    "socket to the address": "socket('ws://127.0.0.1:TCP_PORT/')",
    "socket to localhost": "socket('ws://localhost:TCP_PORT/')",
    "secure socket to a name": "socket('wss://nas.test:TCP_PORT/')",
    "fetch of the address": "fetch('https://127.0.0.1:TCP_PORT/', {mode: 'no-cors'})",
    "fetch of a name": "fetch('https://nas.test:TCP_PORT/', {mode: 'no-cors'})",
    "fetch of the private network": "fetch('https://lan.test:TCP_PORT/', {mode: 'no-cors'})",
    "web transport to the address": "transport('https://127.0.0.1:UDP_PORT/')",
    "web transport to a name": "transport('https://nas.test:UDP_PORT/')",
}
WORKERS = {**EVERYWHERE, "event source": "loading(new EventSource('https://nas.test:TCP_PORT/'))"}
SERVICE = EVERYWHERE
FRAMES = {
    **WORKERS,
    "image": "loading(Object.assign(new Image(), {src: 'https://nas.test:TCP_PORT/image'}))",
}
DOCUMENT = {
    **FRAMES,
    "socket over a redirected name": "socket('wss://lan.test:TCP_PORT/')",
    "call": "new Promise(async (resolve, reject) => {"
    " const call = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:UDP_PORT'},"
    " {urls: 'turn:127.0.0.1:TCP_PORT?transport=tcp', username: 'x', credential: 'x'}]});"
    " call.onicegatheringstatechange = () =>"
    " call.iceGatheringState === 'complete' && reject('over');"
    " call.createDataChannel('x');"
    " await call.setLocalDescription(await call.createOffer()) })",
}
CONTEXTS = {
    "document": DOCUMENT,
    "initial frame": FRAMES,
    "srcdoc frame": FRAMES,
    "worker": WORKERS,
    "shared worker": WORKERS,
    "service worker": SERVICE,
}

HELPERS = """
const loading = (element) => new Promise((resolve, reject) => {
  element.onload = element.onopen = () => resolve('loaded');
  element.onerror = () => reject('error');
});
const socket = (url) => loading(new WebSocket(url));
const transport = async (url) => { await new WebTransport(url).ready; };
"""
RUN = """
const run = async (context, attempts, tell) => {
  for (const [name, act] of Object.entries(attempts)) {
    let outcome;
    try { outcome = ['got', String(await act())]; }
    catch (failure) { outcome = ['refused', String(failure?.name ?? failure)]; }
    tell([`${context}: ${name}`, outcome]);
  }
};
"""


def script_for(context, ports):
    """The context's attempts, one after another: the engine holds failing sockets back."""
    attempts = ",".join(
        f"{json.dumps(name)}: () => {act}" for name, act in CONTEXTS[context].items()
    )
    script = f"{HELPERS}{RUN}const attempts = {{{attempts}}};"
    return script.replace("TCP_PORT", str(ports.tcp)).replace("UDP_PORT", str(ports.udp))


def pages(ports):
    """The page's parts by their paths."""
    script = {"Content-Type": "text/javascript"}
    tell = "([name, value]) => report(name, value)"
    document = f"{{{script_for('document', ports)}run('document', attempts, {tell});}}"
    # The frame's own globals, before any page was loaded in it: without our script in them.
    initial = script_for("initial frame", ports)
    in_frame = f"""{{
      const frame = document.body.appendChild(document.createElement('iframe')).contentWindow;
      new frame.Function('tell', {json.dumps(f"{initial}run('initial frame', attempts, tell)")})(
        {tell});
    }}"""
    srcdoc = (
        f"<script>{script_for('srcdoc frame', ports)}"
        "run('srcdoc frame', attempts, (it) => parent.report(...it));</script>"
    )
    workers = """
      const hear = (event) => report(...event.data);
      new Worker('/worker.js').onmessage = hear;
      new SharedWorker('/shared.js').port.onmessage = hear;
      navigator.serviceWorker.register('/service.js').then(async () => {
        const ready = await navigator.serviceWorker.ready;
        navigator.serviceWorker.onmessage = hear;
        ready.active.postMessage(1);
      });
    """
    return {
        "/worker.js": Answer(
            body=f"{script_for('worker', ports)}run('worker', attempts, (it) => postMessage(it));",
            headers=script,
        ),
        "/shared.js": Answer(
            body=f"{script_for('shared worker', ports)}onconnect = (event) =>"
            " run('shared worker', attempts, (it) => event.ports[0].postMessage(it));",
            headers=script,
        ),
        "/service.js": Answer(
            body=f"{script_for('service worker', ports)}onmessage = (event) => event.waitUntil("
            "run('service worker', attempts, (it) => event.source.postMessage(it)));",
            headers=script,
        ),
        "/srcdoc": Answer(body=srcdoc),
        "/portals/public": Answer(
            body=f"{PRELUDE}<link rel=preconnect href='https://nas.test:{ports.tcp}'>"
            f"<link rel=preconnect href='https://127.0.0.1:{ports.tcp}'>"
            f"<link rel=prefetch href='https://nas.test:{ports.tcp}/prefetch'>"
            f"<script>{document}</script><script>{in_frame}</script>"
            "<script>fetch('/srcdoc').then((it) => it.text()).then((text) => {"
            " document.body.appendChild(Object.assign(document.createElement('iframe'),"
            " {srcdoc: text})) });"
            f"{workers}</script>"
        ),
    }


NAMES = [f"{context}: {name}" for context, attempts in CONTEXTS.items() for name in attempts]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """The page's reports of all its attempts, and what arrived."""
    directory = tmp_path_factory.mktemp("authority")
    authority = TestAuthority(directory)
    pem = directory / "authority.pem"
    pem.write_bytes(authority.pem)
    with ExitStack() as stack:
        site = stack.enter_context(page_server(authority.server_context(["portal.test"])))
        ports = stack.enter_context(listener())
        site.pages.update(pages(ports))
        names = {"portal.test": site.port, "nas.test": "127.0.0.1", "lan.test": "10.1.2.3"}
        url = "https://portal.test/portals/public?token=seam_cst_not_a_real_token"
        with shown(url, pem, names) as lines:
            wait_until(lambda: set(NAMES) <= {*reports_to(site)}, seconds=120)
        yield SimpleNamespace(
            reports=reports_to(site), arrivals=arrivals_at(ports), lines=lines, ports=ports
        )


@pytest.mark.parametrize("way", NAMES)
def test_it_gets_nothing(outcome, way):
    assert outcome.reports[way][0] == "refused"


def test_nothing_arrived(outcome):
    assert outcome.arrivals == []


@pytest.mark.parametrize("place", ["127.0.0.1", "localhost", "nas.test", "lan.test"])
def test_the_user_is_told(outcome, place):
    told = f"The portal tried to reach {place}:{outcome.ports.tcp}. The preview keeps it off"
    assert sum(told in text for kind, text in outcome.lines if kind == "notice") == 1


def test_the_page_was_shown(outcome):
    assert ["rendered", ""] in outcome.lines
    assert not any(kind == "failed" for kind, _ in outcome.lines)
