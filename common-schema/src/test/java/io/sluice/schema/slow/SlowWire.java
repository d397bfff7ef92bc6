package io.sluice.schema.slow;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/**
 * Encodes OTLP messages as wire rows, plainly and slowly: the decoder's independent twin. A row is
 * a {@link SlowRow} whose resource, scope and metric are SlowRows too, the same object for all rows
 * of a group.
 */
public final class SlowWire {

  private final Table table;
  private final List<SlowRow> rows;

  SlowWire(Table table, List<SlowRow> rows) {
    this.table = table;
    this.rows = rows;
  }

  public static SlowWire of(ExportTraceServiceRequest request) {
    return new SlowWire(Table.TRACES, SlowSpans.rows(request));
  }

  public static SlowWire of(ExportLogsServiceRequest request) {
    return new SlowWire(Table.LOGS, SlowLogs.rows(request));
  }

  public static SlowWire of(ExportProfilesServiceRequest request) {
    return new SlowWire(Table.PROFILES, SlowProfiles.rows(request));
  }

  /** The points of the request that belong to the table. */
  public static SlowWire of(Table table, ExportMetricsServiceRequest request) {
    return new SlowWire(table, SlowMetrics.rows(table, request));
  }

  public Table table() {
    return table;
  }

  public int rows() {
    return rows.size();
  }

  /** A root as it is after it travelled: loaded from a record batch. The caller closes it. */
  public VectorSchemaRoot load(BufferAllocator allocator) {
    try (VectorSchemaRoot built = VectorSchemaRoot.create(WireSchema.of(table), allocator)) {
      for (FieldVector vector : built.getFieldVectors()) {
        fill(vector);
      }
      built.setRowCount(rows.size());
      VectorSchemaRoot loaded = VectorSchemaRoot.create(WireSchema.of(table), allocator);
      try (ArrowRecordBatch batch = new VectorUnloader(built).getRecordBatch()) {
        new VectorLoader(loaded).load(batch);
      }
      return loaded;
    }
  }

  private void fill(FieldVector vector) {
    List<Object> values = new ArrayList<>();
    for (SlowRow row : rows) {
      if (!row.values.containsKey(vector.getName())) {
        throw new IllegalArgumentException("no value for " + vector.getField());
      }
      values.add(row.values.get(vector.getName()));
    }
    if (vector instanceof RunEndEncodedVector runs) {
      SlowVectors.setRuns(runs, values.stream().map(SlowRow.class::cast).toList());
    } else {
      for (int i = 0; i < values.size(); i++) {
        SlowVectors.set(vector, i, values.get(i));
      }
    }
    vector.setValueCount(values.size());
  }
}
