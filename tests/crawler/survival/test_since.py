"""The monthly crawl: what did not change is not fetched again, what changed is found, nothing earlier is touched."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from site_server import page, serving
from survival.monthly import PER_PAGE, Sheet, Town, articles, build
from warcio.archiveiterator import ArchiveIterator

from crawler.capture import Capture
from crawler.crawl.earlier import is_due
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Site
from crawler.site import crawl_site
from duwang.coverage import statement
from scoring.assemble import inspect_site
from scoring.rules import shipped

LIMITS = {"again_after": 0.0, "timeout": 5.0}
MOMENT = datetime(2024, 4, 1, 8, tzinfo=UTC)


def crawl(town: Town, folder: Path, since: Path | None = None) -> Capture:
    town.sent.clear()
    town.server.asked.clear()
    site = Site("s", "云泽县林业局", town.server.url)
    return crawl_site(site, folder, delay=0.0, limits=LIMITS, now=lambda: MOMENT, since=since)


def outcomes(capture: Capture) -> dict[str, str]:
    assert capture.site
    return {"/" + page.url.removeprefix(capture.site.home): page.outcome for page in capture.pages()}


def having(capture: Capture, outcome: str) -> set[str]:
    return {path for path, found in outcomes(capture).items() if found == outcome}


def revisits(capture: Capture) -> Counter[str]:
    """Number of ``revisit`` records by the last part of their profile."""
    found: Counter[str] = Counter()
    with (capture.folder / "data.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            if record.rec_type == "revisit":
                found[record.rec_headers.get_header("WARC-Profile").rsplit("/", 1)[1]] += 1
    return found


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, dict[str, Capture], dict[str, object]]]:
    """A first crawl, one of the unchanged site, one after 20 changes, one after none, and a whole one at the end."""
    root = tmp_path_factory.mktemp("months")
    with serving() as server:
        town = build(server)
        done = {"first": crawl(town, root / "first")}
        seen: dict[str, object] = {"first": dict(town.sent)}
        done["same"] = crawl(town, root / "same", root / "first")
        seen["same"], seen["asked"] = dict(town.sent), list(server.asked)
        change(town)
        done["changed"] = crawl(town, root / "changed", root / "same")
        done["fourth"] = crawl(town, root / "fourth", root / "changed")
        done["whole"] = crawl(town, root / "whole")
        yield town, done, seen


def change(town: Town) -> None:
    """Twenty changes; see ``CHANGED`` for where each must be found."""
    sheets, lists = town.sheets, town.lists
    for path in ("/etag/t003.html", "/etag/t017.html", "/etag/t039.html", "/date/t000.html", "/date/t021.html"):
        sheets[path].version = 2
    for n in (1, 12, 30):
        sheets[f"/bare/t{n:03}.html"].version = 2
        sheets[f"/bare/t{n:03}.html"].title += "（更正）"
    for n in (5, 33):
        sheets[f"/bare/t{n:03}.html"].version = 2
        sheets[f"/bare/t{n:03}.html"].day = "2024-03-05"
    for path in ("/nb/2023.html", "/nb/2021.html", "/zc/p1.html", "/zc/p3.html", "/zc/f0.txt", "/zc/f4.txt"):
        sheets[path].version = 2
    new = [Sheet(f"/bare/new{n}.html", f"新发布的第{n}件事", "2024-03-28") for n in (1, 2)]
    town.serve(*new)
    lists["bare"] = [*new, *[sheet for sheet in lists["bare"] if sheet.path != "/bare/t008.html"]]
    sheets["/etag/t005.html"].gone = True
    sheets["/date/t007.html"].to = "/date/moved.html"
    town.serve(replace(sheets["/date/t007.html"], path="/date/moved.html", to=""))
    for name in lists:
        town.show(name)


CHANGED = {
    "/etag/t003.html", "/etag/t017.html", "/etag/t039.html", "/date/t000.html", "/date/t021.html",
    "/bare/t001.html", "/bare/t012.html", "/bare/t030.html", "/bare/t005.html", "/bare/t033.html",
    "/nb/2023.html", "/nb/2021.html", "/zc/p1.html", "/zc/p3.html", "/zc/f0.txt", "/zc/f4.txt",
    "/bare/new1.html", "/bare/new2.html",
}  # fmt: skip
Months = tuple[Town, dict[str, Capture], dict[str, dict[str, int]]]


def test_an_unchanged_site_sends_hardly_a_page_again(months: Months) -> None:
    town, done, seen = months
    ordinary = {f"/{name}/t{n:03}.html" for name in ("etag", "date", "bare") for n in range(40)}
    assert ordinary <= seen["first"].keys()
    first = sum(seen["first"][path] for path in ordinary)
    again = {path for path in seen["same"] if path in ordinary}
    assert sum(seen["same"][path] for path in again) <= 0.05 * first
    # All lists, reports and policy files (with what is attached to them) are read again in full.
    listed = {f"/{name}/" for name in town.lists}
    listed |= {f"/{name}/index_{n}.html" for name in ("etag", "date", "bare") for n in range(1, -(-40 // PER_PAGE))}
    silent = {f"/nb/{year}.html" for year in (2021, 2022, 2023)} | {
        f"/zc/{x}" for n in range(5) for x in (f"p{n}.html", f"f{n}.txt")
    }
    assert {"/", *listed} <= set(seen["asked"])
    assert seen["same"].keys() == silent | again
    home = town.server.url
    sample = {path for path in ordinary if "bare" in path and is_due(home + path[1:], 1, 30)}
    assert again == sample

    same = done["same"]
    assert having(same, "read") == set() and having(same, "carried") == {p for p in ordinary if "bare" in p} - sample
    assert outcomes(same).keys() == outcomes(done["first"]).keys()
    assert revisits(same) == {
        "server-not-modified": 80,
        "identical-payload-digest": len(listed) + 1 + len(silent) + len(sample),
    }
    assert same.counts["read"] == done["first"].counts["read"] == 120 + len(listed) + 1 + len(silent)
    told = "".join(statement(same))
    assert f"沿用上次未再读取 {len(having(same, 'carried'))} 页" in told
    assert same.bases == [same.folder / "../first"]


def test_every_change_is_found(months: Months) -> None:
    _, done, _ = months
    changed = done["changed"]
    lists = {"/bare/", "/bare/index_1.html", "/bare/index_2.html"}
    assert having(changed, "read") == CHANGED | lists | {"/date/moved.html"}
    found = outcomes(changed)
    assert (found["/etag/t005.html"], found["/date/t007.html"]) == ("dead", "redirect")
    # No list names it any longer: nobody leads there.
    assert "/bare/t008.html" not in found
    titles = {"/" + page.url.removeprefix(changed.site.home): page.title for page in changed.pages() if changed.site}
    assert titles["/bare/t012.html"].endswith("（更正）")


def test_captures_build_upon_each_other_and_leave_each_other_alone(months: Months) -> None:
    _, done, _ = months
    for capture in done.values():
        again = Capture.open(capture.folder)
        assert again.problems() == []
        for record in again.records():
            assert len(again.body(record.id)) == record.length
    fourth = done["fourth"]
    assert having(fourth, "read") == set()
    assert {base.resolve().name for base in fourth.bases} == {"first", "changed"}
    assert [done[name].settings["turn"] for name in ("first", "same", "changed", "fourth")] == [0, 1, 2, 3]


def test_judging_an_incremental_capture_gives_what_judging_a_whole_one_gives(months: Months) -> None:
    _, done, _ = months
    day = date(2024, 4, 20)
    fourth, whole = (inspect_site(done[name], rules=shipped(), on=day, folder="c") for name in ("fourth", "whole"))
    assert fourth.findings and fourth.findings == whole.findings
    assert fourth.outcomes == whole.outcomes


def test_an_earlier_capture_that_cannot_be_used_is_refused_in_one_line(months: Months, tmp_path: Path) -> None:
    town, done, _ = months
    root = tmp_path / "months"
    shutil.copytree(done["first"].folder.parent, root)
    goal, asked = tmp_path / "new", len(town.server.log)

    def refused(since: Path, words: str, kind: type[Exception] = CaptureDamaged) -> None:
        with pytest.raises(kind, match=words) as caught:
            crawl(town, goal, since)
        assert len(str(caught.value).splitlines()) == 1
        assert not goal.exists()

    refused(root / "nothing", "这里没有", UnusableInput)
    (root / "first").rename(root / "elsewhere")
    refused(root / "same", "较早.*缺失或已改变")
    (root / "elsewhere").rename(root / "first")
    warc = root / "first" / "data.warc.gz"
    bytes_before = warc.read_bytes()
    warc.chmod(0o644)
    warc.write_bytes(bytes_before[:-7] + b"changed")
    refused(root / "same", "first/data.warc.gz：内容与归档时不一致")
    warc.write_bytes(bytes_before)
    manifest = root / "same" / "capture.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("林业", "农业"), encoding="utf-8")
    refused(root / "same", "capture.json：内容与归档时不一致")
    with serving() as other:
        other.add("/", page(title="别的单位"))
        elsewhere = crawl(Town(other), tmp_path / "other")
    refused(elsewhere.folder, "这不是 云泽县林业局（http.*--since", UnusableInput)
    assert len(town.server.log) == asked


def test_a_server_that_compares_nothing_is_soon_no_longer_asked_for_every_page(tmp_path: Path) -> None:
    with serving() as server:
        town = Town(server, banner=True)
        server.add("/", page(("/deaf/", "丁类公开"), title="云泽县林业局", text="欢迎访问。"))
        town.column("deaf", articles("deaf", 60, "deaf"))
        crawl(town, tmp_path / "first")
        assert len(town.sent) == 60
        town.sheets["/deaf/t055.html"].title += "（更正）"
        town.show("deaf")
        second = crawl(town, tmp_path / "second", tmp_path / "first")
        due = {path for path in town.sheets if is_due(server.url + path[1:], 1, 30)}
        # Ten questions show that this server never says "unchanged".
        asked = set(town.sent)
        assert {"/deaf/t055.html"} | due <= asked and len(asked - due) <= 11
        assert having(second, "carried") == town.sheets.keys() - asked


def test_each_address_has_its_turn() -> None:
    names = [f"http://example.gov.cn/art/{n}.html" for n in range(3000)]
    for first in (0, 7, 1234):
        turns = [{name for name in names if is_due(name, turn, 30)} for turn in range(first, first + 30)]
        assert set.union(*turns) == set(names) and sum(map(len, turns)) == len(names)
        assert max(map(len, turns)) <= 0.05 * len(names)
