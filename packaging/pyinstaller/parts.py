"""The parts of the wheels that are shipped. PyInstaller's other files are left out.

The names are without `lib`, version and suffix, so that they are the same on every system.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# Qt's libraries: those that the program imports, and those that QtWebEngineCore needs.
QT_LIBRARIES = {
    "Qt6Core",
    "Qt6DBus",
    "Qt6Gui",
    "Qt6Network",
    "Qt6OpenGL",
    "Qt6Positioning",
    "Qt6PrintSupport",
    "Qt6Qml",
    "Qt6QmlMeta",
    "Qt6QmlModels",
    "Qt6QmlWorkerScript",
    "Qt6Quick",
    "Qt6QuickWidgets",
    "Qt6Svg",
    "Qt6Test",
    "Qt6WaylandClient",
    "Qt6WebChannel",
    "Qt6WebEngineCore",
    "Qt6WebEngineWidgets",
    "Qt6Widgets",
    "Qt6WlShellIntegration",
    "Qt6XcbQpa",
    "icudata",
    "icui18n",
    "icuuc",
}
# PySide6's modules: those that the program imports, and those that they import.
QT_BINDINGS = {
    "QtCore",
    "QtGui",
    "QtNetwork",
    "QtPrintSupport",
    "QtSvg",
    "QtTest",
    "QtWebChannel",
    "QtWebEngineCore",
    "QtWebEngineWidgets",
    "QtWidgets",
}
QT_PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qgif", "qicns", "qico", "qjpeg", "qsvg", "qwebp"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platforms": {"qcocoa", "qdirect2d", "qminimal", "qoffscreen", "qwayland", "qwindows", "qxcb"},
    "platformthemes": {"qgtk3", "qxdgdesktopportal"},
    "styles": {"qmacstyle", "qmodernwindowsstyle"},
    "tls": {"qcertonlybackend", "qopensslbackend", "qschannelbackend", "qsecuretransportbackend"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-graphics-integration-client": {"dmabuf-server", "qt-plugin-wayland-egl"},
    "wayland-shell-integration": {"qt-shell", "xdg-shell"},
    "xcbglintegrations": {"qxcb-egl-integration", "qxcb-glx-integration"},
}
# Chromium's texts (menus, form messages): the portal page's languages and the fallback.
WEB_LOCALES = {"de", "el", "en-US", "es", "fr", "it", "nl", "pl", "pt-PT", "ru"}
# Babel's words for dates: the languages of messages, and what they have in common.
MESSAGE_LOCALES = [
    "de_DE",
    "el_GR",
    "en_US",
    "es_ES",
    "fr_FR",
    "it_IT",
    "nl_NL",
    "pl_PL",
    "pt_PT",
    "ru_RU",
]
BABEL_FILES = {"root", "LICENSE", *MESSAGE_LOCALES, *(name[:2] for name in MESSAGE_LOCALES)}
WEB_RESOURCES = {
    "icudtl.dat",
    "qtwebengine_devtools_resources.pak",
    "qtwebengine_resources.pak",
    "qtwebengine_resources_100p.pak",
    "qtwebengine_resources_200p.pak",
    "v8_context_snapshot.bin",
    # macOS has one for each kind of processor.
    "v8_context_snapshot.arm64.bin",
    "v8_context_snapshot.x86_64.bin",
}
# The files of a package's metadata that keyring and importlib.metadata read at run time.
METADATA_FILES = {"METADATA", "entry_points.txt"}

# Modules that some library imports, but doesn't need.
EXCLUDED_MODULES = [
    "bz2",
    "curses",
    "distutils",
    # email-validator asks the network with it, which the program never wants.
    "dns",
    "lzma",
    "pip",
    "pkg_resources",
    "pydoc",
    "readline",
    "setuptools",
    "tkinter",
    "unittest",
]

_LIBRARY_NAME = re.compile(r"^(?:lib)?(?P<name>.+?)(?:\.abi3)?(?:\.so[.\d]*|\.dll|\.dylib|\.pyd)?$")


def is_wanted(destination: str) -> bool:
    """Whether the file is shipped; `destination` is its path in the frozen tree."""
    path = PurePosixPath(destination.replace("\\", "/"))
    if path.parts[0] == "PySide6":
        return _is_wanted_of_qt(path)
    if path.parts[0].endswith(".dist-info"):
        return path.name in METADATA_FILES
    if path.parts[:2] == ("babel", "locale-data"):
        return path.stem in BABEL_FILES
    if path.suffix == ".typed" or path.parts[:2] == ("jsonschema", "benchmarks"):
        return False
    return not is_system_library(path)


def is_system_library(path: PurePosixPath) -> bool:
    """Whether it is a library of the Linux system, which is not shipped.

    A shipped copy would be loaded in place of the newer one that the system's graphics drivers
    need (libstdc++ of Debian 12 under Debian 13's Mesa ends the program), and would not get the
    system's security updates. libpython is shipped, because it differs between systems.
    """
    is_library = re.match(r"lib.+\.(so|chk)(\.\d+)*$", path.name) is not None
    return len(path.parts) == 1 and is_library and not path.name.startswith("libpython")


def _is_wanted_of_qt(path: PurePosixPath) -> bool:
    """Each kind of file has its folder in the wheel, and its allow-list here."""
    parts, name = path.parts, _library_name(path)
    if "qml" in parts or path.name.endswith(".qm") or ".debug." in path.name:
        return False
    frameworks = [part for part in parts if part.endswith(".framework")]
    if "plugins" in parts:
        wanted = name in QT_PLUGINS.get(path.parent.name, set())
    elif "qtwebengine_locales" in parts:
        wanted = path.stem in WEB_LOCALES
    elif "resources" in parts or path.suffix in {".pak", ".dat", ".bin"}:
        wanted = path.name in WEB_RESOURCES
    elif frameworks:
        wanted = frameworks[0].removesuffix(".framework").replace("Qt", "Qt6", 1) in QT_LIBRARIES
    elif name.startswith(("Qt6", "icu")):
        wanted = name in QT_LIBRARIES
    elif path.parent.name == "PySide6" and name.startswith("Qt"):
        wanted = name in QT_BINDINGS or name == "QtWebEngineProcess.exe"
    else:
        wanted = "pyside6qml" not in name
    return wanted


def _library_name(path: PurePosixPath) -> str:
    match = _LIBRARY_NAME.match(path.name)
    return match["name"] if match else path.name
