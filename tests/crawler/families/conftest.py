"""Two crawls for all tests of this folder: every list of every family without its articles, and some lists whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from families import awkward
from families.mounting import Mounted, mount, stored
from listing.computed.parts import TestSite as ComputedSite
from listing.computed.sites import SITES as COMPUTED
from listing.data.making import TestSite as DataSite
from listing.data.sites import SITES as DATA
from site_server import Server, page, serving

from crawler.capture import Capture
from crawler.evidence import Site
from crawler.site import crawl_site

# Windows of the site list, by column name: what the lists with computed addresses call themselves, and one other.
WINDOWS = {"通知公告": 30, "jpaas_list": 7, "目录通知": 20}
SITES: dict[str, Callable[[], ComputedSite | DataSite]] = {**COMPUTED, **DATA}
# One short list of each family, read with its articles.
WHOLE = [
    "trs_options", "ucap_disclosure", "boda_old", "laypage_default_limit", "henan_folder", "gansu_stated_size",
    "shandong_one_slice", "slash_numbers", "jpage_groups_by_post", "jpaas_list", "gkmlpt_of_a_bureau",
    "script_list_in_groups", "trsapi_whole", "posted_jsp_list", "aspnet_postback", "frameset", "refreshed_home",
    "links_in_scripts",
]  # fmt: skip


@dataclass(frozen=True)
class Crawled:
    """A capture, the server that it is of, and the lists that were mounted there by the name of their site."""

    capture: Capture
    server: Server
    lists: dict[str, Mounted]

    def bare(self, url: str) -> str:
        """An address without the server."""
        return url.removeprefix(self.server.url)

    def asked(self) -> list[str]:
        """Everything that the server was asked for, in order of the method, by the names of the capture."""
        got = [path for path in self.server.asked if not path.startswith("POST ")]
        return [path.removeprefix("/") for path in got + [stored(*sent) for sent in self.server.posted]]


@pytest.fixture(scope="session")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Every test site of the lists, crawled as columns of one site; articles are too deep to be read."""
    with serving() as server:
        mounted = {name: mount(server, name, make()) for name, make in SITES.items()}
        links = [(f"/{one.path}", _short(name)) for name, one in mounted.items()]
        server.add("/", page(*links, title="示范局"))
        yield Crawled(_crawl(server, tmp_path_factory.mktemp("lists"), max_depth=1), server, mounted)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """The awkward lists and one of each family, crawled to the last article."""
    with serving() as server:
        mounted = {name: mount(server, name, SITES[name]()) for name in WHOLE}
        awkward.build(server, [(one.path, _short(name)) for name, one in mounted.items()])
        yield Crawled(_crawl(server, tmp_path_factory.mktemp("whole")), server, mounted)


def _crawl(server: Server, folder: Path, **limits: int) -> Capture:
    site = Site("demo", "示范局", server.url, windows=WINDOWS)
    quick = {"again_after": 0.0, "timeout": 20.0, "max_pages": 5000, **limits}
    return crawl_site(site, folder / "capture", limits=quick, delay=0.0, render="never")


def _short(name: str) -> str:
    """A link text that can be the name of a column."""
    return name[:12]
