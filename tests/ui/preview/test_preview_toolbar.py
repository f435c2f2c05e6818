"""The bar above the preview, the mode, and two portals side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAction, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QRadioButton, QToolButton
from shiboken6 import isValid

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.request import Locale, PortalRequest
from seam_portal_desktop.ui.preview.emulation.comparison_settings import Comparison, ComparisonKind
from seam_portal_desktop.ui.preview.emulation.settings import LEAST_READABLE, DeviceKind, Scheme
from tests.support.emulation_kit import RESPONSIVE_PAGE, WAIT_MS, ask_page, wait_until_page_answers
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, press, shown_pane, shows_text, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


@pytest.fixture
def site():
    with page_server() as server:
        for name in "ab":
            server.pages[f"/portals/{name}"] = Answer(body=RESPONSIVE_PAGE)
        yield server


@pytest.fixture
def preview(qapp):
    with shown_pane(qapp) as shown:
        shown[0].resize(900, 700)
        yield shown


def show(pane, received, site, qtbot, **how):
    shown = replace(target(site.url("/portals/a?token=x")), **how)
    received.rendered.clear()
    pane.show_portal(shown)
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    return shown


def bar_button(pane, action: QAction) -> QToolButton:
    return next(b for b in pane.toolbar.findChildren(QToolButton) if b.defaultAction() is action)


def turn_wheel(pane, angle, modifiers=Qt.KeyboardModifier.NoModifier):
    page = pane.first.web.widget.focusProxy()
    place = QPointF(100, 100)
    wheel = QWheelEvent(
        place,
        page.mapToGlobal(place),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page, wheel)


def device_choices(pane) -> list[QRadioButton]:
    return pane.toolbar.findChildren(QRadioButton)


def menu_texts(pane) -> list[str]:
    menu = next(
        b for b in pane.toolbar.findChildren(QToolButton) if "More" in b.accessibleName()
    ).menu()
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if not action.isSeparator()]


# The mode ---------------------------------------------------------------------------------


def test_a_safe_preview_is_marked_and_leads_to_the_live_link_by_a_question(preview, site, qtbot):
    pane, received = preview
    asked = []
    pane.live_requested.connect(asked.append)
    show(pane, received, site, qtbot, mode=PreviewMode.SAFE)
    assert shows_text(pane, "Safe preview")
    press(pane, "Preview the live link…")
    assert shows_text(pane, "Clicks on this page act on the customer’s real devices")
    press(pane, "Cancel")
    assert asked == []
    press(pane, "Preview the live link…")
    press(pane, "Preview the live link")
    assert asked == ["portal-1"]


def test_a_live_preview_is_marked_and_leads_back(preview, site, qtbot):
    pane, received = preview
    asked = []
    pane.safe_requested.connect(asked.append)
    show(pane, received, site, qtbot, mode=PreviewMode.LIVE)
    assert shows_text(pane, "Live link")
    press(pane, "Back to safe preview")
    assert asked == ["portal-1"]


def test_where_live_previews_are_not_allowed_the_reason_is_shown(preview, site, qtbot):
    pane, received = preview
    pane.set_live_allowed(allowed=False, reason="Your company allows safe previews only.")
    show(pane, received, site, qtbot, mode=PreviewMode.SAFE)
    way = pane.first.safety_banner._other_mode
    assert not way.isEnabled()
    assert way.toolTip() == way.accessibleDescription() == "Your company allows safe previews only."
    show(pane, received, site, qtbot, mode=PreviewMode.LIVE, portal_id="other")
    assert way.isEnabled()  # back to safe is always possible


def test_without_a_page_there_is_no_mode(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot, mode=PreviewMode.SAFE)
    pane.clear()
    assert not shows_text(pane, "Safe preview")
    show(pane, received, site, qtbot, mode=PreviewMode.SAFE, portal_id="other")
    assert shows_text(pane, "Safe preview")
    failure = UserFacingError("Seam is busy.", "Try again in a moment.")
    pane.show_safe_failure(failure, "other", can_retry=True)
    assert not shows_text(pane, "Safe preview")


# The bar ----------------------------------------------------------------------------------


def test_every_button_of_the_bar_has_a_name(preview):
    pane, _ = preview
    buttons = pane.toolbar.findChildren(QAbstractButton)
    assert len(buttons) >= 12
    assert all(button.accessibleName() and button.toolTip() for button in buttons)


def test_what_has_no_room_is_in_the_menu(preview, qtbot):
    pane, _ = preview
    actions = pane.preview_actions
    assert bar_button(pane, actions.embed).isVisible()
    assert actions.embed.text() not in menu_texts(pane)
    pane.resize(240, 600)
    qtbot.waitUntil(lambda: not bar_button(pane, actions.embed).isVisible(), timeout=WAIT_MS)
    assert pane.width() <= 300
    hidden = menu_texts(pane)
    for action in (actions.embed, actions.compare_devices, actions.schemes[Scheme.DARK]):
        assert action.text() in hidden
    pane.resize(900, 600)
    qtbot.waitUntil(lambda: bar_button(pane, actions.embed).isVisible(), timeout=WAIT_MS)


def test_the_buttons_have_their_names_where_there_is_room(preview, qtbot):
    pane, _ = preview
    embed = bar_button(pane, pane.preview_actions.embed)
    icon_only = Qt.ToolButtonStyle.ToolButtonIconOnly
    devices = ["Fit", "Phone", "Tablet", "Desktop", "Custom size"]
    for width, names in (
        (1300, devices),
        (800, devices),
        (640, ["Fit", "", "", "", ""]),
        (380, [""] * 5),
    ):
        pane.resize(width, 600)
        qtbot.waitUntil(lambda width=width: pane.width() == width, timeout=WAIT_MS)
        assert [choice.text() for choice in device_choices(pane)] == names, width
        assert (embed.toolButtonStyle() is not icon_only) is (width == 1300), width
    pane.resize(640, 600)
    qtbot.waitUntil(lambda: pane.width() == 640, timeout=WAIT_MS)
    pane.preview_actions.devices[DeviceKind.PHONE].trigger()
    assert [choice.text() for choice in device_choices(pane)] == ["", "Phone", "", "", ""]


def test_devices_are_radio_buttons_and_follow_their_actions(preview):
    pane, _ = preview
    choices = device_choices(pane)
    assert [QAccessible.queryAccessibleInterface(each).role() for each in choices] == [
        QAccessible.Role.RadioButton
    ] * 5
    assert all(each.accessibleName() and each.accessibleDescription() for each in choices)
    pane.preview_actions.devices[DeviceKind.TABLET].trigger()
    assert [each.accessibleName() for each in choices if each.isChecked()] == ["Tablet"]
    choices[1].click()
    assert pane.comparison_settings.settings.kind is DeviceKind.PHONE
    choices[1].setFocus()
    QTest.keyClick(choices[1], Qt.Key.Key_Right)
    assert pane.comparison_settings.settings.kind is DeviceKind.TABLET


def test_other_actions_and_the_checks_find_their_place(preview, qtbot):
    pane, _ = preview
    save = QAction("Save screenshot…", pane)
    pane.toolbar.more_actions.append(save)
    assert "Save screenshot…" in menu_texts(pane)
    checks, panel = QToolButton(), QLineEdit()
    pane.toolbar.set_checks_button(checks)
    pane._below_toolbar.addWidget(panel)
    pane.resize(300, 600)
    qtbot.waitUntil(lambda: checks.isVisible() and panel.isVisible(), timeout=WAIT_MS)
    assert pane.toolbar.rect().contains(checks.geometry())


def test_the_keyboard_zooms_also_from_inside_the_page(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot)
    pane.activateWindow()
    pane.first.web.widget.setFocus()
    page = pane.first.web.widget.focusProxy()
    QTest.keyClick(page, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: pane.comparison_settings.scale == 1.1, timeout=WAIT_MS)
    assert pane.first.web.widget.zoomFactor() == pytest.approx(1.1)
    QTest.keyClick(page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: pane.comparison_settings.scale == 1.0, timeout=WAIT_MS)


def test_the_wheel_zooms_as_the_keys_do(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot)
    turn_wheel(pane, 240, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: pane.comparison_settings.scale == 1.1, timeout=WAIT_MS)
    view = pane.first.web.widget
    qtbot.waitUntil(lambda: view.zoomFactor() == pytest.approx(1.1), timeout=WAIT_MS)


def test_a_custom_size_is_typed_into_two_fields(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot)
    received.rendered.clear()
    pane.preview_actions.devices[DeviceKind.CUSTOM].trigger()
    qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
    for name, text in (("Width", "777"), ("Height", "100000")):
        field = next(f for f in pane.findChildren(QLineEdit) if f.accessibleName().startswith(name))
        field.setText(text)
        field.editingFinished.emit()
    qtbot.waitUntil(
        lambda: ask_page(pane.first, qtbot, "[innerWidth, innerHeight]") == [777, 3840],
        timeout=WAIT_MS,
    )


def test_the_next_run_begins_with_the_same_device(qapp, preview):
    pane, _ = preview
    pane.comparison_settings.set_kind(DeviceKind.TABLET)
    pane.preview_actions.allow_tools.setChecked(True)
    with shown_pane(qapp) as (next_pane, _):
        next_pane.restore_view(pane.view_state())
        assert next_pane.preview_actions.devices[DeviceKind.TABLET].isChecked()
        assert next_pane.preview_actions.tools.isVisible()
        kept = next_pane.view_state()
        for change in (
            {"kind": "watch"},
            {"turned": "yes"},
            {"custom_width": 1e9},
            {"custom_height": -1},
            {"scheme": ["dark"]},
            {"tools_allowed": None},
        ):
            assert not next_pane.restore_view(kept | change)
        assert not next_pane.restore_view("")
        assert next_pane.view_state() == kept


# Side by side -----------------------------------------------------------------------------


def test_phone_and_desktop_are_the_same_link_twice(preview, site, qtbot):
    pane, received = preview
    requested = []
    pane.comparison_requested.connect(requested.append)
    show(pane, received, site, qtbot, mode=PreviewMode.SAFE)
    pane.resize(1200, 700)
    pane.preview_actions.compare_devices.trigger()
    assert requested == [Comparison(ComparisonKind.DEVICES, "portal-1")]
    qtbot.waitUntil(lambda: pane.first.is_loaded and pane.second.is_loaded, timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: (
            [ask_page(s, qtbot, "innerWidth") for s in (pane.first, pane.second)] == [390, 1440]
        ),
        timeout=WAIT_MS,
    )
    first, second = (s.web.widget.page().profile() for s in (pane.first, pane.second))
    assert first is not second
    ask_page(pane.first, qtbot, "(document.cookie = 'who=first', localStorage.who = 'first')")
    ask_page(pane.first, qtbot, "scrollTo(0, 500)")
    assert ask_page(pane.second, qtbot, "[document.cookie, localStorage.length, scrollY]") == [
        "",
        0,
        0,
    ]


def test_with_two_devices_the_bar_is_about_the_side_in_use(preview, site, qtbot):
    pane, received = preview
    show(pane, received, site, qtbot)
    pane.preview_actions.compare_devices.trigger()
    pane.comparison_settings.choose(1)
    pane.preview_actions.devices[DeviceKind.TABLET].trigger()
    assert [pane.comparison_settings.settings_of(side).kind for side in (0, 1)] == [
        DeviceKind.PHONE,
        DeviceKind.TABLET,
    ]
    pane.preview_actions.schemes[Scheme.DARK].trigger()
    assert all(pane.comparison_settings.settings_of(side).scheme is Scheme.DARK for side in (0, 1))


def test_another_language_is_asked_for_and_shown_under_the_same_conditions(preview, site, qtbot):
    pane, received = preview
    requested = []
    pane.comparison_requested.connect(requested.append)
    one = show(pane, received, site, qtbot, request=PortalRequest(locale=Locale.EN_US))
    pane.toolbar.language_chosen.emit("de-DE")
    assert requested == [Comparison(ComparisonKind.LANGUAGE, "portal-1", "de-DE")]
    german = replace(
        one,
        url=target(site.url("/portals/b?token=y")).url,
        request=PortalRequest(locale=Locale.DE_DE),
    )
    pane.show_second(german)
    qtbot.waitUntil(lambda: pane.second.is_loaded, timeout=WAIT_MS)
    assert site.headers["/portals/a"]["Accept-Language"].startswith("en-US")
    assert site.headers["/portals/b"]["Accept-Language"].startswith("de-DE")
    captions = [screen.safety_banner._caption.full_text() for screen in (pane.first, pane.second)]
    assert captions == ["· en-US", "· de-DE"]
    pane.preview_actions.devices[DeviceKind.PHONE].trigger()
    assert pane.comparison_settings.settings_of(0) == pane.comparison_settings.settings_of(1)


def test_closing_the_second_ends_it_and_emits_the_change(preview, site, qtbot):
    pane, received = preview
    one = show(pane, received, site, qtbot)
    requested = []
    pane.show_second(replace(one, portal_id="portal-2", customer_key="old-mill"))
    pane.comparison_requested.connect(requested.append)
    qtbot.waitUntil(lambda: pane.second.is_loaded, timeout=WAIT_MS)
    profile = pane.second.web.widget.page().profile()
    press(pane, "Close this preview")
    qtbot.waitUntil(lambda: not isValid(profile), timeout=WAIT_MS)
    assert not pane.is_comparing
    assert requested == [Comparison(ComparisonKind.OFF, "portal-2")]
    pane.close_second()
    assert len(requested) == 1


def test_another_selection_ends_the_comparison(preview, site, qtbot):
    pane, received = preview
    one = show(pane, received, site, qtbot)
    pane.show_second(replace(one, portal_id="portal-2"))
    pane.show_portal(replace(one, portal_id="portal-3"))
    assert not pane.is_comparing
    pane.show_second(replace(one, portal_id="portal-2"))
    pane.clear()
    assert not pane.is_comparing


def test_two_portals_stand_below_each_other_where_there_is_little_width(preview, site, qtbot):
    pane, received = preview
    one = show(pane, received, site, qtbot)
    pane.show_second(replace(one, portal_id="portal-2"))
    splitter = pane._splitter
    assert splitter.orientation() is Qt.Orientation.Horizontal
    pane.resize(430, 1000)
    qtbot.waitUntil(lambda: splitter.orientation() is Qt.Orientation.Vertical, timeout=WAIT_MS)
    assert pane.width() == 430
    assert splitter.tabs.isHidden()


def test_where_two_devices_could_not_be_read_each_has_a_tab(preview, site, qtbot):
    pane, received = preview
    pane.resize(430, 640)
    show(pane, received, site, qtbot)
    pane.preview_actions.compare_devices.trigger()
    tabs = pane._splitter.tabs
    qtbot.waitUntil(lambda: pane.second.is_loaded, timeout=WAIT_MS)
    assert [tabs.tabText(index) for index in range(tabs.count())] == ["Phone", "Desktop"]
    assert (pane.first.isVisible(), pane.second.isVisible()) == (False, True)
    assert pane.chosen is pane.second
    assert pane.comparison_settings.scale == LEAST_READABLE
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
    qtbot.waitUntil(lambda: pane.first.is_loaded, timeout=WAIT_MS)
    assert (pane.first.isVisible(), pane.second.isVisible()) == (True, False)
    assert pane.chosen is pane.first
    assert pane.comparison_settings.scale == 1
    pane.resize(1200, 640)
    qtbot.waitUntil(tabs.isHidden, timeout=WAIT_MS)
    assert pane.first.isVisible()
    assert pane.second.isVisible()
    pane.close_second()
    assert pane.first.isVisible()


def test_the_wheel_scrolls_the_device_and_then_the_page(preview, site, qtbot):
    pane, received = preview
    pane.resize(480, 640)
    pane.comparison_settings.set_kind(DeviceKind.PHONE)
    show(pane, received, site, qtbot)
    bar = pane.first.page_stack.viewport.verticalScrollBar()
    assert bar.maximum() > 0
    for _ in range(40):
        turn_wheel(pane, -120)
    assert bar.value() == bar.maximum()
    wait_until_page_answers(pane.first, qtbot, "scrollY > 0", wanted=True)
    turn_wheel(pane, 120)
    assert bar.value() < bar.maximum()


# Developer tools --------------------------------------------------------------------------


def test_developer_tools_are_there_by_a_preference_only_and_end_with_the_page(preview, site, qtbot):
    pane, received = preview
    actions = pane.preview_actions
    show(pane, received, site, qtbot)
    assert not actions.tools.isVisible()
    actions.allow_tools.trigger()
    assert actions.tools.isVisible()
    actions.tools.trigger()
    tools = pane.first.page.session._tools
    assert tools.isVisible()
    assert tools.windowTitle() == "Developer tools – harbor-hotel"
    qtbot.waitUntil(lambda: "token" in tools.front_end.title(), timeout=WAIT_MS)
    pane.comparison_settings.set_scheme(Scheme.DARK)
    dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    qtbot.waitUntil(lambda: ask_page(pane.first, qtbot, dark), timeout=WAIT_MS)
    pane.clear()
    qtbot.waitUntil(lambda: not isValid(tools), timeout=WAIT_MS)
