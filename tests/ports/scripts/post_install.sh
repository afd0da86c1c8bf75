#!/bin/sh
# SPDX-License-Identifier: MIT
# Run by piuparts in its bare Debian, after the older package and after the newer one: a station of
# before the upgrade is the same station afterwards. ports.sh fills the folder `older` and names it here;
# what the older version said of its past is in there, a row a line.
set -eu
older=
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

case $PIUPARTS_TEST/$PIUPARTS_PHASE in
upgrade/install)
	cp "$older/station.yaml" "$conffile"
	install -d -o hazewatch -g hazewatch -m 750 "$state"
	install -o hazewatch -g hazewatch -m 600 "$older/state.db" "$state/state.db"
	;;
upgrade/upgrade)
	cmp "$older/station.yaml" "$conffile"
	[ -e "$conffile.dpkg-dist" ]
	run_station
	for what in directives events orders; do
		hazewatch "$what" --json
	done >/tmp/said
	while read -r row; do
		grep -qF -- "$row" /tmp/said || { echo "lost: $row" && cat /tmp/said && exit 1; }
	done <"$older/past"
	rm /tmp/said
	[ "$(dpkg-query -W -f '${Version}' hazewatch)" = "$(cat "$older/newer")" ]
	mv "$conffile.dpkg-dist" "$conffile" # the site's is no part of the package, which is looked at next
	: >"$older/upgraded"
	;;
esac
