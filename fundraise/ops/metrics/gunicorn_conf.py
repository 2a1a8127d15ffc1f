"""Read by gunicorn in its first process, before the application: see hooks.py."""

from __future__ import annotations

import os

from fundraise.ops.metrics.hooks import VARIABLE, child_exit, emptied, folder_of

__all__ = ["child_exit"]

_folder = folder_of(os.environ)
if _folder is not None:
    os.environ[VARIABLE] = str(emptied(_folder))
