// SPDX-License-Identifier: MIT
// What is done about it: measures by unit with receipts, cuts and orders, events, and how far the
// data may be relied on.
'use strict';

hazewatch.response = (() => {
	const {say, both, make, join, time} = hazewatch;
	const ORDERS_SHOWN = 50;
	const warn = (text) => make('p', {class: 'warn'}, text);

	function unless(station, id, names, show) {
		const bad = names.filter((name) => station.bad.has(name));
		return bad.length ? hazewatch.fill(id, bad.map((name) => warn(say('unreadableTopic')(name)))) : show();
	}

	// ---- units ----

	// What a receipt answers that is not what stands now: what is pending, another's slip, and whatever
	// was answered before it began.
	function othersOf(warning, all, since) {
		const {in_force: force, pending, release, binding} = warning, own = [force && force.id, binding.slip];
		const slips = release && !(force && release.directive === force.id) ? [release.number] : [];
		const refs = [...(pending || []).map((each) => each.id), ...slips, ...all.filter((each) => each.time < since).map((each) => each.ref)];
		return new Set(refs.filter((ref) => !own.includes(ref)));
	}

	// The newest receipt of a unit for what stands now: of sources' orders and summaries there are others.
	function receiptOf(all, others, unit, since) {
		return all.filter((each) => each.unit === unit && !/^(order\/|episode-)/.test(each.ref) && !others.has(each.ref) && each.time >= since)
			.sort((a, b) => (a.time < b.time ? 1 : -1))[0];
	}

	function receiptCell(receipt) {
		if (!receipt)
			return make('span', {class: 'receipt silent'}, say('silent'));
		const text = say('outcome')[receipt.outcome] || receipt.outcome;
		const share = Number.isFinite(receipt.done_pct) ? ` ${receipt.done_pct} %` : '';
		return make('span', {class: `receipt ${receipt.outcome}`}, `${text}${share} ${time(receipt.time)}`);
	}

	// A large warning comes without its measures; then the plan has them, by rank.
	function blockOf(station, warning) {
		const blocks = warning.measures || [], block = blocks.find((each) => each.binding) || blocks[0];
		if (block)
			return block;
		const level = warning.in_force || warning.advice, plan = station.bodies.plan || {measures: [], units: []};
		const measures = plan.measures.filter(({ranks}) => level.rank > 0 && ranks && ranks[0] <= level.rank && level.rank <= ranks[1]);
		const units = plan.units.map(({unit, zh, en}) => ({unit, zh, en,
			measures: measures.filter((each) => (each.units || []).includes(unit)).map((each) => each.id)}));
		return {...level, authority: warning.in_force ? 'directive' : 'advice', list: measures, by_unit: units.filter((each) => each.measures.length)};
	}

	const outcomeIn = (receipt) => (receipt ? receipt.outcome : 'silent');
	const wordOf = (outcome) => (outcome === 'silent' ? say('silent') : say('outcome')[outcome] || outcome);

	// Who has not done it comes first.
	const URGENCY = ['not', 'silent', 'received', 'partly', 'done'];
	function compareUrgency(a, b) {
		return URGENCY.indexOf(outcomeIn(a.receipt)) - URGENCY.indexOf(outcomeIn(b.receipt));
	}

	// "silent 12", one for each outcome that there is.
	function sumsOf(outcomes) {
		const sums = new Map();
		outcomes.forEach((each) => sums.set(each, (sums.get(each) || 0) + 1));
		return [...sums].map(([outcome, n]) => `${wordOf(outcome)} ${n}`);
	}

	function unitItem(each, words) {
		return make('li', null, make('details', null, make('summary', {title: both(each)}, make('span', {class: 'name'}, both(each)), ` ${each.measures.length} `, receiptCell(each.receipt)),
			make('ul', null, each.measures.map((id) => make('li', null, words.get(id) || id)))));
	}

	function units(station) {
		unless(station, 'units', ['warning', 'receipts'], () => {
			const warning = station.bodies.warning;
			if (!warning || !warning.binding)
				return hazewatch.fill('units', make('p', {class: 'dim'}, say('noneYet')));
			const block = blockOf(station, warning);
			if (block.by_unit.length === 0)
				return hazewatch.fill('units', make('p', {class: 'dim'}, say('noMeasures')));
			const since = warning.in_force ? warning.in_force.effective || warning.in_force.start : warning.advice.since || '';
			const all = (station.bodies.receipts || {receipts: []}).receipts, others = othersOf(warning, all, since);
			const words = new Map(block.list.map((each) => [each.id, both(each)]));
			const told = block.by_unit.map((each) => ({...each, receipt: receiptOf(all, others, each.unit, since)})).sort(compareUrgency);
			return hazewatch.fill('units', make('p', {class: 'big'}, join([say('authority')[block.authority] || block.authority, ...sumsOf(told.map(({receipt}) => outcomeIn(receipt)))])),
				make('ul', {class: 'units'}, told.map((each) => unitItem(each, words))));
		});
	}

	// ---- cuts and orders ----

	const kg = (value) => (value === null || value === undefined ? say('unsaid') : value.toLocaleString('en-US', {maximumFractionDigits: 0}));

	function cutRow(block, [key, name]) {
		const amounts = (block.amounts || {})[key] || {}, least = block.min_cut_pct[key];
		const verdict = amounts.met === true ? say('metCut') : amounts.met === false ? make('span', {class: 'receipt not'}, say('short')) : '';
		return [name, least === undefined ? '' : `${least} %`, kg(amounts.required_kg_d), kg(amounts.planned_kg_d), kg(amounts.shortfall_kg_d), verdict];
	}

	function cutTable(block) {
		if (Object.keys(block.min_cut_pct).length === 0)
			return make('p', {class: 'dim'}, `${say('noCuts')} (${say('authority')[block.authority] || block.authority})`);
		if (!block.amounts)
			return make('p', null, join([say('authority')[block.authority] || block.authority,
				...hazewatch.emissions.filter(([key]) => key in block.min_cut_pct).map(([key, name]) => `${name} ${say('least')} ${block.min_cut_pct[key]} %`)]));
		return hazewatch.table(`${say('authority')[block.authority] || block.authority}, ${say('kgd')}`, ['', say('least'), say('required'), say('planned'), say('shortfall'), ''],
			hazewatch.emissions.map((each) => cutRow(block, each)));
	}

	function nameOfSource(station, id) {
		for (const page of station.roster.values()) {
			if (Object.prototype.hasOwnProperty.call(page.sources, id))
				return page.sources[id];
		}
		return null;
	}

	function outcomeOf(receipts, id, from) {
		const found = receipts.filter((each) => each.ref === `order/${id}` && each.time >= (from || '')).sort((a, b) => (a.time < b.time ? 1 : -1))[0];
		return found ? found.outcome : 'silent';
	}

	function orders(station) {
		const open = [...station.orders].filter(([, order]) => !order.withdrawn);
		if (open.length === 0)
			return make('p', {class: 'dim'}, say('noOrders'));
		const receipts = (station.bodies.receipts || {receipts: []}).receipts;
		const said = open.map(([id, order]) => outcomeOf(receipts, id, order.from));
		const rows = open.slice(0, ORDERS_SHOWN).map(([id], i) => {
			const source = nameOfSource(station, id) || {};
			return [source.name ? `${source.name} (${id})` : id, source.keeper || '', make('span', {class: `receipt ${said[i]}`}, wordOf(said[i]))];
		});
		return [make('p', {class: 'big'}, join([say('orders')(open.length), ...sumsOf(said)])),
			hazewatch.table(say('orders')(open.length), [say('source'), say('keeper'), say('receipt')], rows),
			open.length > ORDERS_SHOWN ? make('p', null, say('more')(open.length - ORDERS_SHOWN)) : null];
	}

	function cuts(station) {
		unless(station, 'cuts', ['cuts', 'receipts', ...[...station.bad].filter((name) => /^(order|roster)\//.test(name))], () => {
			const blocks = (station.bodies.cuts || {blocks: []}).blocks;
			hazewatch.fill('cuts', blocks.length ? blocks.map(cutTable) : make('p', {class: 'dim'}, say('noneYet')), orders(station));
		});
	}

	// ---- events ----

	function eventItem(station, event) {
		const text = event[`text_${hazewatch.language}`], level = event.rank === 0 ? null : hazewatch.warning.tag(station, event);
		const head = [`${time(event.time)} ${say('about')[event.about] || event.about} ${say('event')[event.event] || event.event} `, level];
		return make('li', null, text ? make('details', null, make('summary', null, head), make('p', null, text)) : make('p', null, head));
	}

	function events(station) {
		unless(station, 'events', ['events'], () => {
			const all = (station.bodies.events || {events: []}).events;
			hazewatch.fill('events', all.length ? make('ol', null, all.map((each) => eventItem(station, each))) : make('p', {class: 'dim'}, say('noEvents')));
		});
	}

	// ---- data quality ----

	const failing = (things) => (things || []).filter((each) => each.state !== 'ok' && each.state !== 'unknown')
		.map((each) => say('silentChannel')(each.id, hazewatch.reason(each.why), time(each.since)));

	function ofHealth(health) {
		const {channels, auxiliary, sensors, buses, outbox, damaged, clock} = health;
		return [...failing(buses), ...failing(sensors), ...failing(channels), ...failing(auxiliary),
			clock === 'trusted' ? '' : say('clock')[clock] || clock,
			health.store_ok === false ? say('storeBad') : '',
			health.delivery === 'unverified' ? say('unverified') : '',
			damaged && damaged.rows > 0 ? say('damaged')(damaged.rows) : '',
			outbox && outbox.blocked > 0 ? say('blocked')(outbox.blocked) : '',
			outbox && outbox.pending > 100 ? say('waiting')(outbox.pending) : '',
			health.pm25_above_pm10_since ? say('particles')(hazewatch.hour(health.pm25_above_pm10_since)) : ''];
	}

	function quality(station, now) {
		const {state, health} = station.bodies, bodies = Object.values(station.bodies);
		const lacks = health && !health.outbox ? null : health;
		const found = [
			...[...station.bad].map((name) => say('unreadableTopic')(name)),
			state && state.state === 'offline' ? say('offline')(time(state.since)) : '',
			hazewatch.model.isSilent(station, now) ? say('silentSince')(station.heard ? hazewatch.moment(station.heard) : '?') : '',
			...(lacks ? ofHealth(lacks) : [say('noHealth')]),
			bodies.some((body) => body.volatile) ? say('volatile') : '',
			bodies.some((body) => body.time_quality === 'unsynchronised') ? say('unsynchronised') : '',
			hazewatch.model.isApart(station) ? say('clocks')(Math.round(Math.abs(station.apart) / 60000)) : '',
		].filter(Boolean);
		hazewatch.fill('quality', found.length ? make('ul', null, found.map((text) => make('li', null, text))) : make('p', {class: 'good'}, say('well')));
	}

	return {units, cuts, events, quality};
})();
