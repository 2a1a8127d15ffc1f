"""Which event an item is: rules as plain functions of data, without Django."""
