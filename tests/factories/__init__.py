"""Fictitious people and branches, made through the services so that they obey the same rules as real ones."""
