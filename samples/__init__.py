"""Scans of Vietnamese administrative documents that never existed, with the exact truth beside them.

    writing   a document is made up: agency, topic, sentences, fields
    typeset   it is set in type as the decree wants it: sheets of words in place
    levels    chance decides what will happen to it: a recipe made of classes of faults
    spoil     pens, seals and stamps; paper; lens; sensor: sheets become pictures, boxes go with them
    scan_file pictures become a PDF, TIFF, JPEG or PNG
    truth     transcript, fields and word boxes

`make_samples` writes a folder of them, `draw_sample` gives one in memory. Everything follows from (seed, index, degrade).
"""

from samples.draw import DrawnSample, draw_sample, draw_samples
from samples.faults import CLASSES
from samples.levels import DEGRADATIONS, LEVELS
from samples.make import Sample, make_samples

__all__ = ["CLASSES", "DEGRADATIONS", "LEVELS", "DrawnSample", "Sample", "draw_sample", "draw_samples", "make_samples"]
