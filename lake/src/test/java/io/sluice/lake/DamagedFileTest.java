package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.schema.table.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is not what was written must not become the only copy of its rows. */
class DamagedFileTest {

  private static final LogRange RANGE = new LogRange(new UUID(1, 1), 0, 1);

  @TempDir Path directory;
  private Lake lake;
  private LakeTable traces;
  private DataFile file;
  private Path path;
  private byte[] good;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(TempLake.config(directory));
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
    file = TempLake.file(traces, "a", "b");
    path = LocalPath.of(file.location());
    good = Files.readAllBytes(path);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void truncatedFileIsRefusedByNameAndOffset() throws Exception {
    for (int length : new int[] {0, 3, 4, good.length / 2, good.length - 1}) {
      Files.write(path, Arrays.copyOf(good, length));
      assertRefused(file.location(), "ends at offset " + length, "expected " + good.length);
    }
  }

  @Test
  void fileWithoutAFooterAtItsEndIsRefused() throws Exception {
    for (int lost : new int[] {1, 8, good.length / 2}) {
      byte[] bad = good.clone();
      Arrays.fill(bad, good.length - lost, good.length, (byte) 0); // pages that never came
      Files.write(path, bad);
      assertRefused(file.location(), "offset " + good.length, "no Parquet footer");
    }
  }

  @Test
  void footerWhoseLengthIsNoneIsRefused() throws Exception {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, good.length, 0, 17}) {
      byte[] bad = good.clone();
      little(bad).putInt(bad.length - 8, length);
      Files.write(path, bad);
      assertRefused(file.location(), "offset " + good.length, "no Parquet footer");
    }
  }

  @Test
  void footerLargerThanUsualIsRead() throws Exception {
    int footer = little(good).getInt(good.length - 8);
    int pages = good.length - 8 - footer;
    FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(good, pages, footer));
    metadata.addToKey_value_metadata(new KeyValue("x").setValue("y".repeat(300_000)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(good, 0, pages);
    Util.writeFileMetaData(metadata, bytes);
    byte[] mark = {0, 0, 0, 0, 'P', 'A', 'R', '1'};
    little(mark).putInt(0, bytes.size() - pages);
    bytes.write(mark);
    Files.write(path, bytes.toByteArray());
    DataFile large =
        DataFiles.builder(traces.target().spec())
            .copy(file)
            .withFileSizeInBytes(bytes.size())
            .build();
    assertThat(traces.commit(RANGE, List.of(large))).isInstanceOf(Committed.class);
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b");
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void fileOfOtherRowsIsRefused() throws Exception {
    DataFile more = DataFiles.builder(traces.target().spec()).copy(file).withRecordCount(3).build();
    assertThatThrownBy(() -> traces.commit(RANGE, List.of(more)))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("has 2 rows, expected 3");
  }

  @Test
  void missingFileIsRefused() throws Exception {
    Files.delete(path);
    assertRefused(file.location(), "not there");
  }

  private void assertRefused(String... words) throws Exception {
    long before = lake.counters().damagedFiles();
    assertThatThrownBy(() -> traces.commit(RANGE, List.of(file)))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContainingAll(words);
    assertThat(lake.counters().damagedFiles()).isEqualTo(before + 1);
    assertThat(lake.counters().unknown()).isZero();
    assertThat(traces.marks()).isEmpty();
    Files.write(path, good);
  }

  @Test
  void wholeFileIsCommitted() throws Exception {
    assertThat(traces.commit(RANGE, List.of(file))).isInstanceOf(Committed.class);
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b");
  }
}
