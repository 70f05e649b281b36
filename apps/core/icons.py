"""The drawings, as parts of a 24 × 24 sheet drawn in the colour of the text around them.

Inline rather than a sprite: they print, keep `currentColor` in forced colours, and cost no request.
"""


def _character(character: str) -> str:
    """A status whose glyph is a Chinese character, in a frame so that it reads as a mark and not as a word."""
    return (
        '<rect x="2.5" y="2.5" width="19" height="19" rx="4" stroke-width="1.5"/>'
        f'<text x="12" y="17.2" font-size="14" text-anchor="middle">{character}</text>'
    )


STATUS_ICONS = {
    "circle": '<circle cx="12" cy="12" r="8"/>',
    "dotted": '<circle cx="12" cy="12" r="8" stroke-dasharray="1.5 4.8"/>',
    "quarter": '<circle cx="12" cy="12" r="8"/><path fill="currentColor" stroke="none" d="M12 12V4a8 8 0 0 1 8 8z"/>',
    "half": '<circle cx="12" cy="12" r="8"/><path fill="currentColor" stroke="none" d="M12 4a8 8 0 0 1 0 16z"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "check-online": (
        '<path d="m2.5 12 3.2 3.4L12 8"/><text x="17.5" y="17" font-size="11" text-anchor="middle">线</text>'
    ),
    "exclaim": '<path d="M12 4.5v9.5M12 18.6v.4" stroke-width="2.75"/>',
    "dash": '<path d="M5 12h14"/>',
    "held-late": _character("补"),
    "recorded-late": _character("录"),
    "explained": _character("述"),
    "observer": _character("列"),
    "pencil": '<path d="M4.5 19.5 6 14.5 16 4.5l3.5 3.5-10 10zM13.5 7l3.5 3.5"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 7v5l3.5 2.5"/>',
    "filed": (
        '<rect x="4.5" y="4.5" width="15" height="15" rx="1.5"/>'
        '<rect x="8.5" y="8.5" width="7" height="7" fill="currentColor" stroke="none"/>'
    ),
    "void": '<circle cx="12" cy="12" r="8"/><path d="m6.5 17.5 11-11"/>',
    "triangle": '<path d="M12 5 20 18.5H4z"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "diamond": '<path d="m12 4 8 8-8 8-8-8z"/>',
    "return": '<path d="M9 6 4.5 10.5 9 15M4.5 10.5H15a4.5 4.5 0 0 1 0 9h-3"/>',
    "take-back": '<path d="M5 5v5.5h5.5M5.5 10A7.5 7.5 0 1 1 5 14.5"/>',
    "box": '<rect x="4.5" y="4.5" width="15" height="15" rx="2"/>',
    "box-check": '<rect x="4.5" y="4.5" width="15" height="15" rx="2"/><path d="m8 12.2 3 3 5.2-6"/>',
    "infinity": (
        '<path d="M12 12c-2-3-3.5-4.2-5.3-4.2a4.2 4.2 0 0 0 0 8.4C8.5 16.2 10 15 12 12s3.5-4.2 5.3-4.2a4.2 '
        '4.2 0 0 1 0 8.4C15.5 16.2 14 15 12 12z"/>'
    ),
}

