"""What opens above a window is readable on the pixels that are really drawn, in both schemes."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from PySide6.QtCore import QPoint, QRect, QStringListModel, Qt
from PySide6.QtGui import QAction, QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.shell.actions import WindowActions
from seam_portal_desktop.ui.toolkit.form_parts import make_completer
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import (
    DISCERNIBLE,
    READABLE,
    Theme,
    contrast,
    set_kind,
)

SCHEMES = [Qt.ColorScheme.Light, Qt.ColorScheme.Dark]
OTHER = {SCHEMES[0]: SCHEMES[1], SCHEMES[1]: SCHEMES[0]}

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(params=SCHEMES, ids=["light", "dark"])
def theme(qapp, request):
    """A theme whose scheme changed after the style sheet was first applied."""
    before = qapp.styleSheet(), qapp.palette()
    theme = Theme(qapp)
    theme.force_scheme(OTHER[request.param])
    theme.force_scheme(request.param)
    yield theme
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    theme.deleteLater()


@pytest.fixture
def window(theme, qtbot):
    window = QWidget()
    window.resize(400, 300)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def image_of(widget: QWidget, part: QRect | None = None) -> QImage:
    return widget.grab(part or widget.rect()).toImage()


def colors_of(image: QImage) -> Counter[str]:
    return Counter(
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    )


def contrast_in(image: QImage) -> float:
    """The most contrast between the background, which is the commonest colour, and another one.

    Letters are thin: most of their pixels are a mixture, and the strongest is their colour.
    """
    colors = colors_of(image)
    background = QColor(colors.most_common(1)[0][0])
    return max(contrast(QColor(each), background) for each in colors)


def tooltip_of(qtbot) -> QWidget:
    def shown() -> list[QWidget]:
        return [
            each
            for each in QApplication.topLevelWidgets()
            if each.metaObject().className() == "QTipLabel" and each.isVisible()
        ]

    qtbot.waitUntil(lambda: len(shown()) == 1, timeout=5000)
    return shown()[0]


@pytest.mark.parametrize("text", ["Copy the link", "<b>Copy</b> the link<br>of this portal"])
def test_a_tooltip_is_readable(window, theme, qtbot, text):
    QToolTip.showText(QPoint(20, 20), text, window)
    inner = tooltip_of(qtbot).rect().adjusted(2, 2, -2, -2)
    assert contrast_in(image_of(tooltip_of(qtbot), inner)) >= READABLE
    # It stays readable if the scheme changes while it is shown.
    theme.force_scheme(OTHER[Qt.ColorScheme.Dark if theme.is_dark else Qt.ColorScheme.Light])
    QApplication.processEvents()
    QToolTip.showText(QPoint(20, 20), text + ".", window)
    assert contrast_in(image_of(tooltip_of(qtbot), inner)) >= READABLE
    QToolTip.hideText()


def open_menu(window: QWidget, theme: Theme) -> tuple[QMenu, dict[str, QAction]]:
    menu = QMenu(window)
    icons = Icons(theme)
    actions = {
        "plain": menu.addAction("Reload preview"),
        "icon": menu.addAction(icons.icon("copy"), "Copy link"),
        "disabled": menu.addAction("Renew link"),
        "selected": menu.addAction("Mark as sent…"),
    }
    actions["disabled"].setEnabled(False)
    menu.popup(QPoint(0, 0))
    menu.setActiveAction(actions["selected"])
    return menu, actions


def test_a_menu_is_readable(window, theme):
    menu, actions = open_menu(window, theme)
    for name, action in actions.items():
        assert contrast_in(image_of(menu, menu.actionGeometry(action))) >= READABLE, name
    # What is selected differs from what isn't.
    selected, plain = (
        colors_of(image_of(menu, menu.actionGeometry(actions[name]))).most_common(1)[0][0]
        for name in ("selected", "plain")
    )
    assert selected != plain
    menu.close()


@pytest.mark.parametrize("selected", [False, True])
def test_the_check_marks_of_the_windows_menus_are_drawn(window, theme, selected):
    window_actions = WindowActions(Icons(theme), window)
    preview_actions = PreviewActions(Icons(theme), window)
    actions = [*window_actions.for_palette(), *itertools.chain(*preview_actions.for_menus())]
    menu = QMenu(window)
    menu.addActions([action for action in actions if action.isCheckable()])
    assert len(menu.actions()) > 8
    menu.popup(QPoint(0, 0))
    for action in menu.actions():
        if selected:
            menu.setActiveAction(action)
        action.setChecked(True)
        place = menu.actionGeometry(action)
        checked = image_of(menu, place)
        if action.actionGroup() is not None:
            action.actionGroup().setExclusive(False)
        action.setChecked(False)
        assert mark_contrast(checked, image_of(menu, place)) >= DISCERNIBLE, action.text()
    menu.close()


def mark_contrast(checked: QImage, unchecked: QImage) -> float:
    """The most contrast of a pixel that is drawn only when the action is checked."""
    return max(
        (
            contrast(one, other)
            for x in range(checked.width())
            for y in range(checked.height())
            if (one := checked.pixelColor(x, y)) != (other := unchecked.pixelColor(x, y))
        ),
        default=1.0,
    )


def test_the_list_of_a_combo_box_is_readable(window, theme):
    box = QComboBox(window)
    box.addItems(["Workspace default", "On", "Off"])
    box.show()
    box.showPopup()
    view = box.view()
    for row in range(box.count()):
        line = view.visualRect(box.model().index(row, 0))
        assert contrast_in(image_of(view.viewport(), line)) >= READABLE, row
    selected, other = (
        colors_of(image_of(view.viewport(), view.visualRect(box.model().index(row, 0))))
        for row in (0, 1)
    )
    assert selected.most_common(1) != other.most_common(1)
    box.hidePopup()


def test_the_list_of_a_completer_is_readable_and_shows_all_rows(window, theme):
    field = QLineEdit(window)
    completer = make_completer(QStringListModel(["harbor-hotel", "harbor-inn"], field), field)
    field.setCompleter(completer)
    field.show()
    field.setText("harbor")
    completer.complete()
    popup = completer.popup()
    popup.setCurrentIndex(popup.model().index(0, 0))
    for row in range(2):
        line = popup.visualRect(popup.model().index(row, 0))
        assert popup.viewport().rect().contains(line), row
        assert contrast_in(image_of(popup.viewport(), line)) >= READABLE, row
    popup.hide()


@pytest.mark.parametrize("kind", ["", "primary", "secondary", "quiet", "link"])
def test_a_focus_ring_is_discernible(window, theme, qtbot, kind):
    buttons = [QPushButton("Copy link"), QPushButton("Send")]
    column = QVBoxLayout(window)
    for each in buttons:
        if kind:
            set_kind(each, kind)
        column.addWidget(each)
    buttons[0].setFocus()
    qtbot.waitUntil(buttons[0].hasFocus, timeout=5000)
    focused = image_of(buttons[0])
    buttons[1].setFocus()
    qtbot.waitUntil(buttons[1].hasFocus, timeout=5000)
    unfocused = image_of(buttons[0])
    middle = focused.height() // 2
    ring = focused.pixelColor(1, middle)
    around = theme.role(QPalette.ColorRole.Window)
    assert contrast(ring, around) >= DISCERNIBLE
    assert ring != unfocused.pixelColor(1, middle)
