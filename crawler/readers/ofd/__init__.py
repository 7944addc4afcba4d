"""OFD files (GB/T 33190-2016): text with its places and ruling lines through the common core of paged carriers."""

from crawler.readers.ofd.reader import read_ofd

__all__ = ["read_ofd"]
