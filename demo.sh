#!/bin/bash
# SPDX-License-Identifier: MIT
# One station through one heavy-pollution episode, in less than two minutes: see --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH LC_ALL=C.UTF-8

# What is played. The lift comes 119 station hours after the start; the record ends 3 hours later.
# The hour that the daemon begins in, which ends at first_hour, never counts; the next one has to. A
# start that a busy machine draws over the end of that hour is made anew.
record=tests/data/huairou-2013-10-31.csv
start=2013-10-31T09:20:00+08:00
first_hour=2013-10-31T10:00:00+08:00
hours=119
speed=
poll_s=120
area=430202
station=demo-01
prefix=hazewatch-exercise/1/$area/$station

usage() {
	cat <<END
usage: ./demo.sh [--dashboard | --district] [--keep] [--speed N]

Shows hazewatch at work on Debian 12, as an exercise: builds it, starts a
broker, a simulated station that plays recorded air (Huairou, Beijing, from 31
October 2013), the daemon and a readable subscriber, all on loopback ports of
this machine. Advice goes from yellow to red and down to the lift within two
minutes of the start; then everything is stopped and removed. Ctrl-C does the
same at any moment.

Missing packages are named, then installed (with sudo if you are not root). No
service is left running.

  --dashboard with the page for the command centre (needs npm and a network): its
              address is printed, directives follow the advice, and all runs on
              until a key is pressed. Mosquitto 2.0 serves it on every interface,
              for reading only
  --district  three stations and the district that they make, on three nodes of NATS
              (of Debian) of which one is killed in the middle
  --keep      keep the temporary folder: log, database, configuration, build
  --speed N   station seconds in a second, 500 to 10000 (default 4500;
              with --district 1200)
  --help      this text

Exit status 0 if the lift (with --district: red) was seen and all that was
started ended well.
END
}

keep=false
dashboard=false
show=station
while (($# > 0)); do
	case $1 in
	--dashboard) dashboard=true ;;
	--district) show=district ;;
	--keep) keep=true ;;
	--speed)
		speed=${2-}
		if ! [[ $speed =~ ^[1-9][0-9]{2,4}$ ]] || ((speed < 500 || speed > 10000)); then
			usage >&2 && exit 64
		fi
		shift
		;;
	-h | --help) usage && exit 0 ;;
	*) usage >&2 && exit 64 ;;
	esac
	shift
done

if $dashboard && [[ $show == district ]]; then
	usage >&2 && exit 64
fi
[[ -n $speed || $show == station ]] || speed=1200 # so that an hour is longer than its way
speed=${speed:-4500}

# shellcheck source=tests/tools/packages.sh
. tests/tools/packages.sh
# shellcheck source=tests/tools/demo_district.sh
. tests/tools/demo_district.sh

# Named before it is made, so that no signal can come between the making and the knowing.
tmp=${TMPDIR:-/tmp}/hazewatch-demo-$$-$RANDOM$RANDOM

# Stops whatever is running, the newest first; waits at most 3 s for each before it insists.
stop_all() {
	local pids
	mapfile -t pids < <(jobs -pr | tac)
	stop "${pids[@]}"
}

stop() {
	local pid
	for pid in "$@"; do
		kill -TERM "$pid" 2>/dev/null || true
	done
	for pid in "$@"; do
		wait_for_end "$pid" 30 || kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}

# wait_for_end PID TENTHS
wait_for_end() {
	local i
	for ((i = 0; i < $2; i++)); do
		# a process that ended but was not waited for yet is a zombie
		[[ -d /proc/$1 && $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) != Z ]] || return 0
		sleep 0.1
	done
	return 1
}

