package io.sluice.query;

import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableSnapshot;
import io.sluice.schema.table.Column;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ScanTaskParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table a piece at a time, each piece in an order that is the same whenever it is
 * read: one file of a snapshot, or a stream that was kept. What is read at once, and what is copied
 * to this machine, is of one piece, whatever the table's size. One thread uses it.
 */
public final class RowPieces implements AutoCloseable {

  /** What OTLP did not bring: a receiver makes them anew. */
  private static final Set<String> MADE = Set.of("time", "time_source", "ingest_time");

  private final DuckDBConnection duckdb;
  private final BufferAllocator allocator;
  private int runs;

  private RowPieces(DuckDBConnection duckdb, BufferAllocator allocator) {
    this.duckdb = duckdb;
    this.allocator = allocator;
  }

  /** Opens DuckDB; the allocator must outlive it. */
  public static RowPieces open(BufferAllocator allocator) throws SqlException {
    DuckDBConnection duckdb = SqlSession.connect(true);
    try (Statement statement = duckdb.createStatement()) {
      // one after the other, and as RowsToOtlp has them
      statement.execute("SET threads = 1");
      statement.execute("SET memory_limit = '512MB'");
      statement.execute("SET arrow_lossless_conversion = false");
      return new RowPieces(duckdb, allocator);
    } catch (SQLException e) {
      throw new SqlException("cannot set up DuckDB: " + e.getMessage(), e);
    }
  }

  /**
   * Looks at a filter before rows are read.
   *
   * @throws SqlException it is no condition over the table's columns, or not the same each time
   */
  public void check(Table table, TableSnapshot snapshot, RowFilter filter)
      throws SqlException, ReadException {
    try (Run run = new Run(duckdb, ++runs)) {
      run.view("", table, new TableViewSql(table, snapshot, ColumnSet.ALL).noRows());
      ParsedSql parsed = ParsedSql.parse(duckdb, filter.sql(table, columns(table, snapshot)));
      requireCondition(parsed);
      requireConstant(parsed);
      try (PreparedStatement statement = duckdb.prepareStatement(parsed.text());
          ResultSet rows = statement.executeQuery()) {
        rows.next();
      }
    } catch (SQLException e) {
      throw wrong(String.valueOf(e.getMessage()).strip(), e);
    }
  }

  private static SqlException wrong(String what, @Nullable Throwable cause) {
    return new SqlException("cannot use condition: " + what, cause);
  }

  /** It must not have ended the WHERE that it stands in. */
  private static void requireCondition(ParsedSql parsed) throws SqlException {
    Map<?, ?> select = parsed.select();
    boolean plain =
        Json.text(select.get("type")).equals("SELECT_NODE")
            && Json.list(select.get("modifiers")).isEmpty()
            && Json.list(select.get("group_expressions")).isEmpty()
            && select.get("having") == null
            && select.get("qualify") == null
            && select.get("sample") == null;
    if (!plain) {
      throw wrong("it is more than one (give what stands behind WHERE)", null);
    }
    if (!parsed.uses().readsOnce()) {
      throw wrong("it has a subquery (name the table's own columns alone)", null);
    }
  }

  private void requireConstant(ParsedSql parsed) throws SqlException, SQLException {
    Set<String> names = new HashSet<>();
    functions(parsed.select().get("where_clause"), names);
    try (Statement statement = duckdb.createStatement();
        ResultSet functions =
            statement.executeQuery(
                "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT'")) {
      while (functions.next()) {
        if (names.contains(functions.getString(1))) {
          throw wrong(
              "%s gives something else each time it is asked (write a constant)"
                  .formatted(functions.getString(1)),
              null);
        }
      }
    }
  }

  /** A name without brackets may be one, too: current_timestamp. */
  private static void functions(@Nullable Object node, Set<String> names) {
    if (node instanceof Map<?, ?> map) {
      names.add(Json.text(map.get("function_name")).toLowerCase(Locale.ROOT));
      if (Json.list(map.get("column_names")).size() == 1) {
        String name = Json.text(Json.list(map.get("column_names")).get(0));
        names.add(name.toLowerCase(Locale.ROOT));
      }
      map.values().forEach(inner -> functions(inner, names));
    } else {
      Json.list(node).forEach(inner -> functions(inner, names));
    }
  }

