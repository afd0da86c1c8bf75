# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Three stations, one district, three nodes of a cluster of which one is killed in the middle: sourced
# by demo.sh --district, whose functions and settings it uses; never run by itself. From the evening
# before orange to red; the stations have the hours before, and the district asks them for these.

# shellcheck disable=SC2154 # what demo.sh sets
stations=(demo-01 demo-02 demo-03)
district=hetang
past_h=66       # at least, of each station
kill_after_h=8  # station hours from the start: between yellow and orange
away_s=6
node_ports=() node_pids=() daemon_pids=()

# write_node N MESH-PORT...
write_node() {
	local n=$1 mine routes
	shift
	mine=${!n}
	routes=$(printf '"nats://127.0.0.1:%s", ' "$@")
	cat >"$tmp/node-$n.conf" <<END
server_name: node-$n
listen: "127.0.0.1:$(free_port)"
jetstream {store_dir: "$tmp/node-$n"}
cluster {name: demo, listen: "127.0.0.1:$mine", routes: [${routes%, }]}
mqtt {listen: "127.0.0.1:${node_ports[n]}", stream_replicas: 3}
END
}

start_node() {
	start "$tmp/node-$1.log" nats-server -c "$tmp/node-$1.conf"
	node_pids[$1]=$!
}

has_leader() { grep -q 'new metadata leader\|new JetStream cluster metadata leader' "$tmp"/node-*.log; }

start_cluster() {
	local n mesh
	command -v nats-server >/dev/null || fail 'there is no nats-server here, and --district needs it'
	mesh=("$(free_port)" "$(free_port)" "$(free_port)")
	for n in 1 2 3; do
		node_ports[n]=$(free_port)
		write_node "$n" "${mesh[@]}"
		start_node "$n"
	done
	wait_for "${node_pids[1]}" "$tmp/node-1.log" has_leader
	for n in 1 2 3; do
		wait_for "${node_pids[n]}" "$tmp/node-$n.log" port_is_open "${node_ports[n]}"
	done
}

# It listens before it can take a subscription, and hangs up until then.
wait_for_cluster() {
	local i
	for ((i = 0; i < 20; i++)); do
		/usr/bin/python3 tests/tools/watch.py --port "${node_ports[3]}" --prefix probe --timeout 10 \
			--ready-file "$tmp/cluster.ready" >"$tmp/cluster.log" 2>&1 </dev/null &
		while kill -0 $! 2>/dev/null && [[ ! -e $tmp/cluster.ready ]]; do
			sleep 0.1
		done
		stop $!
		[[ ! -e $tmp/cluster.ready ]] || return 0
		sleep 0.5
	done
	fail 'the cluster did not get ready' "$tmp/node-3.log"
}

# write_daemon ID KIND NAME-ZH NAME-EN REST-OF-THE-FILE
write_daemon() {
	cat >"$tmp/$1.yaml" <<END
kind: $2
station: {id: $1, name_zh: $3, name_en: $4, area: "$area", district_zh: 荷塘区, district_en: Hetang district}
exercise: true
edition: hj633-2026
plan: hetang-2024
clock: {source: simulated, start: "$start", anchor: "$anchor", speed: $speed}
storage: {dir: $tmp/data-$1}
mqtt:
  version: auto
  hosts: [$(printf '{host: 127.0.0.1, port: %s}, ' "${node_ports[@]}")]
$5
END
}

# import_past ID HOURS: the record until the start, so many hours earlier; CO in mg/m3.
import_past() {
	/usr/bin/python3 - "$record" "$start" "$2" >"$tmp/$1.csv" <<-'END'
		import csv, datetime, sys
		start, earlier = datetime.datetime.fromisoformat(sys.argv[2]), datetime.timedelta(hours=int(sys.argv[3]))
		names = ["pm25_ug_m3", "pm10_ug_m3", "so2_ug_m3", "no2_ug_m3", "co_ug_m3", "o3_ug_m3"]
		print("hour," + ",".join(names).replace("co_ug", "co_mg"))
		for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
		    hour = datetime.datetime.fromisoformat(row["hour"]) - earlier
		    values = ["" if row[name] == "NA" else row[name] for name in names]
		    values[4] = values[4] and str(float(values[4]) / 1000)
		    if hour <= start:
		        print(",".join([hour.isoformat(), *values]))
	END
	quietly "import-$1" "$hazewatch" import --dir "$tmp/data-$1" "$tmp/$1.csv" \
		--config-dir "$tmp/root/usr/share/hazewatch"
}

count_hours() {
	sqlite3 -readonly "$tmp/data-$district/samples.db" 'SELECT count(*) FROM point_hours' 2>/dev/null || echo 0
}

