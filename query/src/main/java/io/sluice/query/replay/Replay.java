package io.sluice.query.replay;

import io.sluice.lake.TableSnapshot;
import io.sluice.query.ColumnSet;
import io.sluice.query.FilesGoneException;
import io.sluice.query.PieceRows;
import io.sluice.query.ReadException;
import io.sluice.query.RowPieces;
import io.sluice.query.SqlException;
import io.sluice.query.TableRead;
import io.sluice.query.TableReader;
import io.sluice.query.export.Exporter;
import io.sluice.query.replay.Checkpoint.Place;
import io.sluice.query.replay.Checkpoint.Source;
import io.sluice.schema.otlp.RequestCutter;
import io.sluice.schema.table.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Sends the rows of tables as OTLP: what was hot when it began and what was persisted, each row
 * once. One thread runs it, once; what it says of itself may be asked by any.
 *
 * <p>Requests follow from the rows alone, and each names the replay and its place in it: what is
 * sent again after a crash has the same bytes, and two requests never have.
 */
public final class Replay {

  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ReplayOptions options;
  private final TableReader tables;
  private final BufferAllocator allocator;
  private final Map<Table, TableSnapshot> snapshots = new EnumMap<>(Table.class);
  private Checkpoint begun =
      new Checkpoint("", Map.of(), List.of(), new Place(0, 0, 0), Totals.NONE, false);
  private volatile Tally tally = new Tally(begun.place(), Totals.NONE);
  private volatile @Nullable Senders senders;
  private @Nullable CheckpointFile file;
  private long saved = System.nanoTime();
  private long mismatches;
  private boolean resumed;

  /**
   * A replay; it uses, and does not close, what it is given.
   *
   * @param tables which must not be read in part
   */
  public Replay(ReplayOptions options, TableReader tables, BufferAllocator allocator) {
    this.options = options;
    this.tables = tables;
    this.allocator = allocator;
  }

  /**
   * Runs until all is answered for good.
   *
   * @throws ReplayException it cannot go on: what is acked is in the checkpoint
   * @throws ReadException rows cannot be read
   * @throws SqlException the filter is wrong
   */
  public Totals run()
      throws ReplayException, ReadException, SqlException, IOException, InterruptedException {
    Path checkpoint = options.checkpoint();
    if (checkpoint != null) {
      try (CheckpointFile kept = CheckpointFile.open(checkpoint)) {
        file = kept;
        return run(kept.rows());
      }
    }
    Path rows = Files.createTempDirectory("sluice-replay-");
    rows.toFile().deleteOnExit(); // after what is in it
    return run(rows);
  }

