"""How long a task may take that goes through all there is: proofs, pulls, files of a year."""

from __future__ import annotations

from datetime import timedelta

# Ended, and asked to end. Less than the two hours after which the broker would give a task to a
# second worker.
HARD_SECONDS, SOFT_SECONDS = 7000, 6900
# Nothing still runs after that.
LONGEST_RUN = timedelta(seconds=HARD_SECONDS) + timedelta(minutes=10)