cleanup() {
	trap '' INT TERM HUP PIPE
	stop_all
	packages_done
	if $keep && [[ -d $tmp ]]; then
		echo "Kept: $tmp" || true
	else
		rm -rf "$tmp"
	fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'exit 141' PIPE

fail() {
	echo "demo: $1" >&2
	if [[ -n ${2-} && -s $2 ]]; then
		echo "The end of ${2##*/}:" >&2
		tail -n 20 "$2" | sed 's/^/    /' >&2
	fi
	exit 1
}

# quietly NAME COMMAND...: output goes to a log that is shown only if the command fails.
quietly() {
	local log=$tmp/$1.log
	shift
	"$@" >"$log" 2>&1 </dev/null || fail "$* failed" "$log"
}

# Starts a command in the background; it dies with this script even if that is killed.
start() {
	local log=$1
	shift
	setpriv --pdeathsig TERM -- "$@" >>"$log" 2>&1 </dev/null &
}

# wait_for PID LOG TEST...: until the test holds, while the process lives, at most 10 s.
wait_for() {
	local pid=$1 log=$2 i
	shift 2
	for ((i = 0; i < 100; i++)); do
		"$@" && return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	fail "${log##*/} did not get ready" "$log"
}

free_port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

port_is_open() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

build() {
	echo "Building into $tmp/build ..."
	local with=disabled
	! $dashboard || with=enabled
	quietly meson-setup env CC=gcc meson setup -Dtests=false -Dmanual=false -Ddashboard=$with "$tmp/build" .
	quietly ninja ninja -C "$tmp/build"
	quietly meson-install meson install -C "$tmp/build" --no-rebuild --destdir "$tmp/root"
	daemon=$(find "$tmp/root/usr" -type f -name hazewatchd -perm -u+x)
	hazewatch=$(find "$tmp/root/usr" -type f -name hazewatch -perm -u+x)
	[[ -n $daemon ]] || fail 'meson install put no hazewatchd under /usr' "$tmp/meson-install.log"
}

write_broker_config() {
	broker_port=$(free_port)
	cat >"$tmp/mosquitto.conf" <<END
per_listener_settings true
listener $broker_port 127.0.0.1
allow_anonymous true
persistence false
log_dest stderr
END
	if $dashboard; then
		page_port=$(free_port)
		echo 'topic read #' >"$tmp/acl"
		cat >>"$tmp/mosquitto.conf" <<END
user $(id -un)
listener $page_port 127.0.0.1
protocol websockets
allow_anonymous true
acl_file $tmp/acl
http_dir $tmp/root/usr/share/hazewatch/dashboard
END
	fi
}

start_broker() {
	start "$tmp/mosquitto.log" mosquitto -c "$tmp/mosquitto.conf"
	broker_pid=$!
	wait_for $! "$tmp/mosquitto.log" port_is_open "$broker_port"
}

# The station, the daemon and the subscriber share one clock: start, anchor and speed. The anchor lies
# ahead, so that whatever takes its time to start has started by then.
start_station() {
	rm -f "$tmp/station.port"
	anchor=$(date -d "now + $lead_s seconds" +%Y-%m-%dT%H:%M:%S.%3N%:z)
	start "$tmp/station.log" /usr/bin/python3 tests/tools/station.py --record "$record" \
		--start "$start" --anchor "$anchor" --speed "$speed" --port-file "$tmp/station.port"
	station_pid=$!
	wait_for $! "$tmp/station.log" test -s "$tmp/station.port"
	station_port=$(<"$tmp/station.port")
}

write_config() {
	cat >"$tmp/station.yaml" <<END
kind: station
station:
  id: $station
  name_zh: 演示站
  name_en: Demonstration station
  area: "$area"
  district_zh: 荷塘区
  district_en: Hetang district
exercise: true
edition: hj633-2026
plan: hetang-2024
clock: {source: simulated, start: "$start", anchor: "$anchor", speed: $speed}
storage:
  dir: $tmp/data
buses:
  - id: field-1
    tcp: {host: 127.0.0.1, port: $station_port}
    response_timeout_ms: 500
sensors:
  - {id: roof, bus: field-1, unit_id: 1, profile: generic-six, poll_s: $poll_s}
mqtt:
  host: 127.0.0.1
  port: $broker_port
END
}

# start_subscriber OPTION...
start_subscriber() {
	setpriv --pdeathsig TERM -- /usr/bin/python3 tests/tools/watch.py --port "$broker_port" \
		--prefix "$prefix" --timeout $((hours * 3600 / speed + 20)) "$@" \
		--ready-file "$tmp/watch.ready" </dev/null 2>"$tmp/watch.log" &
	watch_pid=$!
	wait_for $watch_pid "$tmp/watch.log" test -e "$tmp/watch.ready"
}

start_daemon() {
	start "$tmp/hazewatchd.log" "$daemon" --config "$tmp/station.yaml" \
		--config-dir "$tmp/root/usr/share/hazewatch"
	daemon_pid=$!
}

sql() { sqlite3 -readonly "$tmp/data/state.db" "$1" 2>/dev/null; }

# What a command centre might order: each level that is advised, and the lift.
order_levels() {
	local level ordered=none
	while kill -0 "$daemon_pid" 2>/dev/null; do
		sleep 0.2
		level=$(sql "SELECT level FROM events WHERE about = 'advice'
			AND kind IN ('issue', 'upgrade', 'downgrade', 'lift') ORDER BY number DESC LIMIT 1")
		[[ -n $level && $level != "$ordered" ]] || continue
		ordered=$level
		"$hazewatch" directive --level "$level" --start now --issuer 演示指挥中心 \
			--document "演示〔2013〕$level" --yes --config "$tmp/station.yaml" \
			--config-dir "$tmp/root/usr/share/hazewatch" || true
	done
}

has_closed_an_hour() { [[ $(sql 'SELECT count(*) FROM aqi') == [1-9]* ]]; }

milliseconds_to_anchor() { echo $(($(date -d "$anchor" +%s%3N) - $(date +%s%3N))); }

# Everything anew until the daemon was there in time, so that the course is always the same.
start_in_time() {
	local left
	for lead_s in 2 4 8 8 8 8 8 8; do
		rm -rf "$tmp/data" "$tmp/watch.ready"
		start_broker # a new one, which retains nothing of the start before
		start_station
		write_config
		start_subscriber
		left=$(milliseconds_to_anchor)
		if ((left > 0)); then
			sleep "$((left / 1000)).$(printf %03d $((left % 1000)))"
			start_daemon
			wait_for "$daemon_pid" "$tmp/hazewatchd.log" has_closed_an_hour
			(($(sql 'SELECT min(hour) FROM aqi') * 3600 > $(date -d "$first_hour" +%s))) || return 0
			stop "$daemon_pid"
		fi
		stop "$watch_pid" "$station_pid" "$broker_pid"
		echo 'The machine is busy and the start was late: everything once more.'
	done
	fail 'the machine is too busy to start anything in time'
}

# Read by a second process while the daemon is still at work.
show_database() {
	echo "  hours in SQLite, read by a second process: $(sql \
		'SELECT count(DISTINCT hour) FROM aqi') (state.db)"
	if "$hazewatch" status --help >/dev/null 2>&1; then
		printf '\nhazewatch status, of the daemon that is still running:\n\n'
		"$hazewatch" status --config "$tmp/station.yaml" --config-dir "$tmp/root/usr/share/hazewatch" || true
	fi
}

show_what_next() {
	cat <<END

What to look at next:
  ./demo.sh --keep           leaves log, database and configuration to look into
  config/plans               the plan as a file: thresholds, measures, approvers
  hazewatch replay FILE.csv  the same hours in a moment, or four years of them
  README.md, "Install"       a station of your own; ./test.sh runs the tests
END
}

packages=("${PACKAGES_DEMO[@]}")
! $dashboard || packages+=("${PACKAGES_DASHBOARD[@]}")
[[ $show == station ]] || packages+=("${PACKAGES_CLUSTER[@]}")
packages_install ./demo.sh "${packages[@]}" || fail 'packages are missing'
(umask 077 && mkdir -p "$tmp")
build
since=$SECONDS
if [[ $show == district ]]; then
	demo_district
	show_what_next
	exit
fi
write_broker_config
cat <<END

An exercise: recorded air of Huairou (Beijing), $hours hours from
$start, $speed times as fast. One hour passes in $((3600 * 1000 / speed)) ms. Ctrl-C ends it.
  log          $tmp/hazewatchd.log
  database     $tmp/data/
  config       $tmp/station.yaml
  MQTT         127.0.0.1:$broker_port  $prefix/

END
if $dashboard; then
	printf '  the page     http://127.0.0.1:%s/index.html\n\n' "$page_port"
fi
start_in_time
if $dashboard; then
	order_levels >>"$tmp/orders.log" 2>&1 </dev/null &
fi

ended=
status=0
wait -n -p ended || status=$?
if [[ $ended != "$watch_pid" ]]; then
	fail "something ended before its time (process $ended, status $status)" "$tmp/hazewatchd.log"
fi
if ((status != 0)); then
	fail "$(tail -n 1 "$tmp/watch.log")" "$tmp/hazewatchd.log"
fi
show_database
if $dashboard; then
	printf '\nThe page: http://127.0.0.1:%s/index.html   (press a key to end)\n' "$page_port"
	read -r -s -n 1 || true
fi
kill -TERM "$daemon_pid"
wait_for_end "$daemon_pid" 20 || fail 'hazewatchd did not end within 2 s' "$tmp/hazewatchd.log"
wait "$daemon_pid" || fail "hazewatchd ended with status $?" "$tmp/hazewatchd.log"
echo "  from start to summary: $((SECONDS - since)) s"
show_what_next
