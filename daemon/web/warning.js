// SPDX-License-Identifier: MIT
// What is in force, announced and advised: the words of `warning`, the names of `plan`.
'use strict';

hazewatch.warning = (() => {
	const {say, both, make, join, time, hour} = hazewatch;

	const findLevel = (station, id) => ((station.bodies.plan || {levels: []}).levels || []).find((level) => level.level === id);

	// A level that the plan does not know is told by its id.
	function shortName(station, {level, name}) {
		const known = findLevel(station, level), text = known ? both(known.name) : both(name);
		return text ? (known && known.stage ? text : say('warningWord')(text)) : level;
	}

	function nameOf(station, {level, response, name}) {
		const text = shortName(station, {level, name});
		return response ? `${text}${hazewatch.language === 'zh' ? `（${say('response')(response)}）` : ` (${say('response')(response)})`}` : text;
	}

	function tag(station, level, large) {
		const known = findLevel(station, level.level);
		const element = make('span', {class: `${large ? 'level' : 'tag'}${known ? '' : ' unknown'}`}, shortName(station, level));
		return known ? hazewatch.paint(element, known.colour) : element;
	}

	const line = (...parts) => make('p', null, join(parts));
	const warn = (text) => make('p', {class: 'warn'}, text);

	// ---- in force ----

	function releasedBy(warning, directive) {
		const release = warning.release;
		if (!directive.released)
			return warn(join([say('notReleased'), approverOf(warning, 'directive')]));
		const slip = (warning.binding || {}).slip || (release && release.number) || '';
		return release && release.found === 'good' && release.directive === directive.id
			? line(say('released')(slip, release.post, time(release.signed))) : line(say('released')(slip, '', ''));
	}

	function approverOf(warning, authority) {
		const post = (warning.approvers || {})[authority];
		return post ? say('mustApprove')(both(post)) : '';
	}

	function describe(station, warning, directive) {
		return [
			tag(station, directive, true),
			findLevel(station, directive.level) ? null : warn(say('unknownLevel')),
			directive.overdue ? make('p', {class: 'overdue'}, say('overdue')) : null,
			make('p', {class: 'big'}, directive.response ? make('span', {class: 'response'}, say('response')(directive.response)) : '', join([say('since')(time(directive.effective || directive.start)), directive.planned_end && say('until')(time(directive.planned_end))])),
			line(directive.document && say('document')(directive.document), directive.issuer && say('issuer')(directive.issuer), say('reason')[directive.reason]),
			directive.area ? line(say('area')(directive.area)) : null,
			releasedBy(warning, directive),
		];
	}

	function pendingOf(station, warning) {
		const pending = warning.pending;
		if (!pending)
			return warn(say('pendingUntold'));
		if (pending.length === 0)
			return make('p', {class: 'dim'}, say('nothingPending'));
		return make('ul', {class: 'pending'}, pending.map((each) => make('li', null, `${say('pending')} `,
			each.rank === 0 ? make('span', {class: 'tag lift'}, say('lift')) : tag(station, each), ` ${join([say('since')(time(each.start)), each.document,
				each.released ? '' : say('notReleased')])}`)));
	}

	function restOf(station, warning) {
		const {binding, in_force: force} = warning;
		const differs = binding && (binding.level !== (force ? force.level : 'none'));
		return [
			binding && binding.lifted ? warn(say('lifted')) : null,
			differs ? warn(say('binding')(nameOf(station, binding))) : null,
			warning.summary_due ? line(say('summaryDue')(warning.summary_due.date)) : null,
			warning.omitted ? warn(say('omitted')(hazewatch.list(warning.omitted))) : null,
		];
	}

	function force(station) {
		const warning = station.bodies.warning;
		if (station.bad.has('warning'))
			return hazewatch.fill('force', make('p', {class: 'level unknown'}, say('unreadable')));
		if (!warning)
			return hazewatch.fill('force', make('p', {class: 'level unknown'}, say('noneYet')));
		hazewatch.fill('force', warning.in_force ? describe(station, warning, warning.in_force) : make('p', {class: 'level none'}, say('none')),
			pendingOf(station, warning), restOf(station, warning));
	}

	// ---- advice ----

	const partText = (part) => ('at_least' in part ? say('part').at_least(part) : say('part').above(part));

	function why(advice) {
		const evidence = advice.evidence;
		if (!evidence)
			return null;
		return line(say('basis')[advice.basis] || advice.basis, ...evidence.parts.map(partText), say('highest')(evidence.run_max_aqi),
			evidence.clause && say('clause')(evidence.clause));
	}

	function ahead(station, advice, id, level) {
		const hours = level.conditions.map((each) => each.in_h_if_this_goes_on).filter((h) => h !== null);
		const name = nameOf(station, {level: id, response: level.response});
		if (level.met === 'yes')
			return say('met')(name);
		if (hours.length > 0 && level.met === 'no')
			return say('inHours')(name, Math.min(...hours));
		return level.met === 'unknown' ? say('unknown')(name) : null;
	}

	function outlook(station, advice) {
		const levels = Object.entries(advice.outlook || {}).sort(([, a], [, b]) => a.rank - b.rank);
		const next = levels.filter(([, level]) => level.rank > advice.rank).map(([id, level]) => ahead(station, advice, id, level));
		const ends = levels.filter(([, level]) => level.ends_in_h !== null && level.ends_in_h !== undefined && level.rank <= advice.rank)
			.reverse().map(([id, level]) => (level.ends_in_h > 0 ? say('endsIn') : say('stays'))(nameOf(station, {level: id, response: level.response}), level.ends_in_h));
		const all = [...next, ...ends].filter(Boolean);
		const told = advice.outlook && advice.state === 'current' && !advice.held_for_want_of_data;
		return make('ul', null, (all.length ? all : [told ? say('noLevel') : say('untold')]).map((text) => make('li', null, text)));
	}

	// The chance in 24 h, with its score; nothing while it is not shown.
	function chance(warning) {
		const said = warning.outlook_24h;
		return said && said.shown ? make('p', {class: 'chance'}, make('b', null, say('chance')), ` ${said[`text_${hazewatch.language}`]}`) : null;
	}

	function state(advice) {
		return [
			advice.state === 'computing' ? warn(say('computing')) : null,
			advice.hold_reason ? warn(say('hold')[advice.hold_reason] || advice.hold_reason) : null,
			advice.dust ? warn(say('dust')) : null,
			(advice.over_range || []).map((each) => warn(say('overRange')(hazewatch.pollutant(each.pollutant)))),
		];
	}

	function headOf(station, advice) {
		if (advice.rank > 0)
			return [make('p', null, tag(station, advice), ` ${advice.response ? say('response')(advice.response) : ''}`),
				line(advice.onset && say('onset')(time(advice.onset)), advice.since && say('since')(hour(advice.since)))];
		const untold = advice.state === 'computing' || advice.undecided.length > 0;
		return make('p', {class: 'big'}, untold ? say('untold') : say('noAdvice'));
	}

	function advice(station) {
		const warning = station.bodies.warning;
		if (station.bad.has('warning') || !warning || !warning.binding)
			return hazewatch.fill('advice', make('p', {class: 'warn'}, station.bad.has('warning') ? say('unreadable') : say('noneYet')));
		const said = warning.advice, text = warning[`text_${hazewatch.language}`];
		hazewatch.fill('advice', headOf(station, said), state(said), why(said), said.rank > 0 ? line(approverOf(warning, 'advice')) : null,
			said.possible_rank > said.rank ? line(say('possible')(nameOf(station, {level: said.possible_level}), said.possible_source)) : null,
			outlook(station, said), chance(warning), text ? make('details', null, make('summary', null, say('wholeText')), make('p', null, text)) : null);
	}

	return {force, advice, tag, shortName, findLevel};
})();
