"""Places: the overview, and one place with its devices and stays."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.context import Context, place_icon
from seam_portal_desktop.sandbox.portal_page.controls import (
    SEARCH_FROM,
    badge,
    device_badges,
    empty_state,
    facts,
    link,
    search_box,
    view_head,
)
from seam_portal_desktop.sandbox.portal_page.devices import PageDevice
from seam_portal_desktop.sandbox.portal_page.markup import (
    Html,
    h,
    icon,
    join,
    time_html,
    user_text,
)
from seam_portal_desktop.sandbox.portal_page.places import PLACE_KINDS, PagePlace, PageStay
from seam_portal_desktop.sandbox.portal_page.sections.devices import device_row
from seam_portal_desktop.sandbox.portal_page.sections.stays import stay_row


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
                    text("places.empty_body", workspace=context.data.workspace_name),
                ),
            ]
        )
    kinds = [kind for kind in PLACE_KINDS if any(place.kind == kind for place in context.places)]
    groups = []
    for kind in kinds:
        cards = [_card(context, place) for place in context.places if place.kind == kind]
        # The first kind is already the view's title.
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
        search=search_box(context) if len(context.places) >= SEARCH_FROM else None,
        groups=groups,
        none=text("places.no_match"),
    )


def render_place(context: Context, place: PagePlace) -> Html:
    text = context.messages.text
    current, _ = _stay_line(context, place)
    devices = [device_row(context, device, "place") for device in context.devices_in(place)]
    stays = [stay_row(context, stay) for stay in context.stays_in(place)]
    details = place.resource.get("customer_data") or {}
    spot = place.resource.get("geolocation") or {}
    staff = [
        user_text(member.get("name") or member.get("staff_member_key"))
        for member in context.staff
        if place.key in (member.get(f"{place.kind.removesuffix('s')}_keys") or ())
    ]
    about = facts(
        [
            (
                context.word("sites", "one"),
                user_text(place.site_name) if place.site_name else None,
            ),
            (
                text("detail.address"),
                user_text(details["address"]) if details.get("address") else None,
            ),
            (text("detail.time_zone"), _zone(context, place)),
            (text("detail.check_in"), _clock(details.get("default_checkin_time"))),
            (text("detail.check_out"), _clock(details.get("default_checkout_time"))),
            (
                h('<span class="with-icon">{icon}GPS</span>', icon=icon("map-pin")),
                h("{lat}, {lon}", lat=spot["latitude"], lon=spot["longitude"]) if spot else None,
            ),
            (text("nav.staff"), Html(", ".join(staff)) if staff else None),
            (text("detail.reference"), h("<code>{key}</code>", key=place.key)),
        ]
    )
    return h(
        '{head}<div class="split"><div>'
        "<h2>{devices_title}</h2>{devices}<h2>{stays_title}</h2>{stays}</div>"
        '<aside><h2>{about_title}</h2><div class="card">{about}</div></aside></div>',
        head=view_head(
            user_text(place.name),
            h(
                '<span class="badges"><span class="with-icon">{icon}{kind}</span>{occupancy}{clock}'
                "</span>",
                icon=icon(place_icon(place.kind)),
                kind=context.word(place.kind, "one"),
                occupancy=_occupancy(context, current),
                clock=_local_time(context, place),
            ),
        ),
        devices_title=text("nav.devices"),
        devices=h('<ul class="rows card">{rows}</ul>', rows=join(devices))
        if devices
        else empty_state("cpu", text("devices.empty")),
        stays_title=text("nav.reservations"),
        stays=h('<ul class="rows card">{rows}</ul>', rows=join(stays))
        if stays
        else empty_state("calendar-days", text("places.no_stays")),
        about_title=text("detail.about"),
        about=about,
    )


def _stay_line(context: Context, place: PagePlace) -> tuple[PageStay | None, Html]:
    """The current stay, and a line about it or about the next one."""
    now, text = context.data.now, context.messages
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


def _local_time(context: Context, place: PagePlace) -> Html:
    """The local time of a place; empty without a time zone."""
    zone = context.zone_of(place)
    if zone is None:
        return Html("")
    return h(
        '<span class="muted clock" title="{zone}">{icon}<span data-clock="{zone}"></span></span>',
        icon=icon("clock"),
        zone=zone,
    )


def _occupancy(context: Context, current: PageStay | None) -> Html:
    text = context.messages.text
    if current:
        return badge("accent", "users", text("places.occupied"))
    return badge("calm", "check", text("places.free"))


def _figures(context: Context) -> Html:
    text, now = context.messages.text, context.data.now
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


def _is_on_card(device: PageDevice) -> bool:
    # A card doesn't show a sensor that works.
    return device.device_type != "noise_sensor" or device.needs_attention


def _card(context: Context, place: PagePlace) -> Html:
    current, line = _stay_line(context, place)
    devices = [device for device in context.devices_in(place) if _is_on_card(device)]
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
        occupancy=_occupancy(context, current),
        calendar=icon("calendar-days"),
        line=line,
        badges=[device_badges(context, device) for device in devices]
        or context.messages.text("places.device_count", count=0),
        clock=_local_time(context, place),
    )


def _zone(context: Context, place: PagePlace) -> Html | None:
    zone = context.zone_of(place)
    return h("{zone}", zone=zone.replace("_", " ")) if zone else None


def _clock(value: object) -> Html | None:
    return h("{time}", time=value[:5]) if isinstance(value, str) and value else None
