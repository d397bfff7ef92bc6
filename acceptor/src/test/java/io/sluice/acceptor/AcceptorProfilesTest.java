package io.sluice.acceptor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesPartialSuccess;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceResponse;
import io.opentelemetry.proto.collector.profiles.v1development.ProfilesServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.profiles.v1development.Profile;
import io.opentelemetry.proto.profiles.v1development.ResourceProfiles;
import io.opentelemetry.proto.profiles.v1development.ScopeProfiles;
import io.opentelemetry.proto.resource.v1.Resource;
import io.sluice.acceptor.decode.Traffic;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fourth signal at both doors. */
final class AcceptorProfilesTest {

  private static final String PATH = "/v1development/profiles";

  private FakeWriter writer;
  private RunningAcceptor acceptor;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, "--otlp.grpc.patience=500ms");
    channel = acceptor.channel();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    acceptor.close();
    writer.close();
  }

  private ExportProfilesServiceResponse export(ExportProfilesServiceRequest request) {
    return ProfilesServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .export(request);
  }

  private HttpResponse<byte[]> post(byte[] body, String type, String encoding) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(acceptor.http(PATH))
                .header("Content-Type", type)
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void grpcAndHttpTakeTheSameBytesForTheSameProfiles() throws Exception {
    ExportProfilesServiceRequest request = new Traffic(1).profiles(7);
    assertThat(export(request)).isEqualTo(ExportProfilesServiceResponse.getDefaultInstance());
    FakeWriter.Put put = writer.nextPut();
    assertThat(put.path()).contains("profiles");
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      request.writeTo(out);
    }
    HttpResponse<byte[]> response = post(zipped.toByteArray(), "application/x-protobuf", "gzip");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(writer.nextPut().ids()).isEqualTo(put.ids());
    assertThat(writer.storedRows()).as("a repeat is stored once").isEqualTo(7);
    String signal = "signal=\"profiles\"";
    assertThat(acceptor.metric("sluice_acceptor_records_taken_total", signal)).isEqualTo(14);
    assertThat(acceptor.metric("sluice_acceptor_records_repeated_total", signal)).isEqualTo(7);
  }

  /** Profiles of a resource that is nested too deep, in either encoding: those alone. */
  @Test
  void rejectedProfilesAreCountedExactly() throws Exception {
    AnyValue deep = AnyValue.newBuilder().setStringValue("x").build();
    for (int i = 0; i < 80; i++) {
      deep = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(deep)).build();
    }
    KeyValue attribute = KeyValue.newBuilder().setKey("k").setValue(deep).build();
    ScopeProfiles two =
        ScopeProfiles.newBuilder()
            .addProfiles(Profile.getDefaultInstance())
            .addProfiles(Profile.getDefaultInstance())
            .build();
    ExportProfilesServiceRequest request =
        ExportProfilesServiceRequest.newBuilder()
            .addResourceProfiles(ResourceProfiles.newBuilder().addScopeProfiles(two))
            .addResourceProfiles(
                ResourceProfiles.newBuilder()
                    .setResource(Resource.newBuilder().addAttributes(attribute))
                    .addScopeProfiles(two))
            .build();
    ExportProfilesPartialSuccess partial = export(request).getPartialSuccess();
    assertThat(partial.getRejectedProfiles()).isEqualTo(2);
    assertThat(partial.getErrorMessage()).contains("64 levels");
    assertThat(writer.storedRows()).isEqualTo(2);
    String nested = "{\"arrayValue\":{\"values\":[".repeat(70) + "]}}".repeat(70);
    String json =
        "{\"resourceProfiles\":[{\"scopeProfiles\":[{\"profiles\":[{\"profileId\":"
            + "\"0123456789ABCDEF0123456789abcdef\"}]}]}],\"dictionary\":{\"attributeTable\":[{"
            + "\"value\":"
            + nested
            + "}]}}";
    HttpResponse<byte[]> response = post(json.getBytes(UTF_8), "application/json", "identity");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8))
        .startsWith("{\"partialSuccess\":{\"rejectedProfiles\":\"1\",\"errorMessage\":");
  }

  /** An older one ends the streams of a table that it does not know. */
  @Test
  void writerWithoutTheTableMakesItsClientsComeAgainAndNoOthers() throws Exception {
    writer.onPut(
        put -> {
          if (put.path().contains("profiles")) {
            put.loseStream();
          } else {
            writer.store(put);
          }
        });
    ExportProfilesServiceRequest request = new Traffic(1).profiles(3);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> export(request))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }
    TraceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .export(new Traffic(1).traces(2));
    assertThat(writer.storedRows()).isEqualTo(2);
    writer.onPut(writer::store);
    assertThat(export(request)).isEqualTo(ExportProfilesServiceResponse.getDefaultInstance());
    assertThat(writer.storedRows()).isEqualTo(5);
  }
}
