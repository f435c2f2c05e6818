"""The dialog that asks for the days to filter by."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QPalette, QTextCharFormat
from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.filters.labels import KIND_TITLES
from seam_portal_desktop.ui.portals.filters.periods import (
    FIRST_DAY,
    LAST_DAY,
    dates_of,
    word_of_dates,
)
from seam_portal_desktop.ui.portals.filters.search_terms import FilterKind
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme


class DatesDialog(FormDialog):
    """A first and a last day, of which one may be left out. `before` is the word of now."""

    width_in_characters = 52

    def __init__(
        self, kind: FilterKind, before: str, theme: Theme, icons: Icons, parent: QWidget
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("{kind}: choose days").format(kind=KIND_TITLES[kind]))
        today = _date(QDate.currentDate())
        days = dates_of(before) or (today, today)
        self._first, self._first_field = self._add_day(_("From"), days[0])
        self._last, self._last_field = self._add_day(_("Until"), days[1])
        self._note = FieldNote(self._last_field, icons)
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self.set_submit(_("Show these days"), loud=False)
        self._first_field.setFocus()

    def word(self) -> str:
        """The days as a word."""
        first, last = (
            _date(field.date()) if box.isChecked() else None
            for box, field in (
                (self._first, self._first_field),
                (self._last, self._last_field),
            )
        )
        return word_of_dates(first, last)

    def submit(self) -> None:
        if self._is_in_order():
            self.accept()
        else:
            self._note.show_error(_("The last day is before the first one."))
            self._last_field.setFocus()

    def _is_in_order(self) -> bool:
        both = self._first.isChecked() and self._last.isChecked()
        return not both or self._first_field.date() <= self._last_field.date()

    def _add_day(self, title: str, day: date | None) -> tuple[QCheckBox, QDateEdit]:
        box = QCheckBox(title, self)
        field = QDateEdit(_q_date(day) if day else QDate.currentDate(), self)
        field.setCalendarPopup(True)
        field.setDateRange(_q_date(FIRST_DAY), _q_date(LAST_DAY))
        self._restyle(field)
        field.setAccessibleName(_("{title}, day").format(title=title))
        box.setChecked(day is not None)
        field.setEnabled(day is not None)
        box.toggled.connect(field.setEnabled)
        box.toggled.connect(self._on_edited)
        field.dateChanged.connect(self._on_edited)
        row = QHBoxLayout()
        row.setSpacing(Spacing.M)
        row.addWidget(box)
        row.addWidget(field, 1)
        self.body.addLayout(row)
        return box, field

    def _restyle(self, field: QDateEdit) -> None:
        """Qt's red for weekends can't be read on a dark window."""
        weekend = QTextCharFormat()
        weekend.setForeground(self.theme.role(QPalette.ColorRole.Text))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            field.calendarWidget().setWeekdayTextFormat(day, weekend)

    def _on_edited(self) -> None:
        self._note.clear()
        self.submit_button.setEnabled(self._first.isChecked() or self._last.isChecked())


def _date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _q_date(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
