#!/bin/bash
# SPDX-License-Identifier: MIT
# The tarball of `meson dist` is all that is needed: unpacked where nothing else of the project is, it is
# configured and built, and passes tests of every kind that read its files.
# usage: dist.sh SOURCE-ROOT BUILD-FOLDER (TAP)
set -euo pipefail
source=$1 build=$2
tests=(iaqi decode schemas conf payload engine control style sizes layering manual phrases catalogue
	service broken replay-command list-command status-page pipeline installation)
cases=0

# report NAME COMMAND...: a case; the end of what a failed one said follows, and nothing more is tried.
report() {
	local name=$1
	shift
	cases=$((cases + 1))
	if "$@" >"$folder/log" 2>&1 </dev/null; then
		echo "ok $cases - $name"
	else
		echo "not ok $cases - $name"
		tail -n 40 "$folder/log" | sed 's/^/# /'
		echo "1..$cases"
		exit
	fi
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
report "meson dist packs version $version" pack
report 'the tarball is configured' meson setup --werror "$tree/build" "$tree"
report 'it is built' ninja -C "$tree/build"
report 'tests of every kind pass in it' \
	meson test -C "$tree/build" --no-rebuild --timeout-multiplier 4 --print-errorlogs "${tests[@]}"
report 'it is installed' env "DESTDIR=$folder/root" meson install -C "$tree/build" --no-rebuild
report 'what is installed names the version' grep "$version" <("$folder/root/usr/bin/hazewatch" --version)
echo "1..$cases"
