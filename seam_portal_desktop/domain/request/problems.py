"""Everything in a request that breaks the contract, field by field.

msgspec stops at the first mistake, and its texts aren't for users. This code walks the same types,
which are the only copy of the contract, and finds all mistakes.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from msgspec import inspect as shape

from seam_portal_desktop.domain.request import (
    CustomerData,
    PortalRequest,
    RequestFormatError,
    decode_request,
    resource_keys,
)
from seam_portal_desktop.domain.request.base import join_path
from seam_portal_desktop.domain.request.codec import locate_problem
from seam_portal_desktop.domain.request.problem_text import (
    any_type_name,
    not_a_choice,
    pattern_reasons,
    type_name,
    unknown_field,
    value_kind,
    with_article,
)
from seam_portal_desktop.domain.request.steps import ROWS_A_STEP, Steps, finish
from seam_portal_desktop.texts import _, ngettext

_INDEX = re.compile(r"\.\d+(?=\.|\Z)")
_NOT_JSON = (UnicodeError, OverflowError, RecursionError, msgspec.EncodeError, TypeError)

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


class ProblemLevel(StrEnum):
    """A request with an ERROR can't be sent; a WARNING may be intended."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, gc=False):
    """One mistake. ``path`` is dotted like in Seam's validation errors
    (``customer_data.spaces.0.name``) and empty for the whole request; ``reason`` is one sentence
    without a full stop. The garbage collector doesn't look at it: a table can have 100,000."""

    path: str
    reason: str
    level: ProblemLevel = ProblemLevel.ERROR

    def with_reason(self, reason: str) -> Problem:
        return Problem(self.path, reason, self.level)


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """``request`` is None when the contract is broken."""

    request: PortalRequest | None
    problems: tuple[Problem, ...]


def grouped(problems: Sequence[Problem]) -> Steps[list[Problem]]:
    """Of warnings that are the same in many rows only the first one, which says in how many."""
    first: dict[Hashable, Problem] = {}
    others: Counter[Hashable] = Counter()
    for number, problem in enumerate(problems, 1):
        if number % ROWS_A_STEP == 0:
            yield None
        key: Hashable = number
        if problem.level is ProblemLevel.WARNING:
            key = _INDEX.sub("", problem.path), problem.reason
        if first.setdefault(key, problem) is not problem:
            others[key] += 1
    return [_with_others(problem, others[key]) for key, problem in first.items()]


def _with_others(problem: Problem, others: int) -> Problem:
    if not others:
        return problem
    reason = ngettext(
        "{reason} (and in {count} other row)", "{reason} (and in {count} other rows)", others
    )
    return problem.with_reason(reason.format(reason=problem.reason, count=others))


def check_against_contract(wire: Mapping[str, Any]) -> CheckedRequest:
    """Check `wire`: dicts, lists, texts, numbers, booleans and None, as JSON has them."""
    return finish(contract_steps(wire))


def contract_steps(wire: Mapping[str, Any]) -> Steps[CheckedRequest]:
    """The same in steps. Long lists of customer data are decoded a part at a time."""
    data = wire.get("customer_data")
    fields: Mapping[Any, Any] = data if isinstance(data, Mapping) else {}
    long = {name: rows for name, rows in fields.items() if _is_long(name, rows)}
    if not long:
        return _check_whole(wire)
    short = {name: [] if name in long else value for name, value in fields.items()}
    checked = _check_whole({**wire, "customer_data": short})
    problems = list(checked.problems)
    decoded: dict[str, tuple[Any, ...]] = {}
    for name, rows in long.items():
        sound: list[Any] = []
        for start in range(0, len(rows), ROWS_A_STEP):
            part, found = _check_rows(name, rows, start)
            sound += part
            problems += found
            yield None
        decoded[name] = tuple(sound)
    request = checked.request
    if problems or request is None or not isinstance(request.customer_data, CustomerData):
        return CheckedRequest(None, tuple(problems))
    whole = msgspec.structs.replace(request.customer_data, **decoded)
    return CheckedRequest(msgspec.structs.replace(request, customer_data=whole), ())


def _check_whole(wire: Mapping[str, Any]) -> CheckedRequest:
    try:
        return CheckedRequest(decode_request(msgspec.json.encode(wire)), ())
    except RequestFormatError as error:
        first = error
    except _NOT_JSON:
        first = RequestFormatError("", _("This can't be written as JSON"))
    found = dict.fromkeys(_problems(wire, _request_type(), ""))
    return CheckedRequest(None, tuple(found) or (Problem(first.path, first.reason),))


def _check_rows(
    name: str, rows: Sequence[Any], start: int
) -> tuple[Sequence[Any], Sequence[Problem]]:
    """The next rows of a list of customer data, decoded, and what is wrong with them."""
    part = rows[start : start + ROWS_A_STEP]
    kind, decoder = _row_type(name)
    with contextlib.suppress(msgspec.ValidationError, *_NOT_JSON):
        return decoder.decode(msgspec.json.encode(part)), ()
    found: dict[Problem, None] = {}
    for row, value in enumerate(part, start):
        path = f"customer_data.{name}.{row}"
        reasons = dict.fromkeys(_problems(value, kind, path))
        if not reasons:
            # What only the decoder knows to be wrong.
            try:
                decoder.decode(msgspec.json.encode([value]))
            except msgspec.ValidationError as error:
                within, reason = locate_problem(error)
                inside = within.partition(".")[2]
                reasons[Problem(join_path(path, inside), reason)] = None
            except _NOT_JSON:
                reasons[Problem(path, _("This can't be written as JSON"))] = None
        found |= reasons
    return (), tuple(found)


