"""Requests in, responses out: the roster, one person, imports."""
