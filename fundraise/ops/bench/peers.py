"""What others reach on the same machine with the same mails, where they are installed.

Neither is a dependency of the service; `make setup` installs them for development.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from time import perf_counter

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from fundraise.ops.bench.house import House
from mailings.appeals.letters import tag
from mailings.senders.base import BulkRequest

QUEUED = 2_000
ANYMAIL = "anymail.backends.sendgrid.EmailBackend"


def rates(
    house: House, requests: Sequence[BulkRequest], port: int
) -> Iterator[tuple[str, float, float]]:
    """Name, how many times faster we should be, and its mails a second."""
    if find_spec("anymail") is not None:
        yield "django-anymail, batches", 3.0, _anymail(requests, port)
    if find_spec("post_office") is not None:
        yield "django-post_office", 100.0, _post_office(house)


def _post_office(house: House) -> float:
    """Its queue, worked off into nothing, in a process with settings of its own."""
    command = [sys.executable, "-m", "fundraise.ops.bench.post_office", str(QUEUED)]
    done = subprocess.run(
        command, env={**os.environ, **house.settings}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


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
