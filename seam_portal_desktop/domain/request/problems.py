"""What a request breaks of the contract, all of it at once and in words.

The types of `portal_request` are the only place that knows the contract. msgspec stops at the
first mistake and says it in its own terms; this walks the same types and goes on to the next.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect as shape

from seam_portal_desktop.domain.request import (
    PortalRequest,
    RequestFormatError,
    decode_request,
)
from seam_portal_desktop.domain.request.codec import locate_problem

Value = object
_SHOWN_CHARACTERS = 40

_PYTHON_TYPES: dict[type[shape.Type], tuple[type, ...]] = {
    shape.StrType: (str,),
    shape.BoolType: (bool,),
    shape.IntType: (int,),
    shape.FloatType: (int, float),
    shape.NoneType: (type(None),),
    shape.VarTupleType: (list, tuple),
    shape.StructType: (Mapping,),
    shape.DictType: (Mapping,),
}

_TYPE_NAMES: dict[type[shape.Type], str] = {
    shape.BoolType: "true or false",
    shape.IntType: "a whole number",
    shape.FloatType: "a number",
    shape.NoneType: "null",
    shape.VarTupleType: "a list",
    shape.StructType: "an object",
    shape.DictType: "an object",
}


class ProblemLevel(StrEnum):
    """An ERROR keeps the request from being sent; a WARNING may be what is wanted."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``path`` is dotted like Seam's own validation errors
    (``customer_data.spaces.0.name``) and empty for the request as a whole; ``reason`` is one
    sentence without a full stop."""

    path: str
    reason: str
    level: ProblemLevel = ProblemLevel.ERROR


@dataclass(frozen=True, slots=True)
class Checked:
    """``request`` is None exactly when there are `problems`."""

    request: PortalRequest | None
    problems: tuple[Problem, ...]


def check_against_contract(wire: Mapping[str, Any]) -> Checked:
    """Read a request as JSON holds it (dicts, lists, texts, numbers, booleans, None)."""
    try:
        return Checked(decode_request(msgspec.json.encode(wire)), ())
    except RequestFormatError as error:
        first = error
    except (UnicodeError, OverflowError, RecursionError, msgspec.EncodeError, TypeError):
        first = RequestFormatError("", "This can't be written as JSON")
    found = dict.fromkeys(_problems(wire, _request_type(), ""))
    return Checked(None, tuple(found) or (Problem(first.path, first.reason),))


@cache
def _request_type() -> shape.Type:
    return shape.type_info(PortalRequest)


def _problems(value: Value, kind: shape.Type, path: str) -> Iterator[Problem]:
    match kind:
        case shape.StructType():
            yield from _object_problems(value, kind, path)
        case shape.VarTupleType():
            if isinstance(value, list | tuple):
                for index, item in enumerate(value):
                    yield from _problems(item, kind.item_type, _join(path, index))
            else:
                yield _wrong_type(value, "a list", path)
        case shape.DictType():
            yield from _mapping_problems(value, kind, path)
        case shape.UnionType():
            yield from _union_problems(value, kind, path)
        case _:
            reason = _scalar_problem(value, kind, path)
            if reason is not None:
                yield Problem(path, reason)


def _object_problems(value: Value, kind: shape.StructType, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield _wrong_type(value, "an object", path)
        return
    fields = {field.encode_name: field for field in kind.fields}
    if kind.tag_field is not None:
        value = {name: each for name, each in value.items() if name != kind.tag_field}
    sound = True
    for name in [*value, *(name for name in fields if name not in value)]:
        for problem in _field_problems(value, name, fields, path):
            sound = False
            yield problem
    if sound and hasattr(kind.cls, "__post_init__"):
        try:
            msgspec.convert(value, kind.cls, strict=True)
        except msgspec.ValidationError as error:
            within, reason = locate_problem(error)
            # The tag, which was left out above, is no mistake.
            if kind.tag_field is None or within != kind.tag_field:
                yield Problem(_join(path, within), reason)


def _field_problems(
    value: Mapping[str, Any], name: object, fields: Mapping[str, shape.Field], path: str
) -> Iterator[Problem]:
    where = _join(path, name)
    if not isinstance(name, str) or name not in fields:
        yield Problem(where, _no_such_field(name, fields))
    elif name in value:
        yield from _problems(value[name], fields[name].type, where)
    elif fields[name].required:
        yield Problem(where, f"{_called(name)} is needed")


def _mapping_problems(value: Value, kind: shape.DictType, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield _wrong_type(value, "an object", path)
        return
    for name, each in value.items():
        where = _join(path, name)
        reason = _scalar_problem(name, kind.key_type, where)
        if reason is not None:
            yield Problem(where, reason)
        yield from _problems(each, kind.value_type, where)


def _union_problems(value: Value, kind: shape.UnionType, path: str) -> Iterator[Problem]:
    options = [option for option in kind.types if not isinstance(option, shape.CustomType)]
    tagged = [option for option in options if isinstance(option, shape.StructType)]
    if len(tagged) > 1 and isinstance(value, Mapping):
        yield from _tagged_problems(value, tagged, path)
        return
    fitting = [option for option in options if _is_of(value, option)]
    if fitting:
        yield from _problems(value, fitting[0], path)
    else:
        yield _wrong_type(value, _any_of(options), path)


def _tagged_problems(
    value: Mapping[str, Any], options: list[shape.StructType], path: str
) -> Iterator[Problem]:
    tag_field = options[0].tag_field or ""
    by_tag = {option.tag: option for option in options}
    tag = value.get(tag_field)
    meant = by_tag.get(tag) if isinstance(tag, str) else None
    if meant is not None:
        yield from _object_problems(value, meant, path)
    elif tag_field in value:
        yield Problem(_join(path, tag_field), _not_among(tag, [str(each) for each in by_tag]))
    else:
        yield Problem(_join(path, tag_field), f"{_called(tag_field)} is needed")


def _scalar_problem(value: Value, kind: shape.Type, path: str) -> str | None:
    name = path.rsplit(".", 1)[-1]
    if not _is_of(value, kind):
        if isinstance(kind, shape.EnumType | shape.LiteralType) and isinstance(value, str):
            return _not_among(value, _choices(kind))
        return _wrong_type(value, _type_name(kind), path).reason
    if isinstance(kind, shape.StrType) and isinstance(value, str):
        return _text_problem(value, kind, name)
    if isinstance(kind, shape.IntType | shape.FloatType) and isinstance(value, int | float):
        if kind.gt is not None and value <= kind.gt:
            return f"This has to be more than {kind.gt:g}"
        if isinstance(value, float) and not math.isfinite(value):
            return "This number is too large"
    return None


def _text_problem(text: str, kind: shape.StrType, name: str) -> str | None:
    if kind.min_length and not text:
        return f"{_called(name)} can’t be empty"
    if kind.max_length is not None and len(text) > kind.max_length:
        return f"This may have {kind.max_length} characters, and has {len(text)}"
    if not _is_writable(text):
        return "This holds half of a character"
    if kind.pattern is not None and not re.search(kind.pattern, text):
        return _pattern_reasons().get(kind.pattern, "This is not written as it has to be")
    return None


@cache
def _pattern_reasons() -> dict[str, str]:
    """What each pattern of the request's texts wants, by the pattern."""
    from seam_portal_desktop.domain.request import base

    wanted = {
        base.Timestamp: "A date and time looks like 2026-03-14T15:00:00Z",
        base.TimeOfDay: "A time of day looks like 15:00",
        base.FieldName: "A field’s name has only letters, digits and _, no digit first",
        base.Uuid: "An id looks like 33333333-2222-4333-8444-555555555555",
    }
    reasons = {}
    for annotated, reason in wanted.items():
        described = shape.type_info(annotated)
        if isinstance(described, shape.StrType) and described.pattern is not None:
            reasons[described.pattern] = reason
    return reasons


