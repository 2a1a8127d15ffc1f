"""What the pages of journeys show and say; the views are in views/journeys.py."""
