"""What people decided on links and agency merges: who, when, why; kept in an append-only file, stronger than a rebuild.

A decision names the two things by id and by the key of their texts: row numbers move when a file is read better, the
words do not. The last decision on a pair counts; `undo` takes the one before it back. The file is tab-separated with
the column names of SSSOM (https://mapping-commons.github.io/sssom/) where it has them, so that an office reviews it in
a spreadsheet and a repository shows each line's author.
"""

from __future__ import annotations

from graph.decisions.apply import Unplaced, apply_to_links, merged_agencies, on_link
from graph.decisions.base import Action, Decision, LinkDecision, Subject, check, standing
from graph.decisions.file import COLUMNS, append, from_tsv, import_reviewed, load, to_tsv

__all__ = [
    "COLUMNS",
    "Action",
    "Decision",
    "LinkDecision",
    "Subject",
    "Unplaced",
    "append",
    "apply_to_links",
    "check",
    "from_tsv",
    "import_reviewed",
    "load",
    "merged_agencies",
    "on_link",
    "standing",
    "to_tsv",
]
