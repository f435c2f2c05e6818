#!/bin/sh
# Install Seam Portal Desktop for one user (~/.local), or with --prefix DIR elsewhere.
set -eu

name=seam-portal-desktop
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=${HOME:-/nonexistent}/.local
case ${1:-} in
    '') ;;
    --prefix) prefix=${2:?--prefix needs a directory} ;;
    *)
        echo "usage: $0 [--prefix DIR]" >&2
        exit 2
        ;;
esac
case $prefix in
    *[[:space:]\"\'\\\$\`%]*)
        echo "$0: the directory's name must have no spaces, quotes, \$ or %: $prefix" >&2
        exit 2
        ;;
    /*) ;;
    *) prefix=$(pwd)/$prefix ;;
esac

missing=$(find "$here/lib/$name" -type f \( -name '*.so*' -o -name QtWebEngineProcess \) \
    ! -name libqgtk3.so -exec ldd {} + 2>/dev/null |
    sed -n 's/^[[:space:]]*\(lib[^ ]*\) => not found$/\1/p' | sort -u)
if [ -n "$missing" ]; then
    echo "This system lacks libraries that the program needs; please install:" >&2
    echo "$missing" | sed 's/^/  /' >&2
    exit 1
fi

# This removes the files of an earlier version.
if [ -x "$prefix/lib/$name/uninstall.sh" ]; then
    "$prefix/lib/$name/uninstall.sh"
fi

list=$prefix/lib/$name/installed-files
mkdir -p "$prefix/lib/$name"
: >"$list"
(cd "$here" && find bin lib share ! -type d) | while IFS= read -r file; do
    mkdir -p "$prefix/$(dirname -- "$file")"
    cp -P -p -- "$here/$file" "$prefix/$file"
    printf '%s\n' "$file" >>"$list"
done
cp -p -- "$here/uninstall.sh" "$prefix/lib/$name/uninstall.sh"

# Menus don't use a shell's PATH.
sed -i "s|^Exec=$name|Exec=$prefix/bin/$name|" "$prefix/share/applications/$name.desktop"
refresh() {
    if command -v "$1" >/dev/null; then "$@" >/dev/null 2>&1 || true; fi
}
refresh update-desktop-database "$prefix/share/applications"
if [ -e "$prefix/share/icons/hicolor/icon-theme.cache" ]; then
    refresh gtk-update-icon-cache -q -t "$prefix/share/icons/hicolor"
fi

echo "Installed. Start it from the menu or with $prefix/bin/$name"
echo "Remove it with $prefix/lib/$name/uninstall.sh; your data stays."
if [ "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null)" = 1 ]; then
    echo "This system restricts user namespaces, which the preview's sandbox is made of."
    echo "The .deb package brings the AppArmor profile that allows them."
fi
