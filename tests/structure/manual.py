#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every installed program and every file format has a manual page, and every page renders.

usage: manual.py BUILD-FOLDER
"""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from source import ROOT, Tap, bare_c, c_files, project_files, read


def introspect(what):
    printed = subprocess.run(["meson", "introspect", what, sys.argv[1]], capture_output=True,
                             text=True, check=True).stdout
    return json.loads(printed)


def pages():
    return [path for path in project_files() if re.search(r"\.[1-8]\.scd$", path)]


def check_pages(tap):
    if not shutil.which("scdoc"):
        tap.skip("every manual page renders", "scdoc is not installed")
        return
    wrong = []
    for path in pages():
        printed = subprocess.run(["scdoc"], input=read(path), capture_output=True, text=True,
                                 check=False)
        if printed.returncode != 0 or not printed.stdout.startswith(".\\\""):
            wrong.append(f"{path}: {printed.stderr.strip()}")
    tap.case("every manual page renders", wrong)


def installed_paths():
    return sorted(set(introspect("--installed").values()))


def programs_without_page(installed):
    have = {os.path.basename(path)[:-len(".scd")] for path in pages()}
    for path in installed:
        if re.search(r"/s?bin/", path):
            name = os.path.basename(path)
            if not {f"{name}.1", f"{name}.8"} & have:
                yield f"{name}: there is no {name}.8.scd or {name}.1.scd"


def formats_without_page():
    """A format is known by its first key; some page of section 5 must speak of it."""
    described = "\n".join(read(path) for path in pages() if path.endswith(".5.scd"))
    kinds = set()
    for path in project_files():
        if path.startswith("config/") and path.endswith(".yaml"):
            kinds |= set(re.findall(r"^kind: (\w+)$", read(path), re.MULTILINE))
    for kind in sorted(kinds):
        if f"kind: {kind}" not in described:
            yield f"no page of section 5 describes \"kind: {kind}\""


def pages_not_installed(installed):
    have = {re.sub(r"\.gz$", "", os.path.basename(path)) for path in installed}
    for path in pages():
        if os.path.basename(path)[:-len(".scd")] not in have:
            yield path


# ---- what the programs take and give, and what the pages say of it ----

def help_of(program, *words):
    printed = subprocess.run([os.path.join(sys.argv[1], "daemon", program), *words, "--help"],
                             capture_output=True, text=True, check=True)
    return printed.stdout


def helps():
    """{what to type: its help} of both programs."""
    found = {"hazewatch": help_of("hazewatch"), "hazewatchd": help_of("hazewatchd")}
    for name in re.findall(r"^  ([a-z][a-z0-9]+) ", found["hazewatch"], re.MULTILINE):
        found[f"hazewatch {name}"] = help_of("hazewatch", name)
    return found


def options_in(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def options_astray(program, page, all_helps):
    """Options that the program's help has and its page has not, and the other way round."""
    known = {option for name, text in all_helps.items() if name.split()[0] == program
             for option in options_in(text)} | {"--help", "--version"}
    text = re.sub(r"```.*?```", "", read(page), flags=re.DOTALL)
    if program == "hazewatchd":  # it speaks of the command, too
        text = re.sub(r"\*hazewatch [a-z][^*]*\*", "", text)
    said = options_in(text)
    for option in sorted(known - said):
        yield f"{page} does not say {option}"
    for option in sorted(said - known):
        yield f"{page} says {option}, which no help has"


def subcommands_astray(all_helps):
    """By the first line of each in SYNOPSIS and its own paragraph in SUBCOMMANDS."""
    known = {name.split()[1] for name in all_helps if " " in name}
    for title, pattern in (("SYNOPSIS", r"\*hazewatch ([a-z0-9|*]+)"), ("SUBCOMMANDS", r"^\*([a-z][a-z0-9]+)[ *]")):
        said = {name for names in re.findall(pattern, section(COMMAND_PAGE, title), re.MULTILINE)
                for name in re.findall(r"[a-z][a-z0-9]+", names)}
        for name in sorted(known ^ said):
            yield f"{title}: {name}"


def section(page, title):
    return re.search(rf"^# {title}\n(.*?)(?=^# )", read(page), re.MULTILINE | re.DOTALL)[1]


def page_statuses(page):
    return {int(number) for terms in re.findall(r"^\*\d+\*.*$", section(page, "EXIT STATUS"),
                                                re.MULTILINE)
            for number in re.findall(r"\*(\d+)\*", terms)}


def code_statuses(folder):
    """The numbers of sysexits that the files of a folder name."""
    names = {name for path in c_files("daemon") if path.startswith(folder)
             for name in re.findall(r"\bEX_[A-Z]+\b", bare_c(read(path)))}
    return {getattr(os, name) for name in names}


