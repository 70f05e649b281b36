#!/bin/sh
# A browser, Chinese fonts and LibreOffice for `make e2e`: installed on Debian and Ubuntu as root, else named.
set -eu
packages=""
need() { packages="$packages $1"; }

command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || need chromium
command -v fc-list >/dev/null 2>&1 || need fontconfig
[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || need fonts-noto-cjk
command -v soffice >/dev/null 2>&1 || need libreoffice-writer-nogui
command -v pdftotext >/dev/null 2>&1 || need poppler-utils
command -v xgettext >/dev/null 2>&1 || need gettext
[ -n "$packages" ] || exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing$packages …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 -- a list of names
    apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
    echo "Some browser tests need more: sudo apt-get install$packages" >&2
fi
