"""How our accounts differ from the sign-in library's defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No self-registration; an inactive account says nothing about itself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