# What a new district lacks its stations tell once more, when somebody asks.
ask_for_past() {
	local i
	for ((i = 0; i < 15 && $(count_hours) < past_h * ${#stations[@]}; i++)); do
		/usr/bin/python3 - "$broker_port" "${prefix%/*}" "$start" "$past_h" "$i" "${stations[@]}" <<-'END'
			import datetime, json, sys
			from paho.mqtt import publish
			port, top, start, hours, turn, *stations = sys.argv[1:]
			to = datetime.datetime.fromisoformat(start).replace(minute=0)
			body = {"id": f"past-{turn}", "issuer": "demo", "time": start, "to": to.isoformat(),
			        "from": (to - datetime.timedelta(hours=int(hours) - 1)).isoformat()}
			publish.multiple([{"topic": f"{top}/{each}/cmd/resend", "payload": json.dumps(body), "qos": 1}
			                  for each in stations], port=int(port))
		END
		sleep 3
	done
}

# Each station has the record an hour earlier than the one before it.
start_stations() {
	local i id
	anchor=$(date -d 'now + 8 seconds' +%Y-%m-%dT%H:%M:%S.%3N%:z)
	for i in "${!stations[@]}"; do
		id=${stations[i]}
		start "$tmp/$id-field.log" /usr/bin/python3 tests/tools/station.py --record "$record" \
			--start "$(date -d "$start + $i hours" +%Y-%m-%dT%H:%M:%S%:z)" --anchor "$anchor" \
			--speed "$speed" --port-file "$tmp/$id.port"
		wait_for $! "$tmp/$id-field.log" test -s "$tmp/$id.port"
		import_past "$id" "$i"
		write_daemon "$id" station "演示站$((i + 1))" "Demo station $((i + 1))" "buses:
  - {id: field-1, tcp: {host: 127.0.0.1, port: $(<"$tmp/$id.port")}, response_timeout_ms: 500}
sensors:
  - {id: roof, bus: field-1, unit_id: 1, profile: generic-six, poll_s: $poll_s}"
	done
	printf 'id,role\n' >"$tmp/roster.csv"
	printf '%s,assessment\n' "${stations[@]}" >>"$tmp/roster.csv"
	write_daemon "$district" district 荷塘区 'Hetang district' "roster: $tmp/roster.csv
close_delay_min: 60"
	for id in "$district" "${stations[@]}"; do
		start "$tmp/$id.log" "$daemon" --config "$tmp/$id.yaml" --config-dir "$tmp/root/usr/share/hazewatch"
		daemon_pids+=($!)
	done
}

# In the background, beside what the subscriber prints.
kill_a_node() {
	sleep $((8 + kill_after_h * 3600 / speed))
	printf '\n  ── node 1 of the cluster is killed: kill -9 %s ──\n\n' "${node_pids[1]}"
	kill -KILL "${node_pids[1]}"
	sleep $away_s
	printf '\n  ── node 1 is started again ──\n\n'
	exec setpriv --pdeathsig TERM -- nats-server -c "$tmp/node-1.conf" >>"$tmp/node-1.log" 2>&1 </dev/null
}

show_district() {
	printf '\n  hours that the district has of each of its stations:\n'
	sqlite3 -readonly "$tmp/data-$district/samples.db" "SELECT '    ' || station || '  ' || count(*)
		FROM point_hours GROUP BY station"
	printf '\nhazewatch status, of the district:\n\n'
	"$hazewatch" status --config "$tmp/$district.yaml" --config-dir "$tmp/root/usr/share/hazewatch" || true
}

demo_district() {
	local status=0
	prefix=hazewatch-exercise/1/$area/$district
	start=2013-11-02T20:20:00+08:00
	# shellcheck disable=SC2034 # how long demo.sh waits
	hours=40
	echo 'Starting three nodes of NATS ...'
	start_cluster
	broker_port=${node_ports[3]} # the subscriber's node stays
	wait_for_cluster
	start_subscriber --until red
	cat <<END

An exercise: recorded air of Huairou (Beijing) at three stations, an hour earlier at each, and the
district that they make; $speed times as fast. What is shown is the district's. Ctrl-C ends it.
  logs, files  $tmp/
  MQTT         127.0.0.1:${node_ports[*]}  $prefix/

END
	start_stations
	kill_a_node &
	ask_for_past >>"$tmp/asked.log" 2>&1
	wait "$watch_pid" 2>/dev/null || status=$? # that a node was killed is told already
	((status == 0)) || fail "$(tail -n 1 "$tmp/watch.log")" "$tmp/$district.log"
	show_district
	stop "${daemon_pids[@]}"
	echo "  from start to summary: $((SECONDS - since)) s"
}
