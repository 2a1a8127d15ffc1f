"""What the pages of results and trials show; the views are in views/appeal_results.py."""
