"""The lines of today; settings.GO_LIVE names them."""
