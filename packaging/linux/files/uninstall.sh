#!/bin/sh
# Remove the files that install.sh wrote, and no others. Your data is not removed.
set -eu

name=seam-portal-desktop
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
list=$here/installed-files
if [ ! -f "$list" ]; then
    echo "$0: not an installed program: it has no $list" >&2
    exit 1
fi
prefix=$(dirname -- "$(dirname -- "$here")")
cd "$prefix"

folders=$(sed 's|/[^/]*$||' "$list" | sort -ru)
while IFS= read -r file; do rm -f -- "$file"; done <"$list"
rm -f -- "lib/$name/installed-files" "lib/$name/uninstall.sh"
printf '%s\n' "$folders" | while IFS= read -r folder; do
    rmdir -p --ignore-fail-on-non-empty -- "$folder" 2>/dev/null || true
done
if command -v update-desktop-database >/dev/null && [ -d share/applications ]; then
    update-desktop-database share/applications >/dev/null 2>&1 || true
    if ! grep -q = share/applications/mimeinfo.cache 2>/dev/null; then
        rm -f share/applications/mimeinfo.cache
        rmdir -p --ignore-fail-on-non-empty share/applications
    fi
fi
if command -v gtk-update-icon-cache >/dev/null && [ -e share/icons/hicolor/icon-theme.cache ]; then
    gtk-update-icon-cache -q -t share/icons/hicolor >/dev/null 2>&1 || true
fi
