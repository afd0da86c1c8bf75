// SPDX-License-Identifier: MIT
// The air now: both indices in the standard's colours, which are no warning's, six pollutants, and what
// is measured beside them.
'use strict';

hazewatch.air = (() => {
	const {say, both, make, hour} = hazewatch;
	const number = (value) => (value === null || value === undefined ? say('na') : String(value));

	// Round, so that no warning, which is square, looks like it.
	function swatch(index, large) {
		const element = make('span', {class: large ? 'aqi large' : 'aqi'}, number(index.aqi));
		return hazewatch.paint(element, index.colour && index.colour.rgb);
	}

	function indexOf(title, index, when) {
		return make('div', {class: 'index'}, make('p', {class: 'dim'}, `${title} · ${when}`),
			make('p', null, swatch(index, true), ' ', both(index.category),
				index.aqi === null && index.aqi_plan !== null ? ` ${say('plan')} ${index.aqi_plan}` : ''),
			index.primary.length ? make('p', null, say('primary')(hazewatch.list(index.primary.map(hazewatch.pollutant)))) : null);
	}

	const lettered = (body, key) => ((body.quality || {})[key] && body.quality[key] !== 'N' ? `${body.quality[key]} ${hazewatch.reason((body.why || {})[key] || 'none')}` : '');

	function pollutants(closed, now) {
		const any = closed || now;
		const rows = hazewatch.pollutants.filter(([key]) => any.monitored.includes(key)).map(([key, name, field, unit]) => [
			`${name} ${unit}`, now ? number(now.hourly[field]) : '', closed ? number(closed.hourly[field]) : '',
			closed ? number(closed.realtime.iaqi[key]) : '', closed ? number((closed.daily.means || {})[field]) : '',
			lettered(now || closed, key),
		]);
		return hazewatch.table(say('pollutant'), [say('pollutant'), say('now'), say('mean'), say('iaqi'), '24 h', say('state')], rows);
	}

	// Weather, noise, TSP: its own hour, which may be another one.
	function beside(body) {
		if (!body)
			return null;
		const rows = hazewatch.auxiliaries.filter(([, , field]) => field in body.hourly).map(([key, name, field, unit]) => [
			`${both(name)} ${unit}`, key === 'wind_direction' && body.calm ? say('calm') : number(body.hourly[field]), lettered(body, key)]);
		return make('div', {class: 'beside'}, make('p', {class: 'dim'}, `${say('beside')} · ${say('hourOf')(hour(body.hour))}`),
			hazewatch.table(say('beside'), [say('beside'), say('mean'), say('state')], rows));
	}

	function advice(closed) {
		const {health, advice: care} = closed.realtime;
		return health ? make('p', {class: 'care'}, say('sentences')(both(health), both(care))) : null;
	}

	function show(station) {
		const closed = station.bodies.aqi, now = station.bodies['aqi/now'], full = now && now.monitored && !(closed && closed.hour === now.hour) ? now : null;
		const bad = ['aqi', 'aqi/now', 'aux'].filter((name) => station.bad.has(name)).map((name) => make('p', {class: 'warn'}, say('unreadableTopic')(name)));
		if (!closed && !full)
			return hazewatch.fill('air', bad, make('p', {class: 'warn'}, bad.length ? '' : say('noneYet')), beside(station.bodies.aux));
		hazewatch.fill('air', bad,
			make('div', {class: 'airgrid'}, make('div', {class: 'indices'}, full ? indexOf(say('realtime'), full.realtime, say('running')(hour(full.hour))) :
				indexOf(say('realtime'), closed.realtime, say('hourOf')(hour(closed.hour))),
			closed ? indexOf(say('daily'), closed.daily, say('hourOf')(hour(closed.hour))) : null), pollutants(closed, full)),
			closed ? advice(closed) : null, beside(station.bodies.aux),
			(closed || full).index_scope === 'partial' ? make('p', {class: 'dim'}, say('partial')) : null);
	}

	return {show, swatch};
})();
