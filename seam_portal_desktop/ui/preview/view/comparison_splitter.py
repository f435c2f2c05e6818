"""One preview, or two. They are beside each other if there is room, else below each other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView
from seam_portal_desktop.ui.preview.view.states import PreviewMessage

# The width that two pages beside each other need, in characters.
_WIDE_ENOUGH = 80


class ComparisonSplitter(QSplitter):
    """The second view is made when it is first needed and hidden when it is not."""

    view_made = Signal(object)  # PreviewView: the second

    def __init__(
        self, make_view: Callable[[int], PreviewView], parent: QWidget | None = None
    ) -> None:
        """`make_view` gets the index of the view, 0 or 1."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._make_view = make_view
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setProperty("kind", "comparison")
        self.views = [make_view(0)]
        self.addWidget(self.views[0])

    @property
    def first(self) -> PreviewView:
        return self.views[0]

    @property
    def second(self) -> PreviewView | None:
        """None while it isn't shown."""
        return self.views[1] if self.is_comparing else None

    @property
    def is_comparing(self) -> bool:
        return len(self.views) > 1 and not self.views[1].isHidden()

    def open_second(self, *, uneven: bool) -> PreviewView:
        """Show the second view, and give each view half the room.

        `uneven` gives the second one more width, which a desktop needs beside a phone.
        """
        if len(self.views) == 1:
            second = self._make_view(1)
            second.address_bar.close_button.show()
            self.views.append(second)
            self.addWidget(second)
            self.view_made.emit(second)
        self.views[1].show()
        is_horizontal = self.orientation() is Qt.Orientation.Horizontal
        room = self.width() if is_horizontal else self.height()
        share = room // 3 if is_horizontal and uneven else room // 2
        self.setSizes([share, room - share])
        return self.views[1]

    def close_second(self) -> None:
        """End the second view's page and hide it."""
        if self.second is not None:
            self.second.show_message(PreviewMessage.EMPTY)
            self.views[1].hide()

    def update_captions(self) -> None:
        """Show on each view how its portal differs from the other's, if there are two."""
        one = self.first.target
        two = self.second.target if self.second is not None else None
        captions = _differences(one, two) if one is not None and two is not None else ("", "")
        for view, text in zip(self.views, captions, strict=False):
            view.safety_banner.set_caption(text)

    def update_orientation(self, width: int) -> None:
        """Put the views beside each other where `width` is enough, else below each other."""
        wide = width >= _WIDE_ENOUGH * self.fontMetrics().averageCharWidth()
        self.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)


def _differences(one: PreviewTarget, two: PreviewTarget) -> tuple[str, str]:
    """The captions of two portals. They are empty if people would see no difference."""
    if one.customer_key != two.customer_key:
        return one.customer_key, two.customer_key
    first, second = (
        (target.request.locale if target.request is not None else None) or "Customer’s language"
        for target in (one, two)
    )
    return (str(first), str(second)) if first != second else ("", "")
