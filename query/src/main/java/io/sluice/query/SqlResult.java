package io.sluice.query;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/** A result while it is read, a batch at a time. One thread uses it. */
public final class SqlResult implements AutoCloseable {

  private static final int BATCH_ROWS = 2048;

  private final ParsedSql parsed;
  private final Run run;
  private final PreparedStatement statement;
  private final DuckDBResultSet rows;
  private final ArrowReader batches;

  private SqlResult(
      ParsedSql parsed,
      Run run,
      PreparedStatement statement,
      DuckDBResultSet rows,
      ArrowReader batches) {
    this.parsed = parsed;
    this.run = run;
    this.statement = statement;
    this.rows = rows;
    this.batches = batches;
  }

  /** Starts to execute; the result closes the run. */
  static SqlResult start(
      ParsedSql parsed,
      DuckDBConnection duckdb,
      Run run,
      BufferAllocator allocator,
      List<@Nullable Object> parameters)
      throws SQLException {
    PreparedStatement statement = duckdb.prepareStatement(parsed.text());
    try {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      DuckDBResultSet rows = statement.executeQuery().unwrap(DuckDBResultSet.class);
      ArrowReader batches = (ArrowReader) rows.arrowExportStream(allocator, BATCH_ROWS);
      return new SqlResult(parsed, run, statement, rows, batches);
    } catch (SQLException | RuntimeException e) {
      try (statement) {
        throw e;
      }
    }
  }

  /** Whether it is the plan of a query, which is text to be shown as it is. */
  public boolean isPlan() {
    return parsed.kind() == ParsedSql.Kind.PLAN;
  }

  /** What is not in it though it should be: empty, unless partial reads were allowed. */
  public List<MissingLog> missing() {
    return run.reads.stream().flatMap(read -> read.missing().stream()).distinct().toList();
  }

  /** Up to which position of each log its rows are; what follows is in no table that it read. */
  public Map<UUID, Long> positions() {
    Map<UUID, Long> positions = new HashMap<>();
    for (TableRead read : run.reads) {
      read.hot().forEach(rows -> positions.merge(rows.logId(), rows.position(), Math::min));
    }
    return positions;
  }

  /** The columns of the current batch; before the first, columns without rows. */
  public List<FieldVector> columns() throws SqlException {
    return root().getFieldVectors();
  }

  /** Rows of the current batch. */
  public int rowCount() throws SqlException {
    return root().getRowCount();
  }

  /** For columns of enumerated values: what their numbers stand for. */
  public Map<Long, Dictionary> dictionaries() throws SqlException {
    try {
      return batches.getDictionaryVectors();
    } catch (IOException e) {
      throw new SqlException("cannot read result: " + e.getMessage(), e);
    }
  }

  /**
   * Goes to the next batch.
   *
   * @throws ReadException a Writer failed while its rows were read: what came so far is not whole
   * @throws SqlException DuckDB failed
   */
  public boolean next() throws SqlException, ReadException {
    try {
      return batches.loadNextBatch();
    } catch (IOException | RuntimeException e) {
      throw run.why(new SQLException("cannot go on: " + e.getMessage(), e));
    }
  }

  @Override
  public void close() throws SqlException {
    try (run;
        statement;
        rows;
        batches) {
      return;
    } catch (IOException | SQLException e) {
      throw new SqlException("cannot close result: " + e.getMessage(), e);
    }
  }

  /** The current batch. */
  VectorSchemaRoot root() throws SqlException {
    try {
      return batches.getVectorSchemaRoot();
    } catch (IOException e) {
      throw new SqlException("cannot read result: " + e.getMessage(), e);
    }
  }
}
