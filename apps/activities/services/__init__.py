"""Every change to sittings and activities."""

from apps.activities.services.attachments import attachment_add, attachment_remove
from apps.activities.services.drafts import colleague_logged, draft_discard, draft_restore, draft_save, draft_start
from apps.activities.services.filing import activity_correct, activity_file, activity_sign, activity_withdraw
from apps.activities.services.planning import (
    invitation_answer,
    sitting_cancel,
    sitting_invite,
    sitting_move,
    sitting_plan,
)

__all__ = [
    "activity_correct", "activity_file", "activity_sign", "activity_withdraw", "attachment_add", "attachment_remove",
    "colleague_logged", "draft_discard", "draft_restore", "draft_save", "draft_start", "invitation_answer", "sitting_cancel",
    "sitting_invite", "sitting_move", "sitting_plan",
]  # fmt: skip
