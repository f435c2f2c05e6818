"""The form and the text are the same request, and what can't be sent names its path."""

from __future__ import annotations

import json

import pytest

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.domain.request.steps import finish
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.problem_panel import errors_by_path


def rewrite(dialog: NewPortalDialog, text: str) -> None:
    """Type other JSON over all of it, and check it at once."""
    dialog.json_view.editor.selectAll()
    dialog.json_view.editor.insertPlainText(text)
    dialog.json_view.request()


def written(dialog: NewPortalDialog) -> object:
    return json.loads(dialog.json_view.editor.text())


@pytest.fixture
def dialog(dialog):
    dialog.customer.key.setText("harbor-hotel")
    return dialog


def test_the_json_starts_from_the_form_and_fills_it(dialog):
    dialog.views.show_json()
    assert written(dialog) == {"customer_data": {"customer_key": "harbor-hotel"}}
    assert dialog.json_view.isVisible()
    assert not dialog.form.isVisible()
    rewrite(dialog, '{"customer_data":{"customer_key":"casa-verde"},"read_only":true}')
    dialog.views.show_form()

    assert dialog.form.isVisible()
    assert dialog.customer.key.text() == "casa-verde"
    assert dialog.wire() == {"customer_data": {"customer_key": "casa-verde"}, "read_only": True}


def test_invalid_json_cannot_be_created_and_leaves_the_form(dialog):
    dialog.views.show_json()
    rewrite(dialog, '{"customer_data":')
    assert not dialog.submit_button.isEnabled()
    dialog.views.show_form()
    assert dialog.submit_button.isEnabled()
    assert dialog.wire() == {"customer_data": {"customer_key": "harbor-hotel"}}


def test_filling_updates_the_visible_json(dialog):
    dialog.views.show_json()
    dialog.fill(decode_request('{"locale":"fr-FR"}'))
    assert written(dialog) == {"locale": "fr-FR"}


def test_an_error_from_the_service_is_seen_whichever_view_was_shown(dialog):
    dialog.views.show_json()
    dialog.set_busy(True)
    assert dialog.json_view.editor.isReadOnly()
    dialog.show_error(UserFacingError("Refused.", "Why."))
    assert dialog.error_card.isVisible()
    assert not dialog.json_view.editor.isReadOnly()


def add(kind: str, row: dict):
    def do(dialog: NewPortalDialog) -> None:
        dialog.data.kinds.set_current_kind(kind)
        dialog.data.table.apply_rows("import", [row], {})

    return do


def type_profile(dialog: NewPortalDialog) -> None:
    dialog.appearance.rows["customization_profile_id"].control.edit.setText("evening")


def type_filter(dialog: NewPortalDialog) -> None:
    dialog.filters.add_row().name.setText("1st floor")


def type_value_only(dialog: NewPortalDialog) -> None:
    dialog.filters.add_row().text.setText("2")


def type_token(dialog: NewPortalDialog) -> None:
    path = "features.manage.device_management_confirmation.title"
    dialog.features.rows[path].control.edit.setText("Unlock {number} doors?")


@pytest.mark.parametrize(
    ("do", "path"),
    [
        (lambda dialog: dialog.customer.key.clear(), "customer_data.customer_key"),
        (add("rooms", {"name": "One"}), "customer_data.rooms.0.room_key"),
        (add("rooms", {"room_key": "r-1"}), "customer_data.rooms.0.name"),
        (
            add("spaces", {"space_key": "s", "name": "n", "duration_minutes": "ninety"}),
            "customer_data.spaces.0.duration_minutes",
        ),
        (
            add("spaces", {"space_key": "s", "name": "n", "geolocation": {"latitude": 52.1}}),
            "customer_data.spaces.0.geolocation.longitude",
        ),
        (
            add("bookings", {"booking_key": "b", "starts_at": "tomorrow"}),
            "customer_data.bookings.0.starts_at",
        ),
        (
            add("reservations", {"reservation_key": "r", "custom_metadata": {"floor": "x" * 501}}),
            "customer_data.reservations.0.custom_metadata.floor",
        ),
        (type_profile, "customization_profile_id"),
        (type_filter, "customer_resources_filters.0.field"),
        (type_value_only, "customer_resources_filters.0.field"),
        (type_token, "features.manage.device_management_confirmation.title"),
    ],
)
def test_a_request_that_cannot_be_sent_is_refused_with_its_path(dialog, do, path):
    do(dialog)
    log: list[str] = []
    dialog.create_requested.connect(lambda: log.append("create"))

    errors = errors_by_path(finish(dialog.form.check()).problems)
    assert list(errors) == [path]
    dialog.submit()
    assert log == []
    wrong, rest = dialog.form.show_problems(errors)
    assert len(wrong) == 1
    assert rest == {}
    assert wrong[0].isVisible()
