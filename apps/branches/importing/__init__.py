"""A list of organizations from Excel: read, looked at, confirmed. Nothing of it is kept anywhere in between."""
