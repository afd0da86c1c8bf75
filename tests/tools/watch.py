#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A readable subscriber: what a station publishes over MQTT, as lines for people.

One line an hour with the real-time and the daily AQI, a reading now and then, and a block for each
warning event with its least cut. Ends when a warning has been lifted, or the level of --until is
advised, prints a summary, and says by its exit status whether that was seen: 0 yes, 1 no (time-out or no broker). Colours on a
terminal only, and not with NO_COLOR set.
"""
import argparse
import datetime
import json
import os
import re
import signal
import sys
import time
import unicodedata
import xml.etree.ElementTree

import paho.mqtt.client as mqtt

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
POLLUTANTS = (("pm25_ug_m3", "PM2.5"), ("pm10_ug_m3", "PM10"), ("so2_ug_m3", "SO2"),
              ("no2_ug_m3", "NO2"), ("co_mg_m3", "CO"), ("o3_ug_m3", "O3"))
EMISSIONS = (("so2", "SO2"), ("nox", "NOx"), ("pm", "PM"), ("vocs", "VOCs"))
MEASURES = re.compile("主要措施：.*?。|Main measures: .*?[.] ")  # a page of them
# highest AQI of a category -> colour of the 256, near the standard's
AQI_COLOURS = ((50, 40), (100, 220), (150, 208), (200, 196), (300, 126), (500, 88))
LEVELS = {"none": ("无预警", "no warning", "48;5;40;38;5;16"),
          "yellow": ("黄色预警", "YELLOW", "48;5;226;38;5;16"),
          "orange": ("橙色预警", "ORANGE", "48;5;208;38;5;16"),
          "red": ("红色预警", "RED", "48;5;196;38;5;231")}
EVENTS = {"issue": ("▲ 发布", "issue"), "upgrade": ("▲ 升级", "upgrade"),
          "downgrade": ("▼ 降级", "downgrade"), "lift": ("○ 解除", "lift"),
          "hold": ("‖ 暂停判断", "hold"), "resume": ("▶ 恢复判断", "resume"),
          "rules_changed": ("规则变更", "rules changed"), "correction": ("更正", "correction")}
WIDTH = 80
BAR_CELLS = 7
READING_EVERY_S = 3.0     # of the machine's clock
CUTS_PATIENCE_S = 1.5     # how long an event waits for the cuts that belong to it
AFTER_LIFT_S = 1.0        # for what the last hour still sends


def width(text):
    """Columns of a text on a terminal: Chinese characters take two."""
    return sum(0 if unicodedata.combining(sign) else
               2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def pad(text, columns):
    while width(text) > columns:
        text = text[:-1]
    return text + " " * (columns - width(text))


def wrap(text, columns):
    """Lines of at most so many columns, and a comma that may not begin the next one."""
    lines, line = [], ""
    for sign in text.strip():
        if sign == "\n" or (width(line + sign) > columns and sign not in "，。；：、）】！"):
            word = re.search(r"[!-~]*$", line).start() if "!" <= sign <= "~" else len(line)
            word = word or len(line)
            lines.append(line[:word].rstrip())
            line = line[word:]
        if line or not sign.isspace():
            line += sign
    return lines + [line] if line else lines


def hour_text(stamp, with_minutes=False):
    """MM-DD HH:MM in Beijing time; an hour that ends at midnight is 24:00 of the day before."""
    if isinstance(stamp, (int, float)):
        when = datetime.datetime.fromtimestamp(stamp * 3600, BEIJING)
    else:
        try:
            when = datetime.datetime.fromisoformat(str(stamp).replace("Z", "+00:00"))
        except ValueError:
            return str(stamp)[:11] if stamp else "-----------"
        when = when.astimezone(BEIJING)
    if not with_minutes and (when.hour, when.minute) == (0, 0):
        return (when - datetime.timedelta(days=1)).strftime("%m-%d 24:00")
    return when.strftime("%m-%d %H:%M")


class Painter:
    """Colours, or none."""

    def __init__(self, out):
        self.out = out
        self.on = out.isatty() and not os.environ.get("NO_COLOR") and \
            os.environ.get("TERM") != "dumb"

    def paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.on else text

    def line(self, text=""):
        print(text, file=self.out, flush=True)


def aqi_colour(aqi):
    return next((colour for upto, colour in AQI_COLOURS if aqi <= upto), AQI_COLOURS[-1][1])


def bar(aqi):
    eighths = min(BAR_CELLS * 8, round(aqi * BAR_CELLS * 8 / 500))
    return "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8] if eighths % 8 else "")


class Watch:
    """What has been heard so far, and how it is shown."""

    def __init__(self, painter, prefix, until=None):
        self.painter, self.prefix, self.until = painter, prefix, until
        self.counts, self.seen, self.hours, self.steps = {}, set(), [], []
        self.highest = None          # (daily AQI, hour)
        self.cuts = None             # the advice's block of the newest cuts
        self.pending = None          # (event, when it came) until its cuts are here
        self.next_reading = 0.0
        self.lifted_at = None

    # -- messages

    def take(self, topic, payload):
        name = topic[len(self.prefix):].lstrip("/")
        if payload.startswith(b"<?xml"):
            self.cap(name, payload)
            return
        try:
            message = json.loads(payload)
        except ValueError:
            self.painter.line(pad(f"{name}: not JSON: {payload[:60]!r}", WIDTH).rstrip())
            return
        if message.get("id") in self.seen:
            return
        self.seen.add(message.get("id", object()))
        self.counts[name] = self.counts.get(name, 0) + 1
        if len(self.seen) == 1:
            self.painter.line(" │ ".join((pad("时间 hour", 11), pad("实时 now", 11),
                                          pad("日均 daily AQI (24 h)", 38), "首要 main")))
        show = {"reading": self.reading, "aqi": self.aqi, "warning/event": self.event,
                "cuts": self.take_cuts, "state": self.state}.get(name)
        if show:
            show(message)

    def state(self, message):
        self.painter.line(self.painter.paint(
            "2", f"站点 station: {message.get('state')} {message.get('why') or ''}".rstrip()))

    def cap(self, name, payload):
        """The same event as Common Alerting Protocol: what sort of alert, and its identifier."""
        try:
            root = xml.etree.ElementTree.fromstring(payload)
        except xml.etree.ElementTree.ParseError as error:
            self.painter.line(pad(f"{name}: no CAP: {error}", WIDTH).rstrip())
            return
        said = {part.tag.rpartition("}")[2]: (part.text or "").strip() for part in root}
        if said.get("identifier") in self.seen:
            return
        self.seen.add(said.get("identifier"))
        self.counts["cap"] = self.counts.get("cap", 0) + 1
        self.painter.line(self.painter.paint("2", pad(
            f"CAP 1.2: {said.get('msgType')}, {said.get('status')}, {said.get('identifier')}",
            WIDTH).rstrip()))

    def reading(self, message):
        if time.monotonic() < self.next_reading:
            return
        self.next_reading = time.monotonic() + READING_EVERY_S
        values, quality, why = (message.get(key) or {} for key in ("values", "quality", "why"))
        parts = []
        for field, name in POLLUTANTS:
            key = field.split("_")[0]
            value = values.get(field)
            parts.append(f"{name} {value:g}" if value is not None else
                         f"{name} — {quality.get(key, '')} {why.get(key, '')}".rstrip())
        self.painter.line(self.painter.paint(
            "2", pad(pad(hour_text(message.get("time"), True), 11) + "   " + "  ".join(parts),
                     WIDTH).rstrip()))

    def aqi(self, message):
        hour, daily = message.get("hour"), message.get("daily") or {}
        self.hours.append(hour)
        value = daily.get("aqi")
        if value is not None and (self.highest is None or value > self.highest[0]):
            self.highest = (value, hour)
        primary = " ".join(dict((f.split("_")[0], n) for f, n in POLLUTANTS).get(key, key)
                           for key in daily.get("primary") or [])
        self.painter.line(" │ ".join((pad(hour_text(hour), 11),
                                      self.index(message.get("realtime") or {}, False),
                                      self.index(daily, True), primary)).rstrip(" │"))

    def index(self, index, named):
        """Value and bar in the category's colour, and beside the daily one the category."""
        value, category = index.get("aqi"), index.get("category") or {}
        columns = 3 + 1 + BAR_CELLS + (29 if named else 0)
        if value is None:
            return self.painter.paint("2", pad("  — 数据不足 not enough data" if named else "  —",
                                               columns))
        text = f"{value:3} {pad(bar(value), BAR_CELLS)}"
        if named:
            text += f" {pad(category.get('zh', ''), 8)} {category.get('en', '')}"
        return self.painter.paint(f"38;5;{aqi_colour(value)}", pad(text, columns))

    def take_cuts(self, message):
        blocks = [block for block in message.get("blocks") or []
                  if block.get("authority") == "advice"]
        self.cuts = blocks[0] if blocks else {"level": "none"}
        self.show_pending(False)

    def event(self, message):
        self.show_pending(True)
        self.pending = (message, time.monotonic())
        self.show_pending(False)

    # -- blocks

    def show_pending(self, now):
        """An event is shown with the cuts of its level, or without them when it waited long."""
        if not self.pending:
            return
        message, since = self.pending
        fits = self.cuts is not None and self.cuts.get("level") == message.get("level")
        if now or fits or time.monotonic() - since > CUTS_PATIENCE_S:
            self.pending = None
            self.block(message, self.cuts if fits else None)

    def block(self, message, cuts):
        kind, level = message.get("event", "?"), message.get("level", "none")
        kind_zh, kind_en = EVENTS.get(kind, (kind, kind))
        level_zh, level_en, colour = LEVELS.get(level, (level, level, "7"))
        least = self.least_cut(cuts, level)
        self.steps.append((message.get("hour"), kind, level, least[1]))
        if kind == "lift" or level == self.until:
            self.lifted_at = time.monotonic()
        title = f" {kind_zh} {level_zh}   {kind_en}: {level_en} "
        facts = f"{hour_text(message.get('hour'))}   事件 event {message.get('number', '?')}"
        if message.get("onset"):
            facts += f"   起始 onset {hour_text(message['onset'])}"
        line, paint = self.painter.line, self.painter.paint
        line("┌" + "─" * (WIDTH - 1))
        if width(title + facts) + 4 <= WIDTH:
            line("│ " + paint(colour + ";1", title) + "  " + facts)
        else:
            line("│ " + paint(colour + ";1", title))
            line("│  " + facts)
        for text in (message.get("text_zh"), message.get("text_en")):
            for part in wrap(MEASURES.sub("", text or ""), WIDTH - 5):
                line("│ " + part)
        if kind in ("issue", "upgrade", "downgrade", "lift"):
            line("│ " + paint("1", f"最低减排 {least[0]}   least cut: {least[1]}"))
        line("└" + "─" * (WIDTH - 1))

    @staticmethod
    def least_cut(cuts, level):
        """The cut in Chinese and in English, or that none is known."""
        if level == "none":
            return "无", "none any more"
        percent = (cuts or {}).get("min_cut_pct") or {}
        parts = [f"{name} {percent[key]} %" for key, name in EMISSIONS
                 if percent.get(key) is not None]
        if not parts:
            return "未知", "not said"
        values = {percent[key] for key, _ in EMISSIONS if percent.get(key) is not None}
        if len(values) == 1 and len(parts) == len(EMISSIONS):
            value = values.pop()
            return f"各 {value} %", f"{value} % each of SO2, NOx, PM, VOCs"
        return "见右", ", ".join(parts)

    def summary(self):
        line = self.painter.line
        line()
        line(self.painter.paint("1", "小结 Summary") + "   (at the end of a line: 最低减排 least cut)")
        for hour, kind, level, cut in self.steps:
            line(f"  {hour_text(hour)}  {pad(EVENTS.get(kind, (kind, kind))[0], 12)}"
                 f"{kind:<14}{level:<8}{cut}")
        if not self.steps:
            line("  no warning event was received")
        if self.highest:
            line(f"  highest daily AQI {self.highest[0]}, hour {hour_text(self.highest[1])}")
        counted = ", ".join(f"{name} {self.counts[name]}" for name in sorted(self.counts))
        for part in wrap(f"messages received: {counted or 'none'}", WIDTH - 2):
            line("  " + part)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--prefix", required=True,
                        help="of the station, as in hazewatch-exercise/1/430202/hetang-01")
    parser.add_argument("--until", metavar="LEVEL", help="end when this level is advised")
    parser.add_argument("--timeout", type=float, default=0, metavar="SECONDS",
                        help="give up after so long (default: never)")
    parser.add_argument("--ready-file", metavar="FILE", help="made once the subscription stands")
    return parser.parse_args()


