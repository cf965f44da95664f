"""Tables torn from a PDF box by box: every page prints the boxes of its columns one after the other (pdfminer).

A box is a run of lines between blank lines: cells of one column that touch. Boxes are given to columns, cut into
cells, and each column's cells are laid over the page's rows from top to bottom.
"""

from graph.ingest.streams.reading import looks_streamed, read_streams

__all__ = ["looks_streamed", "read_streams"]
