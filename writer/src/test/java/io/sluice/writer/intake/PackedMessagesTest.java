package io.sluice.writer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutLimits;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogRecord;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.WireMessages;
import io.sluice.writer.apply.Applied;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages whose body is one zstd frame are taken as they came, or refused. */
class PackedMessagesTest {

  private static final int ROWS = 200;

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final HeldLog log = new HeldLog();
  private final Ledger ledger = new Ledger(new Telemetry("test"));
  private final PutCallRecorder call = new PutCallRecorder();
  private final byte[] message =
      WireMessages.spans(allocator, List.of(new BatchId(1, 1)), ROWS, 0, HotSpans.NOW);
  private final byte[] packed = WireMessages.packed(message, body -> Zstd.compress(body, 1));
  private final BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
  private Intake intake = intake(Long.MAX_VALUE);
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
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void rowsAreThoseOfThePlainMessageAndTheLogHasTheBytesThatCame() {
    assertThat(packed.length).isLessThan(message.length / 2);
    send(message);
    send(packed);
    assertThat(log.records).hasSize(2);
    LogRecord record = log.records.get(1);
    assertThat(record.zstd()).isTrue();
    assertThat(WireMessages.bytes(record.payload())).isEqualTo(packed);
    assertThat(rows(record)).hasSize(ROWS).isEqualTo(rows(log.records.get(0)));
    log.applyAll();
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.DONE);
  }

  @Test
  void itTakesOfTheBudgetWhatItIsWithoutCompression() {
    intake = intake(message.length);
    stream = new PutStream(call, intake);
    open();
    send(packed);
    assertThat(intake.bytesInFlight()).isGreaterThan(body(message).length);
    send(packed);
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.REFUSED);
    assertThat(call.last().text()).contains("too many bytes are in flight");
  }

  @Test
  void whatItTakesOfMemoryLaterIsThatOfItsRows() throws Exception {
    assertThat(loadedBytes(packed)).isCloseTo(loadedBytes(message), withPercentage(10));
    assertThat(loadedBytes(packed)).isGreaterThan(body(message).length);
  }

  private long loadedBytes(byte[] bytes) throws Exception {
    FlightFrame frame = FlightFrame.parse(ByteBuffer.wrap(bytes));
    return loader.loadedBytes(frame, PutMetadata.parse(frame.metadata()), bytes.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOTHING", "PLAIN", "CUT", "SHORTER", "LONGER", "UNSAID", "HUGE", "OTHER", "TWICE"
      })
  void bodyThatIsNotWhatItSaysIsMalformedAndNotInTheLog(String kind) {
    send(WireMessages.packed(message, lie(kind)));
    assertThat(call.last().status()).isEqualTo(PutAnswer.Status.MALFORMED);
    assertThat(ledger.malformed.sum()).isEqualTo(1);
    assertThat(log.records).isEmpty();
    send(packed);
    log.applyAll();
    assertThat(call.last().status()).as("the stream goes on").isEqualTo(PutAnswer.Status.DONE);
  }

  private static UnaryOperator<byte[]> lie(String kind) {
    return switch (kind) {
      case "NOTHING" -> body -> new byte[0];
      case "PLAIN" -> body -> body;
      case "CUT" -> body -> cut(Zstd.compress(body), 20);
      case "SHORTER" -> body -> Zstd.compress(cut(body, 8));
      case "LONGER" -> body -> said(Zstd.compress(body), body.length + 8);
      case "UNSAID" -> PackedMessagesTest::unsaid;
      case "HUGE" -> body -> huge();
      case "OTHER" ->
          body -> {
            byte[] other = new byte[body.length];
            Arrays.fill(other, (byte) 0xff);
            return Zstd.compress(other);
          };
      default ->
          body -> {
            byte[] once = Zstd.compress(body);
            byte[] twice = Arrays.copyOf(once, 2 * once.length);
            System.arraycopy(once, 0, twice, once.length, once.length);
            return twice;
          };
    };
  }

  private static byte[] cut(byte[] bytes, int by) {
    return Arrays.copyOf(bytes, bytes.length - by);
  }

  /** A frame's head says how long it is: here in 2 or 4 bytes, at the 6th. */
  private static byte[] said(byte[] frame, int length) {
    int bytes = 1 << ((frame[4] & 0xff) >> 6);
    assertThat(bytes).isIn(2, 4);
    int value = bytes == 2 ? length - 256 : length;
    for (int i = 0; i < bytes; i++) {
      frame[5 + (((frame[4] & 0x20) == 0) ? 1 : 0) + i] = (byte) (value >> 8 * i);
    }
    assertThat(Zstd.getFrameContentSize(frame)).isEqualTo(length);
    return frame;
  }

  /** Only a head: magic, descriptor, size u64. */
  private static byte[] huge() {
    ByteBuffer head = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0xfd2fb528).put((byte) 0xe0).putLong(PutLimits.MESSAGE_BYTES + 1L);
    assertThat(Zstd.getFrameContentSize(head.array())).isEqualTo(PutLimits.MESSAGE_BYTES + 1L);
    return head.array();
  }

  private static byte[] unsaid(byte[] body) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setContentSize(false);
      return context.compress(body);
    }
  }

  /** Whatever it is, it is answered, and what it took is given back. */
  @Test
  void changedBytesAreTakenOrRefused() {
    SplittableRandom random = new SplittableRandom(20_261_127);
    byte[] body = body(packed);
    for (int i = 0; i < 2_000; i++) {
      byte[] changed = body.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      int answers = call.answers.size();
      send(WireMessages.packed(message, plain -> changed));
      log.applyAll();
      assertThat(call.answers).hasSize(answers + 1);
      assertThat(call.last().status()).isIn(PutAnswer.Status.DONE, PutAnswer.Status.MALFORMED);
    }
    assertThat(ledger.malformed.sum()).isPositive();
  }

  private static byte[] body(byte[] bytes) {
    try {
      return WireMessages.bytes(FlightFrame.parse(ByteBuffer.wrap(bytes)).body());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private List<String> rows(LogRecord record) {
    return HotSpans.plainRows(allocator, ((Applied) record.attachment()).batch().wire());
  }

  private void send(byte[] bytes) {
    stream.onMessage(Payload.of(ByteBuffer.wrap(bytes), allocator));
  }

  private Intake intake(long budget) {
    return new Intake(
        new OneLog(new PutLog(log, new Room(), ledger, clock), 1),
        loader,
        allocator,
        budget,
        ledger,
        clock,
        clock,
        () -> new UUID(1, 2));
  }
}
