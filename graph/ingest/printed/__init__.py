"""Tables of recognised text (OCR): each printed line of the page is one line of the text, and holds the pieces of
several cells side by side, with a bar between some of them.

A recogniser such as Tesseract prints a ruled table so. Which pieces belong to which column, and at which lines rows
open, is found by one search over all lines (`decode`); which columns there are is told from what is left of the heads
and from the lines themselves (`heads`).
"""

from graph.ingest.printed.reading import looks_printed, read_printed

__all__ = ["looks_printed", "read_printed"]
