package io.sluice.query;

import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableSnapshot;
import io.sluice.query.ParsedSql.Kind;
import io.sluice.query.TableUses.Use;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.expressions.Expression;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * SQL over hot and persisted rows, each statement exact at the moment it starts, in a DuckDB of its
 * own within this process. One thread uses it, and reads one result at a time.
 */
public final class SqlSession implements AutoCloseable {

  /** As Iceberg's catalog is named; a tenant is a schema in it. */
  static final String CATALOG = "sluice";

  /**
   * A table whose files, or whose logs' leaders, go each time before they are read is not worth
   * more.
   */
  private static final int REOPENED = 3;

  private record TableOf(String tenant, Table table) {}

  private final DuckDBConnection streaming;
  private final BufferAllocator allocator;
  private final LocalCopies copies;
  private final @Nullable SqlBounds bounds;
  private int runs;

  /**
   * Holds whole results, and so says what went wrong with one; a streaming connection of this
   * driver only says that something did.
   */
  private volatile @Nullable DuckDBConnection thorough;

  private volatile boolean cancelled;

  private SqlSession(
      DuckDBConnection streaming,
      BufferAllocator allocator,
      Path copies,
      @Nullable SqlBounds bounds) {
    this.streaming = streaming;
    this.allocator = allocator;
    this.copies = new LocalCopies(copies);
    this.bounds = bounds;
  }

  /** Opens DuckDB; the allocator must outlive it. */
  public static SqlSession open(BufferAllocator allocator) throws SqlException {
    return open(allocator, temporary("sluice-files-"));
  }

  /**
   * The same.
   *
   * @param copies where files go that are not on this machine; made when there are any
   */
  static SqlSession open(BufferAllocator allocator, Path copies) throws SqlException {
    return new SqlSession(connect(true), allocator, copies, null);
  }

  /** The same for one statement of somebody else, who gets so much and no files of this machine. */
  public static SqlSession open(BufferAllocator allocator, SqlBounds bounds) throws SqlException {
    Path copies = temporary("sluice-files-");
    SqlBounds all = bounds.with(copies);
    return new SqlSession(connect(true, all), allocator, copies, all);
  }

  static Path temporary(String prefix) {
    return Path.of(System.getProperty("java.io.tmpdir"), prefix + UUID.randomUUID());
  }

  static DuckDBConnection connect(boolean streaming) throws SqlException {
    return connect(streaming, null);
  }

  private static DuckDBConnection connect(boolean streaming, @Nullable SqlBounds bounds)
      throws SqlException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", Boolean.toString(streaming));
    // Not only of what is inserted: without it a long result, streamed, is not in ORDER BY's order.
    properties.setProperty("preserve_insertion_order", "true");
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("temp_directory", temporary("sluice-sql-").toString());
    try {
      DuckDBConnection duckdb =
          (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
      try (Statement statement = duckdb.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
        statement.execute("SET arrow_lossless_conversion = true");
        statement.execute("ATTACH ':memory:' AS " + CATALOG);
        statement.execute("USE " + CATALOG);
        if (bounds != null) {
          for (String setting : bounds.settings()) {
            statement.execute(setting);
          }
        }
      }
      return duckdb;
    } catch (SQLException e) {
      throw new SqlException("cannot open DuckDB: " + e.getMessage(), e);
    }
  }

  /**
   * Runs one statement over the tables of a tenant; {@code other.traces}, or {@code
   * sluice.other.traces}, names those of another.
   *
   * @throws SqlException the statement is wrong
   * @throws ReadException a table cannot be read as a whole; try again later
   */
  public SqlResult run(String sql, TableReader tables, String tenant)
      throws SqlException, ReadException, InterruptedException {
    cancelled = false;
    return run(parse(sql), tables, tenant, List.of());
  }

  /**
   * Runs a statement of somebody else, within what the scope lets it name. Once cancelled, nothing
   * runs here any more.
   *
   * @param parameters for each ? a value; null is NULL
   * @throws SqlException the statement is wrong, or not theirs to run
   * @throws ReadException a table cannot be read as a whole; try again later
   */
  public SqlResult run(
      String sql, TableReader tables, SqlScope scope, List<@Nullable Object> parameters)
      throws SqlException, ReadException, InterruptedException {
    return run(scope.narrowed(parse(sql)), tables, scope.tenant(), parameters);
  }

