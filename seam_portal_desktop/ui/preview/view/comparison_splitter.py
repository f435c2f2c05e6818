"""One preview, or two: beside each other, below each other, or behind two tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabBar, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.settings import LEAST_READABLE, EmulatedDevice
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView
from seam_portal_desktop.ui.preview.view.states import PreviewMessage
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_LEAST_WIDTH = 340
"""Of a page without a device, in pixels."""

_LEAST_HEIGHT = 420
"""Of a preview with its address and its mode, in pixels."""


class Arrangement(Enum):
    """Where the second preview is."""

    BESIDE = auto()
    BELOW = auto()
    TABS = auto()


def arrangement_for(room: QSize, devices: Sequence[EmulatedDevice | None]) -> Arrangement:
    """The first one in which both devices can be read without panning."""
    if room.width() >= sum(map(_least_width, devices)):
        return Arrangement.BESIDE
    if room.height() >= len(devices) * _LEAST_HEIGHT:
        return Arrangement.BELOW
    return Arrangement.TABS


class ComparisonSplitter(QSplitter):
    """The second view is made when it is first needed and hidden when it is not.

    The ``tabs`` belong into the layout above it. They are shown if only one of two views is.
    """

    view_made = Signal(object)  # PreviewView: the second
    view_chosen = Signal(int)  # by its tab

    def __init__(
        self, make_view: Callable[[int], PreviewView], parent: QWidget | None = None
    ) -> None:
        """`make_view` gets the index of the view, 0 or 1."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._make_view = make_view
        self._devices: list[EmulatedDevice | None] = [None, None]
        self._arrangement = Arrangement.BESIDE
        self.is_comparing = False
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setProperty("kind", "comparison")
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        set_kind(self.tabs, "tabs")
        self.tabs.setAccessibleName(_("Compared previews"))
        self.tabs.hide()
        for _unused in range(2):
            self.tabs.addTab("")
        self.tabs.currentChanged.connect(lambda _: self._arrange(anew=True))
        self.views = [make_view(0)]
        self.addWidget(self.views[0])

    @property
    def first(self) -> PreviewView:
        return self.views[0]

    @property
    def second(self) -> PreviewView | None:
        """None while nothing is compared."""
        return self.views[1] if self.is_comparing else None

    def open_second(self) -> PreviewView:
        """Show the second view, and divide the room."""
        if len(self.views) == 1:
            second = self._make_view(1)
            second.address_bar.close_button.show()
            self.views.append(second)
            self.addWidget(second)
            self.view_made.emit(second)
        # The first page is loaded already, and a hidden page paints nothing.
        self.tabs.setCurrentIndex(1)
        self.is_comparing = True
        self._arrange(anew=True)
        return self.views[1]

    def close_second(self) -> None:
        """End the second view's page and hide it."""
        if self.second is not None:
            self.second.show_message(PreviewMessage.EMPTY)
            self.is_comparing = False
            self._arrange(anew=True)

    def set_devices(self, devices: Sequence[EmulatedDevice | None]) -> None:
        """Set the devices of both views, on which the division of the room depends."""
        if list(devices) != self._devices:
            self._devices = list(devices)
            self.update_captions()
            self._arrange(anew=True)

    def update_captions(self) -> None:
        """Show on each view how its portal differs from the other's, if there are two."""
        one = self.first.target
        two = self.second.target if self.second is not None else None
        captions = _differences(one, two) if one is not None and two is not None else ("", "")
        for view, text in zip(self.views, captions, strict=False):
            view.safety_banner.set_caption(text)
        names = [device.name if device is not None else _("Fit") for device in self._devices]
        if names[0] == names[1]:
            names = [_("First"), _("Second")]
        for index, name in enumerate(names):
            self.tabs.setTabText(index, captions[index] or name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self, *, anew: bool = False) -> None:
        """Divide the room. Without `anew` this does nothing while the arrangement stays."""
        arrangement = Arrangement.BESIDE
        if self.is_comparing:
            room = self.size()
            if not self.tabs.isHidden():
                room.setHeight(room.height() + self.tabs.sizeHint().height())
            arrangement = arrangement_for(room, self._devices)
        if arrangement is self._arrangement and not anew:
            return
        self._arrangement = arrangement
        has_tabs = arrangement is Arrangement.TABS
        self.tabs.setVisible(has_tabs)
        shown = self.tabs.currentIndex() if has_tabs else None
        for index, view in enumerate(self.views):
            view.setVisible(shown in (None, index) if self.is_comparing else index == 0)
        is_below = arrangement is Arrangement.BELOW
        self.setOrientation(Qt.Orientation.Vertical if is_below else Qt.Orientation.Horizontal)
        if has_tabs:
            self.view_chosen.emit(shown)
        elif self.is_comparing:
            halves = [1, 1]
            self.setSizes(halves if is_below else _widths(self.width(), self._devices))


def _least_width(device: EmulatedDevice | None) -> int:
    around = 2 * Spacing.M
    return round(device.width * LEAST_READABLE) + around if device else _LEAST_WIDTH


def _widths(room: int, devices: Sequence[EmulatedDevice | None]) -> list[int]:
    """Each device gets what it needs, and the rest goes to those that aren't at 100 % yet."""
    least = [_least_width(device) for device in devices]
    missing = [
        max(0, (device.width if device else room) - width)
        for device, width in zip(devices, least, strict=True)
    ]
    rest = max(0, room - sum(least))
    return [
        width + rest * more // max(1, sum(missing))
        for width, more in zip(least, missing, strict=True)
    ]


def _differences(one: PreviewTarget, two: PreviewTarget) -> tuple[str, str]:
    """The captions of two portals. They are empty if people would see no difference."""
    if one.customer_key != two.customer_key:
        return one.customer_key, two.customer_key
    first, second = (
        (target.request.locale if target.request is not None else None) or _("Customer’s language")
        for target in (one, two)
    )
    return (str(first), str(second)) if first != second else ("", "")
