"""Saves the rows of customer data that have problems."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, QObject

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.tables.problem_rows import ProblemRows
from seam_portal_desktop.services.customer_data import CustomerDataService
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.form_problems import FormProblems, kind_with_problem
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file, list_separator
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_TASK = "save problems"


class ProblemRowsController(QObject):
    """Saves the rows of the kind that `data` shows. If that has no problem, those of the first
    kind that has one."""

    def __init__(
        self,
        dialog: FormDialog,
        problems: FormProblems,
        data: DataSection,
        service: CustomerDataService,
        scope: TaskScope,
    ) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._problems = problems
        self._data = data
        self._service = service
        self._scope = scope
        problems.save_requested.connect(self._choose_file)
        dialog.finished.connect(lambda _result: scope.cancel(_TASK))

    def _choose_file(self) -> None:
        found = self._problems.found
        names = list(filter(None, map(kind_with_problem, found)))
        if not names:
            return
        shown = self._data.model.kind.name
        name = shown if shown in names else names[0]
        kind = next(each for each in resource_kinds() if each.name == name)
        vertical = self._data.vertical
        make = partial(ProblemRows, kind, list(self._data.model.rows(name)), found, vertical)
        choose_save_file(
            self._dialog,
            _("Save rows with problems"),
            _("{many} with problems.xlsx").format(many=vertical.many(name)),
            _("Spreadsheets (*.xlsx *.csv)"),
            lambda path: self._scope.start(self._save(make, path), name=_TASK),
        )

    async def _save(self, make: Callable[[], ProblemRows], target: Path) -> None:
        rows = await asyncio.to_thread(make)
        try:
            await self._service.save_problems(target, rows, list_separator())
        except UserFacingError as error:
            self._dialog.error_card.set_error(error)
            self._dialog.show_top()
        else:
            text = ngettext("{count} row in {file}.", "{count} rows in {file}.", len(rows))
            count = QLocale().toString(len(rows))
            self._data.note.show_note(text.format(count=count, file=target.name), Tone.SUCCESS)
