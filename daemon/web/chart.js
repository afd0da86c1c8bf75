// SPDX-License-Identifier: MIT
// The curve: three days observed and the hours ahead, over the bands of the edition and the
// thresholds of the plan, all of which come with the messages.
'use strict';

hazewatch.chart = (() => {
	const {say, both, make, hour} = hazewatch;
	const HOUR_S = 3600, AHEAD_H = 72, FONT = '20px sans-serif', INK = '#e8edf2';
	let plot = null, drawn = '', bands = [], thresholds = [], present = 0;

	const secondsOf = (text) => Date.parse(text) / 1000;

	// Hour by hour from the first on: [times, realtime, daily, daily ahead].
	function columns(history, forecast) {
		const first = secondsOf(history.first), n = history.realtime.length;
		const times = history.realtime.map((_, i) => first + i * HOUR_S);
		const ahead = forecast && forecast.hour === history.hour ? forecast.daily_plan.slice(0, AHEAD_H) : [];
		const gap = new Array(ahead.length).fill(null), before = new Array(Math.max(n - 1, 0)).fill(null);
		const newest = n ? [history.daily_plan[n - 1]] : [];
		return [[...times, ...ahead.map((_, i) => first + (n + i) * HOUR_S)], [...history.realtime, ...gap],
			[...history.daily_plan, ...gap], [...before, ...(ahead.length ? newest : newest.map(() => null)), ...ahead]];
	}

	function drawBands(u) {
		const {left, width, top, height} = u.bbox;
		let low = 0;
		u.ctx.save();
		u.ctx.beginPath();
		u.ctx.rect(left, top, width, height);
		u.ctx.clip();
		for (const band of bands) {
			const from = u.valToPos(low, 'y', true), to = u.valToPos(band.upto, 'y', true);
			u.ctx.globalAlpha = 0.28;
			u.ctx.fillStyle = `#${band.rgb}`;
			u.ctx.fillRect(left, to, width, from - to);
			low = band.upto;
		}
		u.ctx.restore();
	}

	function drawThresholds(u) {
		const {left, width, top, height} = u.bbox, ratio = window.devicePixelRatio || 1;
		u.ctx.save();
		u.ctx.beginPath();
		u.ctx.rect(left, top, width, height);
		u.ctx.clip();
		u.ctx.font = `${20 * ratio}px sans-serif`;
		u.ctx.textAlign = 'left';
		u.ctx.textBaseline = 'bottom';
		thresholds.forEach(({at, names}, i) => {
			const y = u.valToPos(at, 'y', true);
			u.ctx.setLineDash([8 * ratio, 6 * ratio]);
			u.ctx.strokeStyle = INK;
			u.ctx.beginPath();
			u.ctx.moveTo(left, y);
			u.ctx.lineTo(left + width, y);
			u.ctx.stroke();
			u.ctx.fillStyle = INK;
			// side by side: 150 and 200 are close
			u.ctx.fillText(`${names} > ${at}`, left + 6 * ratio + i * width / thresholds.length, y);
		});
		const x = u.valToPos(present, 'x', true);
		u.ctx.setLineDash([]);
		u.ctx.beginPath();
		u.ctx.moveTo(x, top);
		u.ctx.lineTo(x, top + height);
		u.ctx.stroke();
		u.ctx.restore();
	}

	// Each daily threshold once, with the levels that ask for it.
	function thresholdsOf(plan) {
		const at = new Map();
		for (const level of (plan && plan.levels) || []) {
			for (const part of (level.any || []).flatMap((condition) => condition.parts)) {
				if (part.index === 'daily_aqi' && Number.isFinite(part.above))
					at.set(part.above, (at.get(part.above) || new Set()).add(level.stage ? both(level.name) : say('warningWord')(both(level.name))));
			}
		}
		return [...at].map(([value, names]) => ({at: value, names: hazewatch.list([...names])}));
	}

	const stamp = (seconds) => hour(new Date(seconds * 1000 + 8 * 3600e3).toISOString().replace(/\.\d+Z/, '+08:00'));

	function options(box) {
		const axis = {stroke: INK, font: FONT, grid: {stroke: '#ffffff22'}, ticks: {stroke: '#ffffff44'}};
		const wide = box.clientWidth > 700;
		return {
			width: box.clientWidth, height: box.clientHeight, legend: {show: false}, cursor: {show: false}, padding: [10, 70, 0, 0],
			scales: {x: {time: false}, y: {range: (u, low, high) => [0, Math.max(200, Math.ceil((high || 0) / 50) * 50)]}},
			axes: [{...axis, size: 40, space: wide ? 160 : 120, incrs: [6, 12, 24, 48].map((h) => h * HOUR_S), values: (u, splits) => splits.map(stamp)},
				{...axis, size: 60}],
			series: [{}, {stroke: '#9ecbff', width: 2}, {stroke: '#ffffff', width: 4}, {stroke: '#ffffff', width: 3, dash: [10, 8]}],
			hooks: {drawClear: [drawBands], draw: [drawThresholds]},
		};
	}

	function legend(forecast, now) {
		const sources = forecast ? forecast.sources : [];
		return [
			make('p', {class: 'legend'}, make('span', {class: 'key daily'}), ` ${say('daily')} `, make('span', {class: 'key realtime'}), ` ${say('realtime')} `,
				make('span', {class: 'key ahead'}), ` ${sources.length ? '' : say('noForecast')}`),
			sources.map((each) => make('p', null, say('forecast')(each.source || '', hazewatch.time(each.issued), each.age_h),
				each.usable ? '' : ` ${say('forecastOld')}`)),
		].concat(now);
	}

	function draw(box, history, forecast) {
		const data = columns(history, forecast), size = {width: box.clientWidth, height: box.clientHeight};
		if (plot)
			plot.destroy();
		plot = new uPlot(options(box), data, box);
		const newest = history.daily_plan[history.daily_plan.length - 1];
		box.setAttribute('aria-label', `${say('curve')}. ${say('daily')} ${newest === null ? say('na') : newest}, ${say('hourOf')(hour(history.hour))}`);
		return size;
	}

	function show(station) {
		const {history, forecast, plan} = station.bodies, box = document.getElementById('plot');
		const bad = ['history', 'forecast', 'plan'].filter((name) => station.bad.has(name)).map((name) => make('p', {class: 'warn'}, say('unreadableTopic')(name)));
		box.hidden = !history;
		hazewatch.fill('curve', legend(forecast, bad), history ? null : make('p', {class: 'warn'}, say('noneYet')));
		if (!history) {
			drawn = '';
			return;
		}
		bands = history.categories;
		thresholds = thresholdsOf(plan);
		present = secondsOf(history.hour);
		const state = [station.key, history.id, forecast && forecast.id, plan && plan.id, hazewatch.language, box.clientWidth, box.clientHeight].join();
		if (state === drawn)
			return;
		draw(box, history, forecast);
		drawn = state;
	}

	return {show};
})();
