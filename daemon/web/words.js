// SPDX-License-Identifier: MIT
// What the page says, in both languages, and how times and numbers are written. No level, no
// pollutant's limit and no district stands here: their names come with the messages.
'use strict';
const hazewatch = {};

// A plan's index by its name: daily_aqi, hourly_pm25, daily_iaqi_o3, daily_aqi_without_pm25.
const indexName = (index, zh) => {
	const named = {mean_aqi: ['mean of 24 real-time AQIs', '24小时实时AQI均值'], o3_8h: ['largest 8-hour mean O3', 'O3最大8小时平均浓度']}[index];
	const [, period, kind, rest] = /^(daily|hourly)_(aqi_without_|iaqi_|)(.+)$/.exec(index) || [];
	if (named || !period)
		return named ? named[zh ? 1 : 0] : index;
	const daily = period === 'daily', keys = rest.toUpperCase().replace(/PM25/g, 'PM2.5').replace(/_/g, zh ? '、' : ', ');
	const aqi = zh ? (daily ? '日' : '实时') : (daily ? 'daily ' : 'real-time ');
	if (rest === 'aqi')
		return `${aqi}AQI`;
	if (kind === '')
		return zh ? `${keys}${daily ? '的24小时平均浓度' : '小时浓度'}` : `${daily ? '24-hour mean' : 'hourly'} ${keys}`;
	if (kind === 'iaqi_')
		return zh ? `${keys}的${aqi}IAQI` : `${aqi}IAQI of ${keys}`;
	return zh ? `除${keys}外的${aqi}AQI` : `${aqi}AQI without ${keys}`;
};

