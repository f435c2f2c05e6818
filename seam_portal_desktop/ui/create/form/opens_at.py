"""The page that the portal opens at: a landing page, or a deep link to one resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, cast

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.request.verticals import ANY, Vertical, plural
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.controls import OriginalText, SegmentsControl
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.create.form.setting_row import SettingRow
from seam_portal_desktop.ui.create.form.settings import ControlKind, Setting
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    make_completer,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

_LANDING, _DEEP_LINK = "landing_page", "deep_link"
_MANAGE = f"{_LANDING}.manage"
_BOTH = "both"

_SUMMARY_CHARACTERS = 24

_MODE = Setting(
    "opens_at",
    _("Start page"),
    ControlKind.SEGMENTS,
    _(
        "A landing page starts there with everything around it; a deep link is about that one "
        "thing."
    ),
    ((_LANDING, _("Landing page")), (_DEEP_LINK, _("Deep link")), (_BOTH, _("Both"))),
)


@cache
def _landing_keys() -> tuple[str, ...]:
    """The key fields of a landing page, in the contract's order."""
    from seam_portal_desktop.domain.request import ManageLanding

    return ManageLanding.__struct_fields__


@cache
def _deep_link_kinds() -> tuple[tuple[str, str], ...]:
    """Each resource type with the name of its key field."""
    from typing import get_args

    from seam_portal_desktop.domain.request import DeepLink

    return tuple(
        (str(each.__struct_config__.tag), each.__struct_fields__[0]) for each in get_args(DeepLink)
    )


