// SPDX-License-Identifier: MIT
// All stations: a card each, and a map drawn from their coordinates alone.
'use strict';

hazewatch.stations = (() => {
	const {say, both, make, setText} = hazewatch, SVG = 'http://www.w3.org/2000/svg';
	const cards = new Map();
	let mapped = '';

	function build(key, choose) {
		const parts = {name: make('span', {class: 'name'}), aqi: make('span', {class: 'aqi'}), level: make('span', {class: 'tag'}), note: make('span', {class: 'note'})};
		const button = make('button', {type: 'button', class: 'card'}, parts.name, parts.aqi, parts.level, parts.note);
		button.addEventListener('click', () => choose(key));
		return {button, parts, colours: ''};
	}

	function noteOf(station, silent) {
		const {state, health, warning} = station.bodies;
		if (station.bad.size > 0)
			return say('unreadable');
		if (state && state.state === 'offline')
			return say('offline')(hazewatch.time(state.since));
		if (silent)
			return say('silentSince')(station.heard ? hazewatch.moment(station.heard) : '?');
		const failed = health ? health.channels.filter((each) => each.state === 'failed').length : 0;
		const pending = warning ? (warning.pending || []).length : 0;
		return hazewatch.join([pending ? `${say('pending')} ${pending}` : '', failed ? `${say('quality')} ${failed}` : '']);
	}

	// The word whose the level is stands with it: a directive's is in force, advice is not.
	function levelOf(station) {
		const {warning} = station.bodies;
		if (station.bad.has('warning') || !warning)
			return {text: station.bad.has('warning') ? say('unreadable') : say('noneYet'), rgb: ''};
		const level = warning.in_force || (warning.advice.rank > 0 ? warning.advice : null);
		if (!level)
			return {text: say('none'), rgb: ''};
		const plan = hazewatch.model.shown && hazewatch.warning.findLevel(hazewatch.model.shown, level.level);
		const name = hazewatch.warning.shortName(hazewatch.model.shown || station, level);
		return {text: `${say('about')[warning.in_force ? 'directive' : 'advice']} ${name}`, rgb: plan ? plan.colour : ''};
	}

	function paint(card, station, silent) {
		const now = station.bodies['aqi/now'], index = now ? now.realtime : {aqi: null}, level = levelOf(station);
		const colours = `${level.rgb} ${index.colour ? index.colour.rgb : ''}`;
		setText(card.parts.name, both(station.name) || station.id);
		setText(card.parts.aqi, index.aqi === null || index.aqi === undefined ? say('na') : String(index.aqi));
		setText(card.parts.level, level.text);
		setText(card.parts.note, noteOf(station, silent));
		if (card.colours !== colours) {
			card.colours = colours;
			for (const part of [card.parts.aqi, card.parts.level])
				part.removeAttribute('style');
			hazewatch.paint(card.parts.aqi, index.colour && index.colour.rgb);
			hazewatch.paint(card.parts.level, level.rgb);
		}
		card.button.classList.toggle('silent', silent);
		card.button.classList.toggle('exercise', station.exercise);
		card.button.setAttribute('aria-pressed', String(station === hazewatch.model.shown));
	}

	function refuse(card) {
		Object.values(card.parts).forEach((part) => setText(part, ''));
		[card.parts.aqi, card.parts.level].forEach((part) => part.removeAttribute('style'));
		card.colours = '';
		setText(card.parts.level, say('unreadable'));
	}

	function insert(box, button, before) {
		const next = before ? before.nextSibling : box.firstChild;
		if (next !== button)
			box.insertBefore(button, next);
		return button;
	}

	function draw(all) {
		const placed = all.filter((each) => Number.isFinite(each.lng) && Number.isFinite(each.lat));
		const state = placed.map((each) => [each.key, each.lng, each.lat, cards.get(each.key).colours].join()).join(' ') + hazewatch.language;
		if (state === mapped)
			return;
		mapped = state;
		const box = document.getElementById('map');
		box.replaceChildren();
		if (placed.length < 2)
			return;
		const [west, east, south, north] = [Math.min(...placed.map((s) => s.lng)), Math.max(...placed.map((s) => s.lng)),
			Math.min(...placed.map((s) => s.lat)), Math.max(...placed.map((s) => s.lat))];
		// a degree of longitude is shorter than one of latitude
		const shrink = Math.cos(((south + north) / 2) * Math.PI / 180), span = Math.max((east - west) * shrink, north - south) || 1;
		const svg = document.createElementNS(SVG, 'svg');
		svg.setAttribute('viewBox', `-6 -6 ${112 * Math.max((east - west) * shrink / span, 0.3)} ${112 * Math.max((north - south) / span, 0.3)}`);
		svg.setAttribute('role', 'img');
		svg.setAttribute('aria-label', say('map'));
		for (const station of placed) {
			const dot = document.createElementNS(SVG, 'circle'), title = document.createElementNS(SVG, 'title');
			const rgb = cards.get(station.key).colours.split(' ')[1];
			dot.setAttribute('cx', ((station.lng - west) * shrink / span * 100).toFixed(2));
			dot.setAttribute('cy', ((north - station.lat) / span * 100).toFixed(2));
			dot.setAttribute('r', placed.length > 50 ? '1.2' : '3');
			dot.setAttribute(station.exercise ? 'stroke' : 'fill', rgb ? `#${rgb}` : '#8894a0');
			dot.classList.toggle('exercise', station.exercise);
			title.textContent = station.exercise ? say('inExercise')(both(station.name)) : both(station.name);
			dot.append(title);
			svg.append(dot);
		}
		box.append(svg);
	}

	function show(now, choose, all) {
		const stations = [...hazewatch.model.stations.values()].sort((a, b) => (a.key < b.key ? -1 : 1)), box = document.getElementById('cards');
		let before = null;
		for (const station of stations) {
			if (!cards.has(station.key)) {
				cards.set(station.key, build(station.key, choose));
				station.changed = true;
			}
			const card = cards.get(station.key), silent = hazewatch.model.isSilent(station, now);
			before = insert(box, card.button, before);
			if (all || station.changed || silent !== card.silent) {
				card.silent = silent;
				station.changed = false;
				hazewatch.guard(() => paint(card, station, silent), () => refuse(card));
			}
		}
		hazewatch.guard(() => draw(stations), () => document.getElementById('map').replaceChildren());
	}

	return {show, noteOf};
})();
