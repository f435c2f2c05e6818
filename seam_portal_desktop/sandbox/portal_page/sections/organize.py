"""The place of each device."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.context import Context, device_icon
from seam_portal_desktop.sandbox.portal_page.controls import empty_state, view_head
from seam_portal_desktop.sandbox.portal_page.devices import PageDevice
from seam_portal_desktop.sandbox.portal_page.markup import (
    Html,
    flag,
    h,
    icon,
    join,
    json_attribute,
)


def render_organize(context: Context) -> Html:
    text = context.messages.text
    head = view_head(text("nav.organize"), text("organize.lead"))
    if not context.devices:
        return join([head, empty_state("cpu", text("devices.empty"), text("devices.empty_body"))])
    waiting = [device for device in context.devices if device.place is None]
    placed = [device for device in context.devices if device.place is not None]
    return h(
        '{head}<h2>{waiting_title} <span class="count">{count}</span></h2>{waiting}{placed}',
        head=head,
        waiting_title=text("organize.waiting"),
        count=len(waiting),
        waiting=_rows(context, waiting)
        if waiting
        else h(
            '<p class="done">{icon}{text}</p>',
            icon=icon("circle-check"),
            text=text("organize.done"),
        ),
        placed=h(
            '<h2>{title} <span class="count">{count}</span></h2>{rows}',
            title=text("organize.placed"),
            count=len(placed),
            rows=_rows(context, placed),
        )
        if placed
        else None,
    )


def place_options(context: Context) -> Html:
    """The options of every place, once. The script copies them into each select.

    With options in each select, the page's size would grow with the square of the number of places.
    """
    options = [
        h(
            '<option value="{ref}" data-zone="{zone}" data-starts="{starts}" data-ends="{ends}">'
            "{name}</option>",
            ref=place.ref,
            zone=context.zone_of(place) or "",
            starts=(place.resource.get("customer_data") or {}).get("default_checkin_time") or "",
            ends=(place.resource.get("customer_data") or {}).get("default_checkout_time") or "",
            name=place.name,
        )
        for place in context.places
    ]
    return h('<template id="place-options">{options}</template>', options=options)


def _rows(context: Context, devices: list[PageDevice]) -> Html:
    return h(
        '<ul class="rows card">{rows}</ul>', rows=[_row(context, device) for device in devices]
    )


def _row(context: Context, device: PageDevice) -> Html:
    place = context.place_by_ref.get(device.place or "")
    title = context.device_title(device)
    unassigned = context.messages.text("device.unassigned")
    choice = h(
        '<label class="assign"><span class="unseen">{label}: {title}</span>'
        '<select id="assign-{id}" data-places data-none="{none}" data-change="{body}"{disabled}>'
        '<option value="{ref}" selected>{current}</option></select></label>',
        label=context.word(context.vertical, "one"),
        title=title,
        id=device.device_id,
        none=unassigned,
        body=json_attribute({"action": "assign_device", "device_id": device.device_id}),
        disabled=flag("disabled", not context.can_act),
        ref=device.place or "",
        current=place.name if place else unassigned,
    )
    return h(
        '<li class="row"><span class="tile tile--{tone}">{icon}</span>'
        '<div class="row__main"><b>{title}</b><p class="muted">{provider}</p></div>{choice}</li>',
        tone="off" if place else "warn",
        icon=icon(device_icon(device)),
        title=title,
        provider=context.provider_name(device.provider),
        choice=choice,
    )