class OpensAtSection(FormSection):
    """One of the two at a time. A request with both keeps both until the user chooses one.

    `keys` returns the keys of a kind of customer data in the form. `reservation_link_requested`
    carries the typed key, which may be empty.
    """

    reservation_link_requested = Signal(str)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        keys: Callable[[str], Sequence[str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self.mode = SettingRow(_MODE, theme, icons, self)
        self._segment(_BOTH).hide()
        self.landing = TargetField(_("Landing page"), icons, self)
        self.deep_link = TargetField(_("Deep link"), icons, self)
        self.reservation_link = QPushButton(_("Make a reservation link instead…"), self)
        self.reservation_link.setToolTip(
            _("A link of its own kind, which opens at one reservation.")
        )
        self.reservation_link.setAutoDefault(False)
        set_kind(self.reservation_link, "link")
        self.reservation_link.clicked.connect(
            lambda: self.reservation_link_requested.emit(self.deep_link.target()[1])
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        for widget in (self.mode, self.landing, self.deep_link):
            column.addWidget(widget)
            widget.changed.connect(self._on_edited)
        column.addWidget(self.reservation_link, 0, Qt.AlignmentFlag.AlignLeft)
        self.landing.kind.currentIndexChanged.connect(self.update_completions)
        self.deep_link.kind.currentIndexChanged.connect(self.update_completions)
        self.set_vertical(ANY)
        self._update_fields()

    def set_vertical(self, vertical: Vertical) -> None:
        """Use that line of business's names."""
        self._vertical = vertical
        kinds = [
            (name, vertical.one(plural(name.removesuffix("_key")))) for name in _landing_keys()
        ]
        self.landing.set_kinds(kinds)
        self.deep_link.set_kinds(
            [(kind, vertical.one(plural(kind))) for kind, _ in _deep_link_kinds()]
        )

    def update_completions(self) -> None:
        """Complete from the keys that are in the data tables now."""
        landing, link = self.landing.kind.currentData(), self.deep_link.kind.currentData()
        self.landing.set_keys(self._keys(plural(landing.removesuffix("_key"))))
        self.deep_link.set_keys(self._keys(plural(link)))

    def write_to(self, draft: RequestDraft) -> None:
        kind, key = self.landing.target()
        draft.put(_MANAGE, {kind: key} if self._is_sent(_LANDING, self.landing) else None)
        kind, key = self.deep_link.target()
        link = {"resource_type": kind, dict(_deep_link_kinds())[kind]: key}
        draft.put(_DEEP_LINK, link if self._is_sent(_DEEP_LINK, self.deep_link) else None)

    def fill(self, draft: RequestDraft) -> None:
        landing, link = draft.get(_MANAGE), draft.get(_DEEP_LINK)
        both = landing is not None and link is not None
        self._segment(_BOTH).setVisible(both)
        self.landing.fill(*next(iter((landing or {}).items()), (None, None)))
        kind = (link or {}).get("resource_type")
        self.deep_link.fill(kind, (link or {}).get(dict(_deep_link_kinds()).get(kind or "", "")))
        mode = _LANDING if landing is not None else _DEEP_LINK if link is not None else None
        self.mode.control.set_value(_BOTH if both else mode)
        self._on_edited()

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        for root, field in ((_LANDING, self.landing), (_DEEP_LINK, self.deep_link)):
            if path == root or path.startswith(f"{root}."):
                if not self._shows(root):
                    return self.mode.show_error(reason)
                return field.show_error(reason)
        return None

    def clear_errors(self) -> None:
        for each in (self.mode, self.landing, self.deep_link):
            each.note.clear()
        self._update_fields()

    def summary(self) -> str:
        shown = ((_LANDING, self.landing), (_DEEP_LINK, self.deep_link))
        return " · ".join(field.summary() for root, field in shown if self._shows(root))

    def unsent(self) -> list[Any]:
        fields = (self.landing, self.deep_link)
        return [self.mode.control.value(), *(field.entered() for field in fields)]

    def restore_unsent(self, entered: Sequence[Any]) -> None:
        mode, *fields = entered
        self.mode.control.set_value(mode)
        for field, each in zip((self.landing, self.deep_link), fields, strict=True):
            field.restore(*each)
        self._on_edited()

    def unfinished(self) -> Iterator[tuple[str, str]]:
        for root, field in ((_LANDING, self.landing), (_DEEP_LINK, self.deep_link)):
            if self._shows(root) and field.is_blank():
                yield root, _("Type the key of what the portal opens at")

    def _is_sent(self, root: str, field: TargetField) -> bool:
        return self._shows(root) and not field.is_blank()

    def _shows(self, root: str) -> bool:
        return self.mode.control.value() in (root, _BOTH)

    def _segment(self, mode: str) -> QWidget:
        return cast(SegmentsControl, self.mode.control).segments.button(mode)

    def _on_edited(self) -> None:
        self._update_fields()
        self.changed.emit()

    def _update_fields(self) -> None:
        self.landing.setVisible(self._shows(_LANDING))
        self.deep_link.setVisible(self._shows(_DEEP_LINK))
        self.reservation_link.setVisible(
            self._shows(_DEEP_LINK) and self.deep_link.kind.currentData() == "reservation"
        )
        self.mode.show_warning(self._warning())

    def _warning(self) -> str | None:
        if self.mode.control.value() != _BOTH:
            return None
        from seam_portal_desktop.domain.request.check import BOTH_START_PAGES

        return BOTH_START_PAGES


class TargetField(QWidget):
    """The kind of a resource, and its key."""

    changed = Signal()

    def __init__(self, title: str, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._original = OriginalText()
        self.kind = CalmComboBox(self)
        self.kind.setAccessibleName(_("{title}: what it is about").format(title=title))
        self.key = QLineEdit(self)
        self.key.setAccessibleName(_("{title}: key").format(title=title))
        self.key.setPlaceholderText(_("Its key"))
        self._keys = QStringListModel(self)
        self.key.setCompleter(make_completer(self._keys, self))
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
        """The kinds by name and text. The selected one stays selected."""
        selected = self.kind.currentData()
        blocker = QSignalBlocker(self.kind)
        self.kind.clear()
        for name, text in kinds:
            self.kind.addItem(text, name)
        self.kind.setCurrentIndex(max(0, self.kind.findData(selected)))
        blocker.unblock()

    def set_keys(self, keys: Sequence[str]) -> None:
        """The keys to complete from."""
        self._keys.setStringList(list(keys))

    def fill(self, kind: str | None, key: str | None) -> None:
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.key.setText(key or "")
        self._original.set(key, self.key.text())

    def entered(self) -> list[str]:
        """The kind and the key as typed, for restore()."""
        return [self.kind.currentData(), self.key.text()]

    def restore(self, kind: str, key: str) -> None:
        """Show what entered() returned. A key that was filled in unchanged stays that one."""
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.key.setText(key)

    def target(self) -> tuple[str, str]:
        text = self.key.text()
        return self.kind.currentData(), self._original.value(text, text.strip()) or ""

    def is_blank(self) -> bool:
        text = self.key.text()
        return self._original.value(text, text.strip() or None) is None

    def summary(self) -> str:
        return (
            f"{self.kind.currentText()} {shortened(self.key.text(), _SUMMARY_CHARACTERS)}".strip()
        )

    def show_error(self, reason: str) -> QWidget:
        self.note.show_error(reason)
        return self.key
