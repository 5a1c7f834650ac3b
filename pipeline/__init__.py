"""What happens to a scan, and how it is kept safe.

    intake     sniff the type, measure, digest: is it something we can take?
    pages      PDF, TIFF, JPEG, PNG, JPEG 2000 -> one picture a page
    clean      upright, straight, ink apart from seals and signatures, blank or not
    layout     where text lines stand, and in which order they are read
    read       text lines -> words with a box and a confidence
    secrecy    is there a mark of secrecy on the page? Then nothing else is made of the record
    handwriting  which places of the head a pen has filled in (beside the printed words of the same line)
    classify   words -> which of the decree's document types it is
    extract    words -> the fields that the archive circular asks for
    validate   fields -> findings; does a person have to look?
    archive    pictures + words -> searchable PDF/A, ALTO, text
    index      result -> what the search index holds; query: what was typed -> what is asked

`journey.py` is the page to read: it calls these stages in this order. `custody/` is the only way in and the only code that
knows where things are kept. `ports.py` says what is promised by everything outside; `adapters/` keeps those promises.
"""
