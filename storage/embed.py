# SPDX-License-Identifier: MIT
"""Writes the numbered SQL files of one series as a C array: embed.py NAME OUTPUT FILE..."""

import re
import sys

name, output, files = sys.argv[1], sys.argv[2], sys.argv[3:]
code = ['#include "db.h"', ""]
rows = []
for number, file in enumerate(files, start=1):
    with open(file, "rb") as f:
        sql = f.read()
    base = file.rsplit("/", 1)[-1]
    if not base.startswith(f"{number:04}_") or b"\0" in sql:
        sys.exit(f"{file}: migration {number} of {name} must be a text named {number:04}_...sql")
    if not re.search(rb"^PRAGMA user_version = %d;" % number, sql, re.M):
        sys.exit(f"{file}: 'PRAGMA user_version = {number};' is missing")
    # Not a string literal: ISO C promises only 4095 characters of those.
    code.append(f"static const char sql_{number}[] = {{{','.join(map(str, sql + bytes(1)))}}};")
    rows.append(f'\t{{"{base}", sql_{number}}},')
code += [f"const struct db_migration {name}_migrations[] = {{", *rows, "\t{0},", "};", ""]
with open(output, "w", encoding="ascii") as f:
    f.write("\n".join(code))
