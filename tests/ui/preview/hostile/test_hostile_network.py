"""A page reaches itself and public hosts over TLS, but nothing of this machine or network."""

from __future__ import annotations

import pytest

from tests.support.hostile_kit import PATH
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, shows_text

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


@pytest.fixture(scope="module")
def shared_neighbour():
    with page_server() as server:
        yield server


@pytest.fixture
def neighbour(shared_neighbour):
    """Another server of this machine, which must get no request."""
    shared_neighbour.asked.clear()
    yield shared_neighbour
    assert shared_neighbour.asked == []


ATTEMPTS = {
    "fetch": "fetch('{http}', {{mode: 'no-cors'}})",
    "xhr": "new Promise((resolve, reject) => {{ const request = new XMLHttpRequest();"
    " request.onload = resolve; request.onerror = () => reject('error');"
    " request.open('GET', '{http}');"
    " request.send() }})",
    "post": "fetch('{http}', {{method: 'POST', mode: 'no-cors', body: 'reboot'}})",
    "keepalive": "fetch('{http}', {{keepalive: true, mode: 'no-cors'}})",
    "socket": "loading(new WebSocket('{ws}'))",
    "events": "loading(new EventSource('{http}'))",
    "image": "loading(Object.assign(new Image(), {{src: '{http}'}}))",
    "script": "loading(document.head.appendChild("
    "Object.assign(document.createElement('script'), {{src: '{http}'}})))",
    "style": "loading(document.head.appendChild("
    "Object.assign(document.createElement('link'), {{rel: 'stylesheet', href: '{http}'}})))",
    "import": "import('{http}')",
    "font": "new FontFace('x', 'url({http})').load()",
    "video": "loading(Object.assign(document.createElement('video'), {{src: '{http}'}}))",
    "worker": "new Promise((resolve, reject) => {{ const code = new Blob([`fetch('{http}', {{mode:"
    " 'no-cors'}}).then(() => postMessage(1), () => postMessage(0))`]);"
    " new Worker(URL.createObjectURL(code)).onmessage = event =>"
    " event.data ? resolve() : reject('error') }})",
    "service worker": "navigator.serviceWorker.register('/worker.js').then(async () => {{"
    " const ready = await navigator.serviceWorker.ready;"
    " const answer = new Promise(resolve => {{ navigator.serviceWorker.onmessage = resolve }});"
    " ready.active.postMessage('{http}'); if (!(await answer).data) throw 'error' }})",
    "cache": "caches.open('x').then(cache => cache.add('{http}'))",
}
WORKER = """onactivate = event => event.waitUntil(clients.claim());
onmessage = event => fetch(event.data, {mode: 'no-cors'}).then(
  () => event.source.postMessage(true), () => event.source.postMessage(false));"""


@pytest.mark.parametrize("way", ATTEMPTS)
def test_a_page_does_not_reach_another_server_of_this_machine_by(hostile, neighbour, way):
    http = neighbour.url(f"/{way.replace(' ', '-')}")
    script = {"Content-Type": "text/javascript"}
    hostile.site.pages["/worker.js"] = Answer(body=WORKER, headers=script)
    attempt = ATTEMPTS[way].format(http=http, ws=http.replace("http:", "ws:"))
    hostile.open(f"attempt('it', () => {attempt})")
    hostile.refusal("it")
    hostile.expect_notice(f"tried to reach 127.0.0.1:{neighbour.port}")
    assert hostile.is_still_the_portal()


