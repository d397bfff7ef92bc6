package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A replay that meets damage says so in one sentence; what was acked meanwhile is kept. */
@Timeout(60)
final class DamagedReplayTest {
  private static final String FIRST = SegmentName.live(1);
  private static final String REMEDY =
      "(run 'sluice wal verify simulated disk', then 'sluice wal repair simulated disk')";

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(LocalLog.class);
  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private long records;

  @BeforeEach
  void writeTwoSegments() throws IOException {
    logged.start();
    logger.setLevel(Level.ERROR);
    logger.addAppender(logged);
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, new CrashingStorage(disk), 7)) {
      while (!disk.list().contains(SegmentName.live(2))) {
        log.group(Records.of(++records, 900)).mark();
      }
      log.finish();
    }
  }

  @AfterEach
  void detach() {
    logger.detachAppender(logged);
    logger.setLevel(null);
  }

  private void flip(int at) throws IOException {
    byte[] bytes = disk.bytes(FIRST).clone();
    bytes[at] ^= 1;
    disk.replace(FIRST, bytes);
  }

  private LocalLog open() throws IOException {
    return LocalLog.open(
        LogProcess.CONFIG,
        LogProcess.environment(new CrashingStorage(disk), new Random(1)),
        fatal::complete);
  }

  private List<ILoggingEvent> errors() {
    return logged.list.stream().filter(event -> event.getLevel() == Level.ERROR).toList();
  }

  @Test
  void damageIsOneSentenceWithoutATraceAndWhatWasAckedMeanwhileIsKept() throws Exception {
    flip(SegmentHeader.BYTES + 2_000);
    CompletableFuture<Boolean> acked = new CompletableFuture<>();
    try (LocalLog log = open()) {
      append(log, Records.of(Records.STREAM, 7_001, 20, new Told(acked)));
      assertThat(acked.join()).as("it is forced before the damage is met").isTrue();
      log.start(1, record -> {});
      assertThat(fatal.join()).isInstanceOf(CorruptLogException.class).hasMessageContaining(REMEDY);
    }
    assertThat(errors())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getThrowableProxy()).isNull();
              assertThat(event.getFormattedMessage())
                  .startsWith("the log in simulated disk is damaged: " + FIRST + " at offset ")
                  .contains(REMEDY);
            });
    WalRepair.repair(
        new CrashingStorage(disk),
        name -> new CrashingStorage(new SimulatedDisk()),
        new Random(3),
        Instant.EPOCH,
        true,
        (stream, payload) -> "");
    assertThat(Reopening.of(disk).ids()).contains(7_001L).hasSize((int) records);
  }

  @Test
  void aDiskThatCannotBeReadIsAFailureWithATrace() throws Exception {
    CrashingStorage storage = new CrashingStorage(disk);
    storage.failWhen(call -> call.equals("read " + FIRST));
    LogEnvironment environment = LogProcess.environment(storage, new Random(1));
    assertThatThrownBy(() -> LocalLog.open(LogProcess.CONFIG, environment, fatal::complete))
        .isNotInstanceOf(CorruptLogException.class);
    int[] reads = {0};
    storage.failWhen(call -> call.equals("read " + FIRST) && ++reads[0] == 2);
    try (LocalLog log = LocalLog.open(LogProcess.CONFIG, environment, fatal::complete)) {
      log.start(1, record -> {});
      fatal.join();
    }
    assertThat(errors())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getThrowableProxy()).isNotNull();
              assertThat(event.getFormattedMessage()).contains("has failed");
            });
  }

  @Test
  void damageAtTheStartNamesTheDirectoryToo() throws Exception {
    flip(40);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptLogException.class)
        .hasMessageStartingWith("cannot read log: " + FIRST + " at offset ")
        .hasMessageContaining(REMEDY);
  }

  private static void append(LocalLog log, LogRecord record) throws LogFailedException {
    while (true) {
      try {
        log.append(record);
        return;
      } catch (LogFullException full) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** Whether it was called durable. */
  private record Told(CompletableFuture<Boolean> acked) implements LogRecord.Attachment {
    @Override
    public void durable() {
      acked.complete(true);
    }

    @Override
    public void failed(LogFailedException cause) {
      acked.complete(false);
    }
  }
}
