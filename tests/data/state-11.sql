-- SPDX-License-Identifier: MIT
-- state.db as version 0.1.0 wrote it with schema 11; README.md says what is in it.
PRAGMA application_id = 1215976308;
PRAGMA user_version = 11;
BEGIN TRANSACTION;
CREATE TABLE advice (
id INTEGER PRIMARY KEY CHECK (id = 1),
held INTEGER NOT NULL,
holding INTEGER NOT NULL,
episode INTEGER NOT NULL,
since INTEGER NOT NULL,
last_event INTEGER NOT NULL,
last_hour INTEGER NOT NULL,
condition INTEGER NOT NULL,
run_first INTEGER NOT NULL,
run_last INTEGER NOT NULL,
met_at INTEGER NOT NULL,
onset INTEGER NOT NULL,
basis INTEGER NOT NULL CHECK (basis IN (0, 1, 2)),
run_max INTEGER NOT NULL,
run_hours INTEGER NOT NULL,
part1_hours INTEGER NOT NULL,
part1_needed INTEGER NOT NULL,
part2_hours INTEGER NOT NULL,
part2_needed INTEGER NOT NULL,
part3_hours INTEGER NOT NULL,
part3_needed INTEGER NOT NULL,
part4_hours INTEGER NOT NULL,
part4_needed INTEGER NOT NULL,
edition TEXT NOT NULL,
plan TEXT NOT NULL,
rules INTEGER NOT NULL,
crc INTEGER NOT NULL
) STRICT;
INSERT INTO "advice" VALUES(1,0,1,0,0,9,481690,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,'hj633-2026','hetang-2024',360931565,2349694237);
CREATE TABLE advice_course (
id INTEGER PRIMARY KEY CHECK (id = 1),
hold_told INTEGER NOT NULL,
undecided INTEGER NOT NULL,
lowered INTEGER NOT NULL,
ended INTEGER NOT NULL,
wary INTEGER NOT NULL,
said_first INTEGER NOT NULL,
said INTEGER NOT NULL,
beyond1 INTEGER NOT NULL, beyond2 INTEGER NOT NULL, beyond3 INTEGER NOT NULL,
beyond4 INTEGER NOT NULL, beyond5 INTEGER NOT NULL, beyond6 INTEGER NOT NULL,
beyond7 INTEGER NOT NULL, beyond8 INTEGER NOT NULL,
hold_reason TEXT NOT NULL,
source TEXT NOT NULL,
crc INTEGER NOT NULL
) STRICT;
INSERT INTO "advice_course" VALUES(1,481686,14,0,0,0,0,0,0,0,0,0,0,0,0,0,'insufficient_data','',1519618094);
CREATE TABLE alert_chains (
topic TEXT PRIMARY KEY,
standing INTEGER NOT NULL CHECK (standing BETWEEN 0 AND 2),
message INTEGER NOT NULL,
subject INTEGER NOT NULL,
level TEXT NOT NULL,
sent INTEGER NOT NULL,
onset INTEGER NOT NULL,
expires INTEGER NOT NULL,
cut INTEGER NOT NULL,
overdue INTEGER NOT NULL,
public INTEGER NOT NULL,
released INTEGER NOT NULL,
all_clear INTEGER NOT NULL,
next_level TEXT,
next_start INTEGER NOT NULL,
counted_from INTEGER NOT NULL,
counted INTEGER NOT NULL,
crc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "alert_chains" VALUES('advice',0,0,0,'none',0,0,0,0,0,0,0,0,'none',0,0,0,469052339);
INSERT INTO "alert_chains" VALUES('announced',1,7,3,'red',1734070253972,1734102000000,1734188400000,0,0,0,0,0,NULL,0,1734070092663,3,1701134429);
INSERT INTO "alert_chains" VALUES('directive',1,3,1,'orange',1734070052310,1734069842463,1734156452310,0,0,1,1,0,'red',1734102000000,1734069842463,3,1058908883);
CREATE TABLE alert_messages (
message INTEGER PRIMARY KEY AUTOINCREMENT,
seq INTEGER NOT NULL,
identifier TEXT NOT NULL,
sent TEXT NOT NULL,
crc INTEGER NOT NULL,
went INTEGER NOT NULL DEFAULT 0 CHECK (went IN (0, 1)),
told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT;
INSERT INTO "alert_messages" VALUES(1,27,'02122c8b-2ec8-4513-9223-f06be5e349af-27','2024-12-13T14:04:02+08:00',3983004557,1,1);
INSERT INTO "alert_messages" VALUES(2,35,'02122c8b-2ec8-4513-9223-f06be5e349af-35','2024-12-13T14:06:07+08:00',677575142,1,1);
INSERT INTO "alert_messages" VALUES(3,45,'02122c8b-2ec8-4513-9223-f06be5e349af-45','2024-12-13T14:07:32+08:00',2797190923,1,1);
INSERT INTO "alert_messages" VALUES(4,46,'02122c8b-2ec8-4513-9223-f06be5e349af-46','2024-12-13T14:07:32+08:00',215815985,1,1);
INSERT INTO "alert_messages" VALUES(5,55,'02122c8b-2ec8-4513-9223-f06be5e349af-55','2024-12-13T14:08:12+08:00',2100957695,1,1);
INSERT INTO "alert_messages" VALUES(6,63,'02122c8b-2ec8-4513-9223-f06be5e349af-63','2024-12-13T14:09:59+08:00',2008600488,1,1);
INSERT INTO "alert_messages" VALUES(7,71,'02122c8b-2ec8-4513-9223-f06be5e349af-71','2024-12-13T14:10:53+08:00',3478634955,1,1);
CREATE TABLE alert_references (
topic TEXT NOT NULL,
place INTEGER NOT NULL,
message INTEGER NOT NULL,
subject INTEGER NOT NULL,
level TEXT NOT NULL,
onset INTEGER NOT NULL,
expires INTEGER NOT NULL,
sent INTEGER NOT NULL CHECK (sent IN (0, 1)),
crc INTEGER NOT NULL,
PRIMARY KEY (topic, place)
) STRICT, WITHOUT ROWID;
INSERT INTO "alert_references" VALUES('announced',1,4,2,'red',1734102000000,1734188400000,1,3218143383);
INSERT INTO "alert_references" VALUES('announced',2,5,3,'red',1734102000000,1734188400000,1,589685947);
INSERT INTO "alert_references" VALUES('announced',3,6,3,'red',1734102000000,1734145200000,1,449961516);
INSERT INTO "alert_references" VALUES('announced',4,7,3,'red',1734102000000,1734188400000,1,2247357299);
INSERT INTO "alert_references" VALUES('directive',1,1,1,'orange',1734069842463,1734156242463,1,1435854927);
INSERT INTO "alert_references" VALUES('directive',2,2,1,'orange',1734069842463,1734156367822,1,129680337);
INSERT INTO "alert_references" VALUES('directive',3,3,1,'orange',1734069842463,1734156452310,1,80092638);
CREATE TABLE aqi (
hour INTEGER PRIMARY KEY,
edition TEXT NOT NULL,
daily INTEGER,
daily_published INTEGER NOT NULL CHECK (daily_published IN (0, 1)),
daily_complete INTEGER NOT NULL CHECK (daily_complete IN (0, 1)),
daily_category INTEGER,
daily_primary TEXT NOT NULL,
realtime INTEGER,
realtime_published INTEGER NOT NULL CHECK (realtime_published IN (0, 1)),
realtime_complete INTEGER NOT NULL CHECK (realtime_complete IN (0, 1)),
realtime_category INTEGER,
realtime_primary TEXT NOT NULL,
rev INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "aqi" VALUES(481686,'hj633-2026',NULL,0,0,NULL,'',NULL,0,0,NULL,'',1);
INSERT INTO "aqi" VALUES(481687,'hj633-2026',NULL,0,0,NULL,'',259,1,1,5,'pm25',0);
INSERT INTO "aqi" VALUES(481688,'hj633-2026',NULL,0,0,NULL,'',272,1,1,5,'pm25',0);
INSERT INTO "aqi" VALUES(481689,'hj633-2026',NULL,0,0,NULL,'',285,1,1,5,'pm25',0);
INSERT INTO "aqi" VALUES(481690,'hj633-2026',NULL,0,0,NULL,'',298,1,1,5,'pm25',0);
CREATE TABLE chain_anchors (
chain TEXT PRIMARY KEY,
number INTEGER NOT NULL,
hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE command_totals (
kind TEXT PRIMARY KEY,
rows INTEGER NOT NULL,
bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "command_totals" VALUES('directive',5,865);
INSERT INTO "command_totals" VALUES('dust',1,167);
INSERT INTO "command_totals" VALUES('forecast',1,386);
INSERT INTO "command_totals" VALUES('receipt',1,240);
INSERT INTO "command_totals" VALUES('release',1,315);
INSERT INTO "command_totals" VALUES('review',1,229);
CREATE TABLE commands (
id TEXT PRIMARY KEY,
kind TEXT NOT NULL,
issuer TEXT NOT NULL,
time INTEGER NOT NULL,
received INTEGER NOT NULL,
outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
why TEXT NOT NULL,
json TEXT NOT NULL
) STRICT;
INSERT INTO "commands" VALUES('forecast//c-1','forecast','市指挥中心',1734069734900,1734069763036,'accepted','','{"hours":[{"hour":"2024-12-13T15:00:00+08:00","pm25_ug_m3":181.5},{"hour":"2024-12-13T16:00:00+08:00","pm25_ug_m3":182.5},{"hour":"2024-12-13T17:00:00+08:00","pm25_ug_m3":183.5},{"hour":"2024-12-13T18:00:00+08:00","pm25_ug_m3":184.5}],"id":"c-1","issued":"2024-12-13T13:52:24.371+08:00","issuer":"市指挥中心","kind":"model","source":"市站","time":"2024-12-13T14:02:14.900+08:00"}');
INSERT INTO "commands" VALUES('dust//c-2','dust','市指挥中心',1734069762246,1734069795245,'accepted','','{"from":"2024-12-13T13:00:00+08:00","id":"c-2","issuer":"市指挥中心","source":"气象台","time":"2024-12-13T14:02:42.246+08:00","to":"2024-12-13T14:00:00+08:00"}');
INSERT INTO "commands" VALUES('directive//c-3','directive','市指挥中心',1734069815309,1734069842463,'accepted','','{"area":"430202","document":"指〔2013〕1号","id":"c-3","issuer":"市指挥中心","level":"orange","start":"2024-12-13T14:02:45.286+08:00","time":"2024-12-13T14:03:35.309+08:00"}');
INSERT INTO "commands" VALUES('release//c-4','release','市指挥中心',1734069884042,1734069967822,'accepted','','{"directive":"c-3","id":"c-4","issuer":"市指挥中心","level":"orange","number":"2013-7","post":"副指挥长","reviewed":"2024-12-13T14:03:54.032+08:00","reviewer":"张三","signed":"2024-12-13T14:04:24.035+08:00","signer":"李四","start":"2024-12-13T14:03:54.014+08:00","time":"2024-12-13T14:04:44.042+08:00"}');
INSERT INTO "commands" VALUES('receipt//c-5','receipt','市指挥中心',1734069992114,1734070018093,'accepted','','{"cut_kg_d":12.345,"done_pct":80,"id":"c-5","issuer":"市指挥中心","note":"一条线未停","outcome":"done","person":"赵六","ref":"02122c8b-2ec8-4513-9223-f06be5e349af-34","time":"2024-12-13T14:06:32.114+08:00","unit":"区住建局"}');
INSERT INTO "commands" VALUES('directive//c-6','directive','市指挥中心',1734070019067,1734070052310,'accepted','','{"after":"c-3","area":"430202","document":"指〔2013〕2号","id":"c-6","issuer":"市指挥中心","level":"red","start":"2024-12-13T23:00:00+08:00","time":"2024-12-13T14:06:59.067+08:00"}');
INSERT INTO "commands" VALUES('directive//c-7','directive','市指挥中心',1734070061800,1734070092663,'accepted','','{"after":"c-6","area":"430202","document":"指〔2013〕3号","id":"c-7","issuer":"市指挥中心","level":"red","start":"2024-12-13T23:00:00+08:00","time":"2024-12-13T14:07:41.800+08:00"}');
INSERT INTO "commands" VALUES('directive//c-8','directive','市指挥中心',1734070169340,1734070199423,'accepted','','{"area":"430202","document":"指〔2013〕4号","id":"c-8","issuer":"市指挥中心","level":"none","start":"2024-12-14T11:00:00+08:00","time":"2024-12-13T14:09:29.340+08:00"}');
INSERT INTO "commands" VALUES('directive//c-9','directive','市指挥中心',1734070225213,1734070253972,'accepted','','{"document":"指〔2013〕5号","id":"c-9","issuer":"市指挥中心","time":"2024-12-13T14:10:25.213+08:00","withdraws":["c-8"]}');
INSERT INTO "commands" VALUES('review//c-10','review','市指挥中心',1734070250800,1734070266396,'accepted','','{"action":"invalidate","from":"2024-12-13T14:00:00+08:00","id":"c-10","issuer":"市指挥中心","pollutants":["pm25"],"reason":"停电","reviewer":"王五","time":"2024-12-13T14:10:50.800+08:00","to":"2024-12-13T14:00:00+08:00"}');
CREATE TABLE "directives" (
number INTEGER PRIMARY KEY,
command TEXT NOT NULL REFERENCES commands (id),
received INTEGER NOT NULL,
level TEXT,
start INTEGER,
planned_end INTEGER,
regional INTEGER NOT NULL CHECK (regional IN (0, 1)),
area TEXT NOT NULL,
document TEXT NOT NULL,
issuer TEXT NOT NULL,
crc INTEGER NOT NULL,
said INTEGER,
time INTEGER,
after TEXT,
withdraws TEXT
, too_late TEXT, passed_over_by INTEGER) STRICT;
INSERT INTO "directives" VALUES(1,'directive//c-3',1734069842463,'orange',1734069765286,NULL,0,'430202','指〔2013〕1号','市指挥中心',1042374640,1734069815309,1734069815309,'','[]','[]',NULL);
INSERT INTO "directives" VALUES(2,'directive//c-6',1734070052310,'red',1734102000000,NULL,0,'430202','指〔2013〕2号','市指挥中心',1094135613,1734070019067,1734070019067,'c-3','[]','[]',NULL);
INSERT INTO "directives" VALUES(3,'directive//c-7',1734070092663,'red',1734102000000,NULL,0,'430202','指〔2013〕3号','市指挥中心',4219622288,1734070061800,1734070061800,'c-6','[]','[]',NULL);
INSERT INTO "directives" VALUES(4,'directive//c-8',1734070199423,'none',1734145200000,NULL,0,'430202','指〔2013〕4号','市指挥中心',1058079573,1734070169340,1734070169340,'','[]','[]',NULL);
INSERT INTO "directives" VALUES(5,'directive//c-9',1734070253972,NULL,NULL,NULL,0,'','指〔2013〕5号','市指挥中心',3841487771,1734070225213,1734070225213,'','["c-8"]','[]',NULL);
CREATE TABLE dust (
hour INTEGER PRIMARY KEY,
source TEXT NOT NULL
) STRICT;
INSERT INTO "dust" VALUES(481685,'气象台');
INSERT INTO "dust" VALUES(481686,'气象台');
CREATE TABLE events (
number INTEGER PRIMARY KEY,
kind TEXT NOT NULL,
about TEXT NOT NULL CHECK (about IN ('advice', 'directive')),
level TEXT NOT NULL,
previous TEXT NOT NULL,
hour INTEGER NOT NULL,
onset INTEGER,
basis TEXT NOT NULL,
episode INTEGER,
revised TEXT,
revised_from INTEGER
, made INTEGER, onset_ms INTEGER, directive INTEGER, by_directive INTEGER, reason TEXT, plan TEXT, edition TEXT, rules INTEGER, list INTEGER, message TEXT, hash_before TEXT, hash TEXT) STRICT;
INSERT INTO "events" VALUES(1,'hold','advice','none','none',481686,NULL,'observed',NULL,NULL,NULL,1734069723691,NULL,NULL,NULL,'insufficient_data','hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-8","time":"2024-12-13T14:02:03+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":8,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":1,"follows":null,"event":"hold","about":"advice","level":"none","rank":0,"response":null,"level_before":"none","rank_before":0,"hour":"2024-12-13T14:00:00+08:00","onset":null,"episode":null,"basis":"observed","reason":"insufficient_data","undecided":["yellow","orange","red"],"wants_forecast":false,"wants_data_of":["pm25"],"text_zh":"【演练】试验站预警建议：细颗粒物（PM2.5）有效数据不足，无法判定黄色、橙色、红色预警；维持不发布预警。本信息为监测站点建议，以市指挥中心指令为准。","text_en":"【演练】EXERCISE. Test station, warning advice: Insufficient valid data of PM2.5; undecided: yellow, orange, red; advice stays: none. Advice of one station; only a directive puts a level in force."}','','1e6d3a054442d94d72be3a5872f519764d929cbf3cf584c8e5dacac93866cc2b');
INSERT INTO "events" VALUES(2,'dust','advice','none','none',481686,NULL,'observed',NULL,NULL,NULL,1734069795245,NULL,NULL,NULL,NULL,'hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-19","time":"2024-12-13T14:03:15+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":19,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":2,"follows":1,"event":"dust","about":"advice","level":"none","rank":0,"response":null,"level_before":"none","rank_before":0,"hour":"2024-12-13T14:00:00+08:00","onset":null,"episode":null,"basis":"observed","from":"2024-12-13T13:00:00+08:00","to":"2024-12-13T14:00:00+08:00","cleared":false,"source":"气象台","text_zh":"【演练】试验站预警建议：沙尘过程：2024年12月13日12时至2024年12月13日14时，期间颗粒物不计入预警判定。本信息为监测站点建议，以市指挥中心指令为准。","text_en":"【演练】EXERCISE. Test station, warning advice: Dust event: 2024-12-13 12:00 to 2024-12-13 14:00; particles do not count for the plan. Advice of one station; only a directive puts a level in force."}','1e6d3a054442d94d72be3a5872f519764d929cbf3cf584c8e5dacac93866cc2b','356a6954cb3b2d4fd8b09a4f2c7f7e1d62d4885001285324422d2940427999aa');
INSERT INTO "events" VALUES(3,'issue','directive','orange','none',481686,481687,'observed',1,NULL,NULL,1734069842463,1734069842463,1,NULL,'said','hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-26","time":"2024-12-13T14:04:02+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":26,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":3,"follows":2,"event":"issue","about":"directive","level":"orange","rank":2,"response":"II","level_before":"none","rank_before":0,"hour":"2024-12-13T14:00:00+08:00","onset":"2024-12-13T14:04:02+08:00","episode":1,"reason":"said","by":null,"directive":{"number":1,"id":"c-3","level":"orange","start":"2024-12-13T14:02:45+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕1号","issuer":"市指挥中心","said":"2024-12-13T14:03:35+08:00","released":false,"rank":2,"response":"II","effective":"2024-12-13T14:04:02+08:00","overdue":false},"text_zh":"【演练】试验站收到预警指令：发布橙色预警（Ⅱ级响应），自2024年12月13日14时4分起生效（指令所定时间2024年12月13日14时2分），区域：430202，文号：指〔2013〕1号。减排比例不低于：SO2 20%、NOx 20%、颗粒物 20%、VOCs 20%。主要措施：施工工地落实黄色预警减排措施，增加洒水降尘频次；施工工地和渣土处置场停止渣土施工与运输、混凝土搅拌、拆除、外墙喷涂粉刷、护坡喷浆等作业（应急抢险、区重点工程、特殊工艺除外）；城区道路每日洒水不少于 3 次；纳入应急减排清单的企业按“一厂一策”落实橙色预警减排措施，全区二氧化硫、氮氧化物、颗粒物、挥发性有机物各减排不低于 20%；工业企业停止使用国Ⅱ及以下排放标准的非道路移动机械；施工工地落实橙色预警减排措施，停止使用国Ⅱ及以下排放标准的非道路移动机械；重点道路每日洒水不少于 5 次；日进出车辆超过 10 辆次的矿山、物流等大宗货物运输单位停止使用国Ⅳ及以下排放标准的重型载货汽车，含燃气汽车（民生保障、特种车辆、危化品车辆除外）；对拒不停产的企业落实停电措施；加强禁燃区烟花爆竹查处；对园区施工工地实施扬尘管控或暂停施工。须由指挥长批准。市指令已收到，待区指挥中心签发。","text_en":"【演练】EXERCISE. Test station, directive received: issues orange (response II), since 2024-12-13 14:04 (start as ordered: 2024-12-13 14:02), area: 430202, document: 指〔2013〕1号. Cut at least: SO2 20 %, NOx 20 %, PM 20 %, VOCs 20 %. Main measures: Building sites carry out the yellow measures and water against dust more often; Building sites and spoil disposal sites stop spoil works and haulage, concrete mixing, demolition, facade spraying and painting, slope shotcreting and the like (except emergency repair, key projects of the district, special processes); City roads are watered at least 3 times a day; Enterprises on the emergency emission-reduction list carry out the orange measures of their own plans; SO2, NOx, PM and VOCs are each cut by at least 20 % district-wide; Industrial enterprises stop using non-road mobile machinery of China stage II and older; Building sites carry out the orange measures and stop using non-road mobile machinery of China stage II and older; Key roads are watered at least 5 times a day; Bulk-haulage sites such as mines and logistics with more than 10 vehicle movements a day stop using heavy goods vehicles of China stage IV and older, gas-fuelled ones included (except supplies for the people''s livelihood, special vehicles, vehicles that carry dangerous goods); Cut the power of enterprises that refuse to stop production; Enforce the ban in the no-fireworks zone; Control dust at building sites inside the industrial park, or suspend their works. Needs approval: commander. The city''s directive has been received; it waits to be signed for release by the district command centre."}','356a6954cb3b2d4fd8b09a4f2c7f7e1d62d4885001285324422d2940427999aa','fca074f86e9c1feeb127ae7f4e319c64a3ec75047259494bb9435b8f3a8e937c');
INSERT INTO "events" VALUES(4,'announced','directive','red','orange',481686,481696,'observed',1,NULL,NULL,1734070052310,1734102000000,2,NULL,'said','hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-44","time":"2024-12-13T14:07:32+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":44,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":4,"follows":3,"event":"announced","about":"directive","level":"red","rank":3,"response":"I","level_before":"orange","rank_before":2,"hour":"2024-12-13T14:00:00+08:00","onset":"2024-12-13T23:00:00+08:00","episode":1,"reason":"said","by":null,"directive":{"number":2,"id":"c-6","level":"red","start":"2024-12-13T23:00:00+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕2号","issuer":"市指挥中心","said":"2024-12-13T14:06:59+08:00","released":false,"rank":3,"response":"I","effective":null,"overdue":false},"text_zh":"【演练】试验站收到预警指令（尚未到启动时间）：升级为红色预警（Ⅰ级响应），自2024年12月13日23时起，区域：430202，文号：指〔2013〕2号。减排比例不低于：SO2 30%、NOx 30%、颗粒物 30%、VOCs 30%。主要措施：施工工地落实黄色预警减排措施，增加洒水降尘频次；施工工地和渣土处置场停止渣土施工与运输、混凝土搅拌、拆除、外墙喷涂粉刷、护坡喷浆等作业（应急抢险、区重点工程、特殊工艺除外）；工业企业停止使用国Ⅱ及以下排放标准的非道路移动机械；施工工地落实橙色预警减排措施，停止使用国Ⅱ及以下排放标准的非道路移动机械；日进出车辆超过 10 辆次的矿山、物流等大宗货物运输单位停止使用国Ⅳ及以下排放标准的重型载货汽车，含燃气汽车（民生保障、特种车辆、危化品车辆除外）；纳入应急减排清单的企业按“一厂一策”落实红色预警减排措施，全区二氧化硫、氮氧化物、颗粒物、挥发性有机物各减排不低于 30%；施工工地落实红色预警减排措施，强化橙色预警各项措施；城区道路每日洒水不少于 4 次；重点道路每日洒水不少于 5 次；引导过境柴油车绕行；对拒不停产的企业落实停电措施；加强禁燃区烟花爆竹查处；对园区施工工地实施扬尘管控或暂停施工。须由指挥长批准。市指令已收到，待区指挥中心签发。","text_en":"【演练】EXERCISE. Test station, directive announced: upgrades to red (response I), from 2024-12-13 23:00, area: 430202, document: 指〔2013〕2号. Cut at least: SO2 30 %, NOx 30 %, PM 30 %, VOCs 30 %. Main measures: Building sites carry out the yellow measures and water against dust more often; Building sites and spoil disposal sites stop spoil works and haulage, concrete mixing, demolition, facade spraying and painting, slope shotcreting and the like (except emergency repair, key projects of the district, special processes); Industrial enterprises stop using non-road mobile machinery of China stage II and older; Building sites carry out the orange measures and stop using non-road mobile machinery of China stage II and older; Bulk-haulage sites such as mines and logistics with more than 10 vehicle movements a day stop using heavy goods vehicles of China stage IV and older, gas-fuelled ones included (except supplies for the people''s livelihood, special vehicles, vehicles that carry dangerous goods); Enterprises on the emergency emission-reduction list carry out the red measures of their own plans; SO2, NOx, PM and VOCs are each cut by at least 30 % district-wide; Building sites carry out the red measures and tighten those of orange; City roads are watered at least 4 times a day; Key roads are watered at least 5 times a day; Divert diesel through traffic around the city; Cut the power of enterprises that refuse to stop production; Enforce the ban in the no-fireworks zone; Control dust at building sites inside the industrial park, or suspend their works. Needs approval: commander. The city''s directive has been received; it waits to be signed for release by the district command centre."}','fca074f86e9c1feeb127ae7f4e319c64a3ec75047259494bb9435b8f3a8e937c','3eac648fda1d6406b3d6f6a1d7c44772350068053da929752ab424674171ab8a');
INSERT INTO "events" VALUES(5,'withdrawn','directive','red','orange',481686,481696,'observed',1,NULL,NULL,1734070092663,1734102000000,2,3,'replaced','hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-53","time":"2024-12-13T14:08:12+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":53,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":5,"follows":4,"event":"withdrawn","about":"directive","level":"red","rank":3,"response":"I","level_before":"orange","rank_before":2,"hour":"2024-12-13T14:00:00+08:00","onset":"2024-12-13T23:00:00+08:00","episode":1,"reason":"replaced","by":3,"directive":{"number":2,"id":"c-6","level":"red","start":"2024-12-13T23:00:00+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕2号","issuer":"市指挥中心","said":"2024-12-13T14:06:59+08:00","released":false,"rank":3,"response":"I","effective":null,"overdue":false},"text_zh":"【演练】试验站预警指令撤回：原定升级为红色预警（Ⅰ级响应），自2024年12月13日23时起，区域：430202，文号：指〔2013〕2号，不再执行：已由后一指令取代（文号：指〔2013〕3号）。","text_en":"【演练】EXERCISE. Test station, directive withdrawn: will not begin: upgrades to red (response I), from 2024-12-13 23:00, area: 430202, document: 指〔2013〕2号; a later directive replaces it (document: 指〔2013〕3号)."}','3eac648fda1d6406b3d6f6a1d7c44772350068053da929752ab424674171ab8a','8170265f3b2c2616e65b763ac37827f935cfd4e254cf749e7f87ef21dad64ed0');
INSERT INTO "events" VALUES(6,'announced','directive','red','orange',481686,481696,'observed',1,NULL,NULL,1734070092663,1734102000000,3,NULL,'said','hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-54","time":"2024-12-13T14:08:12+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":54,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":6,"follows":5,"event":"announced","about":"directive","level":"red","rank":3,"response":"I","level_before":"orange","rank_before":2,"hour":"2024-12-13T14:00:00+08:00","onset":"2024-12-13T23:00:00+08:00","episode":1,"reason":"said","by":null,"directive":{"number":3,"id":"c-7","level":"red","start":"2024-12-13T23:00:00+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕3号","issuer":"市指挥中心","said":"2024-12-13T14:07:41+08:00","released":false,"rank":3,"response":"I","effective":null,"overdue":false},"text_zh":"【演练】试验站收到预警指令（尚未到启动时间）：升级为红色预警（Ⅰ级响应），自2024年12月13日23时起，区域：430202，文号：指〔2013〕3号。减排比例不低于：SO2 30%、NOx 30%、颗粒物 30%、VOCs 30%。主要措施：施工工地落实黄色预警减排措施，增加洒水降尘频次；施工工地和渣土处置场停止渣土施工与运输、混凝土搅拌、拆除、外墙喷涂粉刷、护坡喷浆等作业（应急抢险、区重点工程、特殊工艺除外）；工业企业停止使用国Ⅱ及以下排放标准的非道路移动机械；施工工地落实橙色预警减排措施，停止使用国Ⅱ及以下排放标准的非道路移动机械；日进出车辆超过 10 辆次的矿山、物流等大宗货物运输单位停止使用国Ⅳ及以下排放标准的重型载货汽车，含燃气汽车（民生保障、特种车辆、危化品车辆除外）；纳入应急减排清单的企业按“一厂一策”落实红色预警减排措施，全区二氧化硫、氮氧化物、颗粒物、挥发性有机物各减排不低于 30%；施工工地落实红色预警减排措施，强化橙色预警各项措施；城区道路每日洒水不少于 4 次；重点道路每日洒水不少于 5 次；引导过境柴油车绕行；对拒不停产的企业落实停电措施；加强禁燃区烟花爆竹查处；对园区施工工地实施扬尘管控或暂停施工。须由指挥长批准。市指令已收到，待区指挥中心签发。","text_en":"【演练】EXERCISE. Test station, directive announced: upgrades to red (response I), from 2024-12-13 23:00, area: 430202, document: 指〔2013〕3号. Cut at least: SO2 30 %, NOx 30 %, PM 30 %, VOCs 30 %. Main measures: Building sites carry out the yellow measures and water against dust more often; Building sites and spoil disposal sites stop spoil works and haulage, concrete mixing, demolition, facade spraying and painting, slope shotcreting and the like (except emergency repair, key projects of the district, special processes); Industrial enterprises stop using non-road mobile machinery of China stage II and older; Building sites carry out the orange measures and stop using non-road mobile machinery of China stage II and older; Bulk-haulage sites such as mines and logistics with more than 10 vehicle movements a day stop using heavy goods vehicles of China stage IV and older, gas-fuelled ones included (except supplies for the people''s livelihood, special vehicles, vehicles that carry dangerous goods); Enterprises on the emergency emission-reduction list carry out the red measures of their own plans; SO2, NOx, PM and VOCs are each cut by at least 30 % district-wide; Building sites carry out the red measures and tighten those of orange; City roads are watered at least 4 times a day; Key roads are watered at least 5 times a day; Divert diesel through traffic around the city; Cut the power of enterprises that refuse to stop production; Enforce the ban in the no-fireworks zone; Control dust at building sites inside the industrial park, or suspend their works. Needs approval: commander. The city''s directive has been received; it waits to be signed for release by the district command centre."}','8170265f3b2c2616e65b763ac37827f935cfd4e254cf749e7f87ef21dad64ed0','34adac06c39b24049216e1c59cbfaf3d161ca2b3fb5ead5e4cef7df11d991cb5');
INSERT INTO "events" VALUES(7,'announced','directive','none','red',481686,481708,'observed',1,NULL,NULL,1734070199423,1734145200000,4,NULL,'said','hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-62","time":"2024-12-13T14:09:59+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":62,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":7,"follows":6,"event":"announced","about":"directive","level":"none","rank":0,"response":null,"level_before":"red","rank_before":3,"hour":"2024-12-13T14:00:00+08:00","onset":"2024-12-14T11:00:00+08:00","episode":1,"reason":"said","by":null,"directive":{"number":4,"id":"c-8","level":"none","start":"2024-12-14T11:00:00+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕4号","issuer":"市指挥中心","said":"2024-12-13T14:09:29+08:00","released":false,"rank":0,"response":null,"effective":null,"overdue":false},"text_zh":"【演练】试验站收到预警指令（尚未到启动时间）：解除红色预警（Ⅰ级响应），自2024年12月14日11时起，区域：430202，文号：指〔2013〕4号。解除的批准权限：预案未规定。市指令已收到，待区指挥中心签发。","text_en":"【演练】EXERCISE. Test station, directive announced: lifts red (response I), from 2024-12-14 11:00, area: 430202, document: 指〔2013〕4号. Who approves a lift: not laid down by the plan. The city''s directive has been received; it waits to be signed for release by the district command centre."}','34adac06c39b24049216e1c59cbfaf3d161ca2b3fb5ead5e4cef7df11d991cb5','a59fe91e0577f88cc03ccb502aaf78999ce99e8e247d7a6848a5cefd4dfb187f');
INSERT INTO "events" VALUES(8,'withdrawn','directive','none','orange',481686,481708,'observed',1,NULL,NULL,1734070253972,1734145200000,4,5,'named','hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-70","time":"2024-12-13T14:10:53+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":70,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":8,"follows":7,"event":"withdrawn","about":"directive","level":"none","rank":0,"response":null,"level_before":"orange","rank_before":2,"hour":"2024-12-13T14:00:00+08:00","onset":"2024-12-14T11:00:00+08:00","episode":1,"reason":"named","by":5,"directive":{"number":4,"id":"c-8","level":"none","start":"2024-12-14T11:00:00+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕4号","issuer":"市指挥中心","said":"2024-12-13T14:09:29+08:00","released":false,"rank":0,"response":null,"effective":null,"overdue":false},"text_zh":"【演练】试验站预警指令撤回：原定解除橙色预警（Ⅱ级响应），自2024年12月14日11时起，区域：430202，文号：指〔2013〕4号，不再执行：后一指令将其撤回。","text_en":"【演练】EXERCISE. Test station, directive withdrawn: will not begin: lifts orange (response II), from 2024-12-14 11:00, area: 430202, document: 指〔2013〕4号; a later directive withdraws it."}','a59fe91e0577f88cc03ccb502aaf78999ce99e8e247d7a6848a5cefd4dfb187f','0580b305a4b5f3b6721fbe57d9b5b0bf2f2846360c03d2a9cb13f40411a34025');
INSERT INTO "events" VALUES(9,'correction','advice','none','none',481686,NULL,'observed',NULL,'none',NULL,1734070276442,NULL,NULL,NULL,NULL,'hetang-2024','hj633-2026',360931565,1,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-84","time":"2024-12-13T14:11:16+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":84,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":9,"follows":8,"event":"correction","about":"advice","level":"none","rank":0,"response":null,"level_before":"none","rank_before":0,"hour":"2024-12-13T14:00:00+08:00","onset":null,"episode":null,"basis":"observed","would_advise":"none","would_advise_rank":0,"differs_from":null,"text_zh":"【演练】试验站预警建议：小时数据已更正，结论不变；已发建议保持：无预警。本信息为监测站点建议，以市指挥中心指令为准。","text_en":"【演练】EXERCISE. Test station, warning advice: Hourly data were corrected; the advice would be the same; as advised: none. Advice of one station; only a directive puts a level in force."}','0580b305a4b5f3b6721fbe57d9b5b0bf2f2846360c03d2a9cb13f40411a34025','fb7e2a210d6bce271e7541428aae6b48043c5e1bde36adc1b27d0032caad101c');
CREATE TABLE force_log (
event INTEGER PRIMARY KEY,
made INTEGER NOT NULL,
effective INTEGER NOT NULL,
level TEXT NOT NULL,
directive INTEGER NOT NULL,
hash_before TEXT,
hash TEXT
) STRICT;
INSERT INTO "force_log" VALUES(3,1734069842463,1734069842463,'orange',1,'','cee050ef1c75a15efdc700abcf545af9e29ec97b8a507a81e4394ffa0e00ff0b');
CREATE TABLE forecast_sources (
source TEXT PRIMARY KEY,
key TEXT NOT NULL,
used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE forecast_steps (
command TEXT NOT NULL REFERENCES forecasts (command),
hour INTEGER NOT NULL,
pm25_milli INTEGER, pm10_milli INTEGER, so2_milli INTEGER,
no2_milli INTEGER, co_milli INTEGER, o3_milli INTEGER,
aqi_min INTEGER, aqi_max INTEGER,
short_heavy INTEGER NOT NULL CHECK (short_heavy IN (0, 1)),
PRIMARY KEY (command, hour)
) STRICT, WITHOUT ROWID;
INSERT INTO "forecast_steps" VALUES('forecast//c-1',481687,181500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "forecast_steps" VALUES('forecast//c-1',481688,182500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "forecast_steps" VALUES('forecast//c-1',481689,183500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "forecast_steps" VALUES('forecast//c-1',481690,184500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE forecasts (
command TEXT PRIMARY KEY REFERENCES commands (id),
received INTEGER NOT NULL,
source TEXT NOT NULL,
issuer TEXT NOT NULL,
kind TEXT NOT NULL CHECK (kind IN ('model', 'bulletin', 'consultation')),
form TEXT NOT NULL CHECK (form IN ('concentrations', 'hourly_aqi', 'daily_aqi')),
issued INTEGER NOT NULL
) STRICT;
INSERT INTO "forecasts" VALUES('forecast//c-1',1734069763036,'市站','市指挥中心','model','concentrations',1734069144371);
CREATE TABLE hour_failures (
hour INTEGER NOT NULL,
pollutant TEXT NOT NULL,
why TEXT NOT NULL,
samples INTEGER NOT NULL CHECK (samples > 0),
PRIMARY KEY (hour, pollutant, why)
) STRICT, WITHOUT ROWID;
CREATE TABLE hours (
hour INTEGER NOT NULL,
pollutant TEXT NOT NULL,
mean_milli INTEGER,
valid INTEGER NOT NULL CHECK (valid IN (0, 1)),
quality TEXT NOT NULL CHECK (length(quality) = 1),
why TEXT,
covered_ms INTEGER NOT NULL CHECK (covered_ms >= 0),
samples INTEGER NOT NULL CHECK (samples >= 0),
time_quality TEXT NOT NULL CHECK (time_quality IN ('synchronised', 'unsynchronised', 'simulated')),
rev INTEGER NOT NULL DEFAULT 0,
invalidated INTEGER NOT NULL DEFAULT 0 CHECK (invalidated IN (0, 1)),
source TEXT NOT NULL DEFAULT 'measured' CHECK (source IN ('measured', 'import')),
crc INTEGER NOT NULL, doubted TEXT,
PRIMARY KEY (hour, pollutant)
) STRICT, WITHOUT ROWID;
INSERT INTO "hours" VALUES(481686,'pm25',196000,1,'N',NULL,3336886,57,'simulated',1,1,'measured',3423618663,NULL);
INSERT INTO "hours" VALUES(481687,'pm25',209000,1,'N',NULL,3600000,60,'simulated',0,0,'measured',2678746474,NULL);
INSERT INTO "hours" VALUES(481688,'pm25',222000,1,'N',NULL,3600000,60,'simulated',0,0,'measured',913985309,NULL);
INSERT INTO "hours" VALUES(481689,'pm25',235000,1,'N',NULL,3600000,60,'simulated',0,0,'measured',888385529,NULL);
INSERT INTO "hours" VALUES(481690,'pm25',248000,1,'N',NULL,3600000,60,'simulated',0,0,'measured',2513437783,NULL);
CREATE TABLE iaqi (
hour INTEGER NOT NULL,
pollutant TEXT NOT NULL,
daily INTEGER,
daily_mean_milli INTEGER,
daily_hours INTEGER NOT NULL CHECK (daily_hours BETWEEN 0 AND 24),
realtime INTEGER,
PRIMARY KEY (hour, pollutant)
) STRICT, WITHOUT ROWID;
INSERT INTO "iaqi" VALUES(481687,'pm25',NULL,NULL,1,259);
INSERT INTO "iaqi" VALUES(481688,'pm25',NULL,NULL,2,272);
INSERT INTO "iaqi" VALUES(481689,'pm25',NULL,NULL,3,285);
INSERT INTO "iaqi" VALUES(481690,'pm25',NULL,NULL,4,298);
CREATE TABLE imported (
id INTEGER PRIMARY KEY CHECK (id = 1),
first_hour INTEGER NOT NULL,
last_hour INTEGER NOT NULL
, by INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE latest (
topic TEXT PRIMARY KEY,
seq INTEGER NOT NULL,
payload TEXT NOT NULL,
crc INTEGER NOT NULL
, expires INTEGER) STRICT;
INSERT INTO "latest" VALUES('health',6,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-6","time":"2024-12-13T13:40:05+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":6,"buses":[{"id":"sim","state":"ok","why":"none","since":"2024-12-13T13:05:39+08:00"}],"sensors":[{"id":"roof","state":"ok","why":"none","since":"2024-12-13T13:05:39+08:00","busy":null,"busy_until":null}],"channels":[{"id":"roof/pm25","state":"ok","why":"none","since":"2024-12-13T13:05:39+08:00"}],"twins":[],"pm25_above_pm10_since":null,"clock":"simulated","store_ok":true,"damaged":{"rows":0,"newest":null,"in_force":null},"samples_dropped":0,"samples_late":0,"polls_missed":0,"delivery":"verified","broker":{"mqtt":"5","qos":1,"retain":true,"max_packet_bytes":null,"commands":true},"commands":{"accepted":0,"refused":0,"retained":0,"dropped":0},"outbox":{"pending":0,"sent":0,"acked":0,"blocked":0}}',2005349064,NULL);
INSERT INTO "latest" VALUES('state',5,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-5","time":"2024-12-13T13:05:39+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":5,"state":"online","version":"0.1.0","since":"2024-12-13T13:05:39+08:00","why":"connected","boot":"5aba121e9b8547c2"}',27783808,NULL);
INSERT INTO "latest" VALUES('aqi',102,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-102","time":"2024-12-13T18:02:01+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":102,"hour":"2024-12-13T18:00:00+08:00","edition":"hj633-2026","monitored":["pm25"],"index_scope":"partial","provisional":false,"rev":0,"data_status":"raw","hourly":{"pm25_ug_m3":248},"quality":{"pm25":"N"},"why":{},"realtime":{"aqi":298,"aqi_plan":298,"complete":true,"iaqi":{"pm25":298},"primary":["pm25"],"category":{"zh":"重度污染","en":"heavily polluted"},"colour":{"zh":"紫色","en":"purple","rgb":"99004C"},"health":{"zh":"心肺病患者明显加重，健康的人也普遍不适","en":"People with heart or lung disease get clearly worse; healthy people commonly have symptoms"},"advice":{"zh":"青少年儿童、老人和心肺病患者留在室内，其他人少到户外运动","en":"Children, the elderly and people with heart or lung disease stay indoors; others cut down exercise outdoors"}},"daily":{"aqi":null,"aqi_plan":null,"complete":false,"iaqi":{"pm25":null},"primary":[],"means":{"pm25_ug_m3":null},"valid_hours":{"pm25":4}},"scope":"station","events_hash":"fb7e2a210d6bce271e7541428aae6b48043c5e1bde36adc1b27d0032caad101c"}',965775680,NULL);
INSERT INTO "latest" VALUES('cuts',86,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-86","time":"2024-12-13T14:11:16+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":86,"plan":"hetang-2024","edition":"hj633-2026","list":1,"binding_level":"orange","binding_rank":2,"blocks":[{"authority":"directive","binding":true,"level":"orange","min_cut_pct":{"so2":20,"nox":20,"pm":20,"vocs":20},"amounts":{"so2":{"whole_society_kg_d":null,"list_base_kg_d":7.5,"required_kg_d":null,"planned_kg_d":3.0,"shortfall_kg_d":null,"met":null},"nox":{"whole_society_kg_d":null,"list_base_kg_d":30.0,"required_kg_d":null,"planned_kg_d":12.0,"shortfall_kg_d":null,"met":null},"pm":{"whole_society_kg_d":null,"list_base_kg_d":19.062,"required_kg_d":null,"planned_kg_d":7.6,"shortfall_kg_d":null,"met":null},"vocs":{"whole_society_kg_d":null,"list_base_kg_d":3.75,"required_kg_d":null,"planned_kg_d":1.5,"shortfall_kg_d":null,"met":null}},"rank":2,"response":"II","released":true,"slip":"2013-7","lifted":null,"in_force":"orange","in_force_rank":2},{"authority":"advice","binding":false,"level":"none","min_cut_pct":{},"amounts":null,"rank":0,"response":null}]}',3057309113,NULL);
INSERT INTO "latest" VALUES('history',104,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-104","time":"2024-12-13T18:02:01+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":104,"edition":"hj633-2026","categories":[{"upto":50,"name":{"zh":"优","en":"excellent"},"rgb":"00E400"},{"upto":100,"name":{"zh":"良","en":"good"},"rgb":"FFFF00"},{"upto":150,"name":{"zh":"轻度污染","en":"lightly polluted"},"rgb":"FF7E00"},{"upto":200,"name":{"zh":"中度污染","en":"moderately polluted"},"rgb":"FF0000"},{"upto":300,"name":{"zh":"重度污染","en":"heavily polluted"},"rgb":"99004C"},{"upto":500,"name":{"zh":"严重污染","en":"severely polluted"},"rgb":"7E0023"}],"monitored":["pm25"],"first":"2024-12-13T14:00:00+08:00","hour":"2024-12-13T18:00:00+08:00","hourly":{"pm25_ug_m3":[null,209,222,235,248]},"iaqi":{"pm25":[null,259,272,285,298]},"realtime":[null,259,272,285,298],"daily":[null,null,null,null,null],"daily_plan":[null,null,null,null,null]}',2678799452,NULL);
INSERT INTO "latest" VALUES('forecast',105,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-105","time":"2024-12-13T18:02:01+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":105,"plan":"hetang-2024","edition":"hj633-2026","hour":"2024-12-13T18:00:00+08:00","sources":[],"daily_plan":[],"realtime":[],"source":[]}',4225393129,NULL);
INSERT INTO "latest" VALUES('order/gy-001',41,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-41","time":"2024-12-13T14:06:41+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":41,"source":"gy-001","authority":"directive","binding":true,"directive":1,"withdrawn":false,"level":"orange","rank":2,"response":"II","plan":"hetang-2024","list":1,"from":"2024-12-13T14:04:02+08:00","until":null,"overdue":false,"binding_level":"orange","binding_rank":2,"released":true,"slip":"2013-7","lifted":null,"kind":"industry","measures_level":"orange","measures_rank":2,"measures_zh":"烧结炉停2台","lines_zh":"1、2号烧结炉","targets":{"so2":{"cut_kg_d":3.0,"base_kg_d":7.5},"nox":{"cut_kg_d":12.0,"base_kg_d":30.0},"pm":{"cut_kg_d":7.6,"base_kg_d":19.062},"vocs":{"cut_kg_d":1.5,"base_kg_d":3.75}},"plan_measures":[{"id":"ind-cut-20","zh":"纳入应急减排清单的企业按“一厂一策”落实橙色预警减排措施，全区二氧化硫、氮氧化物、颗粒物、挥发性有机物各减排不低于 20%","en":"Enterprises on the emergency emission-reduction list carry out the orange measures of their own plans; SO2, NOx, PM and VOCs are each cut by at least 20 % district-wide"}]}',4090938200,NULL);
INSERT INTO "latest" VALUES('receipts',42,'{"id":"02122c8b-2ec8-4513-9223-f06be5e349af-42","time":"2024-12-13T14:06:58+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":42,"receipts":[{"ref":"02122c8b-2ec8-4513-9223-f06be5e349af-34","unit":"housing","zh":"区住建局","en":"Housing and Urban-Rural Development Bureau","outcome":"done","done_pct":80,"cut_kg_d":12.345,"time":"2024-12-13T14:06:32+08:00"}],"more":false}',916954336,NULL);
CREATE TABLE levels (
rank INTEGER PRIMARY KEY CHECK (rank BETWEEN 1 AND 8),
level TEXT NOT NULL,
crc INTEGER NOT NULL
) STRICT;
INSERT INTO "levels" VALUES(1,'yellow',1716222953);
INSERT INTO "levels" VALUES(2,'orange',621093357);
INSERT INTO "levels" VALUES(3,'red',74099954);
CREATE TABLE list_whole (
list INTEGER NOT NULL REFERENCES lists (number),
emission TEXT NOT NULL CHECK (emission IN ('so2', 'nox', 'pm', 'vocs')),
whole INTEGER,
outside INTEGER,
year INTEGER,
source TEXT NOT NULL,
PRIMARY KEY (list, emission)
) STRICT, WITHOUT ROWID;
INSERT INTO "list_whole" VALUES(1,'nox',NULL,NULL,NULL,'');
INSERT INTO "list_whole" VALUES(1,'pm',NULL,NULL,NULL,'');
INSERT INTO "list_whole" VALUES(1,'so2',NULL,NULL,NULL,'');
INSERT INTO "list_whole" VALUES(1,'vocs',NULL,NULL,NULL,'');
CREATE TABLE lists (
number INTEGER PRIMARY KEY,
imported INTEGER NOT NULL,
sources INTEGER NOT NULL,
file TEXT NOT NULL,
sha256 TEXT NOT NULL,
whole_sha256 TEXT NOT NULL
) STRICT;
INSERT INTO "lists" VALUES(1,1796095916384,1,'list.csv','bbf9f73e3c11639d35141e1319933124486c66f009901db44c0615d483caee58','');
CREATE TABLE maintenance (
sensor TEXT PRIMARY KEY,
since INTEGER NOT NULL,
until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (
key TEXT PRIMARY KEY,
value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('first_hour','481686');
INSERT INTO "meta" VALUES('uuid','02122c8b-2ec8-4513-9223-f06be5e349af');
CREATE TABLE order_log (
number INTEGER PRIMARY KEY,
made INTEGER NOT NULL,
source TEXT NOT NULL,
run INTEGER NOT NULL,
kind TEXT NOT NULL CHECK (kind IN ('issued', 'changed', 'delivered', 'withdrawn')),
level TEXT NOT NULL,
directive INTEGER NOT NULL,
message INTEGER NOT NULL,
hash_before TEXT,
hash TEXT
) STRICT;
INSERT INTO "order_log" VALUES(1,1734069911470,'gy-001',1,'issued','orange',1,34,'','2ce8bc3d2f5f7aff66b600d789a9f4794e5df2ce4c8d4e80f89a10b93d2cd687');
INSERT INTO "order_log" VALUES(2,1734070001506,'gy-001',1,'delivered','orange',1,34,'2ce8bc3d2f5f7aff66b600d789a9f4794e5df2ce4c8d4e80f89a10b93d2cd687','b7af0696c026bc3657113eb196ceb02d186df879515086d16b42e808da13eaa8');
INSERT INTO "order_log" VALUES(3,1734070001506,'gy-001',2,'changed','orange',1,41,'b7af0696c026bc3657113eb196ceb02d186df879515086d16b42e808da13eaa8','0f9fba849622760e451c2cbb34e335dca0266e5552a41d2a3b9f9da532948bd9');
INSERT INTO "order_log" VALUES(4,1734070092663,'gy-001',2,'delivered','orange',1,41,'0f9fba849622760e451c2cbb34e335dca0266e5552a41d2a3b9f9da532948bd9','fdf8eb9cd75bfc4384ef5e19d611ea2fe427499d8250be46f603cf36296c8a05');
CREATE TABLE "order_run" (
one INTEGER PRIMARY KEY CHECK (one = 1),
number INTEGER NOT NULL,
level TEXT NOT NULL,
binding INTEGER NOT NULL,
directive INTEGER NOT NULL,
since INTEGER NOT NULL,
list INTEGER NOT NULL,
starts INTEGER NOT NULL,
ends INTEGER NOT NULL,
phase INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 3),
after TEXT NOT NULL
, released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)), outlives_lift INTEGER NOT NULL DEFAULT 0
CHECK (outlives_lift IN (0, 1))) STRICT;
INSERT INTO "order_run" VALUES(1,2,'orange',1,1,1734069842463,1,1734069842463,0,3,'gy-001',1,0);
CREATE TABLE orders (
source TEXT PRIMARY KEY,
run INTEGER NOT NULL,
seq INTEGER NOT NULL,
withdrawn INTEGER NOT NULL
, delivered INTEGER NOT NULL DEFAULT 2 CHECK (delivered BETWEEN 0 AND 2)) STRICT, WITHOUT ROWID;
INSERT INTO "orders" VALUES('gy-001',2,41,0,2);
CREATE TABLE outbox (
seq INTEGER PRIMARY KEY AUTOINCREMENT,
made INTEGER NOT NULL,
class INTEGER NOT NULL CHECK (class IN (0, 1, 2)),
topic TEXT NOT NULL,
state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'acked', 'blocked')),
reason INTEGER,
tries INTEGER NOT NULL DEFAULT 0,
due INTEGER,
retain INTEGER NOT NULL CHECK (retain IN (0, 1)),
replaces INTEGER NOT NULL CHECK (replaces IN (0, 1)),
ends_at_ack INTEGER NOT NULL CHECK (ends_at_ack IN (0, 1)),
bytes INTEGER NOT NULL,
payload TEXT NOT NULL,
crc INTEGER NOT NULL
, expires INTEGER) STRICT;
CREATE TABLE outbox_totals (
state TEXT PRIMARY KEY,
rows INTEGER NOT NULL,
bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outbox_totals" VALUES('acked',0,0);
INSERT INTO "outbox_totals" VALUES('blocked',0,0);
INSERT INTO "outbox_totals" VALUES('pending',0,0);
INSERT INTO "outbox_totals" VALUES('sent',0,0);
CREATE TABLE over_range (
pollutant TEXT PRIMARY KEY,
at_least_milli INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE receipts (
command TEXT PRIMARY KEY REFERENCES commands (id),
time INTEGER NOT NULL,
ref TEXT NOT NULL,
unit TEXT NOT NULL,
person TEXT NOT NULL,
outcome TEXT NOT NULL CHECK (outcome IN ('received', 'done', 'partly', 'not'))
, done_pct INTEGER, cut_g_d INTEGER, note TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "receipts" VALUES('receipt//c-5',1734069992114,'02122c8b-2ec8-4513-9223-f06be5e349af-34','housing','赵六','done',80,12345,'一条线未停');
CREATE TABLE relays (
command TEXT NOT NULL,
station TEXT NOT NULL,
refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
why TEXT NOT NULL,
at INTEGER NOT NULL,
PRIMARY KEY (command, station)
) STRICT, WITHOUT ROWID;
CREATE TABLE releases (
id INTEGER PRIMARY KEY,
command TEXT NOT NULL REFERENCES commands (id),
number TEXT NOT NULL,
level TEXT NOT NULL,
reviewer TEXT NOT NULL,
signer TEXT NOT NULL,
post TEXT NOT NULL,
reviewed INTEGER,
signed INTEGER,
start INTEGER
, directive TEXT, directive_number INTEGER, fault TEXT, post_differs INTEGER CHECK (post_differs IN (0, 1))) STRICT;
INSERT INTO "releases" VALUES(1,'release//c-4','2013-7','orange','张三','李四','副指挥长',1734069834032,1734069864035,1734069834014,'c-3',1,'good',1);
CREATE TABLE reviews (
command TEXT PRIMARY KEY REFERENCES commands (id),
time INTEGER NOT NULL,
first_hour INTEGER NOT NULL,
last_hour INTEGER NOT NULL,
pollutants TEXT NOT NULL,
restored INTEGER NOT NULL CHECK (restored IN (0, 1)),
reason TEXT NOT NULL,
reviewer TEXT NOT NULL
) STRICT;
INSERT INTO "reviews" VALUES('review//c-10',1734070250800,481686,481686,'pm25',0,'停电','王五');
CREATE TABLE signers (
key TEXT PRIMARY KEY,
counter INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE source_levels (
list INTEGER NOT NULL REFERENCES lists (number),
id TEXT NOT NULL,
level TEXT NOT NULL,
measures TEXT NOT NULL,
lines TEXT NOT NULL,
cut_so2 INTEGER, cut_nox INTEGER, cut_pm INTEGER, cut_vocs INTEGER,
PRIMARY KEY (list, id, level)
) STRICT, WITHOUT ROWID;
INSERT INTO "source_levels" VALUES(1,'gy-001','orange','烧结炉停2台','1、2号烧结炉',3000,12000,7600,1500);
INSERT INTO "source_levels" VALUES(1,'gy-001','red','烧结炉停3台，磨削工序停产','1至3号烧结炉、磨削',4500,18000,11400,2200);
INSERT INTO "source_levels" VALUES(1,'gy-001','yellow','烧结炉停1台','1号烧结炉',1500,6000,3800,700);
CREATE TABLE "sources" (
list INTEGER NOT NULL REFERENCES lists (number),
id TEXT NOT NULL,
line INTEGER NOT NULL,
kind TEXT NOT NULL,
name TEXT NOT NULL,
credit_code TEXT NOT NULL,
county TEXT NOT NULL, town TEXT NOT NULL, inspector TEXT NOT NULL,
grade TEXT NOT NULL, control TEXT NOT NULL,
process TEXT NOT NULL, key_index TEXT NOT NULL,
person TEXT NOT NULL, phone TEXT NOT NULL,
other TEXT NOT NULL,
base_so2 INTEGER, base_nox INTEGER, base_pm INTEGER, base_vocs INTEGER, park TEXT NOT NULL DEFAULT '', exempt_as TEXT NOT NULL DEFAULT '', movements_day INTEGER, nrmm_ii INTEGER,
PRIMARY KEY (list, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "sources" VALUES(1,'gy-001',2,'industry','示例青禾硬质合金（虚构）','91999999MA0000001N','示例区','示例街道','示例街道办事处','C','normal','烧结、磨削','停产生产线无用电负荷','示例人员01','','{"permit":"91999999MA0000001N001P","permit_type":"重点管理","address":"虚构路1号","other_sector":"硬质合金制造","days":"320","SO2排放量(t/a)":"2.4","NOx排放量(t/a)":"9.6","颗粒物排放量(t/a)":"6.1","VOCs排放量(t/a)":"1.2","lines":"4","line_text":"烧结炉4台","黄色SO2减排量(kg/d)":"1.5","黄色NOx减排量(kg/d)":"6.0","黄色颗粒物减排量(kg/d)":"3.8","黄色VOCs减排量(kg/d)":"0.7","橙色SO2减排量(kg/d)":"3.0","橙色NOx减排量(kg/d)":"12.0","橙色颗粒物减排量(kg/d)":"7.6","橙色VOCs减排量(kg/d)":"1.5","红色SO2减排量(kg/d)":"4.5","红色NOx减排量(kg/d)":"18.0","红色颗粒物减排量(kg/d)":"11.4","红色VOCs减排量(kg/d)":"2.2","has_meter":"是","has_cems":"否"}',7500,30000,19062,3750,'示例工业园','',6,0);
CREATE TABLE timetable (
number INTEGER PRIMARY KEY,
level TEXT NOT NULL,
start INTEGER NOT NULL,
planned_end INTEGER,
time INTEGER NOT NULL,
said INTEGER NOT NULL,
accepted INTEGER NOT NULL,
announced INTEGER NOT NULL CHECK (announced IN (0, 1)),
released INTEGER NOT NULL CHECK (released IN (0, 1)),
turn INTEGER,
effective INTEGER,
begun INTEGER,
previous TEXT,
overdue INTEGER CHECK (overdue IN (0, 1)),
id TEXT NOT NULL,
document TEXT NOT NULL,
issuer TEXT NOT NULL,
crc INTEGER NOT NULL
) STRICT;
INSERT INTO "timetable" VALUES(1,'orange',1734069765286,NULL,1734069815309,1734069815309,1734069842463,0,1,1,1734069842463,1734069842463,'none',0,'c-3','指〔2013〕1号','市指挥中心',4274140508);
INSERT INTO "timetable" VALUES(3,'red',1734102000000,NULL,1734070061800,1734070061800,1734070092663,1,0,NULL,NULL,NULL,NULL,NULL,'c-7','指〔2013〕3号','市指挥中心',1619778260);
CREATE TABLE timetable_issuers (
place INTEGER PRIMARY KEY,
number INTEGER NOT NULL,
said INTEGER NOT NULL,
issuer TEXT NOT NULL,
crc INTEGER NOT NULL
) STRICT;
INSERT INTO "timetable_issuers" VALUES(1,5,1734070225213,'市指挥中心',1603649789);
CREATE TABLE timetable_refused (
place INTEGER PRIMARY KEY,
why TEXT NOT NULL,
at INTEGER NOT NULL,
id TEXT NOT NULL,
issuer TEXT NOT NULL,
crc INTEGER NOT NULL
) STRICT;
CREATE TABLE timetable_state (
one INTEGER PRIMARY KEY CHECK (one = 1),
last_number INTEGER NOT NULL,
last_turn INTEGER NOT NULL,
episode INTEGER NOT NULL,
newest TEXT NOT NULL,
binding INTEGER NOT NULL,
binding_turn INTEGER NOT NULL,
binding_level TEXT NOT NULL,
crc INTEGER NOT NULL
) STRICT;
INSERT INTO "timetable_state" VALUES(1,5,1,1,'c-9',1,1,'orange',301481796);
CREATE INDEX outbox_waiting ON outbox (class, seq) WHERE state = 'pending';
CREATE INDEX outbox_topic ON outbox (topic, seq);
CREATE INDEX outbox_moving ON outbox (state, due) WHERE state <> 'pending';
CREATE INDEX outbox_class ON outbox (class, made);
CREATE TRIGGER outbox_came AFTER INSERT ON outbox BEGIN
UPDATE outbox_totals SET rows = rows + 1, bytes = bytes + new.bytes WHERE state = new.state;
END;
CREATE TRIGGER outbox_went AFTER DELETE ON outbox BEGIN
UPDATE outbox_totals SET rows = rows - 1, bytes = bytes - old.bytes WHERE state = old.state;
END;
CREATE TRIGGER outbox_moved AFTER UPDATE OF state ON outbox WHEN old.state <> new.state BEGIN
UPDATE outbox_totals SET rows = rows - 1, bytes = bytes - old.bytes WHERE state = old.state;
UPDATE outbox_totals SET rows = rows + 1, bytes = bytes + new.bytes WHERE state = new.state;
END;
CREATE VIEW aqi_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
daily, daily_category, daily_primary, realtime, realtime_category, realtime_primary, edition, rev
FROM aqi;
CREATE VIEW outbox_text AS
SELECT seq, CASE class WHEN 0 THEN 'warning' WHEN 1 THEN 'state' ELSE 'data' END AS class,
topic, state, reason, tries, length(payload) AS characters
FROM outbox;
CREATE VIEW lists_text AS
SELECT number, strftime('%Y-%m-%dT%H:%M+08:00', imported / 1000, 'unixepoch', '+8 hours') AS time,
sources, file, sha256, number = (SELECT max(number) FROM lists) AS in_force
FROM lists;
CREATE INDEX orders_by_run ON orders (withdrawn, run, source);
CREATE VIEW advice_text AS
SELECT coalesce((SELECT level FROM levels WHERE held & (1 << rank) ORDER BY rank DESC LIMIT 1), 'none')
AS level, holding,
CASE WHEN since > 0 THEN strftime('%Y-%m-%dT%H:%M+08:00', since * 3600, 'unixepoch', '+8 hours')
END AS since,
strftime('%Y-%m-%dT%H:%M+08:00', last_hour * 3600, 'unixepoch', '+8 hours') AS last_hour,
last_event, edition, plan
FROM advice;
CREATE VIEW hours_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
pollutant, mean_milli / 1000.0 AS mean, valid, quality, why,
covered_ms / 60000.0 AS covered_min, samples, time_quality, rev, invalidated, doubted, source
FROM hours;
CREATE INDEX receipts_ref ON receipts (ref, unit);
CREATE VIEW events_text AS
SELECT number, strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
about, kind, previous, level, basis,
CASE WHEN onset_ms IS NULL
THEN strftime('%Y-%m-%dT%H:%M+08:00', onset * 3600, 'unixepoch', '+8 hours')
ELSE strftime('%Y-%m-%dT%H:%M:%S+08:00', onset_ms / 1000, 'unixepoch', '+8 hours')
END AS onset, episode, directive, reason,
strftime('%Y-%m-%dT%H:%M:%S+08:00', made / 1000, 'unixepoch', '+8 hours') AS made
FROM events;
CREATE VIEW force_text AS
SELECT strftime('%Y-%m-%dT%H:%M:%S+08:00', effective / 1000, 'unixepoch', '+8 hours') AS since,
level, directive, event
FROM force_log;
CREATE INDEX alert_messages_seq ON alert_messages (seq);
CREATE TRIGGER outbox_sent AFTER UPDATE OF state ON outbox WHEN new.state = 'sent' BEGIN
UPDATE alert_messages SET went = 1 WHERE seq = new.seq;
END;
CREATE INDEX outbox_expires ON outbox (expires) WHERE expires IS NOT NULL;
CREATE INDEX order_log_message ON order_log (message);
CREATE INDEX orders_seq ON orders (seq);
CREATE INDEX orders_delivered ON orders (source) WHERE delivered = 1;
CREATE INDEX forecasts_received ON forecasts (received, command);
CREATE TRIGGER command_came AFTER INSERT ON commands BEGIN
INSERT INTO command_totals VALUES (new.kind, 1, length(CAST(new.json AS BLOB)))
ON CONFLICT (kind) DO UPDATE SET rows = rows + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER command_went AFTER DELETE ON commands BEGIN
UPDATE command_totals SET rows = rows - 1, bytes = bytes - length(CAST(old.json AS BLOB))
WHERE kind = old.kind;
END;
CREATE TRIGGER command_shortened AFTER UPDATE OF json ON commands BEGIN
UPDATE command_totals SET bytes = bytes + length(CAST(new.json AS BLOB)) - length(CAST(old.json AS BLOB))
WHERE kind = new.kind;
END;
CREATE INDEX commands_kind ON commands (kind, received);
CREATE INDEX events_directive ON events (directive, kind) WHERE directive IS NOT NULL;
CREATE INDEX force_log_directive ON force_log (directive, effective);
CREATE INDEX releases_directive ON releases (directive_number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',105);
INSERT INTO "sqlite_sequence" VALUES('alert_messages',7);
COMMIT;
