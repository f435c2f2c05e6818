"""The page in a real browser engine, served by the real sandbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView

from seam_portal_desktop.sandbox.portal_page import LOCALES
from seam_portal_desktop.ui.preview.network.page_network import engine_network
from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
INN = {
    "customer_key": "inn",
    "rooms": [
        {"room_key": f"r{n}", "name": name}
        for n, name in enumerate(["Blue", "Red", "<img src=x>", "النهر", "🌙", "W" * 300, "Ochre"])
    ],
    "spaces": [
        {
            "space_key": "loft",
            "name": "Loft",
            "customer_data": {"time_zone": "Pacific/Auckland", "default_checkin_time": "16:00"},
        }
    ],
    "guests": [{"guest_key": "g", "name": "Ada Guest"}],
    "reservations": [
        {
            "reservation_key": "now",
            "guest_key": "g",
            "room_keys": ["r0"],
            "starts_at": (TODAY - timedelta(days=1)).isoformat(),
            "ends_at": (TODAY + timedelta(days=3)).isoformat(),
        }
    ],
    "staff_members": [{"staff_member_key": "s1", "name": "Cleo Staff"}],
}


class Requests(QWebEngineUrlRequestInterceptor):
    def __init__(self) -> None:
        super().__init__()
        self.hosts: set[str] = set()

    def interceptRequest(self, info) -> None:  # noqa: N802 - Qt's name
        self.hosts.add(info.requestUrl().host())


class QuietPage(QWebEnginePage):
    """Records the console's messages, which include violations of the Content-Security-Policy."""

    def __init__(self, profile, parent) -> None:
        super().__init__(profile, parent)
        self.console: list[str] = []

    def javaScriptConsoleMessage(self, level, message, line, source) -> None:  # noqa: N802
        self.console.append(message)


class Browser:
    def __init__(self, qtbot, view, page, requests) -> None:
        self.qtbot, self.view, self.page, self.requests = qtbot, view, page, requests

    def open(self, url: str, size: tuple[int, int] = (1000, 760)) -> None:
        self.view.resize(*size)
        with self.qtbot.waitSignal(self.page.loadFinished, timeout=20000):
            self.page.load(QUrl(url))
        self.until("document.documentElement.dataset.portalReady === 'true'")

    def ask(self, script: str):
        answers = []
        self.page.runJavaScript(f"JSON.stringify({script})", answers.append)
        self.qtbot.waitUntil(lambda: bool(answers), timeout=10000)
        return json.loads(answers[0]) if answers[0] else None

    def until(self, script: str) -> None:
        self.qtbot.waitUntil(lambda: self.ask(script) is True, timeout=15000)

    def click(self, selector: str) -> None:
        self.ask(f"document.querySelector({json.dumps(selector)}).click()")

    def shown_view(self) -> str:
        return self.ask("document.querySelector('[data-view]:not([hidden])').dataset.view")


@pytest.fixture
def browser(qtbot):
    profile = QWebEngineProfile()
    requests = Requests()
    profile.setUrlRequestInterceptor(requests)
    view = QWebEngineView()
    page = QuietPage(profile, view)
    view.setPage(page)
    view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    view.show()
    yield Browser(qtbot, view, page, requests)
    # The page must be deleted before its profile, or Chromium warns.
    for thing in (view, profile):
        with qtbot.waitSignal(thing.destroyed, timeout=10000):
            thing.deleteLater()


@pytest.fixture
def portal(client):
    def portal(**options) -> str:
        answer = client.post("/customers/create_portal", json={"customer_data": INN, **options})
        assert answer.status_code == 200, answer.text
        url = answer.json()["customer_portal"]["url"]
        # Another test of this process may have started the previews' proxy.
        engine_network().allow("127.0.0.1", urlsplit(url).port)
        return url

    return portal


def no_complaints(browser) -> None:
    assert browser.page.console == []
    assert browser.requests.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("size", [(360, 780), (768, 900), (1280, 800)])
def test_the_page_fits_every_width(browser, portal, size):
    browser.open(portal(locale="de-DE"), size)
    for name in browser.ask("[...document.querySelectorAll('[data-nav]')].map(a => a.dataset.nav)"):
        browser.ask(f"location.hash = {json.dumps(name)}")
        browser.until(
            f"document.querySelector('[data-view]:not([hidden])').dataset.view === '{name}'"
        )
        assert browser.ask("document.documentElement.scrollWidth <= innerWidth"), name
    no_complaints(browser)


