"""Which column holds what: by its heading in Swedish or English, else by what stands in it.

Plain Python. A suggestion is shown to a person, who may choose otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from donors import normalise
from donors.errors import InvalidValue
from donors.importing.table import Table

# In the order in which the page offers them.
FIELDS = (
    "given", "family", "name", "organisation", "email", "phone", "co", "address", "postcode",
    "city", "country", "language", "basis", "basis_on", "basis_source", "basis_proof", "tags",
)  # fmt: skip
# Several columns may hold these: a home and a mobile number, two lines of an address.
REPEATED = frozenset({"phone", "address", "tags"})
SYNONYMS = {
    "given": "förnamn fornamn tilltalsnamn firstname givenname forename",
    "family": "efternamn släktnamn lastname surname familyname",
    "name": "namn name fullname fullständigtnamn medlem medlemsnamn person kontakt",
    "organisation": "organisation företag bolag förening organization company",
    "email": (
        "epost epostadress mejl mejladress mail mailadress mailaddress email emailadress "
        "emailaddress epost1 email1"
    ),
    "phone": (
        "mobil mobilnr mobilnummer mobiltelefon mobiltelefonnummer telefon telefonnr "
        "telefonnummer tel tfn telnr hemtelefon phone phonenumber mobile mobilephone cell "
        "cellphone"
    ),
    "co": "co coadress careof",
    "address": (
        "adress adress1 adress2 adressrad adressrad1 adressrad2 gatuadress gata postadress "
        "utdelningsadress bostadsadress address address1 address2 addressline addressline1 "
        "addressline2 street streetaddress postaladdress"
    ),
    "postcode": "postnr postnummer zip zipcode postcode postalcode",
    "city": "ort postort stad city town",
    "country": "land landskod country countrycode",
    "language": "språk sprak kontaktspråk language lang",
    "basis": "grund rättsliggrund laglig grund lagliggrund legalbasis basis",
    "basis_on": (
        "grunddatum datumförgrund informerad informeraddatum medlemsedan medlemfrån inträde "
        "inträdesdatum inträdesdag samtyckesdatum datum legalbasisdate basisdate informedon "
        "membersince joined joindate consentdate date"
    ),
    "basis_source": "källa källaförgrund grundkälla ursprung source origin basissource",
    "basis_proof": "bevis underlag blankett blankettnr samtyckesbevis proof evidence form",
    "tags": "tagg taggar etikett etiketter grupp grupper tag tags label labels group groups",
}
KNOWN = {name: field for field, names in SYNONYMS.items() for name in names.split()}
# What an error file has behind the list's own columns.
LEFT_OUT = frozenset({"rad", "utfall", "vadsomärfel", "row", "outcome", "whatiswrong"})
SAMPLE = 100
MOST_OF_THEM = 0.8
POSTCODE = re.compile(r"(SE?-?)?[1-9]\d{2} ?\d{2}", re.IGNORECASE)


def heading_key(heading: str) -> str:
    """A heading as it is looked up: "E-post adress:" is "epostadress"."""
    text = unicodedata.normalize("NFC", heading).casefold()
    return "".join(char for char in text if char.isalnum())


def names_something(heading: str) -> bool:
    """Whether a heading is one that we know."""
    return heading_key(heading) in KNOWN or heading_key(heading) in LEFT_OUT


def suggest(table: Table) -> list[str]:
    """A field for each column, "" for one to leave out."""
    taken: set[str] = set()
    chosen = [_fresh(KNOWN.get(heading_key(heading), ""), taken) for heading in table.header]
    for place, field in enumerate(chosen):
        if not field and not names_something(table.header[place]):
            chosen[place] = _fresh(_by_content(table, place), taken)
    if taken & {"given", "family", "name"}:  # a column "organisation" is then a member's branch
        chosen = ["" if field == "organisation" else field for field in chosen]
    if taken & {"given", "family"}:
        chosen = ["" if field == "name" else field for field in chosen]
    return chosen


def _fresh(field: str, taken: set[str]) -> str:
    """The field, unless a column before has it already."""
    if not field or (field in taken and field not in REPEATED):
        return ""
    taken.add(field)
    return field


def _by_content(table: Table, place: int) -> str:
    found = [cell for line in table.lines[:SAMPLE] if (cell := line.cells[place].strip())]
    for field, fits in CONTENT:
        if found and sum(map(fits, found)) >= MOST_OF_THEM * len(found):
            return field
    return ""


def _cleans(clean: Callable[[str], str]) -> Callable[[str], bool]:
    def fits(cell: str) -> bool:
        try:
            return bool(clean(cell))
        except InvalidValue:
            return False

    return fits


CONTENT: Sequence[tuple[str, Callable[[str], bool]]] = (
    ("email", _cleans(normalise.clean_email)),
    ("postcode", lambda cell: POSTCODE.fullmatch(cell) is not None),
    ("phone", _cleans(normalise.clean_phone)),
)


def faults(columns: Sequence[str]) -> list[str]:
    """What is wrong with a choice of columns, as codes."""
    used = [field for field in columns if field]
    found = []
    if any(field not in FIELDS for field in used):
        found.append("field_unknown")
    if any(used.count(field) > 1 for field in set(used) - REPEATED):
        found.append("field_twice")
    if not {"given", "family", "name", "organisation"} & set(used):
        found.append("name_column_missing")
    if not {"email", "phone", "postcode"} & set(used):
        found.append("contact_column_missing")
    return found
