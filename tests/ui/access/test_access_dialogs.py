"""What a screen reader and the Tab key find in each dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMainWindow

from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.do_not_send import DoNotSend, DoNotSendList
from seam_portal_desktop.domain.message.gate.checks import GateFacts, gate
from seam_portal_desktop.domain.message.sender import MailAccount, SenderIdentity
from seam_portal_desktop.domain.message.template import (
    MessageTemplate,
    RenderedMessage,
    TemplateError,
)
from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.request.preset import Preset, PresetVertical
from seam_portal_desktop.domain.workspace import WorkspaceConnection, WorkspaceKind
from seam_portal_desktop.services.portal.renewal import EarlierRenewal
from seam_portal_desktop.ui.bulk.mark_sent_dialog import MarkSentDialog
from seam_portal_desktop.ui.bulk.revoke_many_dialog import RevokeManyDialog
from seam_portal_desktop.ui.create.data.metadata_dialog import MetadataDialog
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.presets.manage_dialog import ManagePresetsDialog
from seam_portal_desktop.ui.create.presets.preset_bar import PresetBar
from seam_portal_desktop.ui.create.presets.save_dialog import SavePresetDialog
from seam_portal_desktop.ui.help.about_dialog import AboutDialog, AboutFacts
from seam_portal_desktop.ui.help.crash_dialog import CrashDialog
from seam_portal_desktop.ui.help.diagnostics_dialog import DiagnosticsDialog, DiagnosticsPart
from seam_portal_desktop.ui.help.licences_dialog import LicencesDialog
from seam_portal_desktop.ui.help.self_test_dialog import SelfTestDialog
from seam_portal_desktop.ui.help.update_dialog import UpdateDialog
from seam_portal_desktop.ui.lifecycle.export_dialog import ExportDialog
from seam_portal_desktop.ui.lifecycle.removal.dialog import RemoveDataDialog
from seam_portal_desktop.ui.lifecycle.removal.question_dialog import RemovalQuestionDialog
from seam_portal_desktop.ui.lifecycle.removal.wording import RemovalEntry
from seam_portal_desktop.ui.lifecycle.renew_again_dialog import RenewAgainDialog
from seam_portal_desktop.ui.lifecycle.reservation_link_dialog import ReservationLinkDialog
from seam_portal_desktop.ui.lifecycle.revoke_dialog import RevokeDialog
from seam_portal_desktop.ui.lifecycle.update_data_dialog import UpdateDataDialog
from seam_portal_desktop.ui.portal.customer.customer_dialog import CustomerDialog
from seam_portal_desktop.ui.portal.delete_dialog import DeletePortalsDialog
from seam_portal_desktop.ui.portals.filters.dates_dialog import DatesDialog
from seam_portal_desktop.ui.portals.filters.labels import FilterKind
from seam_portal_desktop.ui.portals.filters.name_dialog import FilterNameDialog
from seam_portal_desktop.ui.send.customer_table import CustomerRow
from seam_portal_desktop.ui.send.fields import RecipientTexts
from seam_portal_desktop.ui.send.message_pane import MessageForm, ShownMessage
from seam_portal_desktop.ui.send.sheet import SendSheet
from seam_portal_desktop.ui.sent.do_not_send_dialog import DoNotSendDialog
from seam_portal_desktop.ui.sent.message_dialog import SentMessageDialog
from seam_portal_desktop.ui.settings.dialog import SettingsDialog
from seam_portal_desktop.ui.shell.in_use_box import InUseBox
from seam_portal_desktop.ui.shell.single_instance import LockHolder
from seam_portal_desktop.ui.templates.dialog import ShownTemplates, TemplatesDialog
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme, Tone
from seam_portal_desktop.ui.workspaces.connect_dialog import ConnectWorkspaceDialog
from seam_portal_desktop.ui.workspaces.remove_dialog import RemoveWorkspaceDialog
from tests.support.accessible_tree import (
    node_named,
    problems_of,
    stops_in_wrong_order,
    tab_stops,
    tree_of,
)
from tests.support.deliveries import MESSAGE, delivery
from tests.support.fake_gateway import FAKE_WORKSPACE
from tests.support.import_values import columns_step, questions_step, review_step
from tests.support.portal_rows import NOW, created, sent

PORTAL = created("one", "harbor-hotel", sent=sent())
OTHER = created("two", "old-mill")
STAY = RemovalKey("reservations", "R-1")
CONNECTION = WorkspaceConnection(
    "one", "Acme", "https://seam.example", CredentialKind.API_KEY, FAKE_WORKSPACE
)
SENDER = SenderIdentity(
    "one", "ws", MailAddress("ops@acme.example", "Acme"), MailAccount("mail.example", 465)
)
TEXT = MessageForm.TEXT
FACTS = AboutFacts("0.1.0", "3.11", "6.11", "6.11", Path("/data"), {"Platform": "a test"})


def new_portal(theme: Theme, icons: Icons) -> NewPortalDialog:
    """With a bar of presets, and every fold open."""
    dialog = NewPortalDialog(theme, icons)
    dialog.set_preset_bar(PresetBar(theme, icons, dialog))
    dialog.set_workspace("Acme Stays", WorkspaceKind.SANDBOX, demo=False)
    dialog.filters.add_button.click()
    for fold in dialog.findChildren(Fold):
        fold.unfold()
    return dialog


def as_json(theme: Theme, icons: Icons) -> NewPortalDialog:
    dialog = new_portal(theme, icons)
    dialog.views.show_json()
    return dialog


def connect(theme: Theme, icons: Icons) -> ConnectWorkspaceDialog:
    dialog = ConnectWorkspaceDialog(theme, icons)
    dialog.advanced_button.click()
    return dialog


def revoke(theme: Theme, icons: Icons) -> RevokeDialog:
    dialog = RevokeDialog(PORTAL, theme, icons)
    dialog.strip.set_workspace("Acme", WorkspaceKind.PRODUCTION, demo=False)
    return dialog


def presets(theme: Theme, icons: Icons) -> ManagePresetsDialog:
    dialog = ManagePresetsDialog(theme, icons)
    own = Preset("1", "Our hotels", PresetVertical.HOSPITALITY, PortalRequest(), shipped=False)
    dialog.set_presets([own], "1")
    return dialog


def remove_data(theme: Theme, icons: Icons) -> RemoveDataDialog:
    """With a row that is ticked."""
    dialog = RemoveDataDialog(theme, icons)
    dialog.model.add([STAY])
    return dialog


def settings(theme: Theme, icons: Icons) -> SettingsDialog:
    window = QMainWindow()
    dialog = SettingsDialog(theme, icons, window, menus=window.menuBar(), note_of=lambda _name: "")
    dialog.setParent(None, dialog.windowFlags())
    return dialog


def send(theme: Theme, icons: Icons, *portals: PortalRecord) -> SendSheet:
    """With everything that can be wrong, and every field of mail."""
    sheet = SendSheet(
        portals or [PORTAL],
        theme,
        icons,
        remove_profile=lambda delete: delete(),
        engine_obstacle="Not in this test.",
    )
    sheet.fields.set_senders([SENDER, replace(SENDER, sender_id="two")], "two")
    sheet.fields.set_texts(RecipientTexts(to="ann@gmail.con", cc="bo@example.com"))
    sheet.message.show_message(
        ShownMessage(RenderedMessage("Your portal", "Text"), "Ops", "Ann", ((TEXT, "Text"),))
    )
    if portals:
        line = CustomerRow("harbor-hotel", "–", "user-plus", Tone.INFO, "Needs a recipient")
        sheet.customers.set_rows([line] * len(portals))
    facts = GateFacts(PORTAL, NOW, recipients=sheet.fields.recipients())
    sheet.set_gate(gate(facts), ready=1)
    return sheet


def sent_message(theme: Theme, icons: Icons) -> SentMessageDialog:
    dialog = SentMessageDialog(
        delivery(),
        theme,
        icons,
        remove_profile=lambda delete: delete(),
        engine_obstacle="Not in this test.",
    )
    dialog.show_content(MESSAGE)
    return dialog


def do_not_send(theme: Theme, icons: Icons) -> DoNotSendDialog:
    """With an entry, and one that can't be read."""
    dialog = DoNotSendDialog(theme, icons)
    entry = DoNotSend("ann@example.com", "Asked us not to write", "ada", NOW)
    dialog.show_list(DoNotSendList([entry], unreadable=1))
    dialog.table.selectRow(0)
    return dialog


