-- SPDX-License-Identifier: MIT
-- state.db as version 0.1.0 wrote it with schema 8; README.md says what is in it.
PRAGMA application_id = 1215976308;
PRAGMA user_version = 8;
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
INSERT INTO "advice" VALUES(1,0,1,0,0,5,472906,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,'hj633-2026','hetang-2024',360931565,1296311549);
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
INSERT INTO "advice_course" VALUES(1,472901,14,0,0,0,0,0,0,0,0,0,0,0,0,0,'insufficient_data','',523656487);
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
INSERT INTO "alert_chains" VALUES('announced',1,3,2,'red',1702452095571,1702472400000,1702558800000,0,0,0,0,0,NULL,0,1702452095571,1,2486515734);
INSERT INTO "alert_chains" VALUES('directive',1,2,1,'orange',1702452095571,1702451491547,1702538495571,0,0,0,0,0,'red',1702472400000,1702451491547,2,1904660783);
CREATE TABLE alert_messages (
message INTEGER PRIMARY KEY AUTOINCREMENT,
seq INTEGER NOT NULL,
identifier TEXT NOT NULL,
sent TEXT NOT NULL,
crc INTEGER NOT NULL,
went INTEGER NOT NULL DEFAULT 0 CHECK (went IN (0, 1)),
told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT;
INSERT INTO "alert_messages" VALUES(1,20,'c04b4370-fbcc-4183-9a44-1b1ad71b684d-20','2023-12-13T15:11:31+08:00',1413247989,1,1);
INSERT INTO "alert_messages" VALUES(2,32,'c04b4370-fbcc-4183-9a44-1b1ad71b684d-32','2023-12-13T15:21:35+08:00',2858017814,1,1);
INSERT INTO "alert_messages" VALUES(3,33,'c04b4370-fbcc-4183-9a44-1b1ad71b684d-33','2023-12-13T15:21:35+08:00',284304228,1,1);
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
INSERT INTO "alert_references" VALUES('announced',1,3,2,'red',1702472400000,1702558800000,1,1951939563);
INSERT INTO "alert_references" VALUES('directive',1,1,1,'orange',1702451491547,1702537891547,1,667490988);
INSERT INTO "alert_references" VALUES('directive',2,2,1,'orange',1702451491547,1702538495571,1,821127811);
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
INSERT INTO "aqi" VALUES(472901,'hj633-2026',NULL,0,0,NULL,'',NULL,0,0,NULL,'',0);
INSERT INTO "aqi" VALUES(472902,'hj633-2026',NULL,0,0,NULL,'',NULL,0,0,NULL,'',1);
INSERT INTO "aqi" VALUES(472903,'hj633-2026',NULL,0,0,NULL,'',280,1,1,5,'pm25',1);
INSERT INTO "aqi" VALUES(472904,'hj633-2026',NULL,0,0,NULL,'',280,1,1,5,'pm25',0);
INSERT INTO "aqi" VALUES(472905,'hj633-2026',NULL,0,0,NULL,'',280,1,1,5,'pm25',0);
INSERT INTO "aqi" VALUES(472906,'hj633-2026',NULL,0,0,NULL,'',281,1,1,5,'pm25',0);
CREATE TABLE chain_anchors (
chain TEXT PRIMARY KEY,
number INTEGER NOT NULL,
hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
INSERT INTO "commands" VALUES('forecast//c-1','forecast','市指挥中心',1702451036000,1702451121098,'accepted','','{"id": "c-1", "issuer": "市指挥中心", "time": "2023-12-13T15:03:56.000+08:00", "source": "市站", "kind": "model", "issued": "2023-12-13T14:53:56.000+08:00", "hours": [{"hour": "2023-12-13T16:00:00+08:00", "pm25_ug_m3": 181.5}, {"hour": "2023-12-13T17:00:00+08:00", "pm25_ug_m3": 182.5}]}');
INSERT INTO "commands" VALUES('dust//c-2','dust','市指挥中心',1702451280000,1702451333444,'accepted','','{"id": "c-2", "issuer": "市指挥中心", "time": "2023-12-13T15:08:00.000+08:00", "from": "2023-12-13T13:00:00+08:00", "to": "2023-12-13T14:00:00+08:00", "source": "气象台"}');
INSERT INTO "commands" VALUES('directive//c-3','directive','市指挥中心',1702451428000,1702451491547,'accepted','','{"id": "c-3", "issuer": "市指挥中心", "time": "2023-12-13T15:10:28.000+08:00", "level": "orange", "start": "2023-12-13T15:09:28.000+08:00", "area": "430202", "document": "指〔2013〕1号"}');
INSERT INTO "commands" VALUES('release//c-4','release','市指挥中心',1702451667000,1702451668001,'accepted','','{"id": "c-4", "issuer": "市指挥中心", "time": "2023-12-13T15:14:27.000+08:00", "number": "2013-7", "level": "orange", "start": "2023-12-13T15:12:27.000+08:00", "reviewer": "张三", "reviewed": "2023-12-13T15:13:27.000+08:00", "signer": "李四", "post": "副指挥长", "signed": "2023-12-13T15:13:57.000+08:00"}');
INSERT INTO "commands" VALUES('receipt//c-5','receipt','市指挥中心',1702451877000,1702451879429,'accepted','','{"id": "c-5", "issuer": "市指挥中心", "time": "2023-12-13T15:17:57.000+08:00", "ref": "c04b4370-fbcc-4183-9a44-1b1ad71b684d-25", "unit": "区住建局", "person": "赵六", "outcome": "done", "done_pct": 80, "cut_kg_d": 12.345, "note": "一条线未停"}');
INSERT INTO "commands" VALUES('directive//c-6','directive','市指挥中心',1702452022000,1702452095571,'accepted','','{"id": "c-6", "issuer": "市指挥中心", "time": "2023-12-13T15:20:22.000+08:00", "level": "red", "start": "2023-12-13T21:00:00+08:00", "area": "430202", "document": "指〔2013〕2号", "after": "c-3"}');
INSERT INTO "commands" VALUES('review//c-7','review','市指挥中心',1702452197000,1702452217284,'accepted','','{"id": "c-7", "issuer": "市指挥中心", "time": "2023-12-13T15:23:17.000+08:00", "from": "2023-12-13T14:00:00+08:00", "to": "2023-12-13T14:00:00+08:00", "pollutants": ["pm25"], "action": "invalidate", "reason": "停电", "reviewer": "王五"}');
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
, too_late TEXT) STRICT;
INSERT INTO "directives" VALUES(1,'directive//c-3',1702451491547,'orange',1702451368000,NULL,0,'430202','指〔2013〕1号','市指挥中心',3118422616,1702451428000,1702451428000,'','[]','[]');
INSERT INTO "directives" VALUES(2,'directive//c-6',1702452095571,'red',1702472400000,NULL,0,'430202','指〔2013〕2号','市指挥中心',1193190451,1702452022000,1702452022000,'c-3','[]','[]');
CREATE TABLE dust (
hour INTEGER PRIMARY KEY,
source TEXT NOT NULL
) STRICT;
INSERT INTO "dust" VALUES(472901,'气象台');
INSERT INTO "dust" VALUES(472902,'气象台');
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
INSERT INTO "events" VALUES(1,'hold','advice','none','none',472901,NULL,'observed',NULL,NULL,NULL,1702443743440,NULL,NULL,NULL,'insufficient_data','hetang-2024','hj633-2026',360931565,1,'{"id":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-5","time":"2023-12-13T13:02:23+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":5,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":1,"follows":null,"event":"hold","about":"advice","level":"none","rank":0,"response":null,"level_before":"none","rank_before":0,"hour":"2023-12-13T13:00:00+08:00","onset":null,"episode":null,"basis":"observed","reason":"insufficient_data","undecided":["yellow","orange","red"],"wants_forecast":false,"wants_data_of":["pm25"],"text_zh":"【演练】试验站预警建议：细颗粒物（PM2.5）有效数据不足，无法判定黄色、橙色、红色预警；维持不发布预警。本信息为监测站点建议，以市指挥中心指令为准。","text_en":"【演练】EXERCISE. Test station, warning advice: Insufficient valid data of PM2.5; undecided: yellow, orange, red; advice stays: none. Advice of one station; only a directive puts a level in force."}','','f71723e6bac2cd1063e4c618c382d975451e1a65a03d9cef60046c8fbfa430e2');
INSERT INTO "events" VALUES(2,'dust','advice','none','none',472903,NULL,'observed',NULL,NULL,NULL,1702451333444,NULL,NULL,NULL,NULL,'hetang-2024','hj633-2026',360931565,1,'{"id":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-15","time":"2023-12-13T15:08:53+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":15,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":2,"follows":1,"event":"dust","about":"advice","level":"none","rank":0,"response":null,"level_before":"none","rank_before":0,"hour":"2023-12-13T15:00:00+08:00","onset":null,"episode":null,"basis":"observed","from":"2023-12-13T13:00:00+08:00","to":"2023-12-13T14:00:00+08:00","cleared":false,"source":"气象台","text_zh":"【演练】试验站预警建议：沙尘过程：2023年12月13日12时至2023年12月13日14时，期间颗粒物不计入预警判定。本信息为监测站点建议，以市指挥中心指令为准。","text_en":"【演练】EXERCISE. Test station, warning advice: Dust event: 2023-12-13 12:00 to 2023-12-13 14:00; particles do not count for the plan. Advice of one station; only a directive puts a level in force."}','f71723e6bac2cd1063e4c618c382d975451e1a65a03d9cef60046c8fbfa430e2','c1a0487bcc58d0d6dcfaebb6e199efebf6beaab78a5c3ea613490c739cc243ff');
INSERT INTO "events" VALUES(3,'issue','directive','orange','none',472903,472904,'observed',1,NULL,NULL,1702451491547,1702451491547,1,NULL,'said','hetang-2024','hj633-2026',360931565,1,'{"id":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-19","time":"2023-12-13T15:11:31+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":19,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":3,"follows":2,"event":"issue","about":"directive","level":"orange","rank":2,"response":"II","level_before":"none","rank_before":0,"hour":"2023-12-13T15:00:00+08:00","onset":"2023-12-13T15:11:31+08:00","episode":1,"reason":"said","by":null,"directive":{"number":1,"id":"c-3","level":"orange","start":"2023-12-13T15:09:28+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕1号","issuer":"市指挥中心","said":"2023-12-13T15:10:28+08:00","released":false,"rank":2,"response":"II","effective":"2023-12-13T15:11:31+08:00","overdue":false},"text_zh":"【演练】试验站收到预警指令：发布橙色预警（Ⅱ级响应），自2023年12月13日15时11分起生效（指令所定时间2023年12月13日15时9分），区域：430202，文号：指〔2013〕1号。减排比例不低于：SO2 20%、NOx 20%、颗粒物 20%、VOCs 20%。主要措施：施工工地落实黄色预警减排措施，增加洒水降尘频次；施工工地和渣土处置场停止渣土施工与运输、混凝土搅拌、拆除、外墙喷涂粉刷、护坡喷浆等作业（应急抢险、区重点工程、特殊工艺除外）；城区道路每日洒水不少于 3 次；纳入应急减排清单的企业按“一厂一策”落实橙色预警减排措施，全区二氧化硫、氮氧化物、颗粒物、挥发性有机物各减排不低于 20%；工业企业停止使用国Ⅱ及以下排放标准的非道路移动机械；施工工地落实橙色预警减排措施，停止使用国Ⅱ及以下排放标准的非道路移动机械；重点道路每日洒水不少于 5 次；日进出车辆超过 10 辆次的矿山、物流等大宗货物运输单位停止使用国Ⅳ及以下排放标准的重型载货汽车，含燃气汽车（民生保障、特种车辆、危化品车辆除外）；对拒不停产的企业落实停电措施；加强禁燃区烟花爆竹查处；对园区施工工地实施扬尘管控或暂停施工。须由指挥长批准。市指令已收到，待区指挥中心签发。","text_en":"【演练】EXERCISE. Test station, directive received: issues orange (response II), since 2023-12-13 15:11 (start as ordered: 2023-12-13 15:09), area: 430202, document: 指〔2013〕1号. Cut at least: SO2 20 %, NOx 20 %, PM 20 %, VOCs 20 %. Main measures: Building sites carry out the yellow measures and water against dust more often; Building sites and spoil disposal sites stop spoil works and haulage, concrete mixing, demolition, facade spraying and painting, slope shotcreting and the like (except emergency repair, key projects of the district, special processes); City roads are watered at least 3 times a day; Enterprises on the emergency emission-reduction list carry out the orange measures of their own plans; SO2, NOx, PM and VOCs are each cut by at least 20 % district-wide; Industrial enterprises stop using non-road mobile machinery of China stage II and older; Building sites carry out the orange measures and stop using non-road mobile machinery of China stage II and older; Key roads are watered at least 5 times a day; Bulk-haulage sites such as mines and logistics with more than 10 vehicle movements a day stop using heavy goods vehicles of China stage IV and older, gas-fuelled ones included (except supplies for the people''s livelihood, special vehicles, vehicles that carry dangerous goods); Cut the power of enterprises that refuse to stop production; Enforce the ban in the no-fireworks zone; Control dust at building sites inside the industrial park, or suspend their works. Needs approval: commander. The city''s directive has been received; it waits to be signed for release by the district command centre."}','c1a0487bcc58d0d6dcfaebb6e199efebf6beaab78a5c3ea613490c739cc243ff','70467e19aaf218d063b9a2b6656fffe6c6b179b031e3a2a5c20373d03fa319ee');
INSERT INTO "events" VALUES(4,'announced','directive','red','orange',472903,472910,'observed',1,NULL,NULL,1702452095571,1702472400000,2,NULL,'said','hetang-2024','hj633-2026',360931565,1,'{"id":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-31","time":"2023-12-13T15:21:35+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":31,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":4,"follows":3,"event":"announced","about":"directive","level":"red","rank":3,"response":"I","level_before":"orange","rank_before":2,"hour":"2023-12-13T15:00:00+08:00","onset":"2023-12-13T21:00:00+08:00","episode":1,"reason":"said","by":null,"directive":{"number":2,"id":"c-6","level":"red","start":"2023-12-13T21:00:00+08:00","planned_end":null,"area":"430202","reason":"local","document":"指〔2013〕2号","issuer":"市指挥中心","said":"2023-12-13T15:20:22+08:00","released":false,"rank":3,"response":"I","effective":null,"overdue":false},"text_zh":"【演练】试验站收到预警指令（尚未到启动时间）：升级为红色预警（Ⅰ级响应），自2023年12月13日21时起，区域：430202，文号：指〔2013〕2号。减排比例不低于：SO2 30%、NOx 30%、颗粒物 30%、VOCs 30%。主要措施：施工工地落实黄色预警减排措施，增加洒水降尘频次；施工工地和渣土处置场停止渣土施工与运输、混凝土搅拌、拆除、外墙喷涂粉刷、护坡喷浆等作业（应急抢险、区重点工程、特殊工艺除外）；工业企业停止使用国Ⅱ及以下排放标准的非道路移动机械；施工工地落实橙色预警减排措施，停止使用国Ⅱ及以下排放标准的非道路移动机械；日进出车辆超过 10 辆次的矿山、物流等大宗货物运输单位停止使用国Ⅳ及以下排放标准的重型载货汽车，含燃气汽车（民生保障、特种车辆、危化品车辆除外）；纳入应急减排清单的企业按“一厂一策”落实红色预警减排措施，全区二氧化硫、氮氧化物、颗粒物、挥发性有机物各减排不低于 30%；施工工地落实红色预警减排措施，强化橙色预警各项措施；城区道路每日洒水不少于 4 次；重点道路每日洒水不少于 5 次；引导过境柴油车绕行；对拒不停产的企业落实停电措施；加强禁燃区烟花爆竹查处；对园区施工工地实施扬尘管控或暂停施工。须由指挥长批准。市指令已收到，待区指挥中心签发。","text_en":"【演练】EXERCISE. Test station, directive announced: upgrades to red (response I), from 2023-12-13 21:00, area: 430202, document: 指〔2013〕2号. Cut at least: SO2 30 %, NOx 30 %, PM 30 %, VOCs 30 %. Main measures: Building sites carry out the yellow measures and water against dust more often; Building sites and spoil disposal sites stop spoil works and haulage, concrete mixing, demolition, facade spraying and painting, slope shotcreting and the like (except emergency repair, key projects of the district, special processes); Industrial enterprises stop using non-road mobile machinery of China stage II and older; Building sites carry out the orange measures and stop using non-road mobile machinery of China stage II and older; Bulk-haulage sites such as mines and logistics with more than 10 vehicle movements a day stop using heavy goods vehicles of China stage IV and older, gas-fuelled ones included (except supplies for the people''s livelihood, special vehicles, vehicles that carry dangerous goods); Enterprises on the emergency emission-reduction list carry out the red measures of their own plans; SO2, NOx, PM and VOCs are each cut by at least 30 % district-wide; Building sites carry out the red measures and tighten those of orange; City roads are watered at least 4 times a day; Key roads are watered at least 5 times a day; Divert diesel through traffic around the city; Cut the power of enterprises that refuse to stop production; Enforce the ban in the no-fireworks zone; Control dust at building sites inside the industrial park, or suspend their works. Needs approval: commander. The city''s directive has been received; it waits to be signed for release by the district command centre."}','70467e19aaf218d063b9a2b6656fffe6c6b179b031e3a2a5c20373d03fa319ee','3081cf3bf0146014f26f3033e8cf8bdfe7b4df9daf8243ab38d32c0a98d78925');
INSERT INTO "events" VALUES(5,'correction','advice','none','none',472903,NULL,'observed',NULL,'none',NULL,1702452280691,NULL,NULL,NULL,NULL,'hetang-2024','hj633-2026',360931565,1,'{"id":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-42","time":"2023-12-13T15:24:40+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":42,"plan":"hetang-2024","edition":"hj633-2026","list":1,"number":5,"follows":4,"event":"correction","about":"advice","level":"none","rank":0,"response":null,"level_before":"none","rank_before":0,"hour":"2023-12-13T15:00:00+08:00","onset":null,"episode":null,"basis":"observed","would_advise":"none","would_advise_rank":0,"differs_from":null,"text_zh":"【演练】试验站预警建议：小时数据已更正，结论不变；已发建议保持：无预警。本信息为监测站点建议，以市指挥中心指令为准。","text_en":"【演练】EXERCISE. Test station, warning advice: Hourly data were corrected; the advice would be the same; as advised: none. Advice of one station; only a directive puts a level in force."}','3081cf3bf0146014f26f3033e8cf8bdfe7b4df9daf8243ab38d32c0a98d78925','9f6a3ff915890df8d8417b962c1fb956153365a642d6ac159b3cea99a4e186ad');
CREATE TABLE force_log (
event INTEGER PRIMARY KEY,
made INTEGER NOT NULL,
effective INTEGER NOT NULL,
level TEXT NOT NULL,
directive INTEGER NOT NULL,
hash_before TEXT,
hash TEXT
) STRICT;
INSERT INTO "force_log" VALUES(3,1702451491547,1702451491547,'orange',1,'','e1851139f731b6e743b6679ced3e183525ac09e6bfe1945e65e730c5812cec90');
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
INSERT INTO "forecast_steps" VALUES('forecast//c-1',472904,181500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "forecast_steps" VALUES('forecast//c-1',472905,182500,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE forecasts (
command TEXT PRIMARY KEY REFERENCES commands (id),
received INTEGER NOT NULL,
source TEXT NOT NULL,
issuer TEXT NOT NULL,
kind TEXT NOT NULL CHECK (kind IN ('model', 'bulletin', 'consultation')),
form TEXT NOT NULL CHECK (form IN ('concentrations', 'hourly_aqi', 'daily_aqi')),
issued INTEGER NOT NULL
) STRICT;
INSERT INTO "forecasts" VALUES('forecast//c-1',1702451121098,'市站','市指挥中心','model','concentrations',1702450436000);
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
INSERT INTO "hours" VALUES(472901,'pm25',230000,0,'B',NULL,996318,18,'simulated',0,0,'measured',3224905069,NULL);
INSERT INTO "hours" VALUES(472902,'pm25',230000,1,'N',NULL,3600000,60,'simulated',1,1,'measured',2789375874,NULL);
INSERT INTO "hours" VALUES(472903,'pm25',230000,1,'N',NULL,3600000,60,'simulated',0,0,'measured',532259946,NULL);
INSERT INTO "hours" VALUES(472904,'pm25',230000,1,'N',NULL,3600000,60,'simulated',0,0,'measured',2226695024,NULL);
INSERT INTO "hours" VALUES(472905,'pm25',230000,1,'N',NULL,3600000,60,'simulated',0,0,'measured',1027829912,NULL);
INSERT INTO "hours" VALUES(472906,'pm25',231000,1,'N',NULL,3600000,59,'simulated',0,0,'measured',3882010948,NULL);
CREATE TABLE iaqi (
hour INTEGER NOT NULL,
pollutant TEXT NOT NULL,
daily INTEGER,
daily_mean_milli INTEGER,
daily_hours INTEGER NOT NULL CHECK (daily_hours BETWEEN 0 AND 24),
realtime INTEGER,
PRIMARY KEY (hour, pollutant)
) STRICT, WITHOUT ROWID;
INSERT INTO "iaqi" VALUES(472903,'pm25',NULL,NULL,1,280);
INSERT INTO "iaqi" VALUES(472904,'pm25',NULL,NULL,2,280);
INSERT INTO "iaqi" VALUES(472905,'pm25',NULL,NULL,3,280);
INSERT INTO "iaqi" VALUES(472906,'pm25',NULL,NULL,4,281);
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
INSERT INTO "latest" VALUES('state',3,'{"id":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-3","time":"2023-12-13T12:47:13+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":3,"state":"online","version":"0.1.0","since":"2023-12-13T12:47:13+08:00","why":"connected","boot":"c41c4bd32343cf5c"}',707258765,NULL);
INSERT INTO "latest" VALUES('receipts',29,'{"id":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-29","time":"2023-12-13T15:17:59+08:00","time_quality":"simulated","station":{"id":"test-01","name_zh":"试验站","name_en":"Test station","area":"430202"},"exercise":true,"seq":29,"receipts":[{"ref":"c04b4370-fbcc-4183-9a44-1b1ad71b684d-25","unit":"housing","zh":"区住建局","en":"Housing and Urban-Rural Development Bureau","outcome":"done","done_pct":80,"cut_kg_d":12.345,"time":"2023-12-13T15:17:57+08:00"}],"more":false}',2349653996,NULL);
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
INSERT INTO "lists" VALUES(1,1796054451048,1,'list.csv','bbf9f73e3c11639d35141e1319933124486c66f009901db44c0615d483caee58','');
CREATE TABLE maintenance (
sensor TEXT PRIMARY KEY,
since INTEGER NOT NULL,
until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (
key TEXT PRIMARY KEY,
value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('first_hour','472901');
INSERT INTO "meta" VALUES('uuid','c04b4370-fbcc-4183-9a44-1b1ad71b684d');
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
INSERT INTO "order_log" VALUES(1,1702451668001,'gy-001',1,'issued','orange',1,25,'','fa3d059067402e746f6ba4864f3bdb9fdb673d1e4ad23bc4ed7d10c49f07a9b8');
INSERT INTO "order_log" VALUES(2,1702451769113,'gy-001',1,'delivered','orange',1,25,'fa3d059067402e746f6ba4864f3bdb9fdb673d1e4ad23bc4ed7d10c49f07a9b8','1f0486611a399c800f64e133f9fc2e44f3fc8a5d8df2f74e013a5a5a33dee8f1');
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
INSERT INTO "order_run" VALUES(1,1,'orange',1,1,1702451491547,1,1702451491547,0,3,'gy-001',0,0);
CREATE TABLE orders (
source TEXT PRIMARY KEY,
run INTEGER NOT NULL,
seq INTEGER NOT NULL,
withdrawn INTEGER NOT NULL
, delivered INTEGER NOT NULL DEFAULT 2 CHECK (delivered BETWEEN 0 AND 2)) STRICT, WITHOUT ROWID;
INSERT INTO "orders" VALUES('gy-001',1,25,0,2);
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
INSERT INTO "receipts" VALUES('receipt//c-5',1702451877000,'c04b4370-fbcc-4183-9a44-1b1ad71b684d-25','housing','赵六','done',80,12345,'一条线未停');
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
INSERT INTO "releases" VALUES(1,'release//c-4','2013-7','orange','张三','李四','副指挥长',1702451607000,1702451637000,1702451547000,'',0,'of_nothing',1);
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
INSERT INTO "reviews" VALUES('review//c-7',1702452197000,472902,472902,'pm25',0,'停电','王五');
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
INSERT INTO "timetable" VALUES(1,'orange',1702451368000,NULL,1702451428000,1702451428000,1702451491547,0,0,1,1702451491547,1702451491547,'none',0,'c-3','指〔2013〕1号','市指挥中心',2886067642);
INSERT INTO "timetable" VALUES(2,'red',1702472400000,NULL,1702452022000,1702452022000,1702452095571,1,0,NULL,NULL,NULL,NULL,NULL,'c-6','指〔2013〕2号','市指挥中心',957079341);
CREATE TABLE timetable_issuers (
place INTEGER PRIMARY KEY,
number INTEGER NOT NULL,
said INTEGER NOT NULL,
issuer TEXT NOT NULL,
crc INTEGER NOT NULL
) STRICT;
INSERT INTO "timetable_issuers" VALUES(1,2,1702452022000,'市指挥中心',856718114);
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
INSERT INTO "timetable_state" VALUES(1,2,1,1,'c-6',0,1,'none',2292412642);
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',50);
INSERT INTO "sqlite_sequence" VALUES('alert_messages',3);
COMMIT;
