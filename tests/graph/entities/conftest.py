"""What tests of entities share."""

from __future__ import annotations

import pytest

from graph.entities.registers import Registers


@pytest.fixture(scope="session")
def registers() -> Registers:
    return Registers.load()
