"""The contract's schema of create_portal as test data: random bodies, a full one, its paths."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import seam_portal_desktop.sandbox

Schema = dict[str, Any]

# strftime doesn't pad the years before it.
_YEAR_1000 = datetime(1000, 1, 1)  # noqa: DTZ001 - the zone is added as text

_MOST_OPTIONAL_FIELDS = 4
"""In one body, so that a random body stays small. In many bodies every field occurs."""


@cache
def create_portal_schema() -> Schema:
    """One object schema, with the contract's ``allOf`` merged. Don't change it."""
    path = Path(seam_portal_desktop.sandbox.__file__).with_name("contract.json")
    operation = json.loads(path.read_text("utf-8"))["paths"]["/customers/create_portal"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    properties: Schema = {}
    required: list[str] = []
    for part in body["allOf"]:
        properties |= part["properties"]
        required += part.get("required", [])
    return {"type": "object", "properties": properties, "required": required}


def bodies(schema: Schema) -> st.SearchStrategy[Any]:
    """JSON values that `schema` allows."""
    if schema.get("nullable"):
        rest = {key: value for key, value in schema.items() if key != "nullable"}
        return st.none() | bodies(rest)
    if "oneOf" in schema:
        return st.one_of([bodies(option) for option in schema["oneOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _BY_TYPE[schema["type"]](schema)


def _arrays(schema: Schema) -> st.SearchStrategy[list[Any]]:
    return st.lists(bodies(schema["items"]), max_size=2)


def _integers(schema: Schema) -> st.SearchStrategy[int]:
    least = schema.get("minimum", -(2**63)) + bool(schema.get("exclusiveMinimum"))
    return st.integers(least, 2**63 - 1)


def _objects(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    if "additionalProperties" in schema:
        values = bodies(schema["additionalProperties"])
        return st.dictionaries(st.text(max_size=8), values, max_size=2)
    fields = {name: bodies(field) for name, field in schema["properties"].items()}
    required = set(schema.get("required", ()))
    optional = sorted(fields.keys() - required)
    if not optional:
        return st.fixed_dictionaries(fields)
    chosen = st.sets(st.sampled_from(optional), max_size=_MOST_OPTIONAL_FIELDS)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: fields[name] for name in required | names})
    )


def _strings(schema: Schema) -> st.SearchStrategy[str]:
    if pattern := schema.get("pattern"):
        # JavaScript's classes are ASCII, and its anchors the very ends.
        bare = pattern.removeprefix("^").removesuffix("$")
        return st.from_regex(re.compile(bare, re.ASCII), fullmatch=True)
    match schema.get("format"):
        case "uuid":
            return st.uuids().map(str)
        case "date-time":
            zones = st.sampled_from(["Z", "z", "+00:00", "-03:30", "+14:00"])
            fractions = st.sampled_from(["", ".5", ".000", ".123456789"])
            return st.builds(
                lambda moment, fraction, zone: f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{zone}",
                st.datetimes(min_value=_YEAR_1000),
                fractions,
                zones,
            )
        case None:
            least, most = schema.get("minLength", 0), schema.get("maxLength")
            return st.text(min_size=least, max_size=min(most or 20, 20))
    raise NotImplementedError(schema)


_BY_TYPE: dict[str, Callable[[Schema], st.SearchStrategy[Any]]] = {
    "object": _objects,
    "array": _arrays,
    "string": _strings,
    "boolean": lambda _: st.booleans(),
    "integer": _integers,
    "number": lambda _: (
        st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    ),
}

_EXAMPLES = {
    ("string", "uuid"): "33333333-2222-4333-8444-555555555555",
    ("string", "date-time"): "2025-11-12T09:14:00.000+01:00",
    ("string", None): "Zoë’s “é” 🏨",
    ("boolean", None): False,
    ("integer", None): 90,
    ("number", "float"): 52.370216,
}


def full_example(schema: Schema) -> Any:
    """A value with every field set; of alternatives, the first."""
    if "oneOf" in schema:
        return full_example(schema["oneOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if "items" in schema:
        return [full_example(schema["items"])]
    if "additionalProperties" in schema:
        return {"any_field": full_example(schema["additionalProperties"]), "other": None}
    if "properties" in schema:
        return {name: full_example(field) for name, field in schema["properties"].items()}
    texts = ["ab_1", "15:00"] if "pattern" in schema else []
    fitting = [text for text in texts if re.search(schema["pattern"], text)]
    return fitting[0] if fitting else _EXAMPLES[schema["type"], schema.get("format")]


def schema_paths(schema: Schema, path: str = "") -> Iterator[str]:
    """The dotted path of every field that `schema` names; array items add nothing to it."""
    for option in schema.get("oneOf", ()):
        yield from schema_paths(option, path)
    if "items" in schema:
        yield from schema_paths(schema["items"], path)
    for name, field in schema.get("properties", {}).items():
        yield f"{path}{name}"
        yield from schema_paths(field, f"{path}{name}.")


def value_paths(value: object, path: str = "") -> Iterator[str]:
    """The dotted path of every field that is set in `value`, as in `schema_paths`."""
    if isinstance(value, list):
        for item in value:
            yield from value_paths(item, path)
    elif isinstance(value, dict):
        for name, field in value.items():
            yield f"{path}{name}"
            yield from value_paths(field, f"{path}{name}.")
