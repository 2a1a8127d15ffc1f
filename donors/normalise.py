"""One way to write each thing a donor may type. Plain Python; errors never repeat the input.

`clean_…` gives what is kept and shown; `…_key` gives what is hashed, so that two spellings of one
thing meet.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from personnummer.personnummer import Personnummer, PersonnummerException
from stdnum import exceptions as stdnum_errors
from stdnum.se import orgnr, postnummer

from donors.errors import InvalidValue
from donors.values import Name, OrganisationName, PersonName, PostalAddress

LONGEST_NAME = 200
LONGEST_LINE = 200
MOST_LINES = 4
# Marks that turn the reading direction of everything after them on a page or in a file.
BIDI_CONTROLS = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
COUNTRY = re.compile(r"[A-Z]{2}")


def clean_text(raw: str, *, longest: int, code: str) -> str:
    """One line: composed characters, single spaces, nothing that can't be seen or stored."""
    if len(raw) > 10 * longest:
        raise InvalidValue(f"{code}_too_long")
    text = unicodedata.normalize("NFC", raw).translate(BIDI_CONTROLS)
    text = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text
    )
    text = " ".join(text.split())
    if any(unicodedata.category(char) == "Cs" for char in text):
        raise InvalidValue(f"{code}_invalid")
    if len(text) > longest:
        raise InvalidValue(f"{code}_too_long")
    return text


# --- Names ----------------------------------------------------------------------------------------
def clean_name(name: Name) -> Name:
    """The name with single spaces. Raises InvalidValue when nothing is left of it."""
    cleaned: Name
    if isinstance(name, OrganisationName):
        cleaned = OrganisationName(_name_part(name.full))
    else:
        cleaned = PersonName(given=_name_part(name.given), family=_name_part(name.family))
    if not cleaned.full:
        raise InvalidValue("name_missing")
    return cleaned


def _name_part(raw: str) -> str:
    return clean_text(raw, longest=LONGEST_NAME, code="name")


def name_key(full_name: str) -> str:
    """Equal for names that differ only in case, spaces and how a character is composed."""
    return " ".join(unicodedata.normalize("NFKC", full_name).casefold().split())


# --- E-mail and phone -----------------------------------------------------------------------------
def clean_email(raw: str) -> str:
    """The address as it is written to. Raises InvalidValue("email_invalid")."""
    checked = None
    if len(raw) <= 1000:
        try:
            checked = validate_email(
                raw.strip(), check_deliverability=False, test_environment=True
            ).normalized
        except EmailNotValidError:  # its text repeats the address; raise outside, without a context
            checked = None
    if checked is None:
        raise InvalidValue("email_invalid")
    return checked


def email_key(email: str) -> str:
    """Case is never what parts two people's addresses."""
    return email.casefold()


def clean_phone(raw: str) -> str:
    """E.164, read as a Swedish number when no country is written. Raises InvalidValue."""
    number = None
    if len(raw) <= 100:
        try:
            number = phonenumbers.parse(raw, "SE")
        except phonenumbers.NumberParseException:
            number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise InvalidValue("phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# --- Post -----------------------------------------------------------------------------------------
def clean_address(address: PostalAddress) -> PostalAddress:
    """The address with single spaces and, in Sweden, "123 45". Raises InvalidValue."""
    lines = tuple(line for raw in address.lines if (line := _address_line(raw)))
    country = address.country.strip().upper()
    city = _address_line(address.city)
    if not 1 <= len(lines) <= MOST_LINES or not city or not COUNTRY.fullmatch(country):
        raise InvalidValue("postal_incomplete")
    postcode = _address_line(address.postcode)
    if country == "SE":
        postcode = _swedish_postcode(postcode)
    return PostalAddress(lines=lines, postcode=postcode, city=city, country=country)


def _address_line(raw: str) -> str:
    return clean_text(raw, longest=LONGEST_LINE, code="postal")


def _swedish_postcode(raw: str) -> str:
    if not raw.isascii() or not postnummer.is_valid(raw):
        raise InvalidValue("postcode_invalid")
    return str(postnummer.format(raw))


def postcode_key(raw: str) -> str:
    """Letters and digits alone: "114 55" and "11455" are one."""
    return "".join(char for char in raw.upper() if char.isalnum())[:20]


def address_key(address: PostalAddress) -> str:
    """Lines, postcode, city and country without case and spaces."""
    parts = (*address.lines, address.postcode, address.city, address.country)
    return "\n".join("".join(name_key(part).split()) for part in parts)


# --- Identity numbers -----------------------------------------------------------------------------
def clean_personal_number(raw: str) -> str:
    """Twelve digits. Takes co-ordination numbers; interim numbers (with a letter) are refused."""
    text = "".join(raw.split()).replace("–", "-").replace("−", "-")  # dashes that pages paste
    number = None
    if text.isascii() and len(text) <= 13:
        try:
            number = Personnummer(text).format(long_format=True)
        except (PersonnummerException, ValueError):
            number = None
    if number is None:
        raise InvalidValue("personal_number_invalid")
    return str(number)


def clean_organisation_number(raw: str) -> str:
    """Ten digits; "16" before them, as authorities write it, is taken off. Raises InvalidValue."""
    text = "".join(raw.split()).replace("-", "")
    if len(text) == 12 and text.startswith("16"):
        text = text[2:]
    if not text.isascii() or not text.isdigit() or not _is_organisation_number(text):
        raise InvalidValue("organisation_number_invalid")
    return text


def _is_organisation_number(text: str) -> bool:
    """The check digit, and a third digit of at least 2, which parts it from a personal number."""
    try:
        orgnr.validate(text)
    except stdnum_errors.ValidationError:
        return False
    return text[2] >= "2"


def masked(number: str) -> str:
    """An identity number as pages show it: without its last four digits."""
    return f"{number[:-4]}-****"
