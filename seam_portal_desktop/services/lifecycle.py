"""The use cases that come after a link was created, as one bundle for whoever wires them."""

from __future__ import annotations

from dataclasses import dataclass

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.ports import GatewayOf, Ledger, ReadFile, WriteFile
from seam_portal_desktop.services.attachments import AttachmentService
from seam_portal_desktop.services.customer_data import CustomerDataService
from seam_portal_desktop.services.export import ExportService
from seam_portal_desktop.services.revocation import RevocationService
from seam_portal_desktop.services.timeline import TimelineService


@dataclass(frozen=True, slots=True)
class LifecycleServices:
    revocation: RevocationService
    customer_data: CustomerDataService
    timeline: TimelineService
    export: ExportService
    evidence: AttachmentService


def lifecycle_services(
    ledger: Ledger,
    gateway_of: GatewayOf,
    clock: Clock,
    *,
    read_file: ReadFile,
    write_file: WriteFile,
    policy: Policy = UNMANAGED,
) -> LifecycleServices:
    return LifecycleServices(
        RevocationService(ledger, gateway_of, clock),
        CustomerDataService(ledger, gateway_of, read_file),
        TimelineService(ledger, clock),
        ExportService(ledger, clock, write_file, policy),
        AttachmentService(ledger, clock, write_file),
    )
