"""Where the portal opens: a landing page, or one thing by a deep link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import cast

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.create.form.controls import KeptText, SegmentsControl
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.create.form.setting_row import SettingRow
from seam_portal_desktop.ui.create.form.settings import ControlKind, Setting
from seam_portal_desktop.ui.create.data.verticals import ANY, Vertical, plural
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, FieldNote, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

LANDING, DEEP_LINK = "landing_page", "deep_link"
MANAGE = f"{LANDING}.manage"
BOTH = "both"

Keys = Callable[[str], Sequence[str]]
"""The keys of a kind of customer data; none for what is no kind."""

_SAID_CHARACTERS = 24

_MODE = Setting(
    "opens_at",
    "The portal opens at",
    ControlKind.SEGMENTS,
    "A landing page starts there with everything around it; a deep link is about that one thing.",
    ((LANDING, "Landing page"), (DEEP_LINK, "Deep link"), (BOTH, "Both")),
    unset="The profile decides",
)


@cache
def landing_keys() -> tuple[str, ...]:
    """The names of what a landing page can be about, in the contract's order."""
    from seam_portal_desktop.domain.request import ManageLanding

    return ManageLanding.__struct_fields__


@cache
def deep_link_kinds() -> tuple[tuple[str, str], ...]:
    """Each resource type with the name of its key."""
    from typing import get_args

    from seam_portal_desktop.domain.request import DeepLink

    return tuple(
        (str(each.__struct_config__.tag), each.__struct_fields__[0]) for each in get_args(DeepLink)
    )


