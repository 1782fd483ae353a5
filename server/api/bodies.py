"""What programs send: pydantic models, strict and closed. An unknown field is an error, not a silent loss."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Path(BaseModel):
    model_config = ConfigDict(extra="ignore")


class SitePath(_Path):
    site: str = Field(max_length=40, description="Code of the site, such as `rabat`.")


class LinePath(SitePath):
    service: str = Field(max_length=40, description="Code of the service.")


class CounterPath(_Path):
    counter: str = Field(max_length=60, description="Id of the counter, such as `rabat-3`.")


class TicketPath(_Path):
    ticket: str = Field(max_length=60, description="Id of the ticket: the site and the entry that drew it.")


class Draw(_Closed):
    """Take a ticket."""

    service: str = Field(max_length=40)
    language: str = Field(max_length=3)
    klass: str = Field(default="ordinary", alias="class", max_length=12)
    channel: str = Field(default="kiosk", max_length=12)
    appointment: str | None = Field(
        default=None, max_length=40, description="Time of the appointment, with zone; with the class `appointment`."
    )


class Pause(_Closed):
    reason: str = Field(max_length=20)


class Call(_Closed):
    """Call the next person; `ending` ends the turn that is at the counter in the same stroke. With `ticket` and `reason`
    this person is called before others.
    """

    ticket: str | None = Field(default=None, max_length=60, description="Id of a ticket: out of order.")
    reason: str | None = Field(default=None, max_length=40, description="Why it is called before others.")
    note: str | None = Field(
        default=None, max_length=20_000, description="Kept beside the journal, which only seals it."
    )

    ending: Literal["finished", "no_show"] | None = None
    outcome: str | None = Field(default=None, max_length=40)
    expected: str | None = Field(
        default=None,
        max_length=60,
        description="Id of the ticket that the caller believes is at the counter. If another one is there, nothing is "
        "ended and nobody is called: 409 `other_at_counter`.",
    )


class Finish(_Closed):
    outcome: str | None = Field(default=None, max_length=40)


class Transfer(_Closed):
    """On to another service, or to one counter alone."""

    service: str | None = Field(default=None, max_length=40)
    counter: str | None = Field(default=None, max_length=60)
    served: bool = Field(default=False, description="He was served here and goes on to the next thing.")
    outcome: str | None = Field(default=None, max_length=40)


class Remark(_Closed):
    text: str = Field(max_length=20_000)


class EntryPath(SitePath):
    seq: int = Field(ge=1, le=2**53 - 1, description="Number of the entry.")


class OvertakenPath(CounterPath):
    ticket: str = Field(max_length=60, description="Id of the ticket that might be called.")


class Nothing(_Closed):
    """No facts are needed; an empty object or an empty body."""


class BoardQuery(_Path):
    zone: str | None = Field(default=None, max_length=40)


class JournalQuery(_Path):
    after: int = Field(default=0, ge=0, le=2**53 - 1)
    limit: int = Field(default=500, ge=1, le=5000)
