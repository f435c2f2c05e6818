"""The form and the text are the same request, and what can't be sent names its path."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.request import (
    PortalRequest,
    RequestFormatError,
    decode_request,
    encode_request,
)
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.toolkit.icons import Icons


class TextView(QLineEdit):
    """The least that the dialog takes for a view: JSON on one line."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.textEdited.connect(self.changed)
        self.given: list[object] = []

    def set_request(self, request) -> None:
        self.given.append(request)
        if isinstance(request, PortalRequest):
            self.setText(encode_request(request).decode())

    def request(self) -> PortalRequest | None:
        try:
            return decode_request(self.text())
        except RequestFormatError:
            return None

    def lock(self, locked: bool) -> None:
        self.setReadOnly(locked)

    def rewrite(self, text: str) -> None:
        self.setText(text)
        self.changed.emit()


@pytest.fixture
def dialog(theme, qtbot):
    dialog = NewPortalDialog(theme, Icons(theme))
    qtbot.addWidget(dialog, before_close_func=lambda made: made.set_busy(False))
    dialog.set_workspace("Acme Stays", WorkspaceKind.SANDBOX, demo=False)
    dialog.view = TextView(dialog)
    dialog.set_json_view(dialog.view)
    dialog.open()
    qtbot.waitExposed(dialog)
    dialog.customer.key.setText("harbor-hotel")
    return dialog


def test_the_text_starts_as_what_the_form_says_and_comes_back_as_a_form(dialog):
    dialog.show_json()
    assert dialog.view.given == [{"customer_data": {"customer_key": "harbor-hotel"}}]
    assert dialog.view.isVisible()
    assert not dialog.form.isVisible()
    dialog.view.rewrite('{"customer_data":{"customer_key":"casa-verde"},"read_only":true}')
    dialog.show_json(shown=False)

    assert dialog.customer.key.text() == "casa-verde"
    assert dialog.wire() == {"customer_data": {"customer_key": "casa-verde"}, "read_only": True}


def test_text_that_is_no_request_cannot_be_created_and_changes_nothing(dialog):
    dialog.show_json()
    dialog.view.rewrite('{"customer_data":')
    assert not dialog.create_button.isEnabled()
    dialog.show_json(shown=False)
    assert dialog.create_button.isEnabled()
    assert dialog.wire() == {"customer_data": {"customer_key": "harbor-hotel"}}


def test_filling_while_the_text_is_shown_shows_it_there(dialog):
    dialog.show_json()
    dialog.fill(decode_request('{"locale":"fr-FR"}'))
    assert dialog.view.text() == '{"locale":"fr-FR"}'


def test_an_error_from_the_service_is_seen_whichever_view_was_shown(dialog):
    dialog.show_json()
    dialog.set_busy(True)
    assert dialog.view.isReadOnly()
    dialog.show_error(UserFacingError("Refused.", "Why."))
    assert dialog.error_card.isVisible()
    assert not dialog.view.isReadOnly()


def paste(kind: str, text: str):
    def do(dialog: NewPortalDialog) -> None:
        dialog.data.show_kind(kind)
        dialog.data.table.paste(text)

    return do


def type_profile(dialog: NewPortalDialog) -> None:
    dialog.look.rows["customization_profile_id"].control.edit.setText("evening")


def type_filter(dialog: NewPortalDialog) -> None:
    dialog.filters.add_row().field.setText("1st floor")


def type_value_only(dialog: NewPortalDialog) -> None:
    dialog.filters.add_row().text.setText("2")


def type_token(dialog: NewPortalDialog) -> None:
    path = "features.manage.device_management_confirmation.title"
    dialog.features.rows[path].control.edit.setText("Unlock {number} doors?")


@pytest.mark.parametrize(
    ("do", "path"),
    [
        (lambda dialog: dialog.customer.key.clear(), "customer_data.customer_key"),
        (paste("rooms", "Room key\tName\n\tOne"), "customer_data.rooms.0.room_key"),
        (paste("rooms", "Room key\tName\nr-1\t"), "customer_data.rooms.0.name"),
        (
            paste("spaces", "Space key\tName\tMinutes per stay\ns\tn\tninety"),
            "customer_data.spaces.0.duration_minutes",
        ),
        (
            paste("spaces", "Space key\tName\tLatitude\ns\tn\t52.1"),
            "customer_data.spaces.0.geolocation.longitude",
        ),
        (
            paste("bookings", "Booking key\tStarts\nb\ttomorrow"),
            "customer_data.bookings.0.starts_at",
        ),
        (
            paste("reservations", "Reservation key\tMetadata: floor\nr\t" + "x" * 501),
            "customer_data.reservations.0.custom_metadata.floor",
        ),
        (type_profile, "customization_profile_id"),
        (type_filter, "customer_resources_filters.0.field"),
        (type_value_only, "customer_resources_filters.0.field"),
        (type_token, "features.manage.device_management_confirmation.title"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_path(dialog, do, path):
    do(dialog)
    heard: list[str] = []
    dialog.create_requested.connect(lambda: heard.append("create"))

    assert list(dialog.form.problems()) == [path]
    dialog.submit()
    assert heard == []
    wrong, rest = dialog.form.show_problems(dialog.form.problems())
    assert len(wrong) == 1
    assert rest == {}
    assert wrong[0].isVisible()
