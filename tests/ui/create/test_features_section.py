"""The features in the New portal dialog."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.domain.lookups import DeviceProvider
from seam_portal_desktop.domain.request import PortalRequest, decode_request
from seam_portal_desktop.ui.create.form.form_section import unfold_parents
from seam_portal_desktop.ui.create.form.settings import FEATURES
from seam_portal_desktop.ui.toolkit.fold import Fold
from tests.support.dialog_driver import segment, sent, shown_texts


@pytest.mark.parametrize("feature", FEATURES[:4], ids=lambda feature: feature.name)
def test_each_feature_has_three_states(dialog, feature):
    dialog.customer.key.setText("k")
    fold = dialog.findChildren(Fold)[0]
    for value in (True, False):
        segment(dialog, feature.path, value).click()
        assert sent(dialog)["features"] == {feature.name: {"exclude": value}}
        assert feature.title in fold.header.summary.full_text()
    segment(dialog, feature.path, None).click()

    assert "features" not in sent(dialog)
    assert fold.header.summary.full_text() == "Workspace default"


def test_the_deprecated_feature_is_there_only_when_a_request_uses_it(dialog):
    row = dialog.features.rows["features.manage_devices.exclude"]
    unfold_parents(row)
    assert not row.isVisible()
    dialog.fill(decode_request('{"features": {"manage_devices": {"exclude": true}}}'))
    assert row.isVisible()
    segment(dialog, "features.manage_devices.exclude", None).click()
    assert dialog.wire() == {}
    assert row.isVisible()  # so that it can be changed back
    dialog.fill(PortalRequest())
    assert not row.isVisible()


def test_leaving_everything_out_gets_a_warning(dialog):
    for feature in FEATURES[:4]:
        assert "empty portal" not in shown_texts(dialog)
        segment(dialog, feature.path, True).click()
    assert "empty portal" in shown_texts(dialog)


@pytest.mark.parametrize("pasted", ["yale, salto_ks", "yale\nsalto_ks\n", "yale;salto_ks;yale"])
def test_providers_that_are_pasted_as_a_list_are_several(dialog, qtbot, pasted):
    providers = dialog.features.providers
    unfold_parents(providers.mode)
    providers.mode.control.set_value("only")
    edit = providers.lists["only"].control.edit
    QGuiApplication.clipboard().setText(pasted)
    qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.wire()["features"]["connect"]["accepted_providers"] == ["yale", "salto_ks"]
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == ""
    assert dialog.wire()["features"]["connect"]["accepted_providers"] == ["yale", "salto_ks"]
    QGuiApplication.clipboard().clear()


def test_one_list_of_providers_at_a_time(dialog, qtbot):
    dialog.features.set_providers([DeviceProvider("salto_ks", "Salto KS")])
    providers = dialog.features.providers
    unfold_parents(providers.mode)
    providers.mode.control.set_value("only")
    edit = providers.lists["only"].control.edit
    qtbot.keyClicks(edit, "salto ks")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.wire() == {"features": {"connect": {"accepted_providers": ["salto_ks"]}}}
    (token,) = providers.lists["only"].control.tokens
    assert token.accessibleName() == "Remove Salto KS"

    providers.mode.control.set_value("all_but")
    assert dialog.wire() == {}
    assert "still has the workspace’s default" in shown_texts(dialog)
    providers.mode.control.set_value("only")
    assert dialog.wire() == {"features": {"connect": {"accepted_providers": ["salto_ks"]}}}
    qtbot.mouseClick(providers.lists["only"].control.tokens[0], Qt.MouseButton.LeftButton)
    assert dialog.wire() == {}
