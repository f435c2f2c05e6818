"""Each check on real pages, with each level that a page can get."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtGui import QImage

from seam_portal_desktop.domain.preview.kinds import (
    EMPTY_CUSTOMER,
    CheckKind,
    CheckLevel,
    PreviewMode,
)
from seam_portal_desktop.domain.preview.page_facts import ProcessorFacts, TlsFacts
from seam_portal_desktop.domain.request import (
    ConfigureFeature,
    ConnectFeature,
    Features,
    Locale,
    ManageFeature,
    OrganizeFeature,
    PortalRequest,
)
from seam_portal_desktop.ui.preview.checks.processor_meter import ProcessorMeter
from seam_portal_desktop.ui.preview.security.certificates import Authorities
from tests.support.checked_page import WAIT_MS, checked_page
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, NOW, TOKEN
from tests.support.responsive import window_answers
from tests.support.tls_authority import TestAuthority

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

PATH = "/portals/checked"
GERMAN = (
    "<h1>Harbor Hotel</h1><p>Willkommen. Hier sehen Sie die Zimmer und die Buchungen, die für Sie "
    "eingerichtet sind, und wer bei Ihnen einen Schlüssel hat.</p>"
)
NAVIGATION = (
    "<nav><a href='#rooms'>Zimmer</a><a href='/portals/x/connected-accounts'>Konten</a>"
    "<a href='#organize'>Zuordnen</a></nav>"
)


@pytest.fixture
def site():
    with page_server() as server:
        yield server


@pytest.fixture
def authorities():
    return Authorities()


@pytest.fixture
def checked(theme, authorities):
    with checked_page(theme, authorities) as page:
        yield page


def page(body, lang="de", head=""):
    return Answer(
        f"<!doctype html><html lang='{lang}'><head>{head}</head><body>{body}</body></html>"
    )


@pytest.fixture
def open_page(checked, site):
    """Serve `answer` at the link and open it."""

    def open_it(answer, *, path=PATH, **fields):
        site.pages[path] = answer
        checked.show(site.url(f"{path}?token={TOKEN}"), **fields)

    return open_it


@pytest.fixture
def expect(checked, qtbot):
    def expect_finding(check, level, words=""):
        found = checked.finding(qtbot, check)
        assert (found.level, words in found.sentence) == (level, True), found

    return expect_finding


def test_a_portal_as_it_should_be(checked, open_page, qtbot):
    request = PortalRequest(
        locale=Locale.DE_DE,
        features=Features(
            connect=ConnectFeature(exclude=False),
            organize=OrganizeFeature(exclude=False),
            configure=ConfigureFeature(exclude=True),
        ),
    )
    open_page(page(GERMAN + NAVIGATION), request=request)
    report = checked.report(qtbot).report
    assert [(found.check, found.level) for found in report.findings] == [
        (check, CheckLevel.OK) for check in CheckKind
    ], report.concerns
    assert report.at == NOW
    assert report.mode is PreviewMode.LIVE
    assert checked.asked_tls == []  # nothing is encrypted on this machine


@pytest.mark.parametrize(
    ("answer", "check", "result"),
    [
        (Answer(status=410), CheckKind.STATUS, (CheckLevel.PROBLEM, "HTTP 410, Gone")),
        (Answer(status=500, body=""), CheckKind.STATUS, (CheckLevel.PROBLEM, "HTTP 500")),
        (Answer(status=204, body=""), CheckKind.STATUS, (CheckLevel.PROBLEM, "no page")),
        (Answer(drop=True), CheckKind.STATUS, (CheckLevel.PROBLEM, "broke off")),
        (Answer(status=404), CheckKind.CONTENT, (CheckLevel.PROBLEM, "error page")),
        (page(""), CheckKind.CONTENT, (CheckLevel.PROBLEM, "blank")),
        (page("<p>Hm</p>"), CheckKind.CONTENT, (CheckLevel.WARNING, "almost empty")),
        (page("<h1>Not found</h1>"), CheckKind.CONTENT, (CheckLevel.WARNING, "like an error page")),
    ],
)
def test_answers_and_content(open_page, expect, answer, check, result):
    open_page(answer)
    expect(check, *result)


@pytest.mark.parametrize(("hops", "level"), [(1, CheckLevel.OK), (4, CheckLevel.WARNING)])
def test_redirects_are_counted(open_page, expect, site, hops, level):
    for hop in range(hops):
        to = {"Location": f"/portals/hop{hop + 1}"}
        site.pages[f"/portals/hop{hop}"] = Answer("", status=302, headers=to)
    open_page(site.pages["/portals/hop0"], path="/portals/hop0")
    expect(CheckKind.STATUS, level, "redirect")


def script(code):
    return page(f"{GERMAN}<script>{code}</script>")


@pytest.mark.parametrize(
    ("code", "level", "words"),
    [
        ("console.warn('careful'); console.log('x')", CheckLevel.OK, "No errors"),
        ("console.error(location.href)", CheckLevel.WARNING, "1 error in"),
        (
            "null.x",
            CheckLevel.WARNING,
            "1 error in the page’s console, such as an uncaught TypeError.",
        ),
        ("Promise.reject(new RangeError('x'))", CheckLevel.WARNING, "an uncaught RangeError"),
        ("setTimeout(() => missing(), 0)", CheckLevel.WARNING, "an uncaught ReferenceError"),
        ("for (let i = 0; i < 30; i++) console.error(i)", CheckLevel.PROBLEM, "30 errors"),
    ],
)
def test_console(open_page, expect, code, level, words):
    open_page(script(code))
    expect(CheckKind.CONSOLE, level, words)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("<img src='/there.svg'>", (CheckLevel.OK, "failed.")),
        ("<img src='/not-there.png?token=seam_cst_x'>", (CheckLevel.WARNING, "(404)")),
        ("<img src='/dropped.png'>", (CheckLevel.WARNING, "(no answer)")),
        ("<img src='/broken.png'>", (CheckLevel.WARNING, "(no answer)")),
        ("<script>new Image().src = '/not-there.png'</script>", (CheckLevel.WARNING, "(404)")),
        ("<script>fetch('/not-there.json')</script>", (CheckLevel.WARNING, "(404)")),
        ("<script>fetch('/down.json')</script>", (CheckLevel.PROBLEM, "(503)")),
        ("<script src='/not-there.js'></script>", (CheckLevel.PROBLEM, "(404)")),
        ("<link rel=stylesheet href='/not-there.css'>", (CheckLevel.PROBLEM, "(404)")),
        ("<link rel=stylesheet href='/dropped.css'>", (CheckLevel.PROBLEM, "(no answer)")),
        ("<img src='http://10.0.0.1/x.png'>", (CheckLevel.OK, "itself held back 1 request")),
        ("<iframe src='http://10.0.0.1/'></iframe>", (CheckLevel.OK, "itself held back 1 request")),
    ],
)
def test_requests(open_page, expect, site, body, result):
    for name in ("png", "js", "css", "json"):
        site.pages[f"/not-there.{name}"] = Answer("no", status=404)
    site.pages["/down.json"] = Answer("no", status=503)
    site.pages["/there.svg"] = Answer(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        headers={"Content-Type": "image/svg+xml"},
    )
    site.pages["/broken.png"] = Answer("no picture", headers={"Content-Type": "image/png"})
    site.pages["/dropped.png"] = site.pages["/dropped.css"] = Answer(drop=True)
    open_page(page(GERMAN + body))
    expect(CheckKind.REQUESTS, *result)


def test_a_page_can_not_hide_failures_or_fake_a_good_report(open_page, checked, qtbot, site):
    site.pages["/not-there.json"] = Answer("no", status=404)
    tricks = """
        performance.setResourceTimingBufferSize(0); performance.clearResourceTimings();
        performance.getEntriesByType = () => []; JSON.stringify = () => '{"watch": null}';
        String.prototype.slice = () => ''; Array.prototype.map = () => [];
        Map.prototype.set = () => 0; document.querySelectorAll = () => [];
        globalThis.portalPreviewWatch = () => ({count: 0, failed: []});
        PerformanceObserver = class { observe() {} };
        console.error = () => 0;
        addEventListener('error', (event) => event.stopImmediatePropagation(), true);
        dispatchEvent(new Event('error'));
        fetch('/not-there.json').then(() => { performance.clearResourceTimings(); missing(); });
    """
    open_page(script(tricks))
    report = checked.report(qtbot).report
    levels = {found.check: found.level for found in report.findings}
    assert levels[CheckKind.REQUESTS] is CheckLevel.WARNING
    assert levels[CheckKind.CONSOLE] is CheckLevel.WARNING
    assert levels[CheckKind.CONTENT] is CheckLevel.OK
    assert levels[CheckKind.LANGUAGE] is CheckLevel.OK
    assert levels[CheckKind.TIMING] is CheckLevel.OK


@pytest.mark.parametrize(("number", "counted"), [(1500, "1,500"), (10_000, "")])
def test_very_many_errors_are_counted_and_not_kept(open_page, checked, qtbot, number, counted):
    # A page that logs ten thousand is ended before the last one.
    open_page(script(f"for (let i = 0; i < {number}; i++) console.error('x'.repeat(2000) + i)"))
    report = checked.report(qtbot).report
    found = next(each for each in report.findings if each.check is CheckKind.CONSOLE)
    assert found.level is CheckLevel.PROBLEM
    assert f"{counted} errors" in found.sentence
    assert len(repr(report)) < 3000


@pytest.mark.parametrize(
    ("lang", "body", "result"),
    [
        ("de", GERMAN, (CheckLevel.OK, "Shown in German, as asked.")),
        ("", GERMAN, (CheckLevel.WARNING, "doesn’t say so to screen readers")),
        (
            "de",
            "<p>Welcome. Here are the rooms and the bookings for you. This is it.</p>",
            (CheckLevel.PROBLEM, "but shown in English"),
        ),
        ("", "<p>Harbor Hotel</p>", (CheckLevel.UNKNOWN, "doesn’t tell")),
    ],
)
def test_language(open_page, expect, lang, body, result):
    open_page(page(body, lang), request=PortalRequest(locale=Locale.DE_DE))
    expect(CheckKind.LANGUAGE, *result)


@pytest.mark.parametrize(
    ("features", "mode", "result"),
    [
        ({"connect": ConnectFeature(exclude=False)}, PreviewMode.LIVE, (CheckLevel.OK, "as asked")),
        (
            {"manage": ManageFeature(exclude=True)},
            PreviewMode.LIVE,
            (CheckLevel.PROBLEM, "left out"),
        ),
        (
            {"configure": ConfigureFeature(exclude=False)},
            PreviewMode.LIVE,
            (CheckLevel.WARNING, "not on the page: Configure"),
        ),
        (
            {"configure": ConfigureFeature(exclude=False)},
            PreviewMode.SAFE,
            (CheckLevel.UNKNOWN, "read-only"),
        ),
    ],
)
def test_features(open_page, expect, features, mode, result):
    request = PortalRequest(features=Features(**features))
    open_page(page(GERMAN + NAVIGATION), request=request, mode=mode)
    expect(CheckKind.FEATURES, *result)


@pytest.mark.parametrize(
    ("share", "result"),
    [
        (1.0, (CheckLevel.WARNING, "rather slow")),
        (0.5, (CheckLevel.UNKNOWN, "Not measured: this computer is busy.")),
    ],
)
def test_a_slow_page_gets_a_warning(open_page, expect, monkeypatch, share, result):
    measured = ProcessorFacts(share, timedelta(milliseconds=10))
    monkeypatch.setattr(ProcessorMeter, "facts", property(lambda _: measured))
    # Painted late by itself: a page that blocks its own first paint for two seconds.
    busy = "const end = performance.now() + 2000; while (performance.now() < end);"
    open_page(page(GERMAN, head=f"<script>{busy}</script>"))
    expect(CheckKind.TIMING, *result)


def test_a_page_that_hangs_still_gets_a_report(open_page, checked, qtbot):
    open_page(script("setTimeout(() => { while (true); }, 300)"))
    report = checked.report(qtbot).report
    levels = {found.check: found.level for found in report.findings}
    assert levels[CheckKind.STATUS] is CheckLevel.OK
    for check in (CheckKind.TIMING, CheckKind.CONTENT, CheckKind.LANGUAGE, CheckKind.FEATURES):
        assert levels[check] is CheckLevel.UNKNOWN


def test_an_expired_link_needs_no_page(open_page, expect):
    open_page(page(GERMAN), link_expires_at=NOW + timedelta(hours=5))
    expect(CheckKind.EXPIRY, CheckLevel.WARNING, "ends in 5 h")


def test_only_a_reload_gives_another_report(open_page, checked, qtbot, site):
    open_page(script("null.x"))
    assert checked.report(qtbot).report.verdict is CheckLevel.WARNING
    site.pages[PATH] = page(GERMAN)
    checked.view.reload()
    second = checked.report(qtbot, 2)
    assert checked.started == 2
    levels = {found.check: found.level for found in second.report.findings}
    assert levels[CheckKind.CONSOLE] is CheckLevel.OK
    done = []
    checked.view.web.ask(
        "location.hash = 'elsewhere'; history.pushState(0, '', '#more'); 1", done.append
    )
    qtbot.waitUntil(lambda: bool(done), timeout=WAIT_MS)
    assert checked.started == 2
    assert len(checked.reports) == 2


def test_a_page_that_is_left_gives_no_report(open_page, checked, qtbot, site):
    rendered = []
    checked.view.page.rendered.connect(lambda: rendered.append(True))
    open_page(page(GERMAN))
    qtbot.waitUntil(lambda: bool(rendered), timeout=WAIT_MS)
    checked.run.cancel()
    checked.view.page.close()
    checked.show(site.url("/portals/next"))
    checked.report(qtbot)
    qtbot.wait(50)
    assert len(checked.reports) == 1


def test_the_picture_shows_the_page_and_is_small(open_page, checked, qtbot):
    open_page(page("<style>body{background:#0b6e4f;height:3000px}</style><h1>Hotel</h1>"))
    picture = QImage.fromData(checked.report(qtbot).thumbnail)
    assert picture.width() == 320
    assert picture.height() <= 480
    assert picture.pixelColor(300, 200).name() == "#0b6e4f"


def test_a_failed_page_has_no_picture(open_page, checked, qtbot):
    open_page(Answer(status=503))
    assert checked.report(qtbot).thumbnail == b""


def test_no_report_holds_the_link(open_page, checked, qtbot):
    errors = "console.error(location.href); fetch(location.href + '/x'); null.x"
    open_page(
        page(f"{GERMAN}<title>{TOKEN}</title><img src='/a/b?{TOKEN}'><script>{errors}</script>")
    )
    report = checked.report(qtbot).report
    assert TOKEN not in repr(report)
    assert "/checked" not in repr(report)


# Encrypted ----------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path):
    return TestAuthority(tmp_path)


@pytest.fixture
def trusting(authority, authorities):
    """Previews trust the test's authority as they trust the real ones."""
    authorities.set_pems([authority.pem])


