"""The desk on common screens: nothing is cut off, and the main job needs few keystrokes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.toolkit.form_parts import BodyScroll
from tests.support.cut_off import cut_off
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import connected_program, is_gone, press_enter
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

SCREENS = {
    "1920×1080": QSize(1904, 1032),
    "1366×768": QSize(1350, 700),
    "1024×768": QSize(1008, 700),
    "1920×1080 at 200 %": QSize(944, 492),
}
"""The room in a window's frame on each screen, with a panel of the desktop."""

LONG_KEY = "grand-terrace-serviced-apartments-city-centre-kings-cross-london-2"


async def laid_out() -> None:
    """Let Qt handle the events that it has posted for layouts."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def direction(request):
    app = QApplication.instance()
    app.setLayoutDirection(request.param)
    yield
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.usefixtures("direction")
async def test_the_window_shows_everything_on_common_screens(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        window, actions = program.window, program.window.actions_
        await program.create("harbor-hotel")
        await program.create(LONG_KEY)
        for name, size in SCREENS.items():
            window.resize(size)
            await until(lambda size=size: window.size() == size, "it has its size")
            for part, show in (
                ("list", window.show_list),
                ("preview", actions.show_preview.trigger),
                ("details", actions.show_details.trigger),
                ("activity", actions.show_activity.trigger),
                ("send", actions.mark_sent.trigger),
                ("many", window.pane.table.selectAll),
            ):
                show()
                await laid_out()
                assert cut_off(window) == [], f"{part} on {name}"
            await program.select(LONG_KEY)


@pytest.mark.usefixtures("direction")
@pytest.mark.parametrize("screen", SCREENS)
async def test_the_new_portal_dialog_fits_common_screens(tmp_path, sandbox, monkeypatch, screen):
    async with connected_program(tmp_path, sandbox) as program:
        room = SCREENS[screen]
        area = SimpleNamespace(availableGeometry=lambda: QRect(QPoint(), room))
        monkeypatch.setattr(NewPortalDialog, "screen", lambda _self: area)
        dialog = await program.open_create(LONG_KEY)
        assert isinstance(dialog, NewPortalDialog)
        for section in (dialog.features, dialog.appearance, dialog.data, dialog.filters):
            dialog.form.fold(section).header.click()
        await laid_out()
        assert dialog.height() <= room.height()
        assert dialog.width() <= room.width()
        assert dialog.findChildren(BodyScroll)
        assert cut_off(dialog) == []
        dialog.reject()
        await until(lambda: is_gone(dialog), "it is closed")


def test_what_is_cut_off_is_found(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(200, 100)
    fits, narrow, outside = (QLabel("some text", window) for _ in range(3))
    narrow.setGeometry(0, 20, 10, 20)
    outside.setGeometry(150, 40, 100, 20)
    fits.resize(100, 20)
    assert len(cut_off(window)) == 2


async def test_a_link_is_created_looked_at_and_handed_out_with_four_keystrokes(tmp_path, sandbox):
    """Besides the key that is typed."""
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        window, control = program.window, Qt.KeyboardModifier.ControlModifier
        window.activateWindow()
        await until(window.isActiveWindow, "its shortcuts work")
        QTest.keyClick(window, Qt.Key.Key_N, control)
        dialog = await program.dialog(NewPortalDialog)
        QTest.keyClicks(dialog.customer.key, "harbor-hotel")
        press_enter(dialog.customer.key)
        await until(lambda: window.preview.is_loaded, "the page is looked at")
        await until(lambda: program.row("harbor-hotel").previewed_at, "it counts as previewed")
        window.activateWindow()  # no window manager does it
        await until(window.isActiveWindow, "its shortcuts work")
        both = control | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(window, Qt.Key.Key_C, both)
        await until(lambda: "Link copied" in program.message(), "the link is copied")
        QTest.keyClick(window, Qt.Key.Key_Return, both)
        await until(window.portal.send_step.strip.isVisible, "the form is open")


async def test_a_portal_that_is_created_in_a_narrow_window_is_shown(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        window = program.window
        window.resize(SCREENS["1024×768"])
        program.controller.previews.start_engine()
        assert window.preview.engine._timer.isActive(), "the engine is started before it is needed"
        for key in ("harbor-hotel", "old-mill"):
            await program.create(key)
            await until(lambda: window.preview.is_loaded, "its page is painted")
            assert window.portal.isVisible()
            assert window.pane.isHidden()
