"""The time of a start, against a bare PySide6 window: `python benchmarks/startup.py`.

Three kinds of process run in turn: a QMainWindow with an empty QTableView, the same with 1,000
rows from a Python list, and the program with 1,000 portals in its ledger. The same probe in all
three measures two times since the process was started: the first paint of the window, and the first
paint of the table with all rows. Without a display Qt's offscreen platform is used.

All use bytecode, even with PYTHONDONTWRITEBYTECODE: installed programs and PySide6 have it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from support.alternate import alternate, claim, compile_package, run, sample_count

_ROWS = 1000
_SUPPORT = Path(__file__).parent / "support"


def main() -> None:
    samples = sample_count()
    compile_package()
    with tempfile.TemporaryDirectory(prefix="seam-portal-benchmark-") as folder:
        data_dir = Path(folder)
        run([str(_SUPPORT / "seed.py"), folder, str(_ROWS)])

        def program() -> Sequence[str]:
            # The probe ends the process without any clean-up, so its lock is still there.
            (data_dir / "instance.lock").unlink(missing_ok=True)
            return [str(_SUPPORT / "program_table.py"), folder, str(_ROWS)]

        bare_table = str(_SUPPORT / "bare_table.py")
        reports = alternate(
            samples,
            {
                "empty": lambda: [bare_table, "0"],
                "program": program,
                "rows": lambda: [bare_table, str(_ROWS)],
            },
        )
    claim(
        "startup: first paint",
        [report["first_paint"] for report in reports["program"]],
        [report["first_paint"] for report in reports["empty"]],
        goal=1.2,
        reference="first paint of a bare QMainWindow with an empty QTableView",
    )
    claim(
        "startup: 1,000 ledger rows painted",
        [report["rows_painted"] for report in reports["program"]],
        [report["rows_painted"] for report in reports["rows"]],
        goal=1.5,
        reference="1,000 rows of a Python list painted by the bare window",
    )


main()
