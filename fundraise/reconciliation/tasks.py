"""What beat runs: the bank's files, open items, the daily proof. Each may run twice, or late.

Files of the folder are booked here; a person's are booked when the person says so.
"""

from __future__ import annotations

from celery import shared_task

from fundraise import clock
from fundraise.jobs.long_tasks import HARD_SECONDS, SOFT_SECONDS
from fundraise.jobs.services import record_run
from fundraise.ledger.checks import LEFT
from fundraise.reconciliation import failed_payouts, inbox, rematching, told
from fundraise.reconciliation.deciding import learning
from fundraise.reconciliation.inbox import folder, storing, stripe_lines
from fundraise.reconciliation.models import BankAccount, ProofLine
from fundraise.reconciliation.proof import running


@shared_task(time_limit=HARD_SECONDS, soft_time_limit=SOFT_SECONDS)
def prove_the_day() -> None:
    """Try every identity of the books: what differs rings and is queued."""
    with record_run("daily-proof") as counts:
        lines = running.run().lines
        counts["checks"] = lines.count()
        counts["differs"] = lines.filter(status=ProofLine.Status.DIFFERS).count()


@shared_task(time_limit=HARD_SECONDS, soft_time_limit=SOFT_SECONDS)
def prove_what_is_new() -> None:
    """Try what came after the last whole proof, so that a fault rings within the hour."""
    with record_run("hourly-proof") as counts:
        found = running.run_since()
        counts["checks"] = len(found.checks)
        counts["differs"] = len(found.differing)
        counts["left"] = sum(check.reach == LEFT for check in found.checks)


@shared_task(time_limit=HARD_SECONDS, soft_time_limit=SOFT_SECONDS)
def files() -> None:
    """Fetch the bank's files, read and book them."""
    with record_run("bank-files") as counts:
        counts["fetched"] = folder.pick_up()
        counts.update(folder.work_in())
        counts["pruned"] = storing.prune(clock.today())


@shared_task(time_limit=HARD_SECONDS, soft_time_limit=SOFT_SECONDS)
def book_file(file_pk: int, by: str) -> None:
    """Book a large file that a person said Import to; what a lost worker leaves, `files` ends."""
    inbox.book(file_pk, by=by)


@shared_task(time_limit=HARD_SECONDS, soft_time_limit=SOFT_SECONDS)
def again() -> None:
    """Look at open items again: what was not known may be known by now."""
    with record_run("bank-again") as counts:
        counts["forgotten"] = learning.forget()
        for account in BankAccount.objects.filter(closed_on=None).order_by("pk"):
            found = rematching.rematch(account)
            counts["matched"] = counts.get("matched", 0) + found.matched
            counts["suggested"] = counts.get("suggested", 0) + found.suggested
            counts["missed"] = counts.get("missed", 0) + rematching.miss_details(account)
        counts["failed"] = failed_payouts.watch()
        counts["told"] = told.watch()
        counts["placed"] = stripe_lines.look_again_everywhere()
