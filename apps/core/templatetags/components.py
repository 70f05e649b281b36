"""The shared parts of pages, with declared inputs: a misspelt one is a TypeError, an unknown icon or state a KeyError.

Usage lines stand in docs/components.md. Parts with a body end in `{% end… %}`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.core.icons import ICONS
from apps.core.related import FIELD, Thing, offers, origin_of
from apps.core.status import status as status_of
from apps.core.templatetags import form_components

register = Library()
register.tags.update(form_components.register.tags)
BUTTONS = ("primary", "secondary", "danger", "quiet")
NOTICES = {"info": "info", "done": "success", "soon": "warning", "error": "error", "plain": "info"}
CARDS = ("plain", "band", "flush")


def _one_of(value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    return value


def _trimmed(content: str) -> SafeString:
    """An empty body may hold the line breaks of its template; what a block renders to is safe already."""
    return mark_safe(content.strip())  # noqa: S308


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


@register.simple_tag(takes_context=True)
def related(context: Context, kind: str, public_id: str, organization: Any) -> SafeString:
    """What can be made of the thing this page is about, and the way it has gone (`core.related`)."""
    request = context["request"]
    thing = Thing(kind, public_id, organization)
    links = [link for offer in offers for link in offer(request, thing)]
    return render_to_string("components/related.html", {"links": links})


@register.simple_tag(takes_context=True)
def origin_field(context: Context) -> SafeString:
    """Hidden in a form: what the new thing comes from."""
    origin = origin_of(context["request"])
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, origin) if origin else SafeString()


@register.simple_tag
def figure(value: object, label: str, *, unit: str = "") -> SafeString:
    return render_to_string("components/figure.html", {"value": value, "label": label, "unit": unit})


# --- Around a page ------------------------------------------------------------------------------------------------------


@register.simple_tag
def back_link(url: str, label: str = "") -> SafeString:
    return format_html('<a class="back" href="{}">{}{}</a>', url, icon("chevron-left"), label or _("Back"))


@register.simple_block_tag
def breadcrumb(content: str) -> SafeString:
    return format_html('<nav class="breadcrumb" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), content)


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
        {"content": _trimmed(content), "title": title, "url": url, "domain": domain, "state": state, "due": due,
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
        {"content": _trimmed(content) or "—", "key": key, "change_url": change_url, "change": change or _("Change")},
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
    return render_to_string("components/disclosure.html", {"content": content, "summary": summary, "is_open": open})


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
    return render_to_string("components/pager.html", {"newer_url": newer_url, "older_url": older_url, "note": note})


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
