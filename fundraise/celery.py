"""The Celery application: `celery -A fundraise worker`, `celery -A fundraise beat`."""

from __future__ import annotations

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundraise.settings")

app = Celery("fundraise")
# The current app is per thread; without a default the other threads of a web server would queue
# to an application without settings.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def use_our_logging(**_ignored: Any) -> None:
    """Being connected is enough for Celery to set up no handlers of its own."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
