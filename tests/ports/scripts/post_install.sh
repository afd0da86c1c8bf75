#!/bin/sh
# SPDX-License-Identifier: MIT
# Run by piuparts in its bare Debian, after the older package and after the newer one: a station of
# before the upgrade is the same station afterwards. HAZEWATCH_OLDER: the folder that ports.sh filled.
set -eu
older=HAZEWATCH_OLDER
conffile=/etc/hazewatch/hazewatch.yaml state=/var/lib/hazewatch

# As the unit would run it, until it is ready, and then stopped.
run_station() {
	install -d -o hazewatch -g hazewatch /run/hazewatch
	RUNTIME_DIRECTORY=/run/hazewatch setpriv --reuid hazewatch --regid hazewatch --init-groups \
		hazewatchd --config "$conffile" >/tmp/log 2>&1 &
	daemon=$!
	tries=300
	while ! grep -q 'notice: station .*: started' /tmp/log; do
		if ! kill -0 "$daemon" || [ $((tries -= 1)) -eq 0 ]; then
			cat /tmp/log
			exit 1
		fi
		sleep 0.2
	done
	kill "$daemon"
	wait "$daemon"
	rm -rf /run/hazewatch /tmp/log
}

# What it says of its past.
tell_past() {
	for what in directives events orders; do
		hazewatch "$what" --json
	done
}

case $PIUPARTS_TEST/$PIUPARTS_PHASE in
upgrade/install)
	cp "$older/station.yaml" "$conffile"
	install -d -o hazewatch -g hazewatch -m 750 "$state"
	install -o hazewatch -g hazewatch -m 600 "$older/state.db" "$state/state.db"
	run_station
	tell_past >"$older/past"
	[ -s "$older/past" ]
	echo "older: $(hazewatch --version)"
	;;
upgrade/upgrade)
	cmp "$older/station.yaml" "$conffile"
	[ -e "$conffile.dpkg-dist" ]
	run_station
	tell_past | cmp - "$older/past"
	[ "$(dpkg-query -W -f '${Version}' hazewatch)" = "$(cat "$older/newer")" ]
	: >"$older/upgraded"
	;;
esac
