"""Reads tables in files while the window stays alive."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from seam_portal_desktop.domain.ports import WriteTable
from seam_portal_desktop.domain.tables.conversion import RefusedCell
from seam_portal_desktop.domain.tables.mapping import SheetMapping
from seam_portal_desktop.domain.tables.plan import problem_table
from seam_portal_desktop.domain.tables.sheet import (
    Progress,
    ReadOptions,
    Sheet,
    TableFile,
    TableFiles,
    no_progress,
)
from seam_portal_desktop.services.worker_thread import in_thread

_NO_OPTIONS = ReadOptions()


class ImportTablesService:
    def __init__(self, files: TableFiles, write_table: WriteTable) -> None:
        self._files = files
        self._write_table = write_table

    async def read(
        self,
        path: Path,
        options: ReadOptions = _NO_OPTIONS,
        on_progress: Progress = no_progress,
    ) -> TableFile:
        """Read a table in a thread of its own. Raises TableRefusedError.

        See `in_thread` for `on_progress` and for what a cancel does.
        """
        return await in_thread(partial(self._files.read, path, options), on_progress)

    async def save_problems(
        self,
        target: Path,
        sheet: Sheet,
        mapping: SheetMapping,
        refused: Sequence[RefusedCell],
        separator: str,
    ) -> None:
        """Write the rows of the refused cells with the reasons. Raises UserFacingError."""
        titles, rows = problem_table(sheet, mapping, refused)
        await self._write_table(target, titles, rows, separator)
