"""Appeals on the staff pages: the five steps, the sending as it goes, and what they say."""