hazewatch.words = {
	zh: {
		title: '重污染天气应急指挥', other: 'English', force: '现行预警', advice: '监测站预警建议',
		air: '空气质量', curve: '日AQI与实时AQI：近72小时及预报', units: '各单位措施与回执', cuts: '减排与工单',
		events: '事件', quality: '数据质量', stations: '监测站',
		exercise: '【演练】 演练信息，非真实预警 【演练】', elsewhereExercise: '另有监测站正在演练',
		connecting: '正在连接', connected: '已连接', lost: '连接中断', refused: '须登录',
		stale: (t) => `${t} 以来未收到新数据，画面非现状`, never: '尚未收到任何消息',
		offline: (t) => `监测站自 ${t} 起离线`, elsewhere: (n) => `另有监测站级别更高：${n}`,
		elsewhereUnread: (n) => `另有监测站预警消息无法识别：${n}`, inExercise: (n) => `【演练】${n}`,
		none: '无指令', noneYet: '尚未发布任何状态', unreadable: '消息无法识别', unreadableTopic: (t) => `${t}：消息无法识别，不作显示`,
		unknownLevel: '未知级别', response: (r) => `${r}级响应`, since: (t) => `自 ${t} 起`, until: (t) => `计划至 ${t}`,
		document: (d) => `文号 ${d}`, issuer: (i) => `发令 ${i}`, area: (a) => `区域 ${a}`, reason: {local: '本地', regional: '区域联动'},
		released: (n, p, t) => `已发布：发布单 ${n}${p ? `，签发 ${p}` : ''}${t ? ` ${t}` : ''}`, notReleased: '尚无发布单', mustApprove: (p) => `须由${p}批准`,
		overdue: '逾期：计划结束已过，尚未解除', pending: '待生效', lift: '解除', nothingPending: '无待生效指令', pendingUntold: '待生效指令：尚不能判定',
		binding: (l) => `现约束各单位的级别：${l}`, lifted: '已解除，尚未发布', summaryDue: (d) => `总结评估应于 ${d} 前完成`,
		noAdvice: '目前不建议预警', untold: '尚不能判定', computing: '正在重新计算',
		hold: {insufficient_data: '有效数据不足，保持', beyond_horizon: '预报末端仍有污染，保持', second_issue: '待下一期预报确认，保持'},
		basis: {observed: '依据实测', forecast: '依据预报', forecast_aqi: '依据AQI预报'},
		part: {
			above: (p) => `${indexName(p.index, true)}大于${p.above}已${p.hours}小时（须${p.for_h}）`,
			at_least: (p) => `${indexName(p.index, true)}达到${p.at_least}${p.index === 'daily_aqi' ? '' : `已${p.hours}小时（须${p.for_h}）`}`,
		},
		highest: (n) => `最高${n}`, onset: (t) => `起始 ${t}`, clause: (c) => `预案 ${c}`,
		inHours: (l, h) => `若持续，${h}小时后达到${l}`, met: (l) => `${l}：条件已满足`, unknown: (l) => `${l}：数据不足，无法判定`,
		endsIn: (l, h) => `${l}最早${h}小时后解除`, stays: (l) => `${l}暂时保持`, noLevel: '若持续，不会达到任何级别', chance: '未来24小时可能性',
		possible: (l, s) => `${s ? `按${s}` : '按预报上限'}可能达到${l}`, dust: '沙尘过程，不作判定', overRange: (p) => `${p}仪器超量程，须人工核查`,
		wholeText: '发布文本', realtime: '实时AQI', daily: '日AQI', plan: '预案采用', na: '无', primary: (p) => `首要污染物 ${p}`,
		hourOf: (t) => `截至 ${t}`, running: (t) => `本小时至 ${t}（未完）`, mean: '1小时', now: '本小时', iaqi: '分指数', state: '状况', beside: '其他监测', calm: '静风',
		forecast: (s, t, a) => `预报 ${s}，${t}发布，${a}小时前`, forecastOld: '已过期', noForecast: '无预报', unit: '单位', measures: '措施', receipt: '回执', silent: '未回执',
		outcome: {received: '已签收', done: '已完成', partly: '部分完成', not: '未完成'},
		authority: {directive: '按指令', advice: '按监测站建议（无约束力）'}, noMeasures: '无措施',
		pollutant: '污染物', least: '至少', required: '须减', planned: '计划', shortfall: '缺口', kgd: '千克/日', metCut: '达到', short: '不足', unsaid: '未知',
		noCuts: '无减排要求', orders: (n) => `工单 ${n} 份`, noOrders: '无工单', source: '源', keeper: '责任单位', more: (n) => `另有 ${n} 项`,
		noEvents: '尚无事件', about: {advice: '建议', directive: '指令'},
		event: {issue: '发布', upgrade: '升级', downgrade: '降级', lift: '解除', hold: '保持', resume: '恢复判断', announced: '宣布', withdrawn: '撤回', amended: '更改', overdue: '逾期', rules_changed: '规则变更', correction: '更正', dust: '沙尘'},
		well: '无异常', silentChannel: (c, w, t) => `通道 ${c}：${w}${t ? `，自 ${t}` : ''}`, clock: {trusted: '时钟可信', waiting: '等待对时', unsynchronised: '时钟未同步', simulated: '模拟时钟'},
		volatile: '磁盘拒绝写入：断电即失', storeBad: '数据库故障', unverified: '送达未经证实（旧版消息服务器）', blocked: (n) => `${n} 条消息被服务器拒收`, waiting: (n) => `${n} 条消息待发`,
		damaged: (n) => `数据库 ${n} 行损坏`, unsynchronised: '时间未经同步', particles: (t) => `自 ${t} 起 PM2.5 高于 PM10`, omitted: (o) => `消息超长，未含：${o}`,
		clocks: (m) => `屏幕与监测站时钟相差 ${m} 分钟`, noHealth: '尚无运行状况消息', silentSince: (t) => `自 ${t} 无数据`,
		rosterOf: (n) => `${n}的站点`, rosterHead: ['站点', '类别', '最近小时', '实时AQI', '数据质量', '计入均值', '距今'], yes: '是', no: '否', minutes: (n) => `${n} 分钟`,
		role: {assessment: '评价点', traffic: '交通点', background: '背景点', micro: '微站'},
		map: '监测站位置图', login: '登录消息服务器', user: '用户', password: '密码', keep: '在此屏幕记住', go: '登录', partial: '未监测全部六项',
		warningWord: (name) => (name.endsWith('预警') ? name : `${name}预警`), sentences: (a, b) => `${a}。${b}。`,
	},
	en: {
		title: 'Heavy air pollution: command', other: '中文', force: 'Warning in force', advice: 'Advice of the station',
		air: 'Air quality', curve: 'Daily and real-time AQI: the last 72 hours and the forecast', units: 'Measures and receipts by unit', cuts: 'Cuts and orders',
		events: 'Events', quality: 'Data quality', stations: 'Stations',
		exercise: '[EXERCISE] This is an exercise, no real warning [EXERCISE]', elsewhereExercise: 'Other stations hold an exercise',
		connecting: 'connecting', connected: 'connected', lost: 'connection lost', refused: 'login needed',
		stale: (t) => `No new data since ${t}: this is not how things are now`, never: 'No message has come yet',
		offline: (t) => `The station is offline since ${t}`, elsewhere: (n) => `Another station has a higher level: ${n}`,
		elsewhereUnread: (n) => `The warning of another station is not understood: ${n}`, inExercise: (n) => `[EXERCISE] ${n}`,
		none: 'No directive', noneYet: 'Nothing was published yet', unreadable: 'Message not understood', unreadableTopic: (t) => `${t}: message not understood, not shown`,
		unknownLevel: 'unknown level', response: (r) => `response ${r}`, since: (t) => `since ${t}`, until: (t) => `planned to ${t}`,
		document: (d) => `document ${d}`, issuer: (i) => `issued by ${i}`, area: (a) => `area ${a}`, reason: {local: 'local', regional: 'regional joint response'},
		released: (n, p, t) => `released: slip ${n}${p ? `, signed by the ${p}` : ''}${t ? ` ${t}` : ''}`, notReleased: 'no release slip yet', mustApprove: (p) => `needs the approval of ${p}`,
		overdue: 'OVERDUE: its planned end has passed without a lift', pending: 'Pending', lift: 'lift', nothingPending: 'nothing pending', pendingUntold: 'whether anything is pending cannot be told',
		binding: (l) => `what binds the units: ${l}`, lifted: 'lifted, not yet published', summaryDue: (d) => `summary assessment due ${d}`,
		noAdvice: 'No warning advised', untold: 'Not known yet', computing: 'being computed anew',
		hold: {insufficient_data: 'held for want of data', beyond_horizon: 'held, the forecast ends in smog', second_issue: 'held until another issue of the forecast'},
		basis: {observed: 'by observation', forecast: 'by forecast', forecast_aqi: 'by forecast of AQIs'},
		part: {
			above: (p) => `${indexName(p.index, false)} above ${p.above} for ${p.hours} h (${p.for_h} needed)`,
			at_least: (p) => `${indexName(p.index, false)} ${p.at_least} reached${p.index === 'daily_aqi' ? '' : ` for ${p.hours} h (${p.for_h} needed)`}`,
		},
		highest: (n) => `highest ${n}`, onset: (t) => `onset ${t}`, clause: (c) => `plan ${c}`,
		inHours: (l, h) => `${l} in ${h} h if this goes on`, met: (l) => `${l}: its condition is met`, unknown: (l) => `${l}: nobody can tell for want of data`,
		endsIn: (l, h) => `${l} ends in ${h} h at the earliest`, stays: (l) => `${l} stays for now`, noLevel: 'no level if this goes on', chance: 'Chance in 24 h',
		possible: (l, s) => `${l} is possible by ${s || 'the highest values of the forecast'}`, dust: 'a dust event, nothing is decided', overRange: (p) => `${p}: the instrument is over range, a person must look`,
		wholeText: 'Text for release', realtime: 'real-time AQI', daily: 'daily AQI', plan: 'for the plan', na: 'NA', primary: (p) => `primary pollutant ${p}`,
		hourOf: (t) => `hour to ${t}`, running: (t) => `hour to ${t}, running`, mean: '1 h', now: 'running', iaqi: 'IAQI', state: 'state', beside: 'also measured', calm: 'calm',
		forecast: (s, t, a) => `forecast ${s}, issued ${t}, ${a} h ago`, forecastOld: 'too old', noForecast: 'no forecast', unit: 'unit', measures: 'measures', receipt: 'receipt', silent: 'silent',
		outcome: {received: 'received', done: 'done', partly: 'partly', not: 'not done'},
		authority: {directive: 'by the directive', advice: "by the station's advice (not binding)"}, noMeasures: 'no measures',
		pollutant: 'pollutant', least: 'at least', required: 'required', planned: 'planned', shortfall: 'shortfall', kgd: 'kg/d', metCut: 'met', short: 'short', unsaid: 'unknown',
		noCuts: 'no cut is asked for', orders: (n) => `${n} orders`, noOrders: 'no orders', source: 'source', keeper: 'keeper', more: (n) => `and ${n} more`,
		noEvents: 'no event yet', about: {advice: 'advice', directive: 'directive'},
		event: {issue: 'issue', upgrade: 'upgrade', downgrade: 'downgrade', lift: 'lift', hold: 'hold', resume: 'resume', announced: 'announced', withdrawn: 'withdrawn', amended: 'amended', overdue: 'overdue', rules_changed: 'rules changed', correction: 'correction', dust: 'dust'},
		well: 'nothing to report', silentChannel: (c, w, t) => `channel ${c}: ${w}${t ? `, since ${t}` : ''}`, clock: {trusted: 'clock trusted', waiting: 'clock waits for synchronisation', unsynchronised: 'clock not synchronised', simulated: 'clock simulated'},
		volatile: 'the disk refuses: a power cut would lose this', storeBad: 'the database fails', unverified: 'delivery is unverified (an old broker)', blocked: (n) => `${n} messages refused by the broker`, waiting: (n) => `${n} messages wait`,
		damaged: (n) => `${n} rows of the database are damaged`, unsynchronised: 'time not synchronised', particles: (t) => `PM2.5 above PM10 since ${t}`, omitted: (o) => `left out of a large message: ${o}`,
		clocks: (m) => `the clocks of screen and station differ by ${m} min`, noHealth: 'nothing about its health yet', silentSince: (t) => `no data since ${t}`,
		rosterOf: (n) => `stations of ${n}`, rosterHead: ['station', 'role', 'last hour', 'real-time AQI', 'data quality', 'in the mean', 'age'], yes: 'yes', no: 'no', minutes: (n) => `${n} min`,
		role: {assessment: 'assessment', traffic: 'traffic', background: 'background', micro: 'micro'},
		map: 'map of the stations', login: 'Log in to the broker', user: 'user', password: 'password', keep: 'remember on this screen', go: 'log in', partial: 'not all six are monitored',
		warningWord: (name) => name, sentences: (a, b) => `${a}. ${b}.`,
	},
};

