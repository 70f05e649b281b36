"""What the shared parts print, and what they refuse."""

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from apps.core.widgets import DateInput


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def show(source: str, **context: object) -> str:
    """As a page prints it, runs of white space as one space."""
    return re.sub(r"\s+", " ", Template(source).render(Context({"csrf_token": "t0ken", **context}))).strip()


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("group", "Group"), ("theme", "Theme")])
    held_on = forms.DateField(widget=DateInput, error_messages={"required": "Choose a day"})
    place = forms.CharField(help_text="Last time: room 101")
    notes = forms.CharField(required=False, widget=forms.Textarea)
    decided = forms.BooleanField(required=False)
    row = forms.CharField(required=False, widget=forms.HiddenInput, initial="7")


@pytest.mark.parametrize(
    "source",
    [
        '{% card titel="x" %}{% endcard %}',
        '{% notice tonne="info" %}{% endnotice %}',
        '{% task_row title="x" date="y" %}{% endtask_row %}',
        '{% button "File" size="big" %}',
        '{% table title="x" %}{% endtable %}',
    ],
)
def test_misspelt_input_is_refused(source):
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument"):
        show(source)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ('{% notice tone="alarm" %}{% endnotice %}', ValueError),
        ('{% button "Delete" kind="red" %}', ValueError),
        ('{% icon "hammer" %}', KeyError),
        ('{% tag "duty" "late" %}', KeyError),
    ],
)
def test_unknown_kind_is_refused(source, error):
    with pytest.raises(error):
        show(source)


def test_icon_is_silent_beside_words_and_speaks_alone():
    assert 'aria-hidden="true"' in show('{% icon "check" %}')
    alone = show('{% icon "check" label="Done" %}')
    assert 'role="img" aria-label="Done"' in alone
    assert "aria-hidden" not in alone


def test_done_is_plain_in_lists_and_tinted_in_a_matrix():
    assert "tag--plain" in show('{% tag "duty" "done" %}')
    assert "tag--done" in show('{% tag "duty" "done" tinted=True %}')
    assert "cell--done" in show('{% matrix_cell "duty" "done" label="March" %}')


def test_what_people_typed_is_escaped():
    page = show(
        "{% task_row title=text url='/x' due=text meta=text %}{% endtask_row %}{% tag 'duty' 'overdue' detail=text %}"
        "{% summary_list %}{% summary_row key=text change_url='/y' %}{{ text }}{% endsummary_row %}{% endsummary_list %}"
        "{% card title=text %}{{ text }}{% endcard %}{% notice title=text %}{{ text }}{% endnotice %}"
        "{% undo_bar text '/undo' %}{% attendance_item 'a' text 'present' note=text %}{% matrix_cell 'duty' 'done' label=text %}",
        text="<b>x</b>",
    )
    assert "<b>x</b>" not in page
    assert page.count("&lt;b&gt;x&lt;/b&gt;") >= 12


def test_empty_bodies():
    row = show('{% task_row title="Report" url="/r" %} {% endtask_row %}')
    assert "task__buttons" not in row
    assert "icon--chevron" in row
    assert ">—</dd>" in show('{% summary_row key="Guests" %} {% endsummary_row %}')


def test_row_with_buttons_has_no_arrow():
    row = show('{% task_row title="Report" url="/r" %}{% link_button "Check" "/c" %}{% endtask_row %}')
    assert "icon--chevron" not in row
    assert '<a class="button button--secondary" href="/c">' in row


def test_undo_is_a_form_that_works_without_scripts():
    bar = show('{% undo_bar "Draft deleted" "/undo/7/" %}')
    assert '<form method="post" action="/undo/7/">' in bar
    assert 'name="csrfmiddlewaretoken" value="t0ken"' in bar


def test_steps_are_told_in_words():
    steps = show("{% steps 2 labels urls %}", labels=["What", "Who", "Check"], urls=["/1", "/2"])
    assert "Step 2 of 3" in steps
    assert steps.count('aria-current="step"') == 1
    assert re.findall(r'href="([^"]+)"', steps) == ["/1"]  # not the present one, and none that has no address yet


def test_pager_without_neighbours_prints_nothing():
    assert show("{% pager %}") == ""
    assert re.findall(r'rel="(\w+)"', show('{% pager older_url="?after=3" %}')) == ["next"]


def test_matrix_cell_is_heard_as_a_sentence():
    cell = show(
        '{% matrix_cell "duty" "due_soon" label="March, committee meeting" when="by 31 March" url="/m" colspan=3 %}'
    )
    assert cell.startswith('<td colspan="3"><a class="cell cell--soon" href="/m">')
    assert '<span class="sr-only">March, committee meeting Due soon by 31 March</span>' in cell


