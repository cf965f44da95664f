"""Tables torn from a PDF whose columns' places are lost: in the order of reading (pdftotext), where one printed line
can hold pieces of several neighbouring cells, or box by box (pdfminer).

A small network says of every word in which column it stands and where cells begin; the face and the columns' widths
follow from how lines are broken; a second network, which knows them, says the same of the pieces of lines; a search
cuts each flow of lines into cells, from top to bottom; a third network says from the places of all cells which of them
stand in one row; and a last search lays them out, page by page.
"""

from graph.ingest.flows.reading import from_boxes, read_flows

__all__ = ["from_boxes", "read_flows"]
