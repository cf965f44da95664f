"""What `graph` needs of an encoder: a function from texts to cosine similarities, given by the caller.

`graph` never imports an encoder; trace and gaps take a `Similarity` as an argument, or None for words only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Similarity(Protocol):
    """Meaning of two lists of texts compared.

    Returns a float32 array of shape (len(queries), len(passages)) with cosines in -1..1, rows in the order of
    `queries`. The same text gives the same cosine in every call, so that links of an unchanged pair of plans do not
    depend on what else is compared. May raise what the encoder raises; never answers zeros for a failure.
    """

    def __call__(self, queries: Sequence[str], passages: Sequence[str]) -> NDArray[np.float32]: ...
