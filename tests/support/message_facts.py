"""Made-up facts and templates of messages, and the renderer in its process."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from seam_portal_desktop.adapters.templates.renderer import ProcessRenderer
from seam_portal_desktop.domain.message.template import MessageFacts, MessageTemplate
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.options import RENDER_TEMPLATES
from seam_portal_desktop.paths import own_program

URL = "https://portal.example.com/portals/0b0e?token=seam_cst_made_up&x=1"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def make_renderer(**options) -> ProcessRenderer:
    command, folder = own_program()
    return ProcessRenderer([*command, RENDER_TEMPLATES], folder, **options)


def make_facts(url: str = URL, **changes) -> MessageFacts:
    facts = MessageFacts(
        customer_key="harbor-hotel",
        display_name="Harbor Hotel",
        url=Secret(url),
        expires_at=NOW + timedelta(days=6, hours=23),
        now=NOW,
        locale="en-US",
        time_zone="Europe/Berlin",
        company="Acme Stays",
        operator="Robin Example",
        sender_signature="Acme Stays\nGuest services",
        features=("Devices", "Reservations"),
        own={"desk": "Desk 3"},
    )
    return dataclasses.replace(facts, **changes)


def make_template(**changes) -> MessageTemplate:
    template = MessageTemplate(
        template_id="1",
        name="Made up",
        locale="en-US",
        subject="A link for {{ display_name }}",
        text="Your link:\n{{ url }}\nIt works until {{ expires_at }}.",
    )
    return dataclasses.replace(template, **changes)
