"""Evaluates one template in Jinja's sandbox, without limits of time. For `worker.py` only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2 import debug as _loaded_before_files_are_out_of_reach  # noqa: F401
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from seam_portal_desktop.adapters.templates.html_page import finish_html, logo_element
from seam_portal_desktop.domain.message.rendering.names import FILTERS, LOGO, URL, top_names

LARGEST_OUTPUT = 1_000_000
"""Characters of one part."""

_FORBIDDEN = (
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.ScopedEvalContextModifier,
)
"""Other templates, and {% autoescape false %}: a customer's name must not become HTML."""

_TESTS = frozenset({"defined", "undefined", "none", "string", "number", "in", "==", "!=", "eq"})
_RECURSION = "recursion"
_ENDS_WITH_TAG = re.compile(r"[^-+]%\}$")
_TAGS = re.compile(r"\s*(?:\{%(?:(?!%\}).)*%\}\s*)+")


class PartError(Exception):
    """A part can't be rendered. `name` is a name of the template's, never a value."""

    def __init__(self, kind: str, line: int | None = None, name: str = "") -> None:
        super().__init__(kind)
        self.kind, self.line, self.name = kind, line, name


class _MissingNameError(UndefinedError):
    def __init__(self, name: object, is_member: bool, message: str) -> None:  # noqa: FBT001 - Jinja
        super().__init__(message)
        self.name, self.is_member = str(name), is_member


class _MissingName(StrictUndefined):
    """Any use of a name without a value fails, and the error knows which name it was."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,  # noqa: ANN401 - Jinja's
        name: Any = None,  # noqa: ANN401
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        super().__init__(hint, obj, name, exc)
        if exc is UndefinedError:
            self._undefined_exception: Any = partial(_MissingNameError, name, obj is not missing)


class _Sandbox(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's
        """Of a dict only what is in it: a field may be named like a method, such as ``items``."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def evaluate(job: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a job: `text` or `error`, and for HTML what `finish_html` found."""
    is_html = job["part"] == "html"
    try:
        values = dict(job["values"])
        if is_html and values.get(LOGO):
            values[LOGO] = logo_element(*values[LOGO])
        text = _render(job["part"], job["source"], values)
        if not is_html or not text.strip():
            return {"text": text}
        return _page(text, job)
    except PartError as error:
        return {"error": error.kind, "line": error.line, "name": error.name}
    except RecursionError:
        return {"error": _RECURSION}
    except MemoryError:
        return {"error": "memory"}
    except Exception:  # noqa: BLE001 - whatever a template can provoke
        return {"error": "failed"}


def _page(text: str, job: Mapping[str, Any]) -> dict[str, Any]:
    page = finish_html(text, job.get("locale", "en"), job.get("title", ""))
    if len(page.html) > LARGEST_OUTPUT:
        raise PartError("size")
    return {
        "text": page.html,
        "links": page.links,
        "images": page.images,
        "words": page.words,
        "has_remote_image": page.has_remote_image,
    }


def _render(part: str, source: str, values: Mapping[str, Any]) -> str:
    template = _compiled(part, source)
    chunks: list[str] = []
    size = 0
    try:
        for chunk in template.generate(values):
            size += len(chunk)
            if size > LARGEST_OUTPUT:
                break
            chunks.append(chunk)
    except _MissingNameError as error:
        kind = "unknown_member" if error.is_member else "unknown_name"
        raise PartError(kind, _line_of(error), error.name) from None
    except SecurityError as error:
        raise PartError("security", _line_of(error)) from None
    except PartError as error:
        raise PartError(error.kind, _line_of(error)) from None
    except (RecursionError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a template can compute anything
        raise PartError("failed", _line_of(error)) from None
    if size > LARGEST_OUTPUT:
        raise PartError("size")
    return "".join(chunks)


@lru_cache(maxsize=16)
def _compiled(part: str, source: str) -> Template:
    """Checked and compiled. Raises PartError and what deep nesting raises."""
    environment = _environments()[part == "html"]
    try:
        tree = environment.parse(_with_line_ends(source))
        _check(tree, part)
        return environment.from_string(tree)
    except TemplateSyntaxError as error:
        raise PartError("syntax", error.lineno, error.message or "") from None
    except SyntaxError:  # Python refuses the code, such as more than 20 loops in each other
        raise PartError(_RECURSION) from None


def _with_line_ends(source: str) -> str:
    """The source, in which only lines of nothing but tags leave no line behind.

    Jinja removes the line break after every tag, also after ``Hello{% endif %}``, where a plus sign
    prevents it.
    """
    lines = source.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        if _TAGS.fullmatch(line):
            lines[number] = line.rstrip()
        elif _ENDS_WITH_TAG.search(line):
            lines[number] = f"{line[:-2]}+%}}"
    return "\n".join(lines)


def _check(tree: nodes.Template, part: str) -> None:
    """Raise PartError for what can be known without the values, also where it isn't reached."""
    for forbidden in _FORBIDDEN:
        for node in tree.find_all(forbidden):
            raise PartError("forbidden", node.lineno)
    for used in tree.find_all(nodes.Filter):
        if used.name not in FILTERS:
            raise PartError("unknown_filter", used.lineno, used.name)
    known = top_names()
    undeclared = find_undeclared_variables(tree)
    for name in tree.find_all(nodes.Name):
        if name.name in undeclared and name.ctx == "load":
            if name.name not in known:
                raise PartError("unknown_name", name.lineno, name.name)
            if name.name == URL and part == "subject":
                raise PartError("link_in_subject", name.lineno)


@lru_cache(maxsize=1)
def _environments() -> tuple[ImmutableSandboxedEnvironment, ImmutableSandboxedEnvironment]:
    """For plain text and for HTML."""
    plain, html = _environment(is_html=False), _environment(is_html=True)
    return plain, html


def _environment(*, is_html: bool) -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(
        autoescape=is_html,
        undefined=_MissingName,
        finalize=_finished_html if is_html else _finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Less to use is less to misuse.
    environment.globals.clear()
    for name in environment.tests.keys() - _TESTS:
        del environment.tests[name]
    return environment


def _finished(value: object) -> object:
    """What is written for a value. Raises PartError for what is no text, such as a list."""
    if isinstance(value, (str, int, float, StrictUndefined)) and not isinstance(value, bool):
        return value
    raise PartError("no_text")


def _finished_html(value: object) -> object:
    """As `_finished`. A text of several lines keeps them."""
    if isinstance(value, str) and not isinstance(value, Markup) and "\n" in value:
        return Markup("<br>\n").join(value.split("\n"))  # escapes the lines
    return _finished(value)


def _line_of(error: BaseException) -> int | None:
    """The line of the template in which it was raised."""
    lines = [line for name, line in _frames(error.__traceback__) if name == "<template>"]
    return lines[-1] if lines else None


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
