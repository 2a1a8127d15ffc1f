"""The doors: segments and their versions, and what mail did to people.

A version is never edited; a save names the version it was made from, so that two open pages don't
overwrite each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from fundraise import clock
from fundraise.audit import services as audit
from mailings.segments.errors import SegmentError
from mailings.segments.models import Segment, SegmentVersion
from mailings.segments.queries import latest_trees
from mailings.segments.tree import Node, dump, expanded, inside, parse

LONGEST_NAME = 90


@transaction.atomic
def create_segment(
    *, name: str, tree: Mapping[str, Any] | Node, by: str, code: str = ""
) -> Segment:
    """A segment with its first version, owned by who made it. Raises SegmentError, TreeError."""
    clean, node = _name(name), _checked(tree, own="")
    segment = Segment.objects.create(name=clean, owner=by, code=code, created_at=clock.now())
    _version(segment, 1, node, by)
    _log(segment, "segment.created", by, {"version": 1})
    return segment


@transaction.atomic
def save_version(
    *, segment_id: int, tree: Mapping[str, Any] | Node, made_from: int, by: str
) -> SegmentVersion | None:
    """New conditions as the next version; None when they are the newest's own.

    Raises SegmentError ("newer_version" when somebody saved since `made_from`, "archived"),
    TreeError (a ring of segments too).
    """
    segment = _locked(segment_id)
    if segment.archived_at is not None:
        raise SegmentError("archived")
    if segment.latest != made_from:
        raise SegmentError("newer_version")
    node = _checked(tree, own=str(segment.ref))
    if segment.versions.get(number=segment.latest).tree == dump(node):
        return None
    segment.latest += 1
    segment.save(update_fields=["latest"])
    version = _version(segment, segment.latest, node, by)
    _log(segment, "segment.saved", by, {"version": version.number})
    return version


@transaction.atomic
def rename_segment(*, segment_id: int, name: str, by: str) -> bool:
    """Another name. False when it has it already. Raises SegmentError."""
    segment, clean = _locked(segment_id), _name(name)
    if segment.name == clean:
        return False
    segment.name = clean
    segment.save(update_fields=["name"])
    _log(segment, "segment.renamed", by, {})
    return True


@transaction.atomic
def take_over_segment(*, segment_id: int, by: str) -> bool:
    """Who answers for it from now on. False when it was so already."""
    segment = _locked(segment_id)
    if segment.owner == by:
        return False
    before, segment.owner = segment.owner, by
    segment.save(update_fields=["owner"])
    _log(segment, "segment.taken_over", by, {"owner": by}, before={"owner": before})
    return True


@transaction.atomic
def archive_segment(*, segment_id: int, by: str) -> bool:
    """Out of the lists; what uses it goes on. False when it was so already."""
    segment = _locked(segment_id)
    if segment.archived_at is not None:
        return False
    segment.archived_at = clock.now()
    segment.save(update_fields=["archived_at"])
    _log(segment, "segment.archived", by, {})
    return True


@transaction.atomic
def restore_segment(*, segment_id: int, by: str) -> bool:
    """Back into the lists. False when it was there."""
    segment = _locked(segment_id)
    if segment.archived_at is None:
        return False
    segment.archived_at = None
    segment.save(update_fields=["archived_at"])
    _log(segment, "segment.restored", by, {})
    return True


# --- What mail did --------------------------------------------------------------------------------
_MAILED = """
  INSERT INTO segments_mailstanding AS s
         (donor_id, last_mailed_at, mails, human_clicks)
  SELECT d, %s, 1, 0 FROM unnest(%s::bigint[]) d ORDER BY d
      ON CONFLICT (donor_id) DO UPDATE
     SET last_mailed_at = greatest(s.last_mailed_at, excluded.last_mailed_at),
         mails = s.mails + 1"""
_CLICKED = """
  INSERT INTO segments_mailstanding AS s
         (donor_id, last_human_click_at, mails, human_clicks)
  SELECT d, %s, 0, 1 FROM unnest(%s::bigint[]) d ORDER BY d
      ON CONFLICT (donor_id) DO UPDATE
     SET last_human_click_at = greatest(s.last_human_click_at, excluded.last_human_click_at),
         human_clicks = s.human_clicks + 1"""


def note_mailed(donor_ids: Sequence[int], at: datetime) -> None:
    """An appeal left for these donors, each named once: in the caller's transaction, once."""
    _note(_MAILED, donor_ids, at)


def note_clicked(donor_ids: Sequence[int], at: datetime) -> None:
    """A person came through a link of an appeal to them: once per donor and message."""
    _note(_CLICKED, donor_ids, at)


def _note(statement: str, donor_ids: Sequence[int], at: datetime) -> None:
    if donor_ids:
        with connection.cursor() as cursor:
            cursor.execute(statement, [at, sorted(set(donor_ids))])


# --- Inside ---------------------------------------------------------------------------------------
def _locked(segment_id: int) -> Segment:
    found = Segment.objects.select_for_update(no_key=True).filter(pk=segment_id).first()
    if found is None:
        raise SegmentError("no_such_segment")
    return found


def _name(raw: str) -> str:
    clean = " ".join(raw.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise SegmentError("name_needed" if not clean else "name_too_long")
    return clean


def _checked(tree: Mapping[str, Any] | Node, *, own: str) -> Node:
    """The tree, once it is sure that it ends: no segment is inside itself by any way.

    Two saves that would close a ring between them wait for each other here.
    """
    node = tree if isinstance(tree, Node) else parse(tree)
    named = inside(node)
    if named:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('segments.save'))")
        trees = latest_trees(named)
        expanded(node, {**trees, own: node} if own else trees)
    return node


def _version(segment: Segment, number: int, node: Node, by: str) -> SegmentVersion:
    return SegmentVersion.objects.create(
        segment=segment, number=number, tree=dump(node), by=by, at=clock.now()
    )


def _log(
    segment: Segment, action: str, by: str, after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    audit.log_change(
        by=by,
        action=action,
        subject_type="segment",
        subject_ref=str(segment.ref),
        before=before or {},
        after=after,
    )
