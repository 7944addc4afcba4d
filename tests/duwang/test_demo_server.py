"""The demo sites are served as real old and new servers would, and the data holds what its README says."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
import yaml

from duwang.demo_server import DATA, HOST, sample_reports, serve_folder, serve_sites, site_list

SITES = ("lanxi-jyj", "qinghe-qzf", "yunxi-mzj")


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with serve_sites() as running:
        yield running


def fetch(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def text_of(body: bytes) -> str:
    return body.decode("gb18030" if b"charset=gb2312" in body else "utf-8")


def crawl(port: int) -> dict[str, tuple[int, str]]:
    """Every page of a site that ordinary links reach from its home page: path -> (status, text)."""
    seen: dict[str, tuple[int, str]] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        status, headers, body = fetch(port, path)
        seen[path] = (status, text_of(body) if headers["content-type"].startswith("text/") else "")
        if not headers["content-type"].startswith("text/html"):
            continue
        for href in re.findall(r'href="([^"]+)"', seen[path][1], re.I):
            url = urlsplit(urljoin(f"http://site{path}", href))
            if url.scheme == "http" and url.netloc == "site":
                waiting.append(url.path)
    return seen


def test_each_site_has_its_own_port(ports: dict[str, int]) -> None:
    assert tuple(ports) == SITES
    assert len(set(ports.values())) == 3
    names = {"lanxi-jyj": "兰溪市教育局", "yunxi-mzj": "云溪县民政局", "qinghe-qzf": "青禾区人民政府"}
    for site, port in ports.items():
        status, _, body = fetch(port, "/")
        assert status == 200
        assert names[site] in text_of(body)


def test_utf8_pages_name_their_charset_and_the_gbk_site_does_not(ports: dict[str, int]) -> None:
    assert fetch(ports["lanxi-jyj"], "/")[1]["content-type"] == "text/html; charset=utf-8"
    _, headers, body = fetch(ports["qinghe-qzf"], "/Html/Show_1183.htm")
    assert headers["content-type"] == "text/html"
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "国办公开办函〔2021〕30号" in body.decode("gbk")


def test_attachment_has_its_media_type(ports: dict[str, int]) -> None:
    status, headers, body = fetch(ports["lanxi-jyj"], "/zwgk/ysqgk/sqb.docx")
    assert status == 200
    assert headers["content-type"].endswith("wordprocessingml.document")
    assert body.startswith(b"PK")


def test_robots_txt_is_served(ports: dict[str, int]) -> None:
    status, headers, body = fetch(ports["qinghe-qzf"], "/robots.txt")
    assert status == 200
    assert headers["content-type"].startswith("text/plain")
    assert b"Disallow: /admin/" in body


def test_missing_page_is_a_404_with_a_page(ports: dict[str, int]) -> None:
    status, headers, body = fetch(ports["yunxi-mzj"], "/art/2021/5/8/art_1203_811.html")
    assert status == 404
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "页面不存在" in body.decode()


def test_folder_without_slash_redirects(ports: dict[str, int]) -> None:
    status, headers, _ = fetch(ports["lanxi-jyj"], "/zwgk/zfxxgknb")
    assert (status, headers["location"]) == (301, "/zwgk/zfxxgknb/")


def test_a_redirect_never_leads_to_another_host(ports: dict[str, int]) -> None:
    status, headers, _ = fetch(ports["lanxi-jyj"], "//zwgk")
    assert status == 301
    assert urlsplit(urljoin("http://site/", headers["location"])).netloc == "site"


def test_query_is_ignored_and_head_has_no_body(ports: dict[str, int]) -> None:
    status, headers, body = fetch(ports["yunxi-mzj"], "/index.html?from=home", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 1000


@pytest.mark.parametrize(
    "path",
    [
        "/../yunxi-mzj/index.html",
        "/%2e%2e/yunxi-mzj/index.html",
        "/zwgk/..%2f..%2f..%2fsites.yaml",
        "/..%5c..%5csites.yaml",
        "//etc/passwd",
        "/%00",
    ],
)
def test_nothing_outside_the_site_is_served(ports: dict[str, int], path: str) -> None:
    assert fetch(ports["lanxi-jyj"], path)[0] == 404


def test_symbolic_link_does_not_lead_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    root, outside = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("outside") / "secret.html"
    outside.write_text("outside", encoding="utf-8")
    (root / "link.html").symlink_to(outside)
    with serve_folder(root) as port:
        assert fetch(port, "/link.html")[0] == 404


def test_port_is_free_after_the_block() -> None:
    with serve_sites() as running:
        port = running["lanxi-jyj"]
    with pytest.raises(ConnectionRefusedError):
        fetch(port, "/")


def test_nothing_is_logged(ports: dict[str, int], capfd: pytest.CaptureFixture[str]) -> None:
    fetch(ports["lanxi-jyj"], "/nothing")
    assert capfd.readouterr() == ("", "")


def test_site_list_has_the_ports() -> None:
    listed = yaml.safe_load(site_list({"lanxi-jyj": 8001, "yunxi-mzj": 8002, "qinghe-qzf": 8003}))["sites"]
    assert {s["id"]: s["home"] for s in listed} == {
        "lanxi-jyj": "http://127.0.0.1:8001/",
        "yunxi-mzj": "http://127.0.0.1:8002/",
        "qinghe-qzf": "http://127.0.0.1:8003/",
    }
    assert [s["kind"] for s in listed] == ["department", "department", "portal"]


@pytest.mark.parametrize("site", SITES)
def test_every_file_is_reached_by_links_and_every_link_opens(ports: dict[str, int], site: str) -> None:
    pages = crawl(ports[site])
    dead = {path for path, (status, _) in pages.items() if status == 404}
    planted = {
        "lanxi-jyj": set(),
        "yunxi-mzj": {"/art/2021/5/8/art_1203_811.html"},
        "qinghe-qzf": {"/admin/login.htm"},
    }
    assert dead == planted[site]
    root = DATA / "sites" / site
    reached = {path.rstrip("/") for path in pages}
    for file in root.rglob("*.htm*"):
        path = "/" + file.relative_to(root).as_posix()
        folder = path.rsplit("/", 1)[0]
        assert path in reached or (file.stem == "index" and folder in reached), path


@pytest.mark.parametrize("site", SITES)
def test_every_page_has_breadcrumb_footer_and_a_reasonable_size(site: str) -> None:
    files = list((DATA / "sites" / site).rglob("*.htm*"))
    assert 40 <= len(files) <= 64
    for file in files:
        body = file.read_bytes()
        text = text_of(body)
        assert 1000 < len(body) < 16_000, file
        assert "主办单位：" in text and "网站标识码：" in text and "ICP备" in text, file
        if file.stem not in {"index", "wzdt"}:
            assert "位置：" in text, file


def test_pages_are_not_newer_than_the_demo() -> None:
    for file in (DATA / "sites").rglob("*.htm*"):
        for published in re.findall(r'PubDate" content="([\d-]{10})', text_of(file.read_bytes())):
            assert published <= "2026-03-10", file


def test_planted_faults_stand_in_the_data(ports: dict[str, int]) -> None:
    column = text_of(fetch(ports["yunxi-mzj"], "/col/col1205/index.html")[2])
    assert "2024年政府信息公开工作年度报告" in column and "2025年政府信息公开工作年度报告" not in column
    late = text_of(fetch(ports["yunxi-mzj"], "/art/2025/2/5/art_1205_3021.html")[2])
    assert "发布日期：2025-02-05" in late and "编发政务信息  条" in late
    assert "<strong>五、" in late and "<strong>六、" not in late
    assert re.search(r"四、结转下年度继续办理</td><td>0</td>(<td>0</td>){5}<td>1</td>", late)
    differing = text_of(fetch(ports["qinghe-qzf"], "/Html/Show_1183.htm")[2])
    assert "收到政府信息公开申请146件" in differing and "占28.2%" in differing and "均予维持" in differing
    assert re.search(r"一、本年新收政府信息公开申请数量(<TD>\d+){6}<TD>141\b", differing, re.I)


def test_planted_faults_of_the_sites_stand_in_the_data(ports: dict[str, int]) -> None:
    def text(site: str, path: str) -> str:
        return text_of(fetch(ports[site], path)[2])

    assert "自收到申请之日起15个工作日内答复" in text("yunxi-mzj", "/col/col1202/index.html")
    assert max(re.findall(r"\[(\d{4}-\d\d-\d\d)\]", text("yunxi-mzj", "/col/col1302/index.html"))) == "2025-08-25"
    assert "暂无信息" in text("yunxi-mzj", "/col/col1214/index.html")
    assert "依据" not in text("yunxi-mzj", "/art/2025/10/15/art_1401_3820.html")
    assert "conac.cn" not in text("yunxi-mzj", "/")
    assert "<TR><TD>留言时间<TD>2025-11-04" in text("qinghe-qzf", "/Html/Show_1088.htm")
    assert "解读<" not in text("qinghe-qzf", "/Html/Show_1102.htm").partition("<DIV class=content>")[2]
    home = text("qinghe-qzf", "/")
    assert "2024年政府网站工作年度报表" in home and "找错" not in home and "<FORM" not in home


def test_sample_reports_are_the_four_of_the_readme() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    names = [path.name for path in sample_reports()]
    assert len(names) == 4
    assert all(f"`{name}`" in readme for name in names)
