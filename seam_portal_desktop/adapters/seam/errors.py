"""Turns answers of Seam that aren't 2xx into errors for the user.

No text holds the credential or a link: the service's texts pass through ``Call.clean``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import islice

from seam_portal_desktop.adapters.seam.call import TRY_AGAIN, Answer, Call
from seam_portal_desktop.adapters.seam.wire import (
    ErrorAnswer,
    flatten_validation_errors,
    read_error,
)
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    NotFoundError,
    RateLimitedError,
    SeamError,
    ServiceError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from seam_portal_desktop.texts import _, ngettext

_FIRST_SERVER_ERROR = 500

_MOST_FIELDS = 100
"""The refused fields that are told. A person mends them one by one."""

_REFUSALS = frozenset(
    {400, 401, 402, 403, 404, 405, 407, 409, 410, 411, 412, 413, 414, 415}
    | {417, 421, 422, 423, 425, 426, 428, 429, 431, 451}
)
"""The statuses that say that nothing was done (RFC 9110, 4918, 6585, 7725, 8470).

With any other, a call may have taken effect: 408 and 499 come from a proxy that gave up while Seam
worked, and others mean to each service what it likes.
"""


def refused(call: Call, answer: Answer) -> SeamError:
    """The error for an answer whose status isn't 2xx."""
    error = read_error(answer.body)
    failure = _by_status(call, answer, error)
    if error is not None:
        failure.error_type = call.clean(error.type)
    return failure


def _by_status(call: Call, answer: Answer, error: ErrorAnswer | None) -> SeamError:
    status = answer.status
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _redirected(call, answer)
    if status >= _FIRST_SERVER_ERROR:
        return _service_failed(call, answer, error)
    named = _NAMED_STATUS.get(status)
    if named is not None:
        return named(call, answer, error)
    if status in _GIVEN_UP:
        return call.fail(
            ServiceError,
            _("The call was given up before Seam answered."),
            _(
                "Seam, or something on the way to {host}, didn't wait any longer. "
                "{seam_message}Check the network."
            ).format(host=call.host, seam_message=_seam_message(call, error)),
            reached=True,
            retry=TRY_AGAIN,
            answer=answer,
            technical=f"HTTP {status}",
        )
    if status not in _REFUSALS:
        return call.fail(
            UnexpectedAnswerError,
            _("Seam's answer has a status that this program doesn't know."),
            _(
                "It is HTTP {status}. {seam_message}If it stays like this, tell Seam's support."
            ).format(status=status, seam_message=_seam_message(call, error)),
            reached=True,
            answer=answer,
            technical=f"HTTP {status}",
        )
    return call.fail(
        SeamError,
        _("Seam refused the call."),
        _("{seam_message}Try again later. If it stays like this, tell Seam's support.").format(
            seam_message=_seam_message(call, error)
        ),
        reached=False,
        answer=answer,
        technical=f"HTTP {status}",
    )


def _invalid(call: Call, answer: Answer, error: ErrorAnswer | None) -> SeamError:
    fields = _clean_fields(call, error)
    if not fields and (error is None or error.type != "invalid_input"):
        return call.fail(
            InvalidRequestError,
            _("Seam refused the request."),
            _("{seam_message}Change the request and try again.").format(
                seam_message=_seam_message(call, error)
            ),
            reached=False,
            answer=answer,
            technical=f"HTTP {answer.status}",
        )
    named = ", ".join(path for path in fields if path)
    failure = call.fail(
        InvalidRequestError,
        _("Seam refused some of the fields."),
        f"{_seam_message(call, error)}"
        + (
            _("Change these and try again: {named}.").format(named=named)
            if named
            else _("Change them and try again.")
        ),
        reached=False,
        answer=answer,
        technical=f"HTTP {answer.status}",
    )
    failure.fields = fields
    return failure


def _clean_fields(call: Call, error: ErrorAnswer | None) -> Mapping[str, tuple[str, ...]]:
    nested = error.validation_errors if error else None
    return {
        call.clean(path): tuple(call.clean(reason) for reason in reasons)
        for path, reasons in islice(flatten_validation_errors(nested).items(), _MOST_FIELDS)
    }


def _unauthorized(call: Call, answer: Answer, error: ErrorAnswer | None) -> SeamError:
    sentences = [_("It may be mistyped, revoked, or made for another workspace.")]
    if call.credential.kind is CredentialKind.PERSONAL_ACCESS_TOKEN:
        sentences.append(_("A token also needs the id of a workspace that it may reach."))
    sentences.append(_("Look in the Seam Console, then connect the workspace again."))
    return call.fail(
        UnauthorizedError,
        _("Seam did not accept the {credential_name}.").format(
            credential_name=call.credential_name
        ),
        " ".join(sentences),
        reached=False,
        answer=answer,
        technical=f"HTTP {answer.status}" + ("" if error else " without Seam's error"),
    )


def _forbidden(call: Call, answer: Answer, error: ErrorAnswer | None) -> SeamError:
    if error is None:
        return call.fail(
            ForbiddenError,
            _("Something refused the call to {host}.").format(host=call.host),
            _(
                "The answer doesn't look like Seam's. A firewall or proxy of this network may "
                "block it. Ask whoever runs the network, or try another one."
            ),
            reached=False,
            answer=answer,
            technical=f"HTTP {answer.status} without Seam's error",
        )
    return call.fail(
        ForbiddenError,
        _("This {credential_name} may not do this.").format(credential_name=call.credential_name),
        _(
            "{seam_message}Use a credential with more rights, or ask whoever runs the workspace."
        ).format(seam_message=_seam_message(call, error)),
        reached=False,
        answer=answer,
        technical=f"HTTP {answer.status}",
    )


