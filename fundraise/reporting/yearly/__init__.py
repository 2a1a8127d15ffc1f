"""Yearly statements: what one giver gave to one legal entity in one year, numbered, in versions."""
