"""A request as JSON text: written with indents, read with the position of each problem."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import msgspec

from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.request.check import check_steps
from seam_portal_desktop.domain.request.problems import Problem, grouped
from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.texts import _

Span = tuple[int, int]

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
# Characters that an editor changes or hides: no-break spaces, separators, direction marks.
_INVISIBLE = re.compile(
    r"[\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff-\uffff]"
)
_MAX_PROBLEMS = 100
_WORDS = ("true", "false", "none", "null")
_OTHER_QUOTES = frozenset("“”„‟‘’'`")
_decoder = json.JSONDecoder()

_REASONS = {
    "Expecting value": _("A value is missing here"),
    "Expecting property name enclosed in double quotes": _("Expected a name in double quotes"),
    "Expecting ':' delimiter": _("A colon is missing here"),
    "Expecting ',' delimiter": _("A comma is missing here"),
    "Unterminated string starting at": _("The closing quotation mark is missing"),
    "Invalid control character at": _("Inside a text, write a line break as \\n and a tab as \\t"),
    "Extra data": _("Here is more than one JSON value"),
}


@dataclass(frozen=True, slots=True)
class LocatedProblem:
    """A problem in the characters ``start .. end`` of the text. ``line`` counts from 1."""

    problem: Problem
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """``request`` is None when the text isn't JSON or breaks the contract. ``omitted`` counts the
    problems beyond the first hundred."""

    request: PortalRequest | None
    problems: tuple[LocatedProblem, ...]
    omitted: int = 0


class JsonTextError(ValueError):
    """A text that isn't JSON; ``position`` counts characters from 0."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason


def write_request(request: PortalRequest | Mapping[str, Any]) -> str:
    """The request as indented JSON. Characters that an editor changes or hides are escaped."""
    wire = msgspec.to_builtins(request) if isinstance(request, PortalRequest) else request
    text = json.dumps(wire, indent=2, ensure_ascii=False)
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read_request(text: str, now: datetime | None = None) -> Steps[ParsedRequest]:
    """Parse a text that was typed or pasted. Never raises. Without `now` no stay is in the past."""
    try:
        wire = read_json(text)
    except JsonTextError as error:
        start = min(error.position, max(len(text) - 1, 0))
        return ParsedRequest(None, (_located(text, Problem("", error.reason), (start, start + 1)),))
    if not isinstance(wire, dict):
        start = _skip_space(text, 0)
        problem = Problem("", _("A request is an object: { … }"))
        return ParsedRequest(None, (_located(text, problem, (start, start + 1)),))
    checked = yield from check_steps(wire, now)
    problems = yield from grouped(checked.problems)
    shown = problems[:_MAX_PROBLEMS]
    spans = find_spans(text, {problem.path for problem in shown})
    located = tuple(_located(text, problem, spans[problem.path]) for problem in shown)
    return ParsedRequest(checked.request, located, len(problems) - len(shown))


def is_whole_request(text: str) -> bool:
    """Whether `text` is an object with at least one field of a request."""
    try:
        wire = read_json(text)
    except JsonTextError:
        return False
    return isinstance(wire, dict) and any(name in wire for name in PortalRequest.__struct_fields__)


