"""Who a payment is from (of money out: to whom), and which number of ours it was paid to."""

from __future__ import annotations

from fundraise.reconciliation.formats import values
from fundraise.reconciliation.formats.base import Payer
from fundraise.reconciliation.formats.camt.names import Element, text_of

LINES, PLACES = "AdrLine", (("StrtNm", "BldgNb"), ("PstCd", "TwnNm"))
NOBODY = Payer()


class Parties:
    """Reads `RltdPties` of one namespace, and `RltdAgts` beside it."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        tags = (
            "Dbtr Cdtr UltmtDbtr UltmtCdtr DbtrAcct CdtrAcct Pty Agt Nm PstlAdr Id CtryOfRes "
            "CtctDtls IBAN Othr Prxy MobNb PhneNb FinInstnId AdrLine StrtNm BldgNb PstCd TwnNm "
            "Ctry DbtrAgt CdtrAgt BICFI BIC"
        )
        self._tag = {tag: prefix + tag for tag in tags.split()}

    def read(
        self, element: Element, agents: Element | None, *, out: bool, is_return: bool
    ) -> tuple[Payer, str]:
        """The other side and our own number.

        What comes back keeps its sides: of a returned payment of ours we are still the debtor.
        """
        tag = self._tag
        parts = {part.tag: part for part in element}
        other, own = ("Cdtr", "Dbtr") if out is not is_return else ("Dbtr", "Cdtr")
        party, account = parts.get(tag[other]), parts.get(tag[other + "Acct"])
        if is_return and party is None and account is None:
            other, own = own, other
            party, account = parts.get(tag[other]), parts.get(tag[other + "Acct"])
        bic = "" if agents is None else self._bic(agents, tag[other + "Agt"])
        payer = self._payer(party, account, parts.get(tag["Ultmt" + other]), bic)
        ours = parts.get(tag[own + "Acct"])
        return payer, "" if ours is None else self._number(ours)

    def _payer(
        self, party: Element | None, account: Element | None, ultimate: Element | None, bic: str
    ) -> Payer:
        """A party with its account; who stands behind it when it has no name itself."""
        said = self._party(party) if party is not None else {}
        if not said.get("name") and ultimate is not None:
            said = {**said, **self._party(ultimate)}
        if account is None and not said:
            return NOBODY
        number = "" if account is None else self._number(account)
        phone = said.get("phone", "") or self._proxy(account)
        return Payer(
            said.get("name", ""),
            number,
            phone,
            said.get("id", ""),
            tuple(said.get("address", "").split("\n")) if said.get("address") else (),
            values.country(said.get("country", "")),
            bic,
        )

    def _party(self, element: Element) -> dict[str, str]:
        """Its name, address, number and telephone, as far as they are there."""
        tag, found = self._tag, dict[str, str]()
        if len(element) and element[0].tag in (tag["Pty"], tag["Agt"]):
            element = element[0]
            if element.tag == tag["Agt"] and len(element):
                element = element[0]
        for part in element:
            kind = part.tag
            if kind == tag["Nm"]:
                found["name"] = text_of(part.text)
            elif kind == tag["PstlAdr"]:
                self._address(part, found)
            elif kind == tag["Id"]:
                found["id"] = self._id(part)
            elif kind == tag["CtryOfRes"]:
                found.setdefault("country", text_of(part.text, 2))
            elif kind == tag["CtctDtls"]:
                found["phone"] = self._phone(part)
        return found

    def _address(self, element: Element, found: dict[str, str]) -> None:
        """Lines as they stand, else street and place made into lines."""
        parts = dict[str, list[str]]()
        cut = len(self._prefix)
        for part in element:
            parts.setdefault(str(part.tag)[cut:], []).append(text_of(part.text))
        lines = [line for line in parts.get(LINES, []) if line]
        if not lines:
            lines = [" ".join(text for name in of for text in parts.get(name, [])) for of in PLACES]
        found["address"] = "\n".join(line for line in lines if line)
        if "Ctry" in parts:
            found["country"] = parts["Ctry"][0][:2]

    def _id(self, element: Element) -> str:
        """A person's or an organisation's number: `PrvtId/Othr/Id` or `OrgId/Othr/Id`."""
        for other in element.iter(self._tag["Othr"]):
            for part in other:
                if part.tag == self._tag["Id"]:
                    return values.number(text_of(part.text))
        return ""

    def _phone(self, element: Element) -> str:
        """The mobile's number before another's."""
        texts = {part.tag: part.text for part in element}
        for name in ("MobNb", "PhneNb"):
            found = values.phone(text_of(texts.get(self._tag[name])))
            if found:
                return found
        return ""

    def _proxy(self, account: Element | None) -> str:
        """A telephone that stands for an account, as Swish has it (version 08 and later)."""
        if account is None:
            return ""
        for proxy in account.iter(self._tag["Prxy"]):
            for part in proxy:
                if part.tag == self._tag["Id"]:
                    return values.phone(text_of(part.text))
        return ""

    def _bic(self, agents: Element, side: str) -> str:
        """The code of the bank on a side: `DbtrAgt/FinInstnId/BICFI`, before version 03 `BIC`."""
        for agent in agents:
            if agent.tag == side:
                for part in agent.iter(self._tag["BICFI"], self._tag["BIC"]):
                    return text_of(part.text, 11).upper()
        return ""

    def _number(self, account: Element) -> str:
        """IBAN, else another number."""
        for part in account:
            if part.tag == self._tag["Id"] and len(part):
                inner = part[0]
                if inner.tag == self._tag["IBAN"]:
                    return values.number(text_of(inner.text, 60))
                if len(inner):
                    return values.number(text_of(inner[0].text, 60))
        return ""
