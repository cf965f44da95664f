"""What routes ask for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.library import Library, Shelf


def library(request: Request) -> Library:
    """The library of the version in use."""
    shelf: Shelf = request.app.state.shelf
    return shelf.library()


LibraryDep = Annotated[Library, Depends(library)]