  /**
   * The columns and parameters of such a statement: nothing is computed, and no Writer is asked.
   *
   * @param zones as {@link PlainColumns} has them
   * @throws SqlException the statement is wrong, or not theirs to run
   * @throws ReadException a table's columns cannot be had; try again later
   */
  public SqlShape describe(String sql, TableReader tables, SqlScope scope, boolean zones)
      throws SqlException, ReadException {
    ParsedSql parsed = scope.narrowed(parse(sql));
    try (Run run = new Run(streaming, ++runs)) {
      shapes(run, parsed, tables, scope.tenant());
      return shape(parsed, run, zones);
    } catch (SQLException e) {
      throw DuckDbErrors.of(e);
    }
  }

  private SqlResult withoutRows(ParsedSql parsed, Run run, List<@Nullable Object> none)
      throws SqlException, SQLException {
    try {
      return SqlResult.start(parsed.withoutRows(), streaming, run, allocator, none);
    } catch (SQLException e) {
      ParsedSql rewritten = parsed.rewritten(streaming).withoutRows();
      return SqlResult.start(rewritten, streaming, run, allocator, none);
    }
  }

  private SqlShape shape(ParsedSql parsed, Run run, boolean zones)
      throws SqlException, SQLException {
    StatementNames names = StatementNames.of(parsed, streaming);
    List<@Nullable Object> none =
        new ArrayList<>(Collections.nCopies(names.parameters().size(), null));
    SqlResult started;
    try {
      started = withoutRows(parsed, run, none);
    } catch (SQLException e) { // it is no subquery, or DuckDB says of the statement itself why
      started = SqlResult.start(parsed, streaming, run, allocator, none);
    }
    try (SqlResult rows = started;
        PlainColumns columns = PlainColumns.of(rows, allocator, zones)) {
      return new SqlShape(names.on(columns.schema()), names.parameters());
    }
  }

  private ParsedSql parse(String sql) throws SqlException {
    try {
      return ParsedSql.parse(streaming, sql);
    } catch (SQLException e) {
      throw new SqlException(String.valueOf(e.getMessage()), e);
    }
  }

  private SqlResult run(
      ParsedSql parsed, TableReader tables, String tenant, List<@Nullable Object> parameters)
      throws SqlException, ReadException, InterruptedException {
    int reopened = 0;
    while (true) {
      try {
        return attempt(parsed, tables, tenant, parameters);
      } catch (FilesGoneException | BrokenReadException e) {
        if (!e.passes() || ++reopened > REOPENED) {
          throw e;
        }
      }
    }
  }

  /** Makes the statement that runs, or whose result is read, fail; from any thread. */
  public void cancel() {
    cancelled = true;
    Interrupt.of(streaming);
    DuckDBConnection other = thorough;
    if (other != null) {
      Interrupt.of(other);
    }
  }

  private SqlResult attempt(
      ParsedSql parsed, TableReader tables, String tenant, List<@Nullable Object> parameters)
      throws SqlException, ReadException, InterruptedException {
    try {
      return attempt(streaming, parsed, parsed.uses().columns(), tables, tenant, parameters);
    } catch (SqlException e) {
      if (cancelled) {
        throw new SqlException("cancelled", e); // which the driver does not say
      }
      // Should the tree have meant a column that it does not name, it is there now; if the
      // statement is wrong, DuckDB now knows all columns to propose, and says what is wrong.
      DuckDBConnection other = thorough;
      if (other == null) {
        other = connect(false, bounds);
        thorough = other;
      }
      return attempt(other, parsed, ColumnSet.ALL, tables, tenant, parameters);
    }
  }

