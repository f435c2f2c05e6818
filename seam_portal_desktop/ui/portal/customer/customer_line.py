"""The line below a customer's key: our name for the customer and the tags."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing

_TAG_CHARACTERS = 24


class CustomerLine(QWidget):
    """Name, a button that changes it, and a chip for each tag."""

    edit_requested = Signal()
    tag_chosen = Signal(str)
    """The other customers with this tag are wanted."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._name = ElidedLabel(self, selectable=True)
        self.edit = IconButton(icons.icon("pencil"), _("Customer name and tags…"), self)
        self.edit.clicked.connect(self.edit_requested)
        self._tags: tuple[str, ...] = ()
        self.chips: list[QToolButton] = []
        self._flow = FlowLayout(self, Spacing.XS)
        self._flow.addWidget(self._name)
        self._flow.addWidget(self.edit)

    def show_customer(self, portal: PortalRecord) -> None:
        """Show the name and the tags of the portal's customer, or only a button to add them."""
        self._name.set_full_text(portal.customer_name)
        self._name.setVisible(bool(portal.customer_name))
        has_any = bool(portal.customer_name or portal.tags)
        self.edit.setText("" if has_any else _("Add a name"))
        self.edit.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if has_any
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        if portal.tags != self._tags:
            self._tags = portal.tags
            self._rebuild_chips()

    def tab_order(self) -> list[QWidget]:
        return [self._name, self.edit]

    def _rebuild_chips(self) -> None:
        import html  # only tooltips need it, and it takes time at start

        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.chips = []
        before: QWidget = self.edit
        for tag in self._tags:
            chip = QToolButton(self)
            chip.setProperty("kind", "token")
            chip.setText(in_menu(shortened(tag, _TAG_CHARACTERS)))
            chip.setAccessibleName(_("Tag {tag}").format(tag=tag))
            chip.setAccessibleDescription(_("Lists the customers with this tag"))
            # Qt would read a tag that looks like HTML as HTML.
            words = _("List customers tagged {tag}").format(tag=html.escape(tag))
            chip.setToolTip(f"<span>{words}</span>")
            chip.clicked.connect(lambda _=False, tag=tag: self.tag_chosen.emit(tag))
            self._flow.addWidget(chip)
            chip.show()
            QWidget.setTabOrder(before, chip)
            before = chip
            self.chips.append(chip)
        self.updateGeometry()
