"""What a page sees of the device that it is shown on: asked on real pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.request import Locale, PortalRequest
from seam_portal_desktop.ui.preview.emulation import inspector
from seam_portal_desktop.ui.preview.emulation.settings import DEVICES, DeviceKind, Scheme
from tests.support.emulation_kit import RESPONSIVE_PAGE, WAIT_MS, ask_page, wait_until_page_answers
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, shown_pane, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

VIEWPORT = "[innerWidth, innerHeight]"
FIRST = "window.first"
DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


@pytest.fixture
def site():
    with page_server() as server:
        server.pages["/portals/a"] = Answer(body=RESPONSIVE_PAGE)
        yield server


@pytest.fixture
def preview(qapp):
    with shown_pane(qapp) as shown:
        shown[0].resize(700, 800)
        yield shown


def show(pane, received, site, qtbot, **how):
    pane.show_portal(replace(target(site.url("/portals/a?token=x")), **how))
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)


def switch(pane, received, qtbot, kind):
    received.rendered.clear()
    pane.comparison_settings.set_kind(kind)
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)


@pytest.mark.parametrize("kind", [DeviceKind.PHONE, DeviceKind.TABLET, DeviceKind.DESKTOP])
def test_a_page_is_opened_on_its_device_from_its_first_line_on(preview, site, qtbot, kind):
    pane, received = preview
    pane.comparison_settings.set_kind(kind)
    show(pane, received, site, qtbot)
    device = DEVICES[kind]
    ratio = device.pixel_ratio or pane.devicePixelRatioF()
    fingers = 5 if device.touch else 0
    first = [device.width, device.height, ratio, fingers, device.touch, False]
    assert ask_page(pane.first, qtbot, FIRST) == first
    assert pane.comparison_settings.scale < 1
    media = (
        "['narrow', 'coarse'].map((id) => getComputedStyle(document.getElementById(id)).display)"
    )
    shown = ["block" if device.width <= 390 else "none", "block" if device.touch else "none"]
    assert ask_page(pane.first, qtbot, media) == shown
    assert ask_page(pane.first, qtbot, "[screen.width, screen.height]") == first[:2]


@pytest.mark.parametrize("zoom", [0.25, 0.33, 0.67, 0.9, 1.1, 2.0])
def test_the_viewport_is_exact_at_every_zoom(preview, site, qtbot, zoom):
    pane, received = preview
    pane.comparison_settings.set_kind(DeviceKind.PHONE)
    pane.comparison_settings.set_zoom(zoom)
    show(pane, received, site, qtbot)
    assert ask_page(pane.first, qtbot, VIEWPORT) == [390, 844]
    edges = "[matchMedia('(max-width: 389px)').matches, matchMedia('(max-width: 390px)').matches]"
    assert ask_page(pane.first, qtbot, edges) == [False, True]
    size = pane.first.web.widget.size()
    assert (size.width(), size.height()) == (round(390 * zoom), round(844 * zoom))


def test_zooming_is_the_users_and_not_the_pages(preview, site, qtbot):
    pane, received = preview
    pane.comparison_settings.set_kind(DeviceKind.DESKTOP)
    show(pane, received, site, qtbot)
    fitting = pane.comparison_settings.scale
    pane.preview_actions.zoom_in.trigger()
    assert pane.comparison_settings.scale > fitting
    pane.preview_actions.fit_width.trigger()
    assert pane.comparison_settings.scale == fitting
    assert received.rendered == ["portal-1"]  # never loaded again
    wait_until_page_answers(pane.first, qtbot, VIEWPORT, [1440, 900])


def test_a_turned_phone_is_wide_and_reports_it(preview, site, qtbot):
    pane, received = preview
    pane.comparison_settings.set_kind(DeviceKind.PHONE)
    show(pane, received, site, qtbot)
    pane.preview_actions.turn.trigger()
    wait_until_page_answers(
        pane.first,
        qtbot,
        f"[...{VIEWPORT}, screen.orientation.type]",
        [844, 390, "landscape-primary"],
    )


def test_a_press_of_the_mouse_is_a_finger_at_the_right_place(preview, site, qtbot):
    pane, received = preview
    pane.comparison_settings.set_kind(DeviceKind.PHONE)
    show(pane, received, site, qtbot)
    scale = pane.comparison_settings.scale
    place = QPoint(round(240 * scale), round(320 * scale))
    QTest.mouseClick(pane.first.web.widget.focusProxy(), Qt.MouseButton.LeftButton, pos=place)
    wait_until_page_answers(pane.first, qtbot, "window.presses", 1)
    events = ask_page(pane.first, qtbot, "window.received")
    assert events == ["pointerdown touch", "touchstart ", "click touch"]


def test_the_server_and_the_page_see_the_same_browser(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot)
    own = site.headers["/portals/a"]["User-Agent"]
    switch(pane, received, qtbot, DeviceKind.PHONE)
    sent = site.headers["/portals/a"]
    assert "Android" in sent["User-Agent"]
    assert sent["sec-ch-ua-mobile"] == "?1"
    assert sent["sec-ch-ua-platform"] == '"Android"'
    assert ask_page(pane.first, qtbot, "navigator.userAgent") == sent["User-Agent"]
    assert ask_page(pane.first, qtbot, "navigator.userAgentData.mobile") is True
    switch(pane, received, qtbot, DeviceKind.FIT)
    assert site.headers["/portals/a"]["User-Agent"] == own
    assert site.headers["/portals/a"]["sec-ch-ua-mobile"] == "?0"


def test_back_in_the_pane_the_page_has_its_size_again(preview, site, qtbot):
    pane, received = preview
    pane.comparison_settings.set_scheme(Scheme.DARK)  # which keeps the engine's protocol in use
    show(pane, received, site, qtbot)
    free = ask_page(pane.first, qtbot, VIEWPORT)
    switch(pane, received, qtbot, DeviceKind.PHONE)
    assert ask_page(pane.first, qtbot, VIEWPORT) == [390, 844]
    switch(pane, received, qtbot, DeviceKind.FIT)
    wait_until_page_answers(pane.first, qtbot, VIEWPORT, free)
    assert ask_page(pane.first, qtbot, "navigator.maxTouchPoints") == 0


def test_light_or_dark_changes_on_the_page_alone_and_at_once(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot)
    ground = "getComputedStyle(document.body).backgroundColor"
    system = ask_page(pane.first, qtbot, DARK)
    assert system is False
    pane.preview_actions.schemes[Scheme.DARK].trigger()
    wait_until_page_answers(pane.first, qtbot, f"[{DARK}, {ground}]", [True, "rgb(17, 17, 17)"])
    pane.preview_actions.schemes[Scheme.LIGHT].trigger()
    wait_until_page_answers(pane.first, qtbot, f"[{DARK}, {ground}]", [False, "rgb(255, 255, 255)"])
    pane.preview_actions.schemes[Scheme.SYSTEM].trigger()
    wait_until_page_answers(pane.first, qtbot, DARK, system)
    assert ask_page(pane.first, qtbot, "window.schemes") == [True, False]
    assert received.rendered == ["portal-1"]  # never loaded again


def test_the_next_portal_is_dark_too_and_reloading_keeps_it(preview, site, qtbot):
    pane, received = preview
    pane.comparison_settings.set_scheme(Scheme.DARK)
    show(pane, received, site, qtbot)
    assert ask_page(pane.first, qtbot, FIRST)[-1] is True
    pane.reload()
    qtbot.waitUntil(lambda: len(received.rendered) == 2, timeout=WAIT_MS)
    assert ask_page(pane.first, qtbot, FIRST)[-1] is True


def test_a_page_that_is_only_looked_at_has_no_second_process(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot)
    assert pane.first.page.session._emulation is None


def test_the_portals_language_is_asked_for(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot, request=PortalRequest(locale=Locale.PT_PT))
    assert site.headers["/portals/a"]["Accept-Language"].startswith("pt-PT")
    assert ask_page(pane.first, qtbot, "navigator.language") == "pt-PT"


def test_without_the_protocol_the_page_is_only_scaled(preview, site, qtbot, monkeypatch):
    monkeypatch.setattr(inspector, "_SCRIPT", "window.stop();")
    monkeypatch.setattr(inspector, "_ANSWER_TIMEOUT_MS", 50)
    pane, received = preview
    pane.comparison_settings.set_kind(DeviceKind.DESKTOP)
    show(pane, received, site, qtbot)
    assert any("can’t pretend" in notice for notice in received.notices)
    # The engine lays the page out again a moment after the zoom was set.
    is_scaled = "Math.abs(innerWidth - 1440) <= 4 && Math.abs(innerHeight - 900) <= 4"
    wait_until_page_answers(pane.first, qtbot, is_scaled, wanted=True)
    assert pane.first.web.widget.zoomFactor() == pytest.approx(pane.comparison_settings.scale)


def test_stopping_before_anything_was_asked_for(preview, site, qtbot):
    pane, received = preview
    pane.comparison_settings.set_kind(DeviceKind.PHONE)
    pane.show_portal(target(site.url("/portals/a?token=x")))
    qtbot.waitUntil(lambda: pane.first.web is not None, timeout=WAIT_MS)
    pane.first.stop()
    assert received.failed == [("portal-1", "stopped")]
    assert not site.asked_for("/portals/a")
