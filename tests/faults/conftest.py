"""The `hall` of the store's tests, for the tests that do it harm."""

from tests.store.conftest import clock, hall

__all__ = ["clock", "hall"]
