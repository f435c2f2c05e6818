"""The line of filters above the list, and the search box of the window's top bar."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from seam_portal_desktop.domain.portal.query import UsedNames
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.filters.chip import FilterChip, RemovableChip
from seam_portal_desktop.ui.portals.filters.search_terms import (
    NEEDS_ATTENTION,
    FilterKind,
    Filters,
    SearchTerms,
    explain_unknown,
    parse_search,
    without_words,
    words_of,
)
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.ui.portals.filters.filter_menu import FilterMenu

_PAUSE_MS = 100
_WIDE_CHARACTERS = 66
"""In a narrower bar the button of saved filters has only its icon, so that a line is saved."""

ALL: frozenset[PortalStatus] = frozenset()

_CHIPS: tuple[tuple[str, frozenset[PortalStatus]], ...] = (
    (_("All"), ALL),
    (_("Active"), frozenset({PortalStatus.ACTIVE})),
    (_("Expiring"), frozenset({PortalStatus.EXPIRING})),
    (_("Expired"), frozenset({PortalStatus.EXPIRED})),
    (_("Needs attention"), NEEDS_ATTENTION),
    (_("Revoked"), frozenset({PortalStatus.REVOKED})),
)


_FIRST_VIEWS = {
    "active": frozenset({PortalStatus.ACTIVE}),
    "expiring": frozenset({PortalStatus.EXPIRING}),
    "expired": frozenset({PortalStatus.EXPIRED}),
    "attention": NEEDS_ATTENTION,
    "revoked": frozenset({PortalStatus.REVOKED}),
}


class FilterBar(QWidget):
    """One chip per group of statuses, a menu of other filters, and one chip for each that is set.

    No status chip is checked for a choice that has no chip. Arrow keys go from one to the next.
    The list's controllers connect the ``saved_button``.
    """

    changed = Signal(FilterKind)
    """The user changed this kind of filter."""

    names_wanted = Signal()
    """A menu of filters opened: it needs `set_names`."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.icons = icons
        self._statuses = ALL
        self._filters: dict[FilterKind, tuple[str, ...]] = {}
        self._names = UsedNames()
        self._menu: FilterMenu | None = None
        self._set_chips: dict[FilterKind, RemovableChip] = {}
        self.setAccessibleName(_("Filters"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = self._layout = FlowLayout(self, Spacing.XS + Spacing.XS // 2)
        self._group = QButtonGroup(self)
        self._chips: dict[frozenset[PortalStatus], FilterChip] = {}
        for word, statuses in _CHIPS:
            chip = FilterChip(word, theme, self)
            self._chips[statuses] = chip
            chip.setAutoExclusive(True)  # for its role; the group is what makes it exclusive
            self._group.addButton(chip)
            layout.addWidget(chip)
        self._chips[ALL].setChecked(True)
        self.add_button = QPushButton(icons.icon("plus"), _("Filter"), self)
        self.add_button.setAccessibleName(_("Add a filter"))
        self.saved_button = QPushButton(icons.icon("bookmark"), _("Saved"), self)
        self.saved_button.setAccessibleName(_("Saved filters"))
        self.saved_button.setToolTip(_("Saved filters"))
        for button in (self.add_button, self.saved_button):
            button.setAccessibleDescription(_("Opens a menu."))
            set_kind(button, "quiet")
            layout.addWidget(button)
        self.add_button.clicked.connect(self.open_menu)
        # Arrow keys check without a click, and a click on the checked chip changes nothing.
        self._group.buttonToggled.connect(self._on_toggled)

    def chip(self, statuses: frozenset[PortalStatus]) -> FilterChip:
        return self._chips[statuses]

    def statuses(self) -> frozenset[PortalStatus]:
        """The statuses that are listed; empty means all."""
        return self._statuses

    def filters(self) -> Filters:
        """The other filters that are set."""
        return self._filters

    def show_statuses(self, statuses: frozenset[PortalStatus]) -> None:
        """Set the statuses, and check their chip, if there is one, without emitting `changed`."""
        self._statuses = statuses
        self._group.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._group.setExclusive(False)
        for key, chip in self._chips.items():
            chip.setChecked(key == statuses)
        self._group.setExclusive(True)
        self._group.blockSignals(False)  # noqa: FBT003 - Qt's signature

    def show_filters(self, filters: Filters) -> None:
        """Set the other filters, without emitting `changed`."""
        if self._filters == filters:
            return
        # The window's own focus: the window may not be the active one.
        focused = self.window().focusWidget()
        focused_kind = next(
            (kind for kind, chip in self._set_chips.items() if chip is focused), None
        )
        for kind in [*self._set_chips]:
            if self._filters.get(kind) != filters.get(kind):
                chip = self._set_chips.pop(kind)
                chip.hide()
                chip.deleteLater()
        self._filters = dict(filters)
        for kind in FilterKind:
            if kind in filters and kind not in self._set_chips:
                self._add_chip(kind)
        if focused_kind is not None:
            self._set_chips.get(focused_kind, self.add_button).setFocus()
        self.updateGeometry()

    def set_names(self, names: UsedNames) -> None:
        """Set the creators and presets that the menu offers."""
        self._names = names
        if self._menu is not None:
            self._menu.set_names(names)

    def open_menu(self) -> None:
        """Open the menu of all filters."""
        self._open_menu(self.add_button, None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = event.size().width() >= self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        self.saved_button.setText(_("Saved") if has_room else "")

    def show_first_view(self, name: str) -> None:
        """Check the chip that the user wants at the start, without emitting `chosen`."""
        self.show_statuses(_FIRST_VIEWS.get(name, ALL))

    def set_counts(self, counts: Mapping[PortalStatus, int]) -> None:
        """Show how many rows each chip would list; a missing status counts as none."""
        for statuses, chip in self._chips.items():
            chip.set_count(sum(counts.get(status, 0) for status in statuses or PortalStatus))

    def _on_toggled(self, chip: FilterChip, checked: bool) -> None:  # noqa: FBT001 - Qt's signature
        if checked:
            self._statuses = next(key for key, each in self._chips.items() if each is chip)
            self.changed.emit(FilterKind.STATUS)

    def _add_chip(self, kind: FilterKind) -> None:
        from seam_portal_desktop.ui.portals.filters.labels import chip_text

        chip = RemovableChip(chip_text(kind, self._filters[kind]), self.theme, self)
        chip.removed.connect(partial(self._set_filter, kind, ()))
        chip.clicked.connect(lambda: self._open_menu(chip, kind))
        self._set_chips[kind] = chip
        self._layout.addWidget(chip)
        chip.show()

    def _set_filter(self, kind: FilterKind, values: tuple[str, ...]) -> None:
        filters = {**self._filters, kind: values}
        self.show_filters({each: filters[each] for each in filters if filters[each]})
        self.changed.emit(kind)

    def _open_menu(self, button: QWidget, kind: FilterKind | None) -> None:
        """Open the menu of all filters, or of one kind, below `button`."""
        from seam_portal_desktop.ui.portals.filters.filter_menu import FilterMenu

        menu = self._menu = FilterMenu(self._filters, self._names, kind, self)
        menu.chosen.connect(self._set_filter)
        menu.dates_wanted.connect(self._ask_for_dates)
        menu.aboutToHide.connect(self._forget_menu)
        self.names_wanted.emit()
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _forget_menu(self) -> None:
        self._menu = None

    def _ask_for_dates(self, kind: FilterKind) -> None:
        from seam_portal_desktop.ui.portals.filters.dates_dialog import DatesDialog

        (before,) = self._filters.get(kind, ("",))
        dialog = DatesDialog(kind, before, self.theme, self.icons, self.window())
        dialog.accepted.connect(lambda: self._set_filter(kind, (dialog.word(),)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class SearchBox(QLineEdit):
    """Searches customers and notes; words such as `status:active` or `tag:vip` filter."""

    terms_changed = Signal(SearchTerms)
    """Emitted after a short pause in typing, or at once with Enter."""

    results_wanted = Signal()
    """Down or Enter was pressed: the user wants to go to the results."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._emitted_terms = SearchTerms()
        self.setPlaceholderText(_("Search customers, notes…"))
        self.setAccessibleName(_("Search customers and notes"))
        self.setClearButtonEnabled(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.addAction(icons.icon("search", Tone.NEUTRAL), QLineEdit.ActionPosition.LeadingPosition)
        self._hint = self.addAction(
            icons.icon("info", Tone.WARNING), QLineEdit.ActionPosition.TrailingPosition
        )
        self._hint.setVisible(False)
        self._hint.triggered.connect(self._show_hint)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._emit_terms)
        self.textChanged.connect(self._pause.start)

    def terms(self) -> SearchTerms:
        return parse_search(self.text())

    def clear(self) -> None:
        """Empty the box without emitting `terms_changed`."""
        self.show_text("")

    def search_tag(self, tag: str) -> None:
        """Search the customers with this tag."""
        self.setText(words_of(SearchTerms(filters={FilterKind.TAG: (tag,)})))
        self._emit_terms()

    def drop_words(self, kinds: Collection[FilterKind]) -> None:
        """Remove the words of these kinds without emitting: chips replace them."""
        self.show_text(without_words(self.text(), kinds))

    def show_text(self, text: str) -> None:
        """Set the text without emitting `terms_changed`."""
        self.setText(text)
        self._pause.stop()
        self._emitted_terms = self.terms()
        self._update_hint(self._emitted_terms)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        hint.setWidth(self.fontMetrics().averageCharWidth() * 40)
        return hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            super().clear()
            self._emit_terms()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._emit_terms()
            self.results_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _emit_terms(self) -> None:
        self._pause.stop()
        terms = self.terms()
        if terms == self._emitted_terms:
            return
        unknown_before = self._emitted_terms.unknown
        self._emitted_terms = terms
        self._update_hint(terms)
        if terms.unknown and terms.unknown != unknown_before:
            self._show_hint()
        self.terms_changed.emit(terms)

    def _update_hint(self, terms: SearchTerms) -> None:
        sentence = explain_unknown(terms)
        self._hint.setVisible(bool(sentence))
        self._hint.setToolTip(sentence)
        self._hint.setText(sentence)
        self.setAccessibleDescription(sentence)

    def _show_hint(self) -> None:
        import html  # rarely needed, and it takes time at start

        sentence = html.escape(self.accessibleDescription())
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), sentence, self)
        announce(self, self.accessibleDescription())
