"""What can be wrong with a printer, as two classes: an address that names no printer we know, which a person must mend,
and a printer that did not take a job, which may pass by itself. Whether paper came out is neither's business.
"""

from typing import Literal

Trouble = Literal["refused", "no_answer", "unknown_host", "unreachable", "stalled", "closed", "folder"]


class UnknownPrinterError(ValueError):
    """The address is not one of a printer that we can talk to; the message says what was expected."""


class PrinterUnreachable(Exception):  # noqa: N818 - it names a state of the world, not a mistake of the program
    """The printer did not take the whole job. `code` says how, for a log line, an alert and a decision to try again."""

    def __init__(self, code: Trouble, message: str) -> None:
        super().__init__(message)
        self.code: Trouble = code
