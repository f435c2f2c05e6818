"""The view that one run saves for the next: geometry, splitters, columns, preview settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray


class ViewState:
    """Saves and restores parts of the window, each by its name.

    `saved` is what the last run's `save` returned. What can't be used is ignored.
    """

    def __init__(self, saved: Mapping[str, str]) -> None:
        self._saved = saved
        self._parts: dict[str, Callable[[], QByteArray | bytes]] = {}

    def add(
        self,
        name: str,
        save: Callable[[], QByteArray | bytes],
        restore: Callable[[bytes], object],
    ) -> None:
        """Restore a part now, if the last run saved it, and let `save` save it."""
        self._parts[name] = save
        state = QByteArray.fromBase64(self._saved.get(name, "").encode("ascii", "replace"))
        if not state.isEmpty():
            restore(bytes(state.data()))

    def save(self) -> dict[str, str]:
        """The state of all parts as base64 text by name, for the preferences."""
        return {
            name: QByteArray(save()).toBase64().toStdString() for name, save in self._parts.items()
        }
