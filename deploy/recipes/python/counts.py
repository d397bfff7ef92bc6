"""Whether two boxes have the same number of spans, records and points of each service.

counts.py OLD.csv NEW.csv: each what `sluice sql --format csv` printed of deploy/recipes/counts.sql, or
the like from another backend (service, table, count). Ends with exit code 1 if they differ.
"""

import csv
import sys


def counts(path):
    with open(path, newline="") as file:
        return {(row[0], row[1]): int(row[2]) for row in list(csv.reader(file))[1:]}


old, new = counts(sys.argv[1]), counts(sys.argv[2])
different = 0
for key in sorted(old.keys() | new.keys()):
    same = old.get(key, 0) == new.get(key, 0)
    different += not same
    print(*key, old.get(key, 0), new.get(key, 0), "" if same else "<- differs")
print(f"{len(old.keys() | new.keys())} compared, {different} differ")
sys.exit(1 if different else 0)
