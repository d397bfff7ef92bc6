package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.writer.buffer.TableKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplicaSnapshotTest {

  private static final UUID LOG = new UUID(7, 9);
  private static final Window.Limits LIMITS = new Window.Limits(900, 5);
  private static final WindowCheckpoint.Stand STAND = new WindowCheckpoint.Stand(30, 20, 4_000);
  private static final List<ReleasedTables.Entry> TABLES =
      List.of(
          new ReleasedTables.Entry(
              new TableKey("default", Table.TRACES), new UUID(0x1122, 0x3344), 25));

  /** As the first release wrote it: a replica of the next one begins from it. */
  private static final String HEADER =
      "534c5245534e41500100000005000000"
          + "07000000000000000900000000000000"
          + "1e000000000000001400000000000000a00f000000000000"
          + "84030000000000000200000000000000"
          + "7c00000000000000"
          + "33b4c4e4000000000000000000000000";

  private static final String TABLE_LINES =
      "sluice-tables 1 00000000-0000-0007-0000-000000000009\n"
          + "default traces 00000000-0000-1122-0000-000000003344 25\n"
          + "crc32c a7ce74cc\n";

  private static final String BLOCK =
      "0100000000000000ffffffffffffffff0100000000000000"
          + "03000000010000002e010000000000000200000000000000"
          + "0200000000000000feffffffffffffff0200000000000000"
          + "030000000000000066000000000000000200000000000000"
          + "3c7b8399";

  private static byte[] fixture() {
    HexFormat hex = HexFormat.of();
    byte[] tables = TABLE_LINES.getBytes(StandardCharsets.UTF_8);
    return hex.parseHex(HEADER + hex.formatHex(tables) + BLOCK);
  }

  @Test
  void bytesAreThoseOfTheFixtureAndGiveBackTheWindowAsItWas() throws Exception {
    Window window = window(2);
    assertThat(bytes(window)).isEqualTo(fixture());
    Window back = new Window(1, 1);
    back.decide(new BatchId(99, 99), 1, 0, 0);
    ReplicaSnapshot.Begin begin = read(fixture(), back);
    assertThat(begin).isEqualTo(new ReplicaSnapshot.Begin(STAND, TABLES));
    assertSame(back.entries(), window.entries());
    assertThat(back.limits()).isEqualTo(LIMITS);
    assertThat(back.releasePoint()).isEqualTo(20);
  }

  @Test
  void manyEntriesComeBackInTheirOrder() throws Exception {
    Window window = window(5_000);
    Window back = new Window(1, 1);
    read(bytes(window), back);
    assertSame(back.entries(), window.entries());
  }

  /** Its window knows all that was decided from the release point on. */
  @Test
  void whatItStandsForIsDecidedAsBeforeAndChangesNothing() throws Exception {
    Window window = window(30);
    Window back = new Window(1, 1);
    read(bytes(window), back);
    for (int position = 21; position <= 30; position++) {
      BatchId id = new BatchId(position, -position);
      assertThat(back.decide(id, position, 3, position)).isEqualTo(Occurrence.COUNTS);
      assertThat(back.decide(id, position, 4, position)).isEqualTo(Occurrence.REPEAT_IN_MESSAGE);
    }
    assertSame(back.entries(), window.entries());
    assertThatThrownBy(() -> back.decide(new BatchId(88, 88), 30, 0, 30))
        .hasMessageContaining("the snapshot of position 30 does not know it");
    assertThat(back.decide(new BatchId(88, 88), 31, 0, 31)).isEqualTo(Occurrence.COUNTS);
  }

  /** A note among them may be of a leader whose window had less room. */
  @Test
  void nothingIsForgottenBeforeThePositionThatItStandsFor() throws Exception {
    Window back = new Window(1, 1);
    read(bytes(window(30)), back);
    back.limit(new Window.Limits(0, 1));
    for (int position = 21; position < 30; position++) {
      back.decide(new BatchId(position, -position), position, 3, 9_000);
      back.age(9_000);
      assertThat(back.size()).isEqualTo(30);
    }
    back.passed(30);
    back.age(9_000);
    assertThat(back.size()).as("those that were seen above 20").isEqualTo(11);
  }

  @Test
  void flippedBitAndTruncationAnywhereAreFound() throws Exception {
    byte[] good = bytes(window(3_000));
    for (int at = 0; at < good.length; at += at < 200 ? 1 : 997) {
      if (at >= 84 && at < 96) {
        continue; // zeros that nobody reads
      }
      byte[] bad = good.clone();
      bad[at] ^= 4;
      assertThatThrownBy(() -> read(bad, new Window(1, 1)))
          .as("at %d", at)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot read");
      byte[] cut = Arrays.copyOf(good, at);
      assertThatThrownBy(() -> read(cut, new Window(1, 1))).hasMessageContaining("ends at offset");
    }
  }

  @Test
  void anotherLogsSnapshotIsRefused() throws Exception {
    byte[] bytes = bytes(window(1));
    assertThatThrownBy(
            () ->
                ReplicaSnapshot.read(
                    Channels.newChannel(new ByteArrayInputStream(bytes)),
                    new UUID(1, 1),
                    new Window(1, 1)))
        .hasMessageContaining("it is of log " + LOG);
  }

  private static Window window(int entries) {
    Window window = new Window(LIMITS);
    for (int i = 1; i <= entries; i++) {
      window.decide(new BatchId(i, -i), i, 3, 100 + i);
    }
    window.decide(new BatchId(1, -1), entries, 0, 300 + entries);
    return window;
  }

  private static byte[] bytes(Window window) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReplicaSnapshot(LOG, STAND, window.limits(), TABLES, window.entries())
        .writeTo(Channels.newChannel(out));
    return out.toByteArray();
  }

  private static ReplicaSnapshot.Begin read(byte[] bytes, Window into) throws IOException {
    return ReplicaSnapshot.read(Channels.newChannel(new ByteArrayInputStream(bytes)), LOG, into);
  }

  private static void assertSame(Window.Entries a, Window.Entries b) {
    assertThat(a).usingRecursiveComparison().isEqualTo(b);
  }
}
