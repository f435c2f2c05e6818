"""The page that a portal opens at, in the New portal dialog."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.ui.create.form.form_section import unfold_parents
from tests.support.dialog_driver import log_requests, shown_texts


def test_a_landing_page_and_a_deep_link_exclude_each_other(dialog):
    both = {
        "landing_page": {"manage": {"room_key": "r"}},
        "deep_link": {"resource_type": "device", "resource_id": "d"},
    }
    dialog.fill(decode_request(json.dumps(both)))
    unfold_parents(dialog.opens_at.mode)
    assert dialog.wire() == both
    assert "This request has both" in shown_texts(dialog)

    dialog.opens_at.mode.control.set_value("deep_link")
    assert dialog.wire() == {"deep_link": both["deep_link"]}
    assert not dialog.opens_at.landing.isVisible()
    dialog.opens_at.mode.control.set_value(None)
    assert dialog.wire() == {}


def test_a_landing_page_without_a_key_is_not_sent(dialog, qtbot):
    log = log_requests(dialog)
    dialog.customer.key.setText("k")
    dialog.opens_at.mode.control.set_value("landing_page")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert log == []
    assert QApplication.focusWidget() is dialog.opens_at.landing.key
    assert "Type the key" in shown_texts(dialog)
    dialog.opens_at.landing.key.setText("space-1")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)
    assert log == ["create"]
