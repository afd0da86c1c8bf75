# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The packages of Debian 12 that the demo and the tests need: installs what is missing, says so
# first. Sourced by demo.sh and test.sh; never run by itself.

# libc6-dev and the serial modules are only recommended by what needs them; procps has the kill that
# the unit reloads with.
PACKAGES_BUILD=(gcc libc6-dev meson ninja-build pkg-config scdoc python3
	libmodbus-dev libsqlite3-dev libpaho-mqtt-dev libyaml-dev libjansson-dev libsystemd-dev libssl-dev libsmartcols-dev gettext)
# shellcheck disable=SC2034 # the lists are for whoever sources this file
PACKAGES_PACKAGE=("${PACKAGES_BUILD[@]}" debhelper dpkg-dev systemd)
# shellcheck disable=SC2034
PACKAGES_DEMO=("${PACKAGES_BUILD[@]}" mosquitto python3-paho-mqtt sqlite3)
PACKAGES_CLUSTER=(nats-server)
# shellcheck disable=SC2034
PACKAGES_DASHBOARD=()
command -v npm >/dev/null || PACKAGES_DASHBOARD=(nodejs npm) # whosever it is
PACKAGES_QUICK=("${PACKAGES_DEMO[@]}" check mosquitto-clients python3-yaml python3-pymodbus man-db procps systemd
	python3-serial python3-serial-asyncio python3-jsonschema libxml2-utils openssl clang-format-14)
# shellcheck disable=SC2034
PACKAGES_FULL=("${PACKAGES_QUICK[@]}" clang clang-tidy libclang-rt-14-dev cppcheck shellcheck
	"${PACKAGES_DASHBOARD[@]}" ccache chromium fonts-noto-cjk tmux iproute2 e2fsprogs mount "${PACKAGES_CLUSTER[@]}" rabbitmq-server debhelper dpkg-dev lintian)
# shellcheck disable=SC2034
PACKAGES_LONG=("${PACKAGES_FULL[@]}" debootstrap piuparts qemu-user-static)

# Packages that start a service, and the units that they bring in.
declare -A PACKAGES_SERVICES=([mosquitto]=mosquitto.service [nats-server]=nats-server.service
	[rabbitmq-server]="rabbitmq-server.service epmd.service epmd.socket")
PACKAGES_NEW_SERVICES=()

packages_installed() {
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Runs a command as root, through sudo if we are not root ourselves.
packages_as_root() {
	if ((EUID == 0)); then
		"$@" </dev/null
	elif [[ -t 0 ]]; then
		sudo "$@"
	else
		sudo -n "$@" </dev/null
	fi
}

# The broker that a package started is not ours to leave behind: the tests start their own.
packages_stop_service() {
	local package=$1 units
	read -ra units <<<"${PACKAGES_SERVICES[$package]}"
	echo "Stopping and disabling the service that $package brought in."
	if [[ -d /run/systemd/system ]]; then
		packages_as_root systemctl disable --now --quiet "${units[@]}"
		return
	fi
	# No systemd at work: a container, a chroot, another init. update-rc.d knows the links of both.
	if command -v systemctl >/dev/null; then
		packages_as_root systemctl disable --quiet "${units[@]}" >/dev/null 2>&1 || true
	fi
	packages_as_root update-rc.d "$package" disable >/dev/null 2>&1 || true
	if [[ -x /etc/init.d/$package ]]; then
		packages_as_root "/etc/init.d/$package" stop >/dev/null 2>&1 || true
	fi
	[[ $package != mosquitto ]] || packages_kill_mosquitto
}

# The init script gives up where /proc or its tools are missing; the pid file remains.
packages_kill_mosquitto() {
	local pid file
	for file in /run/mosquitto/mosquitto.pid /run/mosquitto.pid; do
		[[ -r $file ]] || continue
		pid=$(<"$file")
		[[ $pid =~ ^[0-9]+$ && $(cat "/proc/$pid/comm" 2>/dev/null) == mosquitto ]] || continue
		packages_as_root kill "$pid" || true
	done
}

# packages_install PURPOSE PACKAGE...: installs what is missing; fails with advice if it cannot.
packages_install() {
	local purpose=$1 package missing=()
	shift
	if ! command -v dpkg-query >/dev/null; then
		echo "This is not Debian: $purpose needs $*, and goes on hoping they are there." >&2
		return 0
	fi
	for package in "$@"; do
		packages_installed "$package" || missing+=("$package")
	done
	if ((${#missing[@]} == 0)); then
		echo "All ${#} Debian packages that $purpose needs are installed."
		return 0
	fi
	echo "$purpose needs ${#missing[@]} Debian packages that are missing and are installed now:"
	printf '%s\n' "${missing[*]}" | fold -s -w 76 | sed 's/^/  /'
	if ((EUID != 0)) && ! command -v sudo >/dev/null; then
		echo "Neither root nor sudo: run this as root first:" >&2
		echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
		return 1
	fi
	# Known before apt begins: an interrupted installation may already have started the service.
	for package in "${!PACKAGES_SERVICES[@]}"; do
		[[ " ${missing[*]} " != *" $package "* ]] || PACKAGES_NEW_SERVICES+=("$package")
	done
	packages_apt "${missing[@]}" || return 1
	packages_done
}

# To be called on every way out of the script that called packages_install.
packages_done() {
	local package new=("${PACKAGES_NEW_SERVICES[@]}")
	PACKAGES_NEW_SERVICES=()
	for package in "${new[@]}"; do
		if packages_installed "$package"; then
			packages_stop_service "$package"
		fi
	done
}

packages_apt() {
	local apt=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
		apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
	packages_as_root "${apt[@]}" update || return 1
	packages_as_root "${apt[@]}" install --no-install-recommends "$@"
}
