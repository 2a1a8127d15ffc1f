"""Legal entities: shown, and begun with their books."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from fundraise.ledger import entities
from fundraise.ledger.models import LegalEntity

BY = "system:entities"


class Command(BaseCommand):
    help = "List the legal entities, or make one with its books."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list")
        add = verbs.add_parser("add")
        add.add_argument("slug", help="a short name in a-z, digits and hyphens")
        add.add_argument("name")
        add.add_argument("org_number")
        add.add_argument("--kind", choices=LegalEntity.Kind.values, default="party")
        add.add_argument("--parent", help="the short name of the entity that it is a district of")
        add.add_argument("--phone", required=True)
        add.add_argument("--email", required=True)
        add.add_argument("--address", default="")
        add.add_argument("--statement", required=True, help="on bank statements; 22 signs at most")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            for row in LegalEntity.objects.select_related("parent").order_by("pk"):
                above = f"  district of {row.parent.slug}" if row.parent else ""
                self.stdout.write(f"{row.slug}  {row.org_number}  {row.kind}  {row.name}{above}")
            return
        self._add(options)

    def _add(self, options: dict[str, Any]) -> None:
        plain = ("slug", "name", "org_number", "kind", "phone", "email", "address")
        fields = {name: options[name] for name in plain}
        try:
            made = entities.create_entity(
                by=BY,
                parent=self._parent(options["parent"]),
                statement_text=options["statement"],
                **fields,
            )
        except ValidationError as error:
            said = [f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
            raise CommandError("; ".join(said)) from None
        self.stdout.write(f"{made.slug} is made, with its books")

    def _parent(self, slug: str | None) -> LegalEntity | None:
        if slug is None:
            return None
        found = LegalEntity.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"--parent: no entity is called {slug}")
        return found
