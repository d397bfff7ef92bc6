package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that fails at once is said to be away after a few tries of ours, each of which is one of
 * Iceberg's: its own would take minutes.
 */
@Timeout(60)
class StoreAwayTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final int OUR_TRIES = 6;

  @TempDir Path directory;
  private final AwayFiles files = new AwayFiles();
  private Lake lake;
  private LakeTable traces;

  @BeforeEach
  void open() throws Exception {
    lake =
        Lake.open(
            TempLake.config(directory),
            Clock.systemUTC(),
            files,
            UnrepeatingConnections::new,
            pause -> {});
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void metadataThatCannotBeReadIsTriedAFewTimesAndThenSaid() throws Exception {
    DataFile file = TempLake.file(traces, "a");
    files.away = true;
    assertAway(() -> traces.marks());
    assertAway(() -> traces.target());
    assertAway(() -> traces.commit(new LogRange(LOG, 0, 1), List.of()));
    assertThat(files.reads.get()).isEqualTo(3 * OUR_TRIES);
    files.away = false;
    traces.commit(new LogRange(LOG, 0, 1), List.of(file));
    assertThat(TempLake.traceIds(lake)).containsExactly("a");
  }

  @Test
  void metadataThatIsCutOffIsTriedAFewTimesAndThenSaid() throws Exception {
    files.cutting = true;
    assertAway(() -> traces.marks());
    assertThat(files.reads.get()).isEqualTo(OUR_TRIES);
  }

  private static void assertAway(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(LakeUnavailableException.class)
        .hasMessageContaining("metadata.json");
  }

  private static final class AwayFiles implements FileIO {

    private static final long serialVersionUID = 1L;

    private final ForcingFileIO files = new ForcingFileIO();
    final transient AtomicInteger reads = new AtomicInteger();
    volatile boolean away;
    volatile boolean cutting;

    @Override
    public InputFile newInputFile(String location) {
      if (away && location.endsWith(".metadata.json")) {
        reads.incrementAndGet();
        throw new UncheckedIOException(new IOException("no answer for " + location));
      }
      if (cutting && location.endsWith(".metadata.json")) {
        reads.incrementAndGet();
        return files.newInputFile(cut(location));
      }
      return files.newInputFile(location);
    }

    private static String cut(String location) {
      try {
        byte[] whole = Files.readAllBytes(LocalPath.of(location));
        Path half = Files.createTempFile("half", ".metadata.json");
        half.toFile().deleteOnExit();
        Files.write(half, java.util.Arrays.copyOf(whole, whole.length / 2));
        return half.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return files.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      files.deleteFile(location);
    }
  }
}
