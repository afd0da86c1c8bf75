#!/bin/bash
# SPDX-License-Identifier: MIT
# The tarball of `meson dist` is all that is needed: unpacked where nothing else of the project is, it is
# configured and built, and passes tests of every kind that read its files.
# usage: dist.sh SOURCE-ROOT BUILD-FOLDER (TAP)
set -euo pipefail
source=$1 build=$2
tests=(iaqi decode schemas conf payload engine control style sizes layering manual phrases catalogue
	service broken replay-command list-command status-page pipeline installation)
# shellcheck source=tests/ports/report.sh
. "${0%/*}/report.sh"

# One after the other: what follows one that failed is not tried.
and_then() {
	report "$@" || {
		echo "1..$cases"
		exit
	}
}

# Of the newest commit, whatever else lies in the folder.
pack() {
	meson dist -C "$build" --no-tests --allow-dirty --formats gztar &&
		tar -x -f "$build/meson-dist/hazewatch-$version.tar.gz" -C "$folder"
}

[[ -e $source/.git ]] || {
	echo '1..0 # SKIP meson packs what is in git, and this is no clone'
	exit
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" "$source/meson.build")
tree=$folder/hazewatch-$version
unset HAZEWATCH_SOURCE
and_then "meson dist packs version $version" pack
and_then 'the tarball is configured' meson setup --werror "$tree/build" "$tree"
and_then 'it is built' ninja -C "$tree/build"
and_then 'tests of every kind pass in it' \
	meson test -C "$tree/build" --no-rebuild --timeout-multiplier 4 --print-errorlogs "${tests[@]}"
and_then 'it is installed' env "DESTDIR=$folder/root" meson install -C "$tree/build" --no-rebuild
and_then 'what is installed names the version' grep "$version" <("$folder/root/usr/bin/hazewatch" --version)
echo "1..$cases"
