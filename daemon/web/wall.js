// SPDX-License-Identifier: MIT
// The page for the command centre: what the topics say, and since when they say nothing.
'use strict';

(() => {
	const {say, both, model, setText} = hazewatch;
	const TICK_MS = 1000, PAUSE_MS = 200, ROLL_MS = 15000;
	const SHOW = {force: hazewatch.warning.force, advice: hazewatch.warning.advice, air: hazewatch.air.show, curve: hazewatch.chart.show,
		units: hazewatch.response.units, cuts: hazewatch.response.cuts, events: hazewatch.response.events, quality: hazewatch.response.quality};
	const PANELS = Object.keys(SHOW);
	const at = (id) => document.getElementById(id);
	let due = false, all = true;
	hazewatch.began = Date.now();

	function read(storage, key) {
		try {
			return storage.getItem(key);
		} catch {
			return null;
		}
	}

	function keep(storage, key, value) {
		try {
			storage.setItem(key, value);
		} catch {
			// a browser that keeps nothing asks once more
		}
	}

	// ---- what is true of the whole page ----

	function tell(id, text) {
		at(id).hidden = !text;
		setText(at(id), text || '');
	}

	function showStale(now) {
		const since = model.silentSince(now), station = model.shown, state = station && station.bodies.state;
		const offline = state && state.state === 'offline' ? say('offline')(hazewatch.time(state.since)) : '';
		const silent = since === null ? '' : since === 0 ? say('never') : say('stale')(hazewatch.moment(since));
		const lost = model.link === 'lost' ? say('lost') : '';
		document.body.classList.toggle('stale', since !== null || Boolean(offline));
		tell('stale', hazewatch.join([silent, offline, lost]));
	}

	function showElsewhere(station) {
		const others = [...model.stations.values()].filter((each) => each !== station), alike = others.filter((each) => each.exercise === station.exercise);
		const higher = alike.filter((each) => model.rankInForce(each) > model.rankInForce(station)), unread = alike.filter(model.isUnread);
		const named = (key, stations) => (stations.length ? say(key)(hazewatch.list(stations.slice(0, 3).map((each) => both(each.name)))) : '');
		tell('elsewhere', hazewatch.join([named('elsewhereUnread', unread), named('elsewhere', higher),
			!station.exercise && others.some((each) => each.exercise) ? say('elsewhereExercise') : '']));
	}

	function showHead(station) {
		setText(at('where'), station ? `${both(station.name)} · ${station.area}` : '');
		setText(at('moment'), station ? hazewatch.time(station.newest) : '');
		setText(at('link'), say(model.link));
		at('link').className = model.link;
		document.body.classList.toggle('exercise', Boolean(station && station.exercise));
		tell('exercise', station && station.exercise ? say('exercise') : '');
	}

	function showWords() {
		document.documentElement.lang = hazewatch.language === 'zh' ? 'zh-CN' : 'en';
		document.title = say('title');
		setText(at('title'), say('title'));
		setText(at('language'), say('other'));
		[...PANELS, 'stations'].forEach((id) => setText(at(`${id}-title`), say(id)));
		for (const [id, key] of [['login-title', 'login'], ['login-user', 'user'], ['login-password', 'password'], ['login-keep', 'keep'], ['login-go', 'go']])
			setText(at(id), say(key));
	}

	function showPanel(id, station, now) {
		hazewatch.guard(() => SHOW[id](station, now), () => {
			at('plot').hidden = at('plot').hidden || id === 'curve';
			hazewatch.fill(id, hazewatch.make('p', {class: 'warn'}, say('unreadable')));
		});
	}

	function showNothing() {
		PANELS.forEach((id) => hazewatch.fill(id, hazewatch.make('p', {class: 'warn'}, say('never'))));
	}

	function show() {
		const now = Date.now(), key = model.turn();
		if (key)
			hazewatch.feed.follow(key);
		const station = model.shown;
		showHead(station);
		showStale(now);
		if (station) {
			const some = all || station.changed || key ? PANELS : ['quality']; // silence comes by itself
			showElsewhere(station);
			some.forEach((id) => showPanel(id, station, now));
		} else {
			showNothing();
		}
		hazewatch.guard(() => hazewatch.district.show(station, now), () => at('roster').replaceChildren());
		hazewatch.stations.show(now, choose, all || Boolean(key));
		all = false;
	}

	function showAll() {
		all = true;
		show();
	}

	// Many messages are one change of the page.
	function showSoon() {
		if (due)
			return;
		due = true;
		setTimeout(() => {
			due = false;
			show();
		}, PAUSE_MS);
	}

	// On a wall nobody turns a wheel: what is long rolls on by itself, unless somebody is at it.
	function roll() {
		if (!window.matchMedia('(min-width: 1800px) and (min-height: 1000px)').matches)
			return;
		for (const panel of document.querySelectorAll('main > section:not(:hover):not(:focus):not(:focus-within)')) {
			const end = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 2;
			panel.scrollTop = end ? 0 : panel.scrollTop + 0.8 * panel.clientHeight;
		}
	}

	// ---- what people do ----

	function choose(key) {
		model.pin(key);
		showAll();
	}

	function speak(language) {
		hazewatch.language = language === 'en' ? 'en' : 'zh';
		keep(window.localStorage, 'hazewatch-language', hazewatch.language);
		showWords();
		showAll();
	}

	// ---- the broker ----

	const env = {
		message(topic, body, retained) {
			model.onMessage(topic, body, retained, Date.now());
			showSoon();
		},
		cleared(topic) {
			model.onCleared(topic);
			showSoon();
		},
		link(state) {
			model.link = state;
			at('login').hidden = state !== 'refused';
			showSoon();
		},
	};

	function login(event) {
		event.preventDefault();
		const account = {user: at('user').value, password: at('password').value};
		at('login').hidden = true;
		keep(at('keep').checked ? window.localStorage : window.sessionStorage, 'hazewatch-login', JSON.stringify(account));
		hazewatch.feed.start(env, account);
	}

	const wanted = new URLSearchParams(window.location.search).get('lang') || read(window.localStorage, 'hazewatch-language');
	at('language').addEventListener('click', () => speak(hazewatch.language === 'zh' ? 'en' : 'zh'));
	at('login').addEventListener('submit', login);
	window.addEventListener('resize', showSoon);
	hazewatch.language = wanted === 'en' ? 'en' : 'zh';
	showWords();
	show();
	setInterval(show, TICK_MS);
	setInterval(roll, ROLL_MS);
	hazewatch.feed.start(env, JSON.parse(read(window.sessionStorage, 'hazewatch-login') || read(window.localStorage, 'hazewatch-login') || 'null'));
})();
