"""Every list of the staff pages: its columns and filters, once, for the page and for files."""