hazewatch.why = {
	zh: {timeout: '无应答', bad_frame: '应答损坏', exception: '拒绝', link: '连接中断', echo: '回显', out_of_range: '超出合理范围', over_range: '超量程', sentinel: '仪器报无值', status: '仪器报异常', frozen: '数值冻结', fall: '骤降', jump: '突变', identity: '并非该仪器', zero_check: '零点检查', span_check: '跨度检查', warm_up: '预热', maintenance: '维护', out_of_service: '停运', manual: '手工录入', calibration: '校准', clock: '时钟', review: '人工审核无效', expect: '寄存器与配置不符', stale: '数据陈旧', none: '无数值'},
	en: {timeout: 'no answer', bad_frame: 'damaged answer', exception: 'refused', link: 'no connection', echo: 'echo', out_of_range: 'out of range', over_range: 'over range', sentinel: 'it says: no value', status: 'its status says so', frozen: 'frozen', fall: 'fallen', jump: 'leap', identity: 'not this instrument', zero_check: 'zero check', span_check: 'span check', warm_up: 'warm-up', maintenance: 'maintenance', out_of_service: 'out of service', manual: 'typed in', calibration: 'calibration', clock: 'clock', review: 'invalidated by review', expect: 'a register is not as expected', stale: 'old values', none: 'no value'},
};

