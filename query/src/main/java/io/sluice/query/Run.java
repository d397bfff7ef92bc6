package io.sluice.query;

import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one statement has put into DuckDB: streams of hot rows, copies of them, views. All of it
 * goes when the run is closed.
 */
final class Run implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  final List<TableRead> reads = new ArrayList<>();

  /** What DuckDB reads of each table. */
  final Map<Path, Table> files = new LinkedHashMap<>();

  private final DuckDBConnection duckdb;
  private final int number;
  private final List<ArrowArrayStream> streams = new ArrayList<>();
  private final List<String> drops = new ArrayList<>();

  Run(DuckDBConnection duckdb, int number) {
    this.duckdb = duckdb;
    this.number = number;
  }

  /** Makes rows readable, once, under the name returned. */
  String stream(ArrowReader rows, BufferAllocator allocator) {
    String name = "hot_%d_%d".formatted(number, streams.size());
    ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
    streams.add(stream);
    Data.exportArrayStream(allocator, rows, stream);
    duckdb.registerArrowStream(name, stream);
    drops.add(0, "DROP VIEW IF EXISTS " + SqlText.name(name));
    return name;
  }

  /** Copies a stream into a table, which DuckDB can read again, and spill to disk. */
  String copy(String stream) throws SQLException {
    String name = stream + "_rows";
    execute(
        "CREATE TEMP TABLE %s AS SELECT * FROM %s"
            .formatted(SqlText.name(name), SqlText.name(stream)));
    drops.add(0, "DROP TABLE IF EXISTS " + SqlText.name(name));
    return name;
  }

  /**
   * A table of ours.
   *
   * @param schema empty for the session's tenant
   */
  void view(String schema, Table table, String sql) throws SQLException {
    String owner = SqlText.name(SqlSession.CATALOG);
    if (schema.isEmpty()) {
      owner += ".main";
    } else {
      owner += "." + SqlText.name(schema);
      execute("CREATE SCHEMA IF NOT EXISTS " + owner);
    }
    String name = owner + "." + SqlText.name(table.tableName());
    execute("CREATE OR REPLACE VIEW " + name + " AS " + sql);
    drops.add(0, "DROP VIEW IF EXISTS " + name);
  }

  /** What to tell when DuckDB fails: the reason a stream had, if that is why. */
  SqlException why(SQLException e) throws ReadException {
    for (TableRead read : reads) {
      ReadException failure = read.failure();
      if (failure != null) {
        failure.addSuppressed(e);
        throw failure;
      }
    }
    for (Map.Entry<Path, Table> file : files.entrySet()) {
      if (Files.notExists(file.getKey())) {
        throw new FilesGoneException(file.getValue(), file.getKey().toString(), e);
      }
    }
    return DuckDbErrors.of(e);
  }

  @Override
  public void close() {
    for (String drop : drops) {
      try {
        execute(drop);
      } catch (SQLException e) {
        LOG.debug("cannot {}", drop, e);
      }
    }
    streams.forEach(ArrowArrayStream::close);
    for (TableRead read : reads) {
      try {
        read.close();
      } catch (IOException e) {
        LOG.warn("cannot close the read of {}", read.table(), e);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    }
  }
}