def read_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Parse strict JSON: no NaN, no name twice in an object. Raises JsonTextError."""
    try:
        return json.loads(text, object_pairs_hook=_check_names, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _json_error(text, error) from None
    except _DuplicateNameError as error:
        position = _find_second(text, error.name)
        raise JsonTextError(
            position, _("‘{error}’ is here twice").format(error=error.name[:40])
        ) from None
    except _NotANumberError as error:
        outside = _STRING.sub(lambda found: " " * len(found[0]), text)
        raise JsonTextError(
            outside.find(error.name), _("JSON has no {error}").format(error=error.name)
        ) from None
    except ValueError:  # Python's limit on digits
        digits = re.search(r"[0-9]{1000,}", text)
        position = digits.start() if digits else 0
        raise JsonTextError(position, _("This number is too large")) from None
    except RecursionError:
        raise JsonTextError(0, _("This is nested too deeply")) from None


def find_spans(text: str, paths: Iterable[str]) -> dict[str, Span]:
    """The span of each path in `text`, which has to be JSON: the field's name or the list's item.
    A path that isn't there gets the span of its deepest part that is."""
    start = _skip_space(text, 0)
    found: dict[str, Span] = {}
    # Each entry: a value's index, its span, and the whole paths by their rest.
    waiting = [(start, (start, start + 1), {path: path for path in paths})]
    while waiting:
        index, span, wanted = waiting.pop()
        found |= dict.fromkeys(wanted.values(), span)
        wanted.pop("", None)
        if not wanted or text[index] not in "{[":
            continue
        by_first: dict[str, list[str]] = {}
        for rest in wanted:
            by_first.setdefault(rest.partition(".")[0], []).append(rest)
        for name, its_span, value in _members(text, index):
            # A name may have dots in it.
            inside = {
                rest[len(name) + 1 :]: wanted[rest]
                for rest in by_first.get(name.partition(".")[0], ())
                if rest == name or rest.startswith(f"{name}.")
            }
            if inside:
                waiting.append((value, its_span, inside))
    return found


def _members(text: str, index: int) -> Iterator[tuple[str, Span, int]]:
    """The members of the object or list at `index`: name or number, span, index of the value."""
    closing = "}" if text[index] == "{" else "]"
    index = _skip_space(text, index + 1)
    number = 0
    while text[index] != closing:
        if closing == "}":
            name, end = _decoder.raw_decode(text, index)
            value = _skip_space(text, _skip_space(text, end) + 1)
            _unused, after = _decoder.raw_decode(text, value)
            yield name, (index, end), value
        else:
            _unused, after = _decoder.raw_decode(text, index)
            end = index + 1 if text[index] in "{[" else after
            yield str(number), (index, end), index
            number += 1
        index = _skip_space(text, after)
        if text[index] == ",":
            index = _skip_space(text, index + 1)


def _find_second(text: str, wanted: str) -> int:
    """Where one object has the name `wanted` for the second time."""
    waiting = [_skip_space(text, 0)]
    while waiting:
        seen: set[str] = set()
        index = waiting.pop()
        is_object = text[index] == "{"
        for name, span, value in _members(text, index):
            if is_object and name == wanted and name in seen:
                return span[0]
            seen.add(name)
            if text[value] in "{[":
                waiting.append(value)
    return 0


def _skip_space(text: str, index: int) -> int:
    found = _SPACE.match(text, index)
    return found.end() if found else index


def _located(text: str, problem: Problem, span: Span) -> LocatedProblem:
    start, end = span
    return LocatedProblem(problem, start, end, text.count("\n", 0, start) + 1)


class _DuplicateNameError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class _NotANumberError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def _check_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateNameError(next(name for name in names if names.count(name) > 1))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _NotANumberError(name)


def _json_error(text: str, error: json.JSONDecodeError) -> JsonTextError:
    before, here = text[: error.pos].rstrip(), text[error.pos : error.pos + 1]
    if before.endswith(",") and here in ("}", "]"):
        return JsonTextError(len(before) - 1, _("There is no value after this comma"))
    unclosed = error.msg == "Unterminated string starting at"
    if not text.strip():
        return JsonTextError(0, _("Type or paste a request: { … }"))
    if text.startswith("\ufeff"):
        reason = _("The text begins with an invisible mark; delete it")
    elif not here and not unclosed:
        reason = _("The text ends too early")
    elif here in _OTHER_QUOTES:
        reason = _("JSON wants straight double quotes")
    elif error.msg == "Expecting value" and text[error.pos :].lower().startswith(_WORDS):
        reason = _("JSON has true, false and null, in small letters")
    elif error.msg.startswith("Invalid \\"):
        reason = _("This backslash means nothing; write two for one")
    else:
        reason = _REASONS.get(error.msg, error.msg)
    return JsonTextError(error.pos, reason)
