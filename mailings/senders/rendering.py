"""Mails of many people, made here: for senders that take them one by one."""

from __future__ import annotations

import uuid
from email.utils import format_datetime, formataddr
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from fundraise import clock
from mailings.senders.base import BulkContent, BulkPerson, BulkRequest
from mailings.senders.filling import Filled, cut


class Form(NamedTuple):
    """A content with its tags cut out."""

    subject: Filled
    html: Filled
    text: Filled
    headers: tuple[tuple[str, Filled], ...]


@lru_cache(maxsize=16)
def form_of(content: BulkContent) -> Form:
    """Raises UnknownTag."""
    return Form(
        cut(content.subject, content.tags),
        cut(content.html, content.tags),
        cut(content.text, content.tags),
        tuple((name, cut(value, content.tags)) for name, value in content.headers),
    )


def rendered(request: BulkRequest, number: int) -> bytes:
    """The whole mail of one person of a request, always with the same message id.

    Raises ValueError (UnknownTag and BadHeaderError are such) when it can't be written.
    """
    content, person = request.content, request.people[number]
    form = form_of(content)
    if not person.to.strip():
        raise ValueError("no address")
    if len(person.values) != len(content.tags):
        raise ValueError("a person has another number of values than there are tags")
    email = EmailMultiAlternatives(
        subject=form.subject(person.values),
        body=form.text(person.values),
        from_email=formataddr((content.from_name, content.from_email)),
        to=[person.to],
        reply_to=[content.reply_to] if content.reply_to else None,
        headers=_headers(form, person, content.language) | {"Message-ID": _id(request.key, number)},
    )
    email.attach_alternative(form.html(person.values), "text/html")
    return email.message().as_bytes()


def _headers(form: Form, person: BulkPerson, language: str) -> dict[str, str]:
    own = {"Date": format_datetime(clock.real_now()), "Content-Language": language}
    return own | {name: fill(person.values) for name, fill in form.headers}


def _id(key: str, number: int) -> str:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{uuid.uuid5(uuid.NAMESPACE_OID, f'{key}:{number}')}@{host}>"
