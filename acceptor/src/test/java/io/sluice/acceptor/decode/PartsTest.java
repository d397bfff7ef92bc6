package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.fixed64;
import static io.sluice.acceptor.decode.Wire.keyValue;
import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.raw;
import static io.sluice.acceptor.decode.Wire.text;
import static io.sluice.acceptor.decode.Wire.varint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.schema.otlp.RequestCutter;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.PutLimits;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** How a request's rows are cut, counted and limited. */
class PartsTest {

  private static final String MORE_THAN_3 =
      "cannot take a request of more than 3 records and empty groups";
  private static final byte[] RESOURCE = len(1, keyValue(1, "service.name", text(1, "cart")));

  @Test
  void rowsAreCutEvery16384AndRunsBeginAnew() {
    int points = 2 * Decoded.PART_ROWS + 5;
    byte[][] gauge = new byte[points][];
    for (int i = 0; i < points; i++) {
      gauge[i] = len(1, fixed64(3, i + 1));
    }
    byte[] metric = len(2, text(1, "m"), len(5, gauge), keyValue(12, "meta", text(1, "data")));
    byte[] request = len(1, RESOURCE, len(2, len(1, text(1, "scope")), metric));
    try (Decoding decoding = new Decoding()) {
      RoundTrip.check(decoding, Signal.METRICS, request);
      Decoded decoded = decoding.decode(Signal.METRICS, request);
      assertThat(decoded.parts().stream().map(part -> part.columns().rows()))
          .containsExactly(Decoded.PART_ROWS, Decoded.PART_ROWS, 5);
      for (Decoded.Part part : decoded.parts()) {
        Map<String, Object> row = ActualRows.of(part.columns(), decoding.allocator).get(0);
        assertThat(ActualRows.struct(row, "metric")).containsEntry("name", "m");
        assertThat(ActualRows.struct(row, "scope")).containsEntry("name", "scope");
        assertThat(ActualRows.struct(row, "resource").get("attributes"))
            .hasToString("{service.name=cart}");
      }
      decoding.give(decoded);
    }
  }