def test_field_ties_label_hint_and_error_to_the_input():
    page = show("{% field form.place %}", form=MeetingForm({"kind": "group"}))
    assert '<label class="field__label" for="id_place">Place</label>' in page
    assert 'aria-describedby="id_place_hint id_place_error"' in page
    assert page.count("aria-describedby") == 1
    assert 'aria-invalid="true"' in page
    assert 'id="id_place_hint">Last time: room 101' in page
    assert "Fill in “Place”" in page


def test_only_optional_fields_say_so():
    form = MeetingForm()
    assert "optional" in show("{% field form.notes %}", form=form)
    assert "optional" not in show("{% field form.place %}", form=form)
    assert "optional" not in show("{% field form.decided %}", form=form)


def test_field_passes_on_how_to_type():
    page = show('{% field form.place autocomplete="off" inputmode="numeric" %}', form=MeetingForm())
    assert 'autocomplete="off"' in page
    assert 'inputmode="numeric"' in page


def test_choices_become_chips_over_real_buttons():
    page = show("{% field form.kind %}", form=MeetingForm({"kind": "theme"}))
    assert page.count('type="radio"') == 2
    assert re.findall(r'value="(\w+)" id="(\w+)" checked', page) == [("theme", "id_kind_1")]
    assert '<fieldset class="field" id="id_kind"' in page
    assert '<legend class="field__label">Kind</legend>' in page


def test_date_offers_today_and_yesterday_once_it_is_told_the_day():
    form = MeetingForm(initial={"held_on": date(2026, 3, 5)})
    page = show("{% field form.held_on today=day %}", form=form, day=date(2026, 3, 1))
    assert 'type="date"' in page
    assert 'value="2026-03-05"' in page
    assert re.findall(r'data-value="([\d-]+)" hidden', page) == ["2026-03-01", "2026-02-28"]
    assert "data-set" not in show("{% field form.held_on %}", form=form)


def test_fields_prints_every_field_once():
    page = show("{% fields form %}", form=MeetingForm())
    assert set(re.findall(r'name="(\w+)"', page)) == {"kind", "held_on", "place", "notes", "decided", "row"}
    assert '<input type="hidden" name="row" value="7"' in page


def test_error_summary_links_to_what_takes_the_focus():
    form = MeetingForm({"held_on": "nonsense"})
    form.add_error(None, "Nobody was present.")
    page = show("{% error_summary form %}", form=form)
    assert "4 things to change" in page
    assert re.findall(r'<li>(?:<a href="([^"]+)">)?([^<]+)', page) == [
        ("", "Nobody was present."),
        ("#id_kind_0", "Choose “Kind”"),
        ("#id_held_on", "Held on: Enter a valid date."),
        ("#id_place", "Fill in “Place”"),
    ]


def test_error_summary_keeps_the_words_of_the_form():
    page = show("{% error_summary form %}", form=MeetingForm({"kind": "group", "place": "101"}))
    assert "1 thing to change" in page
    assert '<a href="#id_held_on">Choose a day</a>' in page


def test_error_summary_reads_formsets():
    formset_class = forms.formset_factory(MeetingForm, extra=1)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-place": "101", "form-0-kind": "group"}
    assert 'href="#id_form-0-held_on"' in show("{% error_summary formset %}", formset=formset_class(data))


def test_nothing_wrong_prints_nothing():
    assert show("{% error_summary form none %}", form=MeetingForm(), none=None) == ""


def test_attendance_is_radio_buttons_under_the_board():
    item = show(
        '{% attendance_item "attendance-12" "王建国" "excused" initials="wjg" reason_name="reason-12"'
        ' reasons=reasons reason="ill" %}',
        reasons=[("duty", "Away on duty"), ("ill", "Sick leave")],
    )
    assert re.findall(r'type="radio" name="attendance-12" value="(\w+)"( checked)?', item) == [
        ("present", ""), ("excused", " checked"), ("absent", ""),
    ]  # fmt: skip
    assert '<option value="ill" selected>Sick leave</option>' in item
    assert re.findall(r'data-state="(\w+)"( hidden)?', item) == [
        ("present", " hidden"),
        ("excused", ""),
        ("absent", " hidden"),
    ]


def test_nobody_is_present_by_default():
    item = show('{% attendance_item "attendance-12" "王建国" "" %}')
    assert "checked" not in item


def test_online_is_offered_or_kept():
    assert 'value="online"' not in show('{% attendance_item "a" "x" "present" %}')
    assert 'value="online"' in show('{% attendance_item "a" "x" "present" online=True %}')
    assert 'value="online" checked' in show('{% attendance_item "a" "x" "online" %}')
