"""Every exception that `graph` raises.

CchcError
├── UnreadableInput        a file or folder that cannot be read as a plan (exit code 2 at the command line)
│   ├── InputMissing       no such file, or a folder without plans
│   ├── InputEmpty         no bytes, or no text in them
│   ├── InputTooLarge      over the bound of size, pages or unpacked archive (zip bombs among them)
│   ├── InputEncrypted     protected by a password
│   ├── InputUnsupported   a type that no reader takes
│   ├── InputBroken        the right type, but damaged
│   ├── InputNotAPlan      readable, but not an administrative-reform plan
│   ├── ReaderFailed       a fault of ours: the reader stumbled over the file (names the place in our code)
│   └── ToolMissing        a program the reader needs is not installed (names the package to install)
├── RegisterError          a register (CSV) is malformed: names file, line and column
├── UnknownThing           an id that the store does not hold
├── QueryError             a SPARQL query that is malformed, unbound, not read-only or over its time
├── StoreError             the graph store cannot be opened, read or written
│   ├── StoreMissing       nothing has been built yet
│   └── StoreBusy          another build is writing
└── DecisionError          a human decision that contradicts itself or names nothing known

Each message is one clear sentence, Vietnamese first with English beside it; `str()` shows both.
"""

from __future__ import annotations


class CchcError(Exception):
    """An error with one sentence for a person, in Vietnamese (`vi`) and English (`en`)."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} ({en})")
        self.vi = vi
        self.en = en

    def __reduce__(self) -> tuple[type[CchcError], tuple[str, str]]:
        """Errors cross from worker processes: both sentences go along."""
        return type(self), (self.vi, self.en)


class UnreadableInput(CchcError):
    """A file or folder cannot be read as a plan."""


class InputMissing(UnreadableInput):
    """No such file, or a folder without plans."""


class InputEmpty(UnreadableInput):
    """No bytes, or no text in them."""


class InputTooLarge(UnreadableInput):
    """Over the bound of size, pages or unpacked archive."""


class InputEncrypted(UnreadableInput):
    """Protected by a password."""


class InputUnsupported(UnreadableInput):
    """A type that no reader takes."""


class InputBroken(UnreadableInput):
    """The right type, but damaged."""


class InputNotAPlan(UnreadableInput):
    """Readable, but not an administrative-reform plan."""


class ReaderFailed(UnreadableInput):
    """The reader stumbled over the file: a fault of the program, told as such, that must not stop other files."""


class ToolMissing(UnreadableInput):
    """A program that the reader needs is not installed."""


class RegisterError(CchcError):
    """A register (CSV) is malformed; the message names file, line and column."""


class UnknownThing(CchcError):
    """An id that the store does not hold."""


class QueryError(CchcError):
    """A SPARQL query that is malformed, has an unbound parameter, is not read-only or ran over its time."""


class StoreError(CchcError):
    """The graph store cannot be opened, read or written."""


class StoreMissing(StoreError):
    """Nothing has been built yet."""


class StoreBusy(StoreError):
    """Another build is writing."""


class DecisionError(CchcError):
    """A human decision that contradicts itself or names nothing known."""
