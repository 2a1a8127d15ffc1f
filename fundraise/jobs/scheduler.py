"""The clock of the scheduled jobs: Celery's own, with a file that may be damaged.

Celery writes when each job ran last into a small file. Killed in the middle, the file may say less
than it should (`EOFError`), and Celery's own repair does not know that case: the clock would end at
every start, and no job would run again. The file is made anew instead; a job may then run once more
than it had to, and every job may.
"""

from __future__ import annotations

from typing import Any

import structlog
from celery.beat import PersistentScheduler

log = structlog.get_logger(__name__)


class Scheduler(PersistentScheduler):
    """settings.CELERY_BEAT_SCHEDULER."""

    def setup_schedule(self) -> None:
        """Open the file; what can't be read is set aside and begun anew, once."""
        try:
            super().setup_schedule()
        except Exception as error:
            log.warning("beat_file_made_anew", error=type(error).__name__)
            self._close_quietly()
            self._remove_db()  # type: ignore[attr-defined]
            super().setup_schedule()

    def _close_quietly(self) -> None:
        store: Any = self.__dict__.get("_store")
        if store is not None:
            store.dict, store.cache = {}, {}  # nothing is written back
            self._store = None
