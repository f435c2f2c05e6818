"""One import: from the file or the pasted cells to the rows of the table."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.request.resources import Column, Row
from seam_portal_desktop.domain.tables.conversion import (
    ConvertedRows,
    Topic,
)
from seam_portal_desktop.domain.tables.guess import (
    best_mapping,
    better_kind,
    headless_mapping,
    with_heading,
)
from seam_portal_desktop.domain.tables.mapping import ColumnTarget, SheetMapping, with_target
from seam_portal_desktop.domain.tables.plan import ImportChoices, ImportPlan, plan_import
from seam_portal_desktop.domain.tables.sheet import Progress, ReadOptions, Sheet, TableFile
from seam_portal_desktop.services.import_tables import ImportTablesService
from seam_portal_desktop.services.table_mappings import TableMappings
from seam_portal_desktop.services.worker_thread import in_thread
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.import_data.destination import ImportDestination
from seam_portal_desktop.ui.import_data.dialog import ImportDialog, ImportStep
from seam_portal_desktop.ui.import_data.words import column_title
from seam_portal_desktop.ui.toolkit.form_parts import isolate, number, shortened
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file, list_separator
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_TASK = "import"
_SAVE = "save problems"
_NAME_CHARACTERS = 40


class ImportRun(QObject):
    """Joins one ImportDialog to the services. Each step is computed in a thread. Only the latest
    computation counts. `imported` carries the confirmed SheetMapping."""

    imported = Signal(object)

    def __init__(
        self,
        dialog: ImportDialog,
        destination: ImportDestination,
        tables: ImportTablesService,
        mappings: TableMappings,
        scope: TaskScope,
    ) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._destination = destination
        self._tables = tables
        self._mappings = mappings
        self._scope = scope
        self._kind = destination.shown_kind()
        self._path: Path | None = None
        self._any_kind = False
        self._at: int | None = None
        self._file = TableFile("", Sheet((), ()))
        self._mapping = SheetMapping(self._kind, None, ())
        self._answers: dict[tuple[int, Topic], str] = {}
        self._converted = ConvertedRows((), (), ())
        self._plan: ImportPlan | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_reading = False
        """Other columns will be shown in a moment."""
        source = dialog.columns.source
        source.options_chosen.connect(
            lambda options: self._start_reading(partial(self._read, options))
        )
        source.heading_chosen.connect(self._on_heading_chosen)
        source.kind_chosen.connect(self._on_kind_chosen)
        dialog.columns.target_chosen.connect(self._on_target_chosen)
        dialog.questions.answered.connect(self._on_answered)
        dialog.review.merge_chosen.connect(lambda: self._start(self._make_plan))
        dialog.review.save_requested.connect(self._save_problems)
        dialog.continue_requested.connect(self._on_continue)
        dialog.back_requested.connect(self._on_back)
        dialog.finished.connect(self._on_finished)

    def read_file(self, path: Path, *, any_kind: bool) -> None:
        """With `any_kind` the kind follows from the titles, and is shown."""
        self._path, self._any_kind = path, any_kind
        self._dialog.set_source(path.name)
        self._start_reading(partial(self._read, ReadOptions(), may_skip=not any_kind))

    def use_cells(self, sheet: Sheet) -> None:
        """Take pasted cells that have titles."""
        self._file = TableFile(_("Pasted cells"), sheet)
        self._start_reading(partial(self._guess, may_skip=True))

    def place_cells(self, sheet: Sheet, at: int, columns: Sequence[Column]) -> None:
        """Take pasted cells without titles, which go over the rows from `at` on, to `columns`."""
        self._file = TableFile(_("Pasted cells"), sheet)
        self._at = at
        self._mapping = headless_mapping(sheet, self._kind, columns)
        self._start(self._show_placed)

    async def _read(self, options: ReadOptions, *, may_skip: bool = False) -> None:
        if self._path is None:
            return
        try:
            self._file = await self._tables.read(self._path, options, self._dialog.set_progress)
        except UserFacingError:
            if self._mapping.columns:
                self._show_source()  # how the columns below were read
            raise
        await self._guess(may_skip=may_skip)

    async def _guess(self, *, may_skip: bool = False) -> None:
        """Map the columns. With `may_skip`, a certain mapping isn't shown."""
        sheet = self._file.sheet
        all_kinds = self._destination.kinds()
        kinds = all_kinds if self._any_kind else [self._kind]
        known = [each for kind in kinds for each in self._mappings.known(kind.name)]
        self._mapping = await in_thread(lambda _progress: best_mapping(sheet, kinds, known))
        self._kind, self._any_kind = self._mapping.kind, False
        mapping = self._mapping
        other = await in_thread(lambda _progress: better_kind(sheet, mapping, all_kinds))
        self._dialog.columns.source.show_better_kind(other, self._destination.vertical)
        self._answers.clear()
        self._is_reading = False
        self._show_source()
        if may_skip and not other and mapping.is_certain and not self._file.is_encoding_guessed:
            await self._go_on()
        else:
            self._dialog.show_step(ImportStep.COLUMNS)

    async def _show_placed(self) -> None:
        """The columns are those in which the cells were pasted, so they aren't shown."""
        self._show_source()
        if self._mapping.is_complete:
            await self._go_on()
        else:
            self._dialog.show_step(ImportStep.COLUMNS)

    async def _go_on(self) -> None:
        """Convert the rows, and show the questions or the review."""
        await self._convert()
        if self._converted.questions:
            self._dialog.show_step(ImportStep.QUESTIONS)
        else:
            await self._show_review()

    async def _convert(self) -> None:
        """Convert all rows with the answers so far."""
        context, rows, at = self._destination.context(), self._rows(), self._at
        answers, sheet, mapping = dict(self._answers), self._file.sheet, self._mapping

        def in_worker(progress: Progress) -> ConvertedRows:
            # The first import takes some 40 ms.
            from seam_portal_desktop.domain.tables.columns.sheet_converter import convert

            own = context.over(rows, mapping.kind.key, at)
            return convert(sheet, mapping, answers, own, progress)

        self._converted = converted = await in_thread(in_worker, self._dialog.set_progress)
        self._dialog.questions.set_questions(converted.questions, self._titles(), answers)
        self._dialog.set_has_questions(bool(converted.questions))

    async def _show_review(self) -> None:
        review = self._dialog.review
        review.set_columns(self._columns(), self._destination.vertical)
        review.set_existing(0 if self._at is not None else len(self._rows()))
        await self._make_plan()
        self._dialog.show_step(ImportStep.REVIEW)

    async def _make_plan(self) -> None:
        review, sheet = self._dialog.review, self._file.sheet
        choices = ImportChoices(review.mode.value(), review.clears_empty, self._at)
        rows, mapping, converted = self._rows(), self._mapping, self._converted
        self._plan = plan = await in_thread(
            lambda progress: plan_import(
                rows, sheet, mapping, converted, choices, progress=progress
            )
        )
        review.set_problems(plan.refused, plan.short, sheet, self._titles())
        review.set_result(plan.result, plan.shown, plan.notes)
        self._dialog.set_row_count(plan.taken)

    def _rows(self) -> Sequence[Row]:
        return self._destination.rows(self._kind.name)

    def _titles(self) -> list[str]:
        return [column_title(each.title, at) for at, each in enumerate(self._mapping.columns)]

    def _columns(self) -> list[Column]:
        """The columns of the review: those that the file has, in the order of the table."""
        taken = {each.target.column for each in self._mapping.columns if each.target is not None}
        return [column for column in self._kind.columns if column in taken]

    def _show_source(self) -> None:
        kind, vertical = self._kind, self._destination.vertical
        columns = self._dialog.columns
        columns.source.set_kinds(self._destination.kinds(), kind, vertical)
        columns.source.set_file(self._file)
        columns.set_kind(kind, vertical)
        self._show_mapping()

    def _show_mapping(self) -> None:
        sheet, mapping = self._file.sheet, self._mapping
        rows = len(sheet.rows) - mapping.first_row
        self._dialog.set_source(self._file.name, rows, len(mapping.columns))
        self._dialog.columns.source.set_heading(sheet, mapping.heading)
        self._dialog.columns.set_mapping(mapping)

    def _on_heading_chosen(self, heading: int | None) -> None:
        if self._is_reading:
            return
        self._stop()
        known = self._mappings.known(self._kind.name)
        self._mapping = with_heading(self._file.sheet, self._mapping, heading, known)
        self._at = None
        self._answers.clear()
        self._show_mapping()

    def _on_kind_chosen(self, name: str) -> None:
        self._kind = next(each for each in self._destination.kinds() if each.name == name)
        self._at = None
        self._start_reading(self._guess)

    def _on_target_chosen(self, column: int, target: ColumnTarget | None) -> None:
        if self._is_reading:
            return
        self._stop()
        self._mapping = with_target(self._mapping, column, target)
        self._answers = {key: each for key, each in self._answers.items() if key[0] != column}
        self._show_mapping()

    def _on_answered(self, answers: Mapping[tuple[int, Topic], str]) -> None:
        self._answers |= answers
        self._start(self._convert)

    def _on_continue(self) -> None:
        match self._dialog.step:
            case ImportStep.COLUMNS if not self._dialog.columns.go_to_missing():
                self._start(self._go_on)
            case ImportStep.QUESTIONS if not self._dialog.questions.go_to_missing():
                self._start(self._show_review)
            case ImportStep.REVIEW:
                self._import()

    def _on_back(self) -> None:
        self._stop()
        is_review = self._dialog.step is ImportStep.REVIEW
        has_questions = bool(self._converted.questions)
        self._dialog.show_step(
            ImportStep.QUESTIONS if is_review and has_questions else ImportStep.COLUMNS
        )

    def _import(self) -> None:
        if self._plan is None:
            return
        name = isolate(shortened(self._file.name, _NAME_CHARACTERS))
        text = _("import {name}").format(name=name)
        result = self._plan.result
        self._dialog.accept()
        self._destination.take(self._kind.name, text, result.rows, result.changed)
        done = ngettext(
            "{count} row of {name} is in the table. Undo takes it out again.",
            "{count} rows of {name} are in the table. Undo takes them out again.",
            self._plan.taken,
        ).format(count=number(self._plan.taken), name=name)
        self._destination.show_message(done)
        self.imported.emit(self._mapping)

    def _save_problems(self) -> None:
        name = Path(self._file.name).stem
        choose_save_file(
            self._dialog,
            _("Save problems"),
            _("{name} problems.xlsx").format(name=name),
            _("Spreadsheets (*.xlsx *.csv)"),
            lambda path: self._scope.start(self._save(path), name=_SAVE),
        )

    async def _save(self, path: Path) -> None:
        if self._plan is None:
            return
        sheet, mapping, refused = self._file.sheet, self._mapping, self._plan.refused
        try:
            await self._tables.save_problems(path, sheet, mapping, refused, list_separator())
        except UserFacingError as error:
            self._dialog.show_failure(error)
        else:
            self._dialog.review.problems.show_saved(path.name)

    def _on_finished(self) -> None:
        self._scope.cancel(_TASK)

    def _stop(self) -> None:
        """What is computed isn't wanted any more: the user goes back, or changes a choice."""
        self._scope.cancel(_TASK)
        self._task = None
        self._dialog.set_working(is_working=False)

    def _start_reading(self, step: Callable[[], Awaitable[None]]) -> None:
        self._is_reading = True
        self._start(step)

    def _start(self, step: Callable[[], Awaitable[None]]) -> None:
        """Compute something; what is computed now isn't wanted any more."""
        self._dialog.set_working(is_working=True)
        self._task = self._scope.start(self._work(step), name=_TASK)

    async def _work(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except UserFacingError as error:
            self._dialog.show_failure(error)
        finally:
            if asyncio.current_task() is self._task:
                self._is_reading = False
                self._dialog.set_working(is_working=False)
