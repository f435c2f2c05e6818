"""The host that our rules see in an address is the host that the engine opens."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWebEngineCore import QWebEnginePage

from seam_portal_desktop.domain.address import InvalidLinkError, parse_link, read_address
from seam_portal_desktop.domain.policy import LinkRefusedError, parse_policy
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.security.addresses import origin_of
from seam_portal_desktop.ui.preview.security.profile import encoded
from tests.support.preview_kit import ENGINE_NOISE, TOKEN, Recorder, shown_pane, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 20_000
EVIL = rf"https://evil.example\@portals.company.example/portals/1?token={TOKEN}"
ODD = [
    EVIL,
    r"https://evil.example\.portals.company.example/",
    r"https:\\evil.example/\portals.company.example",
    "https:evil.example",
    "https:///evil.example/",
    "https://portals.company.example@evil.example/",
    "https://portals.company.example:x@evil.example/",
    "https://@evil.example/",
    "https://evil.example#@portals.company.example",
    "https://evil.example?@portals.company.example",
    "https://evil%2eexample/",
    "https://evil.example%2f@portals.company.example/",
    "https://por\ttals.company.example/",
    " https://evil.example/",
    "https://straße.example/",
    "https://STRASSE.example./",
    "https://faß.example/ä?ö=ü",
    "https://ａ.example/",
    "https://a。example/",
    "https://①.example/",
    "https://☃.example/",
    "https://a_b.example/",
    "https://xn--strae-oqa.example/",
    "https://xn--a.example/",
    "https://a\u00adb.example/",
    "https://a\u200db.example/",
    "https://аррӏе.example/",
    "https://-a.example/",
    "https://ù-.example/",
    "https://a..example/",
    "https://127.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://1.2.3/",
    "https://256.1.1.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[0:0::1]:8443/",
    "https://portals.company.example:443/",
    "https://portals.company.example:00443/",
    "https://portals.company.example:0/",
    "https://portals.company.example:/",
    "https://portals.company.example:99999/",
    "http://127.0.0.1:4200/",
    "http://localhost:4200/",
]


class Navigations(QWebEnginePage):
    """Goes nowhere, and keeps the addresses that it was to go to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def acceptNavigationRequest(self, url, kind, is_main_frame):  # noqa: N802 - Qt's name
        self.addresses.append(encoded(QUrl(url)))
        return False


@pytest.fixture
def page(qapp):
    page = Navigations()
    yield page
    page.deleteLater()


def read_by_engine(page, text, qtbot) -> tuple[str, str] | None:
    """Host (with brackets) and port of `text` as a script in Chromium sees them."""
    answers: list[str] = []
    script = (
        "JSON.stringify((text => { try { const url = new URL(text); return [url.hostname, url.port]"
        f" }} catch {{ return null }} }})({json.dumps(text)}))"
    )
    page.runJavaScript(script, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    found = json.loads(answers[0])
    return None if found is None else (found[0], found[1])


def opened_by_engine(page, qtbot) -> str:
    """The address that the engine now asks for."""
    qtbot.waitUntil(lambda: bool(page.addresses), timeout=WAIT_MS)
    return page.addresses.pop()


def test_the_rules_see_the_host_that_the_engine_opens(page, qtbot):
    accepted = 0
    for text in ODD:
        engine = read_by_engine(page, text, qtbot)
        seen = read_address(text)
        try:
            link = parse_link(text)
        except InvalidLinkError:
            # Not every refused address is readable, but no host is read differently.
            assert seen is None or engine is None or engine[0].strip("[]") == seen.host, text
            continue
        accepted += 1
        assert engine is not None, text
        assert engine[0].strip("[]") == link.host, text
        assert int(engine[1] or (443 if link.scheme == "https" else 80)) == link.port, text
        page.runJavaScript(f"location.href = {json.dumps(text)}")
        by_page = opened_by_engine(page, qtbot)
        page.load(QUrl(link.text))
        by_us = opened_by_engine(page, qtbot)
        assert origin_of(by_page) == origin_of(by_us) == origin_of(link.text), text
    assert accepted > 15


def test_a_policy_is_not_passed_by_a_backslash(page, qtbot):
    assert read_by_engine(page, EVIL, qtbot) == ("evil.example", "")
    policy = parse_policy({"allowed_hosts": ["portals.company.example"]}, "policy.json")
    with pytest.raises(LinkRefusedError):
        policy.check_link(Secret(EVIL))


def test_the_preview_does_not_open_an_ambiguous_link(qapp, qtbot):
    with shown_pane(qapp) as (pane, _):
        signals = Recorder(pane)
        pane.show_portal(target(EVIL))
        qtbot.waitUntil(lambda: bool(signals.failed), timeout=WAIT_MS)
        assert signals.failed == [("portal-1", "invalid")]
        assert pane.first.web is None
