// SPDX-License-Identifier: MIT
// What was heard, station by station, and since when nothing was. Decides no level: which station
// is shown goes by the ranks that the messages carry.
'use strict';

hazewatch.model = (() => {
	const SILENT_MS = 180000, APART_MS = 180000;
	const stations = new Map(); // by the head of its topics
	let shown = null, pinned = false, link = 'connecting', heardAny = null;

	function ensure(topic) {
		if (!stations.has(topic.key))
			stations.set(topic.key, {key: topic.key, id: topic.station, area: topic.area, exercise: topic.prefix !== 'hazewatch',
				name: {zh: topic.station, en: topic.station}, bodies: {}, bad: new Set(), orders: new Map(), roster: new Map(), heard: null,
				newest: '', live: false, changed: true});
		return stations.get(topic.key);
	}

	// Of a station that is not shown only what its card says.
	const brief = {
		warning: ({time, in_force, pending, omitted, advice}) => ({time, in_force, pending, omitted,
			advice: {level: advice.level, rank: advice.rank, name: advice.name, state: advice.state, undecided: advice.undecided}}),
		'aqi/now': ({time, hour, realtime: {aqi, category, colour}}) => ({time, hour, realtime: {aqi, category, colour}}),
		health: ({time, clock, channels, stations: roster}) => ({time, clock, ofDistrict: Boolean(roster), channels: channels.filter((each) => each.state !== 'ok')}),
		state: ({time, state, since}) => ({time, state, since}),
	};

	function isSimulated(station) {
		const health = station.bodies.health;
		return Boolean(health) && health.clock === 'simulated';
	}

	// A retained message is as old as it says, unless its clock is an exercise's.
	function hear(station, topic, body, retained, now) {
		if (!retained) {
			station.heard = now;
			station.live = true;
		} else if (!station.live) {
			station.heard = Math.max(station.heard || 0, body.time_quality === 'simulated' ? now : Math.min(Date.parse(body.time), now));
		}
		// other messages may have waited for a connection
		if (!retained && topic.name === 'aqi/now' && body.time_quality === 'synchronised')
			station.apart = now - Date.parse(body.time);
		if (body.time > station.newest)
			station.newest = body.time;
		heardAny = Math.max(heardAny || 0, station.heard);
	}

	function describe(station, {station: said}) {
		station.name = {zh: said.name_zh, en: said.name_en || said.name_zh};
		station.lng = said.lng;
		station.lat = said.lat;
	}

	function store(station, topic, body) {
		if (topic.name === 'order')
			station.orders.set(topic.item, body);
		else if (topic.name === 'roster')
			station.roster.set(topic.item, body);
		else
			station.bodies[topic.name] = station.key === shown || !brief[topic.name] ? body : brief[topic.name](body);
	}

	function onMessage(topic, body, retained, now) {
		const station = ensure(topic);
		station.changed = true;
		if (body === undefined) {
			onCleared(topic);
			station.bad.add(topic.rest);
			return;
		}
		station.bad.delete(topic.rest);
		hear(station, topic, body, retained, now);
		describe(station, body);
		store(station, topic, body);
	}

	function onCleared(topic) {
		const station = ensure(topic);
		station.changed = true;
		station.bad.delete(topic.rest);
		if (topic.name === 'order')
			station.orders.delete(topic.item);
		else if (topic.name === 'roster')
			station.roster.delete(topic.item);
		else
			delete station.bodies[topic.name];
	}

	const isDistrict = ({bodies: {health}}) => Boolean(health && (health.stations || health.ofDistrict));
	const isUnread = (station) => station.bad.has('warning');
	const rankInForce = (station) => (station.bodies.warning && station.bodies.warning.in_force ? station.bodies.warning.in_force.rank : 0);
	const rankAdvised = (station) => (station.bodies.warning ? station.bodies.warning.advice.rank : 0);

	// Real before exercise, then what is in force, then whose warning cannot be read, as it may be any,
	// then a district before its stations, then what is advised, then the id.
	function compare(a, b) {
		return a.exercise - b.exercise || rankInForce(b) - rankInForce(a) || isUnread(b) - isUnread(a) || isDistrict(b) - isDistrict(a) || rankAdvised(b) - rankAdvised(a) || (a.id < b.id ? -1 : 1);
	}

	function choose() {
		const worst = [...stations.values()].sort(compare)[0];
		return pinned && stations.has(shown) ? shown : worst && worst.key;
	}

	// Whatever only the page of one station shows is dropped with it.
	function forget(station) {
		for (const name of Object.keys(station.bodies)) {
			if (brief[name])
				station.bodies[name] = brief[name](station.bodies[name]);
			else
				delete station.bodies[name];
		}
		station.bad.forEach((rest) => brief[rest] || station.bad.delete(rest));
		station.orders.clear();
		station.roster.clear();
		station.changed = true;
	}

	return {
		stations, onMessage, onCleared, isUnread, rankInForce, rankAdvised, isSimulated,
		get shown() { return stations.get(shown); },
		get link() { return link; },
		set link(value) { link = value; },
		pin(key) { pinned = key; },
		// The station to be shown if it is another than before, else null.
		turn() {
			const key = pinned && stations.has(pinned) ? pinned : choose();
			if (!key || key === shown)
				return null;
			if (stations.has(shown))
				forget(stations.get(shown));
			shown = key;
			stations.get(key).changed = true;
			return key;
		},
		isSilent(station, now) { return station.heard === null || now - station.heard >= SILENT_MS; },
		// Since when nothing was heard of what is shown, or of anybody: ms; 0: never; null: all is well.
		silentSince(now) {
			const station = stations.get(shown), heard = station ? station.heard : heardAny;
			if (heard === null)
				return now - hazewatch.began >= SILENT_MS ? 0 : null;
			return now - heard >= SILENT_MS ? heard : null;
		},
		isApart: (station) => Math.abs(station.apart || 0) > APART_MS,
	};
})();