def _not_found(call: Call, answer: Answer, error: ErrorAnswer | None) -> SeamError:
    if error is None:
        return call.fail(
            NotFoundError,
            _("Seam's API is not at {host}.").format(host=call.host),
            _(
                "Something answered there, but it doesn't know this call. Check the endpoint of "
                "the workspace."
            ),
            reached=False,
            answer=answer,
            technical=f"HTTP {answer.status} without Seam's error",
        )
    return call.fail(
        NotFoundError,
        _("Seam did not find what the request names."),
        _(
            "{seam_message}It may have been deleted, or belong to another workspace. "
            "Check the request and try again."
        ).format(seam_message=_seam_message(call, error)),
        reached=False,
        answer=answer,
        technical=f"HTTP {answer.status}",
    )


def _conflict(call: Call, answer: Answer, error: ErrorAnswer | None) -> SeamError:
    return call.fail(
        ConflictError,
        _("The request clashes with something that Seam has already."),
        _("{seam_message}Change the request, or wait until the other change is done.").format(
            seam_message=_seam_message(call, error)
        ),
        reached=False,
        answer=answer,
        technical=f"HTTP {answer.status}",
    )


def _rate_limited(call: Call, answer: Answer, _error: ErrorAnswer | None) -> SeamError:
    seconds = seconds_to_wait(answer.retry_after, call.clock())
    wait = _("a minute") if seconds is None else _duration(seconds)
    failure = call.fail(
        RateLimitedError,
        _("Seam gets too many calls from this workspace."),
        _("It has a limit for all programs together that use the workspace."),
        reached=False,
        retry=_("Wait {wait}, then try again.").format(wait=wait),
        answer=answer,
        technical=f"HTTP {answer.status}",
    )
    failure.retry_after = seconds
    return failure


_NAMED_STATUS: dict[int, Callable[[Call, Answer, ErrorAnswer | None], SeamError]] = {
    HTTPStatus.BAD_REQUEST: _invalid,
    HTTPStatus.UNPROCESSABLE_ENTITY: _invalid,
    HTTPStatus.UNAUTHORIZED: _unauthorized,
    HTTPStatus.FORBIDDEN: _forbidden,
    HTTPStatus.NOT_FOUND: _not_found,
    HTTPStatus.CONFLICT: _conflict,
    HTTPStatus.TOO_MANY_REQUESTS: _rate_limited,
}


# 408 Request Timeout, 444, 499 and 460 of nginx and of load balancers for a client that left.
_GIVEN_UP = frozenset({HTTPStatus.REQUEST_TIMEOUT.value, 444, 460, 499})


def _service_failed(call: Call, answer: Answer, error: ErrorAnswer | None) -> SeamError:
    seconds = seconds_to_wait(answer.retry_after, call.clock())
    retry = (
        _("Try again later.")
        if seconds is None
        else _("Try again in {duration}.").format(duration=_duration(seconds))
    )
    if error is None and answer.is_web_page:
        title = _("Seam can't be used at the moment.")
        why = _("A gateway on the way to {host} reports a failure. ").format(host=call.host)
    else:
        title, why = _("Seam itself failed."), _seam_message(call, error)
    return call.fail(
        ServiceError,
        title,
        _("{why}This is not because of what you entered.").format(why=why),
        reached=True,
        retry=retry,
        answer=answer,
        technical=f"HTTP {answer.status}",
    )


def _redirected(call: Call, answer: Answer) -> SeamError:
    host = call.clean(answer.redirect_host) if answer.redirect_host else ""
    return call.fail(
        UnexpectedAnswerError,
        _("The call was sent elsewhere to {host}.").format(host=host)
        if host
        else _("The call was sent elsewhere."),
        _(
            "Seam doesn't do that: it is usually the sign-in page of a hotel or guest network, or "
            "a proxy. Open any web page in your browser and sign in."
        ),
        reached=True,
        retry=TRY_AGAIN,
        answer=answer,
        technical=f"HTTP {answer.status} redirect",
    )


def seconds_to_wait(retry_after: str | None, now: datetime) -> int | None:
    """A ``Retry-After`` header, seconds or an HTTP date, as whole seconds from `now`."""
    text = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, math.ceil((moment - now).total_seconds()))


def _duration(seconds: int) -> str:
    if seconds < 120:  # noqa: PLR2004 - up to two minutes are clearer in seconds
        return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    minutes = math.ceil(seconds / 60)
    if minutes < 120:  # noqa: PLR2004 - the same for hours
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    hours = math.ceil(minutes / 60)
    return ngettext("{count} hour", "{count} hours", hours).format(count=hours)


def _seam_message(call: Call, error: ErrorAnswer | None) -> str:
    """Seam's message as a sentence with a space after it, or an empty text."""
    if error is None or not (text := call.clean(error.message)):
        return ""
    return _("Seam says: {text}{value} ").format(
        text=text, value="" if text.endswith((".", "!", "?", "…")) else "."
    )
