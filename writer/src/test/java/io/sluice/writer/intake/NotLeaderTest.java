package io.sluice.writer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.NotLeaderException;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.WireMessages;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A message for a log that another Writer leads is sent there, whenever that turns out. */
class NotLeaderTest {

  private static final String ELSEWHERE = "elsewhere:1";

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final HeldLog log = new HeldLog();
  private final Telemetry telemetry = new Telemetry("test");
  private final Ledger ledger = new Ledger(telemetry);
  private final PutCallRecorder call = new PutCallRecorder();
  private final byte[] message =
      WireMessages.spans(allocator, List.of(new BatchId(1, 2)), 4, 0, HotSpans.NOW);
  private final Intake intake =
      new Intake(
          new OneLog(new PutLog(log, new Room(), ledger, clock), 2),
          new BatchLoader(allocator, EventTime.DEFAULT),
          allocator,
          1 << 20,
          ledger,
          clock,
          clock,
          () -> new UUID(1, 2));
  private final PutStream stream = new PutStream(call, intake);

  @AfterEach
  void nothingIsHeld() {
    log.applyAll();
    assertThat(intake.bytesInFlight()).isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void logThatIsNotHostedHereIsSentToWhereItIs() {
    open(1);
    int credits = call.credits;
    send(message);
    send(message);
    assertThat(call.answers).hasSize(2);
    assertNotLeader(ELSEWHERE, 2);
    assertThat(call.credits).as("the stream goes on").isEqualTo(credits + 2);
    assertThat(call.status).isNull();
  }

  @Test
  void logThatIsLedElsewhereIsSentThere() {
    log.leadership = new Leadership(3, false, "next:1");
    open(0);
    send(message);
    assertNotLeader("next:1", 1);
    log.leadership = new Leadership(4, false, null);
    send(message);
    assertNotLeader("", 2);
    log.leadership = new Leadership(5, true, "here:1");
    send(message);
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void whoStopsStillSaysWhoLeads() {
    log.leadership = new Leadership(3, false, "next:1");
    open(0);
    intake.drain();
    send(message);
    assertNotLeader("next:1", 1);
  }

  @Test
  void leadThatWasLostUnderWayIsToldWithTheNextLeader() {
    open(0);
    send(message);
    send(message);
    IOException lost = new NotLeaderException("term 4 has begun", "next:1");
    log.failAll(new LogFailedException("cannot append", new IOException(lost)));
    assertThat(call.answers).hasSize(2);
    assertNotLeader("next:1", 2);
  }

  @Test
  void leadThatIsLostAtTheAppendIsToldTheSame() {
    open(0);
    log.failed = new LogFailedException("cannot append", new NotLeaderException("no", null));
    send(message);
    assertNotLeader("", 1);
  }

  @Test
  void stockClientLearnsItFromTheStreamsEnd() {
    open(1);
    send(IntakeTest.withoutMetadata(message));
    assertThat(call.answers).isEmpty();
    assertThat(call.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(call.status.getDescription())
        .isEqualTo(
            "cannot take message: this Writer does not lead the log (send it to elsewhere:1)");
  }

  @Test
  void logThatTheClusterDoesNotHaveIsMalformed() {
    open(2);
    assertThat(call.status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(call.status.getDescription())
        .isEqualTo("cannot open put: log 2 (the cluster has 2, from 0)");
  }

  @Test
  void batchThatIsOfAnotherLogByItsIdIsKeptByItsSender() {
    open(0);
    send(
        WireMessages.spans(
            allocator, List.of(new BatchId(1, 2), new BatchId(1, 3)), 1, 0, HotSpans.NOW));
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.REFUSED);
    assertThat(call.last().want()).isEqualTo(PutAnswer.Want.WRITER);
    assertThat(call.last().text())
        .isEqualTo(
            "batch 00000000000000010000000000000003 is of log 1 of 2, and was sent to log 0 (logs must be the same for all)");
    send(IntakeTest.withoutMetadata(message));
    log.applyAll();
    assertThat(call.answers).as("a stock client's are of the log that it names").hasSize(1);
    assertThat(call.status).isNull();
  }

  private void assertNotLeader(String leader, long times) {
    PutAnswer answer = call.last();
    assertThat(answer.status()).isEqualTo(PutAnswer.Status.NOT_LEADER);
    assertThat(answer.text()).isEqualTo(leader);
    assertThat(answer.sequence()).isEqualTo(1);
    Attributes by = Attributes.of(AttributeKey.stringKey("reason"), "not_leader");
    assertThat(telemetry.counter("sluice.put.messages.refused", by).sum()).isEqualTo(times);
  }

  private void open(int number) {
    stream.start();
    send(WireMessages.head(number, "default", Table.TRACES));
  }

  private void send(byte[] bytes) {
    stream.onMessage(Payload.of(ByteBuffer.wrap(bytes), allocator));
  }
}
