"""The head of a table whose text was torn from a PDF without places: its columns, their order, its lines."""

from graph.ingest.torn_heads.boxes import BoxedHead, find_boxed_head, leading, table_boxes
from graph.ingest.torn_heads.find import Column, HeadPiece, TornHeads, find_heads

__all__ = ["BoxedHead", "Column", "HeadPiece", "TornHeads", "find_boxed_head", "find_heads", "leading", "table_boxes"]
