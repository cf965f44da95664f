"""Legal documents (văn bản) as plans cite them: found in text, given canonical ids, checked against the register."""

from graph.entities.legal.citations import collect_citations
from graph.entities.legal.mentions import LegalMention, OpenNumber, find_citations, find_open_numbers
from graph.entities.legal.signs import LegalId, parse_id

__all__ = [
    "LegalId",
    "LegalMention",
    "OpenNumber",
    "collect_citations",
    "find_citations",
    "find_open_numbers",
    "parse_id",
]
