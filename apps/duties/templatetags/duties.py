"""Small parts of the duty pages."""

from datetime import date

from django.template import Library
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.activities.models import Activity
from apps.branches.models import Organization
from apps.core.days import month_name
from apps.core.status import status as status_of
from apps.core.templatetags.components import icon, tag
from apps.duties import links
from apps.duties.board import Cell, Row
from apps.duties.models import DutyPeriod
from apps.duties.schedule import State
from apps.duties.words import month_label as month_words
from apps.duties.words import year_label

register = Library()


@register.simple_tag
def month_title(year: int, month: int) -> str:
    """2026年3月; March 2026."""
    return month_name(date(year, month, 1))


@register.simple_tag
def year_title(year: int) -> str:
    """2026年; 2026."""
    return year_label(year)


@register.simple_tag
def month_label(month: int) -> str:
    """3月; Mar."""
    return month_words(month)


@register.simple_tag
def status_sign(state: str) -> SafeString:
    """For the legend: glyph and word."""
    shown = status_of("duty", state)
    return format_html("{}{}", icon(shown.glyph), shown.label)


def _cell(cell: Cell, url: str) -> SafeString:
    shown = status_of("duty", cell.status)
    return render_to_string(
        "components/matrix_cell.html",
        {
            "shown": shown,
            "label": cell.title,
            "when": cell.when,
            "text": cell.text,
            "url": url,
            "colspan": cell.columns,
        },
    )


@register.simple_tag
def period_cell(organization: Organization, cell: Cell) -> SafeString:
    """A cell of the branch's year; what has not begun has no page yet."""
    return _cell(cell, reverse("duties:period-detail", args=[organization.public_id, cell.pk]) if cell.pk else "")


@register.simple_tag
def branch_cell(branch: Organization, cell: Cell, month: date) -> SafeString:
    """A cell of the committee's month; several groups in one lead to the branch's board."""
    if cell.pk:
        return _cell(cell, reverse("duties:period-detail", args=[branch.public_id, cell.pk]))
    return _cell(
        cell, f"{reverse('duties:board-detail', args=[branch.public_id])}?year={month.year}&month={month.month}"
    )


@register.simple_tag
def quarter_label(number: int | str) -> str:
    """一季度; Q1."""
    return [_("1st quarter"), _("2nd quarter"), _("3rd quarter"), _("4th quarter")][int(number) - 1]


@register.simple_tag
def period_mark(organization: Organization, cell: Cell) -> SafeString:
    """The sign of a period, with its name for whoever does not see it; what has not begun has no page yet."""
    sign = format_html('{}<span class="sr-only">{}</span>', tag("duty", cell.status, tinted=True), cell.title)
    if not cell.pk:
        return format_html('<span class="quarter__mark" title="{}">{}</span>', cell.title, sign)
    url = reverse("duties:period-detail", args=[organization.public_id, cell.pk])
    return format_html('<a class="quarter__mark" href="{}" title="{}">{}</a>', url, cell.title, sign)


# What a narrow screen lists one by one; the rest is one line.
ASKING = (State.OVERDUE, State.DUE_SOON, State.IN_PROGRESS)


@register.simple_tag
def branch_rows(branch: Organization, cells: list[Cell], month: date) -> SafeString:
    """The committee's month of one branch where there is no room for a table."""
    board = f"{reverse('duties:board-detail', args=[branch.public_id])}?year={month.year}&month={month.month}"
    owed = [cell for cell in cells if cell.status]
    rows = [
        {
            "cell": cell,
            "url": reverse("duties:period-detail", args=[branch.public_id, cell.pk]) if cell.pk else board,
            "meta": cell.when or cell_meta(cell),
        }
        for cell in owed
        if cell.asked or cell.status in ASKING
    ]
    return render_to_string(
        "duties/_branch_rows.html", {"rows": rows, "others": len(owed) - len(rows), "any": bool(owed)}
    )


@register.simple_tag
def row_total(row: Row, year: int) -> str:
    return row.total(year)


@register.simple_tag
def cell_due(cell: Cell) -> str:
    """“3月31日前”, or when it was held."""
    return cell.when


@register.simple_tag
def cell_meta(cell: Cell) -> str:
    """How late it is, or how far it has come."""
    if cell.status == State.OVERDUE and cell.late_days:
        return ngettext("%(days)d day late", "%(days)d days late", cell.late_days) % {"days": cell.late_days}
    if cell.required > 1 and cell.done < cell.required:
        return _("%(done)d of %(required)d") % {"done": cell.done, "required": cell.required}
    return ""


@register.simple_tag
def record_link(organization: Organization, activity: Activity) -> SafeString | str:
    """The record by its kind; a link for those who may read it."""
    if not activity.is_readable:
        return str(activity.kind)
    return format_html('<a href="{}">{}</a>', links.record(organization, activity), activity.kind)


@register.simple_tag
def log_url(period: DutyPeriod, today: date) -> str:
    return links.log(period, today)


@register.simple_tag
def plan_url(period: DutyPeriod) -> str:
    return links.plan(period)


@register.simple_tag
def decision_url(period: DutyPeriod, name: str) -> str:
    return reverse(f"duties:period-{name}", args=[period.organization.public_id, period.pk])


@register.simple_tag
def decision_words(name: str) -> dict[str, str]:
    """The verb on the button and the question above the form."""
    verb, question = {
        "explain": (
            pgettext("duties", "Explain"),
            _("Why was it not held? The reason closes it; the committee above reads it."),
        ),
        "ask": (_("Ask for a waiver"), _("Why should it be waived? The committee above decides.")),
        "waive": (pgettext("duties", "Waive"), _("Why is it waived? The branch reads the reason.")),
        "refuse": (_("Refuse the waiver"), _("Why not? The branch reads the reason.")),
        "reopen": (pgettext("duties", "Reopen"), _("Why is it owed again?")),
    }[name]
    return {"verb": verb, "question": question}
