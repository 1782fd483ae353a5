"""Runs the server: gunicorn from our own code, so that one command is enough and nothing is set in two places.

On SQLite one process with one real thread per socket; on PostgreSQL as many gevent processes as asked for. The arbiter
imports nothing heavy and opens no database: each worker makes its own application after the fork. Refuses several
processes where they could not hear each other.
"""

import contextlib
import ctypes
import logging
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol

from gunicorn.app.base import BaseApplication

from server.config import SettingError, Settings
from server.web import head_addresses

if TYPE_CHECKING:
    # The arbiter must stay small, and gevent must patch before the database layer is imported.
    from server.actions.house import House

log = logging.getLogger(__name__)

#: Threads beside those that each hold a socket: requests, and sockets that are being refused.
SPARE_THREADS = 64
#: Kept-alive connections beside those that are being answered.
IDLE_CONNECTIONS = 256
#: How long a stopping worker may still answer what it has begun.
FAREWELL_S = 10
#: A peer that acknowledges nothing for this long is gone (a pulled cable says no goodbye), and its thread is freed.
SILENT_PEER_MS = 30_000
#: Name of the option in glibc's malloc.h.
M_ARENA_MAX = -8
MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - for the arbiter's heartbeat file, whose name gunicorn chooses safely


class Stoppable(Protocol):
    def stop(self) -> None: ...


#: What else lives in the serving process; the demonstration's halls, for instance.
InWorker = Callable[["House"], Stoppable]


def serve(settings: Settings, before_fork: Callable[[], None] | None = None, in_worker: InWorker | None = None) -> None:
    """Serve until stopped. `before_fork` runs first, once, in a process of its own. Raises SettingError."""
    check(settings)
    log_to_stderr(settings.log_level)
    if before_fork is not None:
        _aside(before_fork)
    if not settings.on_sqlite and "psycopg" in sys.modules:
        raise RuntimeError("the database driver was imported before gevent could patch it: use before_fork")
    Server(settings, in_worker).run()


def check(settings: Settings) -> None:
    if settings.workers < 1:
        raise SettingError("IDARATI_WORKERS: at least one process has to serve")
    head_addresses.webhooks(settings)
    head_addresses.mails(settings)
    if settings.workers == 1:
        return
    if settings.on_sqlite:
        raise SettingError("IDARATI_WORKERS: several processes need PostgreSQL; set IDARATI_DATABASE_URL")
    if not settings.redis_url:
        raise SettingError("IDARATI_WORKERS: several processes wake each other through Redis; set IDARATI_REDIS_URL")


def log_to_stderr(level: str) -> None:
    """One line for each thing that matters to whoever runs this; standard output stays for answers."""
    known = logging.getLevelNamesMapping()
    if level.upper() not in known:
        raise SettingError(f"IDARATI_LOG_LEVEL: expected DEBUG, INFO, WARNING or ERROR, found {level!r}")
    logging.basicConfig(level=known[level.upper()], stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    # It tells of its plugins and its dialect each time it only looks.
    logging.getLogger("alembic.runtime").setLevel(logging.WARNING)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, settings: Settings, in_worker: InWorker | None) -> None:
        self._settings = settings
        self._in_worker = in_worker
        #: What stops this worker's endless parts, in order.
        self._stops: list[Callable[[], None]] = []
        self._house: House | None = None
        self._farewell: Thread | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._config().items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """In the worker, after the fork: the application, and what lives beside it."""
        from server.app import create_app, start_parts, stop_parts  # noqa: PLC0415 - the arbiter stays small

        _few_arenas()
        app = create_app(self._settings)
        self._house = app.extensions["house"]
        start_parts(app)
        self._stops = [partial(stop_parts, app), app.extensions["socketio"].channel.close_all]
        if self._in_worker is not None:
            self._stops.insert(0, self._in_worker(app.extensions["house"]).stop)
        return app

    def say_goodbye(self) -> None:
        """Stop everything that would go on for ever, beside the signal handler that asks for it."""
        if self._farewell is None:
            self._farewell = Thread(target=self._stop_parts, name="farewell", daemon=True)
            self._farewell.start()

    def leave(self) -> None:
        """The worker's last act: nothing is being answered any more."""
        if self._farewell is not None:
            self._farewell.join(timeout=FAREWELL_S)
        if self._house is not None:
            self._house.close()

    def _stop_parts(self) -> None:
        for stop in self._stops:
            try:
                stop()
            except Exception:
                log.exception("a part did not stop as it should")

    def _config(self) -> dict[str, Any]:
        settings = self._settings
        threads = settings.sockets + SPARE_THREADS
        common = {
            "bind": _address(settings),
            "proc_name": "idarati",
            "preload_app": False,
            "graceful_timeout": FAREWELL_S,
            "timeout": 60,
            "keepalive": 5,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            # Whom to believe about the client's address is said once, by IDARATI_TRUSTED_PROXIES.
            "forwarded_allow_ips": "",
            # A socket file in the home folder that would let others steer the server.
            "control_socket_disable": True,
            "worker_tmp_dir": MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None,
            "when_ready": _ready,
            "worker_exit": lambda _arbiter, _worker: self.leave(),
        }
        if settings.on_sqlite:
            own = {"workers": 1, "threads": threads, "worker_connections": threads + IDLE_CONNECTIONS}
            return {**common, **own, "worker_class": _thread_worker()}
        own = {"workers": settings.workers, "worker_connections": threads + IDLE_CONNECTIONS}
        return {**common, **own, "worker_class": _gevent_worker()}


def _few_arenas() -> None:
    """Hundreds of threads make glibc keep hundreds of heaps, most of each unused: two are enough under one lock."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def _thread_worker() -> type:
    from gunicorn.workers.gthread import ThreadWorker  # noqa: PLC0415 - only one of the two is needed

    return _polite(ThreadWorker)


def _gevent_worker() -> type:
    """Patches the sockets in the worker, before the application and its database driver are imported there."""
    from gunicorn.workers.ggevent import GeventWorker  # noqa: PLC0415 - imports gevent, which SQLite does not need

    return _polite(GeventWorker)


def _polite(base: Any) -> type:
    """A worker that sends its sockets away when it is to stop: they would keep it for ever."""

    class Polite(base):  # type: ignore[misc]  # gunicorn has no types
        def handle_exit(self, sig: int, frame: Any) -> None:
            self.app.say_goodbye()
            super().handle_exit(sig, frame)

        def handle_quit(self, sig: int, frame: Any) -> None:
            """Ctrl-C is no reason to break off an answer either."""
            self.handle_exit(sig, frame)

    return Polite


def _ready(arbiter: Any) -> None:
    for listener in arbiter.LISTENERS:
        # Accepted connections inherit it.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_PEER_MS)
        log.info("serving on %s", listener)


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def _aside(work: Callable[[], None]) -> None:
    """In a child process, so that what it imports and holds does not stay. Its failure is ours."""
    pid = os.fork()
    if pid == 0:
        code: int | None = 1
        try:
            work()
            code = 0
        except SystemExit as wish:
            code = wish.code if isinstance(wish.code, int) else 1
        except BaseException:
            log.exception("the server could not be made ready")
        finally:
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code or 0)
    _, status = os.waitpid(pid, 0)
    failed = os.waitstatus_to_exitcode(status)
    if failed:
        raise SystemExit(failed)
