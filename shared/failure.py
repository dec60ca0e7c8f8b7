"""The failures that speak to a person: each carries one sentence that says what is wrong and what to do."""


class CannotStartError(Exception):
    """A service or command cannot start; the message is the whole explanation, no traceback is needed."""


class NotYetError(Exception):
    """An event came before the one that it answers: it is handed out again later and is never poison."""
