"""Who gets which answer."""

from tests.access import Row

SIGNED_IN = (302, *[200] * 8)
EVERYONE = (200,) * 9
ENTRANCE = (200, *[302] * 8)  # who is signed in goes home
DONE = (302,) * 9
BAD = (302, *[422] * 8)

ACCESS = {
    "account_login": Row(ENTRANCE),
    "account_logout": Row(SIGNED_IN),
    "account_change_password": Row(SIGNED_IN),
    "account_reset_password": Row(EVERYONE),
    "account_reset_password_done": Row(EVERYONE),
    "account_reset_password_from_key": Row(EVERYONE, args=lambda world: ["1", "not-a-key"]),
    "account_reset_password_from_key_done": Row(EVERYONE),
    "accounts:activation-redeem": [Row(ENTRANCE), Row((422, *[302] * 8), method="post")],
    "accounts:settings-detail": [Row(SIGNED_IN), Row(BAD, method="post")],
    "accounts:email-change": [Row(SIGNED_IN), Row(BAD, method="post")],
    "accounts:email-remove": [Row((302, *[405] * 8)), Row(DONE, method="post")],
    "accounts:email-confirm": Row((422,) * 9, args=lambda world: ["not-a-token"]),
    "accounts:session-list": Row(SIGNED_IN),
    "accounts:session-end": Row(DONE, args=lambda world: [1], method="post"),
    "accounts:session-end-others": Row(DONE, method="post"),
}
