"""What a server process does beside answering requests: it tells the live channel, and it ticks."""

from server.actions.house import House
from server.web.live import LiveSocketIO
from server.web.ticker import Ticker


class Background:
    def __init__(self, house: House, socketio: LiveSocketIO) -> None:
        self._live = socketio
        self.publisher = socketio.publisher
        self.ticker = Ticker(house)

    def start(self) -> None:
        """The second call changes nothing."""
        self.publisher.start()
        self.ticker.start()

    def stop(self) -> None:
        """Stop telling and ticking, and send the sockets away, so that their requests end."""
        self.ticker.stop()
        self.publisher.stop()
        self._live.channel.close_all()
