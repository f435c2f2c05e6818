"""The rules about the page itself: its speed, its parts, its language and its features."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.preview.kinds import (
    EMPTY_CUSTOMER,
    CheckLevel,
    CheckResult,
    PreviewMode,
)
from seam_portal_desktop.domain.preview.load_failure import FailureKind
from seam_portal_desktop.domain.preview.page_facts import (
    FailedRequest,
    PageFacts,
    ProcessorFacts,
    RequestKind,
)
from seam_portal_desktop.domain.preview.page_features import (
    FEATURE_SIGNS,
    Presence,
    presence_of,
    requested_features,
)
from seam_portal_desktop.texts import _, ngettext

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest

PAINT_GOOD = timedelta(seconds=1.8)
"""The limit of a good First Contentful Paint in Google's Web Vitals (https://web.dev/fcp)."""

PAINT_POOR = timedelta(seconds=3)
"""The limit of a poor one, from the same source."""

LOAD_GOOD = timedelta(seconds=5)
"""After this time a phone's user doubts that it works."""

LOAD_POOR = timedelta(seconds=10)
"""The limit of keeping a user's attention (Nielsen, Response Times: The 3 Important Limits)."""

BUSY_SHARE = 0.75
"""A task that waits for a quarter of its time shares its processor with others. The engine's
processes have a lower priority than that task, so they wait even longer."""

SLOW_TASK = timedelta(milliseconds=40)
"""The task of `checks/processor_meter.py` takes about 10 ms on an office computer of the last ten
years. One that needs four times as long would make any page slow."""

MANY_ERRORS = 20
"""With so many errors while it loads, something that the page needs fails repeatedly."""

ALMOST_EMPTY = 20
"""Characters: less than a heading and a sentence."""

SHORT_PAGE = 600
"""Characters: an error page has fewer, a portal with a heading such as “Errors” has more."""

_SAMPLES = 2
_ERROR_WORDS = re.compile(
    r"^[45]\d\d$|\b(error|not found|went wrong|forbidden|unauthori[sz]ed|access denied|unavailable|"
    r"link (has )?expired|invalid link|fehler|nicht gefunden|abgelaufen|ungültig|"
    r"erreur|introuvable|expiré|error interno|no encontrad[oa]|caducado|"
    r"errore|non trovat[oa]|scadut[oa]|erro|não encontrad[oa]|expirad[oa]|"
    r"fout|niet gevonden|verlopen|błąd|nie znaleziono|wygasł|"
    r"σφάλμα|δεν βρέθηκε|έληξε|ошибка|не найден[ао]?|истек)\b",
    re.IGNORECASE,
)
_LANGUAGE_NAMES = {
    "de": _("German"),
    "el": _("Greek"),
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "it": _("Italian"),
    "nl": _("Dutch"),
    "pl": _("Polish"),
    "pt": _("Portuguese"),
    "ru": _("Russian"),
}

_TITLES = {each.name: each.title for each in FEATURE_SIGNS}

NOT_SHOWN = (CheckLevel.UNKNOWN, _("No page was shown to look at."))
_NO_ANSWER = (CheckLevel.UNKNOWN, _("The page didn’t answer when it was asked."))


def timing(facts: PageFacts) -> CheckResult:
    """How long the first paint and the whole load took."""
    paint, loaded = facts.first_paint, facts.loaded
    if paint is None:
        return CheckLevel.UNKNOWN, _("How long the page took couldn’t be told.")
    is_good = paint <= PAINT_GOOD and (loaded is None or loaded <= LOAD_GOOD)
    if not is_good and (obstacle := _obstacle(facts.processor)):
        return CheckLevel.UNKNOWN, obstacle
    words = _("First paint after {seconds}").format(seconds=_seconds(paint))
    words += (
        _(", loaded after {seconds}").format(seconds=_seconds(loaded))
        if loaded is not None
        else _(", still loading")
    )
    longest = max(paint, loaded) if loaded is not None else paint
    if longest >= LOAD_POOR:
        return CheckLevel.PROBLEM, _("{words}: many customers will have given up.").format(
            words=words
        )
    if paint > PAINT_POOR:
        return CheckLevel.WARNING, _("{words}: that is slow.").format(words=words)
    if not is_good:
        return CheckLevel.WARNING, _("{words}: that is rather slow.").format(words=words)
    return CheckLevel.OK, f"{words}."


def _obstacle(processor: ProcessorFacts | None) -> str:
    """Why a slow page may not be the portal's fault; "" for no reason."""
    if processor is not None and processor.share < BUSY_SHARE:
        return _("Not measured: this computer is busy.")
    if processor is not None and processor.task_time > SLOW_TASK:
        return _("Not measured: this computer is too slow to tell.")
    return ""


