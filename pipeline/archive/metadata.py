"""What a rendition says of itself: XMP and, in the same words, the document information dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from pipeline.archive.pdf_file import text_string
from pipeline.model import DocumentType, Fields, Original

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Description:
    """`title`: never empty. `identifier`: names the original by its digest. `made_at`: with its zone."""

    title: str
    subject: str
    identifier: str
    producer: str
    issued: str
    made_at: datetime


def describe(
    original: Original, document_type: DocumentType | None, fields: Fields, producer: str, made_at: datetime
) -> Description:
    """The title as an office would say it: "Quyết định 15/QĐ-UBND: subject"; the file's name when nothing is known."""
    kind = fields["typeName"].value or (document_type.name if document_type else "")
    code = "/".join(part for part in (fields["codeNumber"].value, fields["codeNotation"].value) if part)
    subject = fields["subject"].value or ""
    head = " ".join(part for part in (kind, code) if part)
    title = ": ".join(part for part in (head, subject) if part) or original.name
    identifier = f"urn:sha256:{original.sha256}"
    return Description(title, subject, identifier, producer, fields["issuedDate"].value or "", made_at)


def info_dictionary(about: Description) -> bytes:
    """The PDF object of the document information."""
    stamp = about.made_at.strftime("D:%Y%m%d%H%M%S+00'00'").encode()
    entries = b"/Title%b/Producer%b/CreationDate(%b)/ModDate(%b)" % (
        text_string(about.title),
        text_string(about.producer),
        stamp,
        stamp,
    )
    return b"<<%b%b>>" % (entries, b"/Subject%b" % text_string(about.subject) if about.subject else b"")


def xmp_packet(about: Description) -> bytes:
    """The XMP packet, UTF-8, with PDF/A-2b's marks."""
    moment = about.made_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    subject = f"<dc:description>{_in_default(about.subject)}</dc:description>" if about.subject else ""
    issued = f"<dc:date><rdf:Seq><rdf:li>{_text(about.issued)}</rdf:li></rdf:Seq></dc:date>" if about.issued else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">\n'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n"
        f"<dc:title>{_in_default(about.title)}</dc:title>{subject}{issued}\n"
        f"<dc:format>application/pdf</dc:format><dc:identifier>{_text(about.identifier)}</dc:identifier>\n"
        f"<pdf:Producer>{_text(about.producer)}</pdf:Producer>\n"
        f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>"
        f"<xmp:MetadataDate>{moment}</xmp:MetadataDate>\n"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode()


def _in_default(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{_text(text)}</rdf:li></rdf:Alt>'


def _text(text: str) -> str:
    return escape(NOT_XML.sub("", text))
