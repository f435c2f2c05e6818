"""A request as JSON text: written for people, and read with each problem at its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.request.check import check_rules
from seam_portal_desktop.domain.request.problems import Problem, check_against_contract

Place = tuple[int, int]

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
# What an editor changes or hides: no-break spaces, separators, direction marks, fillers.
_UNSEEN = re.compile(
    r"[\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff-\uffff]"
)
_MOST_PROBLEMS = 100
_WORDS = ("true", "false", "none", "null")
_OTHER_QUOTES = frozenset("“”„‟‘’'`")
_decoder = json.JSONDecoder()

_REASONS = {
    "Expecting value": "A value is missing here",
    "Expecting property name enclosed in double quotes": "Expected a name in double quotes",
    "Expecting ':' delimiter": "A colon is missing here",
    "Expecting ',' delimiter": "A comma is missing here",
    "Unterminated string starting at": "The closing quotation mark is missing",
    "Invalid control character at": "Inside a text, write a line break as \\n and a tab as \\t",
    "Extra data": "Here is more than one JSON value",
}


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A problem, and the characters ``start .. end`` of the text that it is about; ``line`` counts
    from 1."""

    problem: Problem
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What a text says. ``request`` is None when it isn't JSON or breaks the contract; beside a
    request, the problems are those of `check_rules`. ``left_out`` counts those beyond the first
    hundred."""

    request: PortalRequest | None
    problems: tuple[PlacedProblem, ...]
    left_out: int = 0


class JsonTextError(ValueError):
    """A text that isn't JSON; ``position`` counts characters from 0."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason


def write_request(request: PortalRequest | Mapping[str, Any]) -> str:
    """The request as indented JSON. What an editor would swallow is written as an escape."""
    wire = msgspec.to_builtins(request) if isinstance(request, PortalRequest) else request
    text = json.dumps(wire, indent=2, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read_request(text: str) -> ReadRequest:
    """Read what somebody typed or pasted. Never raises."""
    try:
        wire = read_json(text)
    except JsonTextError as error:
        start = min(error.position, max(len(text) - 1, 0))
        return ReadRequest(None, (_placed(text, Problem("", error.reason), (start, start + 1)),))
    if not isinstance(wire, dict):
        start = _skip(text, 0)
        problem = Problem("", "A request is an object: { … }")
        return ReadRequest(None, (_placed(text, problem, (start, start + 1)),))
    checked = check_against_contract(wire)
    problems = checked.problems if checked.request is None else check_rules(checked.request)
    shown = problems[:_MOST_PROBLEMS]
    places = places_of(text, {problem.path for problem in shown})
    placed = [_placed(text, problem, places[problem.path]) for problem in shown]
    placed.sort(key=lambda each: each.start)
    return ReadRequest(checked.request, tuple(placed), len(problems) - len(shown))


def is_whole_request(text: str) -> bool:
    """Whether `text` is an object with a request's own fields, rather than a part of one."""
    try:
        wire = read_json(text)
    except JsonTextError:
        return False
    return isinstance(wire, dict) and any(name in wire for name in PortalRequest.__struct_fields__)


def read_json(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Strict JSON: no NaN, and no name twice in an object. Raises JsonTextError."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _explained(text, error) from None
    except _NameTwiceError as error:
        position = _second_place(text, error.name)
        raise JsonTextError(position, f"‘{error.name[:40]}’ is here twice") from None
    except _NotANumberError as error:
        outside = _STRING.sub(lambda found: " " * len(found[0]), text)
        raise JsonTextError(outside.find(error.name), f"JSON has no {error.name}") from None
    except ValueError:  # Python's limit on digits
        digits = re.search(r"[0-9]{1000,}", text)
        position = digits.start() if digits else 0
        raise JsonTextError(position, "This number is too large") from None
    except RecursionError:
        raise JsonTextError(0, "This is nested too deeply") from None


def places_of(text: str, paths: Iterable[str]) -> dict[str, Place]:
    """Where each path is in `text`, which holds JSON: the field's name or the list's item. Of a
    path that isn't there, the deepest part that is."""
    start = _skip(text, 0)
    found: dict[str, Place] = {}
    # Each entry: a value, its place, and by what is left of a path the whole of it.
    waiting = [(start, (start, start + 1), {path: path for path in paths})]
    while waiting:
        index, place, wanted = waiting.pop()
        found |= dict.fromkeys(wanted.values(), place)
        wanted.pop("", None)
        if not wanted or text[index] not in "{[":
            continue
        by_first: dict[str, list[str]] = {}
        for rest in wanted:
            by_first.setdefault(rest.partition(".")[0], []).append(rest)
        for name, its_place, value in _members(text, index):
            # A name may have dots in it.
            inside = {
                rest[len(name) + 1 :]: wanted[rest]
                for rest in by_first.get(name.partition(".")[0], ())
                if rest == name or rest.startswith(f"{name}.")
            }
            if inside:
                waiting.append((value, its_place, inside))
    return found


def _members(text: str, index: int) -> Iterator[tuple[str, Place, int]]:
    """Each member of the object or list at `index`: its name or number, its place, its value."""
    closing = "}" if text[index] == "{" else "]"
    index = _skip(text, index + 1)
    number = 0
    while text[index] != closing:
        if closing == "}":
            name, end = _decoder.raw_decode(text, index)
            value = _skip(text, _skip(text, end) + 1)
            _, after = _decoder.raw_decode(text, value)
            yield name, (index, end), value
        else:
            _, after = _decoder.raw_decode(text, index)
            end = index + 1 if text[index] in "{[" else after
            yield str(number), (index, end), index
            number += 1
        index = _skip(text, after)
        if text[index] == ",":
            index = _skip(text, index + 1)


def _second_place(text: str, wanted: str) -> int:
    """Where the name `wanted` is for the second time in one object."""
    waiting = [_skip(text, 0)]
    while waiting:
        seen: set[str] = set()
        index = waiting.pop()
        is_object = text[index] == "{"
        for name, place, value in _members(text, index):
            if is_object and name == wanted and name in seen:
                return place[0]
            seen.add(name)
            if text[value] in "{[":
                waiting.append(value)
    return 0


def _skip(text: str, index: int) -> int:
    found = _SPACE.match(text, index)
    return found.end() if found else index


def _placed(text: str, problem: Problem, place: Place) -> PlacedProblem:
    start, end = place
    return PlacedProblem(problem, start, end, text.count("\n", 0, start) + 1)


class _NameTwiceError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class _NotANumberError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _NameTwiceError(next(name for name in names if names.count(name) > 1))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _NotANumberError(name)


def _explained(text: str, error: json.JSONDecodeError) -> JsonTextError:
    before, here = text[: error.pos].rstrip(), text[error.pos : error.pos + 1]
    if before.endswith(",") and here in ("}", "]"):
        return JsonTextError(len(before) - 1, "There is no value after this comma")
    unclosed = error.msg == "Unterminated string starting at"
    if not text.strip():
        return JsonTextError(0, "Type or paste a request: { … }")
    if text.startswith("\ufeff"):
        reason = "The text begins with an invisible mark; delete it"
    elif not here and not unclosed:
        reason = "The text ends too early"
    elif here in _OTHER_QUOTES:
        reason = "JSON wants straight double quotes"
    elif error.msg == "Expecting value" and text[error.pos :].lower().startswith(_WORDS):
        reason = "JSON has true, false and null, in small letters"
    elif error.msg.startswith("Invalid \\"):
        reason = "This backslash means nothing; write two for one"
    else:
        reason = _REASONS.get(error.msg, error.msg)
    return JsonTextError(error.pos, reason)
