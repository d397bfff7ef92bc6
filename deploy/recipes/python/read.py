"""Tables in a notebook, without a line of Sluice: counts by service, and by minute. Sees what is persisted."""

import sys

import duckdb
from pyiceberg.catalog import load_catalog

catalog = load_catalog("sluice", type="rest", uri=sys.argv[1] if len(sys.argv) > 1 else "http://localhost:4320")
traces = catalog.load_table("default.traces")

# pyarrow: only the columns, and the files, that are needed.
spans = traces.scan(row_filter="time >= '2026-01-01T00:00:00+00:00'", selected_fields=("time", "service_name", "duration_nano")).to_arrow()
print(spans.group_by("service_name").aggregate([("duration_nano", "count"), ("duration_nano", "mean")]).to_pandas())

# DuckDB, on that Arrow table by its name.
print(duckdb.sql("SELECT date_trunc('minute', time) AS minute, count(*) AS spans, quantile_cont(duration_nano, 0.99) / 1e6 AS p99_ms FROM spans GROUP BY 1 ORDER BY 1"))

# DuckDB on the Parquet files of the table's current version, and no others: older ones, and files of
# commits that did not happen, lie beside them.
files = [task.file.file_path for task in traces.scan().plan_files()]
print(duckdb.sql(f"SELECT count(*) AS spans FROM read_parquet({files})"))
