"""A segment of a house's, for the pages where people are chosen."""

from __future__ import annotations

import json
from typing import Any

from mailings.segments import services
from mailings.segments.models import Segment
from tests.console.house import House

TREE = {"all": [{"is": "gave", "measure": "gifts", "at_least": 1}]}


def segment_of(_house: House) -> Segment:
    """The house's segment, made the first time that it is asked for."""
    found = Segment.objects.first()
    return found or services.create_segment(name="Alla", tree={"all": []}, by="staff:1")


def segment(house: House) -> dict[str, Any]:
    return {"ref": segment_of(house).ref}


def tree(_house: House) -> dict[str, Any]:
    return {"tree": json.dumps(TREE)}


def saved(house: House) -> dict[str, Any]:
    return {**tree(house), "made_from": segment_of(house).latest}


def why(house: House) -> dict[str, Any]:
    return {**tree(house), "who": "Bj\u00f6rn Testgren"}
