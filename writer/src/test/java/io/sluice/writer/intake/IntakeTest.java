package io.sluice.writer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutAnswer.Want;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.WireMessages;
import io.sluice.writer.WireSpans;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.Ledger.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages are taken or refused; either way all that they held is given back. */
class IntakeTest {

  private final BufferAllocator root = new RootAllocator();
  private final BufferAllocator allocator = root.newChildAllocator("intake", 0, Long.MAX_VALUE);
  private final ManualClock clock = new ManualClock();
  private final HeldLog log = new HeldLog();
  private final Telemetry telemetry = new Telemetry("test");
  private final Ledger ledger = new Ledger(telemetry);
  private final PutCallRecorder call = new PutCallRecorder();
  private final byte[] message =
      WireMessages.spans(root, List.of(new BatchId(1, 1)), 4, 0, HotSpans.NOW);
  private final Rows rows = new Rows();
  private Intake intake = intake(message.length * 2L);
  private PutStream stream = new PutStream(call, intake);

  @BeforeEach
  void open() {
    stream.start();
    send(WireMessages.head("default", Table.TRACES));
  }

  @AfterEach
  void nothingIsHeld() {
    log.applyAll();
    assertThat(intake.bytesInFlight()).isZero();
    assertThat(root.getAllocatedMemory()).isZero();
    allocator.close();
    root.close();
  }

