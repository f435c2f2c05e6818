"""The errors for answers whose status is 2xx, but that aren't as the contract has them."""

from __future__ import annotations

from seam_portal_desktop.adapters.seam.call import TRY_AGAIN, Answer, Call
from seam_portal_desktop.adapters.seam.wire import UnreadableAnswerError
from seam_portal_desktop.domain.errors import SeamError, UnexpectedAnswerError
from seam_portal_desktop.texts import _


def unreadable(call: Call, answer: Answer, problem: UnreadableAnswerError) -> SeamError:
    """The error for a 2xx answer that isn't as the contract has it."""
    if problem.field is not None:
        title = _("Seam's answer lacks something.")
        message = _(
            "“{field}” is missing or not as expected. This program may be too old for "
            "the service: look for an update, or tell Seam's support."
        ).format(field=problem.field)
        technical = f"bad field {problem.field}"
    elif answer.is_web_page:
        title = _("A web page came back instead of Seam's answer.")
        message = _(
            "It is usually the sign-in page of a hotel or guest network, or a proxy. Open any web "
            "page in your browser and sign in."
        )
        technical = "HTML instead of JSON"
    elif problem.cut_off:
        return cut_off(call, answer)
    else:
        title = _("Seam's answer can't be read.")
        message = _(
            "What came from {host} is not JSON. Check the endpoint of the workspace, or "
            "whether a proxy changes what passes through it."
        ).format(host=call.host)
        technical = "not JSON"
    return call.fail(
        UnexpectedAnswerError,
        title,
        message,
        reached=True,
        retry=TRY_AGAIN if problem.field is None else "",
        answer=answer,
        technical=f"HTTP {answer.status}, {technical}",
    )


def cut_off(call: Call, answer: Answer) -> SeamError:
    """The error for an answer that began and did not end."""
    return call.fail(
        UnexpectedAnswerError,
        _("Seam's answer was cut off."),
        _("The connection ended in the middle of it. Check the network."),
        reached=True,
        retry=TRY_AGAIN,
        answer=answer,
        technical=f"HTTP {answer.status}, incomplete body",
    )


def too_large(call: Call, answer: Answer, limit: int) -> SeamError:
    """The error for a 2xx answer of more than `limit` bytes, the rest of which was not read."""
    return call.fail(
        UnexpectedAnswerError,
        _("Seam's answer is far too large."),
        _(
            "It has more than {limit} MB and was refused. Something other than Seam may "
            "have answered: check the endpoint of the workspace."
        ).format(limit=limit // 1000000),
        reached=True,
        answer=answer,
        technical=f"HTTP {answer.status}, more than {limit} bytes",
    )


def list_too_long(call: Call, answer: Answer, read: int) -> SeamError:
    """The error for a list that is longer than this program reads. `read` are bytes."""
    return call.fail(
        UnexpectedAnswerError,
        _("Seam's list is too long for this program."),
        _(
            "It was read up to {read:.0f} MB and then given up, so what the rest holds "
            "isn't known. Nothing was changed. Look for what you need in the Seam Console."
        ).format(read=read / 1000000),
        reached=False,
        answer=answer,
        technical=f"HTTP {answer.status}, gave up after {read} bytes",
    )
