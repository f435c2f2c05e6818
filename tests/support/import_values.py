"""Hand-made values of an import: a sheet, its mapping, its questions and its rows."""

from __future__ import annotations

from dataclasses import replace

from seam_portal_desktop.domain.request.resources import Column, ResourceKind, resource_kinds
from seam_portal_desktop.domain.request.verticals import vertical_named
from seam_portal_desktop.domain.tables.conversion import (
    AnswerOption,
    Question,
    RefusedCell,
    Topic,
)
from seam_portal_desktop.domain.tables.mapping import (
    ColumnTarget,
    MappedColumn,
    Match,
    SheetMapping,
)
from seam_portal_desktop.domain.tables.merge import MergeResult
from seam_portal_desktop.domain.tables.sheet import Sheet, TableFile
from seam_portal_desktop.ui.import_data.dialog import ImportDialog, ImportStep
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

VERTICAL = vertical_named("hospitality")
RESERVATIONS = next(kind for kind in resource_kinds() if kind.name == "reservations")
SHEET = Sheet(
    (
        ("Confirmation code", "Guest ID", "Room", "Arrival", "ID", "Key", "Notes", "# of adults"),
        ("r-1", "g-1", "101", "03/04/2026 15:00", "a", "1", "Łukasz comes late", "2"),
        ("r-2", "g-2", "102", "05/04/2026 15:00", "b", "2", "", "1"),
        ("r-3", "g-3", "103", "#N/A", "c", "3", "Zoë", "2"),
    ),
    (1, 2, 3, 4),
)
FILE = TableFile(
    "reservations-april.csv",
    SHEET,
    encoding="cp1250",
    encodings=("cp1250", "cp1252", "utf-8"),
    is_encoding_guessed=True,
    separator=",",
)


def column(path: str, kind: ResourceKind = RESERVATIONS) -> Column:
    return next(each for each in kind.columns if each.dotted == path)


def mapped(title: str, at: int, path: str, match: Match, *, must_ask: bool = False) -> MappedColumn:
    samples = tuple(str(row[at]) for row in SHEET.rows[1:] if row[at])
    target = ColumnTarget(column(path)) if path else None
    return MappedColumn(title, samples, target, match, must_ask)


MAPPING = SheetMapping(
    RESERVATIONS,
    0,
    (
        mapped("Confirmation code", 0, "name", Match.SYNONYM),
        mapped("Guest ID", 1, "guest_key", Match.ALIKE),
        mapped("Room", 2, "room_keys", Match.SYNONYM),
        mapped("Arrival", 3, "starts_at", Match.REMEMBERED),
        mapped("ID", 4, "reservation_key", Match.SYNONYM, must_ask=True),
        mapped("Key", 5, "reservation_key", Match.SYNONYM, must_ask=True),
        replace(
            mapped("Notes", 6, "", Match.CHOSEN),
            target=ColumnTarget(column("custom_metadata"), "Notes"),
        ),
        mapped("# of adults", 7, "", Match.NONE),
    ),
)
ZONES = tuple(
    AnswerOption(name, name)
    for name in ("Europe/Berlin", "Europe/Paris", "America/New_York", "Asia/Tokyo", "Asia/Dubai",
                 "Europe/Warsaw", "Europe/Vienna")
)  # fmt: skip
DATE_ORDER = Question(
    3,
    Topic.DATE_ORDER,
    "Is 03/04/2026 the 3rd of April or the 4th of March?",
    ("03/04/2026 15:00", "05/04/2026 15:00"),
    (AnswerOption("dmy", "3 April 2026"), AnswerOption("mdy", "March 4, 2026")),
)
TIME_ZONE = Question(
    3,
    Topic.TIME_ZONE,
    "In which time zone are these times?",
    ("15:00", "11:00"),
    ZONES,
    default="Europe/Berlin",
)
QUESTIONS = (DATE_ORDER, TIME_ZONE)
REFUSED = (RefusedCell(3, 3, 4, "The file has an error here instead of a value"),)
ROWS = tuple(
    {
        "reservation_key": f"r-{at}",
        "name": f"Stay {at}",
        "guest_key": f"g-{at}",
        "room_keys": [f"{100 + at}"],
        "starts_at": f"2026-04-{at + 1:02}T15:00:00+02:00",
    }
    for at in range(1, 25)
)
RESULT = MergeResult(
    ROWS,
    added=12,
    updated=3,
    unchanged=9,
    removed=0,
    changed={
        **{at: frozenset(ROWS[at]) for at in range(12)},
        **{at: frozenset({"starts_at"}) for at in range(12, 15)},
    },
)


def import_dialog(theme: Theme, icons: Icons) -> ImportDialog:
    dialog = ImportDialog(theme, icons)
    dialog.set_source(FILE.name, 3, 8)
    dialog.columns.source.set_kinds(resource_kinds(), RESERVATIONS, VERTICAL)
    dialog.columns.source.set_file(FILE)
    dialog.columns.source.set_heading(SHEET, 0)
    dialog.columns.set_kind(RESERVATIONS, VERTICAL)
    dialog.columns.set_mapping(MAPPING)
    dialog.questions.set_questions(QUESTIONS, [each.title for each in MAPPING.columns], {})
    dialog.set_has_questions(True)
    dialog.review.set_columns(RESERVATIONS.columns, VERTICAL)
    return dialog


def columns_step(theme: Theme, icons: Icons) -> ImportDialog:
    dialog = import_dialog(theme, icons)
    dialog.show_step(ImportStep.COLUMNS)
    return dialog


def questions_step(theme: Theme, icons: Icons) -> ImportDialog:
    dialog = import_dialog(theme, icons)
    dialog.show_step(ImportStep.QUESTIONS)
    return dialog


def review_step(theme: Theme, icons: Icons) -> ImportDialog:
    dialog = import_dialog(theme, icons)
    dialog.review.set_existing(12)
    dialog.review.set_problems(REFUSED, (), SHEET, [each.title for each in MAPPING.columns])
    dialog.review.set_result(
        RESULT, sorted(RESULT.changed), {0: {"starts_at": "The check-in time of the room"}}
    )
    dialog.set_row_count(24)
    dialog.show_step(ImportStep.REVIEW)
    return dialog


SHOTS = {"columns": columns_step, "questions": questions_step, "review": review_step}
