package io.sluice.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId.Encoding;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Ids outlive processes, in logs and windows: another value for the same bytes stores them twice.
 */
final class BatchIdTest {

  private static final byte[] BYTES = "some bytes".getBytes(StandardCharsets.UTF_8);
  private static final BatchId BODY = BatchId.ofBody(BYTES, 0, BYTES.length);
  private static final BatchId ID = BatchId.of("default", Table.TRACES, Encoding.PROTOBUF, 0, BODY);

  @Test
  void valuesAreThoseOfTheFirstRelease() {
    assertThat(BODY).hasToString("99736577b441a1bbd3ec197fe371e984");
    assertThat(ID).hasToString("6a55353bacffe649e9f0af6d7c5420c9");
    assertThat(ID.salted(new UUID(1, 2))).hasToString("1aa84528cb1755ce2136075bc6cfa686");
    assertThat(ID.log(3)).isEqualTo(1);
  }

  @Test
  void tenantTableEncodingPartAndBytesEachChangeTheId() {
    BatchId other = BatchId.ofBody(BYTES, 1, BYTES.length - 1);
    assertThat(
            new BatchId[] {
              ID,
              BatchId.of("other", Table.TRACES, Encoding.PROTOBUF, 0, BODY),
              BatchId.of("default", Table.LOGS, Encoding.PROTOBUF, 0, BODY),
              BatchId.of("default", Table.TRACES, Encoding.JSON, 0, BODY),
              BatchId.of("default", Table.TRACES, Encoding.PROTOBUF, 1, BODY),
              BatchId.of("default", Table.TRACES, Encoding.PROTOBUF, 0, other),
              ID.salted(new UUID(1, 2)),
              ID.salted(new UUID(2, 1))
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void bytesAreHashedWhereverTheyLie() {
    byte[] framed =
        ("<" + new String(BYTES, StandardCharsets.UTF_8) + ">").getBytes(StandardCharsets.UTF_8);
    assertThat(BatchId.ofBody(framed, 1, BYTES.length)).isEqualTo(BODY);
  }
}
