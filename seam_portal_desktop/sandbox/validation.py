"""Checks of requests against JSON Schema, with Seam's own messages and shape of errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]

from seam_portal_desktop.domain.workspace import SEAM_ID
from seam_portal_desktop.sandbox.contract import Schema

FieldPath = tuple[str | int, ...]

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One reason to refuse the value at `path` (property names and array indexes)."""

    path: FieldPath
    message: str


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if not _DATE_TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or SEAM_ID.fullmatch(value) is not None


def _is_uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and parts.netloc) and not any(map(str.isspace, value))


def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks("date-time")(_is_date_time)
    checker.checks("uuid")(_is_uuid)
    checker.checks("uri")(_is_uri)
    return checker


class Validator:
    """Checks values against one JSON Schema, formats included."""

    def __init__(self, schema: Schema) -> None:
        self._validator = Draft202012Validator(schema, format_checker=_format_checker())

    def problems(self, value: object) -> list[FieldProblem]:
        """Every problem of `value`, in the schema's order; empty when it is valid."""
        found = (
            problem
            for error in self._validator.iter_errors(value)
            for problem in _problems_of(error)
        )
        return list(dict.fromkeys(found))


def nested_errors(problems: Iterable[FieldProblem]) -> dict[str, Any]:
    """The problems as Seam's ``validation_errors``: one object per level, each with _errors."""
    tree: dict[str, Any] = {"_errors": []}
    for problem in problems:
        node = tree
        for step in problem.path:
            node = node.setdefault(str(step), {"_errors": []})
        node["_errors"].append(problem.message)
    return tree


def _problems_of(error: ValidationError) -> Iterator[FieldProblem]:
    path: FieldPath = tuple(error.absolute_path)
    if error.validator == "required":
        # jsonschema reports each missing name in its own error, but only inside the message. So
        # each error yields all of them, and Validator.problems drops the repeats.
        for name in error.validator_value:
            if name not in error.instance:
                yield FieldProblem((*path, name), "Required")
    elif error.validator == "additionalProperties":
        for name in error.instance:
            if name not in error.schema["properties"]:
                yield FieldProblem((*path, name), f"Unrecognized key: '{name}'")
    elif error.validator == "oneOf":
        yield from _problems_of_union(error, path)
    else:
        describe = _MESSAGES.get(error.validator)
        yield FieldProblem(path, describe(error) if describe else "Invalid input")


def _problems_of_union(error: ValidationError, path: FieldPath) -> list[FieldProblem]:
    """The problems of the branch that fits best, or one problem that lists the branches."""
    branches = error.validator_value
    discriminator = error.schema.get("discriminator", {}).get("propertyName")
    if discriminator and isinstance(error.instance, dict):
        kinds = [branch["properties"][discriminator]["enum"][0] for branch in branches]
        if error.instance.get(discriminator) not in kinds:
            expected = " | ".join(f"'{kind}'" for kind in kinds)
            message = f"Invalid discriminator value. Expected {expected}"
            return [FieldProblem((*path, discriminator), message)]
        meant = kinds.index(error.instance[discriminator])
        return _branch_problems(error, meant)
    candidates = [_branch_problems(error, index) for index in range(len(branches))]
    candidates = [each for each in candidates if not _is_wrong_type(each, path)]
    if not candidates:
        expected = " or ".join(dict.fromkeys(branch["type"] for branch in branches))
        return [FieldProblem(path, f"Expected {expected}, received {_type_of(error.instance)}")]
    candidates.sort(key=len)
    if len(candidates) > 1 and len(candidates[0]) == len(candidates[1]):
        choices = ", ".join(" + ".join(branch["required"]) for branch in branches)
        return [FieldProblem(path, f"Expected exactly one of: {choices}")]
    return candidates[0]


def _branch_problems(error: ValidationError, index: int) -> list[FieldProblem]:
    return [
        problem
        for each in error.context
        if each.schema_path[0] == index
        for problem in _problems_of(each)
    ]


def _is_wrong_type(problems: list[FieldProblem], path: FieldPath) -> bool:
    return any(each.path == path and each.message.startswith("Expected ") for each in problems)


def _type_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _wrong_type(error: ValidationError) -> str:
    expected = error.validator_value
    names = expected if isinstance(expected, list) else [expected]
    return f"Expected {' or '.join(names)}, received {_type_of(error.instance)}"


def _wrong_choice(error: ValidationError) -> str:
    choices = " | ".join(f"'{choice}'" for choice in error.validator_value)
    return f"Invalid enum value. Expected {choices}, received '{error.instance}'"


_MESSAGES: dict[str, Callable[[ValidationError], str]] = {
    "type": _wrong_type,
    "enum": _wrong_choice,
    "minLength": lambda error: f"String must contain at least {error.validator_value} character(s)",
    "maxLength": lambda error: f"String must contain at most {error.validator_value} character(s)",
    "exclusiveMinimum": lambda error: f"Number must be greater than {error.validator_value}",
    "minimum": lambda error: f"Number must be greater than or equal to {error.validator_value}",
    "maximum": lambda error: f"Number must be less than or equal to {error.validator_value}",
    "format": lambda error: f"Invalid {error.validator_value.replace('date-time', 'datetime')}",
    "pattern": lambda _: "Invalid format",
}
