"""Under gevent a lock must not hold up the whole process, though the modules are imported before gevent patches."""

import subprocess
import sys

SCRIPT = """
import server.commands.serving
import server.hosting
import server.store.halls as halls
import server.store.writer as writer
from gevent import monkey

monkey.patch_all()
locks = [writer._Counter().turn, halls.Halls()._lock]
assert all(type(lock).__module__.startswith("gevent") for lock in locks), locks
"""


def test_locks_that_requests_wait_for_are_those_of_gevent_once_it_has_patched():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
