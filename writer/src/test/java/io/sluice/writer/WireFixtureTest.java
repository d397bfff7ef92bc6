package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Acceptors, Writers and readers of two releases say to each other. */
class WireFixtureTest {

  private static final PutMetadata METADATA =
      new PutMetadata(
          true,
          1L << 40,
          List.of(
              new PutMetadata.Batch(
                  new BatchId(0x0102030405060708L, -2), 500, 1_795_000_000_000_000L),
              new PutMetadata.Batch(new BatchId(-1, 7), 0, 0)));

  private static final ReadTicket TICKET =
      new ReadTicket(
          "acme_1",
          Table.METRICS_SUM,
          marks(),
          List.of("time", "value"),
          Instant.parse("2026-11-22T00:00:00.123456Z"),
          Instant.parse("2026-11-23T00:00:00Z"),
          true,
          new UUID(3, 2),
          true);

  private enum Answer {
    DONE(PutAnswer.done(1L << 40, List.of(false, true, false))),
    REFUSED(PutAnswer.refused(PutAnswer.Want.WRITER, 7, 500, "cannot take: it stops")),
    NOT_LEADER(PutAnswer.notLeader(8, "writer-2.example:8815")),
    NO_LEADER(PutAnswer.notLeader(9, "")),
    MALFORMED(PutAnswer.malformed(10, "cannot read: \u00fc"));

    private final PutAnswer answer;

    Answer(PutAnswer answer) {
      this.answer = answer;
    }

    private Fixture fixture() {
      return new Fixture("put-answer-" + name().toLowerCase(java.util.Locale.ROOT) + ".bin");
    }
  }

  private static Map<UUID, Long> marks() {
    Map<UUID, Long> marks = new LinkedHashMap<>();
    marks.put(new UUID(1, 2), Long.MAX_VALUE);
    marks.put(new UUID(3, 2), 0L);
    return marks;
  }

  @Test
  void putMetadataIsTheFixtures() throws Exception {
    Fixture fixture = new Fixture("put-metadata.bin");
    fixture.requireWritten(METADATA.toBytes());
    assertThat(PutMetadata.parse(ByteBuffer.wrap(fixture.bytes()))).isEqualTo(METADATA);
  }

  /** What may be given a meaning that a Writer of the last release need not know. */
  @Test
  void bitsOfPutMetadataThatHaveNoMeaningYetAreReadPast() throws Exception {
    byte[] newer = METADATA.toBytes();
    newer[1] |= (byte) 0xfe; // flags but zstd
    newer[2] = 1;
    newer[3] = 1;
    newer[16 + 20] = 1; // the first batch's u32 behind its rows
    assertThat(PutMetadata.parse(ByteBuffer.wrap(newer))).isEqualTo(METADATA);
  }

  /** The message is answered MALFORMED, and its client loses it: so Writers are renewed first. */
  @Test
  void putMetadataOfANewerVersionIsRefused() {
    byte[] newer = METADATA.toBytes();
    newer[0] = 2;
    assertThatThrownBy(() -> PutMetadata.parse(ByteBuffer.wrap(newer)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("cannot read put metadata: version 2 (this Writer reads 1)");
    byte[] longer = Arrays.copyOf(METADATA.toBytes(), METADATA.toBytes().length + 8);
    assertThatThrownBy(() -> PutMetadata.parse(ByteBuffer.wrap(longer)))
        .isInstanceOf(MalformedMessageException.class);
  }

  @ParameterizedTest
  @EnumSource
  void putAnswersAreTheFixtures(Answer one) throws Exception {
    one.fixture().requireWritten(one.answer.toBytes());
    assertThat(PutAnswer.parse(ByteBuffer.wrap(one.fixture().bytes()))).isEqualTo(one.answer);
  }

  /** The Acceptor opens the stream anew and sends again: nothing is acknowledged, nothing lost. */
  @Test
  void anAnswerOfANewerVersionOrStatusIsRefused() {
    byte[] newer = Answer.NOT_LEADER.answer.toBytes();
    newer[0] = 2;
    assertThatThrownBy(() -> PutAnswer.parse(ByteBuffer.wrap(newer)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("version 2");
    byte[] status = Answer.NOT_LEADER.answer.toBytes();
    status[1] = 4;
    assertThatThrownBy(() -> PutAnswer.parse(ByteBuffer.wrap(status)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("status 4");
  }

  @Test
  void aTicketWithAllItsKeysIsTheFixture() throws Exception {
    Fixture fixture = new Fixture("ticket.json");
    fixture.requireWritten(TICKET.toJson());
    assertThat(ReadTicket.parse(fixture.bytes())).isEqualTo(TICKET);
  }

  /** Passed over, it could ask for fewer rows than are given: INVALID_ARGUMENT, and why. */
  @Test
  void aTicketWithAKeyOfANewerReleaseIsRefused() {
    for (String ticket :
        List.of("{\"table\":\"logs\",\"where\":\"x\"}", "{\"v\":2,\"table\":\"logs\"}")) {
      assertThatThrownBy(() -> ReadTicket.parse(ticket.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageMatching("cannot read ticket: (unknown key where|version 2 .*)");
    }
  }
}
