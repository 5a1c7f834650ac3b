"""Pictures + words -> what is kept beside the original: a searchable PDF/A and ALTO."""

from pipeline.archive.alto import write_alto
from pipeline.archive.rendition import RenditionWriter

__all__ = ["RenditionWriter", "write_alto"]
