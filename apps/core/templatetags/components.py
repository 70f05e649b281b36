"""The shared parts of pages, with declared inputs: a misspelt one is a TypeError, an unknown icon or state a KeyError.

Usage lines stand in docs/components.md. Parts with a body end in `{% end… %}`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.forms import BoundField, widgets
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.core.icons import ICONS
from apps.core.status import status as status_of

register = Library()
BUTTONS = ("primary", "secondary", "danger", "quiet")
NOTICES = {"info": "info", "done": "success", "soon": "warning", "error": "error", "plain": "info"}
CARDS = ("plain", "band", "flush")


def _one_of(value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    return value


# --- Small signs --------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Decoration beside words, or, with `label`, the only sign: then a reader hears the label."""
    drawing = mark_safe(ICONS[name])  # noqa: S308 - our own drawings
    side = " icon--chevron" if name.startswith("chevron") else ""
    if label:
        return format_html(
            '<svg class="icon{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', side, label, drawing
        )
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', side, drawing
    )


@register.simple_tag
def tag(domain: str, state: str, *, detail: str = "", tinted: bool = False) -> SafeString:
    """A status in word, glyph and colour. Done things are plain text in lists unless `tinted`."""
    shown = status_of(domain, state)
    style = "plain" if shown.plain_in_lists and not tinted else shown.style
    return format_html(
        '<span class="tag tag--{}{}">{}<span class="tag__label">{}{}</span></span>',
        style,
        f" tag--{shown.outline}" if shown.outline else "",
        icon(shown.glyph),
        shown.label,
        f" {detail}" if detail else "",
    )


@register.simple_tag
def button(
    label: str,
    *,
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    wide: bool = False,
    shortcut: str = "",
) -> SafeString:
    """A submit button of the form it stands in."""
    return render_to_string(
        "components/button.html",
        {"label": label, "kind": _one_of(kind, BUTTONS), "icon_name": icon, "name": name, "value": value, "wide": wide,
         "shortcut": shortcut, "url": ""},
    )  # fmt: skip


@register.simple_tag
def link_button(
    label: str, url: str, *, kind: str = "secondary", icon: str = "", wide: bool = False, shortcut: str = ""
) -> SafeString:
    return render_to_string(
        "components/button.html",
        {"label": label, "kind": _one_of(kind, BUTTONS), "icon_name": icon, "name": "", "value": "", "wide": wide,
         "shortcut": shortcut, "url": url},
    )  # fmt: skip


@register.simple_tag
def figure(value: object, label: str, *, unit: str = "") -> SafeString:
    return render_to_string("components/figure.html", {"value": value, "label": label, "unit": unit})


# --- Around a page ------------------------------------------------------------------------------------------------------


@register.simple_tag
def back_link(url: str, label: str = "") -> SafeString:
    return format_html('<a class="back" href="{}">{}{}</a>', url, icon("chevron-left"), label or _("Back"))


@register.simple_block_tag
def breadcrumb(content: str) -> SafeString:
    return format_html(
        '<nav class="breadcrumb" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), content
    )


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li aria-current="page">{}</li>', label)


@register.simple_block_tag
def notice(content: str, *, tone: str = "info", title: str = "", dismissible: bool = False) -> SafeString:
    return render_to_string(
        "components/notice.html",
        {"content": content, "tone": _one_of(tone, NOTICES), "icon_name": NOTICES[tone], "title": title,
         "dismissible": dismissible},
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def undo_bar(context: Context, text: str, url: str, *, label: str = "", seconds: int = 10) -> SafeString:
    """Leaves after `seconds`, longer while hovered or focused. Without scripts it stays until the next page."""
    return render_to_string(
        "components/undo_bar.html",
        {"text": text, "url": url, "label": label or _("Undo"), "seconds": seconds,
         "csrf_token": context["csrf_token"]},
    )  # fmt: skip


@register.simple_block_tag
def tabs(content: str, *, label: str) -> SafeString:
    return format_html('<nav class="tabs" aria-label="{}"><ul class="tabs__list">{}</ul></nav>', label, content)


@register.simple_tag
def tab(label: str, url: str, *, active: bool = False, count: int | str = "") -> SafeString:
    return format_html(
        '<li><a class="tabs__link" href="{}"{}>{}{}</a></li>',
        url,
        mark_safe(' aria-current="page"') if active else "",
        label,
        "" if count == "" else format_html('<span class="tabs__count">{}</span>', count),
    )


@register.simple_tag
def steps(current: int, labels: Sequence[str], urls: Sequence[str] = ()) -> SafeString:
    """`current` counts from 1. A step with an empty or missing address is words only."""
    items = [
        {"number": number, "label": label, "url": urls[number - 1] if number <= len(urls) else ""}
        for number, label in enumerate(labels, 1)
    ]
    return render_to_string("components/steps.html", {"current": current, "total": len(labels), "items": items})


# --- Cards, rows, lists -------------------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str, *, title: str = "", count: int | str = "", tone: str = "plain", more_url: str = "", more: str = ""
) -> SafeString:
    return render_to_string(
        "components/card.html",
        {"content": content, "title": title, "count": count, "tone": _one_of(tone, CARDS), "more_url": more_url,
         "more": more},
    )  # fmt: skip


