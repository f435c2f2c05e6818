"""Finds texts for people that don't go through gettext, in the program's source.

A literal counts as a text by its shape: words with a space between them, or one capitalised word.
It doesn't count where no person reads it: logs, SQL, style sheets, scripts, names, comparisons.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "seam_portal_desktop"

MARKS = {"_", "ngettext"}

NO_TEXTS = (
    # The stand-in for Seam: its texts are Seam's, in the customer's language.
    "sandbox/",
    # The command line is English.
    "options.py",
    # SQL, style sheets, and the pages that put a portal into a frame.
    "adapters/ledger/migrations/",
    "ui/toolkit/style_sheet.py",
    "ui/preview/emulation/host_page.py",
    # HTML, and templates that are no messages.
    "adapters/templates/html_page.py",
    "adapters/templates/worker.py",
    # Words for customers, in ten languages, and headers of mails.
    "domain/message/customer_words.py",
    "domain/message/feature_words.py",
    "domain/message/mime/writing.py",
    # Words of previewed pages, in ten languages.
    "domain/preview/page_features.py",
    "domain/preview/page_language.py",
    # Titles of columns in other programs' tables, in ten languages.
    "domain/tables/titles/synonyms.py",
    # Headers of mail, and words to customers in the portal's ten languages.
    "domain/message/bounce/",
    "domain/message/mime/",
    "domain/message/customer_words.py",
    "domain/message/feature_words.py",
    # Months and weekdays as tables have them, in ten languages.
    "domain/tables/values/month_names.py",
    # HTTP and SOCKS, and programs in other languages.
    "ui/preview/network/page_proxy.py",
    "ui/create/json/code_snippets.py",
)

# Variables whose values are no texts: for support, languages in their own words, names.
HIDDEN = {"technical", "LOCALES", "WORDS", "__all__", "__slots__"}

# Literals that look like texts.
ALLOWED = {
    # names
    "Seam Portal Desktop", "Android", "Windows", "License", "License-Expression",
    "Python \0", "PySide6 \0", "Chromium \0", "HTTP \0", "Qt \0",
    "MIT · Qt and PySide6: LGPL-3.0 · Lucide icons: ISC",
    # names in the demo
    "Acme Stays", "Robin", "Acme Stays\nGuest services",
    # names of tasks
    "open preview", "open second preview",
    # attributes and elements of XML
    "Type", "Id", "Relationship", "Target",
    # values of fields
    "row \0", "not kept", "unreadable policy", "yyyy-mm-dd hh:mm:ss",
    # what Chromium and libraries say, or read
    "Linux; Android 10; K", "Windows NT 10.0; Win64; x64", "Not allowed to load local resource: ",
    "Mixed Content: ", "Bearer \0", "Host: \0", "Proxy-Authorization: Basic \0",
    "Invalid username", "ProxyError, SOCKS", "CONNECT \0 HTTP/1.1",
    # for support, after "Technical:" and in the log
    "above the size limit", "not there when read back", "no backend that keeps secrets",
    "HTML instead of JSON", "cut off", "not JSON", "No SOCKS: \0", " without Seam's error",
    "session \0", "display \0", "display \0:\0",
}  # fmt: skip

# Calls whose arguments no person reads.
NOT_SHOWN = {
    # logs
    "debug", "info", "warning", "error", "exception", "critical", "log",
    # programmer's errors; those for people are UserFacingErrors
    "AssertionError", "KeyError", "OSError", "PermissionError", "RuntimeError", "TypeError",
    "ValueError", "AttributeError", "_UnreadableError", "ProxyError", "SlowRetrievalError",
    "TooManyRedirects", "UnsupportedProtocol",
    # SQL, regular expressions, scripts, Qt's names
    "exec_driver_sql", "execute", "executemany", "sql_text", "compile", "search", "sub",
    "runJavaScript", "setSourceCode", "send", "QKeySequence", "setObjectName", "setProperty",
    # parts of texts, names of files, types
    "startswith", "endswith", "removeprefix", "removesuffix", "replace", "split", "remove",
    "index", "find", "Path", "cast", "TypeVar", "NewType", "getattr", "setattr", "resource",
    # names of tasks (see `TaskScope`)
    "cancel", "is_running",
}  # fmt: skip
# Keywords whose values no person reads.
NOT_SHOWN_KEYWORDS = {"name", "scope", "technical", "prog", "metavar", "default_factory"}

_PLACEHOLDER = "\0"
_WORDS = re.compile(r"[^\W\d_]{2,}[,;:.…]? +[^\W\d_]|[^\W\d_][,;:.…]? +[^\W\d_]{2,}")
_NUMBER_AND_WORD = re.compile(r"\d+ +[^\W\d_]+|[^\W\d_]{2,} +\d+")
_ONE_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+(?:-[^\W\d_]+)*(?:…|:|\.)?")
_SQL = re.compile(
    r"\s*(?:PRAGMA|SELECT|INSERT|UPDATE|DELETE|CREATE|BEGIN|SET LOCAL|WHERE|CAST|coalesce)\b"
    r"|.*\b(?:IS NOT NULL|DESC|SELECT|FROM)\b"
)
_CODE = re.compile(
    r"=>|\(\) \{|;\n|</|\{\s*\n|^\s*[\w-]+=\"|^[a-z_]+ = |Object\.|Mozilla/|yyyy-MM|\\[A-Z]|\w\|\w"
)
_BESIDE = re.compile(r"\0\W? +(?:[^\W\d_]+|\([^\W\d_]+)\b|\b[^\W\d_]{2,}[,:;]? +\W?\0")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}.*\s|\s.*[^\W\d_]{3,}")
_MNEMONIC = re.compile(r"&(?=\w)")
_SHORTCUT = re.compile(r"(?:Ctrl|Shift|Alt|Meta)\+.+|Del|Return|Home|End|Esc|Space|F\d+")


class Text(NamedTuple):
    """A literal for people. `template` has NUL for each expression of an f-string."""

    place: str
    node: ast.Constant | ast.JoinedStr
    template: str

    @property
    def shown(self) -> str:
        return f"{self.place}:{self.node.lineno}: {self.template.replace(_PLACEHOLDER, '{}')!r}"


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Each module that may have texts: its path within the package, and its syntax tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if not place.startswith(NO_TEXTS):
            yield place, ast.parse(path.read_text("utf-8"))


def unmarked(place: str, tree: ast.Module) -> list[Text]:
    """The texts of a module that are not in a call of `_` or `ngettext`."""
    found: list[Text] = []
    _collect(place, tree, _not_shown_names(tree), found)
    return found


def _not_shown_names(tree: ast.Module) -> set[str]:
    """Variables that name a task, and those of `HIDDEN`."""
    names = set(HIDDEN)
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="name", value=ast.Name(id=name)):
                names.add(name)
            case ast.Call(func=ast.Attribute(attr="cancel" | "is_running")):
                names |= {each.id for each in node.args if isinstance(each, ast.Name)}
    return names


def _collect(place: str, node: ast.AST, hidden: set[str], found: list[Text]) -> None:
    for child in _readable_children(node):
        match child:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name))
            ) if name in hidden:
                continue
        if isinstance(child, (ast.Constant, ast.JoinedStr)):
            template = template_of(child)
            if template is not None and is_text(template):
                found.append(Text(place, child, template))
                continue
        _collect(place, child, hidden, found)


def _readable_children(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901, PLR0912 - a table
    """The children in which there can be a text."""
    match node:
        case ast.Call(func=func) if _name(func) in MARKS:
            for argument in node.args:
                if not isinstance(argument, ast.Constant):
                    yield argument
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            yield value
            yield from (keyword.value for keyword in node.keywords)
        case ast.Call(func=func) if _name(func) in NOT_SHOWN:
            yield func
            yield from (
                each for each in node.args if not isinstance(each, (ast.Constant, ast.JoinedStr))
            )
            yield from node.keywords
        case ast.keyword(arg=name) if name in NOT_SHOWN_KEYWORDS:
            pass
        case ast.Expr(value=ast.Constant()):
            pass
        case ast.Compare() | ast.Set() | ast.MatchValue() | ast.Assert():
            pass
        case ast.Subscript():
            yield node.value
        case ast.Dict():
            yield from node.values
        case ast.Assign(
            targets=[ast.Name(id="SYNONYMS")], value=ast.Dict(keys=keys, values=values)
        ):
            # They are looked up by an action's text.
            yield from (each for each in [*keys, *values] if each is not None)
        case ast.AnnAssign():
            if node.value is not None:
                yield node.value
        case ast.arg():
            pass
        case ast.JoinedStr():
            yield from (part for part in node.values if isinstance(part, ast.FormattedValue))
        case ast.FunctionDef(name="__repr__") | ast.Import() | ast.ImportFrom():
            pass
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.args
            yield from node.decorator_list
            yield from node.body
        case ast.BinOp(op=ast.Mod()):
            pass
        case _:
            yield from ast.iter_child_nodes(node)


def _name(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def template_of(node: ast.Constant | ast.JoinedStr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else _PLACEHOLDER for part in node.values
    )


def is_text(template: str) -> bool:
    """Whether a literal of this shape is for people."""
    if template in ALLOWED or _SHORTCUT.fullmatch(template):
        return False
    if _SQL.match(template) or _CODE.search(template):
        return False
    template = _MNEMONIC.sub("", template)
    if _WORDS.search(template) or _NUMBER_AND_WORD.search(template):
        return True
    if _PLACEHOLDER in template:
        return bool(_BESIDE.search(template) or _LONG_WORD.search(template))
    return bool(_ONE_WORD.fullmatch(template)) and (template[0].isupper() or template.endswith("…"))
