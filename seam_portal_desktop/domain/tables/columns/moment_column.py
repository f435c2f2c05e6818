"""A column of dates and times. Its order of day and month comes from all its rows; its zone and
missing times come from each row's spaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from seam_portal_desktop.domain.request.resources import MISSING
from seam_portal_desktop.domain.tables.columns import moment_questions as questions
from seam_portal_desktop.domain.tables.columns.column_reader import SourceColumn
from seam_portal_desktop.domain.tables.columns.row_places import RowPlaces
from seam_portal_desktop.domain.tables.conversion import Question, Topic
from seam_portal_desktop.domain.tables.sheet import CellValue
from seam_portal_desktop.domain.tables.values.characters import cleaned
from seam_portal_desktop.domain.tables.values.clocks import DayClock, read_clock
from seam_portal_desktop.domain.tables.values.dates import (
    CERTAIN,
    MomentReading,
    is_instant,
    read_day,
    read_moment,
    read_serial,
)
from seam_portal_desktop.domain.tables.values.moments import in_zone, with_own_offset
from seam_portal_desktop.domain.tables.values.outcomes import WAITING, Noted, Outcome, Refusal
from seam_portal_desktop.domain.tables.values.zones import rfc3339_of, zone_named
from seam_portal_desktop.texts import _

_MONTHS = 12
_MIDNIGHT = DayClock(0)


class MomentColumn:
    """Reads the column when it is made. `questions` has what came up so far, so call `outcomes`
    first."""

    def __init__(self, source: SourceColumn) -> None:
        self._source = source
        self._is_start = source.target.column.path[-1] == "starts_at"
        self._readings = source.read(_read_cell)
        self._order_question = self._conclude_order()
        self._doubt_typed_dates()
        self._is_midnight = self._has_only_midnights()
        self._zone_examples: list[CellValue] = []
        self._dates_alone: list[CellValue] = []
        self._changed: list[tuple[str, CellValue]] = []

    def outcomes(self, places: Sequence[RowPlaces]) -> Sequence[Outcome]:
        """What becomes of the cells. `places` has those of each row below the heading."""
        found: list[Outcome] = []
        known: dict[tuple[int, tuple[str, ...]], Outcome] = {}
        for chunk in self._source.steps.chunks(len(places)):
            row = chunk.start
            for reading, place in zip(self._readings[chunk], places[chunk], strict=True):
                outcome = reading
                if isinstance(reading, MomentReading):
                    # Equal texts share their reading. A date alone needs more than the zones.
                    key = (id(reading), place.zones if reading.clock else tuple(place.spaces))
                    outcome = known.get(key)
                    if outcome is None:
                        outcome = known[key] = self._outcome(row, reading, place)
                found.append(outcome)
                row += 1
        return found

    def _outcome(self, row: int, reading: MomentReading, places: RowPlaces) -> Outcome:
        day = self._day(reading)
        if not isinstance(day, date):
            return day
        if reading.clock is None:
            return self._with_default_time(row, day, places)
        if self._is_midnight:
            return self._in_zone(row, day, self._chosen_clock() or reading.clock, places)
        if reading.offset:
            return with_own_offset(day, reading.clock, reading.offset)
        return self._in_zone(row, day, reading.clock, places)

    def questions(self) -> Iterator[Question]:
        """What the rows have raised so far."""
        source = self._source
        if self._order_question is not None:
            yield self._order_question
        if self._dates_alone:
            yield questions.missing_time(source, self._dates_alone, is_start=self._is_start)
        elif self._is_midnight:
            yield questions.midnight(source, is_start=self._is_start)
        if self._zone_examples:
            yield questions.time_zone(source, self._zone_examples)
        if self._changed:
            yield questions.changed_clocks(source, self._changed)

    def _conclude_order(self) -> Question | None:
        """Finds the order that all rows allow. Returns a question if there are several of them, and
        they make a difference, or if there is none."""
        days = {
            index: reading.days
            for index, reading in enumerate(self._readings)
            if isinstance(reading, MomentReading) and CERTAIN not in reading.days
        }
        kinds = [set(each) for each in {tuple(each) for each in days.values()}]
        common = set.intersection(*kinds) if kinds else set()
        self._order = next(iter(common)) if len(common) == 1 else None
        if not kinds or self._order is not None:
            return None
        choices = common or set().union(*kinds)
        unclear = [
            index
            for index, each in days.items()
            if not common or len({each[order] for order in choices}) > 1
        ]
        if not unclear:
            self._order = min(choices)
            return None
        answer = self._source.answer(Topic.DATE_ORDER)
        self._order = answer if answer in choices else None
        cells = [self._source.cells[index] for index in unclear]
        return questions.date_order(self._source, cells, days[unclear[0]], choices)

    def _doubt_typed_dates(self) -> None:
        """Refuses typed cells that a spreadsheet may have changed when it opened a text file.

        It makes dates of those texts that are one in its own order, and leaves the others texts:
        04/03/2026 becomes a date, 14/03/2026 doesn't. And it doesn't tell midnight from no time.
        """
        cells = self._source.cells
        typed = {index: cell for index, cell in enumerate(cells) if isinstance(cell, date)}
        if any(isinstance(cell, datetime) for cell in typed.values()):
            for index, cell in typed.items():
                if not isinstance(cell, datetime):
                    reason = _("This date has no time, unlike others in its column")
                    self._readings[index] = Refusal(reason)
        texts = [
            reading.days
            for reading in self._readings
            if isinstance(reading, MomentReading) and CERTAIN not in reading.days
        ]
        is_doubtful = (
            texts
            and all(len(days) == 1 for days in texts)
            and all(cell.day <= _MONTHS for cell in typed.values())
        )
        for index, cell in typed.items():
            if is_doubtful and cell.day != cell.month:
                reason = _("A spreadsheet may have swapped day and month of {date}; write it anew")
                day = f"{cell:%Y-%m-%d}"
                self._readings[index] = Refusal(reason.format(date=day))

    def _has_only_midnights(self) -> bool:
        """Whether several rows have times, and all are 00:00. Exports add such times to dates."""
        count = 0
        for reading in self._readings:
            if isinstance(reading, MomentReading) and reading.clock is not None:
                if reading.offset or reading.clock != _MIDNIGHT:
                    return False
                count += 1
            elif isinstance(reading, str):
                return False
        return count > 1

    def _day(self, reading: MomentReading) -> date | Outcome:
        days = reading.days
        if CERTAIN in days:
            return days[CERTAIN]
        if self._order is not None:
            return days.get(self._order) or _other_order(self._order)
        # No order is concluded, so there is a question.
        return WAITING

    def _with_default_time(self, row: int, day: date, places: RowPlaces) -> Outcome:
        """A date alone gets the check-in or check-out time of the row's spaces."""
        found: dict[str, str] = {}
        for key, facts in places.spaces.items():
            if text := facts.check_in if self._is_start else facts.check_out:
                found.setdefault(text, key)
        if len(found) > 1:
            return Refusal(_("The row’s spaces have different times; write a time as well"))
        if not found:
            self._dates_alone.append(self._source.cells[row])
            clock = self._chosen_clock()
            return WAITING if clock is None else self._in_zone(row, day, clock, places)
        text, key = next(iter(found.items()))
        clock = read_clock(text)
        if clock is None:
            return Refusal(_("The default time of {key} is wrong").format(key=key))
        moment = self._in_zone(row, day, clock, places)
        note = (
            _("{time} is the check-in time of {key}.")
            if self._is_start
            else _("{time} is the check-out time of {key}.")
        )
        return Noted(moment, note.format(time=text, key=key)) if isinstance(moment, str) else moment

    def _chosen_clock(self) -> DayClock | None:
        answer = self._source.answer(Topic.MISSING_TIME)
        return read_clock(answer) if answer else None

    def _in_zone(self, row: int, day: date, clock: DayClock, places: RowPlaces) -> Outcome:
        cell = self._source.cells[row]
        names = places.zones
        if not names:
            self._zone_examples.append(cell)
            names = (self._chosen_zone(),)
        found: list[tuple[str, str]] = []
        for name in names:
            zone = zone_named(name)
            if zone is None:
                return _unknown_zone(name, places)
            moments = in_zone(day, clock, zone)
            if isinstance(moments, Refusal):
                return moments
            found.append(moments)
        if any(each != found[0] for each in found):
            return Refusal(
                _(
                    "The row’s spaces are in different time zones; write the time with its offset, "
                    "such as 2026-03-14T15:00:00-04:00"
                )
            )
        earlier, later = found[0]
        if earlier == later:
            return earlier
        self._changed.append((names[0], cell))
        answer = self._source.answer(Topic.CHANGED_CLOCKS)
        return {"earlier": earlier, "later": later}.get(answer or "", WAITING)

    def _chosen_zone(self) -> str:
        answer = self._source.answer(Topic.TIME_ZONE)
        return answer if answer and zone_named(answer) else self._source.context.zone


def _read_cell(cell: CellValue) -> Outcome:
    if isinstance(cell, str):
        text = cleaned(cell)
        return text if is_instant(text) else read_moment(text) if text else MISSING
    if isinstance(cell, datetime):
        return _read_datetime(cell)
    if isinstance(cell, date):
        return read_day(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return read_serial(cell)
    return Refusal(_("This is no date; write it as 2026-03-14 15:00"))


def _read_datetime(moment: datetime) -> Outcome:
    if moment.tzinfo is not None:
        return rfc3339_of(moment)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    fraction = f"{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    reading = read_day(moment.date())
    if isinstance(reading, Refusal):
        return reading
    return MomentReading(reading.days, DayClock(seconds, fraction))


def _other_order(order: str) -> Refusal:
    form = questions.order_names()[order]
    return Refusal(_("This is no date in the order {order}").format(order=form))


def _unknown_zone(name: str, places: RowPlaces) -> Refusal:
    for key, facts in places.spaces.items():
        if facts.time_zone == name:
            return Refusal(
                _("The time zone of {key}, {zone}, isn’t known").format(key=key, zone=name[:40])
            )
    return Refusal(_("The time zone {zone} isn’t known").format(zone=name[:40]))
