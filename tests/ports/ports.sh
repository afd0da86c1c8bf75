#!/bin/bash
# SPDX-License-Identifier: MIT
# Other machines: arm64, armhf (32 bit) and s390x (big-endian) are built whole in a bare Debian 12 of
# their own, and the tests of rules/ and sensors/ run there on the last two, under qemu-user; the
# package is put through piuparts. Nothing of this machine is changed.
# usage: ports.sh SOURCE-ROOT FOLDER (TAP; the bare Debian is made in FOLDER and removed)
set -euo pipefail
source=$1 folder=$(realpath -m "$2")
root=$folder/root older=$folder/older
# shellcheck source=tests/ports/report.sh
. "${0%/*}/report.sh"

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# What this machine's packages come from.
find_mirror() {
	# shellcheck disable=SC2016 # apt's own variable
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1
}

inside() {
	# shellcheck disable=SC2016 # expanded in there
	unshare --mount chroot "$root" /bin/bash -c '
		mount -t proc proc /proc && mount -t devpts devpts /dev/pts && cd /hazewatch && exec "$@"' \
		inside env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

make_debian() {
	unshare --mount debootstrap --variant=minbase bookworm "$root" "$mirror"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	mkdir "$root/hazewatch"
	tar -C "$source" -c --exclude='./build*' --exclude=./.git . | tar -C "$root/hazewatch" -x
	cp /usr/bin/qemu-{aarch64,arm,s390x}-static "$root/usr/bin/"
	for port in "${ports[@]}"; do
		inside dpkg --add-architecture "${port%% *}"
	done
	inside apt-get -q update
	inside apt-get -qy install --no-install-recommends meson pkg-config python3 gettext gcc libc6-dev
}

# Name at Debian, triple, processor for meson and qemu, order of bytes.
ports=('arm64 aarch64-linux-gnu aarch64 little' 'armhf arm-linux-gnueabihf arm little'
	's390x s390x-linux-gnu s390x big')

describe_port() {
	cat >"$root/$1.ini" <<END
[binaries]
c = '$2-gcc'
ar = '$2-ar'
strip = '$2-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['/usr/bin/qemu-$3-static']
[properties]
needs_exe_wrapper = true
pkg_config_libdir = ['/usr/lib/$2/pkgconfig', '/usr/share/pkgconfig']
[host_machine]
system = 'linux'
cpu_family = '$3'
cpu = '$3'
endian = '$4'
END
}

build_port() {
	local libraries=(libc6-dev libmodbus-dev libsqlite3-dev libpaho-mqtt-dev libyaml-dev libjansson-dev
		libsystemd-dev libssl-dev libsmartcols-dev check)
	inside apt-get -qy install --no-install-recommends "gcc-$2" "${libraries[@]/%/:$1}" &&
		describe_port "$@" &&
		inside meson setup "build-$1" --cross-file "/$1.ini" --werror -Dmanual=false &&
		inside ninja -C "build-$1"
}

test_port() {
	inside CK_TIMEOUT_MULTIPLIER=20 meson test -C "build-$1" --no-rebuild --suite portable --timeout-multiplier 10
}

find_package() {
	deb=("$source"/build-deb/hazewatch_*.deb)
	[[ -e ${deb[0]} ]] || "$source/systemd/package.sh" "$source/build-deb"
	deb=("$source"/build-deb/hazewatch_*.deb)
}

# A place for apt with the package as an older version, whose example is another; and what a site of
# that version has: a file of its own, a database of schema 8.
make_older() {
	local tree=$folder/tree
	mkdir -p "$older"
	dpkg-deb --field "${deb[0]}" Version >"$older/newer"
	dpkg-deb --raw-extract "${deb[0]}" "$tree"
	sed -i 's/^Version: .*/Version: 0.0.1/' "$tree/DEBIAN/control"
	echo '# older' >>"$tree/etc/hazewatch/hazewatch.yaml"
	dpkg-deb --root-owner-group --build "$tree" "$older/hazewatch_0.0.1.deb"
	(cd "$older" && dpkg-scanpackages . >Packages)
	# Not long after the newest hour of the database, when the next level is still ahead.
	sed -e 's/192\.0\.2\.10/127.0.0.1/' -e 's/broker\.example/127.0.0.1/' -e 's/^exercise: false/exercise: true/' \
		-e "s/^  source: ntp.*/  source: simulated\n  start: 2023-12-13T18:06:00+08:00\n  anchor: $(
			TZ=Asia/Shanghai date +%Y-%m-%dT%H:%M:%S+08:00)\n  speed: 1/" \
		"$tree/etc/hazewatch/hazewatch.yaml" >"$older/station.yaml"
	rm -rf "$tree"
	python3 - "$source/tests/data/state-8" "$older" <<-'END'
		import json, sqlite3, sys
		data, older = sys.argv[1:]
		sqlite3.connect(older + "/state.db").executescript(open(data + ".sql", encoding="utf-8").read())
		told = json.load(open(data + ".json", encoding="utf-8"))
		with open(older + "/past", "w", encoding="utf-8") as past:
		    for row in told["directives"] + told["events"] + told["orders"]:
		        print(json.dumps(row, ensure_ascii=False, separators=(",", ":"))[1:-1], file=past)
	END
	mkdir "$folder/scripts"
	sed "s|^older=.*|older=$older|" "$source/tests/ports/scripts/post_install.sh" >"$folder/scripts/post_install"
	chmod +x "$folder/scripts/post_install"
}

# A file that both sides have changed stays the site's. What systemd, which comes along, makes as it starts is
# no fault of the package; without an upgrade piuparts knows that by itself.
try_package() {
	find_package && make_older &&
		unshare --mount piuparts --distribution=bookworm --mirror="$mirror main" --tmpdir="$folder" \
			--warn-on-others --no-eatmydata --dpkg-force-confdef --bindmount="$older" \
			--ignore-regex='/(root/\.ssh|var/(cache|lib|log)/private|var/lib/systemd/(coredump|pstore))/' \
			--extra-repo="deb [trusted=yes] file:$older ./" --scriptsdir="$folder/scripts" "${deb[0]}" &&
		[[ -e $older/upgraded ]]
}

((EUID == 0)) || skip_all 'to make another Debian needs root'
for tool in debootstrap piuparts qemu-{aarch64,arm,s390x}-static; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
unshare --mount true 2>/dev/null || skip_all 'no mount namespaces here'
mirror=$(find_mirror)
[[ -n $mirror ]] || skip_all 'apt says of no place where packages come from'
rm -rf "$folder"
mkdir -p "$folder"
# What was mounted went with its namespace; if not, it is not entered.
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 1' INT TERM HUP
make_debian >"$folder/debian.log" 2>&1 || {
	tail -n 20 "$folder/debian.log" | sed 's/^/# /'
	skip_all 'no bare Debian could be made (no network?)'
}
for port in "${ports[@]}"; do
	read -ra port <<<"$port"
	report "both programs and all tests build for ${port[0]}" build_port "${port[@]}" || true
	[[ ${port[0]} == arm64 ]] ||
		report "rules and sensors keep their word on ${port[0]}" test_port "${port[@]}" || true
done
report 'piuparts installs, upgrades and purges the package, a station survives, and nothing is left' try_package || true
echo "1..$cases"
