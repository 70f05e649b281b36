"""A new key and 100,000 sealed texts, sealed anew while people read and write them. The floor: the same without a database."""

import json
import os
import secrets
import sys
import threading
import time
import uuid
from datetime import date, timedelta

from tests.bench._stage import machine, stage

TODAY = date(2026, 3, 18)
TEXTS = int(os.environ.get("RESEALING_TEXTS", "100000"))
PEOPLE = 3  # and the one who seals: as many connections as one process has


def main() -> int:
    with stage("S", TODAY):
        from django.conf import settings
        from django.db import connection

        from apps.branches.models import Organization
        from apps.core import keyring
        from apps.core.resealing import reseal
        from apps.voices import sealing
        from apps.voices.models import PracticalHelp

        branch = Organization.objects.filter(kind="branch").earliest("pk")
        rows = [
            PracticalHelp(
                organization=branch, asked_on=TODAY, due_on=TODAY, submission=uuid.uuid4(),
                retain_until=TODAY + timedelta(days=700), need_sealed=b"",
            )
            for _number in range(TEXTS)
        ]  # fmt: skip
        for number, row in enumerate(rows):
            row.need_sealed = sealing.sealed("need", row.public_id, f"第{number}件" + "困难" * 60)
        PracticalHelp.objects.bulk_create(rows, batch_size=2000)
        ids = list(PracticalHelp.objects.values_list("pk", "public_id"))

        began = time.monotonic()
        for row in (sample := rows[:5000]):
            bound_to = f"need:{row.public_id}"
            keyring.seal(keyring.unseal(row.need_sealed, bound_to=bound_to), bound_to=bound_to)
        floor = (time.monotonic() - began) / len(sample) * TEXTS

        file = settings.KEYRING / f"0002-{secrets.token_hex(keyring.ID_LENGTH)}.key"
        file.write_bytes(secrets.token_bytes(keyring.KEY_LENGTH))
        file.chmod(0o600)
        keyring._ring.cache_clear()

        over, failures, done = threading.Event(), [], [0, 0]

        def work() -> None:
            """Reads a text, and writes every third anew, as somebody who edits it."""
            while not over.is_set():
                pk, key = secrets.choice(ids)
                try:
                    text = sealing.opened("need", key, PracticalHelp.objects.get(pk=pk).need_sealed)
                    done[0] += 1
                    if done[0] % 3 == 0:
                        PracticalHelp.objects.filter(pk=pk).update(need_sealed=sealing.sealed("need", key, text + "。"))
                        done[1] += 1
                except Exception as error:
                    failures.append(f"{type(error).__name__}: {error}"[:90])
                time.sleep(0.01)
            connection.close()

        people = [threading.Thread(target=work) for _one in range(PEOPLE)]
        for one in people:
            one.start()
        began = time.monotonic()
        sealed = sum(one.sealed for one in reseal())
        took = time.monotonic() - began
        over.set()
        for one in people:
            one.join()

        first = min(settings.KEYRING.glob("*.key"))
        left = sum(
            bytes(value).startswith(bytes.fromhex(first.stem.partition("-")[2]))
            for value in PracticalHelp.objects.values_list("need_sealed", flat=True).iterator()
        )
        print(
            f"{sealed:,} sealed anew in {took:.1f} s ({floor:.1f} s without a database), left with the old key: {left}"
        )
        print(
            f"meanwhile {done[0]:,} read and {done[1]:,} written by {PEOPLE} people, failures: {json.dumps(failures)}"
        )
        print(machine())
        return 0 if not failures and not left else 1


if __name__ == "__main__":
    sys.exit(main())
