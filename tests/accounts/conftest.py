import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def forget_tries() -> None:
    """Rate limits of the test before do not count."""
    cache.clear()
