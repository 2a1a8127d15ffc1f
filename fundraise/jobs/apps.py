from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class JobsConfig(AppConfig):
    name = "fundraise.jobs"
    label = "jobs"

    def ready(self) -> None:
        # Tasks are queued from every kind of process: the application must be there in each.
        import fundraise.celery  # noqa: F401
        from fundraise import clock
        from fundraise.jobs import offset

        if settings.MODE != "live":
            clock.use(offset.stored)
