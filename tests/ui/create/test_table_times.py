"""Dates and times typed and pasted in the tables of customer data, with the zones of the spaces."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimeZone

from seam_portal_desktop.domain.preferences import Settings
from seam_portal_desktop.ui.create.data.cells.cell_text import short_zone
from seam_portal_desktop.ui.toolkit.times import set_time_style
from tests.ui.create.test_create_data import fill, headers
from tests.ui.create.test_table_paste import column, data, paste, said, select

__all__ = ["data"]

ROLE = Qt.ItemDataRole
SPACES = [
    {
        "space_key": "s-ny",
        "name": "Loft",
        "customer_data": {
            "time_zone": "America/New_York",
            "default_checkin_time": "15:00",
            "default_checkout_time": "11:00",
        },
    },
    {"space_key": "s-none", "name": "Barn"},
]


@pytest.fixture(autouse=True)
def _in_berlin():
    set_time_style(Settings(time_zone="Europe/Berlin", date_style="iso"))
    yield
    set_time_style(Settings())


@pytest.fixture
def stays(data):
    rows = [
        {"reservation_key": f"r-{key}", "guest_key": "g", "space_keys": [key]}
        for key in ("s-ny", "s-none")
    ]
    fill(data, spaces=SPACES, reservations=rows)
    data.kinds.set_current_kind("reservations")
    return data


def write(data, row: int, name: str, text: str) -> None:
    data.model.setData(data.model.index(row, column(data, name)), text)


def times(data, name: str = "starts_at") -> list[str | None]:
    return [row.get(name) for row in data.model.rows("reservations")]


@pytest.mark.parametrize("way", ["typed", "pasted", "filled"])
def test_a_time_is_that_of_the_row_s_space_else_of_the_user(stays, qtbot, way):
    if way == "typed":
        for row in (0, 1):
            write(stays, row, "starts_at", "2026-03-14 15:00")
    else:
        select(stays, range(2) if way == "filled" else range(1), "starts_at")
        paste(stays, qtbot, "\n".join(["2026-03-14 15:00"] * (1 if way == "filled" else 2)))
    assert times(stays) == ["2026-03-14T15:00:00-04:00", "2026-03-14T15:00:00+01:00"]


def test_filling_down_keeps_what_the_clocks_show(stays, qtbot):
    write(stays, 0, "starts_at", "2026-03-14 15:00")
    select(stays, range(2), "starts_at")
    qtbot.keyClick(stays.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert times(stays) == ["2026-03-14T15:00:00-04:00", "2026-03-14T15:00:00+01:00"]


def test_a_time_is_shown_on_the_clocks_of_its_space_and_the_heading_names_the_usual_zone(stays):
    for row in (0, 1):
        write(stays, row, "starts_at", "2026-03-14 15:00")
    index = [stays.model.index(row, column(stays, "starts_at")) for row in (0, 1)]
    shown = [each.data(ROLE.DisplayRole) for each in index]
    assert "15:00" in shown[0]
    assert "New York" in shown[0]
    assert shown[1] == "2026-03-14 15:00"
    assert "2026-03-14T15:00:00-04:00" in index[0].data(ROLE.ToolTipRole)
    assert "America/New_York" in index[0].data(ROLE.ToolTipRole)
    title = headers(stays)[column(stays, "starts_at")]
    assert "Berlin" in title
    tooltip = stays.model.headerData(
        column(stays, "starts_at"), Qt.Orientation.Horizontal, ROLE.ToolTipRole
    )
    assert "Europe/Berlin" in tooltip


def test_a_date_alone_gets_the_space_s_time_and_that_is_said(stays, qtbot):
    write(stays, 0, "ends_at", "2026-03-16")
    assert times(stays, "ends_at")[0] == "2026-03-16T11:00:00-04:00"
    said(stays, qtbot, "11:00 is the check-out time of s-ny")
    write(stays, 1, "ends_at", "2026-03-16")
    assert times(stays, "ends_at")[1] == "2026-03-16"
    tooltip = stays.model.index(1, column(stays, "ends_at")).data(ROLE.ToolTipRole)
    assert "The time is missing" in tooltip


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("03/04/2026 15:00", "Type 2026-"),
        ("2026-03-29 02:30", "Clocks are changed"),
        ("2026-10-25 02:30", "Clocks are changed"),
    ],
)
def test_a_typed_text_with_two_meanings_stays_and_is_asked_about(stays, text, asks):
    write(stays, 1, "starts_at", text)
    assert times(stays)[1] == text
    index = stays.model.index(1, column(stays, "starts_at"))
    assert asks in index.data(ROLE.ToolTipRole)
    assert index.data(ROLE.DecorationRole) is not None
    assert "wrong" in index.data(ROLE.AccessibleTextRole)


@pytest.mark.parametrize("text", ["03/04/2026 15:00", "2026-03-29 02:30", "noon\tlater"])
def test_a_pasted_text_with_two_meanings_goes_to_the_import(stays, qtbot, text):
    select(stays, range(1, 2), "starts_at")
    paste(stays, qtbot, text)
    assert [at for _sheet, at in stays.asked] == [1]
    assert stays.table.currentIndex().column() == column(stays, "starts_at")
    assert times(stays) == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        *("3/14/2026 15:00", "14/03/2026 15:00", "3/14/2026 3:00 PM", "2026-03-14T15:00:00"),
        *("14.03.2026 15:00:00", "2026/03/14 15:00", "14-Mar-26 15:00", "46095.625"),
    ],
)
def test_pasted_dates_of_all_forms(stays, qtbot, text):
    select(stays, range(1, 2), "starts_at")
    paste(stays, qtbot, text)
    value = times(stays)[1]
    assert value == "2026-03-14T15:00:00+01:00" or (value is None and stays.asked)


def test_phones_without_a_country_go_to_the_import(data, qtbot):
    data.table.go_to(0, column(data, "phone_number"))
    paste(data, qtbot, "030 23125 101")
    assert data.asked
    assert not data.model.rows("guests")


def test_a_list_of_keys_is_several(stays, qtbot):
    select(stays, range(1), "space_keys")
    paste(stays, qtbot, "yale, salto_ks")
    assert stays.model.rows("reservations")[0]["space_keys"] == ["yale", "salto_ks"]


METADATA = {
    "floor": "2",
    "country": "NO",
    "pets": True,
    "smoking": False,
    "old": None,
    "text true": "true",
    "a = b; c": 'x "y"\t{z}\n\u2028 ; 1',
    "empty": "",
}


def test_copied_metadata_is_pasted_with_its_types(data, qtbot):
    row = {"reservation_key": "r", "custom_metadata": METADATA}
    fill(data, reservations=[row])
    data.kinds.set_current_kind("reservations")
    data.table.selectRow(0)
    qtbot.keyClick(data.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data.table.go_to(1, 0)
    qtbot.keyClick(data.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    rows = data.model.rows("reservations")
    assert not data.asked
    assert rows[1] == row
    assert {name: type(each) for name, each in rows[1]["custom_metadata"].items()} == {
        name: type(each) for name, each in METADATA.items()
    }


def test_a_country_stays_text(data, qtbot):
    data.kinds.set_current_kind("reservations")
    data.table.go_to(0, column(data, "custom_metadata"))
    paste(data, qtbot, "country = NO")
    assert data.model.rows("reservations") == [{"custom_metadata": {"country": "NO"}}]


def test_a_time_isn_t_shown_in_a_zone_that_nobody_knows(stays):
    write(stays, 0, "starts_at", "2026-03-14 15:00")
    stays.kinds.set_current_kind("spaces")
    write(stays, 0, "customer_data.time_zone", "Mars/Olympus")
    stays.kinds.set_current_kind("reservations")
    shown = stays.model.index(0, column(stays, "starts_at")).data(ROLE.DisplayRole)
    assert shown == "2026-03-14 20:00", "the user's zone"


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        *(("Europe/Berlin", "Berlin"), ("America/New_York", "New York"), ("Etc/UTC", "UTC")),
        *(("Etc/GMT-3", "UTC+3"), ("Etc/GMT+10", "UTC-10")),
    ],
)
def test_zones_are_named_by_their_place(zone, place):
    assert short_zone(zone) == place


def test_the_zones_of_this_test_are_known():
    assert QTimeZone(b"America/New_York").isValid()