@register.simple_block_tag
def rows(content: str, *, ruled: bool = False) -> SafeString:
    return format_html('<ul class="rows{}">{}</ul>', " rows--ruled" if ruled else "", content)


@register.simple_block_tag
def task_row(
    content: str,
    *,
    title: str,
    url: str = "",
    domain: str = "",
    state: str = "",
    due: str = "",
    meta: str = "",
    done: bool = False,
) -> SafeString:
    """The body holds at most two buttons, and stays empty where the row itself is the link."""
    return render_to_string(
        "components/task_row.html",
        {"content": content.strip(), "title": title, "url": url, "domain": domain, "state": state, "due": due,
         "meta": meta, "done": done},
    )  # fmt: skip


@register.simple_block_tag
def summary_list(content: str) -> SafeString:
    return format_html('<dl class="summary">{}</dl>', content)


@register.simple_block_tag
def summary_row(content: str, *, key: str, change_url: str = "", change: str = "") -> SafeString:
    """An empty body prints "—"."""
    return render_to_string(
        "components/summary_row.html",
        {"content": content.strip() or "—", "key": key, "change_url": change_url, "change": change or _("Change")},
    )


@register.simple_tag
def empty_state(text: str, *, action: str = "", url: str = "", icon: str = "paper") -> SafeString:
    return render_to_string(
        "components/empty_state.html", {"text": text, "action": action, "url": url, "icon_name": icon}
    )


@register.simple_tag
def progress(done: int, total: int, *, label: str, unit: str = "") -> SafeString:
    return render_to_string("components/progress.html", {"done": done, "total": total, "label": label, "unit": unit})


@register.simple_block_tag
def disclosure(content: str, *, summary: str, open: bool = False) -> SafeString:
    return render_to_string(
        "components/disclosure.html", {"content": content, "summary": summary, "is_open": open}
    )


@register.simple_block_tag
def menu(content: str, *, label: str, icon: str = "", start: bool = False) -> SafeString:
    """The body is `<li>` elements with `class="menu__item"` links or buttons."""
    return render_to_string(
        "components/menu.html", {"content": content, "label": label, "icon_name": icon, "start": start}
    )


@register.simple_block_tag
def confirm(content: str, *, label: str, title: str, icon: str = "") -> SafeString:
    """A neutral button that opens a question in the flow of the page; the body is the form that answers it."""
    return render_to_string(
        "components/confirm.html", {"content": content, "label": label, "title": title, "icon_name": icon}
    )


@register.simple_block_tag
def drawer(content: str, *, title: str, close_url: str, still: bool = False) -> SafeString:
    """`still` keeps it in the flow, as a page of its own does."""
    return render_to_string(
        "components/drawer.html", {"content": content, "title": title, "close_url": close_url, "still": still}
    )


# --- Tables -------------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def table(
    content: str, *, caption: str, show_caption: bool = False, cards: bool = False, sticky: bool = False
) -> SafeString:
    """The body is `<thead>` and `<tbody>`. `cards`: on a phone each row is a card, labelled by `data-label` of its cells."""
    return render_to_string(
        "components/table.html",
        {"content": content, "caption": caption, "show_caption": show_caption, "cards": cards, "sticky": sticky},
    )


@register.simple_tag
def pager(*, newer_url: str = "", older_url: str = "", note: str = "") -> SafeString:
    return render_to_string(
        "components/pager.html", {"newer_url": newer_url, "older_url": older_url, "note": note}
    )


@register.simple_block_tag
def bulk_bar(content: str) -> SafeString:
    """The body holds the buttons. Boxes that count carry `data-bulk`; without scripts the bar simply stays visible."""
    return render_to_string("components/bulk_bar.html", {"content": content})


@register.simple_tag
def matrix_cell(
    domain: str, state: str, *, label: str, when: str = "", text: str = "", url: str = "", colspan: int = 1
) -> SafeString:
    """`label` and `when` are heard ("March, committee meeting … by 31 March"); `text` is seen beside the glyph."""
    return render_to_string(
        "components/matrix_cell.html",
        {"shown": status_of(domain, state), "label": label, "when": when, "text": text, "url": url,
         "colspan": colspan},
    )  # fmt: skip


# --- Paper --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def print_header(organization: str, form: str, *, line: str = "") -> SafeString:
    return render_to_string(
        "components/print_header.html", {"organization": organization, "form_name": form, "line": line}
    )


@register.simple_tag
def print_footer(organization: str, form: str, printed_at: str) -> SafeString:
    return render_to_string(
        "components/print_footer.html", {"organization": organization, "form_name": form, "printed_at": printed_at}
    )


