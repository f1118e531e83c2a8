# SPDX-License-Identifier: Apache-2.0
"""Tables in the documentation that runs write."""

import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def write_table(name, text):
    """Replaces what stands between the marks in docs/NAME."""
    path = f"{ROOT}/docs/{name}"
    with open(path, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    after = rest.split(END)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n{text}\n{END}{after}")
