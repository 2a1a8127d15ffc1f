"""django-post_office on a schema of its own: `python -m fundraise.ops.bench.post_office NUMBER`.

It queues so many mails and works its queue off into a backend that only makes each mail's bytes, so
what it says (mails a second) is more than any mail server would let it have.
"""

from __future__ import annotations

import os
import sys
import time

import django
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection

from fundraise.env import database_from_url

SCHEMA = "post_office_bench"
WORDS = 180  # of HTML, about as long as an appeal's


class OnlyMade(BaseEmailBackend):
    """The bytes are made, and nothing is sent."""

    def send_messages(self, messages: object) -> int:
        made = [one.message().as_bytes() for one in messages]  # type: ignore[attr-defined]
        return len(made)


def main(number: int) -> float:
    """Mails a second, from the queue to the last one made."""
    there = database_from_url(os.environ["DATABASE_OWNER_URL"])
    there["OPTIONS"] = {"options": f"-c search_path={SCHEMA}"}
    settings.configure(
        DATABASES={"default": there},
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        EMAIL_BACKEND="post_office.EmailBackend",
        POST_OFFICE={
            "BACKENDS": {"default": f"{OnlyMade.__module__}.{OnlyMade.__qualname__}"},
            "BATCH_SIZE": 1000,
            "MAX_RETRIES": 0,
            "LOG_LEVEL": 0,
            "THREADS_PER_PROCESS": 5,
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    call_command("migrate", verbosity=0)
    from post_office import mail  # it reads the settings when it is imported

    html = "<p>Valet avgörs nu, och din gåva gör skillnad.</p>" * WORDS
    mail.send_many(
        {
            "sender": "hej@party.example",
            "recipients": [f"p{at}@example.org"],
            "subject": "Valet avgörs nu",
            "message": "Valet avgörs nu. " * 60,
            "html_message": html,
        }
        for at in range(number)
    )
    begun, sent = time.perf_counter(), 0
    while sent < number:
        done, failed, _again = mail.send_queued(processes=1)
        if failed or not done:
            raise RuntimeError("not all were sent")
        sent += done
    return number / (time.perf_counter() - begun)


if __name__ == "__main__":
    sys.stdout.write(f"{main(int(sys.argv[1]))}\n")
