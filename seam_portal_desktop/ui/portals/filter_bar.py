"""The chips that filter by status, and the search box of the window's top bar."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QSizePolicy, QToolTip, QWidget

from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.ui.portals.chip import FilterChip
from seam_portal_desktop.ui.portals.search_terms import (
    NEEDS_ATTENTION,
    SearchTerms,
    explain_unknown,
    parse_search,
    without_statuses,
)
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_PAUSE_MS = 100

ALL: frozenset[PortalStatus] = frozenset()

_CHIPS: tuple[tuple[str, frozenset[PortalStatus]], ...] = (
    ("All", ALL),
    ("Active", frozenset({PortalStatus.ACTIVE})),
    ("Expiring", frozenset({PortalStatus.EXPIRING})),
    ("Expired", frozenset({PortalStatus.EXPIRED})),
    ("Needs attention", NEEDS_ATTENTION),
    ("Revoked", frozenset({PortalStatus.REVOKED})),
)


class FilterBar(QWidget):
    """One chip per group of statuses. None is checked for a choice that has no chip.

    Arrow keys go from chip to chip."""

    chosen = Signal(frozenset)
    """The user chose these statuses (`PortalStatus`); empty means all."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Filter by status")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = FlowLayout(self, Spacing.XS + Spacing.XS // 2)
        self._group = QButtonGroup(self)
        self._chips: dict[frozenset[PortalStatus], FilterChip] = {}
        for word, statuses in _CHIPS:
            chip = FilterChip(word, theme, self)
            self._chips[statuses] = chip
            self._group.addButton(chip)
            layout.addWidget(chip)
        self._chips[ALL].setChecked(True)
        # Arrow keys check without a click, and a click on the checked chip changes nothing.
        self._group.buttonToggled.connect(self._on_toggled)

    def chip(self, statuses: frozenset[PortalStatus]) -> FilterChip:
        return self._chips[statuses]

    def statuses(self) -> frozenset[PortalStatus]:
        """The statuses of the checked chip; empty means all."""
        for statuses, chip in self._chips.items():
            if chip.isChecked():
                return statuses
        return ALL

    def show_statuses(self, statuses: frozenset[PortalStatus]) -> None:
        """Check the chip of exactly these statuses, if there is one, without emitting `chosen`."""
        self._group.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._group.setExclusive(False)
        for key, chip in self._chips.items():
            chip.setChecked(key == statuses)
        self._group.setExclusive(True)
        self._group.blockSignals(False)  # noqa: FBT003 - Qt's signature

    def set_counts(self, counts: Mapping[PortalStatus, int]) -> None:
        """Show how many rows each chip would list; a missing status counts as none."""
        for statuses, chip in self._chips.items():
            chip.set_count(sum(counts.get(status, 0) for status in statuses or PortalStatus))

    def _on_toggled(self, chip: FilterChip, checked: bool) -> None:  # noqa: FBT001 - Qt's signature
        del chip
        if checked:
            self.chosen.emit(self.statuses())


class SearchBox(QLineEdit):
    """Searches customers and notes; words such as `status:active` or `tag:vip` filter."""

    terms_changed = Signal(SearchTerms)
    """Emitted after a short pause in typing, or at once with Enter."""

    results_wanted = Signal()
    """Down or Enter was pressed: the user wants to go to the results."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._emitted_terms = SearchTerms()
        self.setPlaceholderText("Search customers, notes…")
        self.setAccessibleName("Search customers and notes")
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
        self._set_silently("")

    def search_tag(self, tag: str) -> None:
        """Search the customers with this tag, and nothing else."""
        self.setText(f'tag:"{tag}"' if " " in tag else f"tag:{tag}")
        self._emit_terms()

    def drop_statuses(self) -> None:
        """Remove the status words without emitting: a chip replaces them."""
        self._set_silently(without_statuses(self.text()))

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

    def _set_silently(self, text: str) -> None:
        self.setText(text)
        self._pause.stop()
        self._emitted_terms = self.terms()
        self._update_hint(self._emitted_terms)

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