  private SqlResult attempt(
      DuckDBConnection duckdb,
      ParsedSql parsed,
      ColumnSet columns,
      TableReader tables,
      String tenant,
      List<@Nullable Object> parameters)
      throws SqlException, ReadException, InterruptedException {
    Run run = new Run(duckdb, ++runs);
    boolean started = false;
    try {
      if (parsed.kind() == Kind.SHAPE) {
        shapes(run, parsed, tables, tenant);
      } else {
        Map<TableOf, List<String>> tablesOf = tablesOf(parsed.uses().tables(), tenant);
        for (TableOf each : tablesOf.keySet()) {
          run.reads.add(tables.open(each.tenant, each.table, columns));
        }
        boolean once = parsed.uses().readsOnce();
        for (TableRead read : run.reads) {
          Expression filter = FileFilter.of(duckdb, parsed, read.snapshot().schema());
          String sql = rows(duckdb, run, read, once, filter);
          for (String schema :
              tablesOf.getOrDefault(new TableOf(read.tenant(), read.table()), List.of())) {
            run.view(schema, read.table(), sql);
          }
        }
      }
      if (cancelled) { // while a Writer was asked, when there was nothing to interrupt
        throw new SqlException("cancelled", null);
      }
      SqlResult result = SqlResult.start(parsed, duckdb, run, allocator, parameters);
      started = true;
      return result;
    } catch (SQLException e) {
      throw run.why(e);
    } finally {
      if (!started) {
        run.close();
      }
    }
  }

  /** The tables that are named, or all of them, without rows: no Writer is asked. */
  private static void shapes(Run run, ParsedSql parsed, TableReader tables, String tenant)
      throws ReadException, SQLException {
    List<Use> uses = new ArrayList<>(parsed.uses().tables());
    if (uses.isEmpty() && parsed.kind() == Kind.SHAPE) {
      Table.all().forEach(table -> uses.add(new Use("", table)));
    }
    for (Use use : uses) {
      String owner = use.schema().isEmpty() ? tenant : use.schema();
      TableSnapshot snapshot = tables.snapshot(owner, use.table());
      run.view(
          use.schema(),
          use.table(),
          new TableViewSql(use.table(), snapshot, ColumnSet.ALL).noRows());
    }
  }

  /** What is to be opened, and under which schemas the statement names it. */
  private static Map<TableOf, List<String>> tablesOf(Set<Use> uses, String tenant) {
    Map<TableOf, List<String>> schemas = new LinkedHashMap<>();
    for (Use use : uses) {
      String owner = use.schema().isEmpty() ? tenant : use.schema();
      schemas
          .computeIfAbsent(new TableOf(owner, use.table()), t -> new ArrayList<>())
          .add(use.schema());
    }
    return schemas;
  }

  private String rows(
      DuckDBConnection duckdb, Run run, TableRead read, boolean once, Expression filter)
      throws ReadException, SQLException {
    List<String> hot = new ArrayList<>();
    for (HotRows rows : read.hot()) {
      String stream = run.stream(rows, allocator);
      hot.add(once ? stream : run.copy(stream));
    }
    List<FileScanTask> files = files(read, filter);
    for (FileScanTask file : files) {
      run.files.put(path(read, file.file()), read.table());
      for (DeleteFile delete : file.deletes()) {
        run.files.put(path(read, delete), read.table());
      }
    }
    ForeignFiles.check(
        duckdb,
        read.table().tableName(),
        read.snapshot(),
        copies,
        files.stream().map(file -> file.file().location()).toList());
    return new TableViewSql(read.table(), read.snapshot(), read.columns()).rows(hot, files, copies);
  }

  private Path path(TableRead read, ContentFile<?> file) throws ReadException {
    return Path.of(copies.path(read.snapshot(), read.table().tableName(), file.location()));
  }

  private static List<FileScanTask> files(TableRead read, Expression filter) throws ReadException {
    try {
      return read.snapshot().files(filter);
    } catch (LakeUnavailableException e) {
      if (e.getCause() instanceof NotFoundException gone) {
        throw new FilesGoneException(read.table(), String.valueOf(gone.getMessage()), e);
      }
      throw new ReadException(
          "cannot read table %s: %s".formatted(read.table(), e.getMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      DuckDBConnection other = thorough;
      if (other != null) {
        other.close();
      }
      streaming.close();
    } catch (SQLException e) {
      throw new IOException("cannot close DuckDB", e);
    } finally {
      copies.close();
    }
  }
}