def console(facts: PageFacts) -> CheckResult:
    """Errors that the page's scripts or the engine reported."""
    errors = facts.console_errors
    if errors is None:
        return CheckLevel.UNKNOWN, _("The page’s console couldn’t be read.")
    if errors == 0:
        return CheckLevel.OK, _("No errors in the page’s console.")
    if facts.error_names:
        words = ngettext(
            "{count} error in the page’s console, such as an uncaught {name}.",
            "{count} errors in the page’s console, such as an uncaught {name}.",
            errors,
        ).format(count=f"{errors:,}", name=facts.error_names[0])
    else:
        words = ngettext(
            "{count} error in the page’s console.", "{count} errors in the page’s console.", errors
        ).format(count=f"{errors:,}")
    return (CheckLevel.PROBLEM if errors >= MANY_ERRORS else CheckLevel.WARNING), words


def requests(facts: PageFacts) -> CheckResult:
    """Parts of the page that didn't load."""
    count = facts.failed_count
    if count is None:
        return _NO_ANSWER
    held_back = ""
    if facts.held_back:
        held_back = ngettext(
            "; the preview itself held back {count} request",
            "; the preview itself held back {count} requests",
            facts.held_back,
        ).format(count=f"{facts.held_back:,}")
    if count == 0:
        return CheckLevel.OK, _("Nothing that the page asked for failed{held_back}.").format(
            held_back=held_back
        )
    words = ngettext(
        "{count} request failed: {examples}{held_back}.",
        "{count} requests failed: {examples}{held_back}.",
        count,
    ).format(count=f"{count:,}", examples=_examples(facts.failed, count), held_back=held_back)
    is_serious = any(_is_serious(request) for request in facts.failed)
    return (CheckLevel.PROBLEM if is_serious else CheckLevel.WARNING), words


def _is_serious(request: FailedRequest) -> bool:
    server_error = request.status is not None and request.status >= 500  # noqa: PLR2004
    return request.kind is RequestKind.ESSENTIAL or (
        request.kind is RequestKind.CALL and server_error
    )


def _examples(failed: tuple[FailedRequest, ...], count: int) -> str:
    worst_first = sorted(failed, key=lambda request: not _is_serious(request))
    names = Counter(
        f"{request.address} ({request.status or _('no answer')})" for request in worst_first
    )
    shown = list(names.items())[:_SAMPLES]
    words = ", ".join(
        ngettext("{name}", "{name} {count} times", times).format(name=name, count=times)
        for name, times in shown
    )
    more = count - sum(times for _name, times in shown)
    return _("{words} and {more} more").format(words=words, more=more) if more > 0 else words


_NO_PAGE = {
    FailureKind.CRASHED: _("The page crashed."),
    FailureKind.FLOODED: _("The page kept opening message boxes until it was ended."),
    FailureKind.NOISY: _("The page wrote to its console without end until it was ended."),
    FailureKind.TOO_MUCH: _("The page asked for parts without end until it was ended."),
    FailureKind.MEMORY: _("The page took more and more memory until it was ended."),
    FailureKind.UNRESPONSIVE: _("The page stopped answering."),
    FailureKind.LINK_DEAD: _("The customer sees that the link no longer opens."),
    FailureKind.HTTP: _("The customer sees an error page."),
    FailureKind.NOT_A_PAGE: _("There is nothing that a browser can show."),
}


def content(facts: PageFacts) -> CheckResult:
    """Whether the page shows a portal, and not nothing or an error."""
    if facts.failure is not None:
        sentence = _NO_PAGE.get(facts.failure)
        return (CheckLevel.PROBLEM, sentence) if sentence else NOT_SHOWN
    seen = facts.content
    if seen is None:
        return _NO_ANSWER
    if not seen.characters and not seen.pictures:
        return CheckLevel.PROBLEM, _("The page is blank.")
    warning = None
    if seen.characters < SHORT_PAGE and any(map(_ERROR_WORDS.search, seen.headings)):
        warning = _("The page reads like an error page.")
    elif facts.customer_is_empty:
        warning = EMPTY_CUSTOMER
    elif seen.characters < ALMOST_EMPTY and not seen.controls and not seen.pictures:
        warning = _("The page is almost empty.")
    if warning is not None:
        return CheckLevel.WARNING, warning
    return CheckLevel.OK, _("The page has text and controls to be seen.")


def language(facts: PageFacts, request: PortalRequest | None) -> CheckResult:
    """Compares the page's language with the requested one."""
    declared, detected = facts.page_language, facts.text_language
    shown = detected or declared
    if shown is None:
        return CheckLevel.UNKNOWN, _(
            "The page doesn’t say its language, and its text doesn’t tell."
        )
    wanted = getattr(request, "locale", None)
    if not isinstance(wanted, str):
        return _language_left_open(declared, detected)
    asked = _LANGUAGE_NAMES.get(wanted[:2], wanted)
    if shown == wanted[:2]:
        if declared == shown:
            return CheckLevel.OK, _("Shown in {asked}, as asked.").format(asked=asked)
        note = (
            _("calls itself {language}").format(language=_language(declared))
            if declared
            else _("doesn’t say so to screen readers")
        )
        return CheckLevel.WARNING, _("The text is {asked}, as asked, but the page {note}.").format(
            asked=asked, note=note
        )
    if detected is None:
        note = _("the page calls itself {language}, and its text doesn’t tell").format(
            language=_language(declared)
        )
        return CheckLevel.WARNING, _("Asked for in {asked}, but {note}.").format(
            asked=asked, note=note
        )
    return CheckLevel.PROBLEM, _("Asked for in {asked}, but shown in {language}.").format(
        asked=asked, language=_language(detected)
    )


