"""The settings: the only place that reads the environment.

Every setting can be given as an environment variable with the prefix `CCHC_` ("CCHC_DATA=/srv/cchc").
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from graph.errors import CchcError
from graph.ids import DEFAULT_BASE

SAMPLES = Path(__file__).resolve().parent.parent / "graph" / "samples"


class Settings(BaseSettings):
    """What an office can set. Defaults serve one person on one machine."""

    model_config = SettingsConfigDict(env_prefix="CCHC_", extra="ignore")

    data: Path = Field(Path("data"), description="Folder of everything that is built, and of human decisions.")
    base: str = Field(DEFAULT_BASE, description="Base of all IRIs; pages answer at the IRI's path.")
    store: str = Field("", description="URL of a SPARQL 1.1 endpoint to use in place of the store on disk.")
    model: str = Field(
        "bundled",
        description="Encoder: 'bundled' (multilingual-e5-small) or a sentence-transformers model's name or path.",
    )
    registers: list[Path] = Field(
        default_factory=list, description="The office's own register CSV files, as a JSON list of paths."
    )
    host: str = Field("127.0.0.1", description="Address the server binds.")
    hosts: str = Field(
        "",
        description="Further names under which the server may be addressed, separated by commas; '*' for any name "
        "(behind a proxy that checks it). localhost and the bound address always may.",
    )
    port: int = Field(8000, ge=1, le=65535, description="Port the server binds.")
    max_file_mb: int = Field(100, ge=1, description="Largest input file in MB.")
    workers: int = Field(2, ge=1, description="Processes that read files in parallel.")
    sparql_seconds: float = Field(10.0, gt=0, description="Longest time of one SPARQL query over HTTP, in seconds.")
    sparql_rows: int = Field(10_000, ge=1, description="Most rows that one SPARQL query over HTTP returns.")
    keep_versions: int = Field(2, ge=1, description="How many built versions stay on disk.")


class SettingsInvalid(CchcError):
    """An environment variable holds what its setting cannot be; the message names it."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Raises SettingsInvalid."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"CCHC_{str(one['loc'][0]).upper()}" for one in error.errors() if one["loc"])
    except SettingsError as error:  # a list that is no JSON
        names = next((f"CCHC_{name.upper()}" for name in Settings.model_fields if f'"{name}"' in str(error)), "CCHC_…")
    raise SettingsInvalid(f"Giá trị của {names} không hợp lệ", f"the value of {names} is not valid")
