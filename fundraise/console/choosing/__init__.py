"""The pages where people are chosen: what the builder offers, and what it is answered."""
