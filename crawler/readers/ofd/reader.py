"""OFD to drafts: pages with their templates, pictures through recognition, stamps and signatures named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawler.errors import UnusableInput
from crawler.evidence import Box
from crawler.readers.drafts import Draught
from crawler.readers.ocr.recognition import Recognition
from crawler.readers.ofd.objects import Found, take_objects
from crawler.readers.ofd.package import POINT, Page, local, numbers, pages_of, resolve, settings, take_resources
from crawler.readers.packages import Element, Package, open_package
from crawler.readers.paged import PageContent, drafts_of_pages
from crawler.readers.paged.model import holds
from crawler.readers.paged.placing import placed

_SAVE_AS = "用 OFD 阅读软件打开后另存，或改用 PDF、DOCX"


def read_ofd(body: bytes, uri: str, *, recognise: bool = True) -> Draught:
    """Drafts of an OFD file; without ``recognise`` what is a picture stays unread.

    Raises UnusableInput where it is damaged, encrypted, a bomb or has no pages.
    """
    package = open_package(body, uri, "OFD 文件", _SAVE_AS)
    if any(name.rsplit("/", 1)[-1].lower() == "encryptions.xml" for name in package.names):
        package.refuse("已加密，无法读取")
    reader = _Reader(package, Recognition(recognise))
    draught = Draught("ofd", "utf-8", [], notes=reader.notes)
    draught.drafts = drafts_of_pages(reader.pages(), reader.notes)
    root = package.xml("OFD.xml")
    title = root.findtext("{*}DocBody/{*}DocInfo/{*}Title") if root is not None else ""
    if title and title.strip():
        draught.tags["title"] = title.strip()
    if root is not None and root.find("{*}DocBody/{*}Signatures") is not None:
        reader.notes.append("文件带有电子签名或签章，没有验证")
    return draught


@dataclass(slots=True)
class _Reader:
    package: Package
    recognition: Recognition
    notes: list[str] = field(default_factory=list)
    objects: int = 0
    characters: int = 0

    def pages(self) -> Iterator[PageContent]:
        """The content of every page within the limits."""
        most = settings("limits")
        for page in pages_of(self.package, self.notes):
            if page.number > most["pages"] or self.objects > most["objects"] or self.characters > most["characters"]:
                self.notes.append(f"文件内容过多，只读取了前 {page.number - 1} 页")
                return
            try:
                tree = self.package.xml(page.path) if page.path else None
                if tree is None:
                    self.notes.append(f"第 {page.number} 页的内容缺失，未读取")
                    continue
                if local(tree) != "Page":
                    self.package.refuse_structure()
                made = self._page(page, tree)
            except UnusableInput:
                # One damaged page does not lose the others.
                self.notes.append(f"第 {page.number} 页已损坏，未读取")
                continue
            yield made

    def _page(self, page: Page, tree: Element) -> PageContent:
        area = numbers(tree.findtext("{*}Area/{*}PhysicalBox"), 4) or page.document.area
        start = (1.0, 0.0, 0.0, 1.0, -area[0], -area[1])
        for el in tree.iterfind("{*}PageRes"):
            take_resources(self.package, resolve(self.package, page.path, el.text), page.document)
        found = Found(objects=self.objects, characters=self.characters)
        for content in self._contents(page, tree):
            take_objects(content, page.document.units, found, start)
        self.objects, self.characters = found.objects, found.characters
        if found.full:
            self.notes.append(f"第 {page.number} 页内容过多，只读取了一部分")
        if found.slanted:
            self.notes.append(f"第 {page.number} 页有 {found.slanted} 个斜排的文字（多为水印），未读取")
        self._annotations(page)
        made = PageContent(page.number, area[2] * POINT, area[3] * POINT, found.words, found.rules)
        self._pictures(page, found, made)
        return made

    def _contents(self, page: Page, tree: Element) -> Iterator[Element]:
        """The content of the templates of a page, and its own."""
        for el in tree.iterfind("{*}Template"):
            path = page.document.templates.get(el.get("TemplateID", ""), "")
            template = self.package.xml(path) if path else None
            if template is None or local(template) != "Page":
                self.notes.append(f"第 {page.number} 页的模板缺失或已损坏，未读取")
                continue
            yield from template.iterfind("{*}Content")
        yield from tree.iterfind("{*}Content")

    def _annotations(self, page: Page) -> None:
        """Stamps and remarks lie over the text and are none of it; they are named."""
        count = 0
        for path in page.document.notes.get(page.id, ()):
            root = self.package.xml(path)
            kinds = [el.get("Type", "") for el in root if local(el) == "Annot"] if root is not None else []
            count += sum(kind != "Link" for kind in kinds)
        if count:
            self.notes.append(f"第 {page.number} 页有 {count} 处签章或批注，未读取")

    def _pictures(self, page: Page, found: Found, made: PageContent) -> None:
        """Pictures that may hold text are recognised, or kept as unread."""
        limits = settings("pictures")
        whole = made.width * made.height
        covered = sum((b[2] - b[0]) * (b[3] - b[1]) for b, _ in found.pictures) >= limits["share"] * whole
        scan = covered and sum(len(word.text) for word in found.words) < limits["characters"]
        for box, resource in found.pictures:
            if min(box[2] - box[0], box[3] - box[1]) < limits["side"]:
                continue
            inside = any(holds(box, word.box) for word in found.words)
            if inside and not scan:
                continue
            read, why = self._recognise(page, resource, box)
            if why:
                what = "是扫描图片" if scan else "有一张图片"
                self.notes.append(f"第 {page.number} 页{what}，{why}")
            if read is None:
                made.pictures.append(box)
                continue
            made.words.extend(read.words)
            made.rules.extend(read.rules)
            made.pictures.extend(read.pictures)

    def _recognise(self, page: Page, resource: str, box: Box) -> tuple[PageContent | None, str]:
        """What recognition reads in a picture, on its place on the page; why nothing, or not all."""
        if self.recognition.refused:
            return None, self.recognition.refused
        image = self._image(page.document.media.get(resource, ""))
        if image is None:
            return None, "图片缺失、损坏、过大或格式不支持，未读取"
        read, why = self.recognition.read(image, page.number)
        return placed(read, box, page.number) if read is not None else None, why

    def _image(self, path: str) -> Any:
        from crawler.readers.ocr.opening import frames, opened

        if path not in self.package.names:
            return None
        try:
            with opened(b"".join(self.package.chunks(path)), path) as image:
                return next(frames(image, path), None)
        except UnusableInput:
            return None
