# SPDX-License-Identifier: MIT
"""Writes the words of the report as C, those of the header's enum first: words.py WORDS HEADER SOURCE"""
import re
import sys

words, header, source = sys.argv[1:]
rows = {}
with open(words, encoding="utf-8") as file:
    for number, line in enumerate(file, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, *texts = [part.strip() for part in line.split("|")]
        if len(texts) != 2 or not all(texts) or name in rows or any(mark in line for mark in '"\\'):
            sys.exit(f"{words}:{number}: must be a new name | Chinese | English, without \" and \\")
        rows[name] = texts
with open(header, encoding="utf-8") as file:
    known = [name.lower().replace("_", "-") for name in re.findall(r"^\tWORD_(\w+),$", file.read(), re.MULTILINE)]
for name in known:
    if name not in rows:
        sys.exit(f"{words}: {name} of {header} is missing")
with open(source, "w", encoding="utf-8") as file:
    file.write('#include <stddef.h>\n#include "report_words.h"\n\nconst struct report_words report_words[] = {\n')
    for name in known + [each for each in rows if each not in known]:
        file.write(f'\t{{"{name}", {{"{rows[name][0]}", "{rows[name][1]}"}}}},\n')
    file.write("\t{NULL, {NULL, NULL}},\n};\n")
