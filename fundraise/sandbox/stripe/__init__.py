"""A stand-in for Stripe, as far as fundraise uses it. No money moves here.

Start it with `python -m fundraise.sandbox.stripe`; see docs/stripe-stand-in.md. What Stripe would
refuse is refused here too: requests are checked against the parameter types that Stripe generates
for its own Python package (`contract.py`).
"""
