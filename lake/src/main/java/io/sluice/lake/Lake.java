package io.sluice.lake;

import io.sluice.lake.s3.S3Files;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.util.ThreadPools;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tables of all tenants: a catalog and a warehouse. Any thread may use it. */
public final class Lake implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Lake.class);

  /** One that is away takes seconds to say so. */
  private static final int MOST_OTHERS = 3;

  /** A catalog's database takes three statements to make. */
  private static final int MOST_MADE_MEANWHILE = 3;

  private final LakeConfig config;
  private final Catalogs.Open catalog;
  private final FileIO io;
  private final Clock clock;
  private final Backoff.Pause pause;
  private final SnapshotExpiry expiry;
  private final LakeCounters counters = new LakeCounters();
  private final ConcurrentMap<TableIdentifier, LakeTable> tables = new ConcurrentHashMap<>();

  Lake(LakeConfig config, FileIO io, Catalogs.Open catalog, Clock clock, Backoff.Pause pause) {
    this.config = config;
    this.io = io;
    this.catalog = catalog;
    this.clock = clock;
    this.pause = pause;
    this.expiry = new SnapshotExpiry(config, clock, counters);
  }

  /** Opens the catalog, and makes its database if it is not there. */
  public static Lake open(LakeConfig config, Clock clock) throws LakeUnavailableException {
    FileIO io = files(config);
    try {
      return open(config, clock, io);
    } catch (LakeUnavailableException | RuntimeException e) {
      io.close(); // whoever tries for long must not gather connections
      throw e;
    }
  }

  /** The store of the warehouse: what it closes is durable. */
  public static SupportsPrefixOperations files(LakeConfig config) {
    return config.isInS3() ? new S3Files(config.s3()) : new ForcingFileIO();
  }

  /**
   * With files read and written by {@code io}, which makes durable what it closes, and is closed
   * with the lake.
   */
  public static Lake open(LakeConfig config, Clock clock, FileIO io)
      throws LakeUnavailableException {
    return open(
        config, clock, io, UnrepeatingConnections::new, pause -> Thread.sleep(pause.toMillis()));
  }

  static Lake open(
      LakeConfig config, Clock clock, FileIO io, Catalogs.Connector connector, Backoff.Pause pause)
      throws LakeUnavailableException {
    Backoff backoff = new Backoff(pause);
    // Iceberg's pools add a shutdown hook when they are first used, which fails during a shutdown:
    // a Writer whose first commit is its last one could then not persist.
    ThreadPools.getWorkerPool();
    makeWarehouse(config);
    int madeMeanwhile = 0;
    while (true) {
      try {
        return new Lake(config, io, Catalogs.open(config, io, connector), clock, pause);
      } catch (RuntimeException e) {
        if (!Catalogs.isMadeMeanwhile(e) || ++madeMeanwhile > MOST_MADE_MEANWHILE) {
          backoff.after(e, "open catalog " + config.catalogUri());
        }
      }
    }
  }

  private static void makeWarehouse(LakeConfig config) throws LakeUnavailableException {
    if (config.isInS3()) {
      return; // a bucket is not ours to make
    }
    try {
      ForcedOutputFile.makeDirectories(LocalPath.of(config.warehouse()));
    } catch (IOException e) {
      throw new LakeUnavailableException(
          "cannot make warehouse: " + config.warehouse() + " (" + e.getMessage() + ")", e);
    }
  }

  /** Makes the tenant's namespace and tables where they are not there; others may do the same. */
  public void ensureTables(String tenant) throws LakeUnavailableException {
    Backoff backoff = new Backoff(pause);
    while (true) {
      try {
        ensureNamespace(Namespace.of(tenant));
        Table.all().forEach(table -> ensureTable(tenant, table));
        return;
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "make the tables of tenant " + tenant);
      }
    }
  }

  private void ensureNamespace(Namespace namespace) {
    try {
      if (!catalog.namespaces().namespaceExists(namespace)) {
        catalog.namespaces().createNamespace(namespace);
      }
    } catch (AlreadyExistsException e) {
      // Made by another process meanwhile, which is what was wanted.
      return;
    }
  }

  private void ensureTable(String tenant, Table table) {
    TableIdentifier id = TableIdentifier.of(tenant, table.tableName());
    if (table(tenant, table).uuid().isPresent() || exists(id)) {
      return; // one that was seen before and is gone is lost: an empty one would hide that
    }
    make(id, table);
  }

  /** Its metadata may be lost, or damaged: it is looked for only if the catalog has the table. */
  private boolean exists(TableIdentifier id) {
    try {
      return catalog.tables().tableExists(id);
    } catch (NotFoundException | DamagedMetadataException e) {
      return true;
    }
  }

  private void make(TableIdentifier id, Table table) {
    Schema schema = IcebergSchema.of(table, config.promotions());
    try {
      catalog
          .tables()
          .buildTable(id, schema)
          .withPartitionSpec(IcebergSchema.partitioning(schema))
          .withSortOrder(IcebergSchema.sorting(table, schema))
          .withProperties(TableSettings.of(table))
          .withProperties(PromotedColumns.properties(config.promotions()))
          .create();
    } catch (AlreadyExistsException e) {
      // Made by another process meanwhile, which is what was wanted.
      return;
    }
  }

  /**
   * Makes a table that was there and is gone, empty.
   *
   * @return false if there is one
   */
  public boolean makeAnew(String tenant, Table table) throws LakeUnavailableException {
    TableIdentifier id = TableIdentifier.of(tenant, table.tableName());
    Backoff backoff = new Backoff(pause);
    while (true) {
      try {
        boolean missing = !exists(id);
        if (missing) {
          ensureNamespace(Namespace.of(tenant));
          make(id, table);
        }
        return missing;
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "make table " + id);
      }
    }
  }

  /** A tenant's table, there or not. The same object for the same table. */
  public LakeTable table(String tenant, Table table) {
    return tables.computeIfAbsent(
        TableIdentifier.of(tenant, table.tableName()),
        id ->
            new LakeTable(
                catalog.tables(),
                io,
                id,
                table,
                config.promotions(),
                clock,
                pause,
                UUID::randomUUID,
                expiry,
                counters));
  }

  /** The table if it was asked for before, so that a name that anybody sends costs nothing. */
  public Optional<LakeTable> known(String tenant, Table table) {
    return Optional.ofNullable(tables.get(TableIdentifier.of(tenant, table.tableName())));
  }

  /** Whether another table that was seen can be loaded: if one cannot, it is not the store. */
  public boolean isWellBut(String tenant, Table table) {
    TableIdentifier sick = TableIdentifier.of(tenant, table.tableName());
    return tables.values().stream()
        .filter(other -> other.uuid().isPresent() && !other.id().equals(sick))
        .limit(MOST_OTHERS)
        .anyMatch(Lake::isWell);
  }

  private static boolean isWell(LakeTable table) {
    try {
      table.marks();
      return true;
    } catch (LakeUnavailableException | TableLostException e) {
      LOG.debug("{} is not well either", table.id(), e);
      return false;
    }
  }

  /** Whether the catalog has the table, whoever made it. */
  public boolean has(String tenant, Table table) throws LakeUnavailableException {
    Backoff backoff = new Backoff(pause);
    while (true) {
      try {
        return exists(TableIdentifier.of(tenant, table.tableName()));
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "look for the tables of tenant " + tenant);
      }
    }
  }

  /** The names of all namespaces: tenants, and what others keep in the same catalog. */
  public List<String> tenants() throws LakeUnavailableException {
    Backoff backoff = new Backoff(pause);
    while (true) {
      try {
        return catalog.namespaces().listNamespaces().stream()
            .map(n -> n.level(0))
            .sorted()
            .toList();
      } catch (RuntimeException e) {
        counters.retries.increment();
        backoff.after(e, "list tenants");
      }
    }
  }

  /**
   * Whether the location is in another kind of store than this lake's warehouse, or on this machine
   * and not in it. What is not there, or somewhere else by another name, is not told.
   */
  public boolean isOutside(String location) {
    if (LakeConfig.isInS3(location) != config.isInS3()) {
      return true;
    }
    try {
      Path warehouse = LocalPath.of(config.warehouse()).toRealPath();
      return !LocalPath.of(location).toRealPath().startsWith(warehouse)
          && warehouse.equals(LocalPath.of(config.warehouse()).toRealPath()); // not mounted between
    } catch (IOException | IllegalArgumentException notToBeTold) {
      return false;
    }
  }

  public LakeConfig config() {
    return config;
  }

  /** The Iceberg catalog itself, for serving it to other engines. */
  public Catalog catalog() {
    return catalog.tables();
  }

  public FileIO io() {
    return io;
  }

  public LakeCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    try {
      catalog.closing().close();
    } catch (IOException e) {
      LOG.warn("cannot close the catalog's connections", e);
    }
    io.close();
  }
}
