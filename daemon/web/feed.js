// SPDX-License-Identifier: MIT
// The broker -> messages that have the shape which the page relies on. Knows no panel.
'use strict';

hazewatch.feed = (() => {
	const PREFIXES = ['hazewatch', 'hazewatch-exercise'];
	const OF_ALL = ['state', 'warning', 'aqi/now', 'health'];
	const OF_ONE = ['aqi', 'aux', 'history', 'forecast', 'plan', 'events', 'cuts', 'receipts', 'order/+', 'roster/+'];
	const PAUSE_MIN_MS = 1000, PAUSE_MAX_MS = 30000, SILENT_MS = 20000;
	const NOT_AUTHORISED = [0x86, 0x87, 4, 5];

	// ---- shapes: no more than what is shown must be as expected ----

	const isObject = (v) => typeof v === 'object' && v !== null && !Array.isArray(v);
	const isText = (v) => typeof v === 'string';
	const isTime = (v) => isText(v) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/.test(v) && Number.isFinite(Date.parse(v));
	const isNumber = (v) => Number.isFinite(v);
	const isColour = (v) => isText(v) && /^[0-9a-f]{6}$/i.test(v);
	const orNull = (is) => (v) => v === null || is(v);
	const orAbsent = (is) => (v) => v === undefined || v === null || is(v);
	const isList = (is) => (v) => Array.isArray(v) && v.every(is);
	const isPair = (v) => isObject(v) && orAbsent(isText)(v.zh) && orAbsent(isText)(v.en);
	const isLevel = (v) => isText(v.level) && Number.isInteger(v.rank);
	const has = (what) => (v) => isObject(v) && Object.entries(what).every(([key, is]) => is(v[key]));

	const isDirective = (v) => isObject(v) && isLevel(v) && has({start: orAbsent(isTime), effective: orAbsent(isTime),
		planned_end: orAbsent(isTime), document: orAbsent(isText), issuer: orAbsent(isText), released: (b) => typeof b === 'boolean'})(v);
	const isCondition = has({met: isText, in_h_if_this_goes_on: orAbsent(isNumber)});
	// None, or none that can be told: the message says which.
	const isPending = (v) => (v.pending === undefined ? (v.omitted || []).includes('pending') : isList(isDirective)(v.pending));
	const isOutlook = (v) => isObject(v) && Object.values(v).every(has({met: isText, conditions: isList(isCondition), ends_in_h: orAbsent(isNumber)}));
	const isPart = has({index: isText, hours: isNumber});
	const isEvidence = has({run_max_aqi: isNumber, parts: isList(isPart)});
	const isAdvice = (v) => isObject(v) && isLevel(v) && has({state: isText, basis: isText, outlook: orAbsent(isOutlook), over_range: orAbsent(isList(has({pollutant: isText}))),
		evidence: orAbsent(isEvidence), name: orAbsent(isPair), undecided: isList(isText)})(v);
	const isChance = has({shown: (b) => typeof b === 'boolean', text_zh: isText, text_en: isText});
	const isBlock = (v) => isObject(v) && isLevel(v) && isText(v.authority);
	const isUnit = has({zh: isText, en: isText, measures: isList(isText)});
	const isMeasure = has({id: isText, zh: isText});
	const isIndex = has({aqi: orNull(isNumber), iaqi: isObject, primary: isList(isText), category: orAbsent(isPair),
		colour: orAbsent(has({rgb: orAbsent(isColour)})), health: orAbsent(isPair), advice: orAbsent(isPair)});
	// Of each pollutant who is in its mean.
	const isSets = (v) => isObject(v) && Object.values(v).every(isList(isText));
	const isHour = has({points: orAbsent(has({realtime: isSets})), hour: isTime, hourly: isObject, realtime: isIndex, daily: isIndex, monitored: isList(isText)});
	const isThing = has({id: isText, state: isText, why: isText, since: orAbsent(isTime)});
	const isMember = has({id: isText, role: isText, newest: orAbsent(isTime)});
	const isNumbers = isList(orNull(isNumber));

	const shapes = {
		state: has({state: (v) => v === 'online' || v === 'offline', since: isTime}),
		warning: (v) => has({in_force: orNull(isDirective), omitted: orAbsent(isList(isText)), advice: isAdvice, outlook_24h: orAbsent(isChance),
			measures: orAbsent(isList((v) => isBlock(v) && isList(isMeasure)(v.list) && isList(isUnit)(v.by_unit)))})(v) && isPending(v),
		'aqi/now': isHour,
		aqi: isHour,
		aux: has({hour: isTime, hourly: (v) => isObject(v) && Object.values(v).every(orNull(isNumber)), quality: (v) => isObject(v) && Object.values(v).every(isText), why: isObject, calm: orAbsent((v) => typeof v === 'boolean')}),
		health: has({channels: isList(isThing), auxiliary: orAbsent(isList(isThing)), sensors: isList(isThing), buses: isList(isThing), clock: isText, pm25_above_pm10_since: orAbsent(isTime), stations: orAbsent(isList(isMember))}),
		history: has({first: isTime, hour: isTime, hourly: isObject, realtime: isNumbers, daily: isNumbers, daily_plan: isNumbers,
			categories: isList(has({upto: isNumber, rgb: isText, name: isPair}))}),
		forecast: has({hour: isTime, sources: isList(has({issued: isTime})), daily_plan: isNumbers, realtime: isNumbers, source: isNumbers}),
		plan: has({levels: isList((v) => isObject(v) && isLevel(v) && isPair(v.name) && isColour(v.colour) && isList(has({parts: isList(isObject)}))(v.any)),
			units: isList(isObject), measures: isList(isMeasure)}),
		events: has({events: isList(has({number: isNumber, time: isTime, event: isText, about: isText, level: isText}))}),
		cuts: has({blocks: isList((v) => isBlock(v) && isObject(v.min_cut_pct) && orAbsent(isObject)(v.amounts))}),
		receipts: has({receipts: isList(has({ref: isText, unit: isText, outcome: isText, time: isTime}))}),
		order: has({source: isText, withdrawn: (v) => typeof v === 'boolean', level: isText, from: orAbsent(isTime)}),
		roster: has({sources: isObject}),
	};
	const isHead = has({time: isTime, exercise: (v) => typeof v === 'boolean', station: has({id: isText, name_zh: isText, name_en: orAbsent(isText)})});

	// {prefix, area, station, name, rest} of a topic; null: none of ours.
	function split(topic) {
		const found = /^(hazewatch(?:-exercise)?)\/1\/([^/]+)\/([^/]+)\/(.+)$/.exec(topic);
		if (!found)
			return null;
		const [, prefix, area, station, rest] = found;
		const folder = /^(order|roster)\/(.+)$/.exec(rest);
		return {prefix, area, station, key: `${prefix}/1/${area}/${station}`, name: folder ? folder[1] : rest, rest,
			item: folder ? folder[2] : ''};
	}

	// The body; undefined: it is not what the contract says.
	function read(topic, text) {
		let body;
		try {
			body = JSON.parse(text);
		} catch {
			return undefined;
		}
		const good = isHead(body) && body.exercise === (topic.prefix !== PREFIXES[0]) && body.station.id === topic.station;
		return good && shapes[topic.name](body) ? body : undefined;
	}

	// ---- the broker ----

	let client, env, pause = PAUSE_MIN_MS, version = 5, followed = null, account = {};

	function address() {
		const {protocol, host} = window.location;
		return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/mqtt`;
	}

	function topicsOf(station) {
		return [...OF_ALL, ...OF_ONE].map((name) => `${station}/${name}`);
	}

	function onConnect() {
		pause = PAUSE_MIN_MS;
		env.link('connected');
		const area = new URLSearchParams(window.location.search).get('area') || '+';
		const all = PREFIXES.flatMap((prefix) => OF_ALL.map((name) => `${prefix}/1/${area}/+/${name}`));
		client.subscribe(all, {qos: 1});
		if (followed)
			client.subscribe(topicsOf(followed), {qos: 1});
	}

	function onMessage(name, payload, packet) {
		const topic = split(name);
		if (!topic || !shapes[topic.name])
			return;
		if (payload.length === 0)
			env.cleared(topic);
		else
			env.message(topic, read(topic, new TextDecoder().decode(payload)), packet.retain);
	}

	function connect() {
		let welcome = false, refused = false;
		client = mqtt.connect(address(), {protocolVersion: version, clean: true, keepalive: 20, reconnectPeriod: 0,
			connectTimeout: SILENT_MS, clientId: `wall-${Math.random().toString(16).slice(2, 14)}`, timerVariant: 'native',
			username: account.user, password: account.password});
		client.on('connect', () => {
			welcome = true;
			onConnect();
		});
		client.on('message', onMessage);
		client.on('error', (error) => {
			refused = refused || NOT_AUTHORISED.includes(error.code);
		});
		client.on('close', () => {
			client.removeAllListeners('close');
			client.end(true);
			if (refused) {
				env.link('refused');
				return;
			}
			env.link('lost');
			if (!welcome) // a broker of before MQTT 5 just hangs up
				version = version === 5 ? 4 : 5;
			setTimeout(connect, pause);
			pause = Math.min(2 * pause, PAUSE_MAX_MS);
		});
	}

	return {
		start(given, login) {
			env = given;
			account = login || {};
			env.link('connecting');
			connect();
		},
		// Everything of this station is wanted, of that before no more than of all.
		follow(station) {
			if (followed && client.connected)
				client.unsubscribe(OF_ONE.map((name) => `${followed}/${name}`));
			followed = station;
			if (client.connected)
				client.subscribe(topicsOf(station), {qos: 1});
		},
	};
})();
