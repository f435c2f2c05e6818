"""Reads an array of Seam's JSON while it arrives, one item at a time.

A workspace may have 100,000 client sessions, and their list has no pages. So neither the text nor
its items are held as a whole: Python's JSON scanner finds where an item ends, and msgspec reads it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

import msgspec

from seam_portal_desktop.adapters.seam.wire import UnreadableAnswerError
from seam_portal_desktop.domain.request.codec import locate_problem

_S = TypeVar("_S", bound=msgspec.Struct)
_T = TypeVar("_T")
_Parser = Generator[None, None, None]

LONGEST_VALUE = 1_000_000
"""Characters of one item, or of another field of the answer."""

MOST_KEPT = 200_000
"""Items that are kept. An item takes about half a kilobyte of memory."""

_SPACE = re.compile(r"[ \t\n\r]*")
_AFTER_VALUE = frozenset(" \t\n\r,:]}")
_scan = json.JSONDecoder().raw_decode


class ListTooLongError(Exception):
    """An item is longer than LONGEST_VALUE, or more than MOST_KEPT items would be kept."""


class ListReader(Generic[_S, _T]):
    """Takes the bytes of ``{"<field>": [item, …], …}`` and makes ``items`` of it.

    ``item_type`` is the item in Seam's form, and `convert` makes an item of it. Items for which
    `keep` is False are dropped at once. ``beside`` has the values of the fields that `also` names.

    `feed` and `end` raise UnreadableAnswerError (its field is a dotted path) or ListTooLongError.
    """

    def __init__(
        self,
        field: str,
        item_type: type[_S],
        convert: Callable[[_S], _T],
        *,
        keep: Callable[[_T], bool] | None = None,
        also: frozenset[str] = frozenset(),
    ) -> None:
        self.items: list[_T] = []
        self.beside: dict[str, object] = {}
        self._field = field
        self._item = msgspec.json.Decoder(item_type)
        self._convert = convert
        self._keep = keep
        self._also = also
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self._index = 0
        self._has_field = False
        self._ended = False
        self._parser = self._parse()

    def feed(self, data: bytes) -> None:
        """Read on with the next bytes of the answer."""
        try:
            more = self._utf8.decode(data)
        except UnicodeDecodeError:
            more = None
        if more is None:
            raise UnreadableAnswerError
        self._text = self._text[self._at :] + more
        self._at = 0
        next(self._parser, None)

    def end(self) -> None:
        """The answer ends here. Raises also if something is missing."""
        self._ended = True
        next(self._parser, None)
        if not self._has_field:
            raise UnreadableAnswerError(self._field)

    def _parse(self) -> _Parser:
        """Reads as far as the text goes. Each `yield` waits for more of it."""
        yield from self._skip_space()
        if self._text[self._at] in '["-0123456789tfn':
            raise UnreadableAnswerError(self._field)  # JSON, but not an object
        yield from self._expect("{")
        yield from self._skip_space()
        while self._text[self._at] != "}":
            name = yield from self._value()
            if not isinstance(name, str):
                raise UnreadableAnswerError
            yield from self._expect(":")
            if name == self._field:
                yield from self._array()
            else:
                value = yield from self._value()
                if name in self._also:
                    self.beside[name] = value
            yield from self._skip_space()
            if self._text[self._at] != "}":
                yield from self._expect(",")
                yield from self._skip_space()
        self._at += 1
        while not self._ended:
            yield
        if self._text[self._at :].strip(" \t\n\r"):
            raise UnreadableAnswerError

    def _array(self) -> _Parser:
        self._has_field = True
        yield from self._skip_space()
        if self._text[self._at] != "[":
            raise UnreadableAnswerError(self._field)
        self._at += 1
        yield from self._skip_space()
        while self._text[self._at] != "]":
            begin = yield from self._item_end()
            self._add(self._text[begin : self._at])
            yield from self._skip_space()
            if self._text[self._at] != "]":
                yield from self._expect(",")
                yield from self._skip_space()
        self._at += 1

    def _add(self, text: str) -> None:
        failure: str | None = None
        try:
            item = self._convert(self._item.decode(text))
        except msgspec.ValidationError as error:
            failure = locate_problem(error)[0]
        except UnreadableAnswerError as error:
            failure = error.field or ""
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            failure = ""
        # Raised here, so that msgspec's error, which may quote the answer, isn't its context.
        if failure is not None:
            path = f"{self._field}.{self._index}"
            raise UnreadableAnswerError(f"{path}.{failure}" if failure else path)
        self._index += 1
        if self._keep is None or self._keep(item):
            if len(self.items) >= MOST_KEPT:
                raise ListTooLongError
            self.items.append(item)

    def _value(self) -> Generator[None, None, object]:
        begin = yield from self._item_end()
        return _scan(self._text, begin)[0]

    def _item_end(self) -> Generator[None, None, int]:
        """Go to the end of a value. Returns where it begins in the text."""
        yield from self._skip_space()
        while True:
            try:
                end = _scan(self._text, self._at)[1]
            except (ValueError, RecursionError):
                end = len(self._text)  # not all of it is here, or it isn't JSON
            # Of a number, only a part may be here: "12" of "12.5".
            if self._text[end : end + 1] in _AFTER_VALUE:
                begin, self._at = self._at, end
                return begin
            if len(self._text) - self._at > LONGEST_VALUE:
                raise ListTooLongError
            yield from self._more()

    def _skip_space(self) -> _Parser:
        """Go to the next character that isn't white space, and wait for it."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return
            yield from self._more()

    def _expect(self, character: str) -> _Parser:
        yield from self._skip_space()
        if self._text[self._at] != character:
            raise UnreadableAnswerError
        self._at += 1

    def _more(self) -> _Parser:
        if self._ended:
            raise UnreadableAnswerError(cut_off=self._is_cut_off())
        yield

    def _is_cut_off(self) -> bool:
        """Whether the text that is left is the beginning of a value."""
        try:
            msgspec.json.decode(self._text[self._at :])
        except msgspec.DecodeError as error:
            return "truncated" in str(error)
        except (UnicodeError, RecursionError):
            return False
        return True
