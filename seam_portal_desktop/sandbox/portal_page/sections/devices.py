"""Devices: the list, and the view of one device."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.context import Context, device_icon
from seam_portal_desktop.sandbox.portal_page.controls import (
    SEARCH_FROM,
    action_button,
    device_badges,
    device_question,
    empty_state,
    facts,
    field,
    form_dialog,
    link,
    lock_button,
    opener,
    search_box,
    view_head,
)
from seam_portal_desktop.sandbox.portal_page.devices import PageDevice
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, icon, join, user_text

RENAME = "rename-device"


def render_devices(context: Context) -> Html:
    text = context.messages.text
    unlocked = [d.device_id for d in context.devices if d.locked is False and d.online]
    buttons = []
    if context.can_act and unlocked:
        buttons.append(
            action_button(
                text("action.lock_all"),
                {"action": "set_lock", "device_ids": unlocked, "locked": True},
                element_id="lock-all",
                picture="lock",
                style="primary",
                confirm=device_question(context, len(unlocked)),
            )
        )
    head = view_head(text("nav.devices"), text("devices.lead"), buttons)
    if not context.devices:
        return join([head, empty_state("cpu", text("devices.empty"), text("devices.empty_body"))])
    # Devices that need attention come first.
    devices = sorted(context.devices, key=lambda device: not device.needs_attention)
    return h(
        '{head}{search}<ul class="rows card" data-filter-group>{rows}</ul>'
        '<p class="muted" data-filter-none hidden>{none}</p>',
        head=head,
        search=search_box(context) if len(devices) >= SEARCH_FROM else None,
        rows=[device_row(context, device, "list") for device in devices],
        none=text("places.no_match"),
    )


def device_row(context: Context, device: PageDevice, where: str) -> Html:
    place = context.place_by_ref.get(device.place or "")
    return h(
        '<li class="row" data-search="{search}"><span class="tile tile--{tone}">{icon}</span>'
        '<div class="row__main">{title}<p class="muted">{about}</p></div>'
        '<span class="badges">{badges}</span>{button}</li>',
        search=f"{device.name} {place.name if place else ''} {device.provider}".casefold(),
        tone="warn" if device.needs_attention else "off",
        icon=icon(device_icon(device)),
        title=link(context, f"device/{device.device_id}", context.device_title(device)),
        about=context.provider_name(device.provider),
        badges=device_badges(context, device),
        button=lock_button(context, device, where),
    )


def render_device(context: Context, device: PageDevice) -> Html:
    text = context.messages.text
    place = context.place_by_ref.get(device.place or "")
    title = context.device_title(device)
    buttons = []
    if context.can_act:
        buttons += [
            opener(
                text("action.rename"),
                RENAME,
                element_id=f"rename-{device.device_id}",
                picture="pencil",
                values={"device_id": device.device_id, "name": device.name},
                context_label=title,
            ),
            lock_button(context, device, "detail"),
        ]
    status = "online" if device.online else "offline"
    return h(
        '{head}<div class="badges">{badges}</div><div class="card">{about}</div>',
        head=view_head(title, "", buttons),
        badges=device_badges(context, device),
        about=facts(
            [
                (
                    context.word(context.vertical, "one"),
                    user_text(place.name) if place else h("{t}", t=text("device.unassigned")),
                ),
                (text("device.status"), h("{word}", word=text(f"device.{status}"))),
                (
                    text("device.provider"),
                    h("{name}", name=context.provider_name(device.provider)),
                ),
                (text("detail.reference"), h("<code>{id}</code>", id=device.device_id)),
            ]
        ),
    )


def rename_dialog(context: Context) -> Html:
    text = context.messages.text
    return form_dialog(
        context,
        RENAME,
        "rename_device",
        title=text("action.rename"),
        fields=[
            h('<input type="hidden" name="device_id">'),
            field(text("field.device_name"), "name", required=False),
        ],
        submit=text("action.save"),
    )
