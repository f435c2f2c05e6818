"""Every field that the contract has can be set in the dialog, and exactly that is sent."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from seam_portal_desktop.domain.request import PortalRequest, decode_request, encode_request
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.settings import ACCEPTED_PROVIDERS
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.contract import Schema, bodies, create_portal_schema, full_example
from tests.support.dialog_driver import DialogDriver, NoWayToSetError

SCHEMA = create_portal_schema()


def leaf_bodies(schema: Schema) -> Iterator[tuple[str, Any]]:
    """For each leaf and each kind of value that it can have: its path, and the smallest body
    that has it."""
    if schema.get("nullable"):
        yield "=null", None
    if "oneOf" in schema:
        for option in schema["oneOf"]:
            yield from leaf_bodies(option)
    elif "properties" in schema:
        for name, field in schema["properties"].items():
            for path, value in leaf_bodies(field):
                yield f".{name}{path}", {**_required(schema, beside=name), name: value}
    elif "items" in schema:
        yield from ((path, [value]) for path, value in leaf_bodies(schema["items"]))
    elif "additionalProperties" in schema:
        for path, value in leaf_bodies(schema["additionalProperties"]):
            yield f".*{path}", {"any_field": value}
    else:
        yield from _scalars(schema)


def _scalars(schema: Schema) -> Iterator[tuple[str, Any]]:
    values = [True, False] if schema["type"] == "boolean" else schema.get("enum")
    if values is None:
        yield "", full_example(schema)
    else:
        yield from ((f"={value}", value) for value in values)


def _required(schema: Schema, beside: str) -> dict[str, Any]:
    return {
        name: full_example(schema["properties"][name])
        for name in schema.get("required", ())
        if name != beside
    }


LEAVES = list(leaf_bodies(SCHEMA))


@pytest.fixture(scope="module")
def shared(theme):
    """One dialog for all cases, which empty it first: what is left of one would show in the
    next."""
    dialog = NewPortalDialog(theme, Icons(theme))
    dialog.set_workspace("Acme Stays", WorkspaceKind.SANDBOX, demo=False)
    dialog.show()
    yield dialog
    dialog.close()
    dialog.deleteLater()


@pytest.fixture
def dialog(shared, qtbot):
    shared.fill(PortalRequest())
    return shared


def as_json(request: PortalRequest) -> Any:
    return json.loads(encode_request(request))


def test_the_generated_cases_cover_the_contract():
    assert len(LEAVES) > 200
    assert ".features.connect.accepted_providers" in dict(LEAVES)


@pytest.mark.parametrize(("path", "body"), LEAVES, ids=[path for path, _ in LEAVES])
def test_each_field_can_be_set_and_nothing_else_is_sent(dialog, path, body):
    DialogDriver(dialog).enter(body)

    assert dialog.wire() == body
    assert as_json(dialog.request()) == body


def test_all_fields_at_once(dialog):
    body = full_example(SCHEMA)
    # Of what excludes each other the dialog lets nobody set both.
    del body["features"]["connect"]["excluded_providers"], body["landing_page"]
    del body["features"]["manage_devices"]
    DialogDriver(dialog).enter(body)

    assert as_json(dialog.request()) == body


@pytest.mark.parametrize(
    "where",
    [
        ["properties"],
        ["properties", "features", "properties", "manage", "properties"],
        ["properties", "customer_data", "properties", "rooms", "items", "properties"],
        ["properties", "customer_data", "properties"],
    ],
    ids=".".join,
)
def test_a_field_that_the_dialog_lacks_is_found(dialog, where):
    schema = copy.deepcopy(SCHEMA)
    node = schema
    for name in where:
        node = node[name]
    new: Schema = {"type": "boolean"}
    if where[-2:] == ["customer_data", "properties"]:
        new = {"type": "array", "items": {"type": "object", "properties": {"new": new}}}
    node["new_field"] = new
    added = [body for path, body in leaf_bodies(schema) if "new_field" in path]

    assert added
    for body in added:
        with pytest.raises(NoWayToSetError):
            DialogDriver(dialog).enter(body)


@settings(
    max_examples=500,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bodies(SCHEMA))
def test_whatever_the_contract_allows_goes_through_the_dialog_unchanged(dialog, body):
    request = decode_request(json.dumps(body))
    dialog.fill(request)

    assert dialog.request() == request
    assert as_json(dialog.request()) == body
    assert dialog.wire() == body


def test_what_was_filled_in_before_leaves_nothing_behind(dialog):
    dialog.fill(decode_request(json.dumps(full_example(SCHEMA))))
    dialog.fill(PortalRequest())

    assert dialog.wire() == {}


def test_both_lists_of_providers_survive_until_one_is_chosen(dialog):
    body = full_example(SCHEMA)
    dialog.fill(decode_request(json.dumps(body)))
    assert as_json(dialog.request()) == body

    dialog.features.providers.mode.control.set_value("only")
    connect = as_json(dialog.request())["features"]["connect"]
    assert "excluded_providers" not in connect
    assert ACCEPTED_PROVIDERS.rpartition(".")[2] in connect
