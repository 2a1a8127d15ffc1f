"""The service's settings with one address more, for the page benchmark."""

from __future__ import annotations

from fundraise.settings import *  # noqa: F403

ROOT_URLCONF = "fundraise.ops.bench.urls"
