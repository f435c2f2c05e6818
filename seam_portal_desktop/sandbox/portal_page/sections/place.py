"""One place whole: its devices, its reservations, what is known of it."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.context import Context, place_icon
from seam_portal_desktop.sandbox.portal_page.controls import empty_state, view_head
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, icon, join, user_text
from seam_portal_desktop.sandbox.portal_page.places import Place
from seam_portal_desktop.sandbox.portal_page.sections.devices import device_row
from seam_portal_desktop.sandbox.portal_page.sections.facts import fact, facts
from seam_portal_desktop.sandbox.portal_page.sections.places import local_time, occupancy, stay_line
from seam_portal_desktop.sandbox.portal_page.sections.stays import stay_row


def render_place(context: Context, place: Place) -> Html:
    text = context.messages.text
    current, _ = stay_line(context, place)
    devices = [device_row(context, device, "place") for device in context.devices_in(place)]
    stays = [stay_row(context, stay) for stay in context.stays_in(place)]
    data = place.resource.get("customer_data") or {}
    spot = place.resource.get("geolocation") or {}
    staff = [
        user_text(member.get("name") or member.get("staff_member_key"))
        for member in context.staff
        if place.key in (member.get(f"{place.kind.removesuffix('s')}_keys") or ())
    ]
    about = facts(
        [
            fact(
                context.word("sites", "one"),
                user_text(place.site_name) if place.site_name else None,
            ),
            fact(
                text("detail.address"), user_text(data["address"]) if data.get("address") else None
            ),
            fact(text("detail.time_zone"), _zone(context, place)),
            fact(text("detail.check_in"), _clock(data.get("default_checkin_time"))),
            fact(text("detail.check_out"), _clock(data.get("default_checkout_time"))),
            fact(
                h('<span class="with-icon">{icon}GPS</span>', icon=icon("map-pin")),
                h("{lat}, {lon}", lat=spot["latitude"], lon=spot["longitude"]) if spot else None,
            ),
            fact(text("nav.staff"), Html(", ".join(staff)) if staff else None),
            fact(text("detail.reference"), h("<code>{key}</code>", key=place.key)),
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
                occupancy=occupancy(context, current),
                clock=local_time(context, place),
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


def _zone(context: Context, place: Place) -> Html | None:
    zone = context.zone_of(place)
    return h("{zone}", zone=zone.replace("_", " ")) if zone else None


def _clock(value: object) -> Html | None:
    return h("{time}", time=value[:5]) if isinstance(value, str) and value else None
