"""The contract's routes, with their OpenAPI 3.0 schemas as JSON Schema."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

_CONTRACT = Path(__file__).with_name("contract.json")
_CUSTOMER_DATA_ROUTE = "/customers/push_data"
# OpenAPI keywords that JSON Schema doesn't have in this form.
_TRANSLATED = frozenset({"$ref", "allOf", "nullable", "exclusiveMinimum", "format", "pattern"})
_NUMERIC_FORMATS = frozenset({"float", "double", "int32", "int64"})


@dataclass(frozen=True, slots=True)
class ContractRoute:
    """One route of the contract.

    ``methods`` are the HTTP methods that Seam accepts: the contract lists POST; the official SDKs
    read with GET and delete with DELETE, both with a query string. ``security`` has the names of
    the contract's security schemes. ``request`` and ``response`` are closed JSON Schemas: an
    object refuses every property that it doesn't name.
    """

    path: str
    is_documented: bool
    methods: frozenset[str]
    security: frozenset[str]
    request: Schema
    response: Schema


@dataclass(frozen=True, slots=True)
class Contract:
    """``resource_keys`` maps a kind of customer data (``spaces``) to its key (``space_key``)."""

    routes: Mapping[str, ContractRoute]
    resource_keys: Mapping[str, str]

    @classmethod
    @functools.cache
    def load(cls) -> Contract:
        """Read the package's contract.json, once per process."""
        document = json.loads(_CONTRACT.read_text(encoding="utf-8"))
        components = document["components"]["schemas"]
        routes = {}
        for path, methods in document["paths"].items():
            operation = methods["post"]
            request = {"type": "object", "properties": {}}
            if "requestBody" in operation:
                request = operation["requestBody"]["content"]["application/json"]["schema"]
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
            routes[path] = ContractRoute(
                path=path,
                is_documented=operation["x-status"] == "documented",
                methods=_methods(path),
                security=frozenset(name for scheme in operation["security"] for name in scheme),
                request=to_json_schema(request, components),
                response=to_json_schema(answer, components),
            )
        return cls(routes, _resource_keys(routes[_CUSTOMER_DATA_ROUTE].request))


def _methods(path: str) -> frozenset[str]:
    call = path.rsplit("/", 1)[-1]
    if call == "get" or call.startswith("list"):
        return frozenset({"POST", "GET"})
    if call.startswith("delete"):
        return frozenset({"POST", "DELETE"})
    return frozenset({"POST"})


def _resource_keys(customer_data: Schema) -> dict[str, str]:
    keys = {}
    for kind, schema in customer_data["properties"].items():
        if schema.get("type") == "array":
            (keys[kind],) = (name for name in schema["items"]["required"] if name.endswith("_key"))
    return keys


def to_json_schema(schema: Schema, components: Mapping[str, Schema]) -> Schema:
    """Translate one OpenAPI 3.0 schema to JSON Schema 2020-12, references resolved.

    Objects that don't declare additionalProperties are closed. The parts of an allOf are merged
    into one object first: each closed part alone would refuse the others' properties.
    """
    if "$ref" in schema:
        return to_json_schema(components[schema["$ref"].rsplit("/", 1)[-1]], components)
    if "allOf" in schema:
        return to_json_schema(_merged(schema["allOf"]), components)
    result = {key: value for key, value in schema.items() if key not in _TRANSLATED}
    if schema.get("type") == "object":
        result["properties"] = {
            name: to_json_schema(value, components)
            for name, value in schema.get("properties", {}).items()
        }
        extra = schema.get("additionalProperties", False)
        result["additionalProperties"] = (
            to_json_schema(extra, components) if isinstance(extra, dict) else extra
        )
    if "items" in schema:
        result["items"] = to_json_schema(schema["items"], components)
    if "oneOf" in schema:
        result["oneOf"] = [to_json_schema(each, components) for each in _branches(schema)]
    if schema.get("exclusiveMinimum"):
        result["exclusiveMinimum"] = result.pop("minimum")
    if schema.get("format", "float") not in _NUMERIC_FORMATS:
        result["format"] = schema["format"]
    if "pattern" in schema:
        result["pattern"] = _ecma_pattern(schema["pattern"])
    return _nullable(result) if schema.get("nullable") else result


def _merged(parts: list[Schema]) -> Schema:
    merged: Schema = {"type": "object", "properties": {}, "required": []}
    for part in parts:
        merged["properties"] |= part.get("properties", {})
        merged["required"] += part.get("required", [])
    return merged


def _branches(schema: Schema) -> Iterator[Schema]:
    """The branches of a oneOf, those of an inner oneOf included: closed objects never overlap."""
    for branch in schema["oneOf"]:
        if "oneOf" in branch:
            yield from _branches(branch)
        else:
            yield branch


def _ecma_pattern(pattern: str) -> str:
    """`pattern` with JavaScript's meaning: ASCII classes, and $ is the end of the text."""
    return "(?a)" + (pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def _nullable(schema: Schema) -> Schema:
    if "oneOf" in schema:
        schema["oneOf"].append({"type": "null"})
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def with_defaults(schema: Schema, value: dict[str, Any]) -> dict[str, Any]:
    """Return `value`, which is valid by `schema`, with the defaults of what it omits."""
    filled = dict(value)
    for name, part in schema["properties"].items():
        if name not in filled and "default" in part:
            filled[name] = part["default"]
        if isinstance(filled.get(name), dict) and "properties" in part:
            filled[name] = with_defaults(part, filled[name])
    return filled
