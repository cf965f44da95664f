"""Agencies (cơ quan, đơn vị) as plans name them: cells split into units, units resolved to nodes, spellings merged by
decision, successors found by day."""

from graph.entities.agencies.decisions import AgencyDecision, MergeCandidate, merge_candidates
from graph.entities.agencies.resolve import AgencyResolver
from graph.entities.agencies.succession import Successor, dissolved_on, successors
from graph.entities.agencies.units import UnitLexicon, UnitName, parse_units, split_units

__all__ = [
    "AgencyDecision",
    "AgencyResolver",
    "MergeCandidate",
    "Successor",
    "UnitLexicon",
    "UnitName",
    "dissolved_on",
    "merge_candidates",
    "parse_units",
    "split_units",
    "successors",
]
