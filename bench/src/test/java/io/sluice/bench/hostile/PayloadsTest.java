package io.sluice.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.ByteArrayInputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PayloadsTest {

  private static final int LIMIT = 64 << 20;

  @Test
  void aBombIsSmallAndBecomesLargerThanTheLimit() throws Exception {
    byte[] bomb = Payloads.gzip(Payloads.beyondLimit());

    assertThat(bomb.length).isLessThan(100_000);
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(bomb))) {
      plain.skipNBytes(LIMIT + 1);
    }
  }

  /** Read by tags: 33 million messages would not fit. */
  @Test
  void anItemBombIsBelowTheLimitAndFullOfEmptyRecords() throws Exception {
    byte[] bytes = Payloads.emptyRecords();
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    in.setSizeLimit(Integer.MAX_VALUE);

    assertThat(bytes.length).isBetween(LIMIT - 100, LIMIT);
    assertThat(in.readTag() >>> 3).isEqualTo(ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER);
    assertThat(in.pushLimit(in.readRawVarint32())).isPositive();
    assertThat(in.readTag() >>> 3).isEqualTo(ResourceSpans.SCOPE_SPANS_FIELD_NUMBER);
    int records = in.readRawVarint32();
    assertThat(in.getBytesUntilLimit()).isEqualTo(records);
    for (int i = 0; i < records / 2; i++) {
      if (in.readTag() >>> 3 != ScopeSpans.SPANS_FIELD_NUMBER || in.readRawVarint32() != 0) {
        throw new AssertionError("record " + i + " is not an empty span");
      }
    }
    assertThat(in.getTotalBytesRead()).isEqualTo(bytes.length);
  }
}
