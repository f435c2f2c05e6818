"""The overview: figures, and a card per place."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.context import Context, place_icon
from seam_portal_desktop.sandbox.portal_page.controls import (
    badge,
    device_badges,
    empty_state,
    link,
    view_head,
)
from seam_portal_desktop.sandbox.portal_page.devices import Device
from seam_portal_desktop.sandbox.portal_page.markup import (
    Html,
    h,
    icon,
    join,
    time_html,
    user_text,
)
from seam_portal_desktop.sandbox.portal_page.places import PLACE_KINDS, Place, Stay

_SEARCH_FROM = 7


def render_places(context: Context) -> Html:
    text = context.messages.text
    head = view_head(context.word(context.vertical), text("places.lead"))
    if not context.places:
        return join(
            [
                head,
                empty_state(
                    place_icon(context.vertical),
                    text("places.empty_title"),
                    text("places.empty_body", workspace=context.view.workspace_name),
                ),
            ]
        )
    kinds = [kind for kind in PLACE_KINDS if any(place.kind == kind for place in context.places)]
    groups = []
    for kind in kinds:
        cards = [_card(context, place) for place in context.places if place.kind == kind]
        # The first kind is what the view is called already.
        heading = h("<h2>{word}</h2>", word=context.word(kind)) if kind != kinds[0] else None
        groups.append(
            h(
                '<div class="group" data-filter-group>{heading}<div class="cards">{cards}</div>'
                "</div>",
                heading=heading,
                cards=cards,
            )
        )
    return h(
        '{head}{figures}{search}{groups}<p class="muted" data-filter-none hidden>{none}</p>',
        head=head,
        figures=_figures(context),
        search=search_box(context) if len(context.places) >= _SEARCH_FROM else None,
        groups=groups,
        none=text("places.no_match"),
    )


def search_box(context: Context) -> Html:
    """An input that hides what doesn't match among the view's ``data-search`` elements."""
    return h(
        '<label class="search">{icon}<span class="unseen">{label}</span>'
        '<input type="search" data-filter placeholder="{label}" autocomplete="off"></label>',
        icon=icon("search"),
        label=context.messages.text("places.search"),
    )


def stay_line(context: Context, place: Place) -> tuple[Stay | None, Html]:
    """The stay that is on, and a line about it or about the next one."""
    now, text = context.view.now, context.messages
    stays = context.stays_in(place)
    current = next((stay for stay in stays if stay.phase(now) == "current"), None)
    coming = next((stay for stay in stays if stay.phase(now) == "upcoming"), None)
    shown = current or coming
    if shown is None:
        return None, h("{none}", none=text.text("places.no_stays"))
    edge = shown.ends_at if current else shown.starts_at
    when = None
    if edge is not None:
        date = time_html(edge, "date", context.zone_of(place))
        when = text.html("places.until" if current else "places.from", date=date)
    return current, h("{name} {when}", name=user_text(shown.name), when=when)


def local_time(context: Context, place: Place) -> Html:
    """What the clocks show there; nothing for a place without a time zone."""
    zone = context.zone_of(place)
    if zone is None:
        return Html("")
    return h(
        '<span class="muted clock" title="{zone}">{icon}<span data-clock="{zone}"></span></span>',
        icon=icon("clock"),
        zone=zone,
    )


def occupancy(context: Context, current: Stay | None) -> Html:
    text = context.messages.text
    if current:
        return badge("accent", "users", text("places.occupied"))
    return badge("calm", "check", text("places.free"))


def _figures(context: Context) -> Html:
    text, now = context.messages.text, context.view.now
    staying = sum(stay.phase(now) == "current" for stay in context.stays)
    attention = sum(device.needs_attention for device in context.devices)
    figures = [
        (place_icon(context.vertical), len(context.places), context.word(context.vertical), ""),
        ("cpu", len(context.devices), text("nav.devices"), ""),
        ("users", staying, text("stat.staying"), ""),
        ("triangle-alert", attention, text("stat.attention"), "warn" if attention else ""),
    ]
    return h(
        '<ul class="figures">{items}</ul>',
        items=[
            h(
                '<li class="figure figure--{tone}">{icon}<b>{number}</b><span>{label}</span></li>',
                tone=tone or "plain",
                icon=icon(picture),
                number=number,
                label=label,
            )
            for picture, number, label, tone in figures
        ],
    )


def _at_a_glance(device: Device) -> bool:
    # A working sensor has nothing to say on a card.
    return device.device_type != "noise_sensor" or device.needs_attention


def _card(context: Context, place: Place) -> Html:
    current, line = stay_line(context, place)
    devices = [device for device in context.devices_in(place) if _at_a_glance(device)]
    about = place.site_name or str(
        (place.resource.get("customer_data") or {}).get("address")
        or context.word(place.kind, "one")
    )
    return h(
        '<article class="card place" data-search="{search}">'
        '<div class="place__top"><span class="tile{busy}">{icon}</span>'
        '<div class="place__name"><h3 title="{name}">{link}</h3>'
        '<p class="muted">{about}</p></div>{occupancy}</div>'
        '<p class="place__stay">{calendar}<span>{line}</span></p>'
        '<div class="place__foot"><span class="badges">{badges}</span>{clock}</div></article>',
        search=f"{place.name} {place.site_name} {place.key}".casefold(),
        busy=Html(" tile--on") if current else Html(""),
        icon=icon(place_icon(place.kind)),
        link=link(context, f"place/{place.ref}", user_text(place.name)),
        name=place.name,
        about=user_text(about),
        occupancy=occupancy(context, current),
        calendar=icon("calendar-days"),
        line=line,
        badges=[device_badges(context, device) for device in devices]
        or context.messages.text("places.device_count", count=0),
        clock=local_time(context, place),
    )
