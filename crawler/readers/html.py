"""HTML to drafts: one parse, one survey of sizes, one walk; nothing here recurses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urljoin

from lxml import etree

from crawler.evidence import BlockKind
from crawler.readers.drafts import Draft, Draught, Omission, refuse
from crawler.readers.encoding import decode
from crawler.readers.grid import MAX_ROOM
from crawler.readers.html_tables import HtmlTable, is_layout, read_table, rows_of
from crawler.readers.markup import BLOCKS, HEADINGS, Element, Paths, Survey, survey, text_in
from crawler.readers.spaces import BREAK, collapse, solid
from crawler.readers.width import too_wide
from crawler.readers.words import words

# Pictures inside the address itself say nothing that is read here and break the parser's limits.
_INLINE_DATA = re.compile(rb"(data:[\w.+-]+/[\w.+-]+;base64,)[A-Za-z0-9+/=%\s]{200,}")
_HEADING_TEXT = 200
# Control characters as references: written out they are taken away before, and no XML may hold them.
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[1-8]|11|1[4-9]|2\d|3[01])(?!\d)|[xX]0*(?:[1-8bBeEfF]|1[\da-fA-F])(?![\da-fA-F]));?"
)
_EARLY_END = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
# A page that opens its document and never ends it was cut off.
_DOCUMENT = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)


def parse(source: str | bytes, uri: str) -> Element:
    """Root element of an HTML text (bytes are UTF-8). UnusableInput where it breaks the limits of depth and size."""
    source = source.encode("utf-8", "replace") if isinstance(source, str) else source
    # The parser drops all that follows </html>; browsers show it, and pages pasted together are full of it.
    source = _EARLY_END.sub(b"", source)
    if b"&#" in source:
        source = _CONTROL_REFERENCE.sub(b"", source)
    if b"base64," in source:
        source = _INLINE_DATA.sub(rb"\1", source)
    if too_wide(source):
        refuse(uri, "网页里有单个标签带有异常多的属性，无法完整读取", "用编辑器清理网页结构，或改存为 DOCX 后重试")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root: Element | None = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        root = None
    if parser.error_log.filter_from_fatals():
        refuse(uri, "网页嵌套过深或单个元素过大，无法完整读取", "用编辑器清理网页结构，或改存为 DOCX 后重试")
    if root is None:
        refuse(uri, "网页里没有任何内容", "检查文件是否保存完整")
    return root


@dataclass(frozen=True, slots=True)
class Opened:
    """One HTML page, decoded and parsed once; everything that reads it shares ``root`` and leaves it as it is.

    ``text`` is the decoded source, ``base`` what its links are relative to, ``tags`` its ``<meta name>`` (first value
    of a name), ``title`` its ``<title>``, ``refreshes`` the content of its ``<meta http-equiv="refresh">``, those for
    browsers without scripts left out.
    """

    url: str
    base: str
    text: str
    encoding: str
    root: Element
    title: str
    tags: dict[str, str]
    notes: tuple[str, ...]
    refreshes: tuple[str, ...] = ()


def open_html(body: bytes, uri: str, media_type: str) -> Opened:
    """Decode and parse a page. Raises UnusableInput where it breaks the parser's limits or is no text."""
    decoded = decode(body, uri, media_type, is_html=True)
    root = parse(decoded.utf8, uri)
    title, base, tags, refreshes = "", "", dict[str, str](), list[str]()
    for el in root.iter("base", "meta", "title"):
        if el.tag == "meta":
            name, content = el.get("name"), el.get("content")
            if content is None:
                continue
            if name and (name := collapse(name)):
                tags.setdefault(name, collapse(content))
            if (el.get("http-equiv") or "").strip().lower() == "refresh" and not _for_scriptless(el):
                refreshes.append(content)
        elif el.tag == "base":
            base = base or join(uri, el.get("href") or "")
        elif not title:
            title = collapse(text_in(el))
    return Opened(uri, base or uri, decoded.text, decoded.encoding, root, title, tags, decoded.notes, tuple(refreshes))


def _for_scriptless(el: Element) -> bool:
    above = el.getparent()
    return above is not None and above.tag == "noscript"


