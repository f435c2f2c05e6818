"""The list and one portal beside each other, or one of them alone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from seam_portal_desktop.ui.shell.view_state import restore_sizes
from seam_portal_desktop.ui.toolkit.theme import set_kind

_FIRST_SIZES = [600, 680]
_WIDE = 1100
"""The window's width from which both are beside each other, in pixels at 96 dpi."""


class ListAndPortal(QSplitter):
    """Two slots, blank until `set_list` and `set_portal`.

    In a narrow window the portal is a page in place of the list, once it is opened. In focus mode
    it is alone in every window. In a wide window the user can hide it. Without ``has_portals``
    there is only the list.
    """

    rearranged = Signal()
    """Another part may be shown now."""
    focus_hidden = Signal()
    """The part that had the focus was hidden. Emitted after `rearranged`."""

    def __init__(self, *, has_portals: bool) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.is_open = False
        self.is_focused = False
        self._has_portals = has_portals
        self._is_wanted = True
        self._sizes_of_both = _FIRST_SIZES
        for index, stretch in enumerate((2, 3)):
            self.addWidget(_empty_slot())
            self.setStretchFactor(index, stretch)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        set_kind(self, "columns")
        self.setSizes(_FIRST_SIZES)

    def set_list(self, widget: QWidget) -> None:
        self._fill(0, widget)

    def set_portal(self, widget: QWidget) -> None:
        self._fill(1, widget)

    def set_has_portals(self, has_portals: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self._has_portals = has_portals
        self.arrange()

    def set_wanted(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Whether a wide window shows the portal."""
        self._is_wanted = wanted
        self.arrange()

    def set_open(self, is_open: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Whether a narrow window shows the portal in place of the list."""
        self.is_open = is_open
        self.arrange()

    def set_focused(self, focused: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Start or end the focus mode."""
        self.is_focused = focused
        self.arrange()

    def is_narrow(self) -> bool:
        return self.window().width() < _WIDE * self.logicalDpiX() / 96

    def arrange(self) -> None:
        """Show the list, the portal or both, and emit `rearranged`."""
        self._sizes_of_both = self.save_sizes()
        narrow = self.is_narrow()
        wanted = self.is_open if narrow else self._is_wanted
        has_portal = self._has_portals and (wanted or self.is_focused)
        has_list = not (has_portal and (narrow or self.is_focused))
        focused, hides_focus = self.window().focusWidget(), False
        for index, is_shown in enumerate((has_list, has_portal)):
            part = self.widget(index)
            if part is not None:
                hides_focus |= not is_shown and focused is not None and part.isAncestorOf(focused)
                part.setVisible(is_shown)
        if has_list and has_portal and not all(self.sizes()):
            self.setSizes(self._sizes_of_both)
        self.rearranged.emit()
        if hides_focus:
            self.focus_hidden.emit()

    def save_sizes(self) -> list[int]:
        """The widths of both; while one is hidden, those that they had before."""
        sizes = self.sizes()
        is_laid_out = self.window().testAttribute(Qt.WidgetAttribute.WA_WState_Created)
        return sizes if is_laid_out and all(sizes) else self._sizes_of_both

    def restore_sizes(self, state: object) -> bool:
        """Apply what `save_sizes` returned; False, without a change, if it can't be used."""
        if not restore_sizes(self, state):
            return False
        self._sizes_of_both = list(state)  # type: ignore[call-overload]
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def _fill(self, index: int, widget: QWidget) -> None:
        sizes = self.sizes()
        slot = self.replaceWidget(index, widget)
        if slot is not None:
            self.setStretchFactor(index, slot.sizePolicy().horizontalStretch())
            widget.setHidden(slot.isHidden())
            self.setSizes(sizes)
            slot.deleteLater()


def _empty_slot() -> QWidget:
    slot = QWidget()
    slot.setAutoFillBackground(True)
    slot.setBackgroundRole(QPalette.ColorRole.Base)
    return slot