def _language_left_open(declared: str | None, detected: str | None) -> CheckResult:
    if declared and detected and declared != detected:
        return (
            CheckLevel.WARNING,
            _("The page calls itself {language}, but reads like {language_2}.").format(
                language=_language(declared), language_2=_language(detected)
            ),
        )
    return (
        CheckLevel.OK,
        _("Shown in {language}; the request leaves the language open.").format(
            language=_language(detected or declared)
        ),
    )


def _language(code: str | None) -> str:
    return _LANGUAGE_NAMES.get(code or "", _("another language"))


def features(facts: PageFacts, request: PortalRequest | None, mode: PreviewMode) -> CheckResult:
    """Compares the page's features with the requested ones."""
    if facts.signs is None:
        return _NO_ANSWER
    if request is None:
        return CheckLevel.UNKNOWN, _("The portal’s settings aren’t known here.")
    requested, presence = requested_features(request), presence_of(facts.signs)
    # Seam may leave out features that a read-only visitor can't use. That is not a fault.
    read_only = mode is PreviewMode.SAFE or request.read_only is True
    return _difference(requested, presence, read_only=read_only) or _agreement(requested, presence)


def _difference(
    requested: Mapping[str, bool], presence: Mapping[str, Presence], *, read_only: bool
) -> CheckResult | None:
    unwanted = [
        _TITLES[name]
        for name, wanted in requested.items()
        if not wanted and presence[name] is Presence.PRESENT
    ]
    if unwanted:
        return CheckLevel.PROBLEM, ngettext(
            "{features} was left out, but the page has it.",
            "{features} were left out, but the page has them.",
            len(unwanted),
        ).format(features=_listed(unwanted))
    missing = [
        _TITLES[name]
        for name, wanted in requested.items()
        if wanted and presence[name] is Presence.ABSENT
    ]
    if missing and read_only:
        return (
            CheckLevel.UNKNOWN,
            _("Not on the page, perhaps because it is read-only: {listed}.").format(
                listed=_listed(missing)
            ),
        )
    return (
        (
            CheckLevel.WARNING,
            _("Asked for, but not on the page: {listed}.").format(listed=_listed(missing)),
        )
        if missing
        else None
    )


def _agreement(requested: Mapping[str, bool], presence: Mapping[str, Presence]) -> CheckResult:
    there = [title for name, title in _TITLES.items() if presence[name] is Presence.PRESENT]
    unknown = [_TITLES[name] for name in requested if presence[name] is Presence.UNKNOWN]
    if not there:
        return CheckLevel.UNKNOWN, _("Which features the page has couldn’t be told.")
    if unknown:
        return (
            CheckLevel.UNKNOWN,
            _("On the page: {listed}. Couldn’t be told: {listed_2}.").format(
                listed=_listed(there), listed_2=_listed(unknown)
            ),
        )
    asked = _("as asked") if requested else _("the request leaves the choice open")
    return CheckLevel.OK, _("On the page: {listed}; {asked}.").format(
        listed=_listed(there), asked=asked
    )


def mixed_content(facts: PageFacts) -> CheckResult:
    """Parts that an encrypted page requests without encryption."""
    if not facts.is_encrypted:
        if facts.is_this_machine:
            return CheckLevel.OK, _("This machine: nothing is encrypted, and nothing leaves it.")
        return CheckLevel.UNKNOWN, _("The page itself isn’t encrypted.")
    if facts.mixed_blocked is None or facts.mixed_upgraded is None:
        return CheckLevel.UNKNOWN, _("Whether all of it is encrypted couldn’t be told.")
    if blocked := facts.mixed_blocked:
        return CheckLevel.PROBLEM, ngettext(
            "{count} part asked for without encryption, which browsers block.",
            "{count} parts asked for without encryption, which browsers block.",
            blocked,
        ).format(count=f"{blocked:,}")
    if upgraded := facts.mixed_upgraded:
        return CheckLevel.WARNING, ngettext(
            "{count} part asked for without encryption, browsers ask for it with encryption "
            "instead.",
            "{count} parts asked for without encryption, browsers ask for it with encryption "
            "instead.",
            upgraded,
        ).format(count=f"{upgraded:,}")
    return CheckLevel.OK, _("All parts of the page are asked for with encryption.")


def _seconds(time: timedelta) -> str:
    return _("{total_seconds:.1f} s").format(total_seconds=time.total_seconds())


def _listed(names: list[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else _("{names} and {names_2}").format(names=", ".join(names[:-1]), names_2=names[-1])
    )