  private Totals run(Path directory)
      throws ReplayException, ReadException, SqlException, IOException, InterruptedException {
    KeptRows kept = new KeptRows(directory, allocator);
    try (RowPieces pieces = RowPieces.open(allocator)) {
      Checkpoint last = file == null ? null : file.read();
      if (last == null) {
        begin(pieces, kept, directory);
      } else {
        goOn(last, kept);
      }
      tally = new Tally(begun.place(), begun.totals());
      if (!begun.ended()) {
        send(pieces, kept);
        if (!tally.isComplete()) {
          throw new IllegalStateException("requests without an answer, and nobody waits for them");
        }
        save(true);
      }
      return tally.totals();
    } finally {
      if (file == null) {
        deleteAll(directory);
      }
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(directory);
  }

  private void begin(RowPieces pieces, KeptRows kept, Path directory)
      throws ReplayException, ReadException, SqlException, IOException, InterruptedException {
    for (Table table : options.tables()) {
      pieces.check(table, tables.snapshot(options.tenant(), table), options.filter());
    }
    List<Source> sources = new ArrayList<>();
    for (Table table : options.tables()) {
      try (TableRead read = tables.open(options.tenant(), table, ColumnSet.ALL)) {
        List<String> names = kept(read, kept);
        if (file == null) { // an interrupt ends the JVM by its hooks
          names.forEach(name -> directory.resolve(name).toFile().deleteOnExit());
          directory.resolve(table + ".files").toFile().deleteOnExit();
        }
        List<String> files = pieces.files(table, read.snapshot(), options.filter());
        kept.keepFiles(table, files);
        snapshots.put(table, read.snapshot());
        sources.add(new Source(table, names, files.size()));
      }
    }
    String id = UUID.randomUUID().toString();
    begun = new Checkpoint(id, options.asked(), sources, new Place(0, 0, 0), Totals.NONE, false);
    if (file != null) {
      file.save(begun);
    }
  }

  private static List<String> kept(TableRead read, KeptRows kept)
      throws ReadException, IOException {
    try {
      return kept.keep(read);
    } catch (IOException e) {
      if (e.getCause() instanceof ReadException why) {
        throw why;
      }
      throw e;
    }
  }

  private void goOn(Checkpoint last, KeptRows kept) throws ReplayException, ReadException {
    Map<String, String> now = new HashMap<>(options.asked());
    now.entrySet().removeAll(last.asked().entrySet());
    if (!now.isEmpty()) {
      String key = now.keySet().iterator().next();
      throw new ReplayException(
          "cannot go on with checkpoint %s: it is of a replay with %s '%s', not '%s' (give the same, or name another file)"
              .formatted(options.checkpoint(), key, last.asked().get(key), now.get(key)),
          null);
    }
    begun = last;
    resumed = true;
    if (last.ended()) {
      return;
    }
    for (Source source : last.sources()) {
      if (!kept.has(source)) {
        throw new ReplayException(
            "cannot go on with checkpoint %s: files of %s.rows are gone (begin anew with another file; what was sent before is sent again)"
                .formatted(options.checkpoint(), options.checkpoint()),
            null);
      }
      snapshots.put(source.table(), tables.snapshot(options.tenant(), source.table()));
    }
  }

  private void send(RowPieces pieces, KeptRows kept)
      throws ReplayException, ReadException, SqlException, IOException, InterruptedException {
    Target target = options.target();
    if (target == null) {
      all(pieces, kept, request -> tally.answered(request, counted(request)));
      return;
    }
    Supplier<Exporter> exporters = target::exporter;
    try (Senders sending = new Senders(options, target, exporters, this::answered)) {
      senders = sending;
      all(pieces, kept, sending::send);
      sending.finish();
    } catch (ReplayException | ReadException | SqlException | IOException e) {
      keepPlace(e);
      throw e;
    }
  }

  /** What goes wrong then is second to what went wrong before. */
  private void keepPlace(Exception why) {
    try {
      save(false);
    } catch (ReplayException e) {
      why.addSuppressed(e);
    }
  }

  private static Totals counted(Outgoing request) {
    return new Totals(request.records(), 0, 0, 1, request.bytes().length);
  }

  private void answered(Outgoing request, Totals outcome) throws ReplayException {
    tally.answered(request, outcome);
    if (file != null) {
      saveInTime();
    }
  }

  private synchronized void saveInTime() throws ReplayException {
    if (System.nanoTime() - saved > SAVE_NANOS) {
      save(false);
    }
  }

  private synchronized void save(boolean end) throws ReplayException {
    if (file != null && options.target() != null) {
      file.save(tally.at(begun, end));
      saved = System.nanoTime();
    }
  }

  /** Takes one request after the other. */
  private interface Way {
    void send(Outgoing request) throws ReplayException, InterruptedException;
  }

  private void all(RowPieces pieces, KeptRows kept, Way way)
      throws ReplayException, ReadException, SqlException, IOException, InterruptedException {
    Pace pace = new Pace(options.rate(), System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    Place start = begun.place();
    for (int s = start.source(); s < begun.sources().size(); s++) {
      Source source = begun.sources().get(s);
      TableSnapshot snapshot = snapshots.get(source.table());
      if (snapshot == null) {
        throw new IllegalStateException("no snapshot of " + source);
      }
      int piece = s == start.source() ? start.piece() : 0;
      long skip = s == start.source() ? start.row() : 0;
      for (; piece < source.kept().size(); piece++, skip = 0) {
        String name = source.kept().get(piece);
        try (PieceRows rows =
            pieces.rows(source.table(), snapshot, kept.open(name), options.filter())) {
          piece(source.table(), rows, new Place(s, piece, skip), pace, way);
        }
      }
      try (BufferedReader files = kept.files(source.table())) {
        int done = piece - source.kept().size();
        for (@Nullable String name = files.readLine(); name != null; name = files.readLine()) {
          if (done > 0) {
            done--;
            continue;
          }
          try (PieceRows rows = pieces.rows(source.table(), snapshot, name, options.filter())) {
            piece(source.table(), rows, new Place(s, piece, skip), pace, way);
          } catch (FilesGoneException e) {
            throw new ReplayException(
                "cannot go on: %s has lost a file that it had when the replay began: it was compacted, or is over its time (maintain.schedule=off keeps files meanwhile; begin anew): %s"
                    .formatted(source.table(), e.getMessage()),
                e);
          }
          piece++;
          skip = 0;
        }
      }
    }
  }

  /** From a row of the piece on. */
  private void piece(Table table, PieceRows rows, Place first, Pace pace, Way way)
      throws ReplayException, ReadException, SqlException, InterruptedException {
    RequestCutter cutter = new RequestCutter(table, options.batch(), options.batchBytes());
    long row = 0;
    long from = first.row();
    for (VectorSchemaRoot batch = rows.next(); batch != null; batch = rows.next()) {
      int at = (int) Math.min(batch.getRowCount(), Math.max(0, first.row() - row));
      while (at < batch.getRowCount()) {
        at = added(cutter, batch, at, table);
        if (at < batch.getRowCount()) {
          from = take(cutter, table, first, from, pace, way);
        }
      }
      row += batch.getRowCount();
    }
    if (cutter.records() > 0) {
      take(cutter, table, first, from, pace, way);
    }
    mismatches += cutter.mismatchedTypes();
  }

  private static int added(RequestCutter cutter, VectorSchemaRoot batch, int from, Table table)
      throws ReplayException {
    try {
      return cutter.add(batch, from);
    } catch (IllegalArgumentException e) {
      throw new ReplayException(
          "%s, of table %s (pass over such rows with --where)".formatted(e.getMessage(), table), e);
    }
  }

  /** Sends what the cutter has; the row after it. */
  private long take(RequestCutter cutter, Table table, Place first, long from, Pace pace, Way way)
      throws ReplayException, InterruptedException {
    int records = cutter.records();
    long next = from + records;
    String label = "sluice-replay %s %s %d %d".formatted(begun.id(), table, first.piece(), from);
    Outgoing request =
        new Outgoing(
            table,
            new Place(first.source(), first.piece(), from),
            new Place(first.source(), first.piece(), next),
            records,
            cutter.take(label));
    pace.await(records);
    tally.begun(request);
    way.send(request);
    return next;
  }

  /** What became of records so far. */
  public Totals totals() {
    return tally.totals();
  }

  /** How often a request was sent again, in this run. */
  public long retries() {
    Senders sending = senders;
    return sending == null ? 0 : sending.retries();
  }

  /** Why a request is sent again just now; empty while all goes well. */
  public String trouble() {
    Senders sending = senders;
    return sending == null ? "" : sending.trouble();
  }

  /** Whether it went on from a checkpoint. To be asked when it has run. */
  public boolean resumed() {
    return resumed;
  }

  /** Values that did not fit the type they are said to have, sent as strings, in this run. */
  public long mismatches() {
    return mismatches;
  }
}
