"""Identifiers that stand in URLs and cannot be guessed or counted."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is mistaken when read aloud: 0 o, 1 l i


def public_id() -> str:
    """12 characters, 59 random bits: for URLs, where reach is checked anyway."""
    return token(12)


def token(length: int) -> str:
    """A random word of the readable alphabet, 4.9 bits a character."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
