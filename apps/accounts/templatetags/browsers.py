"""How a person recognizes a browser."""

import re

from django.template import Library
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = Library()
BROWSERS = (
    ("MicroMessenger", gettext_lazy("WeChat")), ("Edg", "Edge"), ("Firefox", "Firefox"), ("HuaweiBrowser", "Huawei Browser"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@register.simple_tag
def browser_name(agent: str) -> str:
    """Kind of browser and device, roughly: "Chrome · Windows"."""
    parts = (next((name for sign, name in table if re.search(sign, agent)), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(str(part) for part in parts if part) or _("Unknown browser")
