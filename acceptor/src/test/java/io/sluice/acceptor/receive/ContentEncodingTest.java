package io.sluice.acceptor.receive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentEncodingTest {

  private static final byte[] PLAIN = new byte[100_000];

  static {
    for (int i = 0; i < PLAIN.length; i++) {
      PLAIN[i] = (byte) (i * 31 % 251 + i / 1_000);
    }
  }

  private static byte[] read(ContentEncoding encoding, byte[] compressed) throws IOException {
    try (InputStream in = encoding.open(new Body.Bytes(compressed, compressed.length))) {
      return in.readAllBytes();
    }
  }

  private static byte[] deflated(byte[] plain, boolean bare, int level) throws IOException {
    Deflater deflater = new Deflater(level, bare);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      out.write(plain);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private static byte[] compressed(ContentEncoding encoding) throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(PLAIN);
    }
    return switch (encoding) {
      case IDENTITY -> PLAIN;
      case GZIP -> gzip.toByteArray();
      case DEFLATE -> deflated(PLAIN, false, 6);
      case ZSTD -> Zstd.compress(PLAIN);
    };
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(
      value = ContentEncoding.class,
      names = {"GZIP", "DEFLATE", "ZSTD"})
  void onlyTheWholeAndNothingAfterItIsRead(ContentEncoding encoding) throws IOException {
    byte[] whole = compressed(encoding);
    assertThat(read(encoding, whole)).isEqualTo(PLAIN);
    for (int cut : new int[] {0, 1, 2, whole.length / 2, whole.length - 5, whole.length - 1}) {
      assertThatThrownBy(() -> read(encoding, Arrays.copyOf(whole, cut)))
          .describedAs("cut to %d bytes", cut)
          .isInstanceOf(IOException.class);
    }
    for (byte[] garbage :
        new byte[][] {{0}, {1, 2, 3}, "garbage, and more of it".getBytes(UTF_8)}) {
      assertThatThrownBy(() -> read(encoding, joined(whole, garbage)))
          .describedAs("%d bytes after it", garbage.length)
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> read(encoding, PLAIN)).isInstanceOf(IOException.class);
  }

  @Property(tries = 200)
  void deflateIsReadWithZlibsHeaderAndWithout(
      @ForAll @Size(max = 2_000) byte[] plain,
      @ForAll boolean bare,
      @ForAll @IntRange(max = 9) int level)
      throws IOException {
    assertThat(read(ContentEncoding.DEFLATE, deflated(plain, bare, level))).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deflateThatIsCutOrFollowedByMoreIsRefused(boolean bare) throws IOException {
    byte[] whole = deflated(PLAIN, bare, 6);
    for (int cut : new int[] {1, 2, 3, whole.length / 2, whole.length - 1}) {
      assertThatThrownBy(() -> read(ContentEncoding.DEFLATE, Arrays.copyOf(whole, cut)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("deflate");
    }
    assertThatThrownBy(() -> read(ContentEncoding.DEFLATE, joined(whole, new byte[3])))
        .hasMessage("3 bytes after deflate");
  }

  @Test
  void zlibWithAPresetDictionaryIsRefused() throws IOException {
    Deflater deflater = new Deflater();
    deflater.setDictionary("otlp".getBytes(UTF_8));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      out.write(PLAIN);
    }
    assertThatThrownBy(() -> read(ContentEncoding.DEFLATE, bytes.toByteArray()))
        .hasMessageContaining("dictionary");
  }

  @Test
  void zstdFramesFollowEachOtherAndSkippableOnesAreSkipped() throws IOException {
    byte[] one = Zstd.compress(Arrays.copyOf(PLAIN, 1_000));
    byte[] other = Zstd.compress(Arrays.copyOfRange(PLAIN, 1_000, PLAIN.length));
    byte[] skippable =
        ByteBuffer.allocate(13)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0x184D2A53)
            .putInt(5)
            .put("hello".getBytes(UTF_8))
            .array();
    assertThat(read(ContentEncoding.ZSTD, joined(skippable, one, skippable, other, skippable)))
        .isEqualTo(PLAIN);
    assertThatThrownBy(
            () -> read(ContentEncoding.ZSTD, joined(one, Arrays.copyOf(other, other.length / 2))))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(ContentEncoding.ZSTD, joined(one, Arrays.copyOf(skippable, 9))))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {23, 24})
  void zstdWindowIsAtMost8MiB(int windowLog) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(bytes, 1)) {
      out.setLong(windowLog); // a stream: the frame tells its window, not its size
      out.write(PLAIN);
    }
    if (windowLog == 23) {
      assertThat(read(ContentEncoding.ZSTD, bytes.toByteArray())).isEqualTo(PLAIN);
    } else {
      assertThatThrownBy(() -> read(ContentEncoding.ZSTD, bytes.toByteArray()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("memory");
    }
  }

  /** While others hold some of it, so that it is no request that is let in alone. */
  private static Body decodedIn(int room, ContentEncoding encoding, byte[] compressed) {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try {
      ByteBudget budget = new ByteBudget(room + 1L, 0, timer, System::nanoTime);
      Reservation other = new Reservation(budget, "other");
      assertThat(other.use(1)).isTrue();
      other.trim();
      Reservation held = new Reservation(budget, "default");
      Body.Bytes body = new Body.Bytes(compressed, compressed.length);
      return encoding.decode(body, 1 << 20, held);
    } finally {
      timer.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ContentEncoding.class,
      names = {"GZIP", "ZSTD"})
  void plainBytesAreInOneArrayFromTheStart(ContentEncoding encoding) throws IOException {
    byte[] hex = new byte[100_000]; // half as many bytes once compressed
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < hex.length; i++) {
      hex[i] = (byte) Character.forDigit(random.nextInt(16), 16);
    }
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(hex);
    }
    byte[] sent = encoding == ContentEncoding.GZIP ? gzip.toByteArray() : Zstd.compress(hex);
    Body body = decodedIn(hex.length + 1, encoding, sent);
    assertThat(body).isInstanceOf(Body.Bytes.class);
    assertThat(((Body.Bytes) body).length()).isEqualTo(hex.length);
    assertThat(((Body.Bytes) body).array()).startsWith(hex);
  }

  @Test
  void whoSaysMoreThanThereIsGetsLittleRoomForIt() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(PLAIN, 0, 100);
    }
    byte[] gzip = out.toByteArray();
    ByteBuffer.wrap(gzip).order(ByteOrder.LITTLE_ENDIAN).putInt(gzip.length - 4, 80_000);
    Body body = decodedIn(Body.FIRST_READ + 1, ContentEncoding.GZIP, gzip);
    assertThat(body).isEqualTo(Body.broken("gzip member does not match its checksum"));
  }
}
