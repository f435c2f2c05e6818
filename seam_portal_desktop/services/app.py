"""All services in one object."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.message.oauth import OAuthClient
from seam_portal_desktop.domain.message.ports import (
    MailTransport,
    TemplateRenderer,
    TemplateStore,
)
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.ports import (
    DraftStore,
    FetchImage,
    Ledger,
    PresetStore,
    ReadFile,
    SecretStore,
    WriteFile,
    WriteTable,
)
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.tables.sheet import TableFiles
from seam_portal_desktop.services.customer_data import CustomerDataService
from seam_portal_desktop.services.customers import CustomerService
from seam_portal_desktop.services.import_tables import ImportTablesService
from seam_portal_desktop.services.lookups import LookupService
from seam_portal_desktop.services.portal.attachments import AttachmentService
from seam_portal_desktop.services.portal.creation import CreationService
from seam_portal_desktop.services.portal.export import ExportService
from seam_portal_desktop.services.portal.left_safe_previews import LeftSafePreviews
from seam_portal_desktop.services.portal.outcomes import OutcomeService
from seam_portal_desktop.services.portal.records import PortalService
from seam_portal_desktop.services.portal.revocation import RevocationService
from seam_portal_desktop.services.portal.safe_preview import SafePreviewService
from seam_portal_desktop.services.portal.timeline import TimelineService
from seam_portal_desktop.services.presets import PresetService
from seam_portal_desktop.services.saved_filters import SavedFilterService
from seam_portal_desktop.services.sending.composer import Composer
from seam_portal_desktop.services.sending.do_not_send import DoNotSendService
from seam_portal_desktop.services.sending.outbox import Outbox
from seam_portal_desktop.services.sending.outgoing.sending import SendingService
from seam_portal_desktop.services.sending.permission import SendingPermission
from seam_portal_desktop.services.sending.recipients import RecipientService
from seam_portal_desktop.services.sending.reminders import ReminderService
from seam_portal_desktop.services.sending.returned_mail import ReturnedMailService
from seam_portal_desktop.services.sending.senders import SenderService
from seam_portal_desktop.services.sending.templates import TemplateService
from seam_portal_desktop.services.table_mappings import TableMappings
from seam_portal_desktop.services.unsaved.drafts import DraftService
from seam_portal_desktop.services.workspaces import WorkspaceService


class SendingParts(NamedTuple):
    """What only sending needs. `local_zone` gives this computer's time zone, as an IANA name."""

    renderer: TemplateRenderer
    template_store: TemplateStore
    transport: MailTransport
    oauth: OAuthClient
    secrets: SecretStore
    read_file: ReadFile
    local_zone: Callable[[], str]


class AppServices:
    """Can be created before the ledger is open: the calls that need the ledger wait for it.

    ``changes`` publishes each commit of the ledger. Call the ``ledger`` itself where a service
    would add nothing. It doesn't know unsaved links: ask ``portals`` for records and links.
    `data` is the one in-memory copy of the preferences.
    """

    def __init__(
        self,
        ledger: Ledger,
        workspaces: WorkspaceService,
        clock: Clock,
        os_user: str,
        *,
        preset_store: PresetStore,
        draft_store: DraftStore,
        data: PreferencesData,
        fetch_image: FetchImage,
        write_file: WriteFile,
        table_files: TableFiles,
        write_table: WriteTable,
        sending: SendingParts,
        policy: Policy = UNMANAGED,
    ) -> None:
        gateway_of = workspaces.gateway
        self.ledger = ledger
        self.workspaces = workspaces
        self.creation = CreationService(ledger, gateway_of, clock, os_user=os_user)
        self.changes = self.creation.changes
        self.portals = PortalService(
            ledger,
            self.creation,
            clock,
            os_user,
            data=data,
            save_preferences=workspaces.save,
            policy=policy,
        )
        self.outcomes = OutcomeService(ledger, gateway_of, clock)
        self.revocation = RevocationService(ledger, gateway_of, clock)
        self.safe_previews = SafePreviewService(
            ledger, self.creation, self.portals, self.revocation, clock, policy=policy
        )
        self.left_safe_previews = LeftSafePreviews(
            ledger,
            gateway_of,
            self.outcomes,
            self.revocation,
            clock,
            is_open=self.safe_previews.is_open,
        )
        self.customer_data = CustomerDataService(ledger, gateway_of, write_table, clock)
        self.import_tables = ImportTablesService(table_files, write_table)
        self.timeline = TimelineService(ledger, clock)
        self.attachments = AttachmentService(ledger, clock, write_file)
        self.export = ExportService(ledger, clock, write_file, write_table, policy)
        self.drafts = DraftService(draft_store, clock)
        self.table_mappings = TableMappings(data, workspaces.save)
        self.presets = PresetService(preset_store, data, workspaces.save, self.table_mappings)
        self.saved_filters = SavedFilterService(data, workspaces.save)
        self.lookups = LookupService(gateway_of, fetch_image)
        self.customers = CustomerService(ledger, self.lookups, clock)
        self.reminders = ReminderService(ledger, clock, data, workspaces.save)
        self.templates = TemplateService(sending.template_store, data, workspaces.save, clock)
        self.senders = SenderService(
            data,
            workspaces.save,
            sending.secrets,
            sending.transport,
            sending.oauth,
            deliveries=ledger.deliveries,
            clock=system_clock,
            providers=policy.sign_in_providers,
        )
        self.recipients = RecipientService(ledger)
        self.composer = Composer(
            ledger,
            self.portals,
            workspaces,
            self.lookups,
            renderer=sending.renderer,
            clock=clock,
            local_zone=sending.local_zone,
        )
        do_not_send = DoNotSendService(ledger, clock, os_user, rules=policy.recipient_rules)
        permission = SendingPermission(policy, do_not_send)
        self.outbox = Outbox(
            ledger, sending.transport, self.senders.sender_of, permission, clock, os_user=os_user
        )
        self.returned_mail = ReturnedMailService(ledger.deliveries, self.outbox, sending.read_file)
        self.sending = SendingService(
            ledger,
            clock,
            portals=self.portals,
            composer=self.composer,
            templates=self.templates,
            senders=self.senders,
            recipients=self.recipients,
            do_not_send=do_not_send,
            permission=permission,
            outbox=self.outbox,
            transport=sending.transport,
            write_file=write_file,
            os_user=os_user,
            policy=policy,
        )