def help_statuses(text):
    told = re.search(r"^Exit status:(.*)\Z", text, re.MULTILINE | re.DOTALL)
    return {int(each) for each in re.findall(r"\b[0-9]{1,2}\b", told[1])} if told else set()


def statuses_astray(page, folder, texts):
    said = page_statuses(page)
    given = code_statuses(folder)
    for number in sorted(given - said):
        yield f"{page} does not say {number}"
    for number in sorted(said - given - {1, 2, 3}):
        yield f"{page} says {number}, which no file of {folder} gives"
    for name, text in texts.items():
        for number in sorted(help_statuses(text) - said):
            yield f"{name} --help says {number}, {page} does not"


def files_of_subcommand(name):
    """Those that read its command line and do what it says."""
    room = "tables" if name in TABLES else name
    return [path for path in c_files("daemon") if path == f"daemon/cli/cmd_{name}.c" or
            path.startswith(f"daemon/cli/{room}/") and (path.endswith(".c") or room != name)]


def statuses_untold(texts):
    """What the files of a subcommand give, and what every one gives, is in its --help."""
    for name, text in texts.items():
        if " " not in name:
            continue
        files = files_of_subcommand(name.split()[1])
        code = "\n".join(bare_c(read(path)) for path in files)
        given = {getattr(os, each) for each in re.findall(r"\bEX_[A-Z]+\b", code)} | {os.EX_USAGE, os.EX_IOERR}
        for call, numbers in SHARED_STATUSES.items():
            given |= numbers if re.search(rf"\b{call}\b", code) else set()
        given -= {os.EX_CANTCREAT} if name.split()[1] in TABLES else set()  # with --svg alone: the page says it
        for number in sorted(given - help_statuses(text)):
            yield f"{name} --help does not say {number}"


def configuration_keys():
    """{key: a file} of every table of keys that the YAML files are read by."""
    return {key: path for path in c_files("daemon") if path.startswith("daemon/conf/")
            for key in re.findall(r"\{\s*\"([a-z][a-z0-9_]*)\",\s*YAML_", read(path))}


def configuration_pages():
    return [path for path in pages() if re.search(r"-(calendar|edition|hj212|outlook|plan|profile)\.5|\.yaml\.5",
                                                  path)]


def keys_astray():
    known = configuration_keys()
    text = "\n".join(read(path) for path in configuration_pages())
    # bold or, where a row or a flow mapping is described, in slanted letters or in an example
    said = set(re.findall(r"[a-z][a-z0-9_]*", text.replace("\\_", "_")))
    for key in sorted(set(known) - said):
        yield f"no page says {key} ({known[key]})"
    literal = set()
    for path in c_files("daemon", "rules", "sensors"):
        literal |= set(re.findall(r"\"([a-z][a-z0-9_]*)\"", read(path)))
    for path in configuration_pages():
        for terms in re.findall(r"^\*[a-z][a-z0-9_]*\*(?:, \*[a-z][a-z0-9_]*\*)*$", read(path),
                                re.MULTILINE):
            for key in re.findall(r"\*([a-z0-9_]+)\*", terms):
                if key not in literal:
                    yield f"{path} says *{key}*, which nothing reads"


KEY_PAGES = {"conf_calendar": "calendar.5", "conf_edition": "edition.5", "conf_hj212": "hj212.5", "conf_outlook": "outlook.5",
             "conf_profile": "profile.5", "conf_quantity": "profile.5",
             "conf_status": "profile.5", "conf_registers": "profile.5", "conf_plan": "plan.5", "conf_levels": "plan.5",
             "conf_measures": "plan.5", "conf_release": "plan.5"}  # every other: hazewatch.yaml.5


@functools.lru_cache(maxsize=None)
def bare_page(path):
    """Without the marks of bold and slanted letters, which touch the words."""
    return re.sub(r"(?<![A-Za-z0-9])[_*]|[_*](?![A-Za-z0-9])", " ", read(path)).replace("\\_", "_")


def keys_out_of_place():
    """Each kind of file has its page: what one may write stands there and not in another's alone."""
    for path in c_files("daemon"):
        if not path.startswith("daemon/conf/conf_") or not path.endswith(".c"):
            continue
        name = KEY_PAGES.get(os.path.basename(path)[:-len(".c")])
        page = f"config/hazewatch-{name}.scd" if name else "config/hazewatch.yaml.5.scd"
        text = bare_page(page)
        keys = re.findall(r"\{\s*\"([a-z][a-z0-9_]*)\",\s*YAML_|\b(?:TEXT|CUT|CONF_[A-Z]+)\(\"(\w+)\"", read(path))
        words = re.findall(r"^\t\{\"([a-z][a-z0-9_-]*)\", [A-Z]\w+\}", read(path), re.MULTILINE)
        for word in sorted({key for each in keys for key in each if key} | set(words)):
            if not re.search(rf"(?<![a-z0-9_-]){re.escape(word)}(?![a-z0-9_-])", text):
                yield f"{page} does not say {word} ({path})"


