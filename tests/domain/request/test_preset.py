"""A preset's file has settings and nothing else, also a foreign one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from seam_portal_desktop.domain.request import PortalRequest, decode_request
from seam_portal_desktop.domain.request.preset import (
    LARGEST_FILE,
    Preset,
    PresetError,
    PresetVertical,
    for_customer,
    read_preset,
    without_customer,
    write_preset,
)
from seam_portal_desktop.domain.tables.remembered import RememberedMapping
from tests.support.contract import bodies, create_portal_schema, full_example

SCHEMA = create_portal_schema()
FULL = decode_request(json.dumps(full_example(SCHEMA)))
GOOD = {
    "format": "seam-portal-preset",
    "version": 1,
    "name": "Our hotels",
    "vertical": "hospitality",
    "request": {"read_only": True},
}


def read(**changes: object) -> Preset:
    document = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    return read_preset(json.dumps(document).encode(), "id")


@settings(max_examples=100, deadline=None, database=None)
@given(bodies(SCHEMA))
def test_what_is_written_is_read_again(body):
    request = without_customer(decode_request(json.dumps(body)))
    preset = Preset("id", "Name", PresetVertical.GYM, request)
    assert read_preset(write_preset(preset).encode(), "id") == preset


def test_mappings_of_tables_are_read_again_and_hold_no_secret():
    mapping = RememberedMapping("guests", {"Gast": "name", "Notiz": ""})
    preset = Preset("id", "Name", PresetVertical.GYM, PortalRequest(), table_mappings=(mapping,))
    assert read_preset(write_preset(preset).encode(), "id") == preset
    secret = replace(mapping, targets={"https://se.am/1?token=seam_cst_1": ""})
    with pytest.raises(PresetError, match="key or a link"):
        write_preset(replace(preset, table_mappings=(secret,)))


@pytest.mark.parametrize(
    "mappings",
    [
        {},
        ["x"],
        [{"kind": "guests", "targets": {}}],
        [{"kind": "guests", "targets": {"Gast": 1}}],
        [{"kind": "guests", "targets": {"": "name"}}],
        [{"kind": "guests", "targets": {"x" * 201: "name"}}],
        [{"kind": "guests", "targets": {str(each): "name" for each in range(201)}}],
        [{"kind": 1, "targets": {"Gast": "name"}}],
        [{"kind": "guests", "targets": {"\ud800": "name"}}],
        [{"kind": "guests", "targets": {"Gast": "name"}, "more": 1}],
    ],
)
def test_unknown_mappings_of_tables_are_refused(mappings):
    with pytest.raises(PresetError, match=r"columns of tables|surrogate"):
        read(version=2, table_mappings=mappings)


def test_the_customers_own_data_stays_with_the_customer():
    text = write_preset(Preset("id", "Name", PresetVertical.ANY, FULL))
    assert set(json.loads(text)["request"]) == set(full_example(SCHEMA)) - {
        "customer_data",
        "landing_page",
        "deep_link",
    }


def test_a_preset_replaces_everything_else():
    preset = decode_request('{"read_only": true}')
    chosen = for_customer(preset, FULL)
    assert chosen.customer_data == FULL.customer_data
    assert without_customer(chosen) == preset


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n", "not a text file"),
        (b"", "not JSON"),
        (b"<html></html>", "not JSON"),
        (b"[]", "not a preset"),
        (b"{}", "not a preset"),
        (b'{"format": "something-else"}', "not a preset"),
        (b'{"format": "seam-portal-preset", "format": "x"}', "twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * (LARGEST_FILE + 1), "larger"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_files_are_refused_with_a_reason(data, reason):
    with pytest.raises(PresetError, match=reason):
        read_preset(data, "id")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 3}, "newer version"),
        ({"version": True}, "which version"),
        ({"version": ...}, "which version"),
        ({"version": 0}, "which version"),
        ({"name": ...}, "no name"),
        ({"name": " \u0007\n "}, "Give the preset a name"),
        ({"name": "x" * 81}, "80 characters"),
        ({"vertical": "casino"}, "casino"),
        ({"vertical": ...}, "vertical"),
        ({"request": ...}, "no request"),
        ({"request": []}, "no request"),
        ({"request": {"locale": "xx"}}, "request.locale: "),
        ({"request": {"customer_data": {"customer_key": "k"}}}, "customer_data"),
        ({"request": {"landing_page": {}}}, "landing_page"),
        ({"request": {"deep_link": None}}, "deep_link"),
        ({"icon": "x"}, "icon"),
        ({"name": "seam_test_not_a_real_key"}, "looks like a key"),
    ],
    ids=str,
)
def test_a_file_that_is_almost_a_preset_is_refused_with_a_reason(changes, reason):
    with pytest.raises(PresetError, match=reason):
        read(**changes)


def confirmation(text: str) -> dict:
    return {"features": {"manage": {"device_management_confirmation": {"body": text}}}}


@pytest.mark.parametrize(
    "secret",
    [
        "seam_test_not_a_real_key",
        "seam_1NotReal",
        "seam_at_not_real",
        "seam_cst1notreal",
        "Bearer not-a-real-token",
        "https://portal.example/portals/x?token=notreal",
        "eyJhbGciOiJub25l.eyJub3QiOiJyZWFs.",
    ],
)
def test_what_looks_like_a_secret_is_neither_read_nor_written(secret):
    body = confirmation(f"Use {secret} here")
    with pytest.raises(PresetError) as caught:
        read(request=body)
    assert secret not in str(caught.value)
    assert "device_management_confirmation.body" in str(caught.value)
    preset = Preset("id", "Name", PresetVertical.ANY, decode_request(json.dumps(body)))
    with pytest.raises(PresetError):
        write_preset(preset)


def test_a_provider_named_like_seam_is_no_secret():
    request = {"features": {"connect": {"accepted_providers": ["seam_passport", "yale"]}}}
    assert read(request=request)


def test_names_are_one_line():
    assert read(name="  Our \n\u202a hotels\u0000 ").name == "Our \u202a hotels"
