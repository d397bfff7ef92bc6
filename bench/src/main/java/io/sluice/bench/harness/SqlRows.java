package io.sluice.bench.harness;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.bench.audit.RowKeys;
import io.sluice.bench.audit.RowSource;
import io.sluice.bench.record.RunKeys;
import io.sluice.lake.Lake;
import io.sluice.query.SqlResult;
import io.sluice.query.SqlSession;
import io.sluice.query.TableReader;
import io.sluice.query.Writers;
import io.sluice.schema.table.Table;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Reads tables as users do: by SQL. */
public final class SqlRows implements RowSource {

  private final AuditTarget target;
  private final BufferAllocator allocator = new RootAllocator();
  private final Lake lake;
  private final Writers writers;
  private final SqlSession session;

  public SqlRows(AuditTarget target) throws Exception {
    this.target = target;
    this.lake = Lake.open(target.lake(), Clock.systemUTC());
    this.writers = Writers.at(target.writers(), target.credentials(), allocator);
    this.session = SqlSession.open(allocator);
  }

  @Override
  public void read(Table table, RowKeys rows) throws Exception {
    String columns =
        table == Table.TRACES
            ? "trace_id, span_id"
            : "attributes['%s']".formatted(RunKeys.ATTRIBUTE);
    query(
        "SELECT " + columns + " FROM " + table,
        found -> {
          if (table == Table.TRACES) {
            rows.span(text(found.get(0)), text(found.get(1)), null);
          } else {
            rows.keyed(table, text(found.get(0)), null);
          }
        });
  }

  /** The span ids of a trace, sorted. */
  public List<String> spans(String traceId) throws Exception {
    List<String> spans = new ArrayList<>();
    query(
        "SELECT span_id FROM traces WHERE trace_id = '" + traceId + "'",
        found -> spans.add(String.valueOf(found.get(0))));
    return spans.stream().sorted().toList();
  }

  /** How many rows a table has; all of their columns are read. */
  public long count(Table table) throws Exception {
    List<Long> counts = new ArrayList<>();
    query(
        "SELECT count(*), count(COLUMNS(*)) FROM " + table.tableName(),
        found -> counts.add(((Number) Objects.requireNonNull(found.get(0))).longValue()));
    return counts.get(0);
  }

  private interface Row {
    void values(List<@Nullable Object> values);
  }

  private void query(String sql, Row row) throws Exception {
    TableReader reader = new TableReader(lake, writers, allocator, false);
    try (SqlResult result = session.run(sql, reader, target.tenant())) {
      while (result.next()) {
        List<FieldVector> columns = result.columns();
        for (int i = 0; i < result.rowCount(); i++) {
          int at = i;
          row.values(columns.stream().map(column -> column.getObject(at)).toList());
        }
      }
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  @Override
  public void close() {
    try (allocator;
        lake;
        writers) {
      session.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close SQL session", e);
    }
  }
}
