# SPDX-License-Identifier: MIT
"""A real Chromium, told what to do over a pipe: its own protocol, JSON between NULs, nothing else.

A page's clock may be set ahead of the machine's before and while it is open.
"""
import base64
import contextlib
import fcntl
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time

PATIENCE_S = 60
FAR_FD = 100
CLOCK = """(() => {
  const real = Date.now.bind(Date);
  window.aheadMs = 0;
  Date.now = () => real() + window.aheadMs;
  const look = setInterval(() => {
    const level = document.querySelector('#force .level:not(.unknown)');
    if (level) {
      window.seenMs = performance.now();
      clearInterval(look);
    }
  }, 10);
})();"""


class Browser(contextlib.AbstractContextManager):
    """One browser, ended with everything that it started."""

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        commands, self.out = os.pipe()
        self.into, answers = os.pipe()
        # out of the way of 3 and 4, where the browser looks for them
        far = [fcntl.fcntl(each, fcntl.F_DUPFD, FAR_FD) for each in (commands, answers)]
        self.log = open(os.path.join(folder, "browser.log"), "wb")
        self.popen = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{far[0]} 4>&{far[1]}', "bash", "setpriv", "--pdeathsig", "KILL", "--",
             "chromium", "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-sandbox",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--lang=zh-CN",
             "--js-flags=--expose-gc", f"--user-data-dir={folder}/profile", "about:blank"],
            pass_fds=far, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True, env={"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"})
        for each in (commands, answers, *far):
            os.close(each)
        self.number, self.lock = 0, threading.Lock()
        self.waiting, self.pages = {}, {}
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        rest = b""
        while True:
            try:
                got = os.read(self.into, 1 << 20)
            except OSError:
                return
            if not got:
                return
            *messages, rest = (rest + got).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    self.waiting.pop(message["id"], queue.Queue()).put(message)
                elif message.get("sessionId") in self.pages:
                    self.pages[message["sessionId"]].take(message["method"], message["params"])

    def call(self, method, session=None, **params):
        answer = queue.Queue()
        with self.lock:
            self.number += 1
            number = self.number
            self.waiting[number] = answer
            message = {"id": number, "method": method, "params": params}
            if session:
                message["sessionId"] = session
            os.write(self.out, json.dumps(message).encode() + b"\0")
        try:
            got = answer.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError(f"the browser does not answer {method}") from None
        assert "error" not in got, f"{method}: {got['error']}"
        return got["result"]

    def open(self, address, width=1920, height=1080):
        return Page(self, width, height).go(address)

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.log.close()
        os.close(self.out)
        os.close(self.into)


class Page:
    """One tab: what it asked the network for and what went wrong in it are kept."""

    def __init__(self, browser, width, height):
        self.browser, self.requests, self.wrong = browser, [], []
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        self.target = browser.call("Target.createTarget", url="about:blank",
                                   browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target,
                                    flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.call("Performance.enable", timeDomain="threadTicks")  # what it takes, not what it waits
        self.call("Page.addScriptToEvaluateOnNewDocument", source=CLOCK)
        self.resize(width, height)

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def take(self, method, params):
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requests.append(params["url"])
        elif method == "Runtime.exceptionThrown":
            self.wrong.append(json.dumps(params["exceptionDetails"])[:600])
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error" \
                and "WebSocket" not in params["entry"]["text"]:
            self.wrong.append(params["entry"]["text"][:600])

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 700)

    def go(self, address):
        self.call("Page.navigate", url=address)
        return self

    def run(self, script):
        """The value of an expression, by JSON."""
        got = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in got, f"{script[:200]}: {got['exceptionDetails']}"
        return got["result"].get("value")

    def text(self, element="body"):
        return self.run(f"(document.querySelector({json.dumps(element)}) || {{}}).innerText || ''")

    def wait(self, what, script, limit_s=PATIENCE_S):
        """The first true value of an expression."""
        deadline = time.monotonic() + limit_s
        while True:
            value = self.run(script)
            if value:
                return value
            assert time.monotonic() < deadline, f"not within {limit_s} s: {what}; the page says: {self.text()[:1500]}"
            time.sleep(0.05)

    def says(self, words, element="body", limit_s=PATIENCE_S):
        return self.wait(f"{words} in {element}", f"((document.querySelector({json.dumps(element)}) || {{}}).innerText"
                         f" || '').includes({json.dumps(words)})", limit_s)

    def says_no_more(self, words, element="body"):
        return self.wait(f"no {words} in {element}", f"!((document.querySelector({json.dumps(element)}) || {{}}).innerText"
                         f" || '').includes({json.dumps(words)})")

    def ahead(self, seconds):
        self.run(f"window.aheadMs = {seconds * 1000}")

    def click(self, element):
        self.run(f"document.querySelector({json.dumps(element)}).click()")

    def metrics(self):
        return {each["name"]: each["value"] for each in self.call("Performance.getMetrics")["metrics"]}

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)


def is_there():
    return shutil.which("chromium") is not None
