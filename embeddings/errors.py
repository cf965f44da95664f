"""Every exception that `embeddings` raises.

CchcError
└── SearchError
    ├── IndexMissing       nothing has been indexed in this folder yet
    ├── IndexBroken        files of the index are missing, cut short or of another format
    ├── EncoderMissing     the model or a package that it needs is not installed
    ├── EncoderMismatch    the index was built with another model
    ├── BadQuery           an empty query, or one that asks for nothing
    └── UnknownPassage     an id that the index does not hold
"""

from __future__ import annotations

from graph.errors import CchcError


class SearchError(CchcError):
    """Anything that goes wrong in search or in its index."""


class IndexMissing(SearchError):
    """Nothing has been indexed in this folder yet."""


class IndexBroken(SearchError):
    """Files of the index are missing, cut short or of another format."""


class EncoderMissing(SearchError):
    """The model or a package that it needs is not installed; the message says what to install."""


class EncoderMismatch(SearchError):
    """The index was built with another model than the one asked to search it."""


class BadQuery(SearchError):
    """An empty query, or one that only says what is not wanted."""


class UnknownPassage(SearchError):
    """An id that the index does not hold."""
