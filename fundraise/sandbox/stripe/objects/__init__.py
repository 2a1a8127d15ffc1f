"""Stripe's objects: their shape, what happens to them, and the calls that reach them."""
