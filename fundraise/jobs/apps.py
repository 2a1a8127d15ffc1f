from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created


class JobsConfig(AppConfig):
    name = "fundraise.jobs"
    label = "jobs"

    def ready(self) -> None:
        # Tasks are queued from every kind of process: the application must be there in each.
        import fundraise.celery  # noqa: F401
        from fundraise import clock, priority
        from fundraise.jobs import offset

        connection_created.connect(priority.share, dispatch_uid="priority")
        if settings.MODE != "live":
            clock.use(offset.stored)
