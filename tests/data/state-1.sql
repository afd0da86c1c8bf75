-- SPDX-License-Identifier: MIT
-- state.db as version 0.1.0 wrote it with schema 1; README.md says what is in it.
PRAGMA application_id = 1215976308;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE advice (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	held INTEGER NOT NULL,        -- bits: 2 yellow, 4 orange, 8 red
	holding INTEGER NOT NULL,
	episode INTEGER NOT NULL,     -- hour of the issue; 0: none
	since INTEGER NOT NULL,
	last_event INTEGER NOT NULL,
	last_hour INTEGER NOT NULL,
	condition INTEGER NOT NULL,
	run_first INTEGER NOT NULL,
	run_last INTEGER NOT NULL,
	met_at INTEGER NOT NULL,
	onset INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK (basis IN (0, 1, 2)), -- observed, forecast, forecast of AQIs
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
	rules INTEGER NOT NULL,       -- a sum over the numbers in them that decide
	crc INTEGER NOT NULL          -- CRC-32 of the columns held..rules joined by '|'
) STRICT;
INSERT INTO "advice" VALUES(1,6,0,472920,472921,2,472940,0,472900,472940,472921,472921,0,231,64,64,48,3,1,0,0,0,0,'hj633-2026','hetang-2024',12345,1419374933);
CREATE TABLE aqi (
	hour INTEGER PRIMARY KEY,     -- END, hours since 1970 UTC
	edition TEXT NOT NULL,
	daily INTEGER,                -- of the 24 hours that end with this one; NULL: not known
	daily_published INTEGER NOT NULL CHECK (daily_published IN (0, 1)),
	daily_complete INTEGER NOT NULL CHECK (daily_complete IN (0, 1)),
	daily_category INTEGER,       -- 1 is the best
	daily_primary TEXT NOT NULL,  -- 'pm25,pm10'; '' if none is named
	realtime INTEGER,             -- of this hour; NULL: not known
	realtime_published INTEGER NOT NULL CHECK (realtime_published IN (0, 1)),
	realtime_complete INTEGER NOT NULL CHECK (realtime_complete IN (0, 1)),
	realtime_category INTEGER,
	realtime_primary TEXT NOT NULL,
	rev INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE caps (
	number INTEGER PRIMARY KEY,
	authority TEXT NOT NULL CHECK (authority IN ('advice', 'directive')),
	identifier TEXT NOT NULL,
	sent TEXT NOT NULL
) STRICT;
CREATE TABLE commands (
	id TEXT PRIMARY KEY,          -- the sender's
	kind TEXT NOT NULL,
	issuer TEXT NOT NULL,
	time INTEGER NOT NULL,        -- when it was given
	received INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
	why TEXT NOT NULL,
	json TEXT NOT NULL
) STRICT;
INSERT INTO "commands" VALUES('c-1','directive','city',1702512000000,1702512000000,'accepted','','{}');
CREATE TABLE directives (
	number INTEGER PRIMARY KEY,   -- 1, 2, 3, ... as accepted
	command TEXT NOT NULL REFERENCES commands (id),
	received INTEGER NOT NULL,
	level TEXT NOT NULL,          -- none: a lift
	start INTEGER NOT NULL,
	planned_end INTEGER,
	regional INTEGER NOT NULL CHECK (regional IN (0, 1)),
	area TEXT NOT NULL,
	document TEXT NOT NULL,
	issuer TEXT NOT NULL,
	crc INTEGER NOT NULL          -- CRC-32 of the columns received..issuer joined by '|'
) STRICT;
INSERT INTO "directives" VALUES(1,'c-1',1702512000000,'red',1702512000000,NULL,1,'430202','','city',2732380833);
CREATE TABLE dust (
	hour INTEGER PRIMARY KEY,     -- END, hours since 1970 UTC
	source TEXT NOT NULL
) STRICT;
CREATE TABLE events (
	number INTEGER PRIMARY KEY,   -- 1, 2, 3, ... without gaps
	kind TEXT NOT NULL,
	about TEXT NOT NULL CHECK (about IN ('advice', 'directive')),
	level TEXT NOT NULL,          -- the advice or directive after the event
	previous TEXT NOT NULL,       -- and before it
	hour INTEGER NOT NULL,
	onset INTEGER,
	basis TEXT NOT NULL,
	episode INTEGER,
	revised TEXT,                 -- correction: what the hours as they are now would have advised
	revised_from INTEGER          -- and the first hour at which that differs; NULL: nowhere
) STRICT;
CREATE TABLE forecast_steps (
	command TEXT NOT NULL REFERENCES forecasts (command),
	hour INTEGER NOT NULL,        -- END; of a day its last hour
	pm25_milli INTEGER, pm10_milli INTEGER, so2_milli INTEGER,
	no2_milli INTEGER, co_milli INTEGER, o3_milli INTEGER,
	aqi_min INTEGER, aqi_max INTEGER,
	short_heavy INTEGER NOT NULL CHECK (short_heavy IN (0, 1)),
	PRIMARY KEY (command, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE forecasts (
	command TEXT PRIMARY KEY REFERENCES commands (id),
	received INTEGER NOT NULL,
	source TEXT NOT NULL,
	issuer TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('model', 'bulletin', 'consultation')),
	form TEXT NOT NULL CHECK (form IN ('concentrations', 'hourly_aqi', 'daily_aqi')),
	issued INTEGER NOT NULL
) STRICT;
CREATE TABLE hour_failures (
	hour INTEGER NOT NULL,
	pollutant TEXT NOT NULL,
	why TEXT NOT NULL,
	samples INTEGER NOT NULL CHECK (samples > 0),
	PRIMARY KEY (hour, pollutant, why)
) STRICT, WITHOUT ROWID;
CREATE TABLE hours (
	hour INTEGER NOT NULL,        -- END, hours since 1970 UTC
	pollutant TEXT NOT NULL,      -- pm25, pm10, so2, no2, co, o3
	mean_milli INTEGER,           -- 0.001 ug/m3, CO 0.001 mg/m3; NULL: nothing measured
	valid INTEGER NOT NULL CHECK (valid IN (0, 1)),
	quality TEXT NOT NULL CHECK (length(quality) = 1), -- letter of HJ 212-2017 table 8
	why TEXT,                     -- the commonest failure; NULL: none
	covered_ms INTEGER NOT NULL CHECK (covered_ms >= 0),
	samples INTEGER NOT NULL CHECK (samples >= 0),
	time_quality TEXT NOT NULL CHECK (time_quality IN ('synchronised', 'unsynchronised', 'simulated')),
	rev INTEGER NOT NULL DEFAULT 0, -- how often it was corrected
	invalidated INTEGER NOT NULL DEFAULT 0 CHECK (invalidated IN (0, 1)), -- by a person's review
	source TEXT NOT NULL DEFAULT 'measured' CHECK (source IN ('measured', 'import')),
	crc INTEGER NOT NULL,         -- CRC-32 of hour, pollutant, mean_milli, valid joined by '|'
	PRIMARY KEY (hour, pollutant)
) STRICT, WITHOUT ROWID;
CREATE TABLE iaqi (
	hour INTEGER NOT NULL,
	pollutant TEXT NOT NULL,
	daily INTEGER,                -- NULL: too few hours
	daily_mean_milli INTEGER,     -- 24 h mean, O3: the 8 h maximum; rounded to 0.001
	daily_hours INTEGER NOT NULL CHECK (daily_hours BETWEEN 0 AND 24),
	realtime INTEGER,
	PRIMARY KEY (hour, pollutant)
) STRICT, WITHOUT ROWID;
CREATE TABLE imported (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	first_hour INTEGER NOT NULL,
	last_hour INTEGER NOT NULL
) STRICT;
CREATE TABLE latest (
	topic TEXT PRIMARY KEY,
	seq INTEGER NOT NULL,
	payload TEXT NOT NULL,
	crc INTEGER NOT NULL          -- as in outbox
) STRICT;
CREATE TABLE list_whole (
	list INTEGER NOT NULL REFERENCES lists (number),
	emission TEXT NOT NULL CHECK (emission IN ('so2', 'nox', 'pm', 'vocs')),
	whole INTEGER,
	outside INTEGER,              -- of it outside the list
	year INTEGER,
	source TEXT NOT NULL,
	PRIMARY KEY (list, emission)
) STRICT, WITHOUT ROWID;
INSERT INTO "list_whole" VALUES(1,'nox',770000,155400,2023,'示例区排放清单（虚构）');
INSERT INTO "list_whole" VALUES(1,'pm',990000,411000,2023,'示例区排放清单（虚构）');
INSERT INTO "list_whole" VALUES(1,'so2',480000,143600,2023,'示例区排放清单（虚构）');
INSERT INTO "list_whole" VALUES(1,'vocs',620000,255900,2023,'示例区排放清单（虚构）');
CREATE TABLE lists (
	number INTEGER PRIMARY KEY,   -- 1, 2, 3, ...; the highest is in force
	imported INTEGER NOT NULL,    -- ms since 1970 UTC
	sources INTEGER NOT NULL,     -- how many it has
	file TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	whole_sha256 TEXT NOT NULL    -- of the denominator's file; '': there was none
) STRICT;
INSERT INTO "lists" VALUES(1,1795968462542,3,'l.csv','852cac20bf3e88056c38a7705e7d489f58a6e60626eb911172b747d7987d0b7d','10cec636bef9cd4d4fec56f04d9899e4cfba1992a6d25b28e0db8024ca767e12');
CREATE TABLE maintenance (
	sensor TEXT PRIMARY KEY,
	since INTEGER NOT NULL,       -- milliseconds since 1970 UTC
	until INTEGER NOT NULL        -- the same; it ends by itself
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('uuid','91cbc224-31b0-40f4-8c3b-fe1835f01281');
CREATE TABLE order_run (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	number INTEGER NOT NULL,
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3), -- 0: nobody has an order
	binding INTEGER NOT NULL,
	directive INTEGER NOT NULL,   -- its number, 0: the station's advice
	since INTEGER NOT NULL,       -- ms since 1970 UTC, as the next two
	list INTEGER NOT NULL,        -- version of the reduction list, 0: none
	starts INTEGER NOT NULL,
	ends INTEGER NOT NULL,        -- 0: open
	phase INTEGER NOT NULL CHECK (phase BETWEEN 0 AND 3), -- giving, withdrawing, clearing, done
	after TEXT NOT NULL           -- the source that got its order last
) STRICT;
INSERT INTO "order_run" VALUES(1,4,3,1,1,1702512000000,1,1702512000000,0,3,'jz-005');
CREATE TABLE orders (
	source TEXT PRIMARY KEY,
	run INTEGER NOT NULL,
	seq INTEGER NOT NULL,         -- of the outbox row of the order or its withdrawal
	withdrawn INTEGER NOT NULL    -- 1: its topic is to be cleared
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	made INTEGER NOT NULL,        -- ms since 1970 UTC
	class INTEGER NOT NULL CHECK (class IN (0, 1, 2)), -- 0 warning, 1 state, 2 data
	topic TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'acked', 'blocked')),
	reason INTEGER,               -- MQTT reason code of a refusal
	tries INTEGER NOT NULL DEFAULT 0, -- how often it was sent
	due INTEGER,                  -- acked: when it is sent again, ms of CLOCK_MONOTONIC
	retain INTEGER NOT NULL CHECK (retain IN (0, 1)),
	replaces INTEGER NOT NULL CHECK (replaces IN (0, 1)),
	ends_at_ack INTEGER NOT NULL CHECK (ends_at_ack IN (0, 1)),
	bytes INTEGER NOT NULL,       -- of the payload
	payload TEXT NOT NULL,
	crc INTEGER NOT NULL          -- CRC-32 of the columns seq, topic, payload joined by '|'
) STRICT;
CREATE TABLE outbox_totals (
	state TEXT PRIMARY KEY,
	rows INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outbox_totals" VALUES('acked',0,0);
INSERT INTO "outbox_totals" VALUES('blocked',0,0);
INSERT INTO "outbox_totals" VALUES('pending',0,0);
INSERT INTO "outbox_totals" VALUES('sent',0,0);
CREATE TABLE receipts (
	command TEXT PRIMARY KEY REFERENCES commands (id),
	time INTEGER NOT NULL,
	ref TEXT NOT NULL,            -- the id of what it answers
	unit TEXT NOT NULL,
	person TEXT NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('received', 'done', 'partly', 'not'))
) STRICT;
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
) STRICT;
CREATE TABLE reviews (
	command TEXT PRIMARY KEY REFERENCES commands (id),
	time INTEGER NOT NULL,
	first_hour INTEGER NOT NULL,
	last_hour INTEGER NOT NULL,
	pollutants TEXT NOT NULL,     -- separated by commas
	restored INTEGER NOT NULL CHECK (restored IN (0, 1)),
	reason TEXT NOT NULL,
	reviewer TEXT NOT NULL
) STRICT;
CREATE TABLE signers (
	key TEXT PRIMARY KEY,         -- its name in the station file
	counter INTEGER NOT NULL      -- the highest that was taken
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
	list INTEGER NOT NULL REFERENCES lists (number),
	id TEXT NOT NULL,
	line INTEGER NOT NULL,        -- of the file
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	credit_code TEXT NOT NULL,
	county TEXT NOT NULL, town TEXT NOT NULL, inspector TEXT NOT NULL,
	grade TEXT NOT NULL, control TEXT NOT NULL,
	process TEXT NOT NULL, key_index TEXT NOT NULL,
	yellow TEXT NOT NULL, orange TEXT NOT NULL, red TEXT NOT NULL,
	yellow_lines TEXT NOT NULL, orange_lines TEXT NOT NULL, red_lines TEXT NOT NULL,
	person TEXT NOT NULL, phone TEXT NOT NULL, -- never leave this file
	other TEXT NOT NULL,          -- JSON object: the other columns
	base_so2 INTEGER, base_nox INTEGER, base_pm INTEGER, base_vocs INTEGER,
	cut_yellow_so2 INTEGER, cut_yellow_nox INTEGER, cut_yellow_pm INTEGER, cut_yellow_vocs INTEGER,
	cut_orange_so2 INTEGER, cut_orange_nox INTEGER, cut_orange_pm INTEGER, cut_orange_vocs INTEGER,
	cut_red_so2 INTEGER, cut_red_nox INTEGER, cut_red_pm INTEGER, cut_red_vocs INTEGER,
	PRIMARY KEY (list, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "sources" VALUES(1,'gy-001',2,'industry','示例青禾硬质合金（虚构）','91999999MA0000001N','示例区','示例街道','示例街道办事处','C','normal','烧结、磨削','停产生产线无用电负荷','烧结炉停1台','烧结炉停2台','烧结炉停3台，磨削工序停产','1号烧结炉','1、2号烧结炉','1至3号烧结炉、磨削','示例人员01','','{"permit":"91999999MA0000001N001P","permit_type":"重点管理","park":"示例工业园","address":"虚构路1号","other_sector":"硬质合金制造","days":"320","SO2排放量(t/a)":"2.4","NOx排放量(t/a)":"9.6","颗粒物排放量(t/a)":"6.1","VOCs排放量(t/a)":"1.2","lines":"4","line_text":"烧结炉4台","黄色SO2减排量(kg/d)":"1.5","黄色NOx减排量(kg/d)":"6.0","黄色颗粒物减排量(kg/d)":"3.8","黄色VOCs减排量(kg/d)":"0.7","橙色SO2减排量(kg/d)":"3.0","橙色NOx减排量(kg/d)":"12.0","橙色颗粒物减排量(kg/d)":"7.6","橙色VOCs减排量(kg/d)":"1.5","红色SO2减排量(kg/d)":"4.5","红色NOx减排量(kg/d)":"18.0","红色颗粒物减排量(kg/d)":"11.4","红色VOCs减排量(kg/d)":"2.2","movements_day":"6","nrmm_ii":"0","has_meter":"是","has_cems":"否"}',7500,30000,19062,3750,1500,6000,3800,700,3000,12000,7600,1500,4500,18000,11400,2200);
INSERT INTO "sources" VALUES(1,'gy-002',3,'industry','示例远帆涂料（虚构）','91999999MA0000002R','示例区','虚拟街道','虚拟街道办事处','D','normal','配料、分散、研磨','停产生产线无用电负荷','研磨线停1条','研磨线停2条','全厂停产','1号研磨线','1、2号研磨线','全部','示例人员02','','{"permit":"91999999MA0000002R001P","permit_type":"重点管理","address":"虚构路2号","key_sector":"涂料制造","days":"280","SO2排放量(t/a)":"0.1","NOx排放量(t/a)":"0.4","颗粒物排放量(t/a)":"0.8","VOCs排放量(t/a)":"18.6","lines":"3","line_text":"分散研磨线3条","黄色SO2减排量(kg/d)":"0.1","黄色NOx减排量(kg/d)":"0.4","黄色颗粒物减排量(kg/d)":"0.8","黄色VOCs减排量(kg/d)":"19.9","橙色SO2减排量(kg/d)":"0.2","橙色NOx减排量(kg/d)":"0.8","橙色颗粒物减排量(kg/d)":"1.7","橙色VOCs减排量(kg/d)":"39.8","红色SO2减排量(kg/d)":"0.3","红色NOx减排量(kg/d)":"1.4","红色颗粒物减排量(kg/d)":"2.8","红色VOCs减排量(kg/d)":"66.4","movements_day":"6","nrmm_ii":"0","has_meter":"是","has_cems":"否"}',357,1429,2857,66429,100,400,800,19900,200,800,1700,39800,300,1400,2800,66400);
INSERT INTO "sources" VALUES(1,'jz-005',4,'building','示例公租房（虚构）','','示例区','虚拟街道','区住建局','ungraded','normal','土方、喷涂','围挡喷淋开启，无土方车辆进出','增加洒水','停止土方、渣土运输和拆除，停用国II及以下非道路移动机械','除抢险外全部停工','','土方','全部','示例人员29','','{"address":"虚构路29号","days":"300","SO2排放量(t/a)":"0","NOx排放量(t/a)":"0.38","颗粒物排放量(t/a)":"1.9","VOCs排放量(t/a)":"0","黄色SO2减排量(kg/d)":"0.0","黄色NOx减排量(kg/d)":"0.1","黄色颗粒物减排量(kg/d)":"0.6","黄色VOCs减排量(kg/d)":"0.0","橙色SO2减排量(kg/d)":"0.0","橙色NOx减排量(kg/d)":"0.7","橙色颗粒物减排量(kg/d)":"3.8","橙色VOCs减排量(kg/d)":"0.0","红色SO2减排量(kg/d)":"0.0","红色NOx减排量(kg/d)":"1.1","红色颗粒物减排量(kg/d)":"5.7","红色VOCs减排量(kg/d)":"0.0","movements_day":"12","nrmm_ii":"3","has_meter":"否","has_cems":"否"}',0,1267,6333,0,0,100,600,0,0,700,3800,0,0,1100,5700,0);
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
CREATE VIEW hours_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	pollutant, mean_milli / 1000.0 AS mean, valid, quality, why,
	covered_ms / 60000.0 AS covered_min, samples, time_quality, rev, invalidated, source
FROM hours;
CREATE VIEW aqi_text AS
SELECT strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	daily, daily_category, daily_primary, realtime, realtime_category, realtime_primary, edition, rev
FROM aqi;
CREATE VIEW advice_text AS
SELECT CASE WHEN held & 8 THEN 'red' WHEN held & 4 THEN 'orange' WHEN held & 2 THEN 'yellow'
	ELSE 'none' END AS level, holding,
	CASE WHEN since > 0 THEN strftime('%Y-%m-%dT%H:%M+08:00', since * 3600, 'unixepoch', '+8 hours')
	END AS since,
	strftime('%Y-%m-%dT%H:%M+08:00', last_hour * 3600, 'unixepoch', '+8 hours') AS last_hour,
	last_event, edition, plan
FROM advice;
CREATE VIEW events_text AS
SELECT number, strftime('%Y-%m-%dT%H:%M+08:00', hour * 3600, 'unixepoch', '+8 hours') AS time,
	about, kind, previous, level, basis,
	strftime('%Y-%m-%dT%H:%M+08:00', onset * 3600, 'unixepoch', '+8 hours') AS onset, episode
FROM events;
CREATE VIEW outbox_text AS
SELECT seq, CASE class WHEN 0 THEN 'warning' WHEN 1 THEN 'state' ELSE 'data' END AS class,
	topic, state, reason, tries, length(payload) AS characters
FROM outbox;
CREATE VIEW lists_text AS
SELECT number, strftime('%Y-%m-%dT%H:%M+08:00', imported / 1000, 'unixepoch', '+8 hours') AS time,
	sources, file, sha256, number = (SELECT max(number) FROM lists) AS in_force
FROM lists;
CREATE INDEX orders_by_run ON orders (withdrawn, run, source);
COMMIT;