  @Test
  void messageIsRefusedWithAHintWhileMemoryIsShortAndTakenAfterwards() {
    rows.over = 0;
    send(message);
    assertRefused(
        Refusal.MEMORY, Want.ROOM, "the memory for rows that are not yet persisted is used up");
    rows.over = -1;
    send(message);
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void messageIsRefusedWhileTooManyBatchesAreToBeRememberedAndTakenAfterwards() {
    rows.tooManyBatches = true;
    send(message);
    assertRefused(
        Refusal.BATCHES,
        Want.ROOM,
        "more requests than dedup.max-batches wait to be persisted (raise it, with the memory that"
            + " it says; larger requests need less)");
    rows.tooManyBatches = false;
    send(message);
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void messageIsRefusedWithAHintWhileTooMuchIsInFlightAndTakenAfterwards() {
    send(message);
    send(message);
    send(message);
    assertRefused(Refusal.IN_FLIGHT, Want.ROOM, "too many bytes are in flight");
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
    send(message);
    log.applyAll();
    assertThat(call.answers).hasSize(4);
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void tenantThatFloodsLeavesTheOtherItsHalf() {
    intake = intake(message.length * 4L);
    stream = new PutStream(call, intake);
    stream.start();
    send(WireMessages.head("default", Table.TRACES));
    PutCallRecorder otherCall = new PutCallRecorder();
    PutStream other = new PutStream(otherCall, intake);
    other.start();
    other.onMessage(payload(WireMessages.head("other", Table.TRACES)));
    for (int i = 0; i < 4; i++) {
      send(message);
    }
    assertThat(call.answers).as("alone it has all").isEmpty();
    other.onMessage(payload(message));
    assertThat(otherCall.last().status()).isEqualTo(PutAnswer.Status.REFUSED);
    log.applyAll();
    for (int i = 0; i < 4; i++) {
      send(message);
    }
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.REFUSED);
    other.onMessage(payload(message));
    other.onMessage(payload(message));
    log.applyAll();
    assertThat(otherCall.last().status()).isEqualTo(PutAnswer.Status.DONE);
    assertThat(otherCall.answers).hasSize(3);
  }

  @Test
  void tenantThatHasMostOfWhatWaitsIsRefusedWhileRoomIsScarceAndNobodyElseIs() {
    PutCallRecorder otherCall = new PutCallRecorder();
    PutStream other = new PutStream(otherCall, intake);
    other.start();
    other.onMessage(payload(WireMessages.head("other", Table.TRACES)));
    rows.crowdedBy = "default";
    send(message);
    assertRefused(
        Refusal.TENANT,
        Want.ROOM,
        "this tenant has more than its part of what waits to be persisted");
    other.onMessage(payload(message));
    log.applyAll();
    assertThat(otherCall.last().status()).isEqualTo(PutAnswer.Status.DONE);
    rows.crowdedBy = "";
    send(message);
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void drainingIntakeTakesNothingButAnswersWhatItHas() {
    send(message);
    intake.drain();
    send(message);
    assertRefused(Refusal.STOPPING, Want.WRITER, "this Writer is stopping");
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void fullLogIsWantOfRoomAndItsHintFollowsTheReleases() {
    log.full = new LogFullException("the log is full", 10_000_000);
    send(message);
    assertRefused(Refusal.LOG_FULL, Want.ROOM, "the log is full");
    assertThat(call.last().retryAfterMillis()).as("no rate is known yet").isEqualTo(1_000);
    for (int i = 0; i < 60; i++) { // 5 MB/s
      clock.advance(Duration.ofSeconds(10));
      log.released += 50_000_000;
      send(message);
    }
    assertThat(call.last().retryAfterMillis()).isBetween(1_990, 2_010);
  }

  @Test
  void hintForMemoryFollowsWhatIsFreed() {
    rows.over = 9_999_999;
    for (int i = 0; i < 60; i++) { // 5 MB/s
      clock.advance(Duration.ofSeconds(10));
      rows.freed += 50_000_000;
      send(message);
    }
    assertThat(call.last().retryAfterMillis()).isBetween(1_990, 2_010);
  }

  @Test
  void whenNothingCanBePersistedItIsTheWriterThatIsWanting() {
    rows.failure = "the catalog is away";
    rows.over = 0;
    send(message);
    assertRefused(
        Refusal.MEMORY,
        Want.WRITER,
        "the memory for rows that are not yet persisted is used up, and cannot persist: the catalog"
            + " is away");
    rows.over = -1;
    log.full = new LogFullException("the log is full", 1);
    send(message);
    assertThat(call.last().want()).isEqualTo(Want.WRITER);
    log.full = null;
    send(message);
    log.applyAll();
    assertThat(call.last().status()).as("there is room").isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void failedLogIsWantOfAWriterAlsoForWhatItHadTaken() {
    send(message);
    log.failAll();
    assertRefused(Refusal.FAILED, Want.WRITER, "the disk is gone");
    log.failed = new LogFailedException("the log has failed", null);
    send(message);
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.REFUSED);
    assertThat(call.last().want()).isEqualTo(Want.WRITER);
    assertThat(call.last().text()).isEqualTo("the log has failed");
  }

  @Test
  void whileTheApplyIsBehindAMessageIsAnsweredAsStoredOnceItIsDurableAndHoldsNothing() {
    byte[] two =
        WireMessages.spans(root, List.of(new BatchId(1, 1), new BatchId(2, 2)), 1, 0, HotSpans.NOW);
    send(two);
    assertThat(call.answers).isEmpty();
    int credits = call.credits;
    log.forceAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
    assertThat(call.last().repeats()).containsExactly(false, false);
    assertThat(call.credits).isEqualTo(credits + 1);
    assertThat(intake.bytesInFlight()).isZero();
    assertThat(root.getAllocatedMemory()).isZero();
  }

  @Test
  void failureOfOursIsRefusedAndNotCalledMalformed() {
    log.failure = new IllegalStateException("a bug");
    send(message);
    assertRefused(
        Refusal.FAILED, Want.WRITER, "cannot take it: java.lang.IllegalStateException: a bug");
    log.failure = null;
    send(message);
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
    assertThat(ledger.malformed.sum()).isZero();
  }

  @Test
  void wantOfMemoryIsRefusedAndNotCalledMalformed() {
    byte[] stock = withoutMetadata(message);
    allocator.setLimit(allocator.getAllocatedMemory() + 24 * 1024);
    stream.onMessage(Payload.of(ByteBuffer.wrap(stock), root)); // read while there was memory
    allocator.setLimit(1);
    stream.onMessage(Payload.of(ByteBuffer.wrap(stock), root));
    assertThat(call.status).isNotNull();
    assertThat(call.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(call.status.getDescription()).contains("there is no memory to load it");
    allocator.setLimit(Long.MAX_VALUE);
  }

  @Test
  void contentThatNobodyCanReadIsMalformedAndNotInTheLog() {
    byte[] bad;
    try (VectorSchemaRoot rows = WireSpans.of(root, "cart", 0, 1, HotSpans.NOW * 1000)) {
      ((VarCharVector) rows.getVector("name")).setSafe(0, new byte[] {(byte) 0xff});
      bad = WireMessages.of(rows, List.of(new BatchId(1, 1)), HotSpans.NOW);
    }
    send(bad);
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.MALFORMED);
    assertThat(call.last().text()).isEqualTo("cannot take batch: name is not UTF-8");
    assertThat(ledger.malformed.sum()).isEqualTo(1);
    assertThat(log.records).isEmpty();
  }

  @Test
  void receivedTimeOutOfReachBecomesOursInTheLogAsWell() throws Exception {
    long reach = Duration.ofDays(31).toNanos() / 1000;
    intake = intake(Long.MAX_VALUE);
    stream = new PutStream(call, intake);
    send(WireMessages.head("default", Table.TRACES));
    for (long micros : List.of(Long.MAX_VALUE, Long.MIN_VALUE, HotSpans.NOW + 2 * reach)) {
      send(WireMessages.spans(root, List.of(new BatchId(1, 1)), 1, 0, micros));
    }
    send(WireMessages.spans(root, List.of(new BatchId(1, 1)), 1, 0, HotSpans.NOW - reach / 2));
    assertThat(log.records).hasSize(4);
    for (LogRecord record : log.records.subList(0, 3)) {
      assertThat(received(record)).isEqualTo(HotSpans.NOW + 1); // where the clock stands
    }
    assertThat(received(log.records.get(3))).isEqualTo(HotSpans.NOW - reach / 2);
    assertThat(ledger.batchesRetimed.sum()).isEqualTo(3);
  }

  @Test
  void headsAndMetadataHaveBounds() {
    PutCallRecorder other = new PutCallRecorder();
    byte[] head = WireMessages.head("default", Table.TRACES);
    new PutStream(other, intake)
        .onMessage(Payload.of(ByteBuffer.wrap(Arrays.copyOf(head, (1 << 20) + 1)), root));
    assertThat(other.status).isNotNull();
    assertThat(other.status.getDescription())
        .isEqualTo("cannot open put: its first message has 1048577 bytes (at most 1048576)");

    byte[] metadata = new byte[(8 << 20) + 1];
    ByteBuffer long1 = ByteBuffer.allocate(metadata.length + 16);
    long1.put((byte) FlightFrame.HEADER_TAG).put((byte) 1).put((byte) 0);
    long1.put((byte) FlightFrame.METADATA_TAG);
    FlightFrame.putVarint(long1, metadata.length);
    long1.put(metadata);
    send(Arrays.copyOf(long1.array(), long1.position()));
    assertThat(call.status).isNotNull();
    assertThat(call.status.getDescription())
        .isEqualTo("cannot take message: 8388609 bytes of metadata (at most 8388608)");
  }

  @Test
  void reasonThatQuotesTheSenderFitsIntoTrailers() {
    byte[] path = FlightFrame.descriptor(List.of("0", "default", "x".repeat(30_000)));
    ByteBuffer head = ByteBuffer.allocate(path.length + 8);
    head.put((byte) FlightFrame.DESCRIPTOR_TAG);
    FlightFrame.putVarint(head, path.length);
    head.put(path).flip();
    PutCallRecorder other = new PutCallRecorder();
    new PutStream(other, intake).onMessage(Payload.of(head, root));
    assertThat(other.status).isNotNull();
    assertThat(other.status.getDescription())
        .startsWith("cannot open put: ")
        .hasSizeLessThan(2_000)
        .endsWith("...");
  }

  @Test
  void clientThatTakesNoAnswersMaySendNoMore() {
    int before = call.credits;
    call.ready = false;
    send(message);
    log.applyAll();
    assertThat(call.credits).isEqualTo(before);
    call.ready = true;
    stream.onReady();
    assertThat(call.credits).isEqualTo(before + 1);
  }

  private void assertRefused(Refusal why, Want want, String reason) {
    PutAnswer answer = call.last();
    assertThat(answer.status()).isEqualTo(PutAnswer.Status.REFUSED);
    assertThat(answer.want()).isEqualTo(want);
    assertThat(answer.text()).isEqualTo(reason);
    assertThat(answer.retryAfterMillis()).isBetween(100, 4_000);
    for (Refusal any : Refusal.values()) {
      assertThat(counted(any)).as("%s", any).isEqualTo(any == why ? 1 : 0);
    }
  }

  private long counted(Refusal why) {
    String reason = why.name().toLowerCase(Locale.ROOT);
    Attributes by = Attributes.of(AttributeKey.stringKey("reason"), reason);
    return telemetry.counter("sluice.put.messages.refused", by).sum();
  }

  private static long received(LogRecord record) throws Exception {
    FlightFrame frame = FlightFrame.parse(record.payload());
    return PutMetadata.parse(frame.metadata()).batches().get(0).receivedMicros();
  }

  /** The same as a stock client sends it. */
  static byte[] withoutMetadata(byte[] message) {
    try {
      FlightFrame frame = FlightFrame.parse(ByteBuffer.wrap(message));
      ByteBuffer out = ByteBuffer.allocate(message.length);
      out.put((byte) FlightFrame.HEADER_TAG);
      FlightFrame.putVarint(out, frame.header().remaining());
      out.put(frame.header());
      FlightFrame.putVarint(out, FlightFrame.BODY_TAG);
      FlightFrame.putVarint(out, frame.body().remaining());
      out.put(frame.body());
      return Arrays.copyOf(out.array(), out.position());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void send(byte[] bytes) {
    stream.onMessage(payload(bytes));
  }

  private Payload payload(byte[] bytes) {
    return Payload.of(ByteBuffer.wrap(bytes), allocator);
  }

  /** The hot rows as the test wants them. */
  private static final class Rows implements Persisting {
    String crowdedBy = "";
    long over = -1;
    long freed;
    String failure;
    boolean tooManyBatches;

    @Override
    public long bytesOver() {
      return over;
    }

    @Override
    public boolean isCrowdedBy(String tenant, LogUsage usage) {
      return tenant.equals(crowdedBy);
    }

    @Override
    public boolean hasTooManyBatches() {
      return tooManyBatches;
    }

    @Override
    public long bytesFreed() {
      return freed;
    }

    @Override
    public String failure() {
      return failure;
    }
  }

  private Intake intake(long budget) {
    return new Intake(
        new OneLog(new PutLog(log, rows, ledger, clock), 1),
        new BatchLoader(allocator, EventTime.DEFAULT),
        allocator,
        budget,
        ledger,
        clock,
        clock,
        () -> new UUID(1, 2));
  }
}
