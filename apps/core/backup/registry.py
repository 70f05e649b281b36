"""What a restored system does before it opens, said by the apps that know; filled in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Inside:
    """A statement that is committed together with the restored rows, where the backup has this table.

    The table is written with its schema: `public.some_table`.
    """

    table: str
    sql: str


# Nobody may see the restored rows without these, not for a moment.
inside: list[Inside] = []
# Afterwards, with the program's own services, once the tables are those of this version. Each may run twice.
afterwards: list[Callable[[datetime], None]] = []

# With the rights of the owner, whenever a database is prepared: at every start, and after a restore before `afterwards`.
as_owner: list[Callable[[datetime], None]] = []

# Rows that are worth nothing elsewhere: sign-ins and rate limits. Unlogged tables (uploads) are left out by their nature.
left_out = ["django_session", "usersessions_usersession", "cache_entry"]
