"""Is the house ready for live gifts: each link tested by a real question (docs/operations.md)."""
