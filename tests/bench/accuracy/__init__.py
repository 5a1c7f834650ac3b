"""How well each reader reads: `make bench-accuracy`, docs/accuracy.md.

Every reader goes through the whole journey, one page after the other in a process of its own, over samples of each class of
degradation and over a folder of real scans. Scored are words, characters in reading order, characters line by line, fields, and how
far a confidence can be believed.
"""
