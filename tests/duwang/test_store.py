"""The store, on SQLite and on PostgreSQL: the same files give the same store, in any order and after any end."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import postgres
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from loop_samples import inspection, kept
from sqlalchemy import Connection, select, text

from crawler.errors import UnusableInput
from crawler.evidence import ProbeVisit
from duwang import probed
from duwang.loop import records
from duwang.store import intake, last_inspection, queries, tables, take_in
from duwang.store.database import _config, _turn, reading, upgrade, writing
from reports import json_report
from scoring.decisions import Decision
from scoring.inspection import Probed

Duwang = Callable[..., Any]
JAN, FEB, MAR, APR = "2026-01-10", "2026-02-10", "2026-03-10", "2026-04-10"


@pytest.fixture(scope="session")
def socket() -> Iterator[str]:
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.server() as folder:
        yield folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.optional("postgresql"))])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a store that is not there yet."""
    if request.param == "sqlite":
        yield str(tmp_path / "store.sqlite")
        return
    with postgres.database(request.getfixturevalue("socket")) as url:
        yield url


@pytest.fixture
def months(tmp_path: Path) -> list[Path]:
    """Inspection files of two sites over four months; nobody compared them when they were made."""
    made = [
        kept(tmp_path / "1", inspection("lanxi", JAN, ["公告", "人事"], ["规划"]), inspection("yunxi", JAN, ["公告"])),
        kept(tmp_path / "2", inspection("lanxi", FEB, ["公告", "采购"]), inspection("yunxi", FEB, ["公告"])),
        kept(tmp_path / "3", inspection("lanxi", MAR, ["采购", "人事"], ["规划"]), inspection("yunxi", MAR, [])),
        kept(tmp_path / "4", inspection("lanxi", APR, ["采购"])),
    ]
    return [path for paths in made for path in paths]


def contents(url: str) -> dict[str, list[dict[str, Any]]]:
    """All that the store says, without the numbers of its rows."""
    with reading(url) as connection:
        assert connection is not None
        return _contents(connection)


def _contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    names = {
        kind: {row.id: name(row) for row in connection.execute(select(tables.metadata.tables[kind]))}
        for kind, name in (
            ("sites", lambda row: row.key),
            ("captures", lambda row: row.digest),
            ("inspections", lambda row: (row.site_id, row.judged_on)),
            ("findings", lambda row: (row.site_id, row.fingerprint)),
        )
    }
    sites = names["sites"]
    for kind in ("inspections", "findings"):
        names[kind] = {number: (sites[site], *rest) for number, (site, *rest) in names[kind].items()}
    found = {}
    for table in tables.metadata.sorted_tables:
        rows = []
        for row in connection.execute(select(table)).mappings():
            told = {name: value for name, value in row.items() if name != "id" or table.name in ("decisions", "runs")}
            for name in ("site_id", "capture_id", "inspection_id", "finding_id"):
                if name in told:
                    told[name] = names[f"{name.removesuffix('_id')}s"][told[name]]
            rows.append(told)
        found[table.name] = sorted(rows, key=str)
    return found


def lives(url: str, site: str) -> dict[str, tuple[str, str, str, str]]:
    """State, first and last day, and the day it ended, of each fault of a site by its words."""
    with reading(url) as connection:
        assert connection is not None
        known = queries.history(connection, site)
    assert known is not None
    return {one.message[3:5]: (one.state, one.first_seen, one.last_seen, one.ended) for one in known.lives}


def ranked(url: str, on: str | None = None) -> list[tuple[int, str, float, int | None, float | None]]:
    with reading(url) as connection:
        assert connection is not None
        found = queries.ranking(connection, on=date.fromisoformat(on) if on else None)
    return [(one.place, one.key, one.score, one.place_before, one.score_before) for one in found]


# --- what it knows ----------------------------------------------------------------------------------


def test_every_fault_has_one_row_from_its_first_to_its_last_day(store: str, months: list[Path]) -> None:
    take_in(store, months[:6])
    assert lives(store, "lanxi") == {
        "公告": ("fixed", JAN, FEB, MAR),
        "人事": ("reopened", JAN, MAR, ""),
        "规划": ("reopened", JAN, MAR, ""),
        "采购": ("persisting", FEB, MAR, ""),
    }
    assert lives(store, "yunxi") == {"公告": ("fixed", JAN, FEB, MAR)}
    take_in(store, months[6:])
    assert lives(store, "lanxi")["人事"] == ("fixed", JAN, MAR, APR)
    with reading(store) as connection:
        assert connection is not None
        known = queries.history(connection, "lanxi")
    assert known is not None
    shown = [{name: n for name, n in month.counts.items() if n} for month in known.months]
    assert shown == [
        {"fails": 2, "reviews": 1, "new": 3},
        {"fails": 2, "new": 1, "persisting": 1, "fixed": 2},
        {"fails": 2, "reviews": 1, "persisting": 1, "reopened": 2, "fixed": 1},
        {"fails": 1, "persisting": 1, "fixed": 2},
    ]
    assert [month.scores for month in known.months] == [{"网站自查评分": n} for n in (80, 80, 80, 90)]


