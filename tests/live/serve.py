"""`python -m tests.live.serve`: the server by the settings of the environment, with its log on standard error."""

import logging
import sys

from server import hosting
from server.config import read_settings

logging.basicConfig(level="INFO", stream=sys.stderr, format="%(name)s %(levelname)s %(message)s")
hosting.serve(read_settings())
