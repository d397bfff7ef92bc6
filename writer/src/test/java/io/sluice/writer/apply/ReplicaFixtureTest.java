package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.writer.Fixture;
import io.sluice.writer.buffer.TableKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What replicas of two releases tell each other about what is let go. */
class ReplicaFixtureTest {

  private static final UUID LOG = UUID.fromString("0f0e0d0c-0b0a-4908-8706-050403020001");
  private static final Window.Limits LIMITS = new Window.Limits(900_000_000, 2_500);
  private static final WindowCheckpoint.Stand STAND =
      new WindowCheckpoint.Stand(3_000, 2_000, 1_795_000_000_000_000L);
  private static final List<ReleasedTables.Entry> TABLES =
      List.of(
          new ReleasedTables.Entry(
              new TableKey("default", Table.TRACES), new UUID(0x1122, 0x3344), 2_900),
          new ReleasedTables.Entry(
              new TableKey("acme_1", Table.METRICS_SUM), new UUID(0, 0), 1L << 40));
  private static final ReleaseNote NOTED = new ReleaseNote(2_000, LIMITS, TABLES);

  private static final Fixture NOTE = new Fixture("release-note.bin");
  private static final Fixture SNAPSHOT = new Fixture("replica-snapshot.bin");

  @Test
  void aReleaseNoteIsTheFixture() throws Exception {
    NOTE.requireWritten(NOTED.encode().array());
    assertThat(ReleaseNote.decode(ByteBuffer.wrap(NOTE.bytes()))).isEqualTo(NOTED);
  }

  /** It would move release points otherwise than the leader does: the Writer ends, and says so. */
  @Test
  void aNoteOfANewerReleaseIsRefused() throws Exception {
    byte[] newer = NOTE.bytes();
    newer[0] = 2;
    assertThatThrownBy(() -> ReleaseNote.decode(ByteBuffer.wrap(newer)))
        .hasMessage("its version is 2, expected 1 (run the release of the Writer that leads)");
    byte[] longer = Arrays.copyOf(NOTE.bytes(), NOTE.bytes().length + 4);
    assertThatThrownBy(() -> ReleaseNote.decode(ByteBuffer.wrap(longer)))
        .hasMessage("4 bytes are left over");
  }

  /** More ids than a block has, some of them seen again. */
  private static Window window() {
    Window window = new Window(LIMITS);
    for (int i = 1; i <= 2_100; i++) {
      window.decide(
          new BatchId(i * 0x0101_0101L, -i), 500 + i, i % 3, STAND.logTimeMicros() - 9_000 + i);
    }
    window.decide(new BatchId(0x0101_0101L, -1), 2_700, 0, STAND.logTimeMicros());
    return window;
  }

  @Test
  void aSnapshotIsTheFixture() throws Exception {
    Window window = window();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReplicaSnapshot(LOG, STAND, LIMITS, TABLES, window.entries())
        .writeTo(Channels.newChannel(out));
    SNAPSHOT.requireWritten(out.toByteArray());

    Window back = new Window(1, 1);
    assertThat(read(SNAPSHOT.bytes(), back)).isEqualTo(new ReplicaSnapshot.Begin(STAND, TABLES));
    assertThat(back.entries()).usingRecursiveComparison().isEqualTo(window.entries());
    assertThat(back.limits()).isEqualTo(LIMITS);
    assertThat(back.releasePoint()).isEqualTo(STAND.released());
  }

  /** The replica does not begin from it; its log and its old snapshot stay as they are. */
  @Test
  void aSnapshotOfANewerReleaseIsRefused() throws Exception {
    byte[] newer = SNAPSHOT.bytes();
    newer[8] = 2;
    assertThatThrownBy(() -> read(newer, new Window(1, 1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version: expected 1, found 2");
  }

  private static ReplicaSnapshot.Begin read(byte[] bytes, Window into) throws IOException {
    return ReplicaSnapshot.read(Channels.newChannel(new ByteArrayInputStream(bytes)), LOG, into);
  }
}
