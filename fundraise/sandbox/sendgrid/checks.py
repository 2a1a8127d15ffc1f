"""What SendGrid refuses of a mail request: the parts that concern all of it.

Only what a request needs to be refused is looked at, and quickly: it is on the way of speed tests.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fundraise.sandbox.sendgrid import people
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.errors import ApiError, bad, text_of
from fundraise.sandbox.sendgrid.people import address, send_at, strings

MOST_CATEGORIES = 10
MOST_GROUPS = 25
KEYS = frozenset((
    "personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments",
    "template_id", "headers", "categories", "custom_args", "send_at", "batch_id", "asm",
    "ip_pool_name", "mail_settings", "tracking_settings", "sections",
))  # fmt: skip
MAIL_SETTINGS = ("bypass_list_management", "bypass_spam_management", "bypass_bounce_management",
                 "bypass_unsubscribe_management", "footer", "sandbox_mode")  # fmt: skip
TRACKING = ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics")


@dataclass(frozen=True)
class Rules:
    """What depends on the account and the moment."""

    now: int
    knows_batch: Callable[[str], bool]
    unique_across: bool = True
    verified_senders: tuple[str, ...] = ()


def check(given: Any, rules: Rules) -> int:
    """How many recipients the request has. Raises ApiError."""
    if type(given) is not dict:
        raise bad("Bad Request")
    for name in given:
        if name not in KEYS:
            raise bad(f"Additional property {text_of(name)} is not allowed", text_of(name))
    _sender(given, rules)
    template = _template(given)
    _content(given, template)
    _small_things(given, rules)
    count = people.check(given, rules.now, across=rules.unique_across, dynamic=template == "d-")
    _subject(given, template)
    return count


def sandboxed(given: Json) -> bool:
    """Only checked, never sent."""
    mode = given.get("mail_settings", {}).get("sandbox_mode", {})
    return bool(mode.get("enable", False))


def _sender(given: Json, rules: Rules) -> None:
    if type(given.get("from")) is not dict or "email" not in given["from"]:
        raise bad(
            "The from object must be provided for every email send. It is an object that requires"
            " the email parameter, but may also contain a name parameter.  e.g."
            ' {"email" : "example@example.com"}  or {"email" : "example@example.com",'
            ' "name" : "Example Recipient"}.', "from.email", "from",
        )  # fmt: skip
    sender = address(given["from"], "from").lower()
    known = rules.verified_senders
    if known and sender not in known and sender.rpartition("@")[2] not in known:
        raise ApiError(
            403,
            "The from address does not match a verified Sender Identity. Mail cannot be sent until"
            " this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email"
            "/sender-identity/ to see the Sender Identity requirements", "from",
        )  # fmt: skip
    if "reply_to" in given and "reply_to_list" in given:
        raise bad("Only one of reply_to and reply_to_list may be used.", "reply_to", "reply_to")
    if "reply_to" in given:
        address(given["reply_to"], "reply_to")
    for place, found in enumerate(_list(given, "reply_to_list", 1000)):
        address(found, f"reply_to_list.{place}")


def _template(given: Json) -> str:
    """`d-` for a dynamic one, `old` for another, else empty."""
    found = given.get("template_id")
    if found is None:
        return ""
    if type(found) is not str or not found:
        raise bad("The template_id must be a valid GUID.", "template_id", "template_id")
    return "d-" if found.startswith("d-") else "old"


def _content(given: Json, template: str) -> None:
    found = given.get("content")
    if found is None and template:
        return
    if type(found) is not list or not found:
        raise bad(
            "Unless a valid template_id is provided, the content parameter is required. There must"
            " be at least one defined content block. We typically suggest both text/plain and"
            " text/html blocks are included, but only one block is required.", "content", "content",
        )  # fmt: skip
    kinds = []
    for place, part in enumerate(found):
        if type(part) is not dict or type(part.get("type")) is not str or not part["type"]:
            raise bad("The content type must be a string at least one character in length.",
                      f"content.{place}.type", "content.type")  # fmt: skip
        if type(part.get("value")) is not str or not part["value"]:
            raise bad("The content value must be a string at least one character in length.",
                      f"content.{place}.value", "content.value")  # fmt: skip
        kinds.append(part["type"].lower())
    wanted = sorted(kinds, key=lambda kind: {"text/plain": 0, "text/html": 1}.get(kind, 2))
    if kinds != wanted or len(set(kinds)) != len(kinds):
        raise bad(
            "The text/plain content must be first, followed by text/html, then any other types;"
            " each may be given once.", "content", "content",
        )  # fmt: skip


def _subject(given: Json, template: str) -> None:
    found = given.get("subject")
    if found is not None and (type(found) is not str or not found):
        raise bad("The subject must be a string at least one character in length.", "subject",
                  "subject")  # fmt: skip
    if found or template or all("subject" in person for person in given["personalizations"]):
        return
    raise bad(
        "The subject is required. You can get around this requirement if you use a template with a"
        " subject defined or if every personalization has a subject defined.", "subject", "subject",
    )  # fmt: skip


def _small_things(given: Json, rules: Rules) -> None:
    _categories(_list(given, "categories", MOST_CATEGORIES))
    if "headers" in given:
        people.headers(given["headers"])
    if "custom_args" in given:
        strings(given["custom_args"], "custom_args")
    if "send_at" in given:
        send_at(given["send_at"], rules.now, "send_at")
    if "batch_id" in given and not (
        type(given["batch_id"]) is str and rules.knows_batch(given["batch_id"])
    ):
        raise bad("invalid batch id", "batch_id", "batch_id")
    if "asm" in given:
        _asm(given["asm"])
    for place, found in enumerate(_list(given, "attachments", 1000)):
        _attachment(found, f"attachments.{place}")
    pool = given.get("ip_pool_name", "--")
    if type(pool) is not str or not 2 <= len(pool) <= 64:
        raise bad("The ip_pool_name must be a string of 2 to 64 characters.", "ip_pool_name",
                  "ip_pool_name")  # fmt: skip
    _switches(given, "mail_settings", MAIL_SETTINGS)
    _switches(given, "tracking_settings", TRACKING)


def _list(given: Json, name: str, most: int) -> list[Any]:
    found = given.get(name, [])
    if type(found) is not list:
        raise bad(f"The {name} parameter must be an array.", name, name)
    if len(found) > most:
        raise bad(f"The {name} parameter may have at most {most} items.", name, name)
    return found


def _categories(found: list[Any]) -> None:
    for place, name in enumerate(found):
        if type(name) is not str or len(name) > 255 or not name.isascii():
            raise bad("Each category must be a string of at most 255 characters in 7-bit ASCII.",
                      f"categories.{place}", "categories")  # fmt: skip
    if len(set(found)) != len(found):
        raise bad("The categories must be unique.", "categories", "categories")


def _asm(found: Any) -> None:
    if type(found) is not dict or type(found.get("group_id")) is not int:
        raise bad("The asm object must have a group_id, which is an integer.", "asm.group_id",
                  "asm")  # fmt: skip
    shown = found.get("groups_to_display", [])
    if type(shown) is not list or len(shown) > MOST_GROUPS or {type(n) for n in shown} - {int}:
        raise bad(f"The groups_to_display must be at most {MOST_GROUPS} integers.",
                  "asm.groups_to_display", "asm")  # fmt: skip


def _attachment(found: Any, where: str) -> None:
    if type(found) is not dict or type(found.get("filename")) is not str:
        raise bad("The attachment must have a filename.", f"{where}.filename", "attachments")
    try:
        content = base64.b64decode(found.get("content") or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        content = b""
    if not content:
        raise bad("The attachment content must be base64 encoded.", f"{where}.content",
                  "attachments.content")  # fmt: skip
    if found.get("disposition", "attachment") not in ("inline", "attachment"):
        raise bad("The disposition must be inline or attachment.", f"{where}.disposition",
                  "attachments.disposition")  # fmt: skip


def _switches(given: Json, name: str, known: tuple[str, ...]) -> None:
    found = given.get(name, {})
    if type(found) is not dict:
        raise bad(f"The {name} parameter must be an object.", name, name)
    for part, setting in found.items():
        if part not in known:
            raise bad(f"Additional property {text_of(part)} is not allowed", f"{name}.{part}"[:99])
        if type(setting) is not dict or type(setting.get("enable", False)) is not bool:
            raise bad("The enable parameter must be a boolean.", f"{name}.{part}.enable", name)
