"""Log lines without personal data: one processor that every line passes.

Being a donor to a party is special-category data, so a log may hold ids, states and sums, never a
name, an address or a number that points at a person. What the code writes is ids; this file is for
what slips through: the database's error details, exception texts, URLs with query strings.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

REMOVED = "[removed]"
LONGEST = 20_000
# django_structlog puts these on every line of a request.
DROPPED_KEYS = frozenset({"ip", "user_agent"})
PROBES = frozenset({"GET /healthz", "GET /readyz"})
# The keys whose value is a person's, whatever it looks like.
PERSONAL_KEYS = frozenset(
    {
        "account",
        "address",
        "authorization",
        "body",
        "cookie",
        "cookies",
        "data",
        "donor_name",
        "email",
        "first_name",
        "iban",
        "last_name",
        "message_body",
        "name",
        "personal_number",
        "phone",
        "postal_code",
        "recipient",
        "remote_addr",
        "street",
        "to",
        "typed_name",
    }
)

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # PostgreSQL puts the row into these parts, and client-side binding the values into LINE n.
    (re.compile(r"(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):\s.*", re.DOTALL), REMOVED),
    (re.compile(r"Failing row contains.*", re.DOTALL), REMOVED),
    (re.compile(r"(Key \([^)]{1,200}\)=).*", re.DOTALL), rf"\1{REMOVED}"),
    (
        re.compile(
            r"((?:invalid input (?:syntax|value) for|value out of range|out of range for)"
            r"[^:]{0,80}:).*",
            re.DOTALL,
        ),
        rf"\1 {REMOVED}",
    ),
    (re.compile(r"((?:https?://|/)[^\s?\"'<>]{0,2000})\?[^\s\"'<>]*"), rf"\1?{REMOVED}"),
    # What a mail's link carries is good by itself (mailings/tokens.py).
    (
        re.compile(r"(/(?:avregistrera|unsubscribe|utskick|mailings|l)/)[A-Za-z0-9_-]{24}"),
        rf"\1{REMOVED}",
    ),
    (re.compile(r"(/webhooks/sendgrid/inbound/)[A-Za-z0-9_-]+"), rf"\1{REMOVED}"),
    (re.compile(r"[^\s@<>\"'(),;:=/?&\[\]]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+"), REMOVED),
    (
        re.compile(r"(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"),
        REMOVED,
    ),
    (re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])"), REMOVED),
    # YYMMDD-NNNN with a real month and day (day + 60 in a co-ordination number).
    (
        re.compile(
            r"(?<![\w-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01])[-+ ]?\d{4}"
            r"(?![\w-])"
        ),
        REMOVED,
    ),
    (
        re.compile(r"(?<![\w.:/-])(?:\+\d{2,3}|00\d{2}|0)(?: ?\(0\))?(?:[ -]?\d){7,11}(?!\w)"),
        REMOVED,
    ),
)
# In an exception's text a quoted word is a value unless it looks like a name in the code.
_QUOTED = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"|“([^”\n]*)”")
_CODE_NAME = re.compile(
    r"NoneType|bool|bytes|date|datetime|dict|float|int|list|str|tuple|UUID|[a-z0-9]+(?:_[a-z0-9]+)+"
    r"|(?:api|django|donors|fundraise|mailings)\.[\w.]+"
)


def scrub(text: str) -> str:
    """The text without what points at a person."""
    text = text[:LONGEST]
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def scrub_message(error: BaseException) -> str:
    """An exception's own words, with quoted values taken out as well."""
    return scrub_words(str(error))


def scrub_words(text: str) -> str:
    """Words about a fault, with quoted values taken out as well."""
    return _QUOTED.sub(_keep_code_names, scrub(text))


def describe(error: BaseException, limit: int = 200) -> str:
    """One short line about an error, safe to store or log."""
    return f"{type(error).__name__}: {scrub_message(error)}".replace("\n", " ")[:limit]


def _keep_code_names(match: re.Match[str]) -> str:
    inner = next(group for group in match.groups() if group is not None)
    return match.group(0) if _CODE_NAME.fullmatch(inner) else REMOVED


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, Mapping):
        return {str(key): _clean_item(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return scrub(str(value))


def _clean_item(key: str, value: Any) -> Any:
    return REMOVED if key in PERSONAL_KEYS else _clean(value)


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what caused it, the first cause first."""
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found:
        found.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return found[::-1]


def _stack(error: BaseException, frames: TracebackType | None) -> str:
    # Source lines only: never the local variables, which hold what the donor typed.
    return "".join(traceback.format_tb(frames)) + describe(error, LONGEST)


def render_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Turn exc_info into type, message and traceback; clean its words out of the line's text."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(error, BaseException):
        return event
    chain = _chain(error)
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _without_words(value, chain)
    event["error_type"] = type(error).__name__
    event["error"] = scrub_message(error)
    event["exception"] = "\n\n".join(_stack(link, link.__traceback__) for link in chain)
    return event


def _without_words(text: str, chain: list[BaseException]) -> str:
    for error in chain:
        for words in (repr(error), str(error)):
            if words:
                text = text.replace(words, describe(error))
    return text


def remove_personal_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """The last step before a line is written."""
    return {key: _clean_item(key, value) for key, value in event.items() if key not in DROPPED_KEYS}


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Whether a line says more than that monitoring asked whether we live."""
    words = record.msg if isinstance(record.msg, dict) else {}
    return words.get("request") not in PROBES or words.get("code", 200) != 200


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]


def configure_structlog() -> None:
    """Hand structlog's own lines to logging, so that all lines take one road."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(*, json_lines: bool) -> dict[str, Any]:
    """Django's LOGGING (gunicorn's logconfig_dict too): one handler, one formatter, no detours."""
    configure_structlog()
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        # ExtraAdder lets nothing through but the status: Django hangs the whole request on a line.
        "foreign_pre_chain": [*_SHARED, structlog.stdlib.ExtraAdder(allow={"status_code"})],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            render_exception,
            remove_personal_data,
            structlog.processors.TimeStamper(fmt="iso"),
            renderer,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {
            "line": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": [is_worth_a_line],
            }
        },
        "root": {"handlers": ["line"], "level": "INFO"},
        "loggers": {name: dict(how) for name, how in _LOGGERS.items()},
    }


# Loggers that bring handlers of their own give them up; those that tell too much tell less.
_LOGGERS: dict[str, dict[str, Any]] = {
    **{
        name: {"handlers": [], "level": "INFO", "propagate": True}
        for name in (
            "celery",
            "celery.redirected",
            "celery.task",
            "celery.worker",
            "django",
            "django.request",
            "django.security",
            "django.server",
            "gunicorn.error",
            "py.warnings",
        )
    },
    **{
        name: {"handlers": [], "level": "WARNING", "propagate": True}
        for name in (
            "celery.app.trace",  # each task has its lines from django_structlog
            "celery.worker.strategy",
            "django.db.backends",
            "django.template",
            "gunicorn.access",  # the request line of django_structlog says it without the address
            "kombu",
            "stripe",
            "urllib3",
        )
    },
}
