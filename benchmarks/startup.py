"""How long the start takes, against a bare PySide6 window: `python benchmarks/startup.py`.

Three processes take turns on one machine: a QMainWindow with an empty QTableView, the same with
1,000 rows from a Python list, and the program with 1,000 portals in its ledger. A probe, the same
in all three, tells when the window was first painted and when its table was first painted with all
rows, counted from the moment before the process was spawned. Without a display Qt's offscreen
platform is used.

Bytecode is compiled before and used by all, whatever PYTHONDONTWRITEBYTECODE says: installed
programs have it, and PySide6 in site-packages does as well.
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
            # The probe ends the process where it stands, which leaves its lock behind.
            (data_dir / "instance.lock").unlink(missing_ok=True)
            return [str(_SUPPORT / "program_table.py"), folder, str(_ROWS)]

        seen = alternate(
            samples,
            {
                "empty": lambda: [str(_SUPPORT / "bare_window.py")],
                "program": program,
                "rows": lambda: [str(_SUPPORT / "bare_table.py"), str(_ROWS)],
            },
        )
    claim(
        "startup: first paint",
        [report["first_paint"] for report in seen["program"]],
        [report["first_paint"] for report in seen["empty"]],
        goal=1.25,
        reference="first paint of a bare QMainWindow with an empty QTableView",
    )
    claim(
        "startup: 1,000 ledger rows painted",
        [report["rows_painted"] for report in seen["program"]],
        [report["rows_painted"] for report in seen["rows"]],
        goal=1.8,
        reference="1,000 rows of a Python list painted by the bare window",
    )


main()
