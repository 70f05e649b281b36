"""One file that holds everything but the keys, and the way back.

`archive` reads and writes the file, `database` speaks with PostgreSQL's own programs, `keys` looks at the keyring, `registry`
is where higher apps say what a restored system must do before it opens.
"""
