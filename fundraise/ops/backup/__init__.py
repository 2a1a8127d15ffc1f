"""Backups and their trial: the ordinary one, and the key table apart (docs/operations.md)."""
