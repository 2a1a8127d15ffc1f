"""Every sealed body of the house moves to the new key, and opens when the old one is gone."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db.models import BinaryField, Model
from pytest_django.fixtures import Settings

from donors.sealed_rotation import rotate_bodies, stale
from fundraise import crypto
from fundraise.gifts import giver as givers
from fundraise.gifts.models import Gift, GiverDetails
from fundraise.pledges import queries, sealing
from fundraise.pledges.models import Mandate
from fundraise.providers.giro import delivering
from fundraise.providers.giro.models import OutFile
from tests.giro import own_giro
from tests.pledging import ANNA, begin_instead

pytestmark = pytest.mark.django_db
OLD, NEW = crypto.new_key_setting("old"), crypto.new_key_setting("new")
# Under the key of their donor, which is moved instead (donors/rotation.py).
BY_DONOR = {"donors.Donor", "donors.ContactPoint", "donors.DonorMerge", "donors.Identity"}


def models_of(name: str) -> tuple[type[Model], str]:
    label, _dot, field = name.rpartition(".")
    return apps.get_model(label), field


def test_every_body_that_is_sealed_is_moved_by_the_command() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, BinaryField) and field.name.endswith("sealed")
        if model._meta.label not in BY_DONOR
    }
    assert found - set(configured.SEALED_FIELDS) == set()
    for name in configured.SEALED_FIELDS:
        model, field = models_of(name)
        assert isinstance(model._meta.get_field(field), BinaryField)


def test_all_opens_with_the_new_key_alone(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]
    with own_giro() as house:
        pledge = house.sign_up()
        (out,) = house.evening()
        house.beat()
        gift = begin_instead(pledge, pledge.instalments.earliest("period"))
        mandate = Mandate.objects.get()
        before = delivering.content_of(out.pk, by="staff:1")
        settings.FIELD_KEYS = [NEW, OLD]
        broken = GiverDetails.objects.create(
            gift=Gift.objects.create(
                entity=gift.entity, campaign=gift.campaign, amount_ore=1_00, giver_key=b"k",
                created_at=gift.created_at,
            ),
            sealed=b"\x01\x03old" + b"x" * 200,
        )  # fmt: skip
        err = StringIO()
        with pytest.raises(CommandError, match="sealed bodies can't be read"):
            call_command("rotate_keys", batch=1, stdout=StringIO(), stderr=err)
        assert err.getvalue().strip() == (
            f"gifts.GiverDetails.sealed of row {broken.pk} can't be read"
        )
        GiverDetails.objects.filter(pk=broken.pk).update(sealed=None)
        assert sum(field.moved for field in rotate_bodies(batch=10)) == 0  # nothing was left
        settings.FIELD_KEYS = [NEW]
        for name in configured.SEALED_FIELDS:
            assert not stale(*models_of(name)).exists()
        assert queries.giver_of(pledge.pk) == ANNA
        kept = GiverDetails.objects.get(gift=gift).sealed
        assert kept is not None
        assert givers.unseal(bytes(kept), gift.ref) == ANNA
        mandate.refresh_from_db()
        assert sealing.details_of(mandate).account16 == "8327000009941234"
        evidence = bytes(mandate.signature.evidence_sealed or b"")
        assert isinstance(sealing.evidence_of(mandate.ref, evidence), dict)
        assert delivering.content_of(out.pk, by="staff:1") == before
        assert OutFile.objects.count() == 1
