"""The texts of a request's problems."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

from msgspec import inspect as shape

from seam_portal_desktop.domain.request import base
from seam_portal_desktop.domain.request.base import shorten
from seam_portal_desktop.texts import _

_SHOWN = 40

_TYPE_NAMES: dict[type[shape.Type], str] = {
    shape.BoolType: _("true or false"),
    shape.IntType: _("a whole number"),
    shape.FloatType: _("a number"),
    shape.NoneType: "null",
    shape.VarTupleType: _("a list"),
    shape.StructType: _("an object"),
    shape.DictType: _("an object"),
}


def type_name(kind: shape.Type) -> str:
    return _TYPE_NAMES.get(type(kind), "text")


def any_type_name(options: list[shape.Type]) -> str:
    names = [type_name(option) for option in options]
    if "a number" in names and "a whole number" in names:
        names.remove("a whole number")
    return " or ".join(names)


def value_kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _("a number")
    if isinstance(value, float):
        return _("a number with decimals")
    if isinstance(value, str):
        return "text"
    return _("a list") if isinstance(value, list | tuple) else _("an object")


def not_a_choice(value: object, choices: list[str]) -> str:
    expected = (
        choices[0]
        if len(choices) == 1
        else _("one of {choices}").format(choices=", ".join(choices))
    )
    found = f"‘{shorten(value, _SHOWN)}’" if isinstance(value, str) else value_kind(value)
    return _("Expected {expected}, found {found}").format(expected=expected, found=found)


def unknown_field(name: object, fields: Mapping[str, shape.Field]) -> str:
    close = difflib.get_close_matches(str(name)[:_SHOWN], list(fields), 1)
    if close:
        return _("There is no field ‘{name}’ here; did you mean {close}?").format(
            name=shorten(name, _SHOWN), close=close[0]
        )
    return _("There is no field ‘{name}’ here").format(name=shorten(name, _SHOWN))


@cache
def pattern_reasons() -> dict[str, str]:
    """Each pattern of the contract, and what a text that breaks it should look like."""
    wanted = {
        base.Timestamp: _("A date and time looks like 2026-03-14T15:00:00Z"),
        base.TimeOfDay: _("A time of day looks like 15:00"),
        base.FieldName: _("A field’s name has only letters, digits and _, no digit first"),
        base.Uuid: _("An id looks like 33333333-2222-4333-8444-555555555555"),
    }
    reasons = {}
    for annotated, reason in wanted.items():
        described = shape.type_info(annotated)
        if isinstance(described, shape.StrType) and described.pattern is not None:
            reasons[described.pattern] = reason
    return reasons


def with_article(name: str) -> str:
    """A field's name in words, with its article: ``customer_key`` is ‘A customer key’."""
    words = name.replace("_", " ")
    article = _("An") if words[:1].lower() in set("aeio") else "A"
    return f"{article} {words}" if not words.endswith("data") else words.capitalize()
