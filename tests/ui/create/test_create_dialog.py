"""The New portal dialog as it is used: by keyboard, through waiting, refusal and doubt."""

from __future__ import annotations

import json

import msgspec
import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton

from seam_portal_desktop.domain.errors import InvalidRequestError, NetworkError, UserFacingError
from seam_portal_desktop.domain.lookups import CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.request import PortalRequest, decode_request
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.controls import MenuControl, SegmentsControl
from seam_portal_desktop.ui.create.form.draft import FEATURES, LOCALES
from seam_portal_desktop.ui.create.form.fold import Fold
from seam_portal_desktop.ui.create.form.profile_picker import ProfileControl
from seam_portal_desktop.ui.create.form.section import reveal
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Tone

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


def segment(dialog: NewPortalDialog, path: str, value: object) -> QRadioButton:
    """The segment of a setting's control, unfolded and ready to be clicked."""
    control = dialog.findChild(SegmentsControl, path)
    reveal(control)
    return control.segments.button(value)


@pytest.mark.parametrize("feature", FEATURES[:4], ids=lambda feature: feature.name)
def test_each_feature_has_three_states(dialog, feature):
    dialog.customer.key.setText("k")
    fold = dialog.findChildren(Fold)[0]
    for value in (True, False):
        segment(dialog, feature.path, value).click()
        assert sent(dialog)["features"] == {feature.name: {"exclude": value}}
        assert feature.title in fold.summary
    segment(dialog, feature.path, None).click()

    assert "features" not in sent(dialog)
    assert fold.summary == "Left to the profile"


def test_the_deprecated_feature_is_there_only_when_a_request_uses_it(dialog):
    row = dialog.features.rows["features.manage_devices.exclude"]
    reveal(row)
    assert not row.isVisible()
    dialog.fill(decode_request('{"features": {"manage_devices": {"exclude": true}}}'))
    assert row.isVisible()
    segment(dialog, "features.manage_devices.exclude", None).click()
    assert dialog.wire() == {}
    assert row.isVisible()  # so that it can be changed back
    dialog.fill(PortalRequest())
    assert not row.isVisible()


def test_leaving_everything_out_is_pointed_out(dialog):
    for feature in FEATURES[:4]:
        assert "empty portal" not in shown_texts(dialog)
        segment(dialog, feature.path, True).click()
    assert "empty portal" in shown_texts(dialog)


@pytest.mark.parametrize(("code", "name"), LOCALES)
def test_each_language_is_sent_by_its_code(dialog, code, name):
    dialog.customer.key.setText("k")
    box = dialog.findChild(MenuControl, "locale").box
    box.setCurrentText(name)

    assert sent(dialog)["locale"] == code
    box.setCurrentIndex(0)
    assert "locale" not in sent(dialog)


def test_a_filled_form_gives_the_same_request_and_says_so_while_folded(dialog):
    request = decode_request(
        '{"customer_data": {"customer_key": "k", "guests": [{"guest_key": "g", "name": "G"}]},'
        '"features": {"organize": {"exclude": true}}, "locale": "el-GR", "is_embedded": true,'
        '"read_only": true, "navigation_mode": "restricted",'
        '"landing_page": {"manage": {"unit_key": "u-1"}}}'
    )
    dialog.fill(request)

    assert dialog.request() == request
    texts = "\n".join(fold.summary for fold in dialog.findChildren(Fold))
    for said in ("Organize: Leave out", "Ελληνικά", "Embedded", "Restricted", "Read-only"):
        assert said in texts
    for said in ("1 guest", "Unit u-1"):
        assert said in texts


def test_spaces_around_a_key_that_came_with_a_request_stay(dialog):
    dialog.fill(decode_request('{"customer_data": {"customer_key": " k "}}'))
    assert dialog.wire() == {"customer_data": {"customer_key": " k "}}
    dialog.customer.key.setText(" k2 ")
    assert dialog.wire() == {"customer_data": {"customer_key": "k2"}}


