"""PDF to drafts: pages one by one; what cannot be read as text goes to recognition or is said to be unread."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pypdfium2.raw as pdfium

from crawler.evidence import Box
from crawler.readers.drafts import Draught, Omission, refuse
from crawler.readers.ocr.recognition import ILLEGIBLE, NO_TEXT, Recognition
from crawler.readers.paged import PageContent, Rule, Word, drafts_of_pages
from crawler.readers.paged.model import holds, settings
from crawler.readers.pdf.chars import UNREADABLE
from crawler.readers.pdf.child import Damaged, PdfFile, Stopped
from crawler.readers.pdf.pages import PageRead


def read_pdf(body: bytes, uri: str, *, recognise: bool = True) -> Draught:
    """Drafts of a PDF file; without ``recognise`` what is a picture stays unread.

    Raises UnusableInput where it is damaged, encrypted or beyond the limits.
    """
    try:
        file = PdfFile(body)
    except Damaged as error:
        if error.code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            refuse(uri, "PDF 文件设有打开口令，无法读取", "解除口令后重试")
        refuse(uri, "PDF 文件已损坏或不完整，无法打开", "重新下载或重新导出后重试")
    except Stopped:
        refuse(uri, "PDF 文件结构过于庞大，超出读取限度", "拆分或重新导出后重试")
    try:
        reader = _Reader(file, Recognition(recognise))
        draught = reader.read()
    finally:
        file.close()
    if reader.stopped and not draught.drafts:
        refuse(uri, "PDF 文件内容过于庞大，超出读取限度", "拆分或重新导出后重试")
    return draught


@dataclass(slots=True)
class _Reader:
    file: PdfFile
    recognition: Recognition
    notes: list[str] = field(default_factory=list)
    fruitless: int = 0
    stopped: bool = False

    def read(self) -> Draught:
        draught = Draught("pdf", "", [], notes=self.notes)
        draught.drafts = drafts_of_pages(self._pages(), self.notes)
        if self.file.title:
            # No visible title: programs leave the name of a template there.
            draught.tags["title"] = self.file.title
        return draught

    def _pages(self) -> Iterator[PageContent]:
        limits = settings("pdf")
        total = self.file.count
        characters, objects = limits["characters"], limits["objects"]
        for index in range(min(total, limits["pages"])):
            if characters <= 0 or objects <= 0:
                self.notes.append(Omission(f"文件内容过多，只读取了前 {index} 页（共 {total} 页）"))
                return
            try:
                read = self.file.page(index, characters, objects)
                if read is None:
                    self.notes.append(Omission(f"第 {index + 1} 页已损坏，未读取"))
                    continue
                yield self._completed(read)
            except Stopped:
                self.stopped = True
                self.notes.append(
                    Omission(f"第 {index + 1} 页内容过于庞大，超出读取限度，从该页起未读取（共 {total} 页）")
                )
                return
            characters -= read.characters
            objects -= read.objects
        if total > limits["pages"]:
            self.notes.append(Omission(f"文件共 {total} 页，只读取了前 {limits['pages']} 页"))

    def _completed(self, read: PageRead) -> PageContent:
        """The page with what only recognition can read, or with a note that it was not read."""
        limits = settings("pdf")
        content = read.content
        whole = (0.0, 0.0, content.width, content.height)
        number = content.number
        if read.cut:
            self.notes.append(Omission(f"第 {number} 页的内容过多，只读取了一部分"))
        if read.slanted:
            self.notes.append(f"第 {number} 页有 {read.slanted} 个斜排的文字（多为水印），未读取")
        covered = sum(_area(box) for box in read.pictures) >= limits["picture_share"] * _area(whole)
        if read.seen - read.unreadable < limits["few_characters"] and covered:
            return self._scanned(read, whole)
        if read.unreadable > limits["unreadable"] * max(read.seen, 1):
            found, why = self._recognise(read, whole)
            if why:
                self.notes.append(f"第 {number} 页的文字编码损坏，有 {read.unreadable} 个字符无法辨认，{why}")
            return content if found is None else replace(found, rules=content.rules or found.rules)
        if read.unreadable:
            self.notes.append(f"第 {number} 页有 {read.unreadable} 个字符无法辨认，以“{UNREADABLE}”代替")
        for box in read.pictures:
            self._picture(read, box)
        return content

    def _scanned(self, read: PageRead, whole: Box) -> PageContent:
        """A page that is a picture: recognised, else the scanner's own text, else the picture and a note."""
        number = read.content.number
        found, why = self._recognise(read, whole)
        if found is not None:
            if why:
                self.notes.append(f"第 {number} 页是扫描图片，{why}")
            return found
        if read.layer:
            self.notes.append(f"第 {number} 页是扫描图片，文字取自文件自带的识别结果，可能有误（{why}）")
            return replace(read.content, words=read.content.words + read.layer)
        self.notes.append(f"第 {number} 页是扫描图片，{why}")
        return replace(read.content, pictures=read.pictures)

    def _picture(self, read: PageRead, box: Box) -> None:
        """A picture on a page of text: read where it is large and no background."""
        limits = settings("pdf")
        content = read.content
        if min(box[2] - box[0], box[3] - box[1]) < limits["picture_side"]:
            return
        if sum(len(w.text) for w in content.words if holds(box, w.box)) > limits["picture_text"] * _area(box):
            return
        found, why = self._recognise(read, box)
        if why:
            self.notes.append(f"第 {content.number} 页有一张图片，{why}")
        if found is None:
            content.pictures.append(box)
            return
        content.words.extend(_moved(word, box) for word in found.words)
        content.rules.extend(Rule(_shifted(rule.box, box)) for rule in found.rules)
        content.pictures.extend(_shifted(picture, box) for picture in found.pictures)

    def _recognise(self, read: PageRead, box: Box) -> tuple[PageContent | None, str]:
        """What recognition reads in ``box`` of the upright page, in points from its corner; why nothing, or not all."""
        limits = settings("pdf")
        if self.fruitless >= limits["fruitless"]:
            return None, f"前面 {self.fruitless} 张图片都没有识别出能读的文字，不再识别，未读取"
        if self.recognition.refused:
            return None, self.recognition.refused
        scale = min(limits["dpi"] / 72, math.sqrt(limits["pixels"] / max(_area(box), 1.0)))
        drawn = self.file.picture(read.content.number - 1, read.quarter, box, scale)
        if drawn is None:
            return None, "图片已损坏，未读取"
        # Loaded where it is needed: pages with text are the rule.
        from PIL import Image

        image = Image.frombytes("RGB", drawn[:2], drawn[2])
        found, why = self.recognition.read(image, read.content.number)
        if found is None:
            self.fruitless += why in (NO_TEXT, ILLEGIBLE)
            return None, why
        self.fruitless = 0
        return _scaled(found, 1 / scale), why


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _scaled(content: PageContent, by: float) -> PageContent:
    """The same page in another unit."""

    def box(old: Box) -> Box:
        return (old[0] * by, old[1] * by, old[2] * by, old[3] * by)

    words = [
        replace(w, box=box(w.box), size=w.size * by, edges=tuple(edge * by for edge in w.edges)) for w in content.words
    ]
    rules = [Rule(box(rule.box)) for rule in content.rules]
    pictures = [box(picture) for picture in content.pictures]
    return PageContent(content.number, content.width * by, content.height * by, words, rules, pictures)


def _shifted(box: Box, by: Box) -> Box:
    return (box[0] + by[0], box[1] + by[1], box[2] + by[0], box[3] + by[1])


def _moved(word: Word, by: Box) -> Word:
    shift = by[1] if word.vertical else by[0]
    return replace(word, box=_shifted(word.box, by), edges=tuple(edge + shift for edge in word.edges))
