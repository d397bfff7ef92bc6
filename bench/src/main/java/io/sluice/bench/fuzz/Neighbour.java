package io.sluice.bench.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that does all right, on connections of its own, while another does not. One thread uses
 * it.
 */
final class Neighbour implements AutoCloseable {

  private static final int SECONDS = 20; // shared machines are slow, blocked ones slower
  private static final int OK = 200;

  private final Victim victim;
  private final long run;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ManagedChannel channel;
  private long sent;

  Neighbour(Victim victim, long run) {
    this.victim = victim;
    this.run = run;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", victim.grpcPort()).usePlaintext().build();
  }

  /**
   * Sends a request by each protocol: both are taken in time, and stored once.
   *
   * @throws Finding they are not
   */
  void check() throws Exception {
    NeighbourRequest byHttp = new NeighbourRequest(run, sent++);
    sendHttp(byHttp.body());
    victim.requireStoredOnce(byHttp);
    NeighbourRequest byGrpc = new NeighbourRequest(run, sent++);
    sendGrpc(byGrpc.body());
    victim.requireStoredOnce(byGrpc);
  }

  private void sendHttp(byte[] body) throws Finding, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(victim.httpPort(), "/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .timeout(Duration.ofSeconds(SECONDS))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != OK || response.body().length > 0) {
        throw new Finding("a neighbour by HTTP is answered " + response);
      }
    } catch (IOException e) {
      throw new Finding("a neighbour by HTTP is not answered: " + e, e);
    }
  }

  private void sendGrpc(byte[] body) throws Finding, IOException {
    try {
      ClientCalls.blockingUnaryCall(
          channel,
          TraceServiceGrpc.getExportMethod(),
          CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS),
          ExportTraceServiceRequest.parseFrom(body));
    } catch (StatusRuntimeException e) {
      throw new Finding("a neighbour by gRPC is answered " + e.getStatus(), e);
    }
  }

  /**
   * Nothing is in flight any more, whatever was sent before.
   *
   * @throws Finding something is, for long
   */
  void requireIdle() throws Finding, IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (true) {
      String status =
          http.send(
                  HttpRequest.newBuilder(uri(victim.adminPort(), "/status")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      long requests = number(status, "requestsInFlight");
      long bytes = number(status, "bytesInFlight");
      if (requests == 0 && bytes == 0) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new Finding(
            "%d requests of %d bytes stay in flight for ever".formatted(requests, bytes));
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static long number(String json, String field) throws IOException {
    try (JsonParser in = new JsonFactory().createParser(json)) {
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_INT && field.equals(in.currentName())) {
          return in.getLongValue();
        }
      }
    }
    throw new IOException("cannot find %s in %s".formatted(field, json));
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
