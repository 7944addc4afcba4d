"""Which units belong to which region: from a list of units (YAML) or from a site list."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crawler.errors import UnusableInput
from crawler.evidence import Site
from duwang.own_lexicon import sites_of
from scoring.regions import Tree, Unit
from scoring.yaml_source import RuleFileError, load_yaml

_Region = Annotated[str, Field(pattern=r"^\d{6}(\d{3}|\d{6})?$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=2, max_length=100)]
    region: _Region
    kind: Literal["department", "government"] = "department"
    level: Literal["province", "city", "county", "township"] | None = None
    vertical: bool = False


class _Units(BaseModel):
    model_config = ConfigDict(extra="forbid")
    units: Annotated[list[_Entry], Field(min_length=1)]
    complete: list[_Region] = Field(default_factory=list)


def load_units(path: Path) -> Tree:
    """The tree of a list of units, or of a site list. Raises UnusableInput with one line for each fault."""
    if path.suffix.lower() in (".yaml", ".yml") and path.is_file():
        try:
            source = load_yaml(path)
        except RuleFileError as error:
            raise UnusableInput("\n".join(error.faults)) from error
        except (OSError, yaml.YAMLError) as error:
            raise UnusableInput(f"{path}：无法读取；请检查文件内容。") from error
        if isinstance(source.value, dict) and "units" in source.value:
            try:
                listed = _Units.model_validate(source.value)
            except ValidationError as error:
                lines = [
                    f"{path}:{source.line(d['loc'])}：{_told(d['loc'])}的值不可用；请改正。" for d in error.errors()
                ]
                raise UnusableInput("\n".join(dict.fromkeys(lines))) from error
            entries = (Unit(e.name, e.kind, e.region, e.level, e.vertical) for e in listed.units)
            return Tree(entries, listed.complete)
    return tree_of(sites_of(path))


def _told(where: tuple[int | str, ...]) -> str:
    return "、".join(f"第 {part + 1} 项" if isinstance(part, int) else f"“{part}”" for part in where)


def tree_of(sites: Iterable[Site]) -> Tree:
    """The tree of the sites whose division code is known; a portal speaks for its government."""
    return Tree(
        Unit(site.name, "government" if site.kind == "portal" else "department", site.region, site.level)
        for site in sites
        if site.region
    )
