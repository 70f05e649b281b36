"""Which keys this database has been served with: a folder that lost one is said, not filled with a new one."""

from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import transaction

from apps.core import keyring
from apps.core.models import KeyMark
from apps.core.stack.words import gettext as _


def settle(*, without_keys: bool = False) -> None:
    """Compare the folder with the database and note what is new in it; the first key of a new system is made here.

    CommandError where a key is missing or another one under the same name. `without_keys` gives the missing ones up: what
    they sealed stays closed.
    """
    folder = Path(settings.KEYRING)
    with transaction.atomic():
        known = dict(KeyMark.objects.select_for_update().values_list("key_id", "check_value"))
        here = dict(keyring.marks(folder))
        _refuse_another(known, here, folder)
        lost = sorted(known.keys() - here.keys())
        if lost and not without_keys:
            text = _(
                "The key %(id)s, which sealed data in this database, is not in %(folder)s. Put the keyring back "
                "(manage.py restore FILE-OF-THE-KEYS). If it is lost for good: manage.py prepare --without-keys; what it "
                "sealed then stays closed."
            )
            raise CommandError(text % {"id": lost[0], "folder": folder})
        if not here and keyring.make_first(folder):
            here = dict(keyring.marks(folder))
        KeyMark.objects.filter(key_id__in=lost).delete()
        KeyMark.objects.bulk_create(
            [KeyMark(key_id=key_id, check_value=check) for key_id, check in here.items() if key_id not in known],
            ignore_conflicts=True,  # two may prepare at once
        )


def _refuse_another(known: dict[str, str], here: dict[str, str], folder: Path) -> None:
    for key_id, check in here.items():
        if known.get(key_id, check) != check:
            text = _("The key %(id)s in %(folder)s is not the one of this database: same name, other content.")
            raise CommandError(text % {"id": key_id, "folder": folder})