  /**
   * The files of a snapshot that may have such rows, in an order that is always the same. Each is a
   * line of text that {@link #rows(Table, TableSnapshot, String, RowFilter)} reads, also when the
   * snapshot itself has expired.
   *
   * @throws ReadException they cannot be told
   */
  public List<String> files(Table table, TableSnapshot snapshot, RowFilter filter)
      throws ReadException, SqlException {
    try {
      ParsedSql parsed = ParsedSql.parse(duckdb, filter.sql(table, columns(table, snapshot)));
      List<String> files = new ArrayList<>();
      for (FileScanTask task : snapshot.files(FileFilter.of(duckdb, parsed, snapshot.schema()))) {
        boolean plain = task.deletes().isEmpty() && task.file().format() == FileFormat.PARQUET;
        files.add(plain ? task.file().location() : ScanTaskParser.toJson(task));
      }
      files.sort(Comparator.naturalOrder());
      return files;
    } catch (LakeUnavailableException e) {
      if (e.getCause() instanceof NotFoundException gone) {
        throw new FilesGoneException(table, String.valueOf(gone.getMessage()), e);
      }
      throw new ReadException("cannot read table %s: %s".formatted(table, e.getMessage()), e);
    } catch (SQLException e) {
      throw wrong(String.valueOf(e.getMessage()).strip(), e);
    }
  }

  /**
   * The rows of a file.
   *
   * @param snapshot of the table as it is, whatever it was when the file was told
   * @param file as {@link #files} told it
   */
  public PieceRows rows(Table table, TableSnapshot snapshot, String file, RowFilter filter)
      throws ReadException, SqlException, IOException {
    LocalCopies copies = new LocalCopies(SqlSession.temporary("sluice-files-"));
    Run run = new Run(duckdb, ++runs);
    boolean started = false;
    try {
      FileScanTask task = file.startsWith("{") ? ScanTaskParser.fromJson(file, true) : null;
      String location = task == null ? file : task.file().location();
      run.files.put(Path.of(copies.path(snapshot, table.tableName(), location)), table);
      ForeignFiles.check(duckdb, table.tableName(), snapshot, copies, List.of(location));
      TableViewSql view = new TableViewSql(table, snapshot, ColumnSet.ALL);
      String sql =
          task == null ? view.file(location, copies) : view.rows(List.of(), List.of(task), copies);
      PieceRows rows = new PieceRows(start(run, table, snapshot, sql, filter), copies);
      started = true;
      return rows;
    } catch (SQLException e) {
      throw run.why(e);
    } finally {
      if (!started) {
        run.close();
        copies.close();
      }
    }
  }

  /**
   * The rows of a stream that was kept.
   *
   * @param kept of hot rows of this table; closed with the rows
   */
  public PieceRows rows(Table table, TableSnapshot snapshot, ArrowReader kept, RowFilter filter)
      throws ReadException, SqlException, IOException {
    Run run = new Run(duckdb, ++runs);
    boolean taken = false;
    boolean started = false;
    try {
      Set<String> fields =
          kept.getVectorSchemaRoot().getSchema().getFields().stream()
              .map(Field::getName)
              .collect(Collectors.toSet());
      String name = run.stream(kept, allocator);
      taken = true; // DuckDB closes it
      String sql = new TableViewSql(table, snapshot, ColumnSet.ALL).kept(name, fields);
      LocalCopies none = new LocalCopies(SqlSession.temporary("sluice-files-"));
      PieceRows rows = new PieceRows(start(run, table, snapshot, sql, filter), none);
      started = true;
      return rows;
    } catch (SQLException e) {
      throw run.why(e);
    } finally {
      if (!started) {
        run.close();
      }
      if (!taken) {
        kept.close();
      }
    }
  }

  private SqlResult start(
      Run run, Table table, TableSnapshot snapshot, String sql, RowFilter filter)
      throws ReadException, SqlException, SQLException {
    run.view("", table, sql);
    ParsedSql parsed = ParsedSql.parse(duckdb, filter.sql(table, columns(table, snapshot)));
    return SqlResult.start(parsed, duckdb, run, allocator, List.of());
  }

  /** Those that OTLP is made of. */
  private static List<String> columns(Table table, TableSnapshot snapshot) throws ReadException {
    List<String> names = new ArrayList<>();
    for (Column column : TableSchema.of(table).columns()) {
      if (snapshot.schema().findField(column.name()) == null) {
        throw new ReadException(
            "cannot turn rows of table %s into OTLP: it has no column %s (if it was renamed or dropped, bring it back)"
                .formatted(table, column.name()),
            null);
      }
      if (!MADE.contains(column.name())) {
        names.add(column.name());
      }
    }
    return names;
  }

  @Override
  public void close() throws IOException {
    try {
      duckdb.close();
    } catch (SQLException e) {
      throw new IOException("cannot close DuckDB", e);
    }
  }
}
