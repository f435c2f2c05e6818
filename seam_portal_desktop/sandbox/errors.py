"""Errors in the shape of Seam's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import JSONResponse

from seam_portal_desktop.sandbox.validation import FieldProblem, nested_errors


class ApiError(Exception):
    """An answer that isn't 200. ``error_type`` is Seam's ``error.type``."""

    def __init__(
        self,
        status: int,
        error_type: str,
        message: str,
        *,
        problems: Iterable[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message
        self.problems = tuple(problems)
        self.headers = headers

    def response(self) -> JSONResponse:
        error: dict[str, Any] = {"type": self.error_type, "message": self.message}
        if self.problems:
            error["validation_errors"] = nested_errors(self.problems)
        return JSONResponse(
            {"error": error, "ok": False}, status_code=self.status, headers=self.headers
        )


def invalid_input(problems: Iterable[FieldProblem]) -> ApiError:
    """400 with the problems of each field. The message repeats the first problem."""
    problems = tuple(problems)
    first = problems[0]
    where = ".".join(map(str, first.path))
    message = f"{first.message} at {where}" if where else first.message
    return ApiError(400, "invalid_input", message, problems=problems)


def not_found(what: str, message: str) -> ApiError:
    """404 for a missing `what`, such as ``customer``."""
    return ApiError(404, f"{what}_not_found", message)
