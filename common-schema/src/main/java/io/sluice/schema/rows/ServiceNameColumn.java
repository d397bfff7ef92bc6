package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;

/** The text of the resource attribute service.name, from where it is in the attributes. */
final class ServiceNameColumn implements RowColumn {

  private final BytesColumn column;
  private int[] entries = new int[0];

  ServiceNameColumn(BufferAllocator allocator) {
    this.column = new BytesColumn(allocator, 0);
  }

  @Override
  public Growing out() {
    return column.out();
  }

  @Override
  public void append(WireBatch batch, Selection rows, int from, int to) {
    if (entries.length < to - from) {
      entries = new int[to - from];
    }
    int[] runs = rows.at(Level.RESOURCE);
    for (int i = from; i < to; i++) {
      entries[i - from] = batch.serviceNames().entryOfRun(runs[i]);
    }
    Source values = ServiceNames.values(batch.struct(Level.RESOURCE));
    column.appendOf(values, entries, 0, to - from);
  }

  @Override
  public long bytes(WireBatch batch, int from, int to) {
    Source values = ServiceNames.values(batch.struct(Level.RESOURCE));
    return FieldColumn.ofRuns(
        batch.runs(Level.RESOURCE),
        from,
        to,
        run -> {
          int entry = batch.serviceNames().entryOfRun(run);
          return entry < 0 ? 5 : BytesColumn.bytesOf(values, entry, entry + 1);
        });
  }
}
