#!/bin/sh
# Copies catalog, log and tables of a running box to a directory that is not there yet:
#   ./sluice hold -- deploy/recipes/backup/copy.sh data backup
set -e
data=$1
to=$2
sluice=$(dirname "$0")/../../../sluice
mkdir -m 700 "$to"
cp -a "$data"/catalog.db* "$to"
"$sluice" wal copy "$data/writer" "$to/writer"
cp -a "$data/warehouse" "$to"
