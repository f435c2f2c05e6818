"""The time of a keystroke in a full New portal dialog: `python benchmarks/dialog.py`.

Two kinds of process run in turn: the dialog without resources, and with 2,000 reservations that
have metadata and whose table is shown. Keys are pressed in the customer's key and in a filter,
which counts the matching resources. The time of a key ends when the dialog is painted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.alternate import alternate, claim, compile_package, sample_count

_RESOURCES = 2000
_KEYS = 40
_PROGRAM = str(Path(__file__).parent / "support" / "dialog_keystrokes.py")
_FIELDS = {"customer_key": "the customer’s key", "filter": "a filter’s value"}


def _typing(resources: int) -> Sequence[str]:
    return [_PROGRAM, str(resources), str(_KEYS)]


def main() -> None:
    samples = sample_count()
    compile_package()
    reports = alternate(samples, {"empty": lambda: _typing(0), "full": lambda: _typing(_RESOURCES)})
    for name, words in _FIELDS.items():
        claim(
            f"dialog: a keystroke in {words} beside 2,000 resources",
            [report[name] for report in reports["full"]],
            [report[name] for report in reports["empty"]],
            goal=1.5,
            reference="the same keystroke without any resources",
        )


main()
