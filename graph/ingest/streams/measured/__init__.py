"""Tables torn from a PDF box by box, read by what the breaking of lines tells of the columns' widths.

The face of the text and each column's width are found from the page itself; they tell nearly without error to which
column a box belongs, where a cell ends, and where two cells were printed on one line. Rows follow from heights and from
the order in which the boxes of a page are printed.
"""

from graph.ingest.streams.measured.reading import looks_measured, read_measured

__all__ = ["looks_measured", "read_measured"]
