package io.sluice.lake.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.s3server.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What files are in any store that speaks S3. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class S3FilesContract {

  /** Of a store with a bucket of the name {@link #BUCKET}. */
  protected abstract S3Config config();

  protected static final String BUCKET = S3Server.BUCKET;

  private static final String PREFIX = "s3://" + BUCKET + "/warehouse/";

  private S3Files files;

  @BeforeEach
  void open() {
    files = new S3Files(config());
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void whatIsWrittenIsReadBackWhateverItsSize() throws Exception {
    int part = S3OutputStream.PART_BYTES;
    for (int size : new int[] {0, 1, 70_000, part - 1, part, part + 1, 6 * part + 77}) {
      String location = PREFIX + "sizes/" + size;
      byte[] bytes = random(size);
      write(location, bytes);
      InputFile file = files.newInputFile(location);
      assertThat(file.exists()).isTrue();
      assertThat(file.getLength()).isEqualTo(size);
      assertThat(read(location)).isEqualTo(bytes);
    }
  }

  @Test
  void anyRangeIsReadBySeekingAndByRange() throws Exception {
    byte[] bytes = random(3_000_000);
    write(PREFIX + "ranges", bytes);
    Random random = new Random(7);
    try (SeekableInputStream in = files.newInputFile(PREFIX + "ranges").newStream()) {
      for (int i = 0; i < 40; i++) {
        int from = random.nextInt(bytes.length);
        int count = Math.min(random.nextInt(200_000), bytes.length - from);
        byte[] expected = Arrays.copyOfRange(bytes, from, from + count);
        in.seek(from);
        byte[] found = new byte[count];
        IOUtil.readFully(in, found, 0, count);
        assertThat(found).isEqualTo(expected);
        assertThat(in.getPos()).isEqualTo(from + count);
        Arrays.fill(found, (byte) 0);
        ((RangeReadable) in).readFully(from, found, 0, count);
        assertThat(found).isEqualTo(expected);
      }
      byte[] tail = new byte[100];
      assertThat(((RangeReadable) in).readTail(tail, 0, 100)).isEqualTo(100);
      assertThat(tail).isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 100, bytes.length));
      in.seek(bytes.length);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void objectOfAnotherIsNeverReplacedByOneThatIsMade() throws Exception {
    for (int size : new int[] {10, 2 * S3OutputStream.PART_BYTES}) {
      String location = PREFIX + "taken-" + size;
      byte[] first = random(size);
      write(location, first);
      assertThatThrownBy(() -> write(location, random(size)))
          .isInstanceOf(S3ExistsException.class)
          .hasMessageContaining("cannot create file: " + location + " (it exists)");
      assertThat(read(location)).isEqualTo(first);
      try (OutputStream out = files.newOutputFile(location).createOrOverwrite()) {
        out.write(5);
      }
      assertThat(read(location)).containsExactly(5);
    }
  }

  @Test
  void nothingIsSeenBeforeTheClose() throws Exception {
    String location = PREFIX + "open";
    try (OutputStream out = files.newOutputFile(location).create()) {
      out.write(new byte[3 * S3OutputStream.PART_BYTES]);
      assertThat(files.newInputFile(location).exists()).isFalse();
      assertThat(listed(location)).isEmpty();
    }
    assertThat(listed(location)).containsExactly(location);
  }

  @Test
  void filesAreListedAndDeleted() throws Exception {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      written.add(PREFIX + "list/day=2026-11-2" + i + "/a b+c%20d.parquet");
      write(written.get(i), new byte[i]);
    }
    assertThat(listed(PREFIX + "list/")).containsExactlyElementsOf(written);
    files.deleteFile(written.get(0));
    files.deleteFile(written.get(0)); // it may be gone already
    assertThat(listed(PREFIX + "list/")).containsExactlyElementsOf(written.subList(1, 5));
    files.deletePrefix(PREFIX + "list/");
    assertThat(listed(PREFIX + "list/")).isEmpty();
  }

  @Test
  void uploadThatWasNotEndedIsFoundAndAborted() throws Exception {
    String location = PREFIX + "uploads/x";
    OutputStream left = files.newOutputFile(location).create();
    left.write(new byte[2 * S3OutputStream.PART_BYTES]);
    assertThat(files.uploads(PREFIX + "elsewhere/")).isEmpty();
    List<S3Files.Upload> found = files.uploads(PREFIX + "uploads/");
    assertThat(found).singleElement().extracting(S3Files.Upload::location).isEqualTo(location);
    files.abort(found.get(0));
    assertThat(files.uploads(PREFIX + "uploads/")).isEmpty();
    files.abort(found.get(0)); // it may be gone already
    assertThatThrownBy(left::close).isInstanceOf(IOException.class);
    assertThat(listed(PREFIX + "uploads/")).isEmpty();
  }

  @Test
  void missingObjectIsToldFromAStoreThatCannotBeRead() throws Exception {
    InputFile missing = files.newInputFile(PREFIX + "nothing");
    assertThat(missing.exists()).isFalse();
    assertThatThrownBy(missing::newStream)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(PREFIX + "nothing");
    try (S3Files strangers = new S3Files(withSecret("another secret"))) {
      assertThatThrownBy(() -> strangers.newInputFile(PREFIX + "nothing").exists())
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cannot read length of file: " + PREFIX + "nothing");
      assertThatThrownBy(() -> write(strangers, PREFIX + "not-ours", new byte[3]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot write file: " + PREFIX + "not-ours");
    }
  }

  @Test
  void locationThatIsNoneIsSaid() {
    for (String none : List.of("s3://bucket", "s3://bucket/", "s3:///key", "file:///a", "a/b")) {
      assertThatThrownBy(() -> files.newInputFile(none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(none + " (s3://bucket/key)");
    }
    assertThat(S3Location.of("s3a://b/k/l").toString()).isEqualTo("s3://b/k/l");
  }

  private S3Config withSecret(String secret) {
    S3Config known = config();
    return new S3Config(
        known.endpoint(), known.region(), true, known.accessKey(), secret, null, Map.of());
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private void write(String location, byte[] bytes) throws IOException {
    write(files, location, bytes);
  }

  private static void write(S3Files into, String location, byte[] bytes) throws IOException {
    try (OutputStream out = into.newOutputFile(location).create()) {
      out.write(bytes, 0, bytes.length / 3);
      for (int i = bytes.length / 3; i < bytes.length / 2 && i < 1_000_000; i++) {
        out.write(bytes[i]);
      }
      int rest = Math.max(bytes.length / 3, Math.min(bytes.length / 2, 1_000_000));
      out.write(bytes, rest, bytes.length - rest);
    }
  }

  private byte[] read(String location) throws IOException {
    try (SeekableInputStream in = files.newInputFile(location).newStream()) {
      return in.readAllBytes();
    }
  }

  private List<String> listed(String prefix) {
    List<String> found = new ArrayList<>();
    for (FileInfo file : files.listPrefix(prefix)) {
      found.add(file.location());
    }
    return found.stream().sorted().toList();
  }
}
