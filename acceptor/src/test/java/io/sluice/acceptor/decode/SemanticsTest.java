package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.fixed64;
import static io.sluice.acceptor.decode.Wire.keyValue;
import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.raw;
import static io.sluice.acceptor.decode.Wire.text;
import static io.sluice.acceptor.decode.Wire.varint;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What OTLP's fine print means in a row, as readers see it; each request also comes back whole, as
 * protobuf-java reads it.
 */
class SemanticsTest {

  private static final long RECEIVED_MICROS = 1_760_000_000_000_000L;
  private static final int ATTRIBUTES = 9;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 32})
  void idsOfAnyLengthAreHexAndZerosAreNotAbsent(int length) {
    byte[] zeros = new byte[length];
    byte[] id = new byte[length];
    id[length - 1] = (byte) 0xaf;
    Map<String, Object> row = span(len(1, zeros), len(2, id));
    assertThat(row)
        .containsEntry("trace_id", "00".repeat(length))
        .containsEntry("span_id", HexFormat.of().formatHex(id))
        .containsEntry("parent_span_id", null)
        .containsEntry("otlp_raw", null);
    assertThat(span(len(4)).get("parent_span_id")).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void timesAreKeptToTheLastBitAndAnEndMayBeBeforeItsStart(long end) {
    long start = 1_759_999_999_123_456_789L;
    Map<String, Object> row = span(fixed64(7, start), fixed64(8, end));
    assertThat(row)
        .containsEntry("start_time_unix_nano", start)
        .containsEntry("end_time_unix_nano", end)
        .containsEntry("duration_nano", end - start)
        .containsEntry("time_source", null);
    Map<String, Object> odd = span(fixed64(7, end));
    assertThat(odd)
        .containsEntry("start_time_unix_nano", end)
        .containsEntry("time_source", "arrival"); // no event of now
  }

  @Test
  void emptyKeyIsAKeyAndOrderIsKept() {
    Map<String, Object> row =
        span(
            keyValue(ATTRIBUTES, "z", text(1, "1")),
            keyValue(ATTRIBUTES, "", text(1, "2")),
            keyValue(ATTRIBUTES, "a", text(1, "3")));
    assertThat(row.get("attributes"))
        .hasToString(
            "[{\"key\":\"z\",\"value\":\"1\"},{\"key\":\"\",\"value\":\"2\"},{\"key\":\"a\",\"value\":\"3\"}]");
    assertThat(row.get("otlp_raw")).isNull();
  }

  @Test
  void anyKindOfValueIsTakenInAnyAttribute() {
    byte[] mixed = len(5, len(1, varint(3, 1)), len(1, text(1, "1")), len(1), len(1, len(6)));
    for (int field : new int[] {1, 3}) { // of a resource, of a scope
      byte[] attributes = keyValue(field, "k", mixed);
      byte[] request =
          field == 1
              ? len(1, len(1, attributes), len(2, len(2)))
              : len(1, len(2, len(1, attributes), len(2)));
      Map<String, Object> row = row(Signal.TRACES, request, Table.TRACES);
      String owner = field == 1 ? "resource" : "scope";
      assertThat(row.get(owner + "_attributes").toString()).contains("[1,\\\"1\\\",null,{}]");
      assertThat(row)
          .containsEntry(owner + "_attribute_types", "j")
          .containsEntry(owner + "_raw", null);
    }
  }

  @Test
  void unknownEnumsAreTheirNumbers() {
    assertThat(span(varint(6, 99))).containsEntry("kind", "99").containsEntry("otlp_raw", null);
    assertThat(span(varint(6, -7))).containsEntry("kind", "-7").containsEntry("otlp_raw", null);
    assertThat(span(varint(6, 2))).containsEntry("kind", "SERVER");
    assertThat(span(len(15, varint(3, Integer.MIN_VALUE))))
        .containsEntry("status_code", "-2147483648");
    Map<String, Object> log = row(Signal.LOGS, Wire.request(len(2, varint(2, -3))), Table.LOGS);
    assertThat(log).containsEntry("severity_number", -3);
    byte[] sum = len(2, len(7, len(1), varint(2, 77)));
    assertThat(row(Signal.METRICS, Wire.request(sum), Table.METRICS_SUM))
        .containsEntry("aggregation_temporality", "77");
  }

  @Test
  void flagsKeepAllTheirBits() {
    byte[] flags = raw(0x85, 0x01, 0xff, 0xff, 0xff, 0xff); // field 16, fixed32
    assertThat(span(flags)).containsEntry("flags", 0xffff_ffffL).containsEntry("otlp_raw", null);
    byte[] log = len(2, raw(0x45, 0x01, 0x03, 0x00, 0x80));
    assertThat(row(Signal.LOGS, Wire.request(log), Table.LOGS))
        .containsEntry("flags", 0x8000_0301L);
    byte[] gauge = len(2, len(5, len(1, varint(8, 0xffff_fffeL))));
    assertThat(row(Signal.METRICS, Wire.request(gauge), Table.METRICS_GAUGE))
        .containsEntry("flags", 0xffff_fffeL);
  }

  @Test
  void lastScalarWinsAndMessagesSentTwiceAreMerged() {
    byte[] resource = len(1, keyValue(1, "a", text(1, "1")), varint(2, 4));
    byte[] more = len(1, keyValue(1, "b", text(1, "2")));
    byte[] span =
        len(2, text(5, "first"), len(15, varint(3, 2)), text(5, "last"), len(15, text(2, "why")));
    byte[] request = len(1, more, len(2, span), resource);
    Map<String, Object> row = row(Signal.TRACES, request, Table.TRACES);
    assertThat(row)
        .containsEntry("name", "last")
        .containsEntry("status_code", "ERROR")
        .containsEntry("status_message", "why")
        .containsEntry("resource_dropped_attributes_count", 4L)
        .containsEntry("resource_raw", null)
        .containsEntry("otlp_raw", null);
    assertThat(row.get("resource_attributes").toString())
        .contains("\"key\":\"b\",\"value\":\"2\"},{\"key\":\"a\",\"value\":\"1\"");
  }

  @Test
  void lastMemberOfAOneofWins() {
    byte[] point = len(1, fixed64(4, Double.doubleToLongBits(1.5)), fixed64(6, 7));
    assertThat(row(Signal.METRICS, Wire.request(len(2, len(5, point))), Table.METRICS_GAUGE))
        .containsEntry("value_int", 7L)
        .containsEntry("value", 7.0)
        .containsEntry("otlp_raw", null);
    byte[] metric = len(2, len(5, len(1)), len(7, len(1, fixed64(3, 5))));
    assertThat(row(Signal.METRICS, Wire.request(metric), Table.METRICS_SUM))
        .containsEntry("time_unix_nano", 5L);
  }

  @Test
  void packedAndUnpackedNumbersAreOneList() {
    byte[] counts = Wire.of(fixed64(6, 1), len(6, fixed64s(2, 3)), fixed64(6, -1));
    byte[] bounds = Wire.of(len(7, fixed64s(0x3ff0000000000000L)), fixed64(7, 0x4000000000000000L));
    byte[] point = len(1, counts, bounds);
    assertThat(row(Signal.METRICS, Wire.request(len(2, len(9, point))), Table.METRICS_HISTOGRAM))
        .hasEntrySatisfying("bucket_counts", l -> assertThat(l).hasToString("[1,2,3,-1]"))
        .hasEntrySatisfying("explicit_bounds", l -> assertThat(l).hasToString("[1.0,2.0]"))
        .containsEntry("otlp_raw", null);
    byte[] buckets = len(8, varint(2, 1), len(2, raw(2, 3)), varint(2, -1));
    assertThat(
            row(
                Signal.METRICS,
                Wire.request(len(2, len(10, len(1, buckets)))),
                Table.METRICS_EXPONENTIAL_HISTOGRAM))
        .hasEntrySatisfying("positive_bucket_counts", l -> assertThat(l).hasToString("[1,2,3,-1]"))
        .containsEntry("negative_bucket_counts", null);
  }

  @Test
  void knownFieldOfAnotherWireTypeAndGroupsAreUnknownFieldsAndKept() {
    for (byte[] odd :
        new byte[][] {
          varint(5, 3), // the name
          fixed64(9, 3), // an attribute
          raw(0x3b, 0x08, 0x01, 0x3c), // a group where the start time belongs
          varint(300, 1),
          raw(0xab, 0x1f, 0x0a, 0x01, 0x61, 0xac, 0x1f)
        }) {
      byte[] fields = Wire.of(text(5, "name"), odd);
      assertThat(span(fields))
          .containsEntry("name", "name")
          .hasEntrySatisfying("otlp_raw", bytes -> assertThat((byte[]) bytes).isEqualTo(fields));
    }
  }

  /**
   * The price of taking any field: what is sent to the wrong path is stored, and kept, as it is.
   */
  @Test
  void logsSentAsTracesAreSpansWithTheLogsBytes() {
    LogRecord record =
        LogRecord.newBuilder()
            .setTimeUnixNano(1_759_999_999_000_000_000L)
            .setBody(AnyValue.newBuilder().setStringValue("hello"))
            .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
            .build();
    byte[] request =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(record)))
            .build()
            .toByteArray();
    assertThat(row(Signal.TRACES, request, Table.TRACES))
        .containsEntry("name", "\n\u0005hello")
        .containsEntry("span_id", null)
        .hasEntrySatisfying(
            "otlp_raw", raw -> assertThat((byte[]) raw).isEqualTo(record.toByteArray()));
  }

  @Test
  void unknownFieldsAreKeptBesideWhatIsKnown() {
    byte[] unknown = varint(4000, 5);
    byte[] metric = len(2, text(1, "m"), unknown, len(5, len(1, unknown), unknown));
    byte[] request = len(1, len(1, unknown), unknown, len(2, len(1, unknown), unknown, metric));
    Map<String, Object> row = row(Signal.METRICS, request, Table.METRICS_GAUGE);
    assertThat(row).containsEntry("metric_name", "m");
    assertThat((byte[]) row.get("resource_raw")).isEqualTo(Wire.of(len(1, unknown), unknown));
    assertThat((byte[]) row.get("scope_raw")).isEqualTo(Wire.of(len(1, unknown), unknown));
    assertThat((byte[]) row.get("metric_raw"))
        .isEqualTo(Wire.of(text(1, "m"), unknown, len(5, unknown)));
    assertThat((byte[]) row.get("otlp_raw")).isEqualTo(unknown);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0x7ff8000000000001L,
        0x7ff0000000000001L,
        0xfff8000000000000L,
        0x8000000000000000L,
        1L,
        0x7ff0000000000000L
      })
  void doublesKeepTheirBits(long bits) {
    byte[] gauge = len(2, len(5, len(1, fixed64(4, bits))));
    Map<String, Object> row = row(Signal.METRICS, Wire.request(gauge), Table.METRICS_GAUGE);
    assertThat(Double.doubleToRawLongBits((Double) row.get("value"))).isEqualTo(bits);
    assertThat(row).containsEntry("value_int", null).containsEntry("otlp_raw", null);
    byte[] attribute = keyValue(ATTRIBUTES, "k", fixed64(4, bits));
    span(attribute); // comes back whole, by its text or by its bytes
  }

  @Test
  void countersAreUnsigned() {
    assertThat(span(varint(10, 0xffff_ffffL), varint(12, 0x8000_0000L), varint(14, 3)))
        .containsEntry("dropped_attributes_count", 0xffff_ffffL)
        .containsEntry("dropped_events_count", 0x8000_0000L)
        .containsEntry("dropped_links_count", 3L);
    byte[] histogram = len(2, len(9, len(1, fixed64(4, -1))));
    assertThat(row(Signal.METRICS, Wire.request(histogram), Table.METRICS_HISTOGRAM))
        .containsEntry("count", -1L); // 2^64 - 1: the table says that longs are its bits
  }

  @Test
  void indexIntoADictionaryThatIsNotThereIsNoValueAndKept() {
    byte[] key = len(ATTRIBUTES, varint(3, 7), len(2, text(1, "v")));
    byte[] value = keyValue(ATTRIBUTES, "k", varint(8, 7));
    Map<String, Object> row = span(key, value);
    assertThat(row.get("attributes"))
        .hasToString("[{\"key\":\"\",\"value\":\"v\"},{\"key\":\"k\"}]");
    assertThat((byte[]) row.get("otlp_raw")).isEqualTo(Wire.of(key, value));
  }

  /** For the hash of JSON parsers' name tables, ae and bD are one. */
  @Test
  void keysMadeToCollideComeBack() {
    byte[][] entries = new byte[1 << 12][];
    for (int i = 0; i < entries.length; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 12; bit++) {
        key.append((i >> bit & 1) == 0 ? "ae" : "bD");
      }
      entries[i] = keyValue(1, key.toString(), varint(3, i));
    }
    Map<String, Object> row = span(keyValue(ATTRIBUTES, "map", len(6, entries)));
    assertThat(row.get("otlp_raw")).isNull();
  }

  private static byte[] fixed64s(long... values) {
    byte[][] all = new byte[values.length][];
    for (int i = 0; i < all.length; i++) {
      byte[] field = fixed64(1, values[i]);
      all[i] = java.util.Arrays.copyOfRange(field, 1, field.length);
    }
    return Wire.of(all);
  }

  private static Map<String, Object> span(byte[]... fields) {
    return row(Signal.TRACES, Wire.request(len(2, fields)), Table.TRACES);
  }

  /** The one row of the request, plain. */
  private static Map<String, Object> row(Signal signal, byte[] request, Table table) {
    try (Decoding decoding = new Decoding()) {
      RoundTrip.check(decoding, signal, request);
      Decoded decoded = decoding.decode(signal, request);
      assertThat(decoded.parts()).hasSize(1);
      Map<String, Object> row = new LinkedHashMap<>();
      try (VectorSchemaRoot wire =
              VectorSchemaRoot.create(WireSchema.of(table), decoding.allocator);
          ArrowRecordBatch batch = decoded.parts().get(0).columns().toRecordBatch();
          RowExpander expander = new RowExpander(table, decoding.allocator)) {
        new VectorLoader(wire).load(batch);
        WireBatch rows =
            new WireBatch(
                table, wire, new int[] {1}, new long[] {RECEIVED_MICROS}, EventTime.DEFAULT);
        assertThat(expander.append(rows, 0, 1, Long.MAX_VALUE)).isEqualTo(1);
        for (FieldVector vector : expander.finish().getFieldVectors()) {
          Object value = vector.getObject(0);
          boolean text = value instanceof org.apache.arrow.vector.util.Text;
          row.put(vector.getName(), text ? value.toString() : value);
        }
      }
      decoding.give(decoded);
      return row;
    }
  }
}