def test_edited_follows_edits_and_not_filling(dialog):
    heard: list[str] = []
    dialog.edited.connect(lambda: heard.append("edited"))
    dialog.fill(decode_request('{"locale": "fr-FR", "features": {"manage": {"exclude": true}}}'))
    assert heard == []
    segment(dialog, "read_only", True).click()
    assert heard == ["edited"]


def test_typing_asks_for_customers_once_it_pauses(dialog, qtbot):
    with qtbot.waitSignal(dialog.customer_search_wanted) as asked:
        qtbot.keyClicks(dialog.customer.key, "harb")
    assert asked.args == ["harb"]
    dialog.set_remote_customers(["harbor-hotel", "harbor-inn"])
    popup = dialog.customer.key.completer().popup()
    assert popup.isVisible()
    assert [popup.model().index(row, 0).data() for row in range(2)] == [
        "harbor-hotel",
        "harbor-inn",
    ]
    qtbot.keyClick(popup, Qt.Key.Key_Escape)


def test_one_list_of_providers_at_a_time(dialog, qtbot):
    dialog.set_providers([DeviceProvider("salto_ks", "Salto KS", "")])
    providers = dialog.features.providers
    reveal(providers.mode)
    providers.mode.control.set_value("only")
    edit = providers.lists["only"].control.edit
    qtbot.keyClicks(edit, "salto ks")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.wire() == {"features": {"connect": {"accepted_providers": ["salto_ks"]}}}
    (token,) = providers.lists["only"].control.tokens
    assert token.accessibleName() == "Remove Salto KS"

    providers.mode.control.set_value("all_but")
    assert dialog.wire() == {}
    assert "still left to the profile" in shown_texts(dialog)
    providers.mode.control.set_value("only")
    assert dialog.wire() == {"features": {"connect": {"accepted_providers": ["salto_ks"]}}}
    qtbot.mouseClick(providers.lists["only"].control.tokens[0], Qt.MouseButton.LeftButton)
    assert dialog.wire() == {}


def test_a_profile_is_picked_by_name_and_an_unknown_id_is_kept(dialog):
    first, second = (f"{digit * 8}-2222-4333-8444-555555555555" for digit in "34")
    control = dialog.findChild(ProfileControl, "customization_profile_id")
    dialog.fill(PortalRequest(customization_profile_id=second))
    dialog.set_profiles(
        [
            CustomizationProfile(first, "Evening", primary_color="#1a58ad"),
            CustomizationProfile(second),
        ]
    )
    assert dialog.request().customization_profile_id == second
    control.box.setCurrentText("Evening")
    assert dialog.request().customization_profile_id == first
    control.edit.setText("not-an-id")
    reveal(control)
    assert dialog.wire() == {"customization_profile_id": "not-an-id"}
    assert "A profile’s id looks like" in shown_texts(dialog)
    control.edit.clear()
    assert dialog.wire() == {}