  @Test
  void exactlyOnePartNeedsNoSecond() {
    byte[][] spans = new byte[Decoded.PART_ROWS][];
    Arrays.fill(spans, len(2, len(2, raw(1))));
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(Signal.TRACES, Wire.request(spans));
      decoding.give(decoded);
      assertThat(decoded.parts()).hasSize(1);
    }
  }

  @Test
  void oneRequestTouchesFiveTables() {
    byte[] point = len(1, fixed64(3, 7));
    byte[] metrics =
        Wire.of(
            len(2, text(1, "g"), len(5, point)),
            len(2, text(1, "s"), len(7, point, point)),
            len(2, text(1, "h"), len(9, point)),
            len(2, text(1, "e"), len(10, point)),
            len(2, text(1, "q"), len(11, point)),
            len(2, text(1, "g2"), len(5, point)));
    byte[] request = Wire.of(len(1, RESOURCE, len(2, metrics)), Wire.request(metrics));
    try (Decoding decoding = new Decoding()) {
      RoundTrip.check(decoding, Signal.METRICS, request);
      Decoded decoded = decoding.decode(Signal.METRICS, request);
      decoding.give(decoded);
      assertThat(decoded.parts().stream().map(Decoded.Part::table))
          .containsExactly(
              Table.METRICS_GAUGE,
              Table.METRICS_SUM,
              Table.METRICS_HISTOGRAM,
              Table.METRICS_EXPONENTIAL_HISTOGRAM,
              Table.METRICS_SUMMARY);
    }
  }

  @Test
  void emptyGroupsAndMetricsAreCounted() {
    byte[] request =
        Wire.of(
            len(1), // a resource group without scopes
            len(1, len(2)), // a scope group without metrics
            Wire.request(
                len(2, text(1, "no data")),
                len(2, len(5)), // a gauge without points
                len(2, len(5, len(1)), len(7)))); // a gauge with a point, replaced by an empty sum
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(Signal.METRICS, request);
      assertThat(decoded.parts()).isEmpty();
      assertThat(decoded.empty()).isEqualTo(5);
      assertThat(decoding.decode(Signal.METRICS, new byte[0]).empty()).isZero();
    }
  }

  private static boolean identified(Signal signal, byte[]... records) {
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(signal, Wire.request(records));
      boolean identified = decoded.parts().get(0).selfIdentifying();
      decoding.give(decoded);
      return identified;
    }
  }

  @Test
  void oneRecordThatIdentifiesItselfTellsForItsPart() {
    byte[] identified = len(2, len(2, raw(1, 2)));
    byte[] zeros = len(2, len(2, raw(0, 0)));
    assertThat(identified(Signal.TRACES, zeros, identified, zeros)).isTrue();
    assertThat(identified(Signal.TRACES, zeros, zeros)).isFalse();
  }

  @Test
  void labelTellsForAllPartsWhereverItStands() {
    byte[][] logs = new byte[Decoded.PART_ROWS + 1][];
    Arrays.fill(logs, len(2));
    byte[] label = text(RequestCutter.LABEL_FIELD, "sluice-replay of some rows");
    try (Decoding decoding = new Decoding()) {
      for (byte[] request :
          List.of(
              Wire.of(Wire.request(logs), label),
              Wire.of(label, Wire.request(logs)),
              Wire.of(Wire.request(logs), varint(RequestCutter.LABEL_FIELD, 1)),
              Wire.request(logs))) {
        Decoded decoded = decoding.decode(Signal.LOGS, request);
        boolean labelled = request.length > Wire.request(logs).length + 8;
        assertThat(decoded.parts()).hasSize(2).allMatch(part -> part.selfIdentifying() == labelled);
        decoding.give(decoded);
      }
    }
  }

  private static byte[] logAt(long unixNano) {
    return len(2, fixed64(1, unixNano));
  }

  /** As an SDK makes them that has no finer clock, outside of any trace. */
  @Test
  void logsMadeAtThreeMillisecondsOfASecondTellForTheirPart() {
    long second = 1_700_000_000_000_000_000L;
    byte[] first = logAt(second + 1_000_000);
    byte[] next = logAt(second + 2_000_000);
    assertThat(identified(Signal.LOGS, first, next, logAt(second + 3_000_000))).isTrue();
    assertThat(identified(Signal.LOGS, first, next, logAt(second + 1_001_000_000))).isFalse();
    assertThat(identified(Signal.LOGS, first, next, logAt(second + 1_000_000_000))).isFalse();
    assertThat(identified(Signal.LOGS, first)).isFalse();
    assertThat(identified(Signal.LOGS, logAt(second + 1_000))).isTrue();
  }

  @Test
  void moreRecordsThanAllowedAreRefused() {
    byte[][] spans = {len(2), len(2), len(2), len(2)};
    try (Decoding decoding = new Decoding(new DecodeLimits(3, 1 << 20, 1 << 20, 1 << 20, 64))) {
      refuses(decoding, Wire.request(spans), MORE_THAN_3);
    }
  }

  @Test
  void emptyGroupsAndPointsThatDoNotCountAreRecordsToTheLimit() {
    byte[] points = len(5, len(1), len(1), len(1));
    try (Decoding decoding = new Decoding(new DecodeLimits(3, 1 << 20, 1 << 20, 1 << 20, 64))) {
      refuses(decoding, Wire.of(len(1), len(1), len(1), len(1)), MORE_THAN_3);
      assertThatThrownBy(
              () -> decoding.decode(Signal.METRICS, Wire.request(len(2, points, len(7, len(1))))))
          .isInstanceOf(RequestTooLargeException.class)
          .hasMessage(MORE_THAN_3);
    }
  }

  @Test
  void noMemoryLeavesNothingBehind() {
    byte[] large = new Traffic(1).traces(3000).toByteArray();
    byte[] small = new Traffic(1).traces(2).toByteArray();
    for (long bytes = 250_000; bytes < 1_000_000; bytes += 50_000) {
      try (BufferAllocator allocator = new RootAllocator(bytes);
          ColumnsPool pool = new ColumnsPool(allocator, 1, 2, 1 << 20);
          RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT)) {
        assertThatThrownBy(() -> decoder.decode(Signal.TRACES, large, 0, large.length))
            .isInstanceOf(OutOfMemoryException.class);
        Decoded decoded = decoder.decode(Signal.TRACES, small, 0, small.length);
        assertThat(decoded.records()).isEqualTo(2);
        decoded.parts().forEach(part -> pool.give(part.columns()));
      }
    }
  }

  @Test
  void moreBytesThanAllowedAreRefused() {
    byte[] span = len(2, text(5, "a".repeat(5000)));
    try (Decoding decoding = new Decoding(new DecodeLimits(100, 5000, 1 << 20, 1 << 20, 64))) {
      refuses(
          decoding, Wire.request(span), "cannot take a request of more than 5000 bytes in columns");
    }
  }

  @Test
  void rowsThatExpandTooFarAreRefused() {
    byte[] resource = len(1, keyValue(1, "k", text(1, "v".repeat(1000))));
    byte[][] spans = new byte[100][];
    Arrays.fill(spans, len(2));
    try (Decoding decoding = new Decoding(new DecodeLimits(100, 1 << 20, 1 << 20, 100_000, 64))) {
      refuses(
          decoding,
          len(1, resource, len(2, spans)),
          "cannot take a request of more than 100000 bytes"
              + " with resource, scope, metric and dictionary in every row");
    }
  }

  @Test
  void growthStopsLongBeforeMemoryDoes() {
    byte[][] events = new byte[4_000_000][];
    Arrays.fill(events, raw(0x5a, 0));
    try (Decoding decoding = new Decoding(new DecodeLimits(100, 1 << 20, 1 << 20, 1 << 20, 64))) {
      assertThatThrownBy(() -> decoding.decode(Signal.TRACES, Wire.request(len(2, events))))
          .isInstanceOf(RequestTooLargeException.class)
          .hasMessageContaining("bytes");
      assertThat(decoding.allocator.getPeakMemoryAllocation()).isLessThan(200L << 20);
    }
  }

  @Test
  void partThatIsTooLargeToTravelIsRefused() {
    byte[] span = len(2, text(5, "a".repeat(5000)));
    try (Decoding decoding = new Decoding(new DecodeLimits(100, 1 << 20, 12_000, 1 << 20, 64))) {
      refuses(
          decoding,
          Wire.request(span, span, span),
          "cannot take a request whose 3 rows of traces take more than 12000 bytes in columns");
      decoding.give(decoding.decode(Signal.TRACES, Wire.request(span, span)));
    }
  }

  /** 60 MiB of empty events become eleven times as much. */
  @Test
  void whatIsTakenFitsIntoAMessageThatTheWriterTakes() {
    byte[] events = new byte[60 << 20];
    for (int i = 0; i < events.length; i += 2) {
      events[i] = 0x5a;
    }
    byte[] request = Wire.request(len(2, events));
    assertThat(request.length).isLessThan(64 << 20);
    assertThat(PutLimits.BATCH_BYTES).isLessThanOrEqualTo(PutLimits.MESSAGE_BYTES / 2);
    assertThat(PutLimits.GATHERED_BYTES).isLessThanOrEqualTo(PutLimits.MESSAGE_BYTES / 2);
    try (Decoding decoding = new Decoding()) {
      refuses(
          decoding,
          request,
          "cannot take a request whose 1 rows of traces take more than 134217728 bytes in columns");
    }
  }

  private static void refuses(Decoding decoding, byte[] request, String message) {
    assertThatThrownBy(() -> decoding.decode(Signal.TRACES, request))
        .isInstanceOf(RequestTooLargeException.class)
        .hasMessage(message);
  }
}
