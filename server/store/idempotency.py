"""Answers kept under idempotency keys: how they are let go. Looking them up and keeping them is the writer's business."""

from datetime import datetime

from sqlalchemy import Connection, delete

from server.store import schema
from server.store.schema import to_ms


def prune(conn: Connection, *, before: datetime) -> int:
    """Forget answers given before this instant; how many there were."""
    return conn.execute(delete(schema.idempotency).where(schema.idempotency.c.at < to_ms(before))).rowcount
