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
    "python_calamine",
    "xlsxwriter",
    "charset_normalizer",
    "jinja2",
    "css_inline",
}
SERVER = {"starlette", "uvicorn", "jsonschema"}

MAY_SEE_QT = ("ui/", "runtime.py", "bootstrap/", "bootstrap.py", "__main__.py")

# layer -> the layers that it may import. Files in the package's root are layers of their own.
LAYERS = {
    "domain": {"domain", "texts"},
    "services": {"services", "domain", "texts"},
    "adapters": {"adapters", "domain", "texts"},
    "sandbox": {"sandbox", "domain"},
    "ui": {"ui", "services", "domain", "paths", "runtime", "texts"},
    "core_dumps": set(),
    "options": set(),
    "texts": set(),
    "paths": set(),
    "runtime": {"paths", "texts"},
    "diagnostics": set(),
    "__init__": set(),
}


# feature folder of ui/ -> the other feature folders that it may import
FEATURES = {
    "toolkit": set(),
    "shell": {"toolkit"},
    "workspaces": {"toolkit", "shell"},
    "portals": {"toolkit", "shell", "workspaces"},
    "preview": {"toolkit", "portals"},
    "import_data": {"toolkit", "shell"},
    "create": {"toolkit", "shell", "workspaces", "import_data"},
    "portal": {"toolkit", "shell", "portals", "preview", "create"},
    "lifecycle": {
        "toolkit",
        "shell",
        "workspaces",
        "portals",
        "portal",
        "create",
        "import_data",
    },
    "send": {"toolkit", "shell", "workspaces", "portals", "portal", "preview", "create"},
    "bulk": {"toolkit", "shell", "workspaces", "portals", "portal", "lifecycle"},
    "help": {"toolkit", "shell", "preview"},
    "settings": {"toolkit", "shell", "portals", "portal", "preview", "send"},
    "senders": {"toolkit", "shell"},
    "templates": {"toolkit", "shell", "send"},
    "reminders": {"toolkit", "shell"},
    "sent": {"toolkit", "shell", "workspaces", "portals", "portal", "import_data", "send"},
}

# The window puts the features' widgets together; the window's controller makes all controllers.
ASSEMBLY = {
    "ui/shell/main_window.py": {
        "toolkit",
        "shell",
        "workspaces",
        "portals",
        "portal",
        "preview",
        "bulk",
    },
    "ui/window_controller.py": set(FEATURES),
}

# room of ui/preview/ -> the other rooms that it may import; no two of them import each other
PREVIEW_ROOMS = {
    "limits": set(),
    "emulation": set(),
    "network": set(),
    "security": {"limits", "network"},
    "popups": {"limits", "network", "security"},
    "page": {"limits", "network", "security", "popups", "emulation"},
    "view": {"limits", "network", "security", "popups", "emulation", "page"},
    "checks": {"security", "page", "view"},
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
        # The sandbox's mail server makes its certificate.
        allowed = {"cryptography"} if where.startswith("sandbox/") else set()
        assert not libraries & OUTSIDE_WORLD - allowed
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


def folders(path: Path, under: str) -> set[str]:
    """The folders of `under` (such as "ui") that the module imports from."""
    prefix = f"{PACKAGE}.{under.replace('/', '.')}."
    return {
        name.removeprefix(prefix).split(".")[0] for name in imports(path) if name.startswith(prefix)
    }


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=place)
def test_features_import_only_what_they_may(path):
    feature = place(path).split("/")[1]
    if place(path) in ASSEMBLY:
        assert folders(path, "ui") <= ASSEMBLY[place(path)]
    elif feature != "__init__.py":
        assert folders(path, "ui") <= FEATURES[feature] | {feature}


@pytest.mark.parametrize("path", sorted((ROOT / "ui" / "preview").rglob("*/*.py")), ids=place)
def test_rooms_of_the_preview_import_only_what_they_may(path):
    room = place(path).split("/")[2]
    assert folders(path, "ui/preview") <= PREVIEW_ROOMS[room] | {room}


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=place)
def test_a_folder_can_be_taken_in_at_a_glance(folder):
    assert len([path for path in MODULES if path.parent == folder]) <= 16, "split it"


def test_the_rules_would_notice(tmp_path):
    """The reader of imports sees nested and lazy ones, so that no layer can be crossed quietly."""
    module = tmp_path / "module.py"
    module.write_text(
        "def f():\n"
        "    from seam_portal_desktop.ui.toolkit.theme import Theme\n"
        "    import PySide6.QtCore\n"
    )
    assert imports(module) == {"seam_portal_desktop.ui.toolkit.theme", "PySide6.QtCore"}
