"""From a file people have to rows on the roster: read, choose columns, plan, look, confirm, undo.

Nothing is written before the confirmation, and nothing is guessed: what could be read in two ways is a question or a problem.
"""