SQUARE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{}</svg>"""
RED = '<rect width="8" height="8" fill="#ff0000"/>'


def png(color: str, side: int = 64) -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")
    return buffer.data().data()


def colors_of(control: ProfileControl, place: int) -> list[str]:
    """The colours in the middle of a row's picture: the logo's, if any has one, and its two."""
    size = control.box.iconSize()
    image = control.box.itemIcon(place).pixmap(size).toImage()
    side = size.height()
    middles = [side / 2, size.width() - 1.5 * side, size.width() - side / 2]
    if size.width() == 2 * side:
        del middles[0]
    scale = image.devicePixelRatio()
    return [
        image.pixelColor(round(x * scale), round(side / 2 * scale)).name(QColor.NameFormat.HexArgb)
        for x in middles
    ]


@pytest.fixture
def profiles(dialog):
    first, second = (f"{digit * 8}-2222-4333-8444-555555555555" for digit in "34")
    dialog.set_profiles(
        [
            CustomizationProfile(first, "Evening", None, "#0000ff", "#00ff00"),
            CustomizationProfile(second, None, None, "#ffff00"),
        ]
    )
    return dialog.findChild(ProfileControl, "customization_profile_id")


@pytest.mark.parametrize("logo", [png("red"), SQUARE.format(RED).encode()], ids=["png", "svg"])
def test_a_profiles_logo_stands_beside_its_colours(dialog, profiles, logo):
    assert colors_of(profiles, 1) == ["#ff0000ff", "#ff00ff00"]
    dialog.set_profile_logo(profiles.box.itemData(1), logo)
    assert colors_of(profiles, 1) == ["#ffff0000", "#ff0000ff", "#ff00ff00"]
    assert colors_of(profiles, 2) == ["#00000000", "#ffffff00", "#00000000"]
    dialog.set_profile_logo(profiles.box.itemData(2), png("#00ffff"))
    assert colors_of(profiles, 2)[0] == "#ff00ffff"
    said = [profiles.box.itemData(place, Qt.ItemDataRole.AccessibleTextRole) for place in (1, 2)]
    assert said[0] == "Evening"
    assert said[1].startswith("Profile without a name, 44444444-")


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"no picture",
        b"<html><body>Not found</body></html>",
        b"<svg><rect",
        SQUARE.format('<image href="/etc/logo.png" width="8" height="8"/>').encode(),
        SQUARE.format(RED + '<use href="#a"/>' * 33).encode(),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SQUARE.format("&a;").encode(),
        png("red", 2049),
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,",
    ],
    ids=["empty", "text", "html", "cut", "file", "uses", "entity", "huge", "gif"],
)
def test_what_is_no_logo_leaves_the_colours(dialog, profiles, broken):
    dialog.set_profile_logo(profiles.box.itemData(1), broken)
    assert colors_of(profiles, 1) == ["#ff0000ff", "#ff00ff00"]


def test_a_logo_that_arrives_late_leaves_what_is_being_typed(dialog, profiles):
    profiles.box.setCurrentIndex(1)
    profiles.edit.setText("half of an i")
    profiles.edit.setCursorPosition(4)
    dialog.set_profile_logo(profiles.box.itemData(1), png("red"))
    assert (profiles.edit.text(), profiles.edit.cursorPosition()) == ("half of an i", 4)
    assert dialog.wire() == {"customization_profile_id": "half of an i"}


def test_a_landing_page_and_a_deep_link_exclude_each_other(dialog):
    both = {
        "landing_page": {"manage": {"room_key": "r"}},
        "deep_link": {"resource_type": "device", "resource_id": "d"},
    }
    dialog.fill(decode_request(json.dumps(both)))
    reveal(dialog.opens_at.mode)
    assert dialog.wire() == both
    assert "This request has both" in shown_texts(dialog)

    dialog.opens_at.mode.control.set_value("deep_link")
    assert dialog.wire() == {"deep_link": both["deep_link"]}
    assert not dialog.opens_at.landing.isVisible()
    dialog.opens_at.mode.control.set_value(None)
    assert dialog.wire() == {}


def test_a_landing_page_without_a_key_is_not_sent(dialog, qtbot):
    heard = created(dialog)
    dialog.customer.key.setText("k")
    dialog.opens_at.mode.control.set_value("landing_page")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert heard == []
    assert QApplication.focusWidget() is dialog.opens_at.landing.key
    assert "Type the key" in shown_texts(dialog)
    dialog.opens_at.landing.key.setText("space-1")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)
    assert heard == ["create"]


def test_what_breaks_the_contract_is_shown_at_its_field_and_not_sent(dialog, qtbot):
    heard = created(dialog)
    dialog.customer.key.setText("k")
    dialog.data.show_kind("rooms")
    dialog.data.table.paste("Room key\tName\nr-1\tOne\nr-1\tTwo\n\tThree")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert heard == []
    assert QApplication.focusWidget() is dialog.data.table
    assert "Rooms, row 3: A room key is needed" in shown_texts(dialog)
    assert dialog.data.table.currentIndex().row() == 2


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
    assert not dialog.look.isEnabled()
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
    for text in ("Not allowed here", "Not a locale", "future_field.new: Required", "req-1"):
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
def test_every_field_of_the_form_has_a_place_for_its_error(dialog, path):
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
    dialog.set_remote_customers(["k", "k2"])

    assert "Too odd" in shown_texts(dialog)


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
        *(f"fold{name}" for name in ("Features", "Look", "Opens at", "Data", "Filters")),
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
