package io.sluice.acceptor.columns;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The resource and the scope at hand, and of profiles the request's dictionary: one row each,
 * decoded once and then added to whatever columns begin a run of theirs. One thread owns it.
 */
public final class GroupColumns implements AutoCloseable {

  private final BufferSource source;
  private final Shared shared;
  private final StructColumn resource;
  private final StructColumn scope;
  private final StructColumn dictionary;
  private final ResourceColumns resourceColumns;
  private final ScopeColumns scopeColumns;
  private long bytes = -1; // negative: to be counted

  private GroupColumns(BufferSource source, long seed) {
    this.source = source;
    shared = new Shared(source, seed);
    resource = new StructColumn(source, values(Table.TRACES, "resource"));
    scope = new StructColumn(source, values(Table.TRACES, "scope"));
    dictionary = new StructColumn(source, values(Table.PROFILES, "dictionary"));
    resourceColumns = new ResourceColumns(resource, shared);
    scopeColumns = new ScopeColumns(scope, shared);
  }

  static GroupColumns open(BufferAllocator allocator, long seed) {
    BufferSource source = new BufferSource(allocator);
    try {
      return new GroupColumns(source, seed);
    } catch (RuntimeException e) {
      source.close(); // out of memory on the way
      throw e;
    }
  }

  /** Counts what these columns grow by against this limit, too. */
  public void limit(ByteLimit limit) {
    source.limit(limit);
  }

  /** Empty columns for the next resource. */
  public ResourceColumns nextResource() {
    bytes = -1;
    resource.reset();
    shared.cut();
    return resourceColumns;
  }

  /** Empty columns for the next scope. */
  public ScopeColumns nextScope() {
    bytes = -1;
    scope.reset();
    shared.cut();
    return scopeColumns;
  }

  /** An empty column for the next request's dictionary; it stays empty for other signals. */
  public BytesColumn nextDictionary() {
    bytes = -1;
    dictionary.reset();
    return dictionary.bytes("dictionary");
  }

  /** Bytes that these columns add to each row when rows are plain. */
  public long bytes() {
    if (bytes < 0) {
      bytes = resource.bytes() + scope.bytes() + dictionary.bytes();
    }
    return bytes;
  }

  /** Bytes of memory it holds, on the heap and off it. */
  public long capacity() {
    return source.capacity() + shared.capacity();
  }

  StructColumn resource() {
    resource.finish(1);
    return resource;
  }

  StructColumn scope() {
    scope.finish(1);
    return scope;
  }

  StructColumn dictionary() {
    return dictionary;
  }

  @Override
  public void close() {
    source.close();
  }

  /** Resource and scope are the same in every table. */
  private static Field values(Table table, String run) {
    return WireSchema.of(table).findField(run).getChildren().get(1);
  }
}
