"""Everything that the package defines is used outside of tests, by its name."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parent.parent
PACKAGE = PROJECT / "seam_portal_desktop"
USERS = [
    path
    for folder in (PACKAGE, PROJECT / "packaging", PROJECT / "benchmarks")
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".py", ".spec"}
]

# Files whose names a library reads.
READ_BY_LIBRARIES = (
    "adapters/ledger/migrations/",  # Alembic
    "domain/removal/request.py",
    "domain/request/customer_data.py",  # msgspec: the fields of Seam's request
    "domain/request/features.py",
    "domain/request/request.py",
)

ALLOWED = {
    # Methods that Qt calls and nothing else.
    "chooseFiles", "contextMenuEvent", "createEditor", "expandingDirections", "fetchMore",
    "focusNextPrevChild", "highlightBlock", "interceptRequest", "itemAt", "javaScriptAlert",
    "dragEnterEvent", "dragMoveEvent", "dropEvent", "loadResource", "setModelData",
    "javaScriptConfirm", "javaScriptPrompt", "keyboardSearch", "mousePressEvent", "paintEvent",
    "splitPath", "updateEditorGeometry", "wheelEvent", "createMimeDataFromSelection",
    # Methods that asyncio calls.
    "data_received", "pause_writing", "resume_writing",
    # Methods that the parser of HTML calls.
    "handle_starttag", "handle_endtag", "handle_data",
    # An attribute that Jinja reads.
    "_undefined_exception",
    # Members of enums that come from files, by their value.
    "BETA", "SHORT_TERM_RENTAL", "HOSPITALITY", "MULTI_FAMILY", "GYM",
    # The stand-in for Seam, as tests use it.
    "hold", "is_documented", "mutations", "next_drop", "next_html", "next_truncated",
    # The least contrast of an icon, to which the theme's test holds the colours.
    "DISCERNIBLE",
}  # fmt: skip


@functools.cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def uses(tree: ast.Module) -> Iterator[str]:
    """Names that are read: as a name, an attribute, or a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
        elif isinstance(node, ast.MatchClass):
            yield from node.kwd_attrs
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def definitions(tree: ast.AST, *, in_class: bool = False) -> Iterator[tuple[str, int]]:
    """Functions, classes, constants, fields, signals, and the attributes that methods set."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno
            if in_class:
                yield from attributes(node)
        elif isinstance(node, ast.ClassDef):
            yield node.name, node.lineno
            yield from definitions(node, in_class=True)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.If, ast.Tuple)):
            yield from definitions(node, in_class=in_class)


def attributes(method: ast.AST) -> Iterator[tuple[str, int]]:
    """The attributes of `self` that are set."""
    for node in ast.walk(method):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name, node.lineno


def unused(modules: dict[str, ast.Module], used: Counter[str]) -> list[str]:
    return [
        f"{name}:{line}: {defined}"
        for name, tree in modules.items()
        if not name.startswith(READ_BY_LIBRARIES)
        for defined, line in definitions(tree)
        if not used[defined] and not defined.startswith("__") and defined not in ALLOWED
    ]


def test_every_definition_is_used_outside_of_tests():
    used = Counter(name for path in USERS for name in uses(parse(path)))
    modules = {
        path.relative_to(PACKAGE).as_posix(): parse(path) for path in sorted(PACKAGE.rglob("*.py"))
    }
    assert unused(modules, used) == []


def test_every_icon_and_every_kind_of_the_style_sheet_is_used():
    strings = {
        node.value
        for path in USERS
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    icons = {path.stem for path in (PROJECT / "resources/icons").glob("*.svg")}
    assert icons - strings == set()
    sheet = (PACKAGE / "ui/toolkit/style_sheet.py").read_text("utf-8")
    kinds = {part.split('"')[0] for part in sheet.split('[kind="')[1:]} - {"{kind}"}
    assert kinds
    assert kinds - strings == set()


def test_the_search_would_notice():
    tree = ast.parse(
        "class A:\n    field: int = 0\n    def called(self):\n        self.kept = 1\n"
        "    def forgotten(self): ...\nCONSTANT = 1\nprint(A.called, CONSTANT)\n"
    )
    found = unused({"module.py": tree}, Counter(uses(tree)))
    assert found == ["module.py:2: field", "module.py:4: kept", "module.py:5: forgotten"]