hazewatch.pollutants = [
	['pm25', 'PM2.5', 'pm25_ug_m3', 'μg/m³'], ['pm10', 'PM10', 'pm10_ug_m3', 'μg/m³'], ['so2', 'SO2', 'so2_ug_m3', 'μg/m³'],
	['no2', 'NO2', 'no2_ug_m3', 'μg/m³'], ['co', 'CO', 'co_mg_m3', 'mg/m³'], ['o3', 'O3', 'o3_ug_m3', 'μg/m³'],
];
// What is measured beside them: no index rests on it.
hazewatch.auxiliaries = [
	['tsp', {zh: 'TSP', en: 'TSP'}, 'tsp_ug_m3', 'μg/m³'], ['no', {zh: 'NO', en: 'NO'}, 'no_ug_m3', 'μg/m³'], ['nox', {zh: 'NOx', en: 'NOx'}, 'nox_ug_m3', 'μg/m³'],
	['temperature', {zh: '气温', en: 'temperature'}, 'temperature_c', '℃'], ['humidity', {zh: '相对湿度', en: 'humidity'}, 'humidity_pct', '%'],
	['pressure', {zh: '气压', en: 'pressure'}, 'pressure_hpa', 'hPa'], ['wind_speed', {zh: '风速', en: 'wind speed'}, 'wind_speed_m_s', 'm/s'],
	['wind_direction', {zh: '风向', en: 'wind from'}, 'wind_direction_deg', '°'], ['noise', {zh: '噪声', en: 'noise'}, 'noise_db', 'dB'],
	['rain', {zh: '降雨量', en: 'rain'}, 'rain_mm', 'mm'],
];
hazewatch.emissions = [['so2', 'SO2'], ['nox', 'NOx'], ['pm', 'PM'], ['vocs', 'VOCs']];

