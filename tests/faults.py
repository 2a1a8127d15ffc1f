"""A process that goes wrong in every way that a Sentry hears of, with a person in its hands.

    python -m tests.faults      # PERSON names the person; SENTRY_DSN says who is told

The person is read from the environment so that no source line holds it.
"""

from __future__ import annotations

import logging
import os

import structlog
from celery import shared_task
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import path


def web_fault(request: HttpRequest) -> HttpResponse:
    typed_name = request.POST["name"]
    raise ValueError(f"no donor '{typed_name}' with {request.GET['mail']}")


def database_fault(request: HttpRequest) -> HttpResponse:
    mail = request.GET["mail"]
    try:
        raise KeyError(mail)
    except KeyError as error:
        row = f"DETAIL:  Key (email)=({mail}) already exists."
        raise IntegrityError(f'violates unique constraint "one_mail"\n{row}') from error


@shared_task
def task_fault(mail: str) -> None:
    raise RuntimeError(f"can't write to {mail}")


urlpatterns = [path("web/", web_fault), path("database/", database_fault)]
handler500 = "fundraise.give.errors.server_error"


def main() -> None:
    import django
    import sentry_sdk
    from django.conf import settings
    from django.test import Client

    django.setup()
    settings.ROOT_URLCONF = "tests.faults"
    person = os.environ["PERSON"]
    visitor = Client(raise_request_exception=False, SERVER_NAME="localhost", REMOTE_ADDR="10.9.8.7")
    visitor.cookies["a-cookie"] = person
    for address in ("/web/", "/database/"):
        visitor.post(f"{address}?mail={person}", {"name": person}, HTTP_USER_AGENT=person)
    task_fault.apply(args=(person,))
    logging.getLogger("fundraise.somewhere").error("could not reach %s", person)
    structlog.get_logger("fundraise.mail").error("mail_failed", to=person, ip="10.9.8.7")
    sentry_sdk.flush(10)


if __name__ == "__main__":
    main()