def test_a_place_opens_and_back_returns_to_the_list(browser, portal):
    browser.open(portal())
    browser.click("[data-view=places] .place a")
    browser.until("!document.querySelector('[data-view=\"place/rooms:r0\"]').hidden")
    assert browser.ask("document.activeElement.tagName") == "H1"
    assert browser.ask("document.querySelector('[aria-current]').dataset.nav") == "places"
    browser.ask("history.back()")
    browser.until("!document.querySelector('[data-view=places]').hidden")


def test_searching_hides_what_does_not_match(browser, portal):
    browser.open(portal())
    browser.ask(
        "(i => { i.value = 'RED'; i.dispatchEvent(new Event('input', {bubbles: true})); })"
        "(document.querySelector('[data-view=places] [data-filter]'))"
    )
    shown = "[...document.querySelectorAll('[data-view=places] .place:not([hidden]) h3')]"
    assert browser.ask(f"{shown}.map(h => h.textContent)") == ["Red"]


def test_picking_a_language_changes_the_page(browser, portal):
    browser.open(portal(locale="en-US"))
    token = browser.ask("location.search")
    titles = set()
    for locale in LOCALES:
        browser.ask(
            "(p => { p.value = "
            + json.dumps(locale)
            + "; p.dispatchEvent(new Event('change', {bubbles: true})); })"
            "(document.getElementById('locale-picker'))"
        )
        browser.until(f"document.documentElement.lang === '{locale}'")
        browser.until(f"document.getElementById('locale-picker').value === '{locale}'")
        titles.add(browser.ask("document.querySelector('h1').textContent"))
    assert len(titles) == len(LOCALES)
    assert browser.ask("location.search").startswith(token)
    no_complaints(browser)


def test_dates_and_degrees_follow_the_language(browser, portal):
    american, german = portal(locale="en-US"), portal(locale="de-DE")
    dates = "document.querySelector('.footer time').textContent"
    degrees = "document.querySelector('data[data-format=temperature]')?.textContent ?? '°'"
    browser.open(american)
    assert "," in browser.ask(dates)
    assert "M" in browser.ask(dates)
    assert browser.ask(degrees).endswith("°F")
    browser.open(german)
    assert "." in browser.ask(dates)
    assert browser.ask(degrees).endswith("°C")


def test_a_lock_asks_before_it_is_unlocked(browser, portal, sandbox):
    words = {"title": "Turn {count}?", "confirm_button_label": "Go"}
    browser.open(
        portal(features={"manage": {"device_management_confirmation": words}}) + "#devices"
    )
    button = "[data-view=devices] [data-action*=set_lock]:not(#lock-all):not(:disabled)"
    before = browser.ask(f"document.querySelector({json.dumps(button)}).dataset.action")
    name = browser.ask(f"document.querySelector({json.dumps(button)}).id")
    browser.click(button)
    browser.until("document.getElementById('confirm').open")
    assert browser.ask("document.getElementById('confirm-title').textContent") == "Turn 1?"
    # The page goes on when the dialog's event arrives, which is after the dialog has closed.
    browser.ask(
        "document.getElementById('confirm').addEventListener('close', () => isClosed = true)"
    )
    browser.click("[data-confirm-cancel]")
    browser.until("window.isClosed")
    assert sandbox.state.customer("inn").device_overrides == {}
    browser.click(button)
    browser.until("document.getElementById('confirm').open")
    browser.click("[data-confirm-ok]")
    browser.until(f"document.getElementById('{name}').dataset.action !== {json.dumps(before)}")
    wanted = json.loads(before)
    overrides = sandbox.state.customer("inn").device_overrides
    assert overrides[wanted["device_ids"][0]]["locked"] is wanted["locked"]
    no_complaints(browser)


def test_an_account_is_connected_and_its_device_gets_a_place(browser, portal):
    accepted = {"connect": {"accepted_providers": ["yale", "ttlock"]}}
    browser.open(portal(features=accepted) + "#accounts")
    assert browser.ask("document.querySelectorAll('[data-provider]').length") == 2
    browser.click("#connect-ttlock")
    browser.until("document.getElementById('confirm').open")
    browser.click("[data-confirm-ok]")
    waiting = "document.querySelectorAll('[data-view=organize] .tile--warn').length"
    browser.until(f"{waiting} === 2")
    assert browser.shown_view() == "accounts"
    browser.ask(
        "(s => { s.focus(); s.dispatchEvent(new FocusEvent('focusin', {bubbles: true}));"
        " s.value = 'rooms:r1'; s.dispatchEvent(new Event('change', {bubbles: true})); })"
        "(document.querySelector('[data-view=organize] li:has(.tile--warn) select'))"
    )
    browser.until(f"{waiting} === 1")
    no_complaints(browser)


