package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class GzipReaderTest {

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] read(byte[] compressed) throws IOException {
    try (GzipReader in = new GzipReader(compressed, compressed.length)) {
      return in.readAllBytes();
    }
  }

  @Property(tries = 50)
  void allMembersAreRead(@ForAll @Size(min = 1, max = 4) List<byte[]> members) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (byte[] member : members) {
      compressed.write(gzip(member));
      plain.write(member);
    }
    assertThat(read(compressed.toByteArray())).isEqualTo(plain.toByteArray());
  }

  @Property(tries = 100)
  void cutOrFlippedBytesNeverPassForTheWhole(
      @ForAll @Size(min = 1, max = 300) byte[] plain, @ForAll @IntRange(max = 10_000) int where)
      throws IOException {
    byte[] whole = gzip(plain);
    int at = where % whole.length;
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, at))).isInstanceOf(IOException.class);
    byte[] flipped = whole.clone();
    flipped[at] ^= 0x20;
    try {
      assertThat(read(flipped)).isEqualTo(plain); // in a field that says nothing, such as the time
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?s).*(gzip|deflate).*");
    }
  }

  @Test
  void optionalHeaderFieldsAreSkipped() throws IOException {
    byte[] plain = gzip("text".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 2 | 4 | 8 | 16;
    out.write(header);
    out.write(new byte[] {3, 0, 'x', 'y', 'z', 'n', 0, 'c', 0});
    CRC32 crc = new CRC32();
    crc.update(out.toByteArray());
    out.write((int) crc.getValue() & 0xff);
    out.write((int) (crc.getValue() >> 8) & 0xff);
    out.write(plain, 10, plain.length - 10);
    assertThat(read(out.toByteArray())).asString().isEqualTo("text");
  }

  @Test
  void trailingBytesAreNotTheEnd() throws IOException {
    byte[] whole = gzip(new byte[10]);
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 3)))
        .hasMessage("it is not gzip at byte " + whole.length);
  }
}
