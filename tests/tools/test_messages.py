"""Chinese is complete: nothing empty, nothing guessed, no broken placeholder."""

import gettext
import os

from apps.core.stack.catalogs import compile_catalogs
from tools import messages

HEAD = 'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
GOOD = '\nmsgid "Save"\nmsgstr "保存"\n'


def catalog(tmp_path, text):
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text)
    return path


def test_each_fault_is_named(tmp_path):
    text = GOOD + '\nmsgid "Open"\nmsgstr ""\n\n#, fuzzy\nmsgid "Close"\nmsgstr "关"\n'
    text += '\n#, python-format\nmsgid "%(n)d days"\nmsgstr "%(m)d 天"\n'
    found = list(messages.faults(messages.read(catalog(tmp_path, text), "zh_Hans")))
    assert found[:2] == ["not translated: 'Open'", "fuzzy: 'Close'"]
    assert len(found) == 3
    assert found[2].endswith("'%(n)d days'")


def test_a_complete_catalog_has_no_faults(tmp_path):
    assert list(messages.faults(messages.read(catalog(tmp_path, GOOD), "zh_Hans"))) == []


def test_catalogs_are_compiled_when_they_changed(tmp_path):
    path = catalog(tmp_path, GOOD)
    assert compile_catalogs(tmp_path) == [path.with_suffix(".mo")]
    assert gettext.translation("django", tmp_path, ["zh_Hans"]).gettext("Save") == "保存"
    assert compile_catalogs(tmp_path) == []
    path.write_text(HEAD + '\nmsgid "Save"\nmsgstr "存"\n')
    later = path.with_suffix(".mo").stat().st_mtime + 1
    os.utime(path, (later, later))
    assert compile_catalogs(tmp_path) == [path.with_suffix(".mo")]
    assert list(path.parent.glob("*.tmp")) == []
