"""PDF files put together by hand: what no honest program writes, and what scanners write."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

import pypdfium2

from crawler.evidence import Box


def raw_pdf(pages: Sequence[bytes], trailer: bytes = b"", media: bytes = b"0 0 595 842") -> bytes:
    """A file of ``pages``, each given as its content stream; ``/F1`` is Helvetica."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for stream in pages:
        packed = zlib.compress(stream)
        kids.append(b"%d 0 R" % (len(objects) + 1))
        font = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[%s]%s/Contents %d 0 R>>" % (media, font, len(objects) + 2))
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, item in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, item))
    start = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows))
    out.write(b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start))
    return out.getvalue()


def saved(pdf: pypdfium2.PdfDocument) -> bytes:
    """The bytes of a file that was changed through pdfium."""
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def scanned(body: bytes, scale: float = 0.3) -> bytes:
    """Every page as one picture of itself."""
    source, target = pypdfium2.PdfDocument(body), pypdfium2.PdfDocument.new()
    for old in source:
        width, height = old.get_size()
        page = target.new_page(width, height)
        put_picture(target, page, old.render(scale=scale), (0, 0, width, height))
    return saved(target)


def put_picture(pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, box: Box) -> None:
    """Lay a picture over ``box`` of a page (points, from the lower left corner)."""
    picture = pypdfium2.PdfImage.new(pdf)
    picture.set_bitmap(bitmap)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(box[2] - box[0], box[3] - box[1]).translate(box[0], box[1]))
    page.insert_obj(picture)
    page.gen_content()
