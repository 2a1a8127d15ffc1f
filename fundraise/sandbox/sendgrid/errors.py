"""Errors in SendGrid's words and shape: {"errors": [{"message", "field", "help"}]}."""

from __future__ import annotations

from typing import Any

from fundraise.sandbox.sendgrid.config import Json

HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message."


class ApiError(Exception):
    def __init__(
        self,
        status: int,
        message: str,
        field: str | None = None,
        help: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.field, self.help = status, message, field, help
        self.headers = headers or {}

    def body(self) -> Json:
        return {"errors": [{"message": self.message, "field": self.field, "help": self.help}]}


def bad(message: str, field: str | None = None, about: str = "") -> ApiError:
    """A 400 about a field; `about` names the part of SendGrid's page of errors."""
    return ApiError(400, message, field, HELP + about if about else None)


# What stands in the official file for each status, or what the live service is known to say.
SAYS = {
    400: "Bad Request",
    401: "The provided authorization grant is invalid, expired, or revoked",
    403: "access forbidden",
    404: "not found",
    405: "method not allowed",
    413: "content too large",
    429: "too many requests",
    500: "internal server error",
    503: "service unavailable",
}


def plain(status: int, headers: dict[str, str] | None = None) -> ApiError:
    return ApiError(status, SAYS.get(status, "error"), headers=headers)


def text_of(value: Any) -> str:
    """A word of the request as it may stand in an error."""
    return str(value)[:320]
