"""Tables torn in reading order, where one printed line can hold pieces of several neighbouring cells.

Tools that follow the page's reading order (such as `pdftotext` without its layout mode) print the left columns of a
page as lines in order of height, each line the pieces of one or more cells side by side, and columns set further apart
as blocks of their own behind them, with the parts of the head wherever they fall.
"""

from graph.ingest.mixed.reading import looks_mixed, read_mixed

__all__ = ["looks_mixed", "read_mixed"]
