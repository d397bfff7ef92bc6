package io.sluice.lake;

import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * One table of one tenant. Every call loads it anew, so any thread may read; one thread at a time
 * commits and discards.
 */
public final class LakeTable {

  private final Catalog catalog;
  private final FileIO io;
  private final TableIdentifier id;
  private final Table table;
  private final Clock clock;
  private final Backoff.Pause pause;
  private final Supplier<UUID> tokens;
  private final SnapshotExpiry expiry;
  private final LakeCounters counters;

  /** Files of commits that ended unknown, until a later commit of ours has moved the head. */
  private final Set<String> unsettled = ConcurrentHashMap.newKeySet();

  private final LeftOverFiles sweep;

  /** The table's uuid as first seen; from then on it must not change. */
  private volatile @Nullable UUID uuid;

  /** As last loaded. */
  private volatile @Nullable String location;

  /** As last loaded, whether or not it was found to be lost. */
  private volatile Map<String, String> properties = Map.of();

  /** Those that the settings name. */
  private final Promotions wanted;

  /** As last loaded; what a new table gets, before. */
  private volatile Promotions promotions;

  LakeTable(
      Catalog catalog,
      FileIO io,
      TableIdentifier id,
      Table table,
      Promotions wanted,
      Clock clock,
      Backoff.Pause pause,
      Supplier<UUID> tokens,
      SnapshotExpiry expiry,
      LakeCounters counters) {
    this.catalog = catalog;
    this.io = io;
    this.id = id;
    this.table = table;
    this.wanted = wanted;
    this.promotions = wanted;
    this.clock = clock;
    this.pause = pause;
    this.tokens = tokens;
    this.expiry = expiry;
    this.counters = counters;
    this.sweep = new LeftOverFiles(counters);
  }

  public Table table() {
    return table;
  }

  /** Namespace (the tenant) and name. */
  public TableIdentifier id() {
    return id;
  }

  /** The uuid of the table as first seen or expected; empty before. */
  public Optional<UUID> uuid() {
    return Optional.ofNullable(uuid);
  }

  /** It was seen by an earlier process: if it is another now, or is not there, it is lost. */
  public void expect(UUID known) {
    uuid = known;
  }

  /**
   * The table that is there now.
   *
   * @param marks how far each log is in it
   */
  public record Present(UUID uuid, Map<UUID, Long> marks) {}

  /**
   * What is there under the table's name, whoever made it; {@link #expect} accepts it.
   *
   * @throws TableLostException nothing is there, or nothing that any log could be persisted to
   */
  public Present present() throws LakeUnavailableException, TableLostException {
    LoadedTable loaded = load(null).orElseThrow(() -> new TableLostException("it does not exist"));
    return new Present(UUID.fromString(loaded.metadata().uuid()), Map.copyOf(loaded.marks()));
  }

  /**
   * An earlier process may have written files of this log's rows after {@code from} and not come to
   * their commit: they are looked for, and deleted, after a commit of ours, once the log's mark is
   * past that.
   */
  public void sweepAfterCommit(UUID logId, long from) {
    sweep.add(logId, from);
  }

  /** How far each log is in the table; none if the table is not there yet. */
  public Map<UUID, Long> marks() throws LakeUnavailableException, TableLostException {
    return load().map(LoadedTable::marks).map(Map::copyOf).orElse(Map.of());
  }

  /** Where its files are, as it was last loaded; empty if it never was. */
  public Optional<String> location() {
    return Optional.ofNullable(location);
  }

  /** Why this release cannot open it, as it was last loaded; empty if it can. */
  public Optional<String> newer() {
    return TableVersion.newer(properties);
  }

  /** Whether an older release made it, as it was last loaded: {@link #bringUpToDate}. */
  public boolean isOlder() {
    return TableVersion.isOlder(properties);
  }

