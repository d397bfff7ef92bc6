package io.sluice.acceptor;

import static io.sluice.acceptor.RawHttp2.message;
import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.sluice.acceptor.RawHttp2.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP/gRPC as it is on the wire: frames that no client library would send, or show. */
@Timeout(300)
final class GrpcWireTest {

  private static final String TRACES = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final String LOGS = "opentelemetry.proto.collector.logs.v1.LogsService/Export";
  private static final byte[] SPANS = spans(3, 1).toByteArray();

  private FakeWriter writer;
  private RunningAcceptor acceptor;
  private RawHttp2 client;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer);
    client = RawHttp2.open(acceptor.service().grpcPort());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    acceptor.close();
    writer.close();
  }

  private Response export(byte[] message, String... headers) throws IOException {
    int stream = client.call(TRACES, headers);
    client.last(stream, message);
    return client.response(stream);
  }

  private static void assertStatus(Response response, Status.Code code) {
    assertThat(response.field("grpc-status")).isEqualTo(Integer.toString(code.value()));
  }

  private void assertTaken(Response response) {
    assertStatus(response, Status.Code.OK);
    assertThat(writer.storedRows()).isEqualTo(3);
  }

  @Test
  void fullSuccessIsAMessageOfNoBytesInItsFrame() throws Exception {
    Response response = export(message(0, SPANS));
    assertTaken(response);
    assertThat(response.data()).isEqualTo(new byte[5]);
    assertThat(response.headers())
        .containsEntry(":status", "200")
        .containsEntry("content-type", "application/grpc");
  }

  @Test
  void floodOfEmptyContinuationsEndsTheConnection() throws Exception {
    client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.head(TRACES)); // and more to come
    ByteBuffer flood = ByteBuffer.allocate(64 * 9);
    while (flood.hasRemaining()) {
      flood.putInt(RawHttp2.CONTINUATION).put((byte) 0).putInt(1);
    }
    client.bytes(flood.array());

    RawHttp2.Frame away = client.await(frame -> frame.type() == RawHttp2.GOAWAY);
    assertThat(away.error()).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
  }

  @Test
  void emptyRequestIsAFullSuccess() throws Exception {
    Response response = export(message(0, new byte[0]));
    assertStatus(response, Status.Code.OK);
    assertThat(response.data()).isEqualTo(new byte[5]);
    assertThat(writer.putsWaiting()).isZero();
  }

  @Test
  void answersAreNeverCompressedWhateverTheClientTakes() throws Exception {
    Response response = export(message(0, SPANS), "grpc-accept-encoding", "gzip,zstd,identity");
    assertTaken(response);
    assertThat(response.data()).isEqualTo(new byte[5]);
    assertThat(response.headers().getOrDefault("grpc-encoding", "identity")).isEqualTo("identity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/grpc", "application/grpc+proto", "application/grpc;v=1"})
  void contentTypesOfGrpcAreTaken(String type) throws Exception {
    assertTaken(export(message(0, SPANS), "content-type", type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-protobuf", "application/json", "application/grpcfoo"})
  void otherContentTypesAre415(String type) throws Exception {
    Response response = export(message(0, SPANS), "content-type", type);
    assertThat(response.headers()).containsEntry(":status", "415");
    assertThat(writer.putsWaiting()).isZero();
    assertTaken(export(message(0, SPANS)));
  }

  private static byte[] compressed(String encoding, byte[] plain) {
    if (encoding.equals("zstd")) {
      return Zstd.compress(plain);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        encoding.equals("gzip")
            ? new GZIPOutputStream(bytes)
            : new DeflaterOutputStream(bytes)) { // zlib's format, as HTTP has it
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "deflate", "GZIP"})
  void messagesAreTakenCompressedAndPlainUnderTheSameEncoding(String encoding) throws Exception {
    byte[] compressed = compressed(encoding.toLowerCase(Locale.ROOT), SPANS);
    assertTaken(export(message(1, compressed), "grpc-encoding", encoding));
    assertTaken(export(message(0, SPANS), "grpc-encoding", encoding));
    assertTaken(export(message(0, SPANS), "grpc-encoding", "identity"));
  }

  @Test
  void compressedFlagWithoutAnEncodingIsInternalAndCountedAsMalformed() throws Exception {
    assertStatus(export(message(1, compressed("gzip", SPANS))), Status.Code.INTERNAL);
    acceptor.awaitRequests("outcome=\"malformed\"", 1);
  }

  @Test
  void unknownEncodingIsUnimplementedAndToldWhichThereAre() throws Exception {
    Response response = export(message(1, SPANS), "grpc-encoding", "snappy");
    assertStatus(response, Status.Code.UNIMPLEMENTED);
    assertThat(response.field("grpc-accept-encoding").split(", "))
        .containsExactlyInAnyOrder("identity", "gzip", "zstd", "deflate");
    assertThat(response.field("grpc-message")).contains("snappy");
    acceptor.awaitRequests("outcome=\"wrong_encoding\"", 1);
    assertTaken(export(message(0, SPANS)));
  }

  /** Of the head of a frame alone: grpc-java refuses it before it is there. */
  @Test
  void messageThatSaysItIsTooLargeIsRefusedForGoodAndCounted() throws Exception {
    byte[] head = {0, 4, 0, 0, 1}; // 64 MiB and a byte
    int stream = client.call(TRACES);
    client.data(stream, head);
    Response response = client.response(stream);
    assertStatus(response, Status.Code.RESOURCE_EXHAUSTED);
    assertThat(response.field("grpc-status-details-bin")).isNull();
    assertThat(response.field("google.rpc.retryinfo-bin")).isNull();
    acceptor.awaitRequests("outcome=\"too_large\"", 1);
    assertThat(acceptor.metric("sluice_acceptor_requests_total", "outcome=\"malformed\"")).isZero();
  }

  @Test
  void malformedNamesWhatAndWhereInBadRequest() throws Exception {
    Response response = export(message(0, Arrays.copyOf(SPANS, 40)));
    assertStatus(response, Status.Code.INVALID_ARGUMENT);
    byte[] details = Base64.getDecoder().decode(response.field("grpc-status-details-bin"));
    com.google.rpc.Status status = com.google.rpc.Status.parseFrom(details);
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    assertThat(status.getDetailsList()).hasSize(1);
    Any detail = status.getDetails(0);
    BadRequest.FieldViolation violation = detail.unpack(BadRequest.class).getFieldViolations(0);
    assertThat(violation.getField()).matches("byte \\d+");
    assertThat(violation.getDescription())
        .isEqualTo(status.getMessage())
        .contains("overruns its message at " + violation.getField());
    assertThat(response.field("google.rpc.retryinfo-bin")).isNull();
  }

  @Test
  void metadataOf60KibPasses() throws Exception {
    assertTaken(export(message(0, SPANS), "authorization", "Bearer " + "x".repeat(60 << 10)));
  }

  /** The block is spread over frames; the stream alone ends, as it must still be decoded. */
  @Test
  void metadataBeyond64KibIsRefusedAndItsNeighboursGoOn() throws Exception {
    int large = client.call(TRACES, "authorization", "x".repeat(70 << 10));
    RawHttp2.Frame refused = client.await(frame -> frame.stream() == large);
    assertThat(refused.ends() || refused.type() == RawHttp2.RST_STREAM).isTrue();
    assertThat(writer.putsWaiting()).isZero();
    assertTaken(export(message(0, SPANS)));
  }

  @Test
  void headersWithoutEndCutTheConnection() throws Exception {
    byte[] block = RawHttp2.head(TRACES, "x", "x".repeat(10 << 10));
    client.frame(RawHttp2.HEADERS, 0, 1, block);
    assertCut(() -> client.frame(RawHttp2.CONTINUATION, 0, 1, new byte[16 << 10]));
  }

  @Test
  void streamsThatAreOpenedAndResetCutTheConnection() throws Exception {
    assertCut(
        () -> client.frame(RawHttp2.RST_STREAM, 0, client.call(TRACES), new byte[] {0, 0, 0, 8}));
  }

  @Test
  void pingsFasterThanPermittedAreToldToCalmDown() throws Exception {
    client.pings(20);
    RawHttp2.Frame away = client.await(frame -> frame.type() == RawHttp2.GOAWAY);
    assertThat(away.error()).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
    assertThat(new String(away.payload(), 8, away.payload().length - 8))
        .isEqualTo("too_many_pings");
    client.awaitClosed();
  }

  private interface Flood {
    void send() throws IOException;
  }

  /** Far more than enough of it, until the server has had enough. */
  private void assertCut(Flood flood) throws Exception {
    int sent = 0;
    try {
      for (; sent < 100_000; sent++) {
        flood.send();
      }
    } catch (IOException e) {
      assertThat(sent).isPositive(); // it cannot be written to any more
    }
    assertThat(sent).isLessThan(100_000);
    try (RawHttp2 other = RawHttp2.open(acceptor.service().grpcPort())) {
      int stream = other.call(TRACES);
      other.last(stream, message(0, SPANS));
      assertTaken(other.response(stream));
    }
    awaitNothingInFlight();
  }

  /** A client may have its answer before the room for its request is given back. */
  private void awaitNothingInFlight() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (acceptor.metric("sluice_acceptor_inflight_bytes") > 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Many more wait for the Writer than there are threads. */
  @Test
  void requestsThatWaitForTheWriterBlockNoOtherOfTheirConnection() throws Exception {
    List<FakeWriter.Put> held = Collections.synchronizedList(new ArrayList<>());
    writer.onPut(
        put -> {
          if (put.path().contains("traces")) {
            held.add(put);
          } else {
            writer.store(put);
          }
        });
    List<Integer> slow = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      slow.add(client.call(TRACES));
      client.last(slow.get(i), message(0, spans(1, i).toByteArray()));
    }
    writer.nextPut();
    for (int i = 0; i < 20; i++) {
      LogRecord record = LogRecord.newBuilder().setTimeUnixNano(i + 1).build();
      int stream = client.call(LOGS);
      client.last(
          stream,
          message(
              0,
              ExportLogsServiceRequest.newBuilder()
                  .addResourceLogs(
                      ResourceLogs.newBuilder()
                          .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(record)))
                  .build()
                  .toByteArray()));
      assertStatus(client.response(stream), Status.Code.OK);
    }
    assertThat(writer.storedRows()).isEqualTo(20);
    writer.onPut(writer::store);
    List.copyOf(held).forEach(writer::store);
    Set<Integer> unanswered = new HashSet<>(slow);
    while (!unanswered.isEmpty()) {
      unanswered.remove(client.await(RawHttp2.Frame::ends).stream());
    }
    assertThat(writer.storedRows()).isEqualTo(120);
  }

  @Test
  void callsOfAConnectionAndItsWindowAreBounded() throws Exception {
    try (RawHttp2 other = RawHttp2.open(acceptor.service().grpcPort())) {
      RawHttp2.Frame settings = other.await(f -> f.type() == RawHttp2.SETTINGS && f.flags() == 0);
      Map<Integer, Integer> said = new HashMap<>();
      for (ByteBuffer in = ByteBuffer.wrap(settings.payload()); in.hasRemaining(); ) {
        said.put((int) in.getShort(), in.getInt());
      }
      assertThat(said)
          .containsEntry(3, 256) // MAX_CONCURRENT_STREAMS
          .containsEntry(4, 128 << 10) // INITIAL_WINDOW_SIZE
          .containsEntry(6, 64 << 10); // MAX_HEADER_LIST_SIZE
    }
  }
}