hazewatch.language = 'zh';
hazewatch.say = (key) => hazewatch.words[hazewatch.language][key];
// A pair {zh, en} in the language chosen, else in the other one.
hazewatch.both = (pair) => {
	const other = hazewatch.language === 'zh' ? 'en' : 'zh';
	return pair ? pair[hazewatch.language] || pair[other] || '' : '';
};
hazewatch.reason = (why) => hazewatch.why[hazewatch.language][why] || why;
hazewatch.pollutant = (key) => (hazewatch.pollutants.find((each) => each[0] === key) || [key, key])[1];
hazewatch.list = (items) => items.join(hazewatch.language === 'zh' ? '、' : ', ');
hazewatch.join = (items) => items.filter(Boolean).join(hazewatch.language === 'zh' ? '，' : ', ');

// "2026-01-11T18:00:00+08:00" -> "01-11 18:00": every time of the contract is Beijing's.
hazewatch.time = (text) => (text ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : '');
// An END label: midnight is 24:00 of the day before.
hazewatch.hour = (text) => {
	if (!text || text.slice(11, 16) !== '00:00')
		return hazewatch.time(text);
	const before = new Date(Date.parse(text) + 8 * 3600e3 - 1).toISOString();
	return `${before.slice(5, 10)} 24:00`;
};
// The screen's own clock, told in Beijing time.
hazewatch.moment = (ms) => hazewatch.time(new Date(ms + 8 * 3600e3).toISOString());
