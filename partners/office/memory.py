"""What a person asked of the exchange from this machine, and what was answered: ``<user>.jsonl`` in a folder.

A request that is repeated goes out with the bytes that it had, so that the exchange knows it again; an answer that was
read once is shown again, since the bus hands it out once only. Lines are only ever appended, each in one write, so that
two commands of one person may run at the same time.
"""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.contracts import RequestAccepted, RequestRefused
from shared.failure import CannotStartError

Receipt = RequestAccepted | RequestRefused


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it went out."""

    event_id: str
    subject: str
    payload: str
    at: datetime
    sentence: str


@dataclass(slots=True)
class Memory:
    """The requests of one person and their answers, by event id."""

    path: Path
    asked: dict[str, Asked] = field(default_factory=dict)
    answers: dict[str, Receipt] = field(default_factory=dict)
    _read: int = 0

    def refresh(self) -> None:
        """Read what was written since the last time, by this command or another one."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._read)
            whole, _, _ = file.read().rpartition(b"\n")  # another command may be in the midst of a line
        for line in whole.splitlines():
            self._take(json.loads(line))
        self._read += len(whole) + 1 if whole else 0

    def keep_request(self, request: Asked) -> None:
        """Remember a request before it goes out."""
        row = {name: getattr(request, name) for name in Asked.__slots__}
        self._append({"asked": row | {"at": request.at.isoformat()}})
        self.asked[request.event_id] = request

    def keep_answer(self, receipt: Receipt) -> None:
        """Remember an answer before it is acknowledged."""
        self._append({receipt.TYPE: receipt.model_dump(mode="json")})
        self.answers[receipt.event_id] = receipt

    def _take(self, line: dict[str, Any]) -> None:
        for kind, row in line.items():
            if kind == "asked":
                self.asked[row["event_id"]] = Asked(**row | {"at": datetime.fromisoformat(row["at"])})
            else:
                model = RequestAccepted if kind == RequestAccepted.TYPE else RequestRefused
                self.answers[row["event_id"]] = model.model_validate(row)

    def _append(self, line: dict[str, Any]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
            finally:
                os.close(file)
        except OSError as error:
            message = f"What is asked cannot be kept in {self.path} ({error.strerror}); make the folder writable."
            raise CannotStartError(message) from error
