package io.sluice.bench.whole;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ProfilesServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * All that can be asked of the services, of the tenant {@code shop} where one is named; each says
 * how it was answered: {@code ok}, 401 or 403, whatever the protocol calls that. That a call was
 * let in and then found nothing to do is {@code ok}, too.
 */
enum Door {
  OTLP_GRPC(
      (sluice, to) ->
          grpc(
              sluice,
              to,
              channel ->
                  TraceServiceGrpc.newBlockingStub(channel)
                      .export(ExportTraceServiceRequest.getDefaultInstance()))),
  OTLP_GRPC_LOGS(
      (sluice, to) ->
          grpc(
              sluice,
              to,
              channel ->
                  LogsServiceGrpc.newBlockingStub(channel)
                      .export(ExportLogsServiceRequest.getDefaultInstance()))),
  OTLP_GRPC_METRICS(
      (sluice, to) ->
          grpc(
              sluice,
              to,
              channel ->
                  MetricsServiceGrpc.newBlockingStub(channel)
                      .export(ExportMetricsServiceRequest.getDefaultInstance()))),
  OTLP_GRPC_PROFILES(
      (sluice, to) ->
          grpc(
              sluice,
              to,
              channel ->
                  ProfilesServiceGrpc.newBlockingStub(channel)
                      .export(ExportProfilesServiceRequest.getDefaultInstance()))),
  OTLP_HTTP((sluice, to) -> post(to, sluice.http(), "/v1/traces", Bodies.SPAN)),
  OTLP_HTTP_LOGS((sluice, to) -> post(to, sluice.http(), "/v1/logs", "{}")),
  OTLP_HTTP_METRICS((sluice, to) -> post(to, sluice.http(), "/v1/metrics", "{}")),
  OTLP_HTTP_PROFILES((sluice, to) -> post(to, sluice.http(), "/v1development/profiles", "{}")),
  DO_GET((sluice, to) -> flight(sluice, to, Door::read)),
  FLIGHT_INFO(
      (sluice, to) ->
          flight(
              sluice,
              to,
              (client, option) -> client.getInfo(FlightDescriptor.path("shop", "traces"), option))),
  LIST_FLIGHTS((sluice, to) -> flight(sluice, to, Door::list)),
  ACTION_LOGS((sluice, to) -> action(sluice, to, "logs", "")),
  ACTION_STATUS((sluice, to) -> action(sluice, to, "status", "")),
  ACTION_FLUSH(
      (sluice, to) -> action(sluice, to, "flush", "{\"tenant\":\"shop\",\"table\":\"traces\"}")),
  ACTION_FLUSH_ALL((sluice, to) -> action(sluice, to, "flush", "")),
  ACTION_UNPARK(
      (sluice, to) -> action(sluice, to, "unpark", "{\"tenant\":\"shop\",\"table\":\"traces\"}")),
  ACTION_HOLD((sluice, to) -> action(sluice, to, "hold", "{\"do\":\"end\",\"id\":\"none\"}")),
  ACTION_MEMBERS((sluice, to) -> action(sluice, to, "members", "{}")),
  ACTION_JOIN((sluice, to) -> action(sluice, to, "join", "{}")),
  DO_PUT((sluice, to) -> flight(sluice, to, Door::put)),
  CATALOG_CONFIG((sluice, to) -> get(to, sluice.writerAdmin(), "/v1/config")),
  CATALOG_TABLES((sluice, to) -> get(to, sluice.writerAdmin(), "/v1/namespaces/shop/tables")),
  WRITER_METRICS((sluice, to) -> get(to, sluice.writerAdmin(), "/metrics")),
  WRITER_STATUS((sluice, to) -> get(to, sluice.writerAdmin(), "/status")),
  WRITER_PAGE((sluice, to) -> get(to, sluice.writerAdmin(), "/page.json")),
  WRITER_EVENTS((sluice, to) -> head(to, sluice.writerAdmin(), "/events")),
  ACCEPTOR_PAGE((sluice, to) -> get(to, sluice.acceptorAdmin(), "/page.json")),
  ACCEPTOR_EVENTS((sluice, to) -> head(to, sluice.acceptorAdmin(), "/events")),
  ACCEPTOR_METRICS((sluice, to) -> get(to, sluice.acceptorAdmin(), "/metrics")),
  ACCEPTOR_STATUS((sluice, to) -> get(to, sluice.acceptorAdmin(), "/status")),
  LIVEZ((sluice, to) -> get(to, sluice.acceptorAdmin(), "/livez")),
  READYZ((sluice, to) -> get(to, sluice.writerAdmin(), "/readyz"));

  /** Who asks, and by which connections. */
  record Asking(Transport transport, @Nullable String token, BufferAllocator allocator) {}

