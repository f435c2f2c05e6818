"""Which column is which field: guessed from titles and first cells, or asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.request.verticals import ANY
from seam_portal_desktop.domain.tables.conversion import RefusedCell
from seam_portal_desktop.domain.tables.guess import (
    guess_mapping,
    headless_mapping,
    with_heading,
)
from seam_portal_desktop.domain.tables.mapping import (
    ColumnTarget,
    Match,
    NamePart,
    conflicts,
    possible_targets,
    with_target,
)
from seam_portal_desktop.domain.tables.remembered import (
    read_remembered,
    remembered_mapping,
    target_text,
)
from seam_portal_desktop.domain.tables.row_check import check_rows
from seam_portal_desktop.domain.tables.sheet import ErrorCell, Sheet
from seam_portal_desktop.domain.tables.titles.targets import title_target

KINDS = {kind.name: kind for kind in resource_kinds()}
GUESTS = KINDS["guests"]


def sheet(*rows):
    """Rows of cells, or texts with commas between the cells."""
    cells = [row.split(",") if isinstance(row, str) else list(row) for row in rows]
    return Sheet(cells, list(range(1, len(cells) + 1)))


def guess(kind, *rows):
    return guess_mapping(sheet(*rows), KINDS[kind])


def shown(mapping):
    """The target of each column; with a question mark if it is asked."""
    return [
        (target_text(column.target) if column.target else "") + "?" * column.must_ask
        for column in mapping.columns
    ]


def test_two_titles_for_one_field_are_asked():
    assert shown(guess("guests", "Key,Name,Email address,ID", "g-1,Ada,a@example.com,7")) == [
        "guest_key?",
        "name",
        "email_address",
        "guest_key?",
    ]
    assert shown(guess("guests", "Name,Name", "Ada,Ada Example")) == ["name?", "name?"]


def test_titles_are_never_a_guest():
    titles = "Key,Full name,E-mail,Phone"
    for rows in ([titles], [titles, "g-1,Ada Example,a@example.com,+12025550101"]):
        mapping = guess("guests", *rows)
        assert (mapping.heading, mapping.first_row) == (0, 1)
        assert shown(mapping) == ["guest_key", "name", "email_address", "phone_number"]
        assert not mapping.is_certain, "synonyms are shown"
        assert mapping.is_complete


def test_only_own_names_are_certain():
    assert guess("guests", "Guest key,Name,Email address", "g-1,Ada,a@example.com").is_certain
    assert not guess("guests", "Guest key,Name,Shoe size", "g-1,Ada,39").is_certain
    assert not guess("guests", "Guest key,Phone number", "g-1,+12025550101").is_certain
    assert not guess("guests", ["Guest key", "Name", None], ["g-1", "Ada", "x"]).is_certain


@pytest.mark.parametrize("text", ["Name", "Guest", "Key", "a@example.com", "", "Rooms: 2"])
def test_a_single_cell_is_text(text):
    for rows in ([[text]], [[text, ""], ["", None]], [["", ""], ["", text]]):
        assert guess("guests", *rows).heading is None


def test_titles_and_blank_lines_above_the_heading_are_skipped():
    rows = ["Arrivals", "Printed,2026-03-01", "", "Key,Name", "g-1,Ada Example"]
    assert guess("guests", *rows).heading == 3
    assert guess("guests", *rows[3:]).heading == 0
    # Two columns of data aren't lines above a table.
    assert guess("guests", "g-1,Ada", "g-2,Ben", "Key,Name").heading is None


@pytest.mark.parametrize("time", ["2026-03-14 15:00", "14-Mar-26 15:00", "15:00", "3:00"])
def test_clock_times_are_no_titles(time):
    assert guess("reservations", time, time).heading is None


@pytest.mark.parametrize(
    "row",
    [
        "g-1,Ada Example,a@example.com",
        "g-1,Smith, John,john@example.com,+493023125001",
        "Ada Example,Guest,Berlin",
        "1,Name",
        "Lake House,Berlin",
    ],
)
def test_data_without_a_heading_are_asked_about(row):
    mapping = guess("guests", row, row)
    assert mapping.heading is None
    assert shown(mapping) == ["?"] * (row.count(",") + 1)


def test_a_row_that_is_longer_than_the_heading_is_refused_with_its_line():
    rows = sheet(
        "Key,Name,Email address,Phone number",
        "g-1,Smith, John,john@example.com,+493023125001",
        "g-2,Ada Example,a@example.com,+12025550101",
        "g-3,Ben Example",
        "g-4,Cy Example,c@example.com,,,,",
        "Key,Name,Email address,Phone number",
        ["g-5", "Di Example", "", "+12025550105"],
    )
    checked = check_rows(rows, guess_mapping(rows, GUESTS))
    assert list(checked.refused) == [
        RefusedCell(1, 4, 2, "This row has 5 cells, but there are 4 titles"),
        RefusedCell(5, 0, 6, "This row repeats the titles"),
    ]
    assert list(checked.short) == [3]


def test_the_row_with_the_totals_is_refused():
    titles = "Key,Name,Nights"
    for last in ("Total,,12", ",Summe:,12", "Итого"):
        rows = sheet(titles, "r-1,Ada,2", last)
        checked = check_rows(rows, guess_mapping(rows, KINDS["reservations"]))
        assert [cell.line for cell in checked.refused] == [3]
    for last in ("Total,Ada,12", "r-2,Total,1", "Totally,,"):
        rows = sheet(titles, "r-1,Ada,2", last)
        assert not check_rows(rows, guess_mapping(rows, KINDS["reservations"])).refused


def test_contact_is_what_its_cells_are():
    for cell, target in (
        ("a@example.com", "email_address"),
        ("+1 202 555 0101", "phone_number"),
        ("Ada Example", ""),
    ):
        assert shown(guess("guests", "Key,Name,Contact", f"g-1,Ada,{cell}"))[2] == target
    assert shown(guess("guests", "Key,Name,Contact"))[2].endswith("?")


def test_cells_beside_the_titles_are_taken_once_the_user_chose_for_them():
    rows = sheet(["Key", "Name", ""], ["g-1", "Ada", "a note"])
    mapping = guess_mapping(rows, GUESTS)
    assert len(check_rows(rows, mapping).refused) == 1
    assert not check_rows(rows, with_target(mapping, 2, None)).refused


def test_a_count_is_no_key():
    mapping = guess(
        "reservations",
        "Booking ID,# of adults,Rooms: 2,Number of guests,Anzahl Gäste,Nights,Guests",
        "b-1,2,2,2,2,3,2",
    )
    assert shown(mapping) == ["reservation_key", "", "", "", "", "", ""]
    assert shown(guess("reservations", "Booking ID,Rooms", "b-1,2", "b-2,1"))[1] == "room_keys?"
    assert shown(guess("reservations", "Booking ID,Rooms", "b-1,101", "b-2,2"))[1] == "room_keys"


@pytest.mark.parametrize(
    "title",
    [
        "Status, Price, Total, Currency, Notes, City, Zip code, Country code, Tax code, Promo code",
        "Room type, Room rate, Room count, Booking date, Booking status, Confirmation date, Stars",
        "Booked by, Checked in, Late checkout, Last night, First visit, Last contact, House number",
        "Hotel phone, Owner email, Emergency contact phone, Phone verified, Card number, Fax",
        "Preis, Hausnummer, Rechnungsnummer, Buchungsdatum, Zimmertyp, Postleitzahl, Anzahl Zimmer",
        "Prix, Code postal, Nombre de nuits, Type de logement, Date de réservation",
        "Prezzo, Stato, Data prenotazione, Numero civico, Codice fiscale, Notti",
        "Precio, Estado, Fecha de reserva, Número de huéspedes, Código postal",
        "Preço, Estado, Data da reserva, Número de hóspedes, Valor",
        "Prijs, Aantal nachten, Opmerking, Woonplaats, Huisnummer",
        "Cena, Liczba gości, Data rezerwacji, Kod pocztowy, Uwagi",
        "Цена, Количество ночей, Дата бронирования, Город, Комментарий",
        "Τιμή, Αριθμός επισκεπτών, Σχόλια, Πόλη, Κατάσταση",
    ],
)
def test_titles_of_something_else(title):
    for each in title.split(", "):
        for kind in ("guests", "reservations"):
            titles = title_target(each, KINDS[kind])
            assert titles.target is None, each


def test_metadata_by_field():
    mapping = guess("property_listings", "Key,Name,metadata: floor,Metadata.pets", "p,Barn,2,yes")
    assert shown(mapping)[2:] == ["custom_metadata:floor", "custom_metadata:pets"]
    assert mapping.is_certain


def test_parts_of_a_name():
    first, last = ColumnTarget(GUESTS.columns[1], part=NamePart.FIRST), "name/last"
    assert [target.title(ANY) for target in possible_targets(GUESTS)[1:5]] == [
        "Name",
        "First name",
        "Middle name",
        "Last name",
    ]
    mapping = guess("guests", "Key,Last name,First name", "g-1,Example,Ada")
    assert shown(mapping)[1:] == [last, "name/first"]
    assert mapping.columns[2].target == first
    assert shown(guess("guests", "Key,Name,Vorname", "g-1,Example,Ada"))[1:] == [
        last,
        "name/first",
    ]
    assert shown(guess("guests", "Key,Name,Vorname", "g-1,Ada Example,Ada"))[1:] == ["name", ""]
    assert shown(guess("guests", "Key,Name,Vorname"))[1:] == ["name?", "name/first?"]


def test_the_cells_tell_whether_a_guest_is_a_key_or_a_name():
    titles = "Confirmation code,Guest,Arrival"
    assert shown(guess("reservations", titles, "b-1,Ada Example,2026-03-14"))[1] == "name"
    assert shown(guess("reservations", titles, "b-1,g-17,2026-03-14"))[1] == "guest_key"
    assert shown(guess("reservations", titles, "b-1,Ada,2026-03-14"))[1] == "guest_key?"
    assert shown(guess("reservations", titles))[1] == "guest_key?"


def test_cells_that_contradict_the_title_are_asked_about():
    assert shown(guess("guests", "Key,Name,E-mail", "g-1,Ada,yes"))[2] == "email_address?"
    assert shown(guess("guests", "Key,Name,Mobile", "g-1,Ada,no"))[2] == "phone_number?"
    assert shown(guess("guests", "Guest no.,Name", "2,Ada", "1,Ben"))[0] == "guest_key?"
    assert shown(guess("guests", "Guest no.,Name", "2,Ada", "17,Ben"))[0] == "guest_key"
    assert shown(guess("reservations", "Booking ID,Arrival,Stars", "b-1,soon,yes")) == [
        "reservation_key",
        "starts_at?",
        "",
    ]


def test_a_clock_time_beside_the_date_is_left_out_if_the_user_says_so():
    titles = "Booking ID,Arrival,Check-in time"
    assert shown(guess("reservations", titles, "b-1,2026-03-14,15:00"))[1:] == ["starts_at", "?"]
    mapping = guess("reservations", "Booking ID,Check-in time", "b-1,2026-03-14 15:00")
    assert shown(mapping)[1] == "starts_at?"


def test_two_kinds_of_places_are_asked_about():
    mapping = guess("reservations", "Booking ID,Property,Room", "b-1,harbor,101")
    assert shown(mapping)[1:] == ["property_keys?", "room_keys?"]


def test_typing_errors_are_alike():
    mapping = guess("guests", "Key,Nmae,Emial adress,Phnoe number", "g-1,Ada,a@example.com,+12025")
    assert shown(mapping) == ["guest_key", "", "email_address", "phone_number"]
    assert [column.match for column in mapping.columns[2:]] == [Match.ALIKE, Match.ALIKE]


def test_a_choice_answers_the_question_and_a_second_one_is_a_conflict():
    mapping = guess("guests", "Key,Name,Email address,ID", "g-1,Ada,a@example.com,7")
    key = ColumnTarget(GUESTS.columns[0])
    chosen = with_target(mapping, 3, key)
    assert shown(chosen) == ["", "name", "email_address", "guest_key"]
    assert chosen.columns[3].match is Match.CHOSEN
    twice = with_target(chosen, 0, key)
    assert conflicts(twice.columns) == {0, 3}
    assert shown(twice) == ["guest_key?", "name", "email_address", "guest_key?"]
    assert shown(with_target(twice, 0, None)) == ["", "name", "email_address", "guest_key"]
    without = with_target(with_target(mapping, 0, None), 3, None)
    assert [column.dotted for column in without.missing] == ["guest_key"]


def test_the_user_says_which_row_has_the_titles():
    rows = sheet("Kennzahl,Kurztext", "g-1,Ada Example")
    mapping = guess_mapping(rows, GUESTS)
    assert mapping.heading is None
    assert [column.title for column in with_heading(rows, mapping, 0).columns] == [
        "Kennzahl",
        "Kurztext",
    ]
    assert shown(with_heading(rows, with_heading(rows, mapping, 0), None)) == ["?", "?"]


def test_pasted_cells_go_to_the_columns_at_the_cursor():
    rows = sheet("a@example.com,+12025550101,x", ",,")
    mapping = headless_mapping(rows, GUESTS, GUESTS.columns[2:])
    assert (mapping.heading, mapping.first_row) == (None, 0)
    assert shown(mapping) == ["email_address", "phone_number", "?"]
    assert shown(headless_mapping(sheet("Name"), GUESTS, GUESTS.columns[1:2])) == ["name"]
    assert not check_rows(rows, mapping).refused


def test_a_confirmed_mapping_is_used_for_the_same_titles_in_any_order():
    rows = sheet("Kennzahl,Kurztext,Farbe", "g-1,Ada Example,red")
    mapping = with_heading(rows, guess_mapping(rows, GUESTS), 0)
    for at, target in enumerate((GUESTS.columns[0], GUESTS.columns[1])):
        mapping = with_target(mapping, at, ColumnTarget(target))
    remembered = read_remembered(remembered_mapping(mapping).to_json())
    assert remembered == remembered_mapping(mapping)
    again = guess_mapping(sheet("kurztext,FARBE,Kennzahl", "Ben,blue,g-2"), GUESTS, [remembered])
    assert again.heading == 0
    assert shown(again) == ["name", "", "guest_key"]
    assert again.is_certain
    for other in ("Kennzahl,Kurztext", "Kennzahl,Kurztext,Farbe,Größe"):
        assert guess_mapping(sheet(other, "a,b,c,d"), GUESTS, [remembered]).heading is None
    assert guess_mapping(rows, KINDS["tenants"], [remembered]).heading is None


def test_a_mapping_that_is_asked_about_is_not_remembered():
    assert remembered_mapping(guess("guests", "Name,Name", "Ada,Ben")) is None
    assert remembered_mapping(guess("guests", "g-1,Ada")) is None
    chosen = with_target(guess("guests", "Name,Name", "Ada,Ben"), 1, None)
    assert remembered_mapping(with_target(chosen, 0, None)) is None, "which of them is which?"


TITLES = ["Name", "Key", "ID", "E-mail", "Guest", "First name", "Zimmer", "# of adults", "Arrival"]
CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(TITLES),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.just(ErrorCell("#N/A")),
)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6), st.sampled_from(list(KINDS)))
def test_any_sheet_is_mapped_and_no_field_is_given_twice_without_asking(rows, kind):
    cells = sheet(*rows)
    mapping = guess_mapping(cells, KINDS[kind])
    assert len(mapping.columns) == max(map(len, rows), default=0)
    for column in mapping.columns:
        overlapping = [
            other
            for other in mapping.columns
            if column.target and other.target and column.target.overlaps(other.target)
        ]
        assert column.must_ask or len(overlapping) <= 1
    check_rows(cells, mapping)
    with_heading(cells, mapping, 0 if rows else None)