@pytest.mark.parametrize(
    "part",
    [
        "<iframe src='{to}'></iframe>",
        "<object data='{to}'></object>",
        "<embed src='{to}'>",
        "<link rel=prefetch href='{to}'>",
        "<link rel=preload as=fetch href='{to}'>",
        "<link rel=modulepreload href='{to}'>",
        "<link rel=manifest href='{to}'>",
        "<link rel=icon href='{to}'>",
        "<link rel=preconnect href='{to}'>",
        "<link rel=dns-prefetch href='{to}'>",
        "<style>body {{ background: url({to}) }}</style>",
        (
            "<form target=inside action='{to}'></form><iframe name=inside></iframe>"
            "<script>document.forms[0].submit()</script>"
        ),
        "<iframe srcdoc='<img src={to}>'></iframe>",
        "<iframe sandbox='allow-scripts' srcdoc='<script>fetch(`{to}`)</script>'></iframe>",
        "<iframe src='/away'></iframe>",
        "<script>navigator.sendBeacon('{to}', 'x')</script>",
        '<script type=speculationrules>{{"prefetch": [{{"urls": ["{to}"]}}]}}</script>',
        "<a ping='{to}' href='#'></a><script>document.querySelector('a').click()</script>",
        "<video poster='{to}'></video>",
        "<svg><image href='{to}'/></svg>",
    ],
)
def test_a_part_of_the_page_does_not_reach_it(hostile, neighbour, part):
    to = neighbour.url("/part")
    hostile.site.pages["/away"] = Answer(status=307, headers={"Location": to})
    hostile.open("onload = () => report('loaded', 1)", part.format(to=to))
    hostile.report("loaded")
    for _ in range(3):
        hostile.run("1")
    assert hostile.is_still_the_portal()


def test_a_redirect_to_it_gives_the_page_nothing(hostile, shared_neighbour):
    to = shared_neighbour.url("/status")
    shared_neighbour.pages["/status"] = Answer(headers={"Access-Control-Allow-Origin": "*"})
    hostile.site.pages["/away"] = Answer(status=302, headers={"Location": to})
    hostile.open("attempt('it', () => fetch('/away').then(answer => answer.text()))")
    hostile.refusal("it")
    hostile.expect_notice(f"tried to reach 127.0.0.1:{shared_neighbour.port}")


def test_the_browsers_csp_reports_do_not_reach_it(hostile, neighbour):
    url = hostile.write(
        "loading(Object.assign(new Image(), {src: '/x.png'})).catch(() => report('x'))"
    )
    policy = {"Content-Security-Policy": f"img-src 'none'; report-uri {neighbour.url('/report')}"}
    hostile.site.pages[PATH].headers.update(policy)
    hostile.show(url)
    hostile.report("x")
    hostile.run("1")


def test_the_portal_reaches_itself(hostile):
    hostile.site.pages["/own"] = Answer(body="own")
    hostile.open(
        "attempt('fetch', () => fetch('/own').then(answer => answer.text()));"
        "attempt('image', () => loading(Object.assign(new Image(), {src: '/own.svg'})))",
        "<iframe srcdoc='<script>fetch(`/own`).then(() => parent.report(`frame`, 1))</script>'>"
        "</iframe>",
    )
    assert hostile.report("fetch") == ["got", "own"]
    assert hostile.report("frame") == 1
    assert hostile.signals.notices == []


def test_a_page_that_asks_for_a_password_gets_none(hostile):
    headers = {"WWW-Authenticate": 'Basic realm="Your bank"'}
    hostile.site.pages[PATH] = Answer(status=401, headers=headers)
    hostile.show(hostile.site.url(PATH))
    hostile.until(lambda: hostile.signals.failed == [("portal-1", "sign_in")])
    assert shows_text(hostile.pane, "The portal asks for a password")
    assert shows_text(hostile.pane, "127.0.0.1 asks for a name and password: “Your bank”.")
    assert hostile.site.asked == [PATH]


@pytest.mark.parametrize("kind", ["Basic", "Digest nonce=x, algorithm=MD5,", "NTLM", "Negotiate"])
def test_a_part_that_asks_for_a_password_gets_none(hostile, kind):
    headers = {"WWW-Authenticate": f'{kind} realm="Your bank"'}
    hostile.site.pages["/locked"] = Answer(status=401, headers=headers)
    hostile.open("attempt('it', () => fetch('/locked').then(answer => answer.status))")
    assert hostile.report("it") == ["got", "401"]
    assert hostile.site.asked.count("/locked") == 1
    assert hostile.is_still_the_portal()
