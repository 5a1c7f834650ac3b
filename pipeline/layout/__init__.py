"""Where things stand on a straight page, and in which order they are read.

`tables` finds ruled tables, `furniture` seals and scribbles, `zones` the parts of an administrative page, `order` puts the
lines of all parts in the order in which a person reads them.
"""
