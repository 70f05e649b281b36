"""The ledger as a workbook in the columns of the paper (整改台账). Headers are Chinese in every language: it is a form."""

from datetime import date

from django.db.models import Prefetch
from django.utils import timezone, translation

from apps.branches.models import Organization
from apps.core.sheets import SheetColumn, Table, write_xlsx
from apps.core.status import status
from apps.supervision import rules
from apps.supervision.listing import Filters, ledger_of_branch, page_of_subtree
from apps.supervision.models import Rectification, Step
from apps.supervision.querysets import RectificationQuerySet

MOST_ROWS = 2000
COLUMNS = (
    SheetColumn("序号", 6, "number"),
    SheetColumn("党支部", 16),
    SheetColumn("问题来源", 16),
    SheetColumn("问题类别", 12),
    SheetColumn("具体问题", 32),
    SheetColumn("依据", 18),
    SheetColumn("整改目标", 18),
    SheetColumn("整改措施", 30),
    SheetColumn("牵头领导", 10),
    SheetColumn("责任人", 10),
    SheetColumn("整改时限", 12),
    SheetColumn("进展情况", 32),
    SheetColumn("佐证材料", 16),
    SheetColumn("完成情况", 10),
    SheetColumn("验收人", 10),
    SheetColumn("销号日期", 12, "date"),
    SheetColumn("备注", 12),
)
SIGNATURES = "填表人：　　　　　　　　审核人：　　　　　　　　填表日期：　　　　年　　月　　日"
CUT = "只列前{most}行，请筛选后再导出。"


def workbook(seen: RectificationQuerySet, at: Organization, filters: Filters, today: date) -> tuple[str, bytes]:
    """File name and bytes."""
    told = Step.objects.filter(kind__in=(Step.Kind.PROGRESS, Step.Kind.ASKED, Step.Kind.RETURNED))
    whole = seen.select_related("lead", "closed_by__person").prefetch_related(
        "measures", "proofs", Prefetch("steps", told, to_attr="told")
    )
    if at.is_branch:
        rows, is_cut = ledger_of_branch(whole, at, filters.year or today.year, filters, today, most=MOST_ROWS), False
    else:
        page = page_of_subtree(whole.under(at.path), filters, today, size=MOST_ROWS)
        rows, is_cut = page.rows, bool(page.next_after)
    year = filters.year or today.year
    with translation.override("zh-hans"):
        table = Table(
            name="整改台账",
            title=f"{year}年整改台账",
            subline=f"{at.name}　截至{today.year}年{today.month}月{today.day}日",
            columns=COLUMNS,
            rows=[_line(number, row, today) for number, row in enumerate(rows, 1)],
            footer=[*([CUT.format(most=MOST_ROWS)] if is_cut else []), SIGNATURES],
        )
        data = write_xlsx([table])
    return f"{at.name} 整改台账 {today:%Y-%m-%d}.xlsx", data


def _line(number: int, row: Rectification, today: date) -> list[object]:
    measures = [f"{one.order}. {one.text}" + ("（已完成）" if one.done_on else "") for one in row.measures.all()]
    is_closed = row.closed_at is not None
    return [
        number,
        row.organization.name,
        row.get_source_display() + (f"：{row.source_label}" if row.source_label else ""),
        row.get_category_display(),
        row.problem,
        row.basis,
        row.goal,
        "\n".join(measures),
        row.lead.name if row.lead else "",
        row.owner_text,
        limit_text(row),
        "\n".join(_told(step) for step in row.told),
        "、".join(proof.name for proof in row.proofs.all()),
        str(status("rectification", row.state).label) + ("（逾期）" if rules.is_overdue(row, today) else ""),
        row.closed_by_name if is_closed else "",
        timezone.localdate(row.closed_at) if row.closed_at else None,
        "",
    ]


def limit_text(row: Rectification) -> str:
    """A day, or the two kinds that have none of their own, with a day where one was given."""
    day = f"{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日" if row.due_on else ""
    if row.nature == Rectification.Nature.BY_DATE:
        return day
    word = "立行立改" if row.nature == Rectification.Nature.AT_ONCE else "长期坚持"
    return f"{word}（{day}）" if day else word


def _told(step: Step) -> str:
    lead = "退回：" if step.kind == Step.Kind.RETURNED else ""
    return f"{step.on.month}月{step.on.day}日 {lead}{step.text}"
