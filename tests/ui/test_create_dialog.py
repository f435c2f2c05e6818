"""The New portal dialog as it is used: by keyboard, through waiting, refusal and doubt."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from seam_portal_desktop.domain.errors import InvalidRequestError, NetworkError, UserFacingError
from seam_portal_desktop.domain.portal_request import decode_request
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form import FEATURES, LOCALES
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.theme import Tone

LONG = "مَلون-הנמל-🏨-" + "x" * 400


@pytest.fixture
def dialog(theme, qtbot):
    dialog = NewPortalDialog(theme, Icons(theme))
    qtbot.addWidget(dialog, before_close_func=lambda made: made.set_busy(False))
    dialog.set_workspace("Acme Stays", WorkspaceKind.SANDBOX, demo=False)
    dialog.set_customer_keys(["harbor-hotel", "casa-verde", "Old-Mill"])
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def sent(dialog: NewPortalDialog) -> dict:
    return msgspec.to_builtins(dialog.request())


def created(dialog: NewPortalDialog) -> list[str]:
    heard: list[str] = []
    dialog.create_requested.connect(lambda: heard.append("create"))
    dialog.cancel_requested.connect(lambda: heard.append("cancel"))
    return heard


def shown_texts(dialog: NewPortalDialog) -> str:
    return "\n".join(
        label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog)
    )


def test_typing_a_key_and_enter_is_all_it_takes(dialog, qtbot):
    heard = created(dialog)
    qtbot.keyClicks(dialog.customer.key, "a-new-customer")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert heard == ["create"]
    assert sent(dialog) == {"customer_data": {"customer_key": "a-new-customer"}}


def test_enter_creates_though_completions_are_offered(dialog, qtbot):
    heard = created(dialog)
    qtbot.keyClicks(dialog.customer.key, "ar")
    popup = dialog.customer.key.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    assert heard == ["create"]
    assert sent(dialog)["customer_data"]["customer_key"] == "ar"


def test_completion_finds_the_middle_of_a_key_whatever_its_case(dialog):
    completer = dialog.customer.key.completer()
    completer.setCompletionPrefix("MILL")

    assert [completer.currentCompletion(), completer.completionCount()] == ["Old-Mill", 1]


def test_nothing_can_be_created_without_a_key(dialog, qtbot):
    heard = created(dialog)
    for typed in ("", "   "):
        dialog.customer.key.setText(typed)
        assert not dialog.create_button.isEnabled()
        qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)
    assert heard == []
    assert dialog.customer.note.tone is Tone.DANGER


def test_spaces_around_a_key_are_left_out_and_that_is_said(dialog):
    dialog.customer.key.setText("  harbor-hotel ")

    assert sent(dialog)["customer_data"]["customer_key"] == "harbor-hotel"
    assert "spaces" in dialog.customer.note.text
    dialog.customer.key.setText("harbor-hotel")
    assert "spaces" not in dialog.customer.note.text


def test_a_key_that_differs_in_capitals_only_is_pointed_out(dialog):
    dialog.customer.key.setText("old-mill")
    assert "Old-Mill" in dialog.customer.note.text
    dialog.customer.key.setText("Old-Mill")
    assert dialog.customer.note.tone is None


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_an_unchecked_feature_is_excluded(dialog, feature):
    dialog.customer.key.setText("k")
    dialog.features.boxes[feature.name].click()

    assert sent(dialog)["features"] == {feature.name: {"exclude": True}}


@pytest.mark.parametrize(("code", "name"), LOCALES)
def test_each_language_is_sent_by_its_code(dialog, code, name):
    dialog.customer.key.setText("k")
    dialog.presentation.locale_box.setCurrentText(name)

    assert sent(dialog)["locale"] == code
    dialog.presentation.locale_box.setCurrentIndex(0)
    assert "locale" not in sent(dialog)


def test_embedded_and_read_only_are_sent_when_chosen(dialog):
    dialog.customer.key.setText("k")
    dialog.presentation.embedded.click()
    dialog.presentation.read_only.click()

    assert sent(dialog)["is_embedded"] is True
    assert sent(dialog)["read_only"] is True
    dialog.presentation.standalone.click()
    dialog.presentation.read_only.click()
    assert sent(dialog) == {"customer_data": {"customer_key": "k"}}


def test_a_filled_form_gives_the_same_request_and_names_what_it_hides(dialog):
    request = decode_request(
        '{"customer_data": {"customer_key": "k", "guests": [{"guest_key": "g", "name": "G"}]},'
        '"features": {"organize": {"exclude": true}}, "locale": "el-GR", "is_embedded": true,'
        '"read_only": true, "navigation_mode": "restricted"}'
    )
    dialog.fill(request)

    assert dialog.request() == request
    assert not dialog.features.boxes["organize"].isChecked()
    assert "guests, navigation mode" in shown_texts(dialog)


def test_production_is_loud_and_the_rest_is_calm(dialog):
    looks = {}
    for kind, demo in (
        (WorkspaceKind.PRODUCTION, False),
        (WorkspaceKind.SANDBOX, False),
        (WorkspaceKind.PRODUCTION, True),
    ):
        dialog.set_workspace("Acme", kind, demo)
        looks[kind, demo] = (
            dialog.windowTitle(),
            dialog.create_button.text(),
            dialog.create_button.property("kind"),
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
    heard = created(dialog)
    dialog.customer.key.setText("k")
    dialog.set_busy(True)

    assert dialog.customer.key.isReadOnly()
    assert not dialog.presentation.isEnabled()
    assert not dialog.create_button.isEnabled()
    assert not dialog.busy_bar.is_shown  # a quick answer flashes nothing
    qtbot.waitUntil(lambda: dialog.busy_bar.is_shown)
    assert dialog.status.text() == "Asking Seam…"
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)
    assert heard == []
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.close()
    assert heard == ["cancel"]
    assert dialog.isVisible()

    dialog.set_busy(False)
    assert not dialog.customer.key.isReadOnly()
    assert dialog.create_button.isEnabled()
    assert dialog.status.text() == ""
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert heard == ["cancel"]


def test_success_closes_a_busy_dialog_for_good(dialog, qtbot):
    dialog.customer.key.setText("k")
    dialog.set_busy(True)
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept()

    assert not dialog.isVisible()
    assert not dialog.is_busy


def test_the_cancel_button_cancels(dialog, qtbot):
    heard = created(dialog)
    dialog.set_busy(True)
    assert dialog.dismiss_button.text() == "Cancel"
    qtbot.mouseClick(dialog.dismiss_button, Qt.MouseButton.LeftButton)
    assert heard == ["cancel"]
    assert dialog.isVisible()


def test_a_second_enter_does_not_cancel_when_create_had_the_focus(dialog, qtbot):
    heard = created(dialog)
    dialog.customer.key.setText("k")
    dialog.create_button.setFocus()
    dialog.set_busy(True)
    assert QApplication.focusWidget() is dialog.customer.key
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert heard == []


def refusal(**fields: str) -> InvalidRequestError:
    return InvalidRequestError(
        "Seam refused the request.",
        "Correct the fields.",
        seam_request_id="req-1",
        fields={path.replace("__", "."): (reason,) for path, reason in fields.items()},
    )


def test_reasons_are_shown_at_the_fields_they_name_and_the_rest_in_the_card(dialog):
    dialog.customer.key.setText("kept")
    dialog.presentation.read_only.click()
    dialog.set_busy(True)
    dialog.show_error(
        refusal(
            locale="Not a locale",
            features__connect="Not allowed here",
            landing_page__manage="Required",
        )
    )

    assert not dialog.is_busy
    assert sent(dialog)["customer_data"]["customer_key"] == "kept"
    assert dialog.presentation.read_only.isChecked()
    assert QApplication.focusWidget() is dialog.features.boxes["connect"]
    assert dialog.presentation.locale_box.accessibleDescription() == "Not a locale"
    texts = shown_texts(dialog)
    for text in ("Not allowed here", "Not a locale", "landing_page.manage: Required", "req-1"):
        assert text in texts
    assert "locale: " not in texts


@pytest.mark.parametrize(
    "path",
    ["customer_data.customer_key", "locale", "is_embedded", "read_only"]
    + [feature.path for feature in FEATURES],
)
def test_every_field_of_the_form_has_a_place_for_its_error(dialog, path):
    error = InvalidRequestError("Refused.", "Correct it.", fields={path: ("A reason",)})
    dialog.show_error(error)

    assert "A reason" in shown_texts(dialog)
    assert f"{path}: A reason" not in shown_texts(dialog)
    assert QApplication.focusWidget().accessibleDescription() == "A reason"


def test_correcting_a_field_clears_its_error_and_not_another_ones(dialog):
    dialog.customer.key.setText("k")
    dialog.show_error(refusal(customer_data__customer_key="Too odd", locale="Not a locale"))
    dialog.customer.key.setText("k2")

    assert "Too odd" not in shown_texts(dialog)
    assert "Not a locale" in shown_texts(dialog)


def test_the_next_try_starts_without_the_last_error(dialog):
    dialog.customer.key.setText("k")
    dialog.show_error(refusal(locale="Not a locale"))
    dialog.set_busy(True)

    assert "Not a locale" not in shown_texts(dialog)
    assert not dialog.error_card.isVisible()


def test_after_an_unknown_outcome_enter_does_not_make_a_second_link(dialog, qtbot):
    heard = created(dialog)
    dialog.customer.key.setText("harbor-hotel")
    dialog.set_busy(True)
    dialog.show_unknown_outcome(
        NetworkError("No answer.", "Seam did not answer in time.", outcome_unknown=True)
    )

    assert "may exist" in shown_texts(dialog)
    assert dialog.create_button.text() == "Create again"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert heard == []
    assert not dialog.isVisible()


def test_another_customer_after_an_unknown_outcome_is_created_as_usual(dialog, qtbot):
    heard = created(dialog)
    dialog.customer.key.setText("harbor-hotel")
    dialog.show_unknown_outcome(UserFacingError("No answer.", "?", outcome_unknown=True))
    dialog.customer.key.setText("casa-verde")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert dialog.create_button.text() == "Create"
    assert heard == ["create"]


def test_tab_goes_through_the_fields_in_reading_order(dialog, qtbot):
    dialog.customer.key.setText("k")
    dialog.customer.key.setFocus()
    expected = [
        *(f"feature_{feature.name}" for feature in FEATURES),
        "locale",
        "standalone",
        "readOnly",
        "submitButton",
        "dismissButton",
    ]
    seen = []
    for _ in expected:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget().objectName())
    assert seen == expected


def test_the_form_fits_a_small_screen_with_hostile_texts(dialog, qtbot):
    dialog.set_customer_keys([LONG, LONG.upper()])
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
