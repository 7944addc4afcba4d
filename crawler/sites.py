"""The site list: YAML, CSV or XLSX, or a single address, checked as a whole before anything is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from crawler import site_tables
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.site_tables import Fault, Raw
from crawler.urls import absolute, host_key, key, same_site, split
from crawler.words import load


def _matching(name: str, pattern: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(name, name)
        return value

    return AfterValidator(check)


def _url(value: str) -> str:
    url = absolute("", value)
    if url is None or "@" in urlsplit(value).netloc:
        raise PydanticCustomError("url", "url")
    return url


_Days = Annotated[int, Field(ge=1, le=3660)]


class _Crawl(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    delay: Annotated[float, Field(ge=0, le=60)] | None = None
    max_pages: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    render: Literal["auto", "never", "always"] | None = None
    survey: bool | None = None


class _Entry(BaseModel):
    """One site as it stands in a list; every value arrives as text."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, _matching("id", r"[a-z0-9][a-z0-9._-]{0,63}")]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    home: Annotated[str, AfterValidator(_url)]
    kind: Literal["department", "portal"] = "department"
    level: Literal["province", "city", "county", "township"] | None = None
    region: Annotated[str, _matching("region", r"\d{6}(\d{3}|\d{6})?")] | None = None
    site_code: Annotated[str, _matching("site_code", r"[0-9A-Za-z]{10}")] | None = None
    services: bool | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    windows: dict[str, _Days] = Field(default_factory=dict)
    crawl: _Crawl = Field(default_factory=_Crawl)
    directory: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    lexicon: Annotated[str, Field(min_length=1, max_length=1000)] | None = None


Taker = Callable[[Path], str]
_BESIDE = ("directory", "lexicon")  # keys that name a file


def load_sites(source: str | Path, takers: Mapping[str, Taker] = MappingProxyType({})) -> tuple[Site, ...]:
    """Sites of a list file (.yaml, .yml, .csv, .xlsx) or of a single http(s) address.

    ``takers`` gives for a key that names a file the function that makes text of it (UnusableInput where it cannot);
    other files beside the list are read as they are. Raises UnusableInput with one Chinese line for each fault of the
    file, all at once.
    """
    if isinstance(source, str) and re.match(r"https?://", source, re.IGNORECASE):
        return (site_of(source),)
    path = Path(source)
    raws, faults = site_tables.read(path)
    sites: list[Site] = []
    places: list[Raw] = []
    for raw in raws:
        try:
            entry = _Entry.model_validate(raw.values)
        except ValidationError as error:
            faults += [_fault(raw, detail) for detail in error.errors(include_url=False)]
            continue
        faults += _strange_columns(raw, entry)
        beside = {name: _beside(raw, name, getattr(entry, name), path.parent, takers.get(name)) for name in _BESIDE}
        faults += [fault for _, wrong in beside.values() for fault in wrong]
        sites.append(_site(entry, {name: text for name, (text, _) in beside.items()}))
        places.append(raw)
    faults += _duplicates(sites, places)
    if faults:
        lines = [f"{path}：{fault.text()}。" for fault in sorted(faults, key=lambda item: item.line)]
        raise UnusableInput("\n".join(dict.fromkeys(lines)))
    if not sites:
        raise UnusableInput(f"{path}：清单里没有站点；请在 sites 下至少列出一个站点。")
    return tuple(sites)


def site_of(url: str) -> Site:
    """A Site for one address: its id and name come from the host. UnusableInput where it is no http(s) address."""
    home = absolute("", url)
    parts = split(home) if home else None
    if home is None or parts is None or "@" in urlsplit(url).netloc:
        raise UnusableInput(f"{url}：不是可以访问的网址；请写成 http:// 或 https:// 开头的完整网址。")
    host = host_key(parts)
    name = re.sub(r"[^a-z0-9._-]+", "-", host.lower()).strip("-._") or "site"
    return Site(id=name[:64], name=host, home=home)


def _beside(raw: Raw, name: str, given: str | None, folder: Path, take: Taker | None) -> tuple[str, list[Fault]]:
    """The text of a file that the list names, found beside the list, so that a capture holds it."""
    if given is None:
        return "", []
    try:
        held = folder / given
        if take is not None:
            return take(held), []
        if held.stat().st_size <= load("site-list")["max_bytes"]:
            return held.read_text(encoding="utf-8-sig"), []
    except UnusableInput as error:
        lines = (line.removesuffix("。") for line in str(error).splitlines())
        return "", [Fault(raw.line_of((name,)), raw.place, line) for line in lines]
    except (OSError, ValueError):  # what is no UTF-8 is told as what cannot be read
        pass
    text = str(load("site-list")["faults"]["directory"]).format(key=name, value=_shown(given))
    return "", [Fault(raw.line_of((name,)), raw.place, text)]


def _site(entry: _Entry, beside: dict[str, str]) -> Site:
    data = entry.model_dump() | beside
    return Site(**{**data, "crawl": {name: value for name, value in data["crawl"].items() if value is not None}})


def _fault(raw: Raw, detail: ErrorDetails) -> Fault:
    """A fault of the validator in words; the place is the deepest key whose line is known."""
    where = tuple(str(part) for part in detail["loc"])
    kind = detail["type"]
    words = load("site-list")["faults"]
    context = detail.get("ctx") or {}
    allowed = context.get("ge", context.get("le", context.get("max_length", context.get("expected", ""))))
    if kind == "extra_forbidden":
        fields = _Crawl.model_fields if where[0] == "crawl" else _Entry.model_fields
        allowed = "、".join(fields)
    elif kind == "literal_error":
        allowed = str(allowed).replace("'", "").replace(" or ", "、").replace(", ", "、")
    values = {"key": ".".join(where), "value": _shown(detail["input"]), "allowed": allowed}
    return Fault(raw.line_of(where), raw.place, str(words.get(kind, words["other"])).format(**values))


def _strange_columns(raw: Raw, entry: _Entry) -> Iterator[Fault]:
    template = str(load("site-list")["faults"]["column_address"])
    for name, address in entry.columns.items():
        url = absolute(entry.home, address)
        if url is None or not same_site(url, entry.home):
            where = ("columns", name)
            text = template.format(key=".".join(where), value=_shown(address))
            yield Fault(raw.line_of(where), raw.place, text)


def _duplicates(sites: list[Site], places: list[Raw]) -> Iterator[Fault]:
    words = load("site-list")["faults"]
    for field, name_of in (("id", lambda site: site.id), ("home", lambda site: key(site.home))):
        first: dict[str, Raw] = {}
        for site, raw in zip(sites, places, strict=True):
            name = name_of(site)
            if name in first:
                other = first[name]
                values = {"key": field, "value": _shown(getattr(site, field)), "other": other.label((field,))}
                yield Fault(raw.line_of((field,)), raw.place, words[f"duplicate_{field}"].format(**values))
            first.setdefault(name, raw)


def _shown(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= 60 else text[:60] + "…"
