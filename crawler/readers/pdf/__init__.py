"""PDF files: text with its places through pdfium, ruling lines, and scanned pages through recognition."""

from crawler.readers.pdf.reader import read_pdf

__all__ = ["read_pdf"]