def connect(options, watch):
    def on_connect(client, _userdata, _flags, code):
        if code == 0:
            client.subscribe(options.prefix + "/#", qos=1)

    def on_subscribe(_client, _userdata, _mid, _granted):
        if options.ready_file:
            with open(options.ready_file, "w", encoding="ascii"):
                pass

    client = mqtt.Client(client_id=f"watch-{os.getpid()}")
    client.on_connect, client.on_subscribe = on_connect, on_subscribe
    client.on_message = lambda _client, _userdata, message: watch.take(message.topic,
                                                                       message.payload)
    client.connect(options.host, options.port)
    return client


def listen(client, watch, deadline):
    """True when the lift was seen, else why not."""
    while True:
        code = client.loop(timeout=0.1)
        if code != mqtt.MQTT_ERR_SUCCESS:
            return f"the broker is gone: {mqtt.error_string(code)}"
        watch.show_pending(False)
        now = time.monotonic()
        if watch.lifted_at is not None and now > watch.lifted_at + AFTER_LIFT_S:
            return True
        if deadline and now > deadline:
            return f"no {watch.until or 'lift'} was seen in time"


def main():
    options = parse_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    watch = Watch(Painter(sys.stdout), options.prefix.rstrip("/"), options.until)
    try:
        client = connect(options, watch)
        end = listen(client, watch, options.timeout and time.monotonic() + options.timeout)
    except OSError as error:
        sys.exit(f"watch: {options.host}:{options.port}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    watch.summary()
    if end is not True:
        sys.exit(f"watch: {end}")


if __name__ == "__main__":
    main()