def test_what_was_not_looked_at_lives_on(store: str, tmp_path: Path) -> None:
    first, second = inspection("lanxi", JAN, ["公告"]), inspection("lanxi", FEB, [])
    second.evidence.coverage["refused"] = {"timeout": 3}
    take_in(store, [*kept(tmp_path / "1", first), *kept(tmp_path / "2", second)])
    assert lives(store, "lanxi") == {"公告": ("unseen", JAN, JAN, "")}


def test_sites_are_ranked_by_their_last_inspection_with_what_changed(store: str, months: list[Path]) -> None:
    take_in(store, months)
    assert ranked(store) == [(1, "yunxi", 100, 1, 90), (2, "lanxi", 90, 2, 80)]
    assert ranked(store, FEB) == [(1, "yunxi", 90, 1, 90), (2, "lanxi", 80, 2, 80)]
    assert ranked(store, "2025-12-31") == []


def test_equal_scores_share_a_place(store: str, tmp_path: Path) -> None:
    made = [
        inspection(name, JAN, faults) for name, faults in (("a", ["x"]), ("b", []), ("c", ["x"]), ("d", ["x", "y"]))
    ]
    take_in(store, kept(tmp_path / "1", *made))
    assert [(place, key) for place, key, *_ in ranked(store)] == [(1, "b"), (2, "a"), (2, "c"), (4, "d")]


def test_decisions_change_scores_and_are_only_added(store: str, months: list[Path]) -> None:
    take_in(store, months)
    fault = inspection("lanxi", APR, ["采购"]).findings[0].fingerprint
    dismissed = Decision("lanxi", fault, "dismissed", "张三", f"{APR}T09:00:00+08:00", "误报")
    records.add(months[-1].parent, [dismissed])
    take_in(store, months[-1:])
    assert ranked(store) == [(1, "lanxi", 100, 2, 80), (1, "yunxi", 100, 1, 90)]
    records.add(months[-1].parent, [Decision("lanxi", fault, "withdrawn", "李四", f"{APR}T10:00:00+08:00")])
    take_in(store, months[-1:])
    assert ranked(store)[1][:3] == (2, "lanxi", 90)
    with reading(store) as connection:
        assert connection is not None
        assert [one.kind for one in queries.decisions(connection, "lanxi")] == ["dismissed", "withdrawn"]
    # Without the file the store still knows them.
    (months[-1].parent / records.FILE).unlink()
    with writing(store) as connection:
        intake.rebuild(connection, months)
        assert len(queries.decisions(connection, "lanxi")) == 2


def test_the_last_inspection_of_a_site_is_found(store: str, months: list[Path]) -> None:
    assert last_inspection(store, "lanxi", date(2026, 5, 1)) is None
    take_in(store, months)
    assert last_inspection(store, "lanxi", date(2026, 5, 1)) == months[-1]
    assert last_inspection(store, "lanxi", date(2026, 3, 1)) == months[2]
    assert last_inspection(store, "none", date(2026, 3, 1)) is None


