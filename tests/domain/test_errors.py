from __future__ import annotations

import inspect
import traceback

import pytest

from seam_portal_desktop.domain import errors
from seam_portal_desktop.domain.errors import (
    InvalidRequestError,
    SeamError,
    UserFacingError,
)


def test_details_have_no_empty_lines():
    error = UserFacingError("It broke", "Mend it.", "request-1", technical="KeyError")
    assert error.details() == (
        "It broke\nMend it.\nTechnical: KeyError\nSeam request id: request-1"
    )
    assert UserFacingError("It broke", "Mend it.").details() == "It broke\nMend it."
    assert UserFacingError("A", "B", seam_request_id="r").details() == "A\nB\nSeam request id: r"
    assert UserFacingError("A", "B", technical="t").details() == "A\nB\nTechnical: t"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("The disk is full", "The disk is full. Free some space."),
        ("No link was made.", "No link was made. Free some space."),
        ("Is it there?", "Is it there? Free some space."),
    ],
)
def test_as_text_it_is_two_sentences(title, shown):
    error = UserFacingError(title, "Free some space.", "request-1", "technical")
    assert str(error) == shown
    assert traceback.format_exception_only(error)[-1].endswith(f"UserFacingError: {shown}\n")


def test_by_default_an_error_cannot_be_retried():
    error = SeamError("A", "B")
    assert not error.can_retry
    assert not error.outcome_unknown
    assert error.status is None
    assert error.error_type is None
    assert dict(InvalidRequestError("A", "B").fields) == {}


def test_fields_can_be_shared_but_not_changed():
    fields = InvalidRequestError("A", "B").fields
    with pytest.raises(TypeError):
        fields["x"] = ()  # type: ignore[index]


def test_errors_are_equal_by_identity():
    """The status area and exception groups hold several errors, which may have equal texts."""
    one, other = UserFacingError("A", "B"), UserFacingError("A", "B")
    assert one != other
    assert len({one, other}) == 2


def test_every_error_of_the_module_is_for_users_and_can_be_raised():
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, Exception)
    ]
    assert len(kinds) > 15
    for kind in kinds:
        assert issubclass(kind, UserFacingError)
        with pytest.raises(kind, match=r"^It broke\. Mend it\.$"):
            raise kind("It broke", "Mend it.")
