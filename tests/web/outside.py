"""Two receivers outside: one for posts, one for mail, real sockets on this machine, as well or badly behaved as a test wants."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Posts:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.status = 204
        self.url = ""


@contextmanager
def posts():
    got = Posts()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            got.headers.append(dict(self.headers))
            self.send_response(got.status)
            if got.status == 302:
                self.send_header("Location", got.url + "/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    got.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield got
    finally:
        server.shutdown()
        server.server_close()


class Mails:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.said: list[str] = []
        self.refuses = False
        self.url = ""


@contextmanager
def mails():
    """A mail server that says yes to everything, or to nothing."""
    got = Mails()
    listener = socket.create_server(("127.0.0.1", 0))
    got.url = f"smtp://127.0.0.1:{listener.getsockname()[1]}"

    def serve():
        while True:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as lines:
                _converse(got, lines)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield got
    finally:
        listener.close()


def _converse(got: Mails, lines) -> None:
    def answer(text: str) -> None:
        lines.write(f"{text}\r\n".encode())
        lines.flush()

    answer("220 here")
    for raw in lines:
        line = raw.decode().strip()
        got.said.append(line)
        verb = line.split(" ")[0].split(":")[0].upper()
        if verb == "QUIT":
            answer("221 bye")
            return
        if verb == "DATA":
            answer("354 go on")
            text = []
            for part in lines:
                if part == b".\r\n":
                    break
                text.append(part.decode())
            got.texts.append("".join(text))
        answer("550 no" if got.refuses and verb == "RCPT" else "250 yes")