def test_visits_are_taken_in(store: str, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    (path,) = kept(tmp_path / "1", inspection("lanxi", JAN, []))
    visit = ProbeVisit(
        datetime(2026, 1, 9, 8, tzinfo=UTC), "lanxi", "http://lanxi.gov.cn/", False, 15.0, None, "超时", 15.0
    )
    made = probed.made([visit])
    (path.parent / probed.FILE).write_bytes(probed._lines([visit]))
    data = json.loads(path.read_text("utf-8"))
    data["evidence"]["probes"] = {
        "file": probed.FILE, "digest": made.document.digest, "record": made.document.record, "visits": 1
    }  # fmt: skip
    path.write_text(json.dumps(data), "utf-8")
    assert json_report.load(path).evidence.probes == Probed(probed.FILE, made.document.digest, made.document.record, 1)
    take_in(store, [path, path])
    assert [(row["subject"], row["opened"], row["outcome"]) for row in contents(store)["probes"]] == [
        ("lanxi", False, "超时")
    ]


# --- the same files, the same store -----------------------------------------------------------------


def test_taking_in_twice_changes_nothing(store: str, months: list[Path]) -> None:
    take_in(store, months)
    before = contents(store)
    for path in months:
        take_in(store, [path])
    assert contents(store) == before


def test_any_order_gives_the_same_store(store: str, months: list[Path], tmp_path: Path) -> None:
    take_in(store, months)
    expected = contents(store)
    lanxi = [path for path in months if "lanxi" in path.parts]
    yunxi = [path for path in months if "yunxi" in path.parts]
    for order in list(permutations(lanxi))[7::8]:
        with writing(store) as connection:
            for table in (tables.sites, *tables.DERIVED):
                connection.execute(table.delete())
        for path in (*order, *reversed(yunxi)):
            take_in(store, [path])
        assert contents(store) == expected


def test_a_store_made_anew_is_the_same(store: str, months: list[Path]) -> None:
    records.add(
        months[0].parent,
        [
            Decision(
                "lanxi",
                inspection("lanxi", JAN, ["人事"]).findings[0].fingerprint,
                "confirmed",
                "张",
                f"{JAN}T09:00:00+08:00",
            )
        ],
    )
    for path in months:
        take_in(store, [path])
    before = contents(store)
    with writing(store) as connection:
        assert intake.rebuild(connection, list(reversed(months))) == 7
    assert contents(store) == before


def test_files_that_were_compared_when_made_give_the_same_faults(store: str, tmp_path: Path) -> None:
    one, two, three = (
        inspection("lanxi", day, faults) for day, faults in ((JAN, ["公告"]), (FEB, []), (MAR, ["公告"]))
    )
    kept(tmp_path / "1", one)
    kept(tmp_path / "2", two, before=tmp_path / "1")
    kept(tmp_path / "3", three, before=tmp_path / "2")
    paths = [tmp_path / name / "lanxi" / "inspection.json" for name in "321"]
    take_in(store, paths)
    assert lives(store, "lanxi") == {"公告": ("reopened", JAN, MAR, "")}


def test_text_that_a_database_refuses_is_taken_in(store: str, tmp_path: Path) -> None:
    paths = kept(tmp_path / "1", inspection("lanxi", JAN, ["甲\0乙'; DROP TABLE sites; --", "%s {x} :y"]))
    paths[0].write_text(paths[0].read_text("utf-8").replace("乙", "\\ud800"), "utf-8")
    take_in(store, paths)
    take_in(store, paths)
    with reading(store) as connection:
        assert connection is not None
        known = queries.history(connection, "lanxi")
    assert known is not None
    told = [one.message for one in known.lives if "甲" in one.message]
    assert told == ["栏目“甲\ufffd?'; DROP TABLE sites; --”没有内容。"]


# --- ends of all kinds ------------------------------------------------------------------------------


def test_a_failure_at_any_statement_leaves_the_store_as_it_was(
    store: str, months: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(store, months[:2])
    before = contents(store)
    execute = Connection.execute
    left = 0

    def failing(self: Connection, *words: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        return execute(self, *words, **named)

    for moment in range(1, 400, 7):
        left = moment
        monkeypatch.setattr(Connection, "execute", failing)
        try:
            take_in(store, months[2:4])
        except KeyboardInterrupt:
            monkeypatch.undo()
            assert contents(store) == before
        else:
            break
    monkeypatch.undo()
    assert moment > 20 and contents(store) != before


def test_a_kill_while_it_is_made_anew_leaves_the_store_as_it_was(
    store: str, months: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(store, months[:3])
    before = contents(store)
    retell = intake.retell

    def dying(connection: Connection, site: int) -> None:
        retell(connection, site)
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(intake, "retell", dying)
        with writing(store) as connection:
            intake.rebuild(connection, months)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert contents(store) == before
    take_in(store, months)
    assert len(contents(store)["inspections"]) == 7


def test_two_programs_at_once_give_the_store_of_one(store: str, months: list[Path], tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        for future in [pool.submit(take_in, store, [path]) for path in months]:
            future.result()
    together = contents(store)
    with writing(store) as connection:
        intake.rebuild(connection, months)
    assert contents(store) == together


# --- versions ---------------------------------------------------------------------------------------


def test_the_steps_make_the_tables_of_this_version(store: str) -> None:
    assert upgrade(store) == ("", "0002")
    assert upgrade(store) == ("0002", "0002")
    with writing(store) as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_an_older_store_keeps_its_decisions_under_their_names(duwang: Duwang, store: str) -> None:
    old = Decision("lanxi", "f" * 20, "confirmed", "张三", "2026-03-10T09:00:00+08:00", "属实")
    with _turn(store) as connection:
        command.upgrade(_config(connection), "0001")
        columns = {name: value or "" for name, value in asdict(old).items() if name not in ("basis", "until")}
        row = {"id": old.id, **columns}
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO decisions ({names}) VALUES ({marks})"), row)
    done = duwang("store", "show", "--store", store)
    assert done.status == 2 and "请先备份，再运行 duwang store upgrade。" in done.err
    assert upgrade(store) == ("0001", "0002")
    with writing(store) as connection:
        assert queries.decisions(connection, "lanxi") == [old]
        intake.add_decisions(connection, [old])
        assert queries.counts(connection)["decisions"] == 1
    assert old.id == "e43c868e46adc5c374b9"


@pytest.mark.parametrize(("statement", "line"), [
    ("UPDATE alembic_version SET version_num = '9999'", "台账库由较新版本的程序建立；请更新本程序。"),
    ("DELETE FROM alembic_version", "这是别的数据库，不是本程序的台账库；请换一个位置。"),
])  # fmt: skip
def test_a_database_of_another_version_or_kind_is_left_alone(
    duwang: Duwang, store: str, months: list[Path], statement: str, line: str
) -> None:
    take_in(store, months)
    with writing(store) as connection:
        connection.execute(text(statement))
    for words in (("show",), ("upgrade",), ("rebuild", months[0].parents[1])):
        done = duwang("store", *words, "--store", store)
        assert done.status == 2 and len(done.lines) == 1 and done.err.endswith(f"{line}\n")


# --- commands ---------------------------------------------------------------------------------------


def test_the_commands_show_and_make_the_store(duwang: Duwang, store: str, months: list[Path]) -> None:
    folder = months[0].parents[2]
    done = duwang("store", "rebuild", folder, "--store", store)
    assert done.status == 0 and done.out.startswith("已由 7 份检查结果重建 ")
    shown = duwang("store", "show", "--store", store).out
    assert "检查对象 2，存档 7，检查 7，问题 5，认定 0" in shown
    assert "2　lanxi　lanxi局　90（上次 80）" in shown
    site = duwang("store", "show", "lanxi", "--store", store).out
    assert "2026-03-10　网站自查评分 80　新发现 0，再次出现 2，持续存在 1，已改正 1，未能复查 0" in site
    assert "〔已改正〕WS-202 空白栏目　2026-01-10 至 2026-03-10" in site
    told = json.loads(duwang("store", "show", "lanxi", "--store", store, "--format", "json").out)
    assert [life["state"] for life in told["lives"]].count("fixed") == 3
    unknown = duwang("store", "show", "nobody", "--store", store)
    assert (unknown.status, unknown.lines) == (2, ["台账库中没有“nobody”；请用 duwang store show 查看有哪些。"])


def test_a_notice_that_goes_out_is_noted(duwang: Duwang, store: str, months: list[Path]) -> None:
    file = months[-1]
    words = ("report", file, "--format", "notice", "--store", store, "--due", "2026-12-31", "-o", "n.docx")
    take_in(store, months)
    assert duwang(*words).lines == ["没有写明发文字号（--number），整改通知书没有记入台账库。"]
    for _ in range(2):
        assert duwang(*words, "--number", "某公开〔2026〕3号", "--dated", "2026-03-12").err == ""
    faults = sum(one.counted_as == "fail" for one in json_report.load(file).findings)
    shown = duwang("store", "show", file.parent.name, "--store", store).out
    told = (
        f"整改通知书 某公开〔2026〕3号　2026-03-12，问题 {faults} 项，整改时限 2026-12-31　{Path('n.docx').resolve()}"
    )
    assert [line for line in shown.splitlines() if line.startswith("整改通知书")] == [told] and faults
    # Made anew from the files, the store keeps what was sent.
    with writing(store) as connection:
        intake.rebuild(connection, months)
    assert told in duwang("store", "show", file.parent.name, "--store", store).out


def test_what_is_no_store_is_told_in_one_line(duwang: Duwang, tmp_path: Path) -> None:
    Path("note.txt").write_text("这不是数据库。" * 200, "utf-8")
    lines = {
        "note.txt": "这个文件不是台账库；请换一个位置。",
        "missing.sqlite": "还没有台账库；请先运行 duwang store rebuild。",
        "mysql://a/b": "台账库的位置不可用；请写文件路径，或 postgresql://用户@主机/库名 形式的地址。",
        "postgresql://a:secret@127.0.0.1:1/b": "连接不上数据库；请检查地址、用户和密码，数据库是否在运行。",
    }
    for place, line in lines.items():
        done = duwang("store", "show", "--store", place)
        assert done.status == 2 and len(done.lines) == 1 and line in done.err, place
        assert "secret" not in done.err
    assert not Path("missing.sqlite").exists()


def test_without_its_driver_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UnusableInput, match=r'pip install "duwang\[postgres\]"'), reading("postgresql://a@b/c"):
        pass