# Told of what the messages are about, and no field of them.
NO_FIELDS = {
    **dict.fromkeys(("certainty", "description", "expires", "instruction", "parameter", "severity",
                     "urgency"), "an element of CAP"),
    "announced": "a topic", "cuts": "a topic", "min_cut_pct_so2": "a parameter of CAP",
}


def fields_of_schemas():
    """{field or word of a message: the schemas that have it}"""
    found = {}

    def walk(value, path):
        if isinstance(value, dict):
            fields = value.get("properties")
            words = value.get("enum", []) + [value.get("const")]
            for name in (list(fields) if isinstance(fields, dict) else []) + words:
                if isinstance(name, str):
                    found.setdefault(name, set()).add(path)
            for each in value.values():
                walk(each, path)
        elif isinstance(value, list):
            for each in value:
                walk(each, path)
    for path in project_files():
        if path.startswith("config/mqtt/"):
            walk(json.loads(read(path)), path)
    return found


def messages_astray():
    found = fields_of_schemas()
    for name, schemas in sorted(found.items()):
        for path in sorted(schemas):
            page = COMMAND_PAGE if path in COMMAND_SCHEMAS else "config/hazewatch-mqtt.7.scd"
            if not re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])",
                             bare_page(page)):
                yield f"{page} does not say {name} ({path})"
    text = read("config/hazewatch-mqtt.7.scd").replace("\\_", "_")
    for said in sorted(set(re.findall(r"\*([a-z][a-z0-9_.]*)\*(?=:| \()", text))):
        if said.split(".")[-1] not in found and said not in NO_FIELDS:
            yield f"config/hazewatch-mqtt.7.scd says *{said}*, which no schema has"


def variables_astray():
    """What the command takes from its environment."""
    asked = {name for path in c_files("daemon") if path.startswith(("daemon/cli/", "daemon/base/words"))
             for name in re.findall(r"get(?:env|_set)\(\"([A-Z_]+)\"\)", read(path))}
    told = set(re.findall(r"\*([A-Z_]+)\*", "".join(re.findall(
        r"^\*[A-Z_*, ]+$", section(COMMAND_PAGE, "ENVIRONMENT"), re.MULTILINE))))
    for name in sorted(asked - told):
        yield f"{COMMAND_PAGE} does not say {name}"
    for name in sorted(told - asked - {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "PAGER", "LESS", "NO_COLOR"}):
        yield f"{COMMAND_PAGE} says {name}, which nothing reads"


def example_of_check():
    """The first example of hazewatch(1) is what the command prints."""
    shown = re.search(r"^\$ hazewatch (check .*?)\n(.*?)\n\n", read(COMMAND_PAGE),
                      re.MULTILINE | re.DOTALL)
    done = subprocess.run([os.path.join(sys.argv[1], "daemon", "hazewatch"), *shown[1].split()],
                          capture_output=True, text=True, check=False)
    if shown[2] + "\n" != done.stdout:
        yield from done.stdout.splitlines()


READMES = {"README.md": {}, "config/README.zh.md": {"LANGUAGE": "zh_CN"}}


def mistakes_in_readme(page):
    """The page's mistakes, put into the example, are told as it shows them."""
    shown = re.findall(r"^    (hazewatch\.yaml:\d+:\d+: .*)$", read(page), re.MULTILINE)
    catalogues = os.path.abspath(os.path.join(sys.argv[1], "daemon", "po"))
    text = read("config/hazewatch.yaml").replace("unit_id: 1\n", "unit_id: 0x10\n")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "hazewatch.yaml"), "w", encoding="utf-8") as file:
            file.write(text.replace("  port: 1883\n", "  prot: 1883\n"))
        done = subprocess.run(
            [os.path.abspath(os.path.join(sys.argv[1], "daemon", "hazewatch")), "check",
             "--config-dir", os.path.join(ROOT, "config"), "hazewatch.yaml"], cwd=folder,
            capture_output=True, text=True, check=False,
            env=os.environ | {"LC_ALL": "C.UTF-8", "TEXTDOMAINDIR": catalogues} | READMES[page])
    told = done.stderr.splitlines()
    if len(shown) != len(told) or not all(
            line.startswith(start.removesuffix("...")) for line, start in zip(told, shown)):
        yield from told


