"""Tables made in one step are the tables that Django makes one after the other."""

from __future__ import annotations

import re

import pytest
from django.db import connection, models
from django.db.migrations.operations import AddField, CreateModel
from django.db.migrations.state import ProjectState

from fundraise.making import CreateModels


def key(to: str) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(to, models.PROTECT, null=True)


def number() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(primary_key=True)


def hen(*more: tuple[str, models.Field]) -> CreateModel:  # type: ignore[type-arg]
    named = models.CheckConstraint(condition=models.Q(pk__gt=0), name="hen_counts")
    return CreateModel("Hen", [("id", number()), *more], options={"constraints": [named]})


def egg() -> CreateModel:
    return CreateModel("Egg", [("id", number()), ("hen", key("audit.hen"))])


def names(lines: list[str]) -> set[str]:
    """Of every constraint and index that is made."""
    return set(re.findall(r'(?:CONSTRAINT|INDEX) "(\w+)"', "\n".join(lines)))


@pytest.mark.django_db
def test_made_at_once_they_are_what_they_are_one_by_one_though_each_points_at_the_other() -> None:
    before = ProjectState()
    apart, together = before.clone(), before.clone()
    with connection.schema_editor(collect_sql=True) as one_by_one:
        for operation in (hen(), egg(), AddField("hen", "first", key("audit.egg"))):
            was = apart.clone()
            operation.state_forwards("audit", apart)
            operation.database_forwards("audit", one_by_one, was, apart)
    both = CreateModels([hen(("first", key("audit.egg"))), egg()])
    assert before.apps  # built, as in the middle of a `migrate`
    together = before.clone()
    both.state_forwards("audit", together)
    assert "apps" not in together.__dict__
    with connection.schema_editor(collect_sql=True) as at_once:
        both.database_forwards("audit", at_once, before, together)
    assert together == apart
    assert "hen_counts" in names(at_once.collected_sql)
    made = [line for line in at_once.collected_sql if line.startswith("CREATE TABLE")]
    assert [line.split('"')[1] for line in made] == ["audit_hen", "audit_egg"]
    assert names(at_once.collected_sql) == names(one_by_one.collected_sql)
    with connection.schema_editor(collect_sql=True) as back:
        both.database_backwards("audit", back, together, before)
    dropped = [line.split('"')[1] for line in back.collected_sql if line.startswith("DROP TABLE")]
    assert dropped == ["audit_egg", "audit_hen"]
    assert (both.describe(), both.migration_name_fragment) == ("Create 2 models", "hen")
