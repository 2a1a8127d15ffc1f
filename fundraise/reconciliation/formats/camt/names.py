"""The full names of a file's elements, made once for its namespace."""

from __future__ import annotations

from lxml import etree

from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.limits import LIMITS

Element = etree._Element


def local(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """What stands before the name: "{urn:…}" or nothing."""
    return str(element.tag)[: -len(local(element))]


class Names:
    """Paths of local names in one namespace, ready for `find`."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._paths: dict[str, str] = {}

    def path(self, short: str) -> str:
        """ "Acct/Id" with the namespace before each name."""
        found = self._paths.get(short)
        if found is None:
            found = "/".join(self.prefix + part for part in short.split("/"))
            self._paths[short] = found
        return found

    def find(self, element: Element, *paths: str) -> Element | None:
        """The first that is there."""
        for path in paths:
            found = element.find(self.path(path))
            if found is not None:
                return found
        return None

    def every(self, element: Element, path: str) -> list[Element]:
        """All of them, in order."""
        return element.findall(self.path(path))

    def text(self, element: Element, *paths: str) -> str:
        """The text of the first that has one."""
        for path in paths:
            found = element.findtext(self.path(path))
            if found and not found.isspace():
                return text_of(found)
        return ""


def text_of(text: str | None, most: int = LIMITS.text) -> str:
    """A text without the blanks around it. Raises FormatError when no bank writes so much."""
    plain = (text or "").strip()
    if len(plain) > most:
        raise FormatError("too_long")
    return plain