  private interface Ask {
    String ask(SecuredSluice sluice, Asking to) throws Exception;
  }

  private interface OverFlight {
    void run(FlightClient client, CallOption headers) throws Exception;
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private final Ask ask;

  private static final class Bodies {
    private static final String SPAN =
        """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10",\
        "spanId":"0102030405060708","name":"a span"}]}]}]}""";
  }

  Door(Ask ask) {
    this.ask = ask;
  }

  String ask(SecuredSluice sluice, Asking asking) throws Exception {
    return ask.ask(sluice, asking);
  }

  private static String grpc(SecuredSluice sluice, Asking to, Consumer<Channel> export) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", sluice.grpc(), to.transport.channel()).build();
    try {
      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("x-scope-orgid", Metadata.ASCII_STRING_MARSHALLER), "shop");
      if (to.token != null) {
        headers.put(
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
            "Bearer " + to.token);
      }
      export.accept(
          ClientInterceptors.intercept(
              channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
      return "ok";
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNAUTHENTICATED -> "401";
        case PERMISSION_DENIED -> "403";
        default -> throw e;
      };
    } finally {
      channel.shutdownNow();
    }
  }

  private static String post(Asking to, int port, String path, String body) throws Exception {
    return http(
        to,
        request(to, port, path)
            .header("Content-Type", "application/json")
            .header("X-Scope-OrgID", "shop")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String get(Asking to, int port, String path) throws Exception {
    return http(to, request(to, port, path));
  }

  /** Of a stream that would go on. */
  private static String head(Asking to, int port, String path) throws Exception {
    return http(to, request(to, port, path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
  }

  private static HttpRequest.Builder request(Asking to, int port, String path) {
    String scheme = to.transport.ssl() == null ? "http" : "https";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("%s://127.0.0.1:%d%s".formatted(scheme, port, path)));
    return to.token == null ? request : request.header("Authorization", "Bearer " + to.token);
  }

  private static String http(Asking to, HttpRequest.Builder request) throws Exception {
    HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    if (to.transport.ssl() != null) {
      client.sslContext(to.transport.ssl());
    }
    HttpResponse<String> answer =
        client.build().send(request.build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() == 200 ? "ok" : Integer.toString(answer.statusCode());
  }

  private static String flight(SecuredSluice sluice, Asking to, OverFlight call) throws Exception {
    CallHeaders headers = new FlightCallHeaders();
    if (to.token != null) {
      headers.insert("authorization", "Bearer " + to.token);
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", sluice.flight().port(), to.transport.channel())
            .build();
    try (FlightClient client = FlightGrpcUtils.createFlightClient(to.allocator, channel)) {
      call.run(client, new HeaderCallOption(headers));
      return "ok";
    } catch (FlightRuntimeException e) {
      return switch (e.status().code()) {
        case UNAUTHENTICATED -> "401";
        case UNAUTHORIZED -> "403";
        case UNAVAILABLE -> reached(e);
        default -> "ok"; // let in, and then there was nothing to do, or it made no sense
      };
    }
  }

  /** A Writer refuses by that code, too, and then says what to do. */
  private static String reached(FlightRuntimeException e) {
    if (String.valueOf(e.status().description()).startsWith("cannot ")) {
      return "ok";
    }
    throw e;
  }

  private static void read(FlightClient client, CallOption headers) throws Exception {
    String ticket = "{\"tenant\":\"shop\",\"table\":\"traces\"}";
    try (FlightStream stream =
        client.getStream(new Ticket(ticket.getBytes(StandardCharsets.UTF_8)), headers)) {
      while (stream.next()) {
        stream.getRoot();
      }
    }
  }

  private static void list(FlightClient client, CallOption headers) {
    Iterable<FlightInfo> flights = client.listFlights(Criteria.ALL, headers);
    Stream<String> tenants =
        StreamSupport.stream(flights.spliterator(), false)
            .map(info -> info.getDescriptor().getPath().get(0));
    if (tenants.noneMatch("shop"::equals)) {
      throw CallStatus.UNAUTHORIZED.toRuntimeException(); // not shown
    }
  }

  private static String action(SecuredSluice sluice, Asking to, String type, String body)
      throws Exception {
    return flight(
        sluice,
        to,
        (client, headers) -> {
          Iterator<Result> results =
              client.doAction(new Action(type, body.getBytes(StandardCharsets.UTF_8)), headers);
          while (results.hasNext()) {
            JSON.readTree(results.next().getBody());
          }
        });
  }

  private static void put(FlightClient client, CallOption headers) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of()), allocator)) {
      FlightClient.ClientStreamListener put =
          client.startPut(
              FlightDescriptor.path("0", "shop", "traces"), root, new AsyncPutListener(), headers);
      put.completed();
      put.getResult();
    }
  }
}
