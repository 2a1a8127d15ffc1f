"""What each kind of file does to pledges, draws and mandates: `apply` takes a whole file."""

from __future__ import annotations
