"""Errors in the shape Stripe answers them."""

from __future__ import annotations

from typing import Any

from fundraise.sandbox.stripe.config import Json

DOCS = "https://stripe.com/docs/error-codes"


class ApiError(Exception):
    """An answer that is not 200.

    saved: the act had begun, so the answer is kept under the idempotency key and what the act
    wrote (a failed charge) stays. Validation errors are not saved, as at Stripe.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        saved: bool = False,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.saved = status, message, saved
        self.type, self.code, self.param, self.extra = type, code, param, extra

    def body(self, request_id: str) -> Json:
        error: Json = {"message": self.message, "type": self.type}
        if self.code:
            error |= {"code": self.code, "doc_url": f"{DOCS}/{self.code.replace('_', '-')}"}
        if self.param:
            error["param"] = self.param
        error |= {name: value for name, value in self.extra.items() if value is not None}
        error["request_log_url"] = f"https://dashboard.invalid/test/logs/{request_id}"
        return {"error": error}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    return ApiError(400, message, param=param, code=code)


def missing_param(param: str) -> ApiError:
    return invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")


def unexpected_state(message: str, *, code: str | None = None, **extra: Any) -> ApiError:
    return ApiError(400, message, code=code, saved=True, **extra)


def no_such(kind: str, object_id: str, param: str = "id") -> ApiError:
    return ApiError(404, f"No such {kind}: '{object_id}'", code="resource_missing", param=param)


def api_error(status: int = 500) -> ApiError:
    message = "An unknown error occurred (asked for on the control page)."
    return ApiError(status, message, type="api_error", saved=status >= 500)


def too_many() -> ApiError:
    message = "Request rate limit exceeded (asked for on the control page)."
    return ApiError(429, message, type="invalid_request_error", code="rate_limit")


def key_in_use(key: str) -> ApiError:
    message = (
        f"There is currently another in-progress request using this Idempotent Key ({key}) "
        "(that probably means you submitted twice, and the other request is still going through)."
    )
    return ApiError(409, message, type="idempotency_error", code="idempotency_key_in_use")


def key_used_otherwise(key: str) -> ApiError:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{key}' if you meant to execute a different "
        "request."
    )
    return ApiError(400, message, type="idempotency_error")
