"""What beat does with autogiro's files. Each job may run twice, late, or beside itself."""

from __future__ import annotations

from celery import shared_task

from fundraise import clock
from fundraise.jobs.services import record_run
from fundraise.providers.giro import building, delivering, inbox, passing, watching


@shared_task(time_limit=3600, soft_time_limit=3500)
def files() -> None:
    """Make the day's files when it is time, and deliver what is ready."""
    with record_run("giro-files") as counts:
        counts["made"] = len(building.build_due())
        counts.update(delivering.deliver_due())


@shared_task(time_limit=7000, soft_time_limit=6900)
def reports() -> None:
    """Fetch files from Bankgirot and work them in; pass on what is another system's."""
    with record_run("giro-reports") as counts:
        counts["fetched"] = inbox.pick_up()
        counts["worked_in"] = inbox.work_in_waiting()
        counts["passed_on"] = passing.leave_waiting()
        counts["pruned"] = inbox.prune(clock.today())


@shared_task
def watch() -> None:
    """Ring about what does not leave and what does not come."""
    with record_run("giro-watch") as counts:
        counts["open"] = watching.look()