# --- Forms --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def error_summary(*forms: object) -> SafeString:
    """Of forms and formsets together; nothing where there is no error. The page names its form `form`, so that its title
    begins with the error as well."""
    items = [item for form in forms for item in _errors(form)]
    return render_to_string("components/error_summary.html", {"items": items}) if items else SafeString("")


def _errors(form: object) -> list[dict[str, str]]:
    if not form:  # unbound formsets are falsy, and a page may have no form at all
        return []
    if hasattr(form, "management_form"):
        whole = [{"text": text, "target": ""} for text in form.non_form_errors()]
        return whole + [item for each in form.forms for item in _errors(each)]
    items = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        items += [{"text": text, "target": _first_id(bound)} for text in bound.errors]
    return items


def _first_id(bound: BoundField) -> str:
    """A group of radio buttons has no element of its own id: its first button takes the focus."""
    grouped = isinstance(bound.field.widget, (widgets.RadioSelect, widgets.CheckboxSelectMultiple))
    return f"{bound.auto_id}_0" if grouped else bound.id_for_label


@register.simple_tag
def field(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    autocomplete: str = "",
    inputmode: str = "",
    today: date | None = None,
    short: bool = False,
    rows: int = 0,
) -> SafeString:
    """Label, hint, input and error. Choices drawn as radio buttons or checkboxes become chips; a date input gets
    "today" and "yesterday" when it is told the day."""
    if bound.is_hidden:
        return bound.as_widget()
    widget = bound.field.widget
    chips = isinstance(widget, (widgets.RadioSelect, widgets.CheckboxSelectMultiple))
    check = isinstance(widget, widgets.CheckboxInput)
    base = bound.auto_id or bound.html_name
    hint = hint or bound.help_text
    described = [f"{base}_hint"] if hint else []
    described += [f"{base}_error"] if bound.errors else []
    attrs = {
        "class": " ".join(filter(None, ["check__box" if check else "input", widget.attrs.get("class"), "input--short" if short else ""])),
        "aria-describedby": " ".join(described),
        "autocomplete": autocomplete,
        "inputmode": inputmode,
        "rows": str(rows or ""),
        "aria-invalid": "true" if bound.errors else "",
    }
    return render_to_string(
        "components/field.html",
        {
            "bound": bound,
            "base": base,
            "kind": "chips" if chips else "check" if check else "input",
            "label": label or bound.label,
            "hint": hint,
            "described": " ".join(described),
            "optional": not bound.field.required and not check,
            "options": _options(bound) if chips else [],
            "control": "" if chips else bound.as_widget(attrs={key: value for key, value in attrs.items() if value}),
            "today": today,
            "yesterday": today - timedelta(days=1) if today else None,
        },
    )


def _options(bound: BoundField) -> list[dict[str, object]]:
    return [
        {
            "type": "radio" if isinstance(bound.field.widget, widgets.RadioSelect) else "checkbox",
            "name": part.data["name"],
            "value": part.data["value"],
            "checked": part.data["selected"],
            "id": part.data["attrs"].get("id", ""),
            "disabled": part.data["attrs"].get("disabled", False),
            "label": part.choice_label,
        }
        for part in bound.subwidgets
    ]


@register.simple_tag
def fields(form: Iterable[BoundField], *, today: date | None = None) -> SafeString:
    """Every field in order, hidden ones included; for forms without a layout of their own."""
    days = ((bound, today if getattr(bound.field.widget, "input_type", "") == "date" else None) for bound in form)
    return format_html_join("", "{}", ((field(bound, today=day),) for bound, day in days))


@register.simple_block_tag
def attendance_board(content: str, *, expected: int, present: int, excused: int = 0, absent: int = 0) -> SafeString:
    """The body is attendance items. The counts given are for the first print; the script counts on."""
    return render_to_string(
        "components/attendance_board.html",
        {"content": content, "expected": expected, "present": present, "excused": excused, "absent": absent},
    )


@register.simple_tag
def attendance_item(
    name: str,
    label: str,
    state: str,
    *,
    note: str = "",
    initials: str = "",
    online: bool = False,
    reason_name: str = "",
    reasons: Sequence[tuple[str, str]] = (),
    reason: str = "",
) -> SafeString:
    """Radio buttons `name` = present, online (if offered), excused, absent; `reason_name` is a select beside them.

    `initials` are the pinyin initials ("wjg") by which the keyboard finds the person.
    """
    states = ["present", *(["online"] if online or state == "online" else []), "excused", "absent"]
    return render_to_string(
        "components/attendance_item.html",
        {
            "name": name,
            "label": label,
            "state": state,
            "note": note,
            "initials": initials,
            "options": [{"value": value, "shown": status_of("attendance", value)} for value in states],
            "reason_name": reason_name,
            "reasons": reasons,
            "reason": reason,
        },
    )
