"""The closed lists by which duty rules are written: code knows how to judge each word, data only chooses among them."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Binding(TextChoices):
    """Where the duty comes from. Only practice may be switched off by a committee."""

    REGULATION = "regulation", pgettext_lazy("basis of a duty", "regulation")
    NOTICE = "notice", pgettext_lazy("basis of a duty", "notice of a department")
    PRACTICE = "practice", pgettext_lazy("basis of a duty", "custom")


class Softness(TextChoices):
    """The word of degree in the text. What is asked generally or by custom the branch may close with its own reason."""

    GENERALLY = "generally"
    SHOULD = "should"
    AT_LEAST = "at_least"
    MUST = "must"
    CUSTOMARY = "customary"


class Verified(TextChoices):
    YES = "yes", _("the clause itself was read")
    SEC = "sec", _("known from handbooks, the clause was not read")
    NO = "no", _("not verified")


class Owner(TextChoices):
    BRANCH = "branch"
    COMMITTEE = "committee"
    GROUP = "group"
    SECRETARY = "secretary"
    MEMBER = "member"
    UPPER = "upper"


class Each(TextChoices):
    """Of whom the number is asked. Never a row per person: the branch's one period counts them."""

    NOBODY = "", "counted once"
    MEMBER = "member", _("for every member")
    COMMITTEE_MEMBER = "committee_member"
    ACTIVIST = "activist"
    MOBILE_MEMBER = "mobile_member"
    MEMBER_ABROAD = "member_abroad"


class AppliesIf(TextChoices):
    """To which organizations; judged on the first day of a period."""

    ALWAYS = "always"
    HAS_COMMITTEE = "has_committee"
    HAS_GROUPS = "has_groups"
    NOT_TEMPORARY = "not_temporary"
    HAS_ACTIVISTS = "has_activists"
    HAS_MOBILE_MEMBERS = "has_mobile_members"
    HAS_MEMBERS_ABROAD = "has_members_abroad"
    RECEIVES_VISITORS = "receives_visitors"
    IS_COMMITTEE = "is_committee"


class Counted(TextChoices):
    RECORDS = "records"
    CLASS_HOURS = "class_hours"


class Months(IntegerChoices):
    MONTH = 1, pgettext_lazy("how often", "month")
    QUARTER = 3, pgettext_lazy("how often", "quarter")
    HALF_YEAR = 6, pgettext_lazy("how often", "half-year")
    YEAR = 12, pgettext_lazy("how often", "year")


class Anchor(TextChoices):
    """What sets off a duty that no calendar knows."""

    LIFE_MEETING = "life_meeting"
    APPLICATION_RECEIVED = "application_received"
    PRELIMINARY_REVIEW_PASSED = "preliminary_review_passed"
    PROBATION_END = "probation_end"
    VISIT_RECEIVED = "visit_received"
    TERM_END = "term_end"
