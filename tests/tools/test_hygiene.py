"""The repository names no package index, in no form."""

import pytest

from tools import hygiene


def test_the_lock_files_hold_names_versions_and_hashes_alone():
    for name in hygiene.LOCKS:
        text = (hygiene.ROOT / name).read_text()
        assert text.count("--hash=sha256:") > 100
        assert hygiene.faults_in(name, text) == []


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index-url x",
        "--index-url x",
        "-i x",
        "--find-links wheels",
        "--trusted-host x",
        "a @ https://host/a.whl",
    ],
)
def test_what_other_tools_write_into_a_lock_is_found(line):
    assert hygiene.faults_in("requirements.lock", f"django==5.2\n{line}\n") == ["requirements.lock:2"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("pip install --index-url " + "https://mirror.example/x", True),
        ("PIP_INDEX_URL" + "=https://mirror.example/", True),
        ("see https://mirror.example" + "/simple/ for it", True),
        ("registry" + "=https://mirror.example/", True),
        ("https://" + "npm.mirror.example/left-pad", True),
        ("trusted-host" + " = mirror.example", True),
        ("https://www.djangoproject.com/simple-and-good", False),
        ("the registry of reminder sources", False),
        ("uv pip compile --no-emit-index-url", False),
    ],
)
def test_an_index_is_known_by_its_shape(line, found):
    assert bool(hygiene.faults_in("docs/any.md", line)) is found
