"""The focus and the selection can be seen in both schemes; popups are in test_popups.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QListWidget,
    QRadioButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.ui.portals.filters.chip import FilterChip
from seam_portal_desktop.ui.portals.model import PortalTableModel
from seam_portal_desktop.ui.portals.table import PortalTable
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import (
    DISCERNIBLE,
    READABLE,
    Theme,
    contrast,
    set_kind,
)
from tests.support.portal_rows import SettableClock, created, page

SCHEMES = [Qt.ColorScheme.Light, Qt.ColorScheme.Dark]


@pytest.fixture(params=SCHEMES, ids=["light", "dark"])
def theme(qapp, request):
    before = qapp.styleSheet(), qapp.palette()
    theme = Theme(qapp)
    theme.force_scheme(request.param)
    yield theme
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    theme.deleteLater()


@pytest.fixture
def window(theme, qtbot):
    window = QWidget()
    QVBoxLayout(window)
    qtbot.addWidget(window)
    return window


def tabs(_theme: Theme) -> QTabBar:
    bar = QTabBar()
    set_kind(bar, "tabs")
    bar.addTab("Preview")
    return bar


def choices(_theme: Theme) -> QListWidget:
    choices = QListWidget()
    set_kind(choices, "choices")
    choices.addItem("Rooms")
    return choices


def segments(_theme: Theme) -> Segments:
    return Segments([Segment("on", "On", "On")])


CONTROLS: dict[str, Callable[[Theme], QWidget]] = {
    "field": lambda _theme: QLineEdit(),
    "check box": lambda _theme: QCheckBox("Remember"),
    "radio button": lambda _theme: QRadioButton("CSV"),
    "filter": lambda theme: FilterChip("Active", theme),
    "segment": segments,
    "icon": lambda theme: IconButton(Icons(theme).icon("copy"), "Copy"),
    "fold": lambda theme: Fold("Features", Icons(theme)),
    "tabs": tabs,
    "list": choices,
}


@pytest.mark.parametrize("control", CONTROLS)
def test_the_focus_can_be_seen(window, theme, qtbot, control):
    owner = CONTROLS[control](theme)
    parts = {"segment": "checked_button", "fold": "header"}
    made = getattr(owner, parts[control]) if control in parts else owner
    other = QLineEdit()
    for widget in (other, owner):
        window.layout().addWidget(widget)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    before = made.grab().toImage()
    made.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(made.hasFocus)
    after = made.grab().toImage()

    surfaces = [theme.role(role) for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base)]
    ring = {
        color: count
        for color, count in changed(before, after).items()
        if all(contrast(QColor(color), surface) >= DISCERNIBLE for surface in surfaces)
    }
    assert sum(ring.values()) > 40, "it is more than a few pixels"


def changed(before: QImage, after: QImage) -> Counter[str]:
    """The new colours of the pixels that differ."""
    assert before.size() == after.size()
    points = [(x, y) for x in range(after.width()) for y in range(after.height())]
    return Counter(
        after.pixelColor(*point).name()
        for point in points
        if after.pixelColor(*point) != before.pixelColor(*point)
    )


@pytest.mark.parametrize("has_focus", [True, False])
def test_each_text_of_a_selected_row_is_readable(window, theme, qtbot, has_focus):
    model = PortalTableModel(SettableClock())
    model.set_page(page(created("a"), created("b", "old-mill")))
    table = PortalTable(model, theme, Icons(theme))
    other = QLineEdit()
    for widget in (other, table):
        window.layout().addWidget(widget)
    window.resize(900, 300)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    table.select("b")
    (table if has_focus else other).setFocus()
    row = model.row_of("b")
    for column in (PortalColumn.CUSTOMER_KEY, PortalColumn.STATUS, PortalColumn.EXPIRES):
        cell = table.visualRect(model.index(row, list(PortalColumn).index(column)))
        image = table.viewport().grab(cell.adjusted(4, 2, -4, -2)).toImage()
        colors = Counter(
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
        )
        behind = QColor(colors.most_common(1)[0][0])
        assert behind != theme.role(QPalette.ColorRole.Base), "it is selected"
        assert max(contrast(QColor(each), behind) for each in colors) >= READABLE, column