def _is_long(name: str, rows: object) -> bool:
    return isinstance(rows, list) and len(rows) > ROWS_A_STEP and name in resource_keys()


@cache
def _row_type(name: str) -> tuple[shape.Type, msgspec.json.Decoder[Any]]:
    field = next(each for each in msgspec.structs.fields(CustomerData) if each.name == name)
    (rows,) = (each for each in get_args(field.type) if get_origin(each) is tuple)
    return shape.type_info(get_args(rows)[0]), msgspec.json.Decoder(rows)


@cache
def _request_type() -> shape.Type:
    return shape.type_info(PortalRequest)


def _problems(value: object, kind: shape.Type, path: str) -> Iterator[Problem]:
    match kind:
        case shape.StructType():
            yield from _object_problems(value, kind, path)
        case shape.VarTupleType():
            if isinstance(value, list | tuple):
                for index, item in enumerate(value):
                    yield from _problems(item, kind.item_type, join_path(path, index))
            else:
                yield _wrong_type(value, _("a list"), path)
        case shape.DictType():
            yield from _mapping_problems(value, kind, path)
        case shape.UnionType():
            yield from _union_problems(value, kind, path)
        case _:
            reason = _scalar_problem(value, kind, path)
            if reason is not None:
                yield Problem(path, reason)


def _object_problems(value: object, kind: shape.StructType, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield _wrong_type(value, _("an object"), path)
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
                yield Problem(join_path(path, within), reason)


def _field_problems(
    value: Mapping[str, Any], name: object, fields: Mapping[str, shape.Field], path: str
) -> Iterator[Problem]:
    where = join_path(path, name)
    if not isinstance(name, str) or name not in fields:
        yield Problem(where, unknown_field(name, fields))
    elif name in value:
        yield from _problems(value[name], fields[name].type, where)
    elif fields[name].required:
        yield Problem(where, _("{name} is needed").format(name=with_article(name)))


def _mapping_problems(value: object, kind: shape.DictType, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield _wrong_type(value, _("an object"), path)
        return
    for name, each in value.items():
        where = join_path(path, name)
        reason = _scalar_problem(name, kind.key_type, where)
        if reason is not None:
            yield Problem(where, reason)
        yield from _problems(each, kind.value_type, where)


def _union_problems(value: object, kind: shape.UnionType, path: str) -> Iterator[Problem]:
    options = [option for option in kind.types if not isinstance(option, shape.CustomType)]
    tagged = [option for option in options if isinstance(option, shape.StructType)]
    if len(tagged) > 1 and isinstance(value, Mapping):
        yield from _tagged_problems(value, tagged, path)
        return
    fitting = [option for option in options if _is_of(value, option)]
    if fitting:
        yield from _problems(value, fitting[0], path)
    else:
        yield _wrong_type(value, any_type_name(options), path)


def _tagged_problems(
    value: Mapping[str, Any], options: list[shape.StructType], path: str
) -> Iterator[Problem]:
    tag_field = options[0].tag_field or ""
    by_tag = {option.tag: option for option in options}
    tag = value.get(tag_field)
    option_for_tag = by_tag.get(tag) if isinstance(tag, str) else None
    if option_for_tag is not None:
        yield from _object_problems(value, option_for_tag, path)
    elif tag_field in value:
        yield Problem(join_path(path, tag_field), not_a_choice(tag, [str(each) for each in by_tag]))
    else:
        yield Problem(
            join_path(path, tag_field),
            _("{tag_field} is needed").format(tag_field=with_article(tag_field)),
        )


def _scalar_problem(value: object, kind: shape.Type, path: str) -> str | None:
    name = path.rsplit(".", 1)[-1]
    if not _is_of(value, kind):
        if isinstance(kind, shape.EnumType | shape.LiteralType) and isinstance(value, str):
            return not_a_choice(value, _choices(kind))
        return _wrong_type(value, type_name(kind), path).reason
    if isinstance(kind, shape.StrType) and isinstance(value, str):
        return _text_problem(value, kind, name)
    if isinstance(kind, shape.IntType | shape.FloatType) and isinstance(value, int | float):
        if kind.gt is not None and value <= kind.gt:
            return _("This has to be more than {gt:g}").format(gt=kind.gt)
        if isinstance(value, float) and not math.isfinite(value):
            return _("This number is too large")
    return None


def _text_problem(text: str, kind: shape.StrType, name: str) -> str | None:
    if not text and (kind.min_length or (kind.pattern and not re.search(kind.pattern, text))):
        return _("{name} can’t be empty").format(name=with_article(name))
    if kind.max_length is not None and len(text) > kind.max_length:
        return _("This may have {max_length} characters, and has {count}").format(
            max_length=kind.max_length, count=len(text)
        )
    if not _can_be_encoded(text):
        return _("This holds half of a character")
    if kind.pattern is not None and not re.search(kind.pattern, text):
        return pattern_reasons().get(kind.pattern, _("This is not written as it has to be"))
    return None


def _is_of(value: object, kind: shape.Type) -> bool:
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


def _wrong_type(value: object, expected: str, path: str) -> Problem:
    return Problem(
        path,
        _("Expected {expected}, found {value_kind}").format(
            expected=expected, value_kind=value_kind(value)
        ),
    )


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
