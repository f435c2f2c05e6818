"""Reads one file in one way and prints seconds and megabytes. Arguments: the way, the file.

The ways: ``csv`` and ``calamine`` make lists of cells with the bare library. ``import`` reads and
maps the file as the program does.
"""

from __future__ import annotations

import csv
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import psutil


def _csv(path: Path) -> Any:  # noqa: ANN401 - only kept
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def _calamine(path: Path) -> Any:  # noqa: ANN401
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def _import(path: Path) -> Any:  # noqa: ANN401
    from seam_portal_desktop.adapters.tables.file_tables import FileTables
    from seam_portal_desktop.domain.request.resources import resource_kinds
    from seam_portal_desktop.domain.tables.guess import guess_mapping
    from seam_portal_desktop.domain.tables.sheet import ReadOptions

    sheet = FileTables().read(path, ReadOptions()).sheet
    kind = next(each for each in resource_kinds() if each.name == "reservations")
    mapping = guess_mapping(sheet, kind)
    if not mapping.is_complete:
        raise SystemExit("The titles aren't known.")
    return sheet, mapping


def main() -> None:
    way = {"csv": _csv, "calamine": _calamine, "import": _import}[sys.argv[1]]
    small, path = Path(sys.argv[2]), Path(sys.argv[3])
    way(small)  # what is imported and cached at the first use
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    started = time.perf_counter()
    kept = way(path)
    seconds = time.perf_counter() - started
    memory = process.memory_info().rss - before
    print(json.dumps({"seconds": seconds, "bytes": memory, "parts": len(kept)}), flush=True)


main()
