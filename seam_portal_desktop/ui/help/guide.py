"""The user guide: its pages at the left, the text at the right, and a search through all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_LINE_HEIGHT = 135  # percent
_IMAGE = QTextDocument.ResourceType.ImageResource.value
_PICTURE = "\ufffc"
_NAME = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Guide:
    """Markdown by the file's name, in the order of the pages, and PNG by its path in a page."""

    pages: Mapping[str, str]
    pictures: Mapping[str, bytes]


class GuideWindow(QDialog):
    """It isn't modal, so that it can be read beside the window. Open it with show()."""

    def __init__(self, guide: Guide, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._guide = guide
        self._theme = theme
        self.setWindowTitle(_("User guide"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(_("Search the guide"))
        self.filter.setAccessibleName(_("Search the guide"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._search)
        self.filter.returnPressed.connect(self._find_next)
        self.contents = QListWidget(self)
        set_kind(self.contents, "contents")
        self.contents.setFrameShape(QFrame.Shape.NoFrame)
        self.contents.setAccessibleName(_("Contents"))
        self.contents.ensurePolished()  # it keeps the heights of its rows
        for name, text in guide.pages.items():
            item = QListWidgetItem(text.splitlines()[0].removeprefix("# "), self.contents)
            item.setData(_NAME, name)
        self.page = _GuidePage(guide.pictures, theme, self)
        self._no_match = muted_label(_("Nothing in the guide matches."), wrap=True, parent=self)
        self._no_match.hide()
        self.contents.currentItemChanged.connect(self._show_current)
        self.page.anchorClicked.connect(self._follow)
        theme.changed.connect(self._show_current)
        self._make_layout()
        self.contents.setCurrentRow(0)
        self.contents.setFocus()

    def _make_layout(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        left.setSpacing(Spacing.S)
        for widget in (self.filter, self._no_match, self.contents):
            left.addWidget(widget)
        side = QWidget(self)
        side.setLayout(left)
        side.setFixedWidth(self.contents.sizeHintForColumn(0) + 4 * Spacing.XL)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(side)
        columns.addWidget(self.page, 1)
        self.resize(LARGEST_DIALOG.boundedTo(self.screen().availableGeometry().size()))

    def _show_current(self) -> None:
        item = self.contents.currentItem()
        if item is not None:
            self.page.show_text(self._guide.pages[item.data(_NAME)])
            self.page.setAccessibleName(item.text())
            self.page.highlight(self.filter.text().strip())

    def _search(self, typed: str) -> None:
        """List only the pages that contain what is typed, and mark it in the page."""
        words = typed.strip().casefold()
        for item in self._items():
            item.setHidden(words not in self._guide.pages[item.data(_NAME)].casefold())
        shown = [item for item in self._items() if not item.isHidden()]
        self._no_match.setVisible(not shown)
        if shown and self.contents.currentItem() not in shown:
            self.contents.setCurrentItem(shown[0])
        else:
            self.page.highlight(typed.strip())

    def _find_next(self) -> None:
        """Go to the next place, which may be on the next page."""
        typed = self.filter.text().strip()
        if not typed or self.page.find(typed):
            return
        shown = [item for item in self._items() if not item.isHidden()]
        if shown:
            index = shown.index(self.contents.currentItem())
            self.contents.setCurrentItem(shown[(index + 1) % len(shown)])
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(typed)

    def _items(self) -> Iterator[QListWidgetItem]:
        return (self.contents.item(row) for row in range(self.contents.count()))

    def _follow(self, link: QUrl) -> None:
        name = link.fileName()
        for item in self._items():
            if item.data(_NAME) == name:
                self.filter.clear()
                self.contents.setCurrentItem(item)
                return
        if link.scheme() == "https":
            QDesktopServices.openUrl(link)


class _GuidePage(QTextBrowser):
    """Shows one page. Pictures are those of the light or the dark scheme, as wide as fits."""

    def __init__(self, pictures: Mapping[str, bytes], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._theme = theme
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(Spacing.XL)
        set_kind(self, "page")

    def show_text(self, text: str) -> None:
        self.clear()
        self.document().clear()  # the pictures of the other scheme too
        self.setMarkdown(text)
        self._set_spacing()
        self._fit_pictures()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def highlight(self, text: str) -> None:
        """Mark every place with `text`."""
        selections = []
        if text:
            found = QTextCursor(self.document())
            while not (found := self.document().find(text, found)).isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = found
                mark.format.setBackground(self._theme.tint(Tone.WARNING))
                selections.append(mark)
        self.setExtraSelections(selections)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return self._picture(QUrl(name).toString()) if kind == _IMAGE else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pictures()

    def _picture(self, path: str) -> QImage:
        if self._theme.is_dark:
            path = path.replace("-light.png", "-dark.png")
        return QImage.fromData(self._pictures.get(path, b""))

    def _set_spacing(self) -> None:
        spacing = QTextBlockFormat()
        spacing.setLineHeight(
            _LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        around_picture = QTextBlockFormat()
        around_picture.setBottomMargin(Spacing.L)
        block = self.document().begin()
        while block.isValid():
            # The line of a picture would be higher than the picture.
            is_picture = _PICTURE in block.text()
            QTextCursor(block).mergeBlockFormat(around_picture if is_picture else spacing)
            block = block.next()
        for table in self.document().rootFrame().childFrames():
            if isinstance(table, QTextTable):
                look = table.format().toTableFormat()
                look.setBorderBrush(self._theme.border())
                look.setCellPadding(Spacing.S - 2)
                look.setBottomMargin(Spacing.M)
                table.setFormat(look)

    def _fit_pictures(self) -> None:
        """Show each picture at half its size in pixels, or smaller if the page is narrow."""
        widest = self.viewport().width() - 3 * Spacing.XL
        for cursor, name in list(self._placed_pictures()):
            picture = self._picture(name)
            width = min(picture.width() // 2, widest)
            shown = cursor.charFormat().toImageFormat()
            if picture.isNull() or shown.width() == width:
                continue
            # The document would scale it roughly.
            ratio = self.devicePixelRatioF()
            scaled = picture.scaledToWidth(
                round(width * ratio), Qt.TransformationMode.SmoothTransformation
            )
            scaled.setDevicePixelRatio(ratio)
            self.document().addResource(_IMAGE, QUrl(name), scaled)
            shown.setWidth(width)
            shown.setHeight(round(scaled.height() / ratio))
            cursor.mergeCharFormat(shown)

    def _placed_pictures(self) -> Iterator[tuple[QTextCursor, str]]:
        """Each picture, selected, and its name."""
        block = self.document().begin()
        while block.isValid():
            fragments = block.begin()
            while not fragments.atEnd():
                fragment = fragments.fragment()
                if fragment.charFormat().isImageFormat():
                    cursor = QTextCursor(self.document())
                    cursor.setPosition(fragment.position())
                    cursor.setPosition(
                        fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor
                    )
                    yield cursor, fragment.charFormat().toImageFormat().name()
                fragments += 1
            block = block.next()
