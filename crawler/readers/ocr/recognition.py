"""Recognition for one file: what its pictures say, or why that was not read, in words for the reader of a note."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.readers.ocr.effort import BEYOND, Effort, Illegible, Spent

if TYPE_CHECKING:
    from PIL import Image

    from crawler.readers.paged import PageContent

INSTALL = 'pip install "duwang[ocr]"'
NOT_ASKED = "没有作文字识别，未读取"
NO_TEXT = "没有识别出文字，未读取"
CROWDED = "文字过密，自上而下只识别了一部分，其余 {} 行未读取（请由人核对原件）"
ILLEGIBLE = "字迹大多无法辨认，未读取（请换清晰的扫描件，或由人核对原件）"
_NOT_INSTALLED = f"未安装文字识别组件（先运行 {INSTALL}），未读取"


@dataclass(slots=True)
class Recognition:
    """``wanted``: whether pictures are to be recognised at all; ``effort``: what may still be spent on the file."""

    wanted: bool = True
    effort: Effort = field(default_factory=Effort)

    @property
    def refused(self) -> str:
        """Why no further picture will be read; "" where one may be."""
        if not self.wanted:
            return NOT_ASKED
        return BEYOND if self.effort.spent else ""

    def read(self, image: Image.Image, number: int) -> tuple[PageContent | None, str]:
        """What stands on a page, in pixels; why nothing of it is read, or not all."""
        if self.refused:
            return None, self.refused
        try:
            # Loaded where it is needed: files with text are the rule.
            from crawler.readers.ocr import page_of_image

            found = page_of_image(image, number, self.effort)
        except ImportError:
            return None, _NOT_INSTALLED
        except Spent:
            return None, BEYOND
        except Illegible:
            return None, ILLEGIBLE
        if found is None or not found.words:
            return None, NO_TEXT
        return found, CROWDED.format(found.unread) if found.unread else ""
