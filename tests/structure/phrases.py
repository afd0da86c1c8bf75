#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What both programs say to people is in the catalogue of every language, and nothing else is."""
import os
import re

from source import ROOT, Tap, c_files, read

FOLDER = "daemon/po"
LITERALS = r'((?:\s*"(?:\\.|[^"\\])*")+)'
PHRASE = re.compile(r"\b(?:tr\(|TR_LATER\(|log_line\(\s*\w+,\s*\w+,\s*[&\w]+,|"
                    r"log_(?:error|warning|notice|info)\(\s*\w+,)" + LITERALS)
ENTRY = re.compile(r"^((?:#.*\n)*)msgid" + LITERALS + r"\s*\nmsgstr" + LITERALS, re.MULTILINE)
CONVERSION = re.compile(r"%(?:(\d+)\$)?[-+ #0]*[\d.*]*(?:hh|h|ll|l|z)?([diouxXfgsc%])")


# Who reads these sees them in the language; each with why what it says goes another way.
ROOMS = ("daemon/base/", "daemon/conf/", "daemon/cli/", "daemon/hj212/", "daemon/station/")
# A page that goes on to others, or a file that two people write by: both languages stand in it.
BOTH_LANGUAGES = ("daemon/cli/report/", "daemon/cli/slip.c", "daemon/cli/replay/svg_replay.c",
                  "daemon/cli/init/station_file.c")
UNTOLD = {
    "edition_draft begins with edition": "told by the compiler",
    "level_draft begins with level": "told by the compiler",
    "plan_draft begins with plan": "told by the compiler",
    "cannot start any token": "held against what libyaml says",
    "while scanning a simple key": "held against what libyaml says",
    "mapping values are not allowed in this context": "held against what libyaml says",
    r"kind: profile\nid:\nmaker:\nmodel:\nsource:\nmax_hole: 0\n": "the keys of a profile",
    r'for p in \"$PAGER\" less more cat; do': "told to the shell",
    "<document start>": "compared with libyaml's words", "expected key": "compared with libyaml's words",
}
SAME = {}  # phrase: why its translation is the same
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MARKUP = re.compile(r'"<(?:!DOCTYPE|meta|tr)\b(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*')  # told to a browser
ANY_TEXT = re.compile(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*')


def joined(literals):
    """C's adjacent literals as one text, its escapes as they are."""
    return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', literals))


def spoken():
    """Phrase -> the files that say it."""
    found = {}
    for path in c_files("daemon"):
        for match in PHRASE.finditer(read(path)):
            phrase = joined(match.group(1))
            if match.group(0)[:2] in ("tr", "TR") or re.search(r"\w", CONVERSION.sub("", phrase)):
                found.setdefault(phrase, set()).add(path)
    return found


def catalogue(language):
    """Phrase -> (comments, translation)."""
    return {joined(phrase): (comments, joined(words)) for comments, phrase, words in
            ENTRY.findall(read(f"{FOLDER}/{language}.po")) if joined(phrase)}


def conversions(text):
    """The conversions of a format in the order of its arguments."""
    found = [(int(place or 0), letter) for place, letter in CONVERSION.findall(text) if letter != "%"]
    return [letter for _, letter in sorted(found, key=lambda each: each[0])] \
        if any(place for place, _ in found) else [letter for _, letter in found]


def is_told(text):
    """True for words in a row: keys, names and the frame "hazewatch NAME: ..." are none."""
    plain = re.sub(r"\bhazewatch [a-z]+\b", "", re.sub(r"\\(?:[nrt]|033\[K)", " ", CONVERSION.sub(" ", text)))
    return re.search(r"[A-Za-z]{2,} +[A-Za-z]{2,}", plain) and text not in UNTOLD


def untranslatable():
    """What is told and was not marked for the catalogue."""
    for path in c_files("daemon"):
        if not path.startswith(ROOMS) or path.startswith(BOTH_LANGUAGES):
            continue
        marked = MARKUP.sub("", PHRASE.sub("", COMMENT.sub("", read(path))))
        for match in ANY_TEXT.finditer(re.sub(r"^#.*$", "", marked, flags=re.MULTILINE)):
            if is_told(joined(match.group(0))):
                yield f"{path}: {joined(match.group(0))}"


def untold_store_errors():
    """Storage has no gettext; what it calls its errors is translated by those who tell it."""
    known = re.search(r"store_errors\[\] = \{(.*?)\};", read("daemon/messages/log_words.c"), re.DOTALL)[1]
    said = re.search(r"\nstatic const char \*error_text\((.*?)\n\}", read("storage/file/store.c"), re.DOTALL)[1]
    return [text for text in re.findall(r"case STORE_E_\w+:\s*return \"([^\"]+)\"", said)
            if f'TR_LATER("{text}")' not in known] if said.count("return") > 5 else ["none found"]


def check_language(tap, language, phrases):
    known = catalogue(language)
    tap.case(f"every phrase of the command has its words in {language}",
             (f"{', '.join(sorted(phrases[phrase]))}: {phrase}" for phrase in phrases
              if not known.get(phrase, ("", ""))[1]))
    tap.case(f"{language} has no phrase that nobody says, and none of doubt",
             [phrase for phrase in known if phrase not in phrases] +
             [phrase for phrase, (comments, _) in known.items() if "fuzzy" in comments])
    tap.case(f"no phrase is the same in {language}",
             [phrase for phrase, (_, words) in known.items()
              if words == phrase and phrase not in SAME])
    tap.case(f"what {language} puts into a phrase is what the phrase has room for",
             (f"{phrase} -> {words}" for phrase, (_, words) in known.items()
              if conversions(phrase) != conversions(words)))


def main():
    tap, phrases = Tap(), spoken()
    tap.case("phrases were found in the code", [] if len(phrases) > 50 else [str(len(phrases))])
    named = set(read(f"{FOLDER}/POTFILES").split())
    saying = {path for paths in phrases.values() for path in paths}
    tap.case("POTFILES names every file that says something, and no other",
             sorted(named ^ saying))
    tap.case("what both programs tell people is marked for the catalogues", untranslatable())
    tap.case("what storage calls its errors is told in the language", untold_store_errors())
    for language in read(f"{FOLDER}/LINGUAS").split():
        check_language(tap, language, phrases)
    tap.case("a catalogue lies in the folder for every language",
             (language for language in read(f"{FOLDER}/LINGUAS").split()
              if not os.path.exists(os.path.join(ROOT, FOLDER, language + ".po"))))
    tap.done()


if __name__ == "__main__":
    main()
