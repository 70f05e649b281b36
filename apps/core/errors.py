"""What a user can cause. Everything else stays an error."""


class RuleBroken(Exception):
    """The action is not allowed in this state. The message is translated and says what to do. Answered as 422."""

    status = 422


class EditConflict(RuleBroken):
    """Someone else changed the same thing since the user opened it. Both texts are shown. Answered as 409."""

    status = 409