NAVIGATION_ICONS = {
    "home": '<path d="M4 11 12 4l8 7v8.5a.5.5 0 0 1-.5.5H15v-6H9v6H4.5a.5.5 0 0 1-.5-.5z"/>',
    "duties": (
        '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 9.5h16M8.5 3v4M15.5 3v4M8 14.5l2.5 2.5 5-5"/>'
    ),
    "meetings": (
        '<circle cx="9" cy="8.5" r="3"/>'
        '<path d="M3.5 19c.3-3.3 2.5-5 5.5-5s5.2 1.7 5.5 5M15 5.8a3 3 0 0 1 0 5.4M17 14.4c2 .6 3.3 2.2 3.5 '
        '4.6"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "tasks": '<path d="m3.5 6.5 1.5 1.5L8 5M3.5 16.5 5 18l3-3M12 7h8.5M12 17h8.5"/>',
    "members": '<circle cx="12" cy="8" r="3.5"/><path d="M5 20c.4-3.9 3.2-6 7-6s6.6 2.1 7 6"/>',
    "rectification": '<path d="M20 12a8 8 0 1 1-2.5-5.8M20 4v4h-4M8.5 12l2.5 2.5 4.5-5"/>',
    "reports": '<path d="M6.5 3.5h8l4 4v13h-12zM14 3.5v4.5h4.5M9.5 12.5h6M9.5 16h6"/>',
    "voices": '<path d="M4 5.5h16v11h-8.5L7 20.5v-4H4z"/><path d="M8 9.5h8M8 12.5h5"/>',
    "ledgers": (
        '<path d="M5.5 4.5A1.5 1.5 0 0 1 7 3h11.5v18H7a1.5 1.5 0 0 1-1.5-1.5zM5.5 18A1.5 1.5 0 0 1 7 '
        '16.5h11.5M9.5 7h5"/>'
    ),
    "schedule": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 9.5h16M8.5 3v4M15.5 3v4"/>',
    "study": (
        '<path d="M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5c-3.5 0-6.5.5-8.5 '
        '2zM12 6.5V20"/>'
    ),
    "review": '<path d="M4 13.5 6.5 5h11l2.5 8.5V19H4zM4 13.5h4.5l1 2.5h5l1-2.5H20"/>',
    "branches": (
        '<rect x="9" y="3.5" width="6" height="5" rx="1"/>'
        '<rect x="3.5" y="15.5" width="6" height="5" rx="1"/>'
        '<rect x="14.5" y="15.5" width="6" height="5" rx="1"/><path d="M12 8.5V12M6.5 15.5V12h11v3.5"/>'
    ),
    "supervision": (
        '<rect x="5" y="4.5" width="14" height="16" rx="1.5"/>'
        '<path d="M9 4.5v-1h6v2.5H9zM8.5 12l1.5 1.5 2.5-3M8.5 17h7M14.5 12h1.5"/>'
    ),
    "tables": '<rect x="3.5" y="4.5" width="17" height="15" rx="1.5"/><path d="M3.5 9.5h17M3.5 14.5h17M9.5 9.5v10"/>',
    "notices": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>',
    "survey": (
        '<rect x="5" y="3.5" width="14" height="17" rx="1.5"/><circle cx="9" cy="9" r="1"/>'
        '<circle cx="9" cy="15" r="1"/><path d="M12.5 9H16M12.5 15H16"/>'
    ),
    "settings": (
        '<path d="M4 7h8M17 7h3M4 12h2.5M11.5 12H20M4 17h7M16 17h4"/><circle cx="14.5" cy="7" r="2"/>'
        '<circle cx="9" cy="12" r="2"/><circle cx="13.5" cy="17" r="2"/>'
    ),
    "accounts": '<circle cx="8" cy="14.5" r="4"/><path d="m11 12 8.5-8.5M16 7l2.5 2.5"/>',
    "more": '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.2"/>',
}

ACTION_ICONS = {
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>',
    "user": (
        '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="9.8" r="3"/>'
        '<path d="M6.5 18.8c.9-2.5 2.9-3.8 5.5-3.8s4.6 1.3 5.5 3.8"/>'
    ),
    "text-size": '<path d="m2.5 19 5.5-13.5L13.5 19M4.5 14.5h7"/><path d="M18 5v6M15 8h6"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17-5-5.5-5-11.5 0-17z"/>',
    "chevron-left": '<path d="m14.5 6-6 6 6 6"/>',
    "chevron-right": '<path d="m9.5 6 6 6-6 6"/>',
    "chevron-down": '<path d="m6 9.5 6 6 6-6"/>',
    "print": (
        '<path d="M7 9V3.5h10V9M7 17H4.5v-6.5A1.5 1.5 0 0 1 6 9h12a1.5 1.5 0 0 1 1.5 1.5V17H17M7 14h10v6.5H7z"/>'
    ),
    "download": '<path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 19.5h15"/>',
    "upload": '<path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 19.5h15"/>',
    "camera": '<path d="M4 7.5h4l1.5-2.5h5L16 7.5h4V19H4z"/><circle cx="12" cy="13" r="3.5"/>',
    "microphone": (
        '<rect x="9" y="3.5" width="6" height="10.5" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>'
    ),
    "trash": '<path d="M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l1 14h9l1-14"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.2"/>',
    "warning": '<path d="M12 4 21 19.5H3zM12 10v4.5M12 16.9v.1"/>',
    "error": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5M12 16.2v.1" stroke-width="2.25"/>',
    "success": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16 9.5"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "sign-out": '<path d="M13 4.5H5v15h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="1.5"/><path d="M15.5 8.5v-4h-11v11h4"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "attachment": (
        '<path d="m19 11-7.5 7.5a4.5 4.5 0 0 1-6.5-6.5L12.5 4.5a3 3 0 0 1 4.3 4.3L9.5 16a1.5 1.5 0 0 1-2-2L14 7.5"/>'
    ),
    "keyboard": (
        '<rect x="2.5" y="6" width="19" height="12" rx="1.5"/>'
        '<path d="M6 10h.01M10 10h.01M14 10h.01M18 10h.01M7.5 14.5h9"/>'
    ),
    "paper": '<path d="M6.5 3.5h8l4 4v13h-12zM14 3.5v4.5h4.5"/>',
}

ICONS = STATUS_ICONS | NAVIGATION_ICONS | ACTION_ICONS
