package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a compressed body says of its plain size is not believed, whether it is little or much. */
class DeclaredSizesTest {

  private static final int LIMIT = 1 << 20;

  private final HttpClient client = HttpClient.newHttpClient();
  private FakeWriter writer;
  private RunningAcceptor acceptor;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, "--otlp.max-request-size=" + LIMIT);
  }

  @AfterEach
  void stop() throws Exception {
    acceptor.close();
    writer.close();
  }

  @Test
  void gzipThatDeclaresLittleAndIsMuchIsTooLarge() throws Exception {
    byte[] bomb = gzip(new byte[16 * LIMIT]);
    ByteBuffer.wrap(bomb).order(ByteOrder.LITTLE_ENDIAN).putInt(bomb.length - 4, 10);
    assertThat(send("gzip", bomb)).isEqualTo(413);
  }

  @Test
  void gzipThatDeclaresAnotherSizeThanItHasIsRefused() throws Exception {
    byte[] body = gzip(spans(1, 1).toByteArray());
    ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putInt(body.length - 4, 1 << 30);
    assertThat(send("gzip", body)).isEqualTo(400);
  }

  @Test
  void zstdThatDeclaresLittleAndIsMuchIsTooLargeOrBroken() throws Exception {
    assertThat(send("zstd", Zstd.compress(new byte[2 * LIMIT]))).isEqualTo(413);
    byte[] content = spans(1, 1).toByteArray();
    assertThat(send("zstd", zstd(content, 0, content.length))).isEqualTo(200);
    assertThat(send("zstd", zstd(content, 0, 1))).isEqualTo(400);
  }

  @Test
  void zstdThatDeclaresATebibyteIsRefusedWithoutMakingRoomForIt() throws Exception {
    byte[] content = spans(1, 1).toByteArray();
    assertThat(send("zstd", zstd(content, 0, 1L << 40))).isEqualTo(413);
    assertThat(send("zstd", zstd(content, 0x20, 1L << 40))).isEqualTo(413);
    assertThat(acceptor.metric("sluice_acceptor_failures_total")).isZero();
  }

  /**
   * A frame with one raw block.
   *
   * <pre>
   * fd2fb528 | descriptor u8: content size of 8 bytes, 0x20 one segment | [window u8] | size u64
   * block header u24: last 1, raw 0 << 1, length << 3 | bytes
   * </pre>
   */
  private static byte[] zstd(byte[] content, int segment, long declared) {
    ByteBuffer frame = ByteBuffer.allocate(32 + content.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(0xfd2fb528).put((byte) (0xc0 | segment));
    if (segment == 0) {
      frame.put((byte) 0x50); // a window of a mebibyte
    }
    frame.putLong(declared);
    int header = content.length << 3 | 1;
    frame.put((byte) header).put((byte) (header >>> 8)).put((byte) (header >>> 16)).put(content);
    byte[] bytes = new byte[frame.position()];
    frame.get(0, bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private int send(String encoding, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(acceptor.http("/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .header("Content-Encoding", encoding)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void nothingUnderAnyEncodingIsRefused() throws Exception {
    assertThat(send("gzip", new byte[0])).isEqualTo(400);
    assertThat(send("zstd", new byte[0])).isEqualTo(400);
    assertThat(send("deflate", new byte[0])).isEqualTo(400);
  }
}
