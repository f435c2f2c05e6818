"""The menu of filters: a kind, then its values."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from seam_portal_desktop.domain.portal.query import UsedNames
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.filters.labels import KIND_TITLES, VALUE_TITLES, name_title
from seam_portal_desktop.ui.portals.filters.periods import dates_of
from seam_portal_desktop.ui.portals.filters.search_terms import NO_NAME, FilterKind, Filters
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, shortened

_WITH_DAYS = (FilterKind.CREATED, FilterKind.EXPIRES)
_WITH_NAMES = (FilterKind.CREATOR, FilterKind.PRESET)
_WITH_MANY_VALUES = (*_WITH_NAMES, FilterKind.PREVIEW)
_ENCRYPTED = (FilterKind.TAG, FilterKind.TO)
_LONGEST = 44  # characters


class FilterMenu(QMenu):
    """Shows `filters`, and offers to change them: all, or only those of one kind."""

    chosen = Signal(FilterKind, tuple)
    """The values that this kind of filter shall have; none removes it."""

    dates_wanted = Signal(FilterKind)
    """The user wants to enter the days."""

    def __init__(
        self, filters: Filters, names: UsedNames, kind: FilterKind | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._filters = filters
        self._menus: dict[FilterKind, QMenu] = {}
        if kind is None:
            self.setAccessibleName(_("Add a filter"))
            for each, title in KIND_TITLES.items():
                if each not in _ENCRYPTED:  # the ledger can't list them
                    self._menus[each] = self.addMenu(title)
        else:
            self.setAccessibleName(KIND_TITLES[kind])
            self._menus[kind] = self
        for each in self._menus:
            self._fill(each, names)

    def set_names(self, names: UsedNames) -> None:
        """Offer these names of creators and presets."""
        for kind in _WITH_NAMES:
            if kind in self._menus:
                self._menus[kind].clear()
                self._fill(kind, names)

    def _fill(self, kind: FilterKind, names: UsedNames) -> None:
        menu, now = self._menus[kind], self._filters.get(kind, ())
        for value, title in self._values(kind, names).items():
            action = menu.addAction(in_menu(shortened(title, _LONGEST)))
            action.setCheckable(True)
            action.setChecked(value in now)
            action.triggered.connect(partial(self._choose, kind, value))
        if kind in _WITH_DAYS:
            action = menu.addAction(_("Choose days…"))
            action.setCheckable(True)
            action.setChecked(any(dates_of(value) for value in now))
            action.triggered.connect(partial(self._want_dates, kind))
        if now:
            menu.addSeparator()
            menu.addAction(_("Remove this filter")).triggered.connect(
                lambda: self.chosen.emit(kind, ())
            )

    def _values(self, kind: FilterKind, names: UsedNames) -> dict[str, str]:
        """The values to offer, and their titles."""
        if kind in _ENCRYPTED:
            return {value: value for value in self._filters.get(kind, ())}
        if kind not in _WITH_NAMES:
            return dict(VALUE_TITLES[kind])
        known = names.creators if kind is FilterKind.CREATOR else names.presets
        # What is set now may have been typed.
        values = dict.fromkeys((*known, *self._filters.get(kind, ()), NO_NAME))
        return {value: name_title(kind, value) for value in values}

    def _choose(self, kind: FilterKind, value: str) -> None:
        now = self._filters.get(kind, ())
        if value in now:
            self.chosen.emit(kind, tuple(each for each in now if each != value))
        else:
            self.chosen.emit(kind, (*now, value) if kind in _WITH_MANY_VALUES else (value,))

    def _want_dates(self, kind: FilterKind) -> None:
        self.dates_wanted.emit(kind)
