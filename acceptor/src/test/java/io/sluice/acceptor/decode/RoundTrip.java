package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.otlp.RowsToOtlp;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/** Request bytes to columns to plain rows to OTLP, and what must come out. */
final class RoundTrip {

  private static final long RECEIVED_MICROS = 1_760_000_100_000_000L;

  /** Checks everything that a decoded request promises; returns how many rows have raw bytes. */
  static long check(Decoding decoding, Signal signal, byte[] request) {
    Flat expected = Flat.of(parse(signal, request), DecodeLimits.DEFAULT.valueLevels());
    Decoded decoded = decoding.decode(signal, request);
    assertThat(decoded.records()).isEqualTo(expected.size());
    assertThat(decoded.rejected()).isEqualTo(expected.tooDeep);
    assertThat(decoded.reason().isEmpty()).isEqualTo(expected.tooDeep == 0);
    assertThat(decoded.empty()).isEqualTo(expected.empty);
    long raws = 0;
    for (Table table : Table.all()) {
      List<Flat.Entry> actual = new ArrayList<>();
      int part = 0;
      for (Decoded.Part of : decoded.parts()) {
        if (of.table() == table) {
          assertThat(of.part()).isEqualTo(part++);
          List<Flat.Source> sources =
              expected
                  .sources
                  .get(table)
                  .subList(actual.size(), actual.size() + of.columns().rows());
          assertThat(of.selfIdentifying()).isEqualTo(SelfIdentifying.are(sources));
          actual.addAll(back(of.columns(), signal, decoding.allocator));
          raws += checkColumns(of.columns(), sources, decoding.allocator);
        }
      }
      assertThat(actual).as(table.tableName()).isEqualTo(expected.entries.get(table));
    }
    decoding.give(decoded);
    return raws;
  }

  static List<Flat.Entry> back(WireColumns columns, Signal signal, BufferAllocator allocator) {
    Table table = columns.table();
    int rows = columns.rows();
    try (VectorSchemaRoot wire = VectorSchemaRoot.create(WireSchema.of(table), allocator);
        ArrowRecordBatch batch = columns.toRecordBatch();
        RowExpander expander = new RowExpander(table, allocator)) {
      new VectorLoader(wire).load(batch);
      WireBatch rowsOf =
          new WireBatch(
              table, wire, new int[] {rows}, new long[] {RECEIVED_MICROS}, EventTime.DEFAULT);
      assertThat(expander.append(rowsOf, 0, rows, Long.MAX_VALUE)).isEqualTo(rows);
      byte[] request = new RowsToOtlp(table).request(expander.finish());
      return Flat.of(RowsToOtlp.parse(parser(signal), request), Integer.MAX_VALUE)
          .entries
          .get(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Message parse(Signal signal, byte[] request) {
    try {
      return RowsToOtlp.parse(parser(signal), request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Parser<? extends Message> parser(Signal signal) {
    return prototype(signal).getParserForType();
  }

  static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.getDefaultInstance();
      case LOGS -> ExportLogsServiceRequest.getDefaultInstance();
      case METRICS -> ExportMetricsServiceRequest.getDefaultInstance();
      case PROFILES -> ExportProfilesServiceRequest.getDefaultInstance();
    };
  }

  /** Each column of each row against the messages, also of those that have raw bytes. */
  private static long checkColumns(
      WireColumns columns, List<Flat.Source> sources, BufferAllocator allocator) {
    List<Map<String, Object>> rows = ActualRows.of(columns, allocator);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(ActualRows.withoutRaw(rows.get(i)))
          .isEqualTo(ExpectedRows.of(columns.table(), sources.get(i)));
    }
    boolean alwaysRaw = columns.table() == Table.PROFILES;
    return rows.stream().filter(row -> hasRaw(row, alwaysRaw)).count();
  }

  /** Whether columns alone would not do; of a profile they never do. */
  private static boolean hasRaw(Map<String, Object> row, boolean alwaysRaw) {
    return (!alwaysRaw && row.get("raw") != null)
        || row.values().stream()
            .anyMatch(value -> value instanceof Map<?, ?> map && map.get("raw") != null);
  }

  private RoundTrip() {}
}
