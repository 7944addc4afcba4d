"""A log of visits kept by ``duwang probe`` decides whether a site could be reached; the part used is kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from duwang.cli import run
from duwang.demo_server import DATA, serve_folder

Duwang = Callable[..., Any]
CHINA = timezone(timedelta(hours=8))
LAST = datetime(2026, 3, 9, 23, 0, tzinfo=CHINA)  # the day before that of judging in these tests


def write(path: Path, site: str, failed: int, days: int = 7) -> Path:
    """A log with a visit every hour; the last ``failed`` ones found the site closed."""
    moments = [LAST - timedelta(hours=hour) for hour in range(days * 24)]
    lines = [
        {
            "time": moment.isoformat(),
            "site": name,
            "url": "http://www.example.gov.cn/",
            "ok": number >= failed if name == site else False,
            "seconds": 0.8,
            "status": 200,
            "error": "",
            "timeout": 15.0,
        }
        for name in (site, "another-site")
        for number, moment in enumerate(moments)
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + '{"time": "2026-', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site that was crawled; its server is gone."""
    out = tmp_path_factory.mktemp("crawled")
    with serve_folder(DATA / "sites" / "yunxi-mzj") as port:
        assert run(["crawl", f"http://127.0.0.1:{port}/", "--delay", "0", "--out", str(out)]) == 0
    return next(out.glob("*/capture")).parent


@pytest.fixture
def site(crawled: Path, tmp_path: Path) -> Path:
    """The same for one test alone."""
    return Path(shutil.copytree(crawled, tmp_path / "out" / crawled.name))


def veto(folder: Path) -> list[dict[str, Any]]:
    data = json.loads((folder / "inspection.json").read_text(encoding="utf-8"))
    return [finding for finding in data["findings"] if finding["rule"] == "WS-101"]


def test_a_week_with_too_many_failures_is_a_veto_that_can_be_verified(duwang: Duwang, site: Path) -> None:
    log = write(site.parent / "log.jsonl", site.name, failed=9)
    done = duwang("score", site / "capture", "--probes", log)
    assert done.status == 1, done.err
    (found,) = veto(site)
    assert (found["outcome"], found["severity"]) == ("fail", "veto")
    assert "访问首页 168 次，其中 9 次" in found["message"] and "5.4%" in found["message"]
    assert found["where"]["file"] == "probes.jsonl" and '"ok": false' in found["quote"]
    # Only this site's visits are kept with its result.
    kept = (site / "probes.jsonl").read_text(encoding="utf-8")
    assert kept.count("\n") == 168 and "another-site" not in kept
    assert duwang("verify", site / "inspection.json").status == 0
    # Judged again without naming the log, the part that was kept counts.
    assert duwang("score", site / "capture").status == 1 and veto(site)
    (site / "probes.jsonl").write_text(kept.replace('"ok": true', '"ok": false', 1), encoding="utf-8")
    done = duwang("verify", site / "inspection.json")
    assert done.status == 1 and "probes.jsonl" in done.out


def test_fewer_failures_pass_and_a_log_that_is_not_there_is_one_line(duwang: Duwang, site: Path) -> None:
    log = write(site.parent / "log.jsonl", site.name, failed=8)
    duwang("score", site / "capture", "--probes", log)
    assert veto(site) == []
    data = json.loads((site / "inspection.json").read_text(encoding="utf-8"))
    assert data["outcomes"]["WS-101"]["pass"] == 168
    done = duwang("score", site / "capture", "--probes", site.parent / "none.jsonl")
    assert done.status == 2 and len(done.lines) == 1 and "none.jsonl" in done.lines[0]


def test_an_unknown_scorecard_is_refused_before_anything_is_done(duwang: Duwang, site: Path) -> None:
    done = duwang("score", site / "capture", "--scorecard", "annual-report")
    assert done.status == 2 and "self-check" in done.err and not (site / "inspection.json").exists()
    assert duwang("score", site / "capture", "--scorecard", "self-check").status == 1
    data = json.loads((site / "inspection.json").read_text(encoding="utf-8"))
    assert data["scorecards"][0]["id"] == "self-check"
    assert duwang("verify", site / "inspection.json").status == 0
