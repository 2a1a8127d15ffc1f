"""The treasurer's pages: the daily proof, files of banks, matching, exceptions."""
