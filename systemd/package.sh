#!/bin/bash
# SPDX-License-Identifier: MIT
# The Debian package, in one command: see --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH LC_ALL=C.UTF-8

usage() {
	cat <<'END'
usage: systemd/package.sh [--dashboard] [FOLDER]

Builds hazewatch_VERSION_ARCHITECTURE.deb, and what belongs to it, into FOLDER (default: build-deb),
on Debian 12. Missing packages are named, then installed (with sudo if you are not root). The same
tree gives the same package, to the byte.

  --dashboard   with the page for the command centre, fetched by npm
END
}

# shellcheck source=tests/tools/packages.sh
. tests/tools/packages.sh
packages=("${PACKAGES_PACKAGE[@]}")
case ${1-} in
--dashboard)
	shift
	packages+=("${PACKAGES_DASHBOARD[@]}")
	# The build gets a home of its own; how npm is set up stays.
	export HAZEWATCH_DASHBOARD=enabled NPM_CONFIG_USERCONFIG=${NPM_CONFIG_USERCONFIG-$HOME/.npmrc}
	;;
-h | --help) usage && exit 0 ;;
-*) usage >&2 && exit 64 ;;
esac
(($# < 2)) || { usage >&2 && exit 64; }
out=$(realpath -m "${1:-build-deb}")

packages_install systemd/package.sh "${packages[@]}"

version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
[[ -n $version ]] || { echo 'package: no version in meson.build' >&2 && exit 1; }
# The moment of the newest change: of the commit, else of the newest file.
if [[ -z ${SOURCE_DATE_EPOCH-} ]] && ! SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null); then
	SOURCE_DATE_EPOCH=$(find . -path './build*' -prune -o -type f -printf '%T@\n' | sort -n | tail -n 1)
	SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH%.*}
fi
export SOURCE_DATE_EPOCH

# A package is built where debian/ is at the top: in a copy.
tree=$out/hazewatch-$version
rm -rf "$out"
mkdir -p "$tree"
tar -c --exclude='./build*' --exclude=./.git --exclude=__pycache__ . | tar -x -C "$tree"
cp -R systemd/debian "$tree/debian"
mkdir -p "$tree/debian/source"
echo '3.0 (native)' >"$tree/debian/source/format"
cat >"$tree/debian/changelog" <<END
hazewatch ($version) unstable; urgency=medium

  * See /usr/share/doc/hazewatch/CHANGELOG.md.gz.

 -- $(sed -n 's/^Maintainer: //p' systemd/debian/control)  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
{
	printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n'
	printf 'Upstream-Name: hazewatch\n\nFiles: *\nCopyright: '
	sed -n 's/^Copyright (c) //p' LICENSE
	printf 'License: Expat\n'
	sed -e '1,/^Copyright/d' -e 's/^$/./' -e 's/^/ /' LICENSE | sed -e '1{/^ \.$/d}'
} >"$tree/debian/copyright"

cd "$tree"
DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-} noautodbgsym" dpkg-buildpackage --build=binary --no-sign
cd "$out"
rm -rf "$tree"
printf '%s\n' "$out"/hazewatch_*.deb
