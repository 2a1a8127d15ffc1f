"""Faults told to a Sentry, when one is named: where and what kind, never whose.

An event is made anew from the few parts that are known to be safe. What is not named here does not
leave the house: no request, cookie, header, local variable, argument, user, breadcrumb or host
name. The words of an exception pass the same filter as the log's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fundraise.logs import scrub_words

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

KEPT = ("event_id", "timestamp", "level", "platform", "environment", "release", "logger", "sdk")
OF_A_FRAME = (
    "filename", "function", "module", "lineno", "in_app", "context_line", "pre_context",
    "post_context",
)  # fmt: skip
# Their lines say again what the exception itself has told, with the request beside it.
SILENT = ("django_structlog.*", "django.request", "django.security.*", "celery.app.trace")


def begin(dsn: str, environment: str, **more: Any) -> None:
    """Tell faults to this address from now on. `more` is for tests."""
    import sentry_sdk
    from sentry_sdk.integrations.logging import ignore_logger

    for name in SILENT:
        ignore_logger(name)
    sentry_sdk.init(**options(dsn, environment), **more)


def options(dsn: str, environment: str) -> dict[str, Any]:
    """Faults alone, from what this service runs on; nothing is measured and nothing is passed on
    to whom we call."""
    return {
        "dsn": dsn,
        "environment": environment,
        "before_send": clean,
        "before_send_transaction": _nothing,
        "send_default_pii": False,
        "include_local_variables": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 0,
        "auto_session_tracking": False,
        "send_client_reports": False,
        "enable_logs": False,
        "enable_metrics": False,
        "propagate_traces": False,
        "trace_propagation_targets": [],
        "spotlight": False,
        "default_integrations": False,
        "auto_enabling_integrations": False,
        "integrations": _integrations(),
    }


def _integrations() -> list[Any]:
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.celery import CeleryIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    return [
        AtexitIntegration(callback=lambda _pending, _timeout: None),
        CeleryIntegration(propagate_traces=False),
        DedupeIntegration(),
        DjangoIntegration(
            transaction_style="function_name", middleware_spans=False, signals_spans=False
        ),
        ExcepthookIntegration(),
        LoggingIntegration(level=None),
    ]


def _nothing(_event: Event, _hint: Hint) -> Event | None:
    return None


def clean(event: Event, hint: Hint) -> Event | None:
    """The event made anew from what may leave the house."""
    given: Mapping[str, Any] = event
    made: dict[str, Any] = {name: given[name] for name in KEPT if name in given}
    if given.get("transaction"):
        made["transaction"] = scrub_words(str(given["transaction"]))
    runtime = (given.get("contexts") or {}).get("runtime")
    if runtime:
        made["contexts"] = {"runtime": runtime}
    words = _words(given, hint)
    if words:
        made["logentry"] = {"message": scrub_words(words)}
    values = (given.get("exception") or {}).get("values") or []
    if values:
        made["exception"] = {"values": [_exception(value) for value in values]}
    return made  # type: ignore[return-value]


def _words(event: Mapping[str, Any], hint: Mapping[str, Any]) -> str:
    """What a line of the log said, without its values: ours are names with values beside them."""
    said = getattr(hint.get("log_record"), "msg", None)
    if isinstance(said, Mapping):
        return str(said.get("event", ""))
    return str((event.get("logentry") or {}).get("message") or event.get("message") or "")


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    how = value.get("mechanism") or {}
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": scrub_words(str(value.get("value") or "")),
        "mechanism": {"type": how.get("type", "generic"), "handled": how.get("handled", True)},
        "stacktrace": {
            "frames": [
                {name: frame[name] for name in OF_A_FRAME if name in frame} for frame in frames
            ]
        },
    }