def secure(site, path=PATH):
    return f"https://127.0.0.1:{site.port}{path}?token={TOKEN}"


@pytest.mark.parametrize(
    ("left", "result"),
    [
        (90, (CheckLevel.OK, "by Somebody, 90 days left")),
        (9, (CheckLevel.WARNING, "overdue")),
        (1, (CheckLevel.PROBLEM, "must be renewed now")),
    ],
)
@pytest.mark.usefixtures("trusting")
def test_the_time_left_of_a_certificate(checked, authority, expect, left, result):
    checked.certificate = lambda _: TlsFacts("Somebody", NOW + timedelta(days=left))
    with page_server(authority.server_context()) as site:
        site.pages[PATH] = page(GERMAN)
        checked.show(secure(site))
        expect(CheckKind.TLS, *result)
        assert checked.asked_tls == [f"https://127.0.0.1:{site.port}"]
        expect(CheckKind.MIXED_CONTENT, CheckLevel.OK)


@pytest.mark.usefixtures("trusting")
def test_a_certificate_that_could_not_be_checked(checked, authority, expect):
    checked.certificate = lambda _: TlsFacts()
    with page_server(authority.server_context()) as site:
        site.pages[PATH] = page(GERMAN)
        checked.show(secure(site))
        expect(CheckKind.TLS, CheckLevel.UNKNOWN, "couldn’t be told")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"left": timedelta(days=-1)}, "expired"),
        ({"hosts": ["portal.example"]}, "not for 127.0.0.1"),
    ],
)
@pytest.mark.usefixtures("trusting")
def test_a_certificate_that_the_engine_refuses(checked, authority, expect, arguments, words):
    checked.certificate = lambda _: TlsFacts()
    with page_server(authority.server_context(**arguments)) as site:
        checked.show(secure(site))
        expect(CheckKind.TLS, CheckLevel.PROBLEM, words)
        expect(CheckKind.STATUS, CheckLevel.PROBLEM, "isn’t safe")


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (
            "<img src='http://portal.example/a.png'>",
            (CheckLevel.WARNING, "with encryption instead"),
        ),
        (
            "<script>fetch('http://portal.example/a').catch(() => 0)</script>",
            (CheckLevel.PROBLEM, "which browsers block"),
        ),
    ],
)
@pytest.mark.usefixtures("trusting")
def test_mixed_content(checked, authority, expect, body, result):
    checked.certificate = lambda _: TlsFacts()
    with page_server(authority.server_context()) as site:
        site.pages[PATH] = page(GERMAN + body)
        checked.show(secure(site))
        expect(CheckKind.MIXED_CONTENT, *result)


