"""Where the path of a sample is read from, and what is said where it cannot be."""

import pytest

from services.trace import trace
from shared.failure import CannotStartError
from shared.settings import Settings


async def test_one_database_for_all_services_is_refused() -> None:
    """An address without the service's name would show each step four times; it is refused with an example."""
    with pytest.raises(CannotStartError, match=r"write \{service\} where .* such as sqlite.*/\{service\}\.db\.$"):
        await trace(Settings(database_url="sqlite+aiosqlite:////srv/shian/sampling.db"), "S-1")