def _is_of(value: Value, kind: shape.Type) -> bool:
    if isinstance(kind, shape.EnumType | shape.LiteralType):
        return isinstance(value, str) and value in _choices(kind)
    expected = _PYTHON_TYPES.get(type(kind), ())
    if isinstance(value, bool) and bool not in expected:
        return False
    return isinstance(value, expected)


def _choices(kind: shape.EnumType | shape.LiteralType) -> list[str]:
    if isinstance(kind, shape.EnumType):
        return [str(member.value) for member in kind.cls]
    return [str(each) for each in kind.values]


def _type_name(kind: shape.Type) -> str:
    return _TYPE_NAMES.get(type(kind), "text")


def _any_of(options: list[shape.Type]) -> str:
    names = [_type_name(option) for option in options]
    if "a number" in names and "a whole number" in names:
        names.remove("a whole number")
    return " or ".join(names)


def _wrong_type(value: Value, expected: str, path: str) -> Problem:
    return Problem(path, f"Expected {expected}, found {_kind_of(value)}")


def _kind_of(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return "a number"
    if isinstance(value, float):
        return "a number with decimals"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list | tuple) else "an object"


def _not_among(value: Value, choices: list[str]) -> str:
    expected = choices[0] if len(choices) == 1 else f"one of {', '.join(choices)}"
    found = f"‘{_short(value)}’" if isinstance(value, str) else _kind_of(value)
    return f"Expected {expected}, found {found}"


def _no_such_field(name: object, fields: Mapping[str, shape.Field]) -> str:
    close = difflib.get_close_matches(str(name)[:_SHOWN_CHARACTERS], list(fields), 1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"There is no field ‘{_short(name)}’ here{hint}"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _is_writable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _called(name: str) -> str:
    """A field by its name in words: ``customer_key`` is ‘A customer key’."""
    words = name.replace("_", " ")
    article = "An" if words[:1].lower() in set("aeio") else "A"
    return f"{article} {words}" if not words.endswith("data") else words.capitalize()


def _join(path: str, name: object) -> str:
    return ".".join(part for part in (path, str(name)) if part)