def templates(theme: Theme, icons: Icons) -> TemplatesDialog:
    """With one of the user's own that has changes and a mistake, and can be brought back."""
    dialog = TemplatesDialog(
        theme,
        icons,
        remove_profile=lambda delete: delete(),
        engine_obstacle="Not in this test.",
    )
    own = MessageTemplate("own", "Check-in", "de-DE", "Hallo", "{{ url }}", version=3)
    shipped = MessageTemplate("de-DE", "Portal link", "de-DE", "Hi", "{{ url }}", is_shipped=True)
    drafts = {"own": replace(own, text="{{ link }}")}
    dialog.show_templates(ShownTemplates([own, shipped], drafts, frozenset({"own"})), "own")
    dialog.show_problem(TemplateError("Line 1 can’t be used", "There is no “link”.", line=1))
    dialog.show_deleted("Other")
    return dialog


DIALOGS: dict[str, Callable[[Theme, Icons], QDialog]] = {
    "new portal": new_portal,
    "new portal as JSON": as_json,
    "sent message": sent_message,
    "do-not-send list": do_not_send,
    "metadata": lambda _theme, icons: MetadataDialog("floor", {"floor": "2"}, icons),
    "save preset": lambda theme, icons: SavePresetDialog(theme, icons, summary="Nothing"),
    "presets": presets,
    "send": send,
    "send to several": lambda theme, icons: send(theme, icons, PORTAL, OTHER),
    "templates": templates,
    "connect": connect,
    "remove workspace": lambda theme, icons: RemoveWorkspaceDialog(CONNECTION, theme, icons),
    "revoke": revoke,
    "delete": lambda theme, icons: DeletePortalsDialog([PORTAL], NOW, theme, icons),
    "export": lambda theme, icons: ExportDialog(2, 5, theme, icons),
    "renew again": lambda theme, icons: RenewAgainDialog(
        [EarlierRenewal(PORTAL, is_newest=False)], 1, NOW + timedelta(hours=1), theme, icons
    ),
    "renew many again": lambda theme, icons: RenewAgainDialog(
        [EarlierRenewal(PORTAL, is_newest=False)], 2, NOW + timedelta(hours=1), theme, icons
    ),
    "customer data": UpdateDataDialog,
    "remove customer data": remove_data,
    "question before removal": lambda theme, icons: RemovalQuestionDialog(
        [RemovalEntry(STAY)], ["Check it."], theme, icons
    ),
    "reservation link": ReservationLinkDialog,
    "about": lambda theme, icons: AboutDialog(theme, icons, facts=FACTS),
    "licences": lambda _theme, icons: LicencesDialog(icons, "MIT\n" * 20),
    "self-test": SelfTestDialog,
    "updates": lambda theme, icons: UpdateDialog(
        theme, icons, version="0.1.0", host="updates.example", checks_daily=True
    ),
    "diagnostics": lambda theme, icons: DiagnosticsDialog(
        theme, icons, parts=[DiagnosticsPart("log.txt", "What the program did", b"nothing")]
    ),
    "crash": lambda theme, icons: CrashDialog(
        theme, icons, title="The program had to stop", text="Save the report.", report="a report"
    ),
    "filter by dates": lambda theme, icons: DatesDialog(FilterKind.CREATED, "", theme, icons, None),
    "name of a filter": lambda theme, icons: FilterNameDialog(theme, icons, title="Save filter"),
    "mark many as sent": lambda theme, icons: MarkSentDialog(
        [PORTAL, OTHER], "", None, NOW, theme, icons
    ),
    "revoke many": lambda theme, icons: RevokeManyDialog([PORTAL, OTHER], "", NOW, theme, icons),
    "customer": lambda theme, icons: CustomerDialog(
        "harbor-hotel", CustomerDetails("Harbor Hotel", ("north",)), theme, icons
    ),
    "settings": settings,
    "import: columns": columns_step,
    "import: questions": questions_step,
    "import: review": review_step,
    "already open": lambda _theme, _icons: InUseBox.on_other_computer(
        LockHolder(1, "elsewhere", is_elsewhere=True, since=None), is_held=False
    ),
}


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def direction(request, qapp):
    qapp.setLayoutDirection(request.param)
    yield request.param
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture(params=DIALOGS)
def dialog(request, theme, qtbot, direction):
    """Each of the dialogs, open and so tall that nothing is scrolled out of it."""
    dialog = DIALOGS[request.param](theme, Icons(theme))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    if request.param.startswith("new portal"):
        dialog.resize(dialog.width(), 2800)
    dialog.activateWindow()
    QApplication.processEvents()
    return dialog


