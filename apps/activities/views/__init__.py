"""Request in, response out: one module for each part of the work."""
