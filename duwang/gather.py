"""From what the user names to single inputs: files, addresses, what lies in folders and in ZIP files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.errors import UnusableInput
from crawler.readers.packages import limits
from crawler.words import load
from duwang import outputs
from duwang.inputs import Input, Source, distinct, file_uri, is_url, named, shown, stem_of, whole
from reports.errors import system_reason
from reports.view import Unread

_ZIP = b"PK\x03\x04"


@dataclass(slots=True)
class Gathered:
    """The inputs of one call in their order; ``notes`` says what was left out.

    Each item is an input, or says what could not be used. ``several`` is set where the results do not fit one file.
    """

    items: list[Input | Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    several: bool = False
    seen: set[Path] = field(default_factory=set)  # files that need not be taken again where a folder holds them

    @property
    def inputs(self) -> list[Input]:
        return [item for item in self.items if isinstance(item, Input)]


def gather(given: Sequence[str], work: Path, own: Path | None = None) -> Gathered:
    """Every input behind the names given. Documents out of ZIP files are put into ``work``.

    ``own`` is where this call writes; what lies there is no input.
    """
    found = Gathered(several=len(given) > 1)
    unpacked = _Unpacked(work, load("inputs")["folder"]["bytes"])
    for name in given:
        if not is_url(name) and Path(name).is_dir():
            found.several = True
            _take_folder(name, found, unpacked, own)
        elif is_url(name) or Path(name).resolve() not in found.seen:
            _take(Input.of(name), found, unpacked)
    stems = distinct(item.stem for item in found.inputs)
    fresh = iter(stems)
    found.items = [item.named(next(fresh)) if isinstance(item, Input) else item for item in found.items]
    return found


@dataclass(slots=True)
class _Unpacked:
    """Where documents out of ZIP files are kept, and how many bytes of them there may still be."""

    folder: Path
    left: int
    files: int = 0

    def keep(self, body: bytes) -> Path:
        if len(body) > self.left:
            raise UnusableInput("这一次给出的压缩包解压后过大，未读取；请分几次检查")
        self.left -= len(body)
        self.files += 1
        path = self.folder / f"member-{self.files}"
        path.write_bytes(body)
        return path


def _take(item: Input, found: Gathered, unpacked: _Unpacked) -> None:
    """Add one file or address; a ZIP file is taken apart."""
    if is_url(item.place) or not _begins_as_zip(Path(item.place)):
        found.items.append(item)
        return
    from crawler.readers.packed import is_archive, unpack

    source = Source(item.name, item.uri or file_uri(Path(item.place).name), b"")
    try:
        body = whole(Path(item.place), item.name, limits("archive")["bytes"])
        if not is_archive(body, source.uri):
            found.items.append(item)
            return
        found.several = True
        inside = unpack(body, source.uri)
    except UnusableInput as error:
        found.items.append(Unread(item.name, str(named(error, source)).removeprefix(f"{item.name}：")))
        return
    for member in inside.members:
        name = shown(f"{item.name}/{member.name}")
        try:
            path = unpacked.keep(member.body)
        except UnusableInput as error:
            found.items.append(Unread(name, f"{error}。"))
            continue
        stem = stem_of(f"{item.stem}-{member.name.replace('/', '-')}")
        uri = file_uri(f"{source.uri.removeprefix('file:///')}/{member.name}")
        found.items.append(Input(name, stem, str(path), uri))
    found.items += [Unread(item.name, f"{note}；请解压后逐份提供。") for note in inside.notes]
    found.notes += [f"{item.name}：{note}。" for note in inside.foreign]


def _begins_as_zip(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return path.is_file() and stream.read(4) == _ZIP
    except (OSError, ValueError):
        return False


# --- folders -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _LeftOut:
    """Names of what lies in a folder and is no input, by kind."""

    foreign: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def notes(self) -> Iterator[str]:
        kinds = (
            (self.foreign, "个文件不是能读的文档"),
            (self.hidden, "个隐藏或临时文件"),
            (self.links, "个链接"),
            (self.ours, "项是本程序写出的结果"),
        )
        most = load("inputs")["folder"]["shown"]
        for names, what in kinds:
            if names:
                also = " 等" if len(names) > most else ""
                yield f"有 {len(names)} {what}（{'、'.join(names[:most])}{also}），未读取"


def _take_folder(name: str, found: Gathered, unpacked: _Unpacked, own: Path | None) -> None:
    folder, label = Path(name), shown(name).rstrip("/") or "/"
    left = _LeftOut()
    found.seen |= {Path(item.place).resolve() for item in found.inputs if not is_url(item.place)}
    count = 0
    for inside in _files(folder, left, own):
        path = folder / inside
        count += 1
        if path.resolve() in found.seen:
            continue
        found.seen.add(path.resolve())
        stem = stem_of("-".join(inside.parts))
        said = shown(inside.as_posix())
        _take(Input(f"{label}/{said}", stem, str(path), file_uri(inside.as_posix())), found, unpacked)
    notes = list(left.notes())
    if not count and not left.faults:
        why = f"（{notes[0].removesuffix('，未读取')}）" if notes else ""
        found.items.append(Unread(label, f"文件夹里没有能读的文档{why}；请指定年度报告文件或其所在的文件夹。"))
    else:
        found.notes += [f"{label}：{note}。" for note in notes]
    found.items += [Unread(label, fault) for fault in left.faults]


def _files(folder: Path, left: _LeftOut, own: Path | None) -> list[Path]:
    """Documents below a folder, as seen from it, in the order of their names; bounded in depth and number."""
    bounds = load("inputs")["folder"]
    kept = own.resolve() if own is not None and own.resolve() != folder.resolve() else None
    found: list[Path] = []
    seen = 0
    waiting = [Path()]
    while waiting:
        inside = waiting.pop()
        try:
            entries = sorted(os.scandir(folder / inside), key=lambda entry: entry.name)
        except OSError as error:
            left.faults.append(f"{inside.as_posix()}：无法读取（{system_reason(error)}）；请检查权限。")
            continue
        seen += len(entries)
        pages = {Path(entry.name).stem for entry in entries if not entry.is_dir(follow_symlinks=False)}
        for entry in entries:
            path = inside / entry.name
            if _passed_over(entry, path, folder, kept, left):
                continue
            if not entry.is_dir(follow_symlinks=False):
                found.append(path)
            elif len(path.parts) > bounds["depth"]:
                left.faults.append(f"{path.as_posix()}：文件夹嵌套超过 {bounds['depth']} 层，未读取；请单独检查。")
            elif not any(path.name == page + end for page in pages for end in bounds["beside_page"]):
                waiting.append(path)
        if seen > bounds["entries"] or len(found) > bounds["files"]:
            left.faults.append(f"文件夹里的文件超过 {bounds['files']} 个，其余未读取；请分几个文件夹检查。")
            break
    return sorted(found[: bounds["files"]], key=lambda path: path.parts)


def _passed_over(entry: os.DirEntry[str], path: Path, folder: Path, kept: Path | None, left: _LeftOut) -> bool:
    """Whether an entry of a folder is no input; it is noted then."""
    name = shown(path.as_posix())
    if entry.name.startswith(tuple(load("inputs")["folder"]["hidden"])) or entry.name in limits("archive")["skip"]:
        left.hidden.append(name)
    elif entry.is_symlink():
        left.links.append(name)
    elif entry.is_dir():
        # A capture of ours, or the folder that this call writes to.
        if not ((folder / path).resolve() == kept or outputs.is_ours(folder / path)):
            return False
        left.ours.append(name)
    elif entry.is_file() and outputs.is_result(folder / path):
        left.ours.append(name)
    elif not entry.is_file() or not _is_document(entry):
        left.foreign.append(name)
    else:
        return False
    return True


def _is_document(entry: os.DirEntry[str]) -> bool:
    ending = entry.name.rpartition(".")[2].lower() if "." in entry.name else ""
    bounds = load("inputs")["folder"]
    if ending in bounds["pictures"]:
        least: int = bounds["picture_bytes"]
        return entry.stat().st_size >= least
    return ending in limits("archive")["endings"]
