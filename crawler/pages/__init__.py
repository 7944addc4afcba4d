"""What an HTML page says about itself: links, dates, breadcrumb, metadata block, footer, main text."""

from crawler.pages.page import PageFacts, read_page

__all__ = ["PageFacts", "read_page"]
