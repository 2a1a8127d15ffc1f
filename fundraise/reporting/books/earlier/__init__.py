"""Gifts from before the start: a list is read, looked at, booked, and taken back."""
