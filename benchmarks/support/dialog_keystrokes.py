"""Type into the New portal dialog. Arguments: the number of its resources, the number of keys.

Prints the median seconds from a key press until the dialog is painted again, in the field for the
customer's key and in a filter's value.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.form_section import unfold_parents
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

_WARM_UP = 10


def _body(resources: int) -> str:
    stays = [
        {
            "reservation_key": f"stay-{number}",
            "name": f"Stay {number}",
            "room_keys": [f"room-{number % 200}"],
            "starts_at": "2026-03-14T15:00:00Z",
            "custom_metadata": {"floor": str(number % 9), "pets": number % 2 == 0},
        }
        for number in range(resources)
    ]
    filters = [{"field": "floor", "operation": "=", "value": "2"}]
    data = {"customer_key": "k", **({"reservations": stays} if stays else {})}
    return json.dumps({"customer_data": data, "customer_resources_filters": filters})


def _seconds_per_key(field: QLineEdit, keys: int) -> float:
    field.setFocus()
    for _ in range(_WARM_UP):
        QTest.keyClick(field, Qt.Key.Key_A)
        QApplication.processEvents()
    seconds = []
    for _ in range(keys):
        started = time.perf_counter()
        QTest.keyClick(field, Qt.Key.Key_A)
        QApplication.processEvents()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def main(resources: int, keys: int) -> None:
    app = QApplication([])
    theme = Theme(app)
    theme.install()
    dialog = NewPortalDialog(theme, Icons(theme))
    dialog.set_workspace("Acme Stays", WorkspaceKind.SANDBOX, demo=False)
    dialog.fill(decode_request(_body(resources)))
    dialog.show()
    row = dialog.filters.rows[0]
    unfold_parents(dialog.data.table)
    unfold_parents(row)
    app.processEvents()
    report = {
        "customer_key": _seconds_per_key(dialog.customer.key, keys),
        "filter": _seconds_per_key(row.text, keys),
    }
    print(json.dumps(report), flush=True)


main(int(sys.argv[1]), int(sys.argv[2]))
