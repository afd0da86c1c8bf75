// SPDX-License-Identifier: MIT
// Of a district that is shown: its roster, whose hours it has, on whom its means rest.
'use strict';

hazewatch.district = (() => {
	const {say, both, hour} = hazewatch, MINUTE_MS = 60000;

	// Stations of the same area and kind, by their ids.
	const heardOf = (district) => new Map([...hazewatch.model.stations.values()]
		.filter((each) => each.area === district.area && each.exercise === district.exercise).map((each) => [each.id, each]));

	// Of which pollutants' means it is a part; a traffic station is of none.
	function meansOf(points, id) {
		const keys = Object.keys(points.realtime).filter((key) => points.realtime[key].includes(id));
		const present = Object.keys(points.realtime).filter((key) => points.realtime[key].length > 0);
		return keys.length === 0 ? say('no') : keys.length === present.length ? say('yes') : hazewatch.list(keys.map(hazewatch.pollutant));
	}

	function rowOf({id, role, newest}, station, points, now) {
		const live = station && station.bodies['aqi/now'], silent = !station || hazewatch.model.isSilent(station, now);
		return [
			station ? both(station.name) : id, say('role')[role], hour(newest || (newest === undefined && live ? live.hour : '')) || say('na'),
			live ? hazewatch.air.swatch(live.realtime) : say('na'), station ? hazewatch.stations.noteOf(station, silent) || say('well') : say('never'),
			role === 'assessment' && points ? meansOf(points, id) : say('no'),
			station && station.heard ? say('minutes')(Math.floor((now - station.heard) / MINUTE_MS)) : say('na'),
		];
	}

	function show(district, now) {
		const box = document.getElementById('roster'), {stations} = (district && district.bodies.health) || {};
		document.body.classList.toggle('district', Array.isArray(stations));
		const {points} = (district && district.bodies.aqi) || {}, heard = stations ? heardOf(district) : null;
		const fresh = hazewatch.make('div', {id: 'roster'}, stations ? hazewatch.table(say('rosterOf')(both(district.name)), say('rosterHead'),
			stations.map((each) => rowOf(each, heard.get(each.id), points, now))) : null);
		if (!box.isEqualNode(fresh))
			box.replaceWith(fresh);
	}

	return {show};
})();
