"""The names under which answers of a visit are kept: never renamed, for closed visits hold them."""

KEYS = (
    "report", "members", "masses", "room", "notice", "sat_in", "originals", "dues", "promised", "talked", "hardship", "mobile",
)  # fmt: skip
ANSWERS = ("fine", "problem", "not_looked")