def test_a_reservation_is_made_in_the_places_time_zone(browser, portal, sandbox):
    browser.open(portal() + "#stays")
    browser.click("#open-new-stay")
    browser.ask(
        "(f => { f.name.value = 'Dan'; f.place.value = 'spaces:loft';"
        " f.starts_at.value = '2030-01-10T16:00'; f.ends_at.value = '2030-01-12T11:00'; })"
        "(document.querySelector('[data-form=create_reservation]').elements)"
    )
    browser.click("#new-stay [type=submit]")
    browser.until("!document.getElementById('new-stay').open")
    browser.until("document.body.textContent.includes('Dan')")
    stays = sandbox.state.customer("inn").listed()["reservations"]
    made = next(stay for stay in stays if stay.get("name") == "Dan")
    # Auckland is 13 hours ahead of UTC in January.
    assert datetime.fromisoformat(made["starts_at"]) == datetime(2030, 1, 10, 3, tzinfo=UTC)
    assert browser.ask("document.activeElement.id") == "open-new-stay"


def test_an_invalid_entry_is_shown_in_the_dialog(browser, portal):
    browser.open(portal() + "#stays")
    browser.click("#open-new-stay")
    browser.ask(
        "(f => { f.name.value = 'Dan'; f.starts_at.value = '2030-01-12T16:00';"
        " f.ends_at.value = '2030-01-10T11:00'; })"
        "(document.querySelector('[data-form=create_reservation]').elements)"
    )
    browser.click("#new-stay [type=submit]")
    browser.until("!document.querySelector('#new-stay .dialog__error').hidden")
    assert browser.ask("document.getElementById('new-stay').open")
    assert browser.ask("document.querySelector('#new-stay [name=name]').value") == "Dan"


def test_a_switch_is_reset_if_the_portal_does_not_answer(browser, portal, sandbox):
    configure = {"allow_access_automation_rule_customization": True}
    browser.open(portal(features={"configure": configure}) + "#automations")
    browser.click("#automation-door_codes")
    browser.until("document.querySelector('.toast') !== null")
    assert sandbox.state.customer("inn").automations == {"door_codes": False}
    assert browser.ask("document.getElementById('automation-door_codes').checked") is False
    sandbox.stop()
    browser.click("#automation-early_code")
    browser.until("document.querySelector('.toast[data-tone=bad]') !== null")
    assert browser.ask("document.getElementById('automation-early_code').checked") is True


def test_a_link_that_ends_shows_the_reason(browser, portal, sandbox):
    configure = {"allow_access_automation_rule_customization": True}
    browser.open(portal(features={"configure": configure}) + "#automations")
    sandbox.state.revoke(sandbox.state.portals()[0])
    browser.click("#automation-door_codes")
    browser.until("document.documentElement.dataset.portalError === 'revoked'")


def test_the_token_is_stored_nowhere(browser, portal):
    url = portal()
    token = str(httpx.URL(url).params["token"])
    browser.open(url)
    assert browser.ask("[document.cookie, localStorage.length, sessionStorage.length]") == [
        "",
        0,
        0,
    ]
    assert token not in browser.ask("document.documentElement.outerHTML")


def test_an_embedded_page_has_a_transparent_background(browser, portal):
    browser.open(portal(is_embedded=True))
    ground = "getComputedStyle(document.body).backgroundColor"
    assert browser.ask(ground) == "rgba(0, 0, 0, 0)"
    browser.open(portal())
    assert browser.ask(ground) != "rgba(0, 0, 0, 0)"


def test_every_control_has_an_accessible_name(browser, portal):
    browser.open(portal())
    nameless = (
        "[...document.querySelectorAll('a[href], button, input, select')].filter(e =>"
        " !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length"
        " || e.getAttribute('aria-labelledby') || e.type === 'hidden' || e.closest('dialog')))"
        ".map(e => e.outerHTML)"
    )
    assert browser.ask(nameless) == []
    twice = (
        "(ids => ids.filter((id, i) => ids.indexOf(id) !== i))"
        "([...document.querySelectorAll('[id]')].map(e => e.id))"
    )
    assert browser.ask(twice) == []