  /** Adds the columns of this release to a table of an older one; others may do the same. */
  public void bringUpToDate() throws LakeUnavailableException {
    Backoff backoff = new Backoff(pause);
    while (true) {
      try {
        BaseTable iceberg = (BaseTable) catalog.loadTable(id);
        if (TableVersion.isOlder(iceberg.properties())) {
          SchemaEvolution.bring(iceberg, IcebergSchema.of(table), TableSettings.of(table), clock);
        }
        return;
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "add the columns of this release to table " + id);
      }
    }
  }

  /**
   * Adds the columns that the settings promote and the table lacks, if it is there; others may do
   * the same.
   *
   * @throws ColumnTakenException it has such a column, and that is something else
   */
  public void promote() throws LakeUnavailableException, TableLostException, ColumnTakenException {
    Backoff backoff = new Backoff(pause);
    while (!wanted.isEmpty()) {
      Optional<LoadedTable> loaded = load();
      if (loaded.isEmpty()) {
        return;
      }
      BaseTable iceberg = loaded.get().iceberg();
      if (PromotedColumns.lacking(id, iceberg, wanted).isEmpty()) {
        return;
      }
      try {
        SchemaEvolution.promote(id, iceberg, wanted, clock);
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "add promoted columns to table " + id);
      }
    }
  }

  /** Its promoted columns, as it was last loaded; before that, those that it will be made with. */
  public Promotions promotions() {
    return promotions;
  }

  /** The table's rows and marks at this moment, as one. */
  public TableSnapshot snapshot() throws LakeUnavailableException, TableLostException {
    return load()
        .map(loaded -> TableSnapshot.of(table, loaded))
        .orElseGet(() -> TableSnapshot.ofNothing(table, wanted));
  }

  /** False: what has this name in the catalog is no table that a log could be persisted to. */
  public boolean mayBeOurs() {
    try {
      return catalog.loadTable(id).properties().containsKey(TableSettings.FORMAT);
    } catch (RuntimeException notToBeTold) {
      return true;
    }
  }

  /** As it is now, to be maintained; committing through it does not move marks. */
  public MaintainedTable maintained() throws LakeUnavailableException, TableLostException {
    // What only maintenance has seen is not known to be the one that a log is persisted to.
    LoadedTable loaded = load(uuid).orElseThrow(() -> new TableLostException("it does not exist"));
    return new MaintainedTable(id, table, loaded, clock, expiry);
  }

  /** What data files have to be written against. */
  public FileTarget target() throws LakeUnavailableException, TableLostException {
    return FileTarget.of(table, loadExisting().iceberg());
  }

  /**
   * Adds files and moves the log's mark from {@code range.from} to {@code range.to}, both or
   * neither; no files is fine. Goes on for some seconds through failures that may pass.
   *
   * @throws LakeUnavailableException the outcome is unknown: the same files may be committed again
   *     (they will not be in the table twice), and must not be deleted
   * @throws DamagedFileException a file is not what was written, and this call committed nothing
   */
  public CommitOutcome commit(LogRange range, List<DataFile> files)
      throws LakeUnavailableException, DamagedFileException {
    check(files);
    CommitCheck check = new CommitCheck(range, tokens.get().toString());
    boolean settled = false;
    try {
      CommitOutcome outcome = commit(new MarkCommit(check, files, clock), check);
      settled = true;
      return outcome;
    } catch (TableLostException e) {
      counters.refusals.increment();
      return new CommitOutcome.TableLost(String.valueOf(e.getMessage()));
    } finally {
      if (!settled) {
        counters.unknown.increment();
        files.forEach(file -> unsettled.add(file.location()));
        sweepAfterCommit(range.logId(), range.from());
      }
    }
  }

  private void check(List<DataFile> files) throws LakeUnavailableException, DamagedFileException {
    Backoff backoff = new Backoff(pause);
    for (int checked = 0; checked < files.size(); ) {
      try {
        DataFileCheck.require(io, files.get(checked));
        checked++;
      } catch (DamagedFileException e) {
        counters.damagedFiles.increment();
        throw e;
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "read back files of table " + id);
      }
    }
  }

  private CommitOutcome commit(MarkCommit commit, CommitCheck check)
      throws LakeUnavailableException, TableLostException {
    LogRange range = check.range();
    Backoff backoff = new Backoff(pause);
    while (true) {
      LoadedTable loaded = loadExisting();
      Optional<CommitOutcome> known =
          check.outcome(loaded.withToken(check.token()), loaded.mark(range.logId()));
      if (known.isPresent()) {
        return counted(known.get());
      }
      try {
        CommitOutcome done = counted(new CommitOutcome.Committed(commit.attempt(loaded.iceberg())));
        expiry.afterCommit(loaded);
        sweep.afterCommit(loaded);
        return done;
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "commit " + range + " to table " + id);
      }
    }
  }

  private CommitOutcome counted(CommitOutcome outcome) {
    if (outcome instanceof CommitOutcome.Committed) {
      counters.commits.increment();
      // The head has moved: an update of an earlier attempt that is still under way finds another
      // one.
      unsettled.clear();
    } else {
      counters.refusals.increment();
    }
    return outcome;
  }

  /**
   * Deletes data files of commits that did not take place, as far as that is safe: not those of a
   * commit with unknown outcome before a later one succeeded, and never one that a snapshot refers
   * to. Returns how many were deleted.
   */
  public int discard(List<DataFile> files) throws LakeUnavailableException, TableLostException {
    List<String> settled =
        files.stream().map(DataFile::location).filter(f -> !unsettled.contains(f)).toList();
    LoadedTable loaded = loadExisting();
    try {
      Set<String> orphans = OrphanFiles.among(settled, loaded);
      orphans.forEach(loaded.iceberg().io()::deleteFile);
      counters.discardedFiles.add(orphans.size());
      return orphans.size();
    } catch (RuntimeException e) {
      throw unavailable("discard files of table " + id, e);
    }
  }

  private static LakeUnavailableException unavailable(String what, RuntimeException e) {
    if (!Backoff.mayPass(e)) {
      throw e;
    }
    return new LakeUnavailableException(
        "cannot " + what + ": " + CatalogReason.of(e) + " (retry later)", e);
  }

  private LoadedTable loadExisting() throws LakeUnavailableException, TableLostException {
    return load().orElseThrow(() -> new TableLostException("it does not exist"));
  }

  /** Empty: the table is not there and was not seen before. */
  private Optional<LoadedTable> load() throws LakeUnavailableException, TableLostException {
    UUID expected = uuid;
    Optional<LoadedTable> loaded = load(expected);
    if (loaded.isEmpty() && expected != null) {
      throw new TableLostException("it was dropped");
    }
    if (loaded.isPresent() && expected == null) {
      uuid = UUID.fromString(loaded.get().metadata().uuid());
    }
    return loaded;
  }

  private Optional<LoadedTable> load(@Nullable UUID expected)
      throws LakeUnavailableException, TableLostException {
    Backoff backoff = new Backoff(pause);
    while (true) {
      try {
        LoadedTable loaded = new LoadedTable((BaseTable) catalog.loadTable(id));
        properties = loaded.metadata().properties();
        TableCheck.require(loaded, table, expected);
        location = loaded.metadata().location();
        promotions = PromotedColumns.of(table, loaded.iceberg());
        return Optional.of(loaded);
      } catch (NoSuchTableException | NoSuchNamespaceException e) {
        return Optional.empty();
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "load table " + id);
      }
    }
  }
}