def test_each_control_has_a_name_and_is_read_and_reached_in_the_order_of_the_layout(dialog):
    assert problems_of(dialog) == []
    stops = tab_stops(dialog.focusWidget() or dialog.findChild(QAbstractButton))
    assert stops_in_wrong_order(stops) == []
    reachable = [node for node in tree_of(dialog) if node.state.focusable]
    assert reachable, "there is a control"


def test_folds_expose_whether_they_are_open_and_can_be_pressed(theme, qtbot):
    dialog = new_portal(theme, Icons(theme))
    qtbot.addWidget(dialog)
    dialog.open()
    fold = dialog.form.fold(dialog.features)

    assert node_named(dialog, "Features").role is QAccessible.Role.Button
    assert node_named(dialog, "Features").state.expanded
    action = QAccessible.queryAccessibleInterface(fold.header).actionInterface()
    action.doAction(action.pressAction())
    folded = node_named(dialog, "Features").state
    assert (folded.expandable, folded.expanded, folded.collapsed) == (True, False, True)
    assert fold.content.isHidden()


def test_the_advanced_part_of_the_connect_dialog_is_a_fold_with_the_buttons_name(theme, qtbot):
    dialog = connect(theme, Icons(theme))
    qtbot.addWidget(dialog)
    dialog.open()
    assert node_named(dialog, "Advanced").state.expanded
    dialog.advanced_button.click()
    assert node_named(dialog, "Advanced").state.collapsed


def test_thousands_of_folds_come_and_go(theme, qtbot):
    icons = Icons(theme)
    for _ in range(300):
        fold = Fold("Title", icons)
        qtbot.addWidget(fold)
        fold.show()
        fold.unfold()
        assert tree_of(fold)[1].state.expanded
        fold.close()
