"""Donors: refs in lists, the card of one opened at a time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import Instant, RefOf, Strict, Text, WholeNumber
from donors.cards import ContactCard, DonorCard
from donors.models import Donor, LegalBasis
from donors.values import OrganisationName, PersonName, PostalAddress

Out = serializers.Serializer[Any]
PURPOSES = sorted(settings.LEGAL_BASES)
PROOF = r"^[A-Za-z0-9][A-Za-z0-9:._/-]{0,199}$"


class DonorOut(Out):
    """A donor without a name: for lists and as the answer to a write."""

    ref = serializers.UUIDField()
    kind = serializers.ChoiceField(Donor.Kind.choices)
    language = serializers.ChoiceField(Donor.Language.choices)
    status = serializers.ChoiceField(Donor.Status.choices)
    created_at = Instant()
    merged_into = serializers.SerializerMethodField(
        help_text="The donor that this record was merged into; `status` is `erased` then."
    )

    def get_merged_into(self, donor: Donor) -> str | None:
        merge = getattr(donor, "merged", None)
        return str(merge.kept.ref) if merge is not None else None


class PostalOut(Out):
    lines = serializers.ListField(child=serializers.CharField())
    postcode = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    country = serializers.CharField()


class ContactOut(Out):
    """`value` for an e-mail address or a phone number, `postal` for an address."""

    kind = serializers.ChoiceField(["email", "phone", "postal"])
    value = serializers.SerializerMethodField("text_of")
    postal = serializers.SerializerMethodField()
    state = serializers.ChoiceField(["unconfirmed", "confirmed", "bouncing"])
    is_primary = serializers.BooleanField()

    def text_of(self, point: ContactCard) -> str | None:
        return point.value if isinstance(point.value, str) else None

    @extend_schema_field(PostalOut(allow_null=True))
    def get_postal(self, point: ContactCard) -> Any:
        return PostalOut(point.value).data if isinstance(point.value, PostalAddress) else None


class IdentityOut(Out):
    kind = serializers.CharField()
    masked = serializers.CharField()


class BasisOut(Out):
    purpose = serializers.CharField()
    basis = serializers.ChoiceField(LegalBasis.Basis.choices)
    source = serializers.CharField()  # type: ignore[assignment]
    wording_version = serializers.IntegerField(
        source="wording.version", default=None, allow_null=True
    )
    given_at = Instant(allow_null=True)
    informed_on = serializers.DateField(allow_null=True)
    withdrawn_at = Instant(allow_null=True)
    objection_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)


class OcrOut(Out):
    """An OCR number of a donor's, with the bankgiro that it is paid to where there is one."""

    entity = RefOf("entity")
    number = serializers.CharField(help_text="Its last digit is the check digit (Luhn).")
    bankgiro = serializers.CharField(allow_null=True)
    pledge = serializers.UUIDField(source="pledge.ref", default=None, allow_null=True)


class CardOut(DonorOut):
    """One donor, opened; the look is written down. Identity numbers are masked."""

    source = serializers.CharField()  # type: ignore[assignment]
    name = serializers.SerializerMethodField()
    given_name = serializers.SerializerMethodField()
    family_name = serializers.SerializerMethodField()
    contact_points = ContactOut(many=True)
    identities = serializers.SerializerMethodField()
    legal_bases = BasisOut(many=True)
    ocr_numbers = serializers.SerializerMethodField()

    @extend_schema_field(OcrOut(many=True))
    def get_ocr_numbers(self, _card: DonorCard) -> Any:
        """Of the key's legal entities."""
        return OcrOut(self.context["ocr_numbers"], many=True).data

    def get_name(self, card: DonorCard) -> str:
        return card.name.full if card.name is not None else ""

    def get_given_name(self, card: DonorCard) -> str | None:
        return card.name.given if isinstance(card.name, PersonName) else None

    def get_family_name(self, card: DonorCard) -> str | None:
        return card.name.family if isinstance(card.name, PersonName) else None

    @extend_schema_field(IdentityOut(many=True))
    def get_identities(self, card: DonorCard) -> list[dict[str, str]]:
        return [{"kind": kind, "masked": masked} for kind, masked in card.identities]


class FoundOut(Out):
    """A donor that a search found."""

    ref = serializers.UUIDField()
    kind = serializers.CharField()
    status = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    created_at = Instant()


class SearchIn(Strict):
    """A full name, an e-mail address, a phone or an identity number, written in full."""

    text = Text(min_length=3, max_length=200)


class SearchOut(Out):
    items = FoundOut(many=True)
    more = serializers.BooleanField(help_text="There are more than are shown.")


class PostalIn(Strict):
    lines = serializers.ListField(child=Text(max_length=120), min_length=1, max_length=4)
    postcode = Text(max_length=20)
    city = Text(max_length=120)
    country = Text(min_length=2, max_length=2, default="SE")

    def to_address(self, given: dict[str, Any]) -> PostalAddress:
        return PostalAddress(
            tuple(given["lines"]), given["postcode"], given["city"], given["country"]
        )


class DonorIn(Strict):
    """A person (`given_name`, `family_name`) or an organisation (`organisation_name`)."""

    given_name = Text(max_length=120, default="", allow_blank=True)
    family_name = Text(max_length=120, default="", allow_blank=True)
    organisation_name = Text(max_length=120, default="", allow_blank=True)
    language = serializers.ChoiceField(Donor.Language.choices, default="sv")
    email = Text(max_length=254, default="", allow_blank=True)
    phone = Text(max_length=40, default="", allow_blank=True)
    postal = PostalIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        person = attrs["given_name"].strip() or attrs["family_name"].strip()
        organisation = attrs["organisation_name"].strip()
        if bool(person) == bool(organisation):
            raise serializers.ValidationError({"given_name": [""]}, code="one_name")
        attrs["name"] = (
            OrganisationName(organisation)
            if organisation
            else PersonName(attrs["given_name"], attrs["family_name"])
        )
        return attrs


class ContactIn(Strict):
    """`value` for an e-mail address or a phone number, `postal` for an address."""

    kind = serializers.ChoiceField(["email", "phone", "postal"])
    value = Text(max_length=254, default="", allow_blank=True)
    postal = PostalIn(required=False)


class ContactMadeOut(Out):
    kind = serializers.CharField()
    state = serializers.CharField()
    is_primary = serializers.BooleanField()


class ConsentIn(Strict):
    """A consent to words that are published, with what shows it (never an address or a name)."""

    purpose = serializers.ChoiceField(PURPOSES)
    version = WholeNumber(min_value=1, max_value=1_000_000)
    proof = serializers.RegexField(PROOF)
    given_at = Instant(required=False)


class WithdrawIn(Strict):
    purpose = serializers.ChoiceField(PURPOSES)


class WithdrawnOut(Out):
    withdrawn = serializers.BooleanField(help_text="false: there was no consent to take back")
