from __future__ import annotations

from django.db import models

from mailings.appeals.models.appeal import Appeal


class Reached(models.Model):
    """Whom a finished appeal was sent to: a bit for each donor, where `get_bit` looks for the
    donor's number. A copy of its messages, for segments that ask who has (not) received it.

    The database writes it with the end, and from then on neither it nor the messages change. Of a
    merge it says nothing: a record that is gone keeps its bit. `verify_books` makes all anew.
    """

    appeal = models.OneToOneField(
        Appeal, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    bits = models.BinaryField()
