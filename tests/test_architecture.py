"""Who may import what. The layers of CONTRIBUTING.md, held by the code's own imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = "seam_portal_desktop"
ROOT = Path(__file__).parent.parent / PACKAGE
MODULES = sorted(ROOT.rglob("*.py"))

QT = {"PySide6", "shiboken6", "qasync"}
OUTSIDE_WORLD = {
    "httpx",
    "keyring",
    "sqlalchemy",
    "alembic",
    "cryptography",
    "truststore",
    "tuf",
    "psycopg",
}
SERVER = {"starlette", "uvicorn", "jsonschema"}

MAY_SEE_QT = ("ui/", "runtime.py", "bootstrap/", "bootstrap.py", "__main__.py")

# layer -> the layers that it may import. Files in the package's root are layers of their own.
LAYERS = {
    "domain": {"domain"},
    "services": {"services", "domain"},
    "adapters": {"adapters", "domain"},
    "sandbox": {"sandbox", "domain"},
    "ui": {"ui", "services", "domain", "paths", "runtime"},
    "options": set(),
    "paths": set(),
    "runtime": {"paths"},
    "diagnostics": set(),
    "__init__": set(),
}


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Dotted names that the module imports anywhere, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path)}: relative imports hide the layer"
            found.add(node.module or "")
            if node.module == PACKAGE:
                found |= {f"{PACKAGE}.{alias.name}" for alias in node.names}
    return found


def layer_of(name: str) -> str:
    return name.split(".")[1]


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_libraries_stay_where_they_belong(path):
    libraries = {name.split(".")[0] for name in imports(path)}
    where = place(path)
    if not where.startswith(MAY_SEE_QT):
        assert not libraries & QT
    if not where.startswith("adapters/"):
        assert not libraries & OUTSIDE_WORLD
    if not where.startswith("sandbox/"):
        assert not libraries & SERVER
    assert "seam" not in libraries, "the official SDK is for tests: importing it costs a second"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_layers_point_one_way(path):
    own = place(path).split("/")[0].removesuffix(".py")
    allowed = LAYERS.get(own)
    if allowed is None:
        assert own in {"bootstrap", "__main__"}, f"{own} has no layer yet"
        return
    seen = {layer_of(name) for name in imports(path) if name.startswith(f"{PACKAGE}.")}
    assert seen <= allowed | {"__version__"}


def test_no_two_classes_have_the_same_name():
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(place(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_the_rules_would_notice(tmp_path):
    """The reader of imports sees nested and lazy ones, so that no layer can be crossed quietly."""
    module = tmp_path / "module.py"
    module.write_text(
        "def f():\n"
        "    from seam_portal_desktop.ui.toolkit.theme import Theme\n"
        "    import PySide6.QtCore\n"
    )
    assert imports(module) == {"seam_portal_desktop.ui.toolkit.theme", "PySide6.QtCore"}
