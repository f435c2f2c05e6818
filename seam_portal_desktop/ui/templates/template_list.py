"""The list of templates, which can be narrowed to one language."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import (
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon, QPainter, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seam_portal_desktop.domain.message.template import MessageTemplate
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import one_line
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_ID = Qt.ItemDataRole.UserRole
_SECOND_LINE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


def language_name(locale: str) -> str:
    """The language in its own words, such as “Deutsch”."""
    name = QLocale(locale.replace("-", "_")).nativeLanguageName()
    return f"{name[:1].upper()}{name[1:]}"


class TemplateList(QListWidget):
    """`chosen` carries a template_id when the user selects another one."""

    chosen = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        set_kind(self, "choices")
        self.setObjectName("templates")
        self.setAccessibleName(_("Templates"))
        self.setItemDelegate(_TwoLines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = self.fontMetrics().height()
        self.setIconSize(QSize(side, side))
        self.currentItemChanged.connect(self._on_current)

    def show_templates(
        self,
        templates: Sequence[MessageTemplate],
        defaults: Collection[str],
        unsaved: Collection[str],
        current: str,
    ) -> None:
        """Show these and select `current`. `defaults` and `unsaved` are ids, to be marked."""
        blocker = QSignalBlocker(self)
        # The items stay: PySide crashes now and then when clear() deletes them.
        while self.count() > len(templates):
            self.takeItem(self.count() - 1)
        for row, template in enumerate(templates):
            if row == self.count():
                self.addItem("")
            self._fill(self.item(row), template, defaults, unsaved)
            if template.template_id == current:
                self.setCurrentRow(row)
        blocker.unblock()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Rows that were laid out before the style sheet was set keep their old height.
        self.scheduleDelayedItemsLayout()

    def _fill(
        self,
        item: QListWidgetItem,
        template: MessageTemplate,
        defaults: Collection[str],
        unsaved: Collection[str],
    ) -> None:
        name, language = one_line(template.name), language_name(template.locale)
        marks = [
            *([_("Default")] if template.template_id in defaults else []),
            *([_("Not saved")] if template.template_id in unsaved else []),
        ]
        second = " · ".join([*marks, language])
        item.setText(name)
        item.setData(_ID, template.template_id)
        item.setData(_SECOND_LINE, second)
        item.setIcon(self._icons.icon("lock" if template.is_shipped else "mail"))
        item.setToolTip(plain_tooltip(f"{name}\n{second}"))
        shipped = [_("Comes with the program")] if template.is_shipped else []
        item.setData(
            Qt.ItemDataRole.AccessibleTextRole, ", ".join([name, language, *shipped, *marks])
        )

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_ID))


class _TwoLines(QStyledItemDelegate):
    """The name, and below it in a fainter colour the language and the marks."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        name, option.text = option.text, ""
        widget = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        text_part = QStyle.SubElement.SE_ItemViewItemText
        option.text = name
        room = style.subElementRect(text_part, option, widget)
        option.text = ""
        option.icon = QIcon()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        line = option.fontMetrics.height()
        top = option.rect.center().y() - line + 1
        side = option.decorationSize.height()
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        left = option.rect.right() - side - Spacing.S if rtl else option.rect.left() + Spacing.S
        index.data(Qt.ItemDataRole.DecorationRole).paint(
            painter, left, top + (line - side) // 2, side, side
        )
        room.setTop(top)
        room.setHeight(line)
        painter.save()
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        for text, role in (
            (name, QPalette.ColorRole.Text),
            (index.data(_SECOND_LINE) or "", QPalette.ColorRole.PlaceholderText),
        ):
            painter.setPen(option.palette.color(role))
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, shown)
            room.translate(0, line)
        painter.restore()
