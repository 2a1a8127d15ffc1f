"""The books leaving the house: SIE files with their register, months closed, opening balances.

The register stands here and not in `fundraise.ledger`, because issuing a file again and opening a
month again ask a second person, and `fundraise.staff` stands above the ledger.
"""
