"""Replaces PyInstaller's own hook, which collects all QML modules (30 MB)."""

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
