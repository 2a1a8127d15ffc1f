"""What stands in the way of a backup or a restore; the text says what to do about it."""

from __future__ import annotations


class BackupError(Exception):
    """Nothing was done, or what was begun is cleared away, unless the text says otherwise."""


class Unfinished(BackupError):
    """A restore broke on the way: what came back is not whole, has no seal, and must be dropped."""


class NotEmpty(BackupError):
    """The database to restore into holds something; it was left as it is."""
