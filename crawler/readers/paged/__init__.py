"""Paged carriers: words and ruling lines of pages to paragraphs, headings and tables.

``drafts_of_pages`` is the one way from a page to blocks; PDF, OFD and recognised pictures all use it.
"""

from crawler.readers.paged.flow import drafts_of_pages
from crawler.readers.paged.model import PageContent, Rule, Word

__all__ = ["PageContent", "Rule", "Word", "drafts_of_pages"]
