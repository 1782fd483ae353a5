"""The tables. Journal and heads are the record; site state rows are a cache of it, proved by replay; the rest stands
beside the journal and is never rebuilt from it.

Instants are whole milliseconds since 1970 in UTC: exact, small, and the same on both databases. Columns are named
`*_at` like the values they hold.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)

#: SQLite makes a rowid of INTEGER alone; PostgreSQL needs the wide one.
WideKey = BigInteger().with_variant(Integer, "sqlite")


def to_ms(at: datetime) -> int:
    return (at - _EPOCH) // _MS


def to_ms_or_none(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def from_ms(ms: int) -> datetime:
    return _EPOCH + ms * _MS


# ---------------------------------------------------------------- the record

sites = Table(
    "sites",
    metadata,
    Column("code", String(40), primary_key=True),
    # Key of the site's public ticket ids; never in the journal, never in a log.
    Column("public_key", String(64), nullable=False),
    Column("demo", Boolean, nullable=False),
)

# Packs as they were imported: names, cards and pictures, which decide nothing. Never changed; a set-up names its own.
packs = Table(
    "packs",
    metadata,
    # SHA-256 of the text.
    Column("digest", String(64), primary_key=True),
    Column("site", String(40), ForeignKey("sites.code"), nullable=False),
    Column("text", Text, nullable=False),
)

site_heads = Table(
    "site_heads",
    metadata,
    Column("site", String(40), ForeignKey("sites.code"), primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_hash", String(64), nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("site", String(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    # The canonical text that was hashed. The other columns only help to find it.
    Column("text", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("site", "seq"),
    Index("ix_journal_site_kind_seq", "site", "kind", "seq"),
)

# ---------------------------------------------------------------- state rows: a cache of the journal

days = Table(
    "days",
    metadata,
    Column("site", String(40), nullable=False),
    Column("day", String(10), nullable=False),
    Column("opened_seq", BigInteger, nullable=False),
    Column("closed_seq", BigInteger),
    Column("begins_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "day"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("drawn_seq", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
    Column("series", String(2), nullable=False),
    Column("n", Integer, nullable=False),
    Column("number", String(12), nullable=False),
    Column("service", String(40), nullable=False),
    Column("class", String(12), nullable=False),
    Column("language", String(3), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("drawn_at", BigInteger, nullable=False),
    Column("ahead", Integer, nullable=False),
    Column("point_s", Integer),
    Column("low_s", Integer),
    Column("median_s", Integer),
    Column("high_s", Integer),
    Column("level", Integer),
    Column("untold", String(20)),
    UniqueConstraint("site", "day", "series", "n"),
    UniqueConstraint("site", "drawn_seq"),
)

turns = Table(
    "turns",
    metadata,
    Column("site", String(40), nullable=False),
    Column("opened_seq", BigInteger, nullable=False),
    Column("ticket", String(60), nullable=False),
    Column("day", String(10), nullable=False),
    Column("service", String(40), nullable=False),
    Column("class", String(12), nullable=False),
    Column("state", String(10), nullable=False),
    Column("ending", String(12)),
    Column("outcome", String(40)),
    Column("counter", String(60)),
    Column("agent", String(20)),
    Column("calls", Integer, nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("arrived_at", BigInteger, nullable=False),
    Column("bound", String(60)),
    Column("put_backs", Integer, nullable=False, server_default="0"),
    Column("called_at", BigInteger),
    Column("stretch_at", BigInteger),
    Column("last_call_at", BigInteger),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    # What earlier visits to a counter took, before the turn was parked.
    Column("calling_ms", BigInteger, nullable=False, server_default="0"),
    Column("walking_ms", BigInteger, nullable=False, server_default="0"),
    Column("service_ms", BigInteger, nullable=False, server_default="0"),
    Column("aside_ms", BigInteger, nullable=False, server_default="0"),
    Column("aside_at", BigInteger),
    PrimaryKeyConstraint("site", "opened_seq"),
    CheckConstraint("(state = 'ended') = (ending IS NOT NULL)", name="ended"),
    Index("ix_turns_site_day", "site", "day"),
    Index("ix_turns_ticket", "ticket"),
)

shifts = Table(
    "shifts",
    metadata,
    Column("site", String(40), nullable=False),
    Column("opened_seq", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
    Column("counter", String(60), nullable=False),
    Column("agent", String(20), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("paused_s", Integer, nullable=False),
    Column("paused_at", BigInteger),
    Column("pause_reason", String(20)),
    Column("closed_at", BigInteger),
    PrimaryKeyConstraint("site", "opened_seq"),
    Index("ix_shifts_site_day", "site", "day"),
)

# Facts of closed days, which are counted once: a cache like the rows above, made again where it is missing or old.
fairness_days = Table(
    "fairness_days",
    metadata,
    Column("site", String(40), nullable=False),
    Column("day", String(10), nullable=False),
    # Hash of the day's `day.closed`: the facts are those of this story and of no other.
    Column("closed_hash", String(64), nullable=False),
    # Edition of the way of counting.
    Column("version", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    PrimaryKeyConstraint("site", "day"),
)

# ---------------------------------------------------------------- beside the journal

people = Table(
    "people",
    metadata,
    # The opaque code by which the journal knows the person.
    Column("code", String(20), primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("password", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False),
    # Moves with each reset, so that older logins end.
    Column("login_version", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("person", String(20), ForeignKey("people.code"), nullable=False),
    Column("role", String(12), nullable=False),
    # Empty for a role that is held for all sites.
    Column("site", String(40), nullable=False),
    PrimaryKeyConstraint("person", "role", "site"),
)

# Each login of a person that may still act, so that the person can see and end it; purged when it is too old to.
logins = Table(
    "logins",
    metadata,
    # SHA-256 of what the person's cookie holds.
    Column("hash", String(64), primary_key=True),
    Column("person", String(20), ForeignKey("people.code"), nullable=False),
    Column("address", String(60), nullable=False),
    # What the browser calls itself, shortened to program and system.
    Column("browser", String(60), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("ix_logins_person", "person"),
)

# Links by which a person sets the first password, or a new one. One for each person; a new one replaces the old.
invitations = Table(
    "invitations",
    metadata,
    Column("person", String(20), ForeignKey("people.code"), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("until", BigInteger, nullable=False),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("person", String(20), ForeignKey("people.code"), primary_key=True),
    # The shared secret of RFC 6238 in base32: needed as it is to check a code.
    Column("secret", String(64), nullable=False),
    # Null until the person has shown that the app knows the secret.
    Column("confirmed_at", BigInteger),
    # The time step of the last code that was taken: each code works once.
    Column("last_step", BigInteger, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person", String(20), ForeignKey("people.code"), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("person", "hash"),
)

# Failed attempts of late, by what they were made on: a name, an address, a person's second factor.
failures = Table(
    "failures",
    metadata,
    # SHA-256 of it: a password typed into the wrong field is not kept.
    Column("hash", String(64), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
    Index("ix_failures_last_at", "last_at"),
)

devices = Table(
    "devices",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("site", String(40), ForeignKey("sites.code"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(80), nullable=False),
    # Where a kiosk prints: tcp://host:9100, virtual: …
    Column("printer", String(200), nullable=False),
    Column("enrol_hash", String(64), unique=True),
    Column("enrol_until", BigInteger),
    Column("revoked_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    # Its last sign of life, written at most once a minute, and the version of ours that it ran then.
    Column("last_seen_at", BigInteger),
    Column("version", String(40)),
    # When this kiosk was last refused a ticket for drawing too fast.
    Column("too_fast_at", BigInteger),
)

tokens = Table(
    "tokens",
    metadata,
    # SHA-256 of the token; the token itself is shown once and kept nowhere.
    Column("hash", String(64), primary_key=True),
    # A person's role or a device's kind.
    Column("kind", String(12), nullable=False),
    Column("site", String(40), nullable=False),
    # Code of the person or the device: what the journal calls the actor.
    Column("code", String(20), nullable=False),
    # An agent's token may be bound to one counter.
    Column("counter", String(60)),
    # A kiosk's token that a program draws with: exempt from the limit on draws.
    Column("unlimited", Boolean, nullable=False, server_default=false()),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("token", String(64), nullable=False),
    Column("key", String(200), nullable=False),
    # SHA-256 of method, path and body of the request that was answered.
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("token", "key"),
    Index("ix_idempotency_at", "at"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("consumer", String(40), nullable=False),
    Column("site", String(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("consumer", "site"),
)

print_jobs = Table(
    "print_jobs",
    metadata,
    Column("id", WideKey, primary_key=True, autoincrement=True),
    Column("site", String(40), nullable=False),
    Column("ticket", String(60), nullable=False),
    Column("device", String(20), nullable=False),
    Column("copy", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("problem", String(40)),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("ticket", "copy"),
    Index("ix_print_jobs_state", "state"),
)

# Notes and remarks, which the journal only seals. The salt and the text can be erased; the chain stays whole.
sealed = Table(
    "sealed",
    metadata,
    Column("site", String(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    # 16 random bytes in hexadecimal; None once erased.
    Column("salt", String(32)),
    Column("text", Text),
    Column("actor", String(60), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "seq"),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
