"""A request as text is the request, and every mistake in it has its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.domain.request.check import check_request
from seam_portal_desktop.domain.request.steps import finish
from seam_portal_desktop.domain.request.text import (
    find_spans,
    is_whole_request,
    read_request,
    write_request,
)
from tests.support.contract import bodies, create_portal_schema

SCHEMA = create_portal_schema()


@settings(max_examples=200, deadline=None, database=None)
@given(bodies(SCHEMA))
def test_what_is_written_is_read_again(body):
    request = decode_request(json.dumps(body))
    text = write_request(request)
    assert json.loads(text) == body
    assert finish(read_request(text)).request == request
    assert write_request(body) == text or json.loads(write_request(body)) == body


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(max_size=60) | st.text('{}[]":,1tfn \\x', max_size=30))
def test_no_text_is_too_strange(text):
    parsed = finish(read_request(text))
    assert (parsed.request is None) <= bool(parsed.problems)
    for located in parsed.problems:
        assert 0 <= located.start <= located.end <= max(len(text), 1)


def test_characters_that_an_editor_would_change_are_escaped():
    strange = "\u2028\u2029\u00a0\u202e\ufffc\ufdd0\u200b\x7f"
    text = write_request({"customer_data": {"customer_key": f"{strange} é 🏨 הנמל"}})
    assert not set(strange) & set(text)
    assert "é 🏨 הנמל" in text
    assert json.loads(text)["customer_data"]["customer_key"].startswith(strange)


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("", 0, "Type or paste"),
        (" \n ", 0, "Type or paste"),
        ('{"locale": "de-DE",}', 18, "no value after this comma"),
        ('{"a": [1,\n ]}', 8, "no value after this comma"),
        ('{"locale"', 8, "ends too early"),
        ('{"locale": "de', 11, "closing quotation mark"),
        ('{“locale”: "de-DE"}', 1, "straight"),
        ("{'locale': 1}", 1, "straight"),
        ('{"read_only": True}', 14, "small letters"),
        ('{"read_only": None}', 14, "small letters"),
        ('{"read_only" true}', 13, "colon"),
        ('{"read_only": true "locale": 1}', 19, "comma"),
        ('{"read_only": }', 14, "value is missing"),
        ('{"a": "b\tc"}', 8, "as \\n"),
        ('{"a": "\\q"}', 7, "backslash"),
        ("{} {}", 3, "more than one"),
        ('{"NaN": NaN}', 8, "no NaN"),
        ('{"a": -Infinity}', 6, "no -Infinity"),
        ('{"x": {"a": 1, "b": 2, "a": 3}}', 23, "‘a’ is here twice"),
        ('{"a": 1' + "1" * 5000 + "}", 6, "too large"),
        ("\ufeff{}", 0, "invisible"),
        ('["a"]', 0, "an object"),
        ("  5", 2, "an object"),
        ("[" * 100_000, 0, "nested too deeply"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_invalid_json_gets_a_reason_at_its_position(text, at, reason):
    parsed = finish(read_request(text))
    (located,) = parsed.problems
    assert parsed.request is None
    assert reason in located.problem.reason
    assert abs(located.start - at) <= 1
    assert located.line == text.count("\n", 0, located.start) + 1


TEXT = """{
  "customer_data": {
    "customer_key": "k\\n\\u0022 \U0001f3e8",
    "spaces": [
      {"space_key": "a", "name": "A"},
      {"space_key": "a"},
      {"space_key": "c", "name": [1, {"name": 2}], "geolocation": {"latitude": "x"}}
    ],
    "reservations": [
      {"reservation_key": "r", "custom_metadata": {"a.b": 1, "a": 2, "a.b.c": true}}
    ]
  },
  "locale": "xx", "nothing": null,
  "customer_resources_filters": [ 5 ]
}
"""


def test_each_problem_is_at_its_own_line():
    parsed = finish(read_request(TEXT))
    found = {
        located.problem.path: (located.line, TEXT[located.start : located.end])
        for located in parsed.problems
    }
    assert found == {
        "customer_data.spaces.1.name": (6, "{"),
        "customer_data.spaces.2.name": (7, '"name"'),
        "customer_data.spaces.2.geolocation.latitude": (7, '"latitude"'),
        "customer_data.spaces.2.geolocation.longitude": (7, '"geolocation"'),
        "customer_data.reservations.0.custom_metadata.a.b": (10, '"a.b"'),
        "customer_data.reservations.0.custom_metadata.a": (10, '"a"'),
        "locale": (13, '"locale"'),
        "nothing": (13, '"nothing"'),
        "customer_resources_filters.0": (14, "5"),
    }
    assert [located.start for located in parsed.problems] == sorted(
        located.start for located in parsed.problems
    )


def test_a_missing_path_gets_the_span_of_its_deepest_part():
    text = '{"a": {"b": [1]}}'
    spans = find_spans(text, ["", "a", "a.b.0", "a.b.7.c", "a.x", "z"])
    assert {path: text[slice(*span)] for path, span in spans.items()} == {
        "": "{",
        "a": '"a"',
        "a.b.0": "1",
        "a.b.7.c": '"b"',
        "a.x": '"a"',
        "z": "{",
    }


def test_a_request_that_the_contract_allows_can_still_have_problems():
    wire = {"features": {"connect": {"accepted_providers": [], "excluded_providers": []}}}
    parsed = finish(read_request(write_request(wire)))
    assert parsed.request is not None
    assert tuple(located.problem for located in parsed.problems) == check_request(wire).problems
    assert len(parsed.problems) == 2


def test_very_many_problems_are_counted_and_a_hundred_shown():
    spaces = [{"space_key": str(number)} for number in range(1000)]
    parsed = finish(
        read_request(write_request({"customer_data": {"customer_key": "k", "spaces": spaces}}))
    )
    assert (len(parsed.problems), parsed.omitted) == (100, 900)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('{"customer_data": {"customer_key": "k"}}', True),
        (' \n{"locale": "not one"}\n', True),
        ('{"space_key": "a", "name": "A"}', False),
        ("{}", False),
        ('"locale"', False),
        ('{"locale": ', False),
        ("harbor-hotel", False),
    ],
)
def test_a_whole_request_is_distinguished_from_a_part(text, whole):
    assert is_whole_request(text) is whole
