"""A small typesetter: blocks of a document -> sheets of words in place (points), and sheets -> pictures (pixels)."""
