"""The closed lists by which duty rules are written: code knows how to judge each word, data only chooses among them."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Binding(TextChoices):
    """Where the duty comes from. Only practice may be switched off by a committee."""

    REGULATION = "regulation", _("regulation")
    NOTICE = "notice", _("notice of a department")
    PRACTICE = "practice", _("custom")


class Softness(TextChoices):
    """The word of degree in the text. What is asked generally or by custom the branch may close with its own reason."""

    GENERALLY = "generally", _("generally")
    SHOULD = "should", _("should")
    AT_LEAST = "at_least", _("at least")
    MUST = "must", _("must")
    CUSTOMARY = "customary", _("customary")


class Verified(TextChoices):
    YES = "yes", _("the clause itself was read")
    SEC = "sec", _("known from handbooks, the clause was not read")
    NO = "no", _("not verified")


class Owner(TextChoices):
    BRANCH = "branch", _("the branch")
    COMMITTEE = "committee", _("the branch committee")
    GROUP = "group", _("each Party group")
    SECRETARY = "secretary", _("the secretary")
    MEMBER = "member", _("each member")
    UPPER = "upper", _("the committee above")


class Each(TextChoices):
    """Of whom the number is asked. Never a row per person: the branch's one period counts them."""

    NOBODY = "", _("counted once")
    MEMBER = "member", _("for every member")
    COMMITTEE_MEMBER = "committee_member", _("for every committee member")
    ACTIVIST = "activist", _("for every activist applicant")
    MOBILE_MEMBER = "mobile_member", _("for every mobile member")
    MEMBER_ABROAD = "member_abroad", _("for every member abroad")


class AppliesIf(TextChoices):
    """To which organizations; judged on the first day of a period."""

    ALWAYS = "always", _("every branch")
    HAS_COMMITTEE = "has_committee", _("branches with a recorded committee")
    HAS_GROUPS = "has_groups", _("branches divided into groups")
    NOT_TEMPORARY = "not_temporary", _("all but temporary branches")
    HAS_ACTIVISTS = "has_activists", _("branches with activist applicants")
    HAS_MOBILE_MEMBERS = "has_mobile_members", _("branches with mobile members")
    HAS_MEMBERS_ABROAD = "has_members_abroad", _("branches with members abroad")
    RECEIVES_VISITORS = "receives_visitors", _("units that receive letters and visits")
    IS_COMMITTEE = "is_committee", _("Party committees")


class Counted(TextChoices):
    RECORDS = "records", _("records")
    CLASS_HOURS = "class_hours", _("class hours")


class Months(IntegerChoices):
    MONTH = 1, _("month")
    QUARTER = 3, _("quarter")
    HALF_YEAR = 6, _("half-year")
    YEAR = 12, _("year")


class Anchor(TextChoices):
    """What sets off a duty that no calendar knows."""

    LIFE_MEETING = "life_meeting", _("organizational life meeting")
    APPLICATION_RECEIVED = "application_received", _("application received")
    PRELIMINARY_REVIEW_PASSED = (
        "preliminary_review_passed",
        _("preliminary review passed"),
    )
    PROBATION_END = "probation_end", _("end of the probationary period")
    VISIT_RECEIVED = "visit_received", _("letter or visit received")
    TERM_END = "term_end", _("end of the term of office")
