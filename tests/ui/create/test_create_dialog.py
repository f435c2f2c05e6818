"""The New portal dialog as a whole: filling, waiting, refusals, unknown outcomes, sizes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.errors import InvalidRequestError, NetworkError, UserFacingError
from seam_portal_desktop.domain.portal.customers import KnownCustomer, KnownCustomers
from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.controls import MenuControl
from seam_portal_desktop.ui.create.form.settings import FEATURES
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.dialog_driver import log_requests, segment, sent, shown_texts
from tests.support.portal_rows import NOW

LONG = "مَلون-הנמל-🏨-" + "x" * 400


def refusal(**fields: str) -> InvalidRequestError:
    return InvalidRequestError(
        "Seam refused the request.",
        "Correct the fields.",
        seam_request_id="req-1",
        fields={path.replace("__", "."): (reason,) for path, reason in fields.items()},
    )


def test_a_filled_form_returns_the_same_request_and_its_folds_summarise_it(dialog):
    request = decode_request(
        '{"customer_data": {"customer_key": "k", "guests": [{"guest_key": "g", "name": "G"}]},'
        '"features": {"organize": {"exclude": true}}, "locale": "el-GR", "is_embedded": true,'
        '"read_only": true, "navigation_mode": "restricted",'
        '"landing_page": {"manage": {"unit_key": "u-1"}}}'
    )
    dialog.fill(request)

    assert dialog.request() == request
    texts = "\n".join(fold.header.summary.full_text() for fold in dialog.findChildren(Fold))
    for shown in ("Organize: Off", "Ελληνικά", "Embedded", "Restricted", "Read-only"):
        assert shown in texts
    for shown in ("1 guest", "Unit u-1"):
        assert shown in texts


def test_edited_follows_edits_and_not_filling(dialog):
    log: list[str] = []
    dialog.edited.connect(lambda: log.append("edited"))
    dialog.fill(decode_request('{"locale": "fr-FR", "features": {"manage": {"exclude": true}}}'))
    assert log == []
    segment(dialog, "read_only", True).click()
    assert log == ["edited"]


def test_a_broken_rule_is_shown_at_its_field_and_not_sent(dialog, qtbot):
    log = log_requests(dialog)
    dialog.customer.key.setText("k")
    dialog.data.kinds.set_current_kind("rooms")
    rows = [{"room_key": "r-1", "name": name} for name in ("One", "Two")]
    dialog.data.table.apply_rows("import", [*rows, {"name": "Three"}], {})
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert log == []
    assert QApplication.focusWidget() is dialog.data.table
    assert "Rooms, row 3: A room key is needed" in shown_texts(dialog)
    assert dialog.data.table.currentIndex().row() == 2


def test_only_production_has_a_warning_title_and_button(dialog):
    looks = {}
    for kind, demo in (
        (WorkspaceKind.PRODUCTION, False),
        (WorkspaceKind.SANDBOX, False),
        (WorkspaceKind.PRODUCTION, True),
    ):
        dialog.set_workspace("Acme", kind, demo=demo)
        looks[kind, demo] = (
            dialog.windowTitle(),
            dialog.submit_button.text(),
            dialog.submit_button.property("kind"),
            dialog.strip.accessibleName().split()[0],
        )
    assert looks == {
        (WorkspaceKind.PRODUCTION, False): (
            "New portal in PRODUCTION",
            "Create in PRODUCTION",
            "danger",
            "PRODUCTION",
        ),
        (WorkspaceKind.SANDBOX, False): ("New portal", "Create", "primary", "SANDBOX"),
        (WorkspaceKind.PRODUCTION, True): (
            "New portal in the demo",
            "Create in the demo",
            "primary",
            "DEMO",
        ),
    }


def test_while_busy_fields_stay_and_leaving_cancels_once(dialog, qtbot):
    log = log_requests(dialog)
    dialog.customer.key.setText("k")
    dialog.set_busy(True)

    assert dialog.customer.key.isReadOnly()
    assert not dialog.appearance.isEnabled()
    assert not dialog.submit_button.isEnabled()
    assert not dialog.busy_bar.is_shown  # a quick answer flashes nothing
    qtbot.waitUntil(lambda: dialog.busy_bar.is_shown)
    assert dialog.status.text() == "Asking Seam…"
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)
    assert log == []
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.close()
    assert log == ["cancel"]
    assert dialog.isVisible()

    dialog.set_busy(False)
    assert not dialog.customer.key.isReadOnly()
    assert dialog.submit_button.isEnabled()
    assert dialog.status.text() == ""
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert log == ["cancel"]


def test_success_closes_a_busy_dialog_for_good(dialog, qtbot):
    dialog.customer.key.setText("k")
    dialog.set_busy(True)
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept()

    assert not dialog.isVisible()
    assert not dialog.is_busy


def test_the_cancel_button_cancels(dialog, qtbot):
    log = log_requests(dialog)
    dialog.set_busy(True)
    assert dialog.dismiss_button.text() == "Cancel"
    qtbot.mouseClick(dialog.dismiss_button, Qt.MouseButton.LeftButton)
    assert log == ["cancel"]
    assert dialog.isVisible()


def test_a_second_enter_does_not_cancel_when_create_had_the_focus(dialog, qtbot):
    log = log_requests(dialog)
    dialog.customer.key.setText("k")
    dialog.submit_button.setFocus()
    dialog.set_busy(True)
    assert QApplication.focusWidget() is dialog.customer.key
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert log == []


def test_reasons_are_shown_at_the_fields_they_name_and_the_rest_in_the_card(dialog):
    dialog.customer.key.setText("kept")
    segment(dialog, "read_only", True).click()
    dialog.set_busy(True)
    dialog.show_error(
        refusal(
            locale="Not a locale",
            features__connect="Not allowed here",
            future_field__new="Required",
        )
    )

    assert not dialog.is_busy
    assert sent(dialog)["customer_data"]["customer_key"] == "kept"
    assert sent(dialog)["read_only"] is True
    assert QApplication.focusWidget() is segment(dialog, "features.connect.exclude", None)
    locale = dialog.findChild(MenuControl, "locale").box
    assert locale.accessibleDescription() == "Not a locale"
    texts = shown_texts(dialog)
    for text in ("Not allowed here", "Not a locale", "Future field › New: Required", "req-1"):
        assert text in texts
    assert "locale: " not in texts


@pytest.mark.parametrize(
    "path",
    [
        "customer_data.customer_key",
        "locale",
        "is_embedded",
        "read_only",
        "customization_profile_id",
        "features",
        "features.connect",
        "features.connect.accepted_providers.0",
        "features.manage.events.default_events",
        "features.manage.device_management_confirmation.body",
        "features.configure.allow_instant_key_customization",
        "landing_page.manage",
        "deep_link.resource_key",
        "customer_data.rooms",
        "customer_data.rooms.0.room_key",
        "customer_resources_filters",
        *(feature.path for feature in FEATURES[:4]),
    ],
)
def test_every_field_of_the_form_can_show_its_error(dialog, path):
    error = InvalidRequestError("Refused.", "Correct it.", fields={path: ("A reason",)})
    dialog.show_error(error)

    assert "A reason" in shown_texts(dialog)
    assert f"{path}: A reason" not in shown_texts(dialog)
    assert QApplication.focusWidget().accessibleDescription().endswith("A reason")


def test_correcting_a_field_clears_its_error_and_not_another_ones(dialog):
    dialog.customer.key.setText("k")
    dialog.show_error(refusal(customer_data__customer_key="Too odd", locale="Not a locale"))
    dialog.customer.key.setText("k2")

    assert "Too odd" not in shown_texts(dialog)
    assert "Not a locale" in shown_texts(dialog)


def test_a_late_lookup_keeps_the_error_of_the_customer_key(dialog):
    dialog.customer.key.setText("k")
    dialog.show_error(refusal(customer_data__customer_key="Too odd"))
    dialog.customer.set_remote_customers(["k", "k2"])

    assert "Too odd" in shown_texts(dialog)


def test_the_next_try_starts_without_the_last_error(dialog):
    dialog.customer.key.setText("k")
    dialog.show_error(refusal(locale="Not a locale"))
    dialog.set_busy(True)

    assert "Not a locale" not in shown_texts(dialog)
    assert not dialog.error_card.isVisible()


def test_after_an_unknown_outcome_enter_does_not_make_a_second_link(dialog, qtbot):
    log = log_requests(dialog)
    dialog.customer.key.setText("harbor-hotel")
    dialog.set_busy(True)
    dialog.show_unknown_outcome(
        NetworkError("No answer.", "Seam did not answer in time.", outcome_unknown=True)
    )

    assert "may exist" in shown_texts(dialog)
    assert dialog.submit_button.text() == "Create again"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert log == []
    assert not dialog.isVisible()


def test_another_customer_after_an_unknown_outcome_is_created_as_usual(dialog, qtbot):
    log = log_requests(dialog)
    dialog.customer.key.setText("harbor-hotel")
    dialog.show_unknown_outcome(UserFacingError("No answer.", "?", outcome_unknown=True))
    dialog.customer.key.setText("casa-verde")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert dialog.submit_button.text() == "Create"
    assert log == ["create"]


def test_tab_goes_through_the_fields_in_reading_order(dialog, qtbot):
    dialog.customer.key.setText("k")
    dialog.customer.key.setFocus()
    expected = [
        "foldFeatures",
        "foldAppearance and access",
        "foldStart page",
        "foldData",
        "foldFilters",
        "submitButton",
        "dismissButton",
    ]
    seen = []
    for _ in expected:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget().objectName())
    assert seen == expected


def test_the_form_fits_a_small_screen_with_hostile_texts(dialog, qtbot):
    known = KnownCustomers(KnownCustomer(key) for key in (LONG, LONG.upper()))
    dialog.customer.set_customers(known, lambda: NOW)
    dialog.set_workspace(LONG, WorkspaceKind.PRODUCTION, demo=False)
    dialog.customer.key.setText(f" {LONG} ")
    dialog.show_unknown_outcome(UserFacingError(LONG, LONG, "r" * 80, outcome_unknown=True))
    qtbot.waitUntil(lambda: dialog.layout().activate() or True)

    for size in (dialog.sizeHint(), dialog.minimumSizeHint()):
        assert size.width() <= 1024
        assert size.height() <= 700
    assert sent(dialog)["customer_data"]["customer_key"] == LONG


def test_the_form_fits_a_small_screen_at_twice_the_text_size(qapp, qtbot, theme):
    ordinary = qapp.font()
    double = qapp.font()
    double.setPointSizeF(ordinary.pointSizeF() * 2)
    qapp.setFont(double)
    try:
        dialog = NewPortalDialog(theme, Icons(theme))
        qtbot.addWidget(dialog)
        dialog.set_workspace("Acme Stays", WorkspaceKind.PRODUCTION, demo=False)
        dialog.show()
        for size in (dialog.sizeHint(), dialog.minimumSizeHint(), dialog.size()):
            assert size.width() <= 1024
            assert size.height() <= 768
    finally:
        qapp.setFont(ordinary)
