"""What an import of 100,000 rows costs: `python benchmarks/import.py`. One line of JSON a claim.

- Time and memory of reading and mapping a CSV and an Excel file, against lists of cells made by
  Python's csv module and by calamine. Processes take turns. Each uses its way with a small file
  before, so that no import is counted.
- How long the window stands still while such a file is read, converted and merged in the import
  dialog, against the same window while nothing happens.

The files have eight columns of made-up reservations, two of them with dates.
"""

from __future__ import annotations

import csv
import json
import statistics
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from support.alternate import alternate, claim, compile_package, read_options, run

_ROWS = 100_000
_TITLES = (
    *("reservation_key", "name", "starts_at", "ends_at"),
    *("guest_key", "space_keys", "preferred_code", "metadata:note"),
)
_SUPPORT = Path(__file__).parent / "support"
_STALL_SAMPLES = 3  # each takes some seconds
_FRAME_SECONDS = 1 / 60
_FIRST_DAY = datetime(2027, 1, 1, 15)  # noqa: DTZ001 - as a spreadsheet has it


def main() -> None:
    samples, _switches = read_options(default=5)
    compile_package()
    with tempfile.TemporaryDirectory(prefix="seam-portal-benchmark-") as folder:
        for suffix, bare in ((".csv", "csv"), (".xlsx", "calamine")):
            small, path = Path(folder, f"small{suffix}"), Path(folder, f"large{suffix}")
            _write(small, 100)
            _write(path, _ROWS)
            _reading(small, path, bare, samples)
        _stalls(Path(folder, "large.csv"))


def _reading(small: Path, path: Path, bare: str, samples: int) -> None:
    def way(name: str) -> list[str]:
        return [str(_SUPPORT / "import_speed.py"), name, str(small), str(path)]

    seen = alternate(samples, {"bare": lambda: way(bare), "import": lambda: way("import")})
    reference = f"the cells of the same file as lists, made by {bare}"
    claim(
        f"import: 100,000 rows read and mapped ({path.suffix})",
        [report["seconds"] for report in seen["import"]],
        [report["seconds"] for report in seen["bare"]],
        goal=3,
        reference=reference,
    )
    ours, cells = (
        statistics.median(report["bytes"] for report in seen[name]) for name in ("import", "bare")
    )
    line = {
        "name": f"import: memory of 100,000 rows ({path.suffix})",
        "ratio": round(ours / cells, 3),
        "goal": 4,
        "reference": reference,
        "samples": samples,
        "mb": round(ours / 1e6, 1),
        "reference_mb": round(cells / 1e6, 1),
    }
    print(json.dumps(line), flush=True)


def _stalls(path: Path) -> None:
    report = json.loads(run([str(_SUPPORT / "import_stalls.py"), str(path), str(_STALL_SAMPLES)]))
    line = {
        "name": "import: the window's stall (p99) while 100,000 rows are imported, in frames more",
        "ratio": round((report["with"] - report["without"]) / _FRAME_SECONDS, 3),
        "goal": 1,
        "reference": "the same window while nothing happens; a frame is 1/60 s",
        "samples": _STALL_SAMPLES,
        "ms": round(report["with"] * 1000, 1),
        "reference_ms": round(report["without"] * 1000, 1),
        "longest_ms": round(report["longest"] * 1000, 1),
    }
    print(json.dumps(line), flush=True)


def _write(path: Path, rows: int) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(_TITLES)
            for cells in map(_cells, range(rows)):
                writer.writerow([str(cell) for cell in cells])
        return
    from xlsxwriter import Workbook

    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, _TITLES)
        for row in range(rows):
            for column, cell in enumerate(_cells(row)):
                if isinstance(cell, datetime):
                    sheet.write_datetime(row + 1, column, cell, date)
                else:
                    sheet.write_string(row + 1, column, cell)


def _cells(row: int) -> tuple[str | datetime, ...]:
    start = _FIRST_DAY + timedelta(days=row % 300)
    return (
        *(f"r-{row:06}", f"Stay {row}", start, start + timedelta(days=3, hours=-4)),
        *(f"g-{row % 5000}", f"s-{row % 40}", f"{row % 10_000:04}", f"Floor {row % 7}"),
    )


main()
