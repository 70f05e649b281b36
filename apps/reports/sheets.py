"""The figures of a report as a workbook: each with its value and the sentence that says what it counts."""

from datetime import timedelta

from django.utils import translation

from apps.core.days import long_day
from apps.core.sheets import SheetColumn, Table, write_xlsx
from apps.reports import periods
from apps.reports.reading import Reading

WORDS = {
    "name": "数据",
    "title": "{branch}{period}数据",
    "span": "{first}至{last}　{stand}",
    "draft": "草稿，尚未报送",
    "version": "第{number}次报送",
}
COLUMNS = (
    SheetColumn("项目", width=20),
    SheetColumn("数值", width=10, kind="number"),
    SheetColumn("总数", width=10, kind="number"),
    SheetColumn("口径", width=70),
)


def report_xlsx(reading: Reading) -> tuple[bytes, str]:
    """The workbook and its name. Headers are Chinese in every language: it is a form."""
    report = reading.report
    with translation.override("zh-hans"):
        period = periods.label(report.months, report.starts_on)
        stand = WORDS["version"].format(number=reading.version.number) if reading.version else WORDS["draft"]
        first, last = long_day(report.starts_on), long_day(report.ends_before - timedelta(days=1))
        title = WORDS["title"].format(branch=report.organization.name, period=period)
        table = Table(
            name=WORDS["name"],
            title=title,
            subline=WORDS["span"].format(first=first, last=last, stand=stand),
            columns=COLUMNS,
            rows=[
                (str(figure.name), value.value, value.of, str(figure.definition)) for figure, value in reading.figures
            ],
        )
        return write_xlsx([table]), title
