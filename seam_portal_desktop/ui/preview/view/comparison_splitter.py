"""One screen, or two beside each other where there is room, and below each other where not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView
from seam_portal_desktop.ui.preview.view.states import PreviewMessage

# In characters: two pages beside each other need as much to be of use.
_WIDE_ENOUGH = 80


class ComparisonSplitter(QSplitter):
    """The second screen is made when it is first needed and hidden when it is not."""

    def __init__(
        self, make_screen: Callable[[int], PreviewView], parent: QWidget | None = None
    ) -> None:
        """`make_screen` is given the side, 0 or 1."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._make_screen = make_screen
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setProperty("kind", "sides")
        self.screens = [make_screen(0)]
        self.addWidget(self.screens[0])

    @property
    def first(self) -> PreviewView:
        return self.screens[0]

    @property
    def second(self) -> PreviewView | None:
        """None while it isn't shown."""
        return self.screens[1] if self.is_comparing else None

    @property
    def is_comparing(self) -> bool:
        return len(self.screens) > 1 and not self.screens[1].isHidden()

    def open_second(self, *, uneven: bool) -> PreviewView:
        """Half the room for each; `uneven` gives the second more width, as a desktop needs beside
        a phone."""
        if len(self.screens) == 1:
            second = self._make_screen(1)
            second.set_closable()
            self.screens.append(second)
            self.addWidget(second)
        self.screens[1].show()
        lying = self.orientation() is Qt.Orientation.Horizontal
        room = self.width() if lying else self.height()
        share = room // 3 if lying and uneven else room // 2
        self.setSizes([share, room - share])
        return self.screens[1]

    def close_second(self) -> None:
        """End its page."""
        if self.second is not None:
            self.second.show_message(PreviewMessage.EMPTY)
            self.screens[1].hide()

    def tell_apart(self) -> None:
        """Say on each screen what tells its portal from the other's, if there are two."""
        one = self.first.target
        two = self.second.target if self.second is not None else None
        words = _differences(one, two) if one is not None and two is not None else ("", "")
        for screen, text in zip(self.screens, words, strict=False):
            screen.set_caption(text)

    def fit(self, width: int) -> None:
        """Lie or stand, as a pane of that width allows."""
        wide = width >= _WIDE_ENOUGH * self.fontMetrics().averageCharWidth()
        self.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)


def _differences(one: PreviewTarget, two: PreviewTarget) -> tuple[str, str]:
    """What to call two portals so that nobody takes the one for the other."""
    if one.customer_key != two.customer_key:
        return one.customer_key, two.customer_key
    first, second = (
        (target.request.locale if target.request is not None else None) or "Customer’s language"
        for target in (one, two)
    )
    return (str(first), str(second)) if first != second else ("", "")
