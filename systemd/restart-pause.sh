#!/bin/sh
# SPDX-License-Identifier: MIT
# A daemon that fails again and again is started at growing intervals: usage: restart-pause count|wait
#
# count  after every end of the daemon: one more failure in a row, or none after a good end.
# wait   before every start: 0, 5, 10, 20, 40, then 60 s, beside the unit's own RestartSec=.
#
# The count lies in the run-time folder, which a restart keeps and a stop takes away. Whoever ran for
# an hour before it failed begins anew. It never fails itself: a pause is not worth a station.
set -u
count=${RUNTIME_DIRECTORY:-/run/hazewatch}/failures

failures() {
	n=$(head -c 3 "$count" 2>/dev/null)
	case $n in
	'' | *[!0-9]*) echo 0 ;;
	*) echo "$n" ;;
	esac
}

case ${1-} in
count)
	if [ "${SERVICE_RESULT:-success}" = success ]; then
		rm -f "$count"
	elif [ -n "$(find "$count" -mmin +60 2>/dev/null)" ]; then
		echo 1 >"$count"
	else
		n=$(failures)
		[ "$n" -ge 9 ] || n=$((n + 1))
		echo "$n" >"$count"
	fi
	;;
wait)
	case $(failures) in
	0 | 1) ;;
	2) sleep 5 ;;
	3) sleep 10 ;;
	4) sleep 20 ;;
	5) sleep 40 ;;
	*) sleep 60 ;;
	esac
	;;
esac
exit 0
