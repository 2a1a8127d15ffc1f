"""Party finance on the staff pages."""
