"""The files of the frozen program: the rules for Qt's parts, and the list of all files."""

from __future__ import annotations

import subprocess

import pytest

from tests.packaging.conftest import ROOT

from common import file_list, project  # isort: skip
from pyinstaller import parts  # isort: skip

TREE = ROOT / "build/frozen/seam-portal-desktop"


@pytest.mark.parametrize(
    "path",
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
        "seam_portal_desktop/resources/message_templates/layout.html",
        "babel/global.dat",
        "babel/locale-data/root.dat",
    ],
)
def test_what_the_program_needs_is_shipped(path):
    assert parts.is_wanted(path)


@pytest.mark.parametrize(
    "path",
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
        "babel/locale-data/ja.dat",
    ],
)
def test_what_the_program_does_not_need_is_left_out(path):
    assert not parts.is_wanted(path)


def test_new_and_missing_files_are_found():
    patterns = ["_internal/a.*.so", "_internal/b"]
    assert file_list.differences(["_internal/a.1.so", "_internal/b"], patterns) == ([], [])
    assert file_list.differences(["_internal/a.1.so", "_internal/c"], patterns) == (
        ["_internal/c"],
        ["_internal/b"],
    )


def test_a_difference_is_shown_as_lines_of_the_list(tmp_path):
    tree = tmp_path / "tree"
    for name in ("_internal/a/b/c.pyc", "_internal/a/d.pyc", "_internal/e.so", "program"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
    with pytest.raises(project.BuildError) as caught:
        file_list.check(tree, ["program", "gone"])
    lines = str(caught.value).splitlines()[1:]
    assert lines == ["  + _internal/a/*.pyc", "  + _internal/e.so", "  - gone"]
    file_list.check(tree, ["program", *(line[4:] for line in lines[:2])])


def test_every_language_of_the_portal_page_has_chromiums_texts():
    from seam_portal_desktop.sandbox.portal_page.data import LOCALES

    assert all({locale, locale[:2]} & parts.WEB_LOCALES for locale in LOCALES)
    assert len(parts.WEB_LOCALES) == len(LOCALES)


def test_every_language_of_messages_has_babels_words():
    from seam_portal_desktop.domain.request.request import Locale

    names = {name for each in Locale for name in (each.replace("-", "_"), each[:2])}
    assert all(parts.is_wanted(f"babel/locale-data/{name}.dat") for name in names)
    assert parts.BABEL_FILES - names == {"root", "LICENSE"}


def test_the_frozen_tree_has_exactly_the_listed_files(built):
    files = file_list.files_of(TREE)
    assert file_list.differences(files, file_list.patterns_of("linux")) == ([], [])


def test_no_search_path_leads_out_of_the_tree(built):
    from linux.binaries import binaries_of

    for binary in binaries_of(TREE):
        read = subprocess.run(
            ["readelf", "--dynamic", binary], text=True, capture_output=True, check=True
        )
        for line in read.stdout.splitlines():
            if "RUNPATH" in line or "RPATH" in line:
                folders = line.partition("[")[2].rstrip("]").split(":")
                assert all(folder.startswith("$ORIGIN") for folder in folders), (binary, line)
