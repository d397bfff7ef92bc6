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
  public void append(WireBatch batch, Selection rows) {
    int n = rows.count();
    if (entries.length < n) {
      entries = new int[n];
    }
    int[] runs = rows.at(Level.RESOURCE);
    for (int i = 0; i < n; i++) {
      entries[i] = batch.serviceNames().entryOfRun(runs[i]);
    }
    column.appendOf(ServiceNames.values(batch.struct(Level.RESOURCE)), entries, n);
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
