"""The registers (sổ đăng ký): facts about legal documents, provinces, agencies' successions and abbreviations.

They are data (`ontology/register/*.csv`) that a user corrects and extends by CSV files of his own, told apart by their
header. See `ontology/register/README.md` for columns and confidence words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import ontology
from graph.entities.registers.abbreviations import ABBREVIATIONS, AbbreviationRegister, build_abbreviations
from graph.entities.registers.laws import LAWS, LegalChain, LegalRecord, LegalRegister, LegalStatus, build_laws
from graph.entities.registers.provinces import PROVINCES, Province, ProvinceRegister, build_provinces
from graph.entities.registers.successions import SUCCESSIONS, Succession, SuccessionRegister, build_successions
from graph.entities.registers.table import Record, Schema, malformed, read_table

__all__ = [
    "AbbreviationRegister",
    "LegalChain",
    "LegalRecord",
    "LegalRegister",
    "LegalStatus",
    "Province",
    "ProvinceRegister",
    "Registers",
    "Succession",
    "SuccessionRegister",
]

SHIPPED = Path(ontology.__file__).parent / "register"
KNOWN_ON = date(2026, 11, 1)
"""The day up to which the shipped registers were compiled."""
_SCHEMAS: tuple[Schema, ...] = (LAWS, PROVINCES, SUCCESSIONS, ABBREVIATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """All four registers."""

    laws: LegalRegister
    provinces: ProvinceRegister
    successions: SuccessionRegister
    abbreviations: AbbreviationRegister

    @staticmethod
    def load(folder: Path | None = None, extra: Sequence[Path] = ()) -> Registers:
        """The registers of a folder (the shipped one where None) with the user's own CSV files (or folders of them)
        laid over them, later over earlier.

        Raises RegisterError, naming file, line and column, for anything malformed; nothing is loaded then. The same
        unchanged files give the same object.
        """
        files = [(folder or SHIPPED) / f"{schema.name}.csv" for schema in _SCHEMAS]
        own: list[Path] = []
        for path in extra:
            own.extend(sorted(path.glob("*.csv")) if path.is_dir() else [path])
        return _load(tuple(_stamp(path) for path in files), tuple(_stamp(path) for path in own))


def _stamp(path: Path) -> tuple[Path, int, int]:
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise malformed(path.name, 1, "-", "không có tệp này", "no such file") from error
    return path, state.st_mtime_ns, state.st_size


@lru_cache(maxsize=16)
def _load(files: tuple[tuple[Path, int, int], ...], own: tuple[tuple[Path, int, int], ...]) -> Registers:
    shipped: dict[str, tuple[Record, ...]] = {}
    for (path, _, _), expected in zip(files, _SCHEMAS, strict=True):
        shipped[expected.name] = read_table(path, (expected,))[1]
    users: dict[str, list[Record]] = {schema.name: [] for schema in _SCHEMAS}
    for path, _, _ in own:
        schema, records = read_table(path, _SCHEMAS)
        users[schema.name].extend(records)
    return Registers(
        laws=build_laws(shipped[LAWS.name], users[LAWS.name], KNOWN_ON),
        provinces=build_provinces(shipped[PROVINCES.name], users[PROVINCES.name]),
        successions=build_successions(shipped[SUCCESSIONS.name], users[SUCCESSIONS.name]),
        abbreviations=build_abbreviations(shipped[ABBREVIATIONS.name], users[ABBREVIATIONS.name]),
    )
