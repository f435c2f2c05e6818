"""Reservations: the list, and the view of one reservation."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.context import Context
from seam_portal_desktop.sandbox.portal_page.controls import (
    action_button,
    badge,
    empty_state,
    facts,
    field,
    form_dialog,
    link,
    opener,
    view_head,
)
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, icon, join, time_html, user_text
from seam_portal_desktop.sandbox.portal_page.places import PageStay

_PHASES = {
    "current": ("accent", "users"),
    "upcoming": ("calm", "clock"),
    "past": ("plain", "check"),
}
_CODE = {"current": "code_set", "upcoming": "code_scheduled", "past": "code_removed"}
NEW_STAY = "new-stay"


def render_stays(context: Context) -> Html:
    text, now = context.messages.text, context.data.now
    buttons = []
    if context.can_manage("exclude_reservation_management") and context.places:
        buttons.append(
            opener(
                text("action.new_stay"),
                NEW_STAY,
                element_id="open-new-stay",
                picture="plus",
                style="primary",
            )
        )
    head = view_head(text("nav.reservations"), text("stays.lead"), buttons)
    if not context.stays:
        return join([head, empty_state("calendar-days", text("stays.empty"))])
    groups = []
    for phase in _PHASES:
        stays = [stay for stay in context.stays if stay.phase(now) == phase]
        if stays:
            groups.append(
                h(
                    '<h2>{title} <span class="count">{count}</span></h2>'
                    '<ul class="rows card">{rows}</ul>',
                    title=text(f"stay.{phase}"),
                    count=len(stays),
                    rows=[stay_row(context, stay) for stay in stays],
                )
            )
    return h("{head}{groups}", head=head, groups=groups)


def stay_row(context: Context, stay: PageStay) -> Html:
    tone, _ = _PHASES[stay.phase(context.data.now)]
    return h(
        '<li class="row row--link"><span class="tile tile--{tone}">{icon}</span>'
        '<div class="row__main">{link}<p class="muted">{where}</p></div>'
        '<p class="row__when">{dates}</p>{chevron}</li>',
        tone="on" if tone == "accent" else "off",
        icon=icon("calendar-days"),
        link=link(context, f"stay/{stay.ref}", user_text(stay.name)),
        where=_where(stay),
        dates=_dates(context, stay),
        chevron=icon("chevron-right"),
    )


def render_stay(context: Context, stay: PageStay) -> Html:
    text, phase = context.messages.text, stay.phase(context.data.now)
    tone, picture = _PHASES[phase]
    buttons = []
    if context.can_manage("exclude_reservation_management") and phase != "past":
        question = {
            "title": text("stay.confirm_title"),
            "body": text("stay.confirm_body", name=stay.name),
            "ok": text("action.cancel_stay"),
            "cancel": text("action.keep_stay"),
            "danger": "yes",
        }
        buttons.append(
            action_button(
                text("action.cancel_stay"),
                {"action": "cancel_reservation", "reservation": stay.ref},
                element_id=f"cancel-{stay.ref}",
                picture="calendar-x",
                style="danger",
                confirm=question,
            )
        )
    person = stay.person or {}
    place = stay.places[0] if stay.places else None
    about = [
        (context.word(context.vertical, "one"), _where(stay) if stay.places else None),
        (text("field.starts"), _time(context, stay, "starts_at")),
        (
            text("field.ends"),
            _time(context, stay, "ends_at") or h("{text}", text=text("stay.open_end")),
        ),
        (text("field.guest"), user_text(person["name"]) if person.get("name") else None),
        (text("field.email"), _optional(person.get("email_address"))),
        (text("field.phone"), _optional(person.get("phone_number"))),
        (text("detail.time_zone"), _optional(context.zone_of(place))),
    ]
    return h(
        '{head}<div class="badges">{badge}{nights}</div><div class="card">{about}</div>{technical}',
        head=view_head(user_text(stay.name), "", buttons),
        badge=badge(tone, picture, text(f"stay.{phase}")),
        nights=_nights(context, stay),
        about=facts(about),
        technical=_technical(context, stay, phase),
    )


def new_stay_dialog(context: Context) -> Html:
    """The form of a new reservation. The script fills in the places from `place_options`."""
    text = context.messages.text
    place = h(
        '<label class="field"><span>{label}</span><select name="place" required data-places '
        "></select></label>",
        label=context.word(context.vertical, "one"),
    )
    zone = h('<p class="muted field__note" data-zone-note></p>')
    return form_dialog(
        context,
        NEW_STAY,
        "create_reservation",
        title=text("action.new_stay"),
        fields=[
            field(text("field.guest"), "name"),
            place,
            h(
                '<div class="fields">{starts}{ends}</div>',
                starts=field(text("field.starts"), "starts_at", kind="datetime-local"),
                ends=field(text("field.ends"), "ends_at", kind="datetime-local"),
            ),
            zone,
        ],
        submit=text("action.save"),
    )


def _technical(context: Context, stay: PageStay, phase: str) -> Html | None:
    if context.data.feature("manage").get("exclude_reservation_technical_details", False):
        return None
    text = context.messages.text
    rows = [
        (text("detail.reference"), h("<code>{key}</code>", key=stay.key)),
        (text("stay.code"), _code(stay.resource.get("preferred_code"))),
        (text("stay.code_state"), h("{word}", word=text(f"stay.{_CODE[phase]}"))),
    ]
    for name, value in (stay.resource.get("custom_metadata") or {}).items():
        rows.append((user_text(name), _optional(value)))
    return h(
        '<details class="card technical"><summary>{title}</summary>{rows}</details>',
        title=text("stay.technical"),
        rows=facts(rows),
    )


def _where(stay: PageStay) -> Html:
    names = [user_text(place.name) for place in stay.places]
    return Html(", ".join(names))


def _dates(context: Context, stay: PageStay) -> Html:
    zone = context.zone_of(stay.places[0] if stay.places else None)
    parts = [time_html(time, "date", zone) for time in (stay.starts_at, stay.ends_at) if time]
    return Html(" – ".join(parts))


def _time(context: Context, stay: PageStay, name: str) -> Html | None:
    time = stay.starts_at if name == "starts_at" else stay.ends_at
    zone = context.zone_of(stay.places[0] if stay.places else None)
    return time_html(time, "datetime", zone) if time else None


def _nights(context: Context, stay: PageStay) -> Html | None:
    if stay.starts_at is None or stay.ends_at is None:
        return None
    nights = (stay.ends_at.date() - stay.starts_at.date()).days
    if nights < 1:
        return None
    return badge("plain", "calendar-days", context.messages.text("stay.nights", count=nights))


def _code(code: object) -> Html | None:
    return h("<code>{code}</code>", code=code) if code else None


def _optional(value: object) -> Html | None:
    return None if value is None else user_text(value)
