package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.FileStorage;
import io.sluice.wal.LocalLog;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.WalConfig;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sluice wal} says of a damaged log, and that it mends it. */
final class WalCommandTest {
  private static final int RECORDS = 5;
  private static final int PAYLOAD = 2_000;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @BeforeEach
  void writeALog() throws Exception {
    WalConfig config = new WalConfig(directory, 64 << 10, 1 << 20, 16 << 10, 2);
    CountDownLatch applied = new CountDownLatch(RECORDS);
    try (LocalLog log = LocalLog.open(config, e -> {})) {
      log.start(1, record -> applied.countDown());
      for (int i = 1; i <= RECORDS; i++) {
        appendOnceThereIsRoom(log, record(i));
      }
      applied.await();
    }
  }

  private static void appendOnceThereIsRoom(LocalLog log, LogRecord record) throws Exception {
    while (true) {
      try {
        log.append(record);
        return;
      } catch (LogFullException full) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private static LogRecord record(int i) {
    byte[] descriptor = FlightFrame.descriptor(List.of("0", "default", "traces"));
    ByteBuffer stream = ByteBuffer.allocate(2 + descriptor.length);
    stream.put((byte) FlightFrame.DESCRIPTOR_TAG).put((byte) descriptor.length).put(descriptor);
    byte[] metadata =
        new PutMetadata(false, i, List.of(new PutMetadata.Batch(new BatchId(1, i), 40 + i, 0)))
            .toBytes();
    ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD);
    payload.put((byte) FlightFrame.METADATA_TAG).put((byte) metadata.length).put(metadata);
    int body = PAYLOAD - payload.position() - 4;
    FlightFrame.putVarint(payload, FlightFrame.BODY_TAG);
    FlightFrame.putVarint(payload, body);
    payload.rewind();
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    return new LogRecord(stream.array(), payload, (int) crc.getValue(), false, null);
  }

  private int run(String... arguments) {
    return Main.commands()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(errors, true))
        .execute(arguments);
  }

  private List<String> lines() {
    List<String> lines = out.toString().lines().toList();
    out.getBuffer().setLength(0);
    return lines;
  }

  /** A byte in the body of the third record. */
  private void damage() throws IOException {
    damage(3);
  }

  private void damage(int record) throws IOException {
    Path file = directory.resolve("0000000000000001.wal");
    byte[] bytes = Files.readAllBytes(file);
    bytes[4_096 + (record - 1) * PAYLOAD + 1_500] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aSoundLogIsASummaryAndExitCode0() {
    assertThat(run("wal", "verify", directory.toString())).isZero();
    assertThat(lines()).singleElement().asString().startsWith("sound: 1 segments, 5 records, ");
    assertThat(run("wal", "repair", directory.toString(), "--yes")).isZero();
    assertThat(lines()).containsExactly("sound: nothing to repair");
  }

  @Test
  void damageIsNamedAndMendedAndWhatIsLostIsSaid() throws Exception {
    damage();
    String dir = directory.toString();
    assertThat(run("wal", "verify", dir)).isEqualTo(1);
    List<String> found = lines();
    assertThat(found.get(0))
        .startsWith("corrupt: 0000000000000001.wal at offset ")
        .matches(".*: expected payload CRC 0x[0-9a-f]{8}, found payload CRC 0x[0-9a-f]{8} .*");
    String end =
        "(run 'sluice wal repair %s' to see what can be kept; with --yes it sets the bad ranges aside)";
    assertThat(found).last().isEqualTo(end.formatted(dir));
    assertThat(String.join(" ", found)).doesNotContain("wal verify");

    assertThat(run("wal", "repair", dir)).isEqualTo(1);
    List<String> dry = lines();
    assertThat(dry)
        .first()
        .asString()
        .startsWith("lost: positions 3 to 3: 0000000000000001.wal at offset ")
        .endsWith(
            "; table [0, default, traces], batch 00000000000000010000000000000003 of 43 rows");
    assertThat(dry).last().asString().startsWith("nothing was changed");
    assertThat(run("wal", "verify", dir)).isEqualTo(1);
    lines();

    assertThat(run("wal", "repair", dir, "--yes")).isZero();
    String last = lines().get(dry.size() - 1);
    assertThat(last).startsWith("repaired: the files as they were are in set-aside-");
    Path aside = directory.resolve(last.substring(last.indexOf("set-aside-")));
    assertThat(aside.resolve("0000000000000001.wal")).exists();
    assertThat(run("wal", "verify", dir)).isZero();
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("4 records")
        .endsWith("1 positions lost");
  }

  @Test
  void whichPositionsTheLogLostIsOneLineThatSaysWhereTheirRowsMayBe() throws Exception {
    damage(1);
    damage(3);
    damage(4);
    assertThat(run("wal", "repair", directory.toString())).isEqualTo(1);
    assertThat(lines())
        .filteredOn(line -> line.startsWith("lost to the log: "))
        .containsExactly(
            "lost to the log: positions 1, 3 to 4; rows at or below a table's persisted position"
                + " (see ./sluice status --json, persistedPosition) are in the table,"
                + " the others are lost for good");
  }

  @Test
  void aLogInUseIsNotRepairedAndItsHolderIsNamed() throws Exception {
    try (Closeable held = FileStorage.create(directory).lock()) {
      assertThat(held).isNotNull();
      assertThat(run("wal", "repair", directory.toString(), "--yes")).isEqualTo(2);
    }
    assertThat(errors.toString())
        .startsWith("sluice wal repair: cannot open log: ")
        .contains("in use by process " + ProcessHandle.current().pid() + " on ");
  }

  @Test
  void anotherDirectoryIsOneSentence() throws Exception {
    Path other = Files.createDirectories(directory.resolve("other"));
    for (String command : List.of("dump", "verify", "repair")) {
      assertThat(run("wal", command, other.toString())).isEqualTo(1);
    }
    assertThat(errors.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.contains(other + " is no log's directory"));
  }
}