def figures_astray():
    """README quotes the table of the benchmarks, and what its last column says."""
    figures, readme = read("tests/bench/figures.md"), " ".join(read("README.md").split())
    for line in re.findall(r"^    (.*)$|\| ([^|]+) \|$", figures, re.MULTILINE):
        said = " ".join((line[0] or line[1]).split())
        if said != "README says" and said not in readme:
            yield said
        if line[0] and line[0] not in read("config/README.zh.md"):
            yield f"config/README.zh.md: {line[0]}"


def pages_without_mention():
    names = [os.path.basename(path)[:-len(".scd")] for path in pages()]
    for page in (COMMAND_PAGE, DAEMON_PAGE):
        text = read(page)
        for name in names:
            if f"*{name[:-2]}*({name[-1]})" not in text and os.path.basename(page)[:-4] != name:
                yield f"{page} does not name {name}"


def packages_astray():
    """What README says the build needs is what the scripts install and the package depends on."""
    told = re.search(r"\*\*From source\*\*:(.*?);", read("README.md"), re.DOTALL)[1].split()
    script = re.search(r"PACKAGES_BUILD=\((.*?)\)", read("tests/tools/packages.sh"), re.DOTALL)[1]
    control = re.search(r"Build-Depends:(.*?)\n[A-Z]", read("systemd/debian/control"), re.DOTALL)[1]
    installed = set(script.split()) - {"ninja-build", "scdoc", "python3"}  # meson's own, optional
    for name in sorted(installed ^ set(told)):
        yield f"README and tests/tools/packages.sh differ: {name}"
    for name in sorted(set(told) - {"gcc", "libc6-dev"}):
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", control):
            yield f"systemd/debian/control does not say {name}"


def check_contents(tap):
    texts = helps()
    tap.case("hazewatch(1) has every subcommand and no other", subcommands_astray(texts))
    tap.case("hazewatch(1) has the options of its subcommands and no others",
             options_astray("hazewatch", COMMAND_PAGE, texts))
    tap.case("hazewatchd(8) has its options and no others",
             options_astray("hazewatchd", DAEMON_PAGE, texts))
    tap.case("hazewatch(1) has every exit status that is given or told, and no other",
             statuses_astray(COMMAND_PAGE, "daemon/cli/", {
                 name: text for name, text in texts.items() if name != "hazewatchd"}))
    tap.case("--help of each subcommand has every exit status that it gives", statuses_untold(texts))
    tap.case("--help of each subcommand is seen whole on a screen of 24 lines",
             [f"{name}: {len(text.splitlines())} lines" for name, text in texts.items()
              if " " in name and len(text.splitlines()) > 24])
    tap.case("hazewatchd(8) has every exit status that is given, and no other",
             statuses_astray(DAEMON_PAGE, "daemon/station/", {
                 "hazewatchd": texts["hazewatchd"]}))
    tap.case("every key of a configuration file is in a page, and the other way round",
             keys_astray())
    tap.case("every key and word of a file is in the page of its kind", keys_out_of_place())
    tap.case("every field and word of a message is in its page, and the other way round",
             messages_astray())
    tap.case("hazewatch(1) has what the command takes from its environment, and nothing else",
             variables_astray())
    tap.case("the example of check in hazewatch(1) is what it prints", example_of_check())
    tap.case("the mistakes that README shows are told as it shows them",
             [line for page in READMES for line in mistakes_in_readme(page)])
    tap.case("the pages of both programs name every other page", pages_without_mention())
    tap.case("README quotes the figures of tests/bench/figures.md", figures_astray())
    tap.case("README names the packages that the build needs", packages_astray())


TABLES = {"history", "events", "directives", "orders", "forecasts"}
# What others give on behalf of a subcommand.
SHARED_STATUSES = {"control_ask_and_print": {0, 65, 69, 77}, "reader_complain": {66, 74, 77, 78}, "conf_load": {78},
                   "probe_find": {69, 75, 77}}
RANKS = {"quick", "full", "long"}
COMMAND_SCHEMAS = {"config/mqtt/status.json", "config/mqtt/sensor.json"}
COMMAND_PAGE, DAEMON_PAGE = "daemon/hazewatch.1.scd", "daemon/hazewatchd.8.scd"


def tests_without_one_rank():
    for test in introspect("--tests"):
        suites = {suite.split(":")[-1] for suite in test["suite"]}
        if len(suites & RANKS) != 1:
            yield f"{test['name']} is in {', '.join(sorted(suites)) or 'no suite'}"


def main():
    tap = Tap()
    installed = installed_paths()
    check_pages(tap)
    tap.case("every installed program has a manual page", programs_without_page(installed))
    tap.case("every kind of file has a manual page", formats_without_page())
    tap.case("every manual page is installed", pages_not_installed(installed))
    check_contents(tap)
    tap.case("every test is in exactly one of the suites quick, full and long",
             tests_without_one_rank())
    tap.done()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
