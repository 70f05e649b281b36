"""Questions and answers, as parts of `components`: fields, errors, the attendance board."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.forms import BaseForm, BaseFormSet, BoundField, Field, widgets
from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.status import status as status_of

register = Library()


@register.simple_tag
def error_summary(*forms: BaseForm | BaseFormSet | None) -> SafeString:
    """Of forms and formsets together; nothing where there is no error. The page names its form `form`, so that its title
    begins with the error as well."""
    items = [item for form in forms for item in _errors(form)]
    return render_to_string("components/error_summary.html", {"items": items}) if items else SafeString("")


def _errors(form: BaseForm | BaseFormSet | None) -> list[dict[str, object]]:
    if not form:  # a page may have no form at all
        return []
    if isinstance(form, BaseFormSet):
        whole: list[dict[str, object]] = [{"text": text, "target": ""} for text in form.non_form_errors()]
        return whole + [item for each in form.forms for item in _errors(each)]
    items: list[dict[str, object]] = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        items += [{"text": text, "target": _first_id(bound)} for text in _messages(bound, alone=True)]
    return items


def _messages(bound: BoundField, *, alone: bool = False) -> list[str]:
    """The form's own words as they are. Django's defaults do not say which field they mean: "required" becomes a request,
    the others get the label in front where they stand `alone`, in the summary."""
    texts = []
    for error in bound.errors.as_data():
        text = " ".join(error.messages)
        if error.code == "required" and text == str(Field.default_error_messages["required"]):
            chosen = hasattr(bound.field, "choices")
            text = (_("Choose “%(label)s”") if chosen else _("Fill in “%(label)s”")) % {"label": bound.label}
        elif alone and text == str(type(bound.field).default_error_messages.get(error.code or "")):
            text = _("%(label)s: %(text)s") % {"label": bound.label, "text": text}
        texts.append(text)
    return texts


def _first_id(bound: BoundField) -> str:
    """A group of radio buttons has no element of its own id: its first button takes the focus. Hidden inputs take none."""
    if bound.is_hidden:
        return ""
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
    hint = hint or str(bound.help_text)
    described = [f"{base}_hint"] if hint else []
    described += [f"{base}_error"] if bound.errors else []
    attrs = {
        "class": " ".join(
            filter(
                None, ["check__box" if check else "input", widget.attrs.get("class"), "input--short" if short else ""]
            )
        ),
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
            "errors": _messages(bound),
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
            "type": "checkbox" if isinstance(bound.field.widget, widgets.CheckboxSelectMultiple) else "radio",
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
    return format_html_join(
        "",
        "{}",
        (
            (field(bound, today=today if getattr(bound.field.widget, "input_type", "") == "date" else None),)
            for bound in form
        ),
    )


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
