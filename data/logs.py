"""Logging to standard error, as text or as one JSON object a line. Line breaks inside a message are escaped: one event, one line."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from data.settings import Settings


class Stderr(logging.Handler):
    """Writes to whatever standard error is at the moment, not to what it was once."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            self.handleError(record)


class OneLine(logging.Formatter):
    """Text: time, level, logger, message; the traceback, if any, follows on lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)


class JsonLine(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def start(settings: Settings) -> None:
    """Set logging up for this process; done again it replaces what was."""
    handler = Stderr()
    handler.setFormatter(JsonLine() if settings.log_format == "json" else OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what is missed, overlaps or fails is counted and told by data.work
