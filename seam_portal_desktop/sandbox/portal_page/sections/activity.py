"""The events, with a filter by kind."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.context import Context
from seam_portal_desktop.sandbox.portal_page.controls import empty_state, view_head
from seam_portal_desktop.sandbox.portal_page.events import EVENT_ICONS, PageEvent, events_of
from seam_portal_desktop.sandbox.portal_page.markup import Html, flag, h, icon, join, time_html

_WARNING = {
    "device.low_battery",
    "device.disconnected",
    "noise_sensor.noise_threshold_triggered",
    "reservation.cancelled",
}


def render_activity(context: Context) -> Html:
    text = context.messages.text
    head = view_head(text("nav.activity"), text("activity.lead"))
    events = events_of(context)
    if not events:
        return join([head, empty_state("activity", text("activity.empty"))])
    chosen = (context.data.feature("manage").get("events") or {}).get("default_events")
    kinds = list(dict.fromkeys(event.event_type for event in events))
    on = {kind for kind in kinds if not chosen or kind in chosen}
    chips = [
        h(
            '<label class="chip"><input type="checkbox" data-event-kind="{kind}"{checked}>'
            "<span>{icon}{label}</span></label>",
            kind=kind,
            checked=flag("checked", kind in on),
            icon=icon(EVENT_ICONS.get(kind, "activity")),
            label=_label(context, kind),
        )
        for kind in kinds
    ]
    rows = [_row(context, event, shown=event.event_type in on) for event in events]
    return h(
        '{head}<fieldset class="chips"><legend class="unseen">{legend}</legend>{chips}</fieldset>'
        '<ul class="rows card">{rows}</ul>'
        '<p class="muted" data-events-none{none_hidden}>{none}</p>',
        head=head,
        legend=text("activity.filter"),
        chips=chips,
        rows=rows,
        none=text("activity.none"),
        none_hidden=flag("hidden", on),
    )


def _row(context: Context, event: PageEvent, *, shown: bool) -> Html:
    return h(
        '<li class="row" data-event="{kind}"{hidden}><span class="tile tile--{tone}">{icon}</span>'
        '<div class="row__main"><b>{label}</b><p class="muted">{subject}</p></div>'
        '<p class="row__when muted">{time}</p></li>',
        kind=event.event_type,
        hidden=flag("hidden", not shown),
        tone="warn" if event.event_type in _WARNING else "off",
        icon=icon(EVENT_ICONS.get(event.event_type, "activity")),
        label=_label(context, event.event_type),
        subject=event.subject,
        time=time_html(event.occurred_at, "relative"),
    )


def _label(context: Context, kind: str) -> str:
    key = f"event.{kind}"
    return context.messages.text(key) if context.messages.has(key) else kind
