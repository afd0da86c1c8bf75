/* SPDX-License-Identifier: MIT */
/*
 * The smallest right file of each kind, which the loaders' tests spoil in one place. Lines are
 * numbered in the comments because messages name them.
 */
#ifndef TESTS_CONF_RULES_BASE_H
#define TESTS_CONF_RULES_BASE_H

#define WORDS                                                                                      \
	"level_zh: 级, name_zh: 名, name_en: n, colour_zh: 色, colour_en: c, health_zh: 健, "  \
	"health_en: h, advice_zh: 议, advice_en: a, "

static const char edition_base[] =
	"kind: edition\n" /* 1 */
	"id: small\n"
	"title_zh: 小\n"
	"title_en: small\n"
	"source: invented\n" /* 5 */
	"index: [0, 50, 100]\n"
	"columns:\n"
	"  so2_24h: {breakpoints: [0, 50, 150], above: 100, clause: t1}\n" /* 8 */
	"  so2_1h: {breakpoints: [0, 150], above: none, clause: t1}\n"
	"  no2_24h: {breakpoints: [0, 40, 80], above: 100, clause: t1}\n" /* 10 */
	"  no2_1h: {breakpoints: [0, 100, 200], above: 100, clause: t1}\n"
	"  co_24h: {breakpoints: [0, 2, 4.5], above: 100, clause: t1}\n"
	"  co_1h: {breakpoints: [0, 5, 10], above: 100, clause: t1}\n"
	"  o3_1h: {breakpoints: [0, 160, 200], above: 100, clause: t1}\n"
	"  o3_8h: {breakpoints: [0, 100], above: 50, clause: t1}\n" /* 15 */
	"  pm10_24h: {breakpoints: [0, 50, 120], above: 100, clause: t1}\n"
	"  pm25_24h: {breakpoints: [0, 35, 60], above: 100, clause: t1}\n"
	"daily: [so2_24h, o3_1h, o3_8h]\n" /* 18 */
	"realtime: [so2_1h, pm25_24h]\n"
	"validity: {hour_min_minutes: 45, day_min_hours: 20, o3_8h_min_hours: 6, "
	"o3_8h_min_means: 14, o3_1h_min_hours: 20}\n" /* 20 */
	"rounding: {hours: true, means: false}\n"
	"incomplete_above: none\n"
	"primary_above: 50\n"
	"categories:\n"
	"  - {upto: 50, " WORDS "rgb: \"00E400\"}\n" /* 25 */
	"  - {upto: 100, " WORDS "rgb: \"FFFF00\"}\n"
	"bounds: {pm25: 2000, pm10: 6000, so2: 3000, no2: 5000, co: 200, o3: 1500}\n";

static const char plan_base[] =
	"kind: plan\n" /* 1 */
	"id: small\n"
	"title_zh: 小\n"
	"title_en: small\n"
	"document: none\n" /* 5 */
	"gap_h: 3\n"
	"levels:\n"
	"  - {id: yellow, rank: 1, colour: FFD800, severity: Moderate,\n"
	"     response: III, name_zh: 黄, name_en: yellow, clause: c1, min_cut_pct: {so2: 10},\n"
	"     any: [{clause: c1, all: [{index: daily_aqi, above: 150, for_h: 48}]}]}\n" /* 10 */
	"  - {id: orange, rank: 2, colour: FF8C00, severity: Severe,\n"
	"     response: II, name_zh: 橙, name_en: orange, clause: c2, min_cut_pct: {so2: 20},\n"
	"     any: [{clause: c2, all: [{index: daily_aqi, above: 200, for_h: 48}]}]}\n"
	"  - {id: red, rank: 3, colour: D40000, severity: Extreme,\n"
	"     response: I, name_zh: 红, name_en: red, clause: c3, min_cut_pct: {so2: 30},\n" /* 15
											      */
	"     any: [{clause: c3, all: [{index: daily_aqi, above: 200, for_h: 72}]}]}\n"
	"units:\n"
	"  - {id: office, zh: 办, en: office}\n"
	"  - {id: roads, zh: 路, en: roads}\n"
	"measures:\n" /* 20 */
	"  - {id: cut-10, level: yellow, group: g, clause: m1, zh: 减, en: cut, units: [office], "
	"unit_source: text}\n"
	"  - {id: cut-20, level: orange, group: g, clause: m2, zh: 减, en: cut, units: [], "
	"unit_source: none, replaces: cut-10}\n";

static const char profile_base[] =
	"kind: profile\n" /* 1 */
	"id: small\n"
	"maker: nobody\n"
	"model: small\n"
	"source: invented\n" /* 5 */
	"rows:\n"
	"  - {pollutant: pm25, function: 3, address: 0, type: f32, unit: ug/m3, range: [0, 1000]}\n"
	"  - {pollutant: so2, function: 3, address: 2, type: u16, unit: ppb, range: [0, 500], "
	"sentinels: [65535]}\n"
	"status: {function: 3, address: 10, mask: 3, normal: 1}\n"; /* 9 */

#endif