def read_html(opened: Opened) -> Draught:
    """Drafts, tags and title of an HTML page."""
    root, base = opened.root, opened.base
    page = Draught("html", opened.encoding, [], notes=list(opened.notes))
    page.tags, page.title = dict(opened.tags), opened.title
    sizes = survey(root)
    page.drafts = _Walk(root, sizes, base, page.notes).run()
    if _DOCUMENT.search(opened.text) and not _END.search(opened.text):
        page.notes.append(Omission("网页没有结束标记（</html>），可能没有保存完整"))
    if sizes.hidden > words().layout["hidden_text"]:
        page.notes.append(f"页面用样式隐藏的文字约 {sizes.hidden} 个字符，没有读取")
    return page


def drafts_of_fragment(markup: str, uri: str, selector: str) -> list[Draft]:
    """Drafts of a piece of HTML inside another carrier (a table in Markdown); all stand at ``selector``."""
    root = parse(markup, uri)
    drafts = _Walk(root, survey(root), uri, []).run()
    for draft in drafts:
        draft.selector, draft.parent = selector, ""
    return drafts


def join(base: str, href: str) -> str:
    """``href`` made absolute; kept as it stands where that is not possible."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return href.strip()


def is_attachment(href: str, text: str) -> bool:
    """Whether a link leads to a document to download, by its address or by its visible name."""
    address = (unquote(href) if "%" in href else href).partition("#")[0].strip().lower()
    if not address or address.startswith(("javascript:", "mailto:", "data:")):
        return False
    endings = words().endings
    return address.endswith(endings) or address.partition("?")[0].endswith(endings) or text.lower().endswith(endings)


@lru_cache(maxsize=4096)
def _token_kind(tokens: str) -> tuple[bool, bool]:
    """(chrome, content) of an id and class string."""
    chrome, content = words().chrome_token, words().content_token
    parts = tokens.split()
    return any(chrome.fullmatch(p) for p in parts), any(content.fullmatch(p) for p in parts)


@dataclass(slots=True)
class _Walk:
    root: Element
    sizes: Survey
    base: str
    notes: list[str]
    drafts: list[Draft] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    pictures: list[Element] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    linked: int = 0
    links: int = 0
    pre: int = 0
    link: tuple[str, list[str]] | None = None
    blocks: list[Element] = field(default_factory=list)
    headings: list[tuple[Element, int]] = field(default_factory=list)
    chrome: list[Element] = field(default_factory=list)
    content: list[Element] = field(default_factory=list)
    paths: Paths = field(default_factory=Paths)
    room: int = MAX_ROOM

    def run(self) -> list[Draft]:
        """Walk the tree in reading order."""
        self.blocks.append(self.root)
        seen = self.sizes.seen
        walker = etree.iterwalk(self.root, events=("start", "end"))
        for event, el in walker:
            if event == "start":
                if el not in seen or (el.tag == "table" and self._table(el)):
                    walker.skip_subtree()
                else:
                    self._start(el)
            else:
                if el in seen:
                    self._end(el)
                if (tail := el.tail) and el is not self.root:
                    self._text(tail)
        self._flush()
        return self.drafts

    def _start(self, el: Element) -> None:
        tag = el.tag
        if tag == "br":
            self.parts.append(BREAK)
        elif tag == "img":
            self.pictures.append(el)
        elif tag == "a":
            self.links += 1
            self.link = (el.get("href") or "", [])
        elif tag == "pre":
            self.pre += 1
        if tag in BLOCKS:
            self._flush()
            self.blocks.append(el)
            if tag in HEADINGS and self.sizes.seen[el].chars <= _HEADING_TEXT:
                self.headings.append((el, int(tag[1])))
        self._mark(el)
        if text := el.text:
            self._text(text)

    def _mark(self, el: Element) -> None:
        named, kind, told = el.get("id"), el.get("class"), words().chrome
        chrome, content = _token_kind(f"{named or ''} {kind or ''}") if named or kind else (False, False)
        if el.tag in told["tags"]:
            inside = any(b.tag in told["sections"] for b in self.blocks[:-1])
            chrome = chrome or not (inside and el.tag in ("header", "footer"))
        if chrome and el not in (self.root, self.root.find("body")):
            plain = self.sizes.seen[el].plain
            if plain <= told["keep_share"] * max(self.sizes.seen[self.root].plain, 1):
                self.chrome.append(el)
        if content:
            self.content.append(el)

    def _end(self, el: Element) -> None:
        tag = el.tag
        if tag == "a":
            self._end_link()
        elif tag == "pre":
            self.pre -= 1
        if tag in BLOCKS and self.blocks[-1] is el:
            self._flush()
            self.blocks.pop()
        if self.chrome and self.chrome[-1] is el:
            self.chrome.pop()
        if self.content and self.content[-1] is el:
            self.content.pop()
        if self.headings and self.headings[-1][0] is el:
            self.headings.pop()

    def _end_link(self) -> None:
        self.links = max(self.links - 1, 0)
        if self.link is not None:
            href, parts = self.link
            text = collapse("".join(parts))
            if is_attachment(href, text):
                self.files.append((join(self.base, href), text))
        self.link = None

    def _text(self, text: str) -> None:
        self.parts.append(text.replace("\n", BREAK) if self.pre else text)
        if self.links:
            self.linked += solid(text)
            if self.link is not None:
                self.link[1].append(text)

    def _add(self, kind: BlockKind, text: str, el: Element, **more: object) -> Draft:
        parent = el.getparent()
        draft = Draft(
            kind,
            text,
            self.paths.of(el),
            parent=self.paths.of(parent) if parent is not None else "",
            tag=el.tag,
            chrome=bool(self.chrome),
            content=bool(self.content),
        )
        for name, value in more.items():
            setattr(draft, name, value)
        self.drafts.append(draft)
        return draft

    def _flush(self) -> None:
        """End the current run of inline text: paragraphs (or a heading), then its pictures and attachments."""
        if not (self.parts or self.pictures or self.files):  # between most edges of blocks nothing stands
            return
        whole = "".join(self.parts)
        self.parts.clear()
        block = self.blocks[-1]
        if whole and not whole.isspace():
            self._paragraphs(whole, block)
        self.linked = 0
        if self.pictures or self.files:
            self._extras(self.pictures, self.files, block)
            self.pictures, self.files = [], []

    def _paragraphs(self, whole: str, block: Element) -> None:
        level = self.headings[-1][1] if self.headings else 0
        share = self.linked / max(solid(whole), 1) if self.linked else 0.0
        for piece in [whole.replace(BREAK, " ")] if level else whole.split(BREAK):
            text = collapse(piece)
            if text:
                links = round(solid(text) * min(share, 1.0)) if share else 0
                self._add("heading" if level else "paragraph", text, block, level=level, link_chars=links)

    def _extras(self, pictures: list[Element], files: list[tuple[str, str]], block: Element) -> None:
        for img in pictures:
            source = img.get("src") or ""
            href = source.partition(",")[0] if source.startswith("data:") else join(self.base, source)
            self._add("picture", collapse(img.get("alt") or ""), img, href=href)
        for href, text in files:
            self._add("attachment", text, block, href=href)

    def _table(self, el: Element) -> bool:
        """Make a table of data a block; False where the table only lays out the page."""
        rows, strays = rows_of(el, self.sizes)
        if is_layout(el, rows, self.sizes):
            return False
        self._flush()
        pending = [(el, read_table(rows, strays, self.sizes, self.room))]
        while pending:
            element, found = pending.pop(0)
            self._add_table(element, found)
            for inner in found.nested:
                rows, strays = rows_of(inner, self.sizes)
                if not is_layout(inner, rows, self.sizes):
                    pending.append((inner, read_table(rows, strays, self.sizes, self.room)))
        return True

    def _add_table(self, el: Element, found: HtmlTable) -> None:
        for text in found.before:
            self._add("paragraph", text, el)
        self.room = max(self.room - found.table.rows * found.table.columns, 0)
        self._add("table", found.text, el, table=found.table, link_chars=found.link_chars)
        if found.cut:
            self.notes.append(Omission("有一张表格过大，只读取了前面的部分"))
        self._extras(found.pictures, [(join(self.base, h), t) for h, t in found.links if is_attachment(h, t)], el)
