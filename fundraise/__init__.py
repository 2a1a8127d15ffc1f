"""The service; VERSION is the same as in pyproject.toml, and stands in files that leave it."""

VERSION = "0.1.0"