class OpensAtSection(FormSection):
    """`keys` is asked for what is entered as data.

    One of the two at a time; a request that came with both keeps both until one is chosen.
    `reservation_link_wanted` carries the key that is typed, perhaps empty: the user wants one of
    Seam's reservation links instead of a portal.
    """

    reservation_link_wanted = Signal(str)

    def __init__(
        self, theme: Theme, icons: Icons, keys: Keys, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self._vertical = ANY
        self.mode = SettingRow(_MODE, theme, icons, self)
        self._segment(BOTH).hide()
        self.landing = TargetField("Landing page", icons, self)
        self.deep_link = TargetField("Deep link", icons, self)
        self.reservation_link = QPushButton("Make a reservation link instead…", self)
        self.reservation_link.setToolTip("A link of its own kind, which opens at one reservation.")
        self.reservation_link.setAutoDefault(False)
        set_kind(self.reservation_link, "link")
        self.reservation_link.clicked.connect(
            lambda: self.reservation_link_wanted.emit(self.deep_link.target()[1])
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        for widget in (self.mode, self.landing, self.deep_link):
            column.addWidget(widget)
            widget.changed.connect(self._edited)
        column.addWidget(self.reservation_link, 0, Qt.AlignmentFlag.AlignLeft)
        self.landing.kind.currentIndexChanged.connect(self.offer_keys)
        self.deep_link.kind.currentIndexChanged.connect(self.offer_keys)
        self.set_vertical(ANY)
        self._show()

    def set_vertical(self, vertical: Vertical) -> None:
        """Use that line of business's words."""
        self._vertical = vertical
        places = [
            (name, vertical.one(plural(name.removesuffix("_key")))) for name in landing_keys()
        ]
        self.landing.set_kinds(places)
        self.deep_link.set_kinds(
            [(kind, vertical.one(plural(kind))) for kind, _ in deep_link_kinds()]
        )

    def offer_keys(self) -> None:
        """Complete from the keys that are entered as data now."""
        landing, link = self.landing.kind.currentData(), self.deep_link.kind.currentData()
        self.landing.set_keys(self._keys(plural(landing.removesuffix("_key"))))
        self.deep_link.set_keys(self._keys(plural(link)))

    def read(self, draft: RequestDraft) -> None:
        kind, key = self.landing.target()
        draft.put(MANAGE, {kind: key} if self._says(LANDING, self.landing) else None)
        kind, key = self.deep_link.target()
        link = {"resource_type": kind, dict(deep_link_kinds())[kind]: key}
        draft.put(DEEP_LINK, link if self._says(DEEP_LINK, self.deep_link) else None)

    def fill(self, draft: RequestDraft) -> None:
        landing, link = draft.get(MANAGE), draft.get(DEEP_LINK)
        both = landing is not None and link is not None
        self._segment(BOTH).setVisible(both)
        self.landing.fill(*next(iter((landing or {}).items()), (None, None)))
        kind = (link or {}).get("resource_type")
        self.deep_link.fill(kind, (link or {}).get(dict(deep_link_kinds()).get(kind or "", "")))
        mode = LANDING if landing is not None else DEEP_LINK if link is not None else None
        self.mode.control.set_value(BOTH if both else mode)
        self._edited()

    def show_error(self, path: str, reason: str) -> QWidget | None:
        for root, field in ((LANDING, self.landing), (DEEP_LINK, self.deep_link)):
            if path == root or path.startswith(f"{root}."):
                if not self._shows(root):
                    return self.mode.show_error(reason)
                return field.show_error(reason)
        return None

    def clear_errors(self) -> None:
        for each in (self.mode, self.landing, self.deep_link):
            each.note.clear()
        self._show()

    def summary(self) -> str:
        shown = ((LANDING, self.landing), (DEEP_LINK, self.deep_link))
        return " · ".join(field.said() for root, field in shown if self._shows(root))

    def unfinished(self) -> Iterator[tuple[str, str]]:  # type: ignore[override]
        for root, field in ((LANDING, self.landing), (DEEP_LINK, self.deep_link)):
            if self._shows(root) and field.is_blank():
                yield root, "Type the key of what the portal opens at."

    def _says(self, root: str, field: TargetField) -> bool:
        return self._shows(root) and not field.is_blank()

    def _shows(self, root: str) -> bool:
        return self.mode.control.value() in (root, BOTH)

    def _segment(self, mode: str) -> QWidget:
        return cast(SegmentsControl, self.mode.control).segments.button(mode)

    def _edited(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.landing.setVisible(self._shows(LANDING))
        self.deep_link.setVisible(self._shows(DEEP_LINK))
        self.reservation_link.setVisible(
            self._shows(DEEP_LINK) and self.deep_link.kind.currentData() == "reservation"
        )
        both = self.mode.control.value() == BOTH
        self.mode.show_warning(
            "This request has both. The deep link is what opens; choose one to leave the other out."
            if both
            else None
        )


class TargetField(QWidget):
    """What kind of thing, and its key."""

    changed = Signal()

    def __init__(self, title: str, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept = KeptText()
        self._kept_kind: str | None = None
        self.kind = CalmComboBox(self)
        self.kind.setAccessibleName(f"{title}: what it is about")
        self.key = QLineEdit(self)
        self.key.setAccessibleName(f"{title}: key")
        self.key.setPlaceholderText("Its key")
        self._keys = QStringListModel(self)
        completer = QCompleter(self._keys, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.key.setCompleter(completer)
        self.note = FieldNote(self.key, icons)
        line = QHBoxLayout()
        line.setSpacing(Spacing.S)
        line.addWidget(self.kind)
        line.addWidget(self.key, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addLayout(line)
        column.addWidget(self.note)
        self.kind.currentIndexChanged.connect(self.changed)
        self.key.textChanged.connect(self.changed)

    def set_kinds(self, kinds: Sequence[tuple[str, str]]) -> None:
        """What can be chosen, by name and word; the choice stays."""
        chosen = self.kind.currentData()
        quiet = QSignalBlocker(self.kind)
        self.kind.clear()
        for name, word in kinds:
            self.kind.addItem(word, name)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        quiet.unblock()

    def set_keys(self, keys: Sequence[str]) -> None:
        """Keys to complete from."""
        self._keys.setStringList(list(keys))

    def fill(self, kind: str | None, key: str | None) -> None:
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.key.setText(key or "")
        self._kept.give(key, self.key.text())

    def target(self) -> tuple[str, str]:
        text = self.key.text()
        return self.kind.currentData(), self._kept.take(text, text.strip()) or ""

    def is_blank(self) -> bool:
        text = self.key.text()
        return self._kept.take(text, text.strip() or None) is None

    def said(self) -> str:
        return f"{self.kind.currentText()} {shortened(self.key.text(), _SAID_CHARACTERS)}".strip()

    def show_error(self, reason: str) -> QWidget:
        self.note.show_error(reason)
        return self.key
