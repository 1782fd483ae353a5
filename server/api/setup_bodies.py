"""What programs send to change a site's set-up. Strict and closed like all bodies; dates and instants come as text."""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from server.api.bodies import SitePath


class SuspensionPath(SitePath):
    service: str = Field(max_length=40, description="Code of the service.")


class MessagePath(SitePath):
    message: str = Field(max_length=40, description="Id of the message, such as `m812`.")


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Suspend(_Closed):
    """Give no more tickets for a service."""

    service: str = Field(max_length=40)
    reason: str = Field(max_length=40, description="One of the list: `system_down`, `agent_absent` …")
    instead: str | None = Field(
        default=None, max_length=40, description="Service to which whoever waits may be transferred, if he wants."
    )


class Post(_Closed):
    """Hang a message in the hall: plain text by language; without `from` at once, without `until` until taken down."""

    texts: dict[str, str] = Field(max_length=10)
    from_at: AwareDatetime | None = Field(default=None, alias="from", strict=False)
    until_at: AwareDatetime | None = Field(default=None, alias="until", strict=False)


class ChangeRule(_Closed):
    """The rule that the next day opens with; durations in seconds."""

    head_starts: dict[str, int] = Field(
        max_length=10, description="By class: `ordinary` (0), `priority`, `appointment`."
    )
    no_show_min_calls: int
    no_show_min_s: int
    put_back_head_start_s: int
    put_backs_max: int


class Enforce(_Closed):
    """The waiting rule now, by somebody else than whoever wrote it."""

    reason: str = Field(max_length=40)


class OpenSpecially(_Closed):
    """Other hours on one date; without spans the site is closed that day."""

    on: date = Field(strict=False)
    spans: list[str] = Field(max_length=6, description="`08:30-12:00`; `24:00` ends a day.")
    reason: str = Field(max_length=40)
