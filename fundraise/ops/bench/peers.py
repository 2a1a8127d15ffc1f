"""What others reach on the same machine with the same mails, where they are installed.

Neither is a dependency: `pip install django-anymail django-post-office` beside the bench adds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from time import perf_counter

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from mailings.appeals.letters import tag
from mailings.senders.base import BulkRequest

ANYMAIL = "anymail.backends.sendgrid.EmailBackend"


def rates(requests: Sequence[BulkRequest], port: int) -> Iterator[tuple[str, float, float]]:
    """Name, how many times faster we should be, and its mails a second."""
    if find_spec("anymail") is not None:
        yield "django-anymail, batches", 3.0, _anymail(requests, port)


def _anymail(requests: Sequence[BulkRequest], port: int) -> float:
    """A loop over its batches with merge_data, metadata and headers on an opened connection."""
    settings.ANYMAIL = {
        "SENDGRID_API_KEY": "SG.stand-in.bench",
        "SENDGRID_API_URL": f"http://127.0.0.1:{port}/v3/",
    }
    begun = perf_counter()
    with get_connection(ANYMAIL) as opened:
        for request in requests:
            opened.send_messages([_as_anymail(request)])
    return sum(len(one.people) for one in requests) / (perf_counter() - begun)


def _as_anymail(request: BulkRequest) -> EmailMultiAlternatives:
    content = request.content
    mail = EmailMultiAlternatives(
        subject=content.subject,
        body=content.text,
        from_email=f"{content.from_name} <{content.from_email}>",
        to=[one.to for one in request.people],
    )
    mail.attach_alternative(content.html, "text/html")
    named = {one.to: dict(zip(content.tags, one.values, strict=True)) for one in request.people}
    mail.merge_data = named  # type: ignore[attr-defined]
    mail.merge_metadata = {to: {"m": values["e"]} for to, values in named.items()}  # type: ignore[attr-defined]
    mail.merge_headers = {  # type: ignore[attr-defined]
        to: {"List-Unsubscribe": f"<https://party.example/{values['u']}>"}
        for to, values in named.items()
    }
    mail.esp_extra = {"merge_field_format": tag("{}")}  # type: ignore[attr-defined]
    return mail