@pytest.mark.usefixtures("trusting")
def test_a_link_that_leads_to_another_host(checked, authority, expect):
    # The rules follow a short link to public hosts only, and a test has none.
    checked.certificate = lambda _: TlsFacts()
    with page_server(authority.server_context()) as short:
        to = {"Location": "https://elsewhere.example/"}
        short.pages[PATH] = Answer("", status=302, headers=to)
        checked.show(secure(short))
        expect(CheckKind.HOST, CheckLevel.PROBLEM, "at 127.0.0.1 leads to another host")
        expect(CheckKind.STATUS, CheckLevel.PROBLEM, "leads away from")


def test_the_window_answers_during_the_checks(open_page, checked, qtbot):
    rows = "".join(f"<a href='#{n}'><b>Zimmer {n}</b><img></a>" for n in range(3000))
    rendered = []
    checked.view.page.rendered.connect(lambda: rendered.append(True))
    open_page(page(GERMAN + NAVIGATION + rows))
    qtbot.waitUntil(lambda: bool(rendered), timeout=WAIT_MS)
    with window_answers(within=timedelta(milliseconds=100)):
        checked.report(qtbot)


def test_seams_answer_may_come_after_the_page_is_complete(checked, open_page, qtbot):
    waiting = []
    checked.customer = waiting.append
    open_page(page(GERMAN))
    qtbot.waitUntil(lambda: bool(waiting), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: checked.view.is_loaded, timeout=WAIT_MS)
    waiting[0](True)
    found = checked.finding(qtbot, CheckKind.CONTENT)
    assert found.level is CheckLevel.WARNING
    assert found.sentence == EMPTY_CUSTOMER


def test_a_report_does_not_wait_long_for_seam(checked, open_page, qtbot):
    waiting = []
    checked.customer = waiting.append
    open_page(page(GERMAN))
    assert checked.finding(qtbot, CheckKind.CONTENT).level is CheckLevel.OK
    waiting[0](True)  # too late, and no error


def test_a_new_load_asks_seam_again(checked, open_page, qtbot):
    answers = [True, False]
    checked.customer = lambda on_answer: on_answer(answers.pop(0))
    open_page(page(GERMAN))
    assert checked.finding(qtbot, CheckKind.CONTENT).level is CheckLevel.WARNING
    checked.view.reload()
    report = checked.report(qtbot, 2).report
    assert report.verdict is CheckLevel.OK
