"""Every address. A new one needs its row in tests/test_access.py."""


urlpatterns: list = []
