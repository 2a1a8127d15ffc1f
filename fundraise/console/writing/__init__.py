"""The editor of mails: the same page for a template and for the words of an appeal."""
