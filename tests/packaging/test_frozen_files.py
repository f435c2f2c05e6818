"""What goes into the frozen program: by the rules, and by the list that the tree must match."""

from __future__ import annotations

import subprocess

import pytest

from tests.packaging.conftest import ROOT

from common import file_list, project  # isort: skip
from pyinstaller import parts  # isort: skip

EXPECTED = ROOT / "packaging/linux/frozen-files.txt"
TREE = ROOT / "build/frozen/seam-portal-desktop"


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/lib/libQt6WebEngineCore.so.6",
        "PySide6/Qt6WebEngineCore.dll",
        "PySide6/Qt/lib/QtWebEngineCore.framework/Versions/A/QtWebEngineCore",
        "PySide6/QtWebEngineCore.abi3.so",
        "PySide6/QtWidgets.pyd",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/libexec/QtWebEngineProcess",
        "PySide6/QtWebEngineProcess.exe",
        "PySide6/Qt/translations/qtwebengine_locales/pt-PT.pak",
        "PySide6/Qt/resources/icudtl.dat",
        "PySide6/resources/icudtl.dat",
        "PySide6/Qt/resources/qtwebengine_devtools_resources.pak",
        "libpython3.11.so.1.0",
        "_cffi_backend.cpython-311-x86_64-linux-gnu.so",
        "keyring-25.7.0.dist-info/entry_points.txt",
        "seam_portal_desktop/resources/icons/copy.svg",
    ],
)
def test_what_the_program_needs_is_taken(place):
    assert parts.is_wanted(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/lib/libQt6Quick3D.so.6",
        "PySide6/Qt6Pdf.dll",
        "PySide6/Qt/lib/QtDesigner.framework/Versions/A/QtDesigner",
        "PySide6/QtQml.abi3.so",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/qmltooling/libqmldbg_tcp.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/translations/qtwebengine_locales/ja.pak",
        "PySide6/resources/qtwebengine_resources.debug.pak",
        "libstdc++.so.6",
        "libgcc_s.so.1",
        "libssl.so.3",
        "libsoftokn3.chk",
        "keyring-25.7.0.dist-info/RECORD",
    ],
)
def test_what_it_does_without_is_left_out(place):
    assert not parts.is_wanted(place)


def test_the_list_notices_what_comes_and_what_goes():
    patterns = ["_internal/a.*.so", "_internal/b"]
    assert file_list.differences(["_internal/a.1.so", "_internal/b"], patterns) == ([], [])
    assert file_list.differences(["_internal/a.1.so", "_internal/c"], patterns) == (
        ["_internal/c"],
        ["_internal/b"],
    )


def test_a_difference_is_told_in_the_lists_own_terms(tmp_path):
    tree, expected = tmp_path / "tree", tmp_path / "expected.txt"
    for name in ("_internal/a/b/c.pyc", "_internal/a/d.pyc", "_internal/e.so", "program"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
    expected.write_text("program\ngone\n")
    with pytest.raises(project.BuildError) as caught:
        file_list.check(tree, expected)
    lines = str(caught.value).splitlines()[1:]
    assert lines == ["  + _internal/a/*.pyc", "  + _internal/e.so", "  - gone"]
    expected.write_text("\n".join(line[4:] for line in lines[:2]) + "\nprogram\n")
    file_list.check(tree, expected)


def test_every_language_of_the_portal_page_has_chromiums_texts():
    from seam_portal_desktop.sandbox.portal_page.data import LOCALES

    assert all({locale, locale[:2]} & parts.WEB_LOCALES for locale in LOCALES)
    assert len(parts.WEB_LOCALES) == len(LOCALES)


def test_the_frozen_tree_is_what_is_listed(built):
    files = file_list.files_of(TREE)
    assert file_list.differences(files, file_list.read_patterns(EXPECTED)) == ([], [])


def test_no_library_is_searched_for_outside_of_the_tree(built):
    from linux.binaries import binaries_of

    for binary in binaries_of(TREE):
        read = subprocess.run(
            ["readelf", "--dynamic", binary], text=True, capture_output=True, check=True
        )
        for line in read.stdout.splitlines():
            if "RUNPATH" in line or "RPATH" in line:
                places = line.partition("[")[2].rstrip("]").split(":")
                assert all(place.startswith("$ORIGIN") for place in places), (binary, line)
