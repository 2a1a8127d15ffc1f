"""Figures for Prometheus, behind a key (docs/operations.md). No person is in any of them."""
