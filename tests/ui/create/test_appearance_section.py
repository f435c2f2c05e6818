"""The language and the customization profile in the New portal dialog."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QColor, QImage

from seam_portal_desktop.domain.lookups import CustomizationProfile
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.ui.create.form.controls import MenuControl
from seam_portal_desktop.ui.create.form.form_section import unfold_parents
from seam_portal_desktop.ui.create.form.profile_control import ProfileControl
from seam_portal_desktop.ui.create.form.settings import LOCALES
from tests.support.dialog_driver import sent, shown_texts

SQUARE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{}</svg>"""
RED = '<rect width="8" height="8" fill="#ff0000"/>'
FIRST, SECOND = (f"{digit * 8}-2222-4333-8444-555555555555" for digit in "34")


@pytest.mark.parametrize(("code", "name"), LOCALES)
def test_each_language_is_sent_by_its_code(dialog, code, name):
    dialog.customer.key.setText("k")
    box = dialog.findChild(MenuControl, "locale").box
    box.setCurrentText(name)

    assert sent(dialog)["locale"] == code
    box.setCurrentIndex(0)
    assert "locale" not in sent(dialog)


def test_a_profile_is_picked_by_name_and_an_unknown_id_is_kept(dialog):
    control = dialog.findChild(ProfileControl, "customization_profile_id")
    dialog.fill(PortalRequest(customization_profile_id=SECOND))
    dialog.appearance.set_profiles(
        [
            CustomizationProfile(FIRST, "Evening", primary_color="#1a58ad"),
            CustomizationProfile(SECOND),
        ]
    )
    assert dialog.request().customization_profile_id == SECOND
    control.box.setCurrentText("Evening")
    assert dialog.request().customization_profile_id == FIRST
    control.edit.setText("not-an-id")
    unfold_parents(control)
    assert dialog.wire() == {"customization_profile_id": "not-an-id"}
    assert "A profile’s ID looks like" in shown_texts(dialog)
    control.edit.clear()
    assert dialog.wire() == {}


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
    dialog.appearance.set_profiles(
        [
            CustomizationProfile(FIRST, "Evening", None, "#0000ff", "#00ff00"),
            CustomizationProfile(SECOND, None, None, "#ffff00"),
        ]
    )
    return dialog.findChild(ProfileControl, "customization_profile_id")


@pytest.mark.parametrize("logo", [png("red"), SQUARE.format(RED).encode()], ids=["png", "svg"])
def test_a_profiles_logo_stands_beside_its_colours(dialog, profiles, logo):
    assert colors_of(profiles, 1) == ["#ff0000ff", "#ff00ff00"]
    dialog.appearance.profile.set_logo(profiles.box.itemData(1), logo)
    assert colors_of(profiles, 1) == ["#ffff0000", "#ff0000ff", "#ff00ff00"]
    assert colors_of(profiles, 2) == ["#00000000", "#ffffff00", "#00000000"]
    dialog.appearance.profile.set_logo(profiles.box.itemData(2), png("#00ffff"))
    assert colors_of(profiles, 2)[0] == "#ff00ffff"
    shown = [profiles.box.itemData(place, Qt.ItemDataRole.AccessibleTextRole) for place in (1, 2)]
    assert shown[0] == "Evening"
    assert shown[1].startswith("Profile without a name, 44444444-")


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
def test_data_that_is_no_logo_leaves_the_colours(dialog, profiles, broken):
    dialog.appearance.profile.set_logo(profiles.box.itemData(1), broken)
    assert colors_of(profiles, 1) == ["#ff0000ff", "#ff00ff00"]


def test_a_logo_that_arrives_late_leaves_what_is_being_typed(dialog, profiles):
    profiles.box.setCurrentIndex(1)
    profiles.edit.setText("half of an i")
    profiles.edit.setCursorPosition(4)
    dialog.appearance.profile.set_logo(profiles.box.itemData(1), png("red"))
    assert (profiles.edit.text(), profiles.edit.cursorPosition()) == ("half of an i", 4)
    assert dialog.wire() == {"customization_profile_id": "half of an i"}
