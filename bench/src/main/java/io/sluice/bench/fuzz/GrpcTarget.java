package io.sluice.bench.fuzz;

import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Headers;
import io.sluice.bench.fuzz.mutate.GrpcMutator;
import io.sluice.bench.fuzz.mutate.WireMutator;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/** The gRPC edge, by raw frames of HTTP/2. Inputs are those of {@link GrpcMutator}. */
final class GrpcTarget implements FuzzTarget {

  private static final int INPUTS_PER_CHECK = 50;

  /** None of the others is for what a client does wrong, or may go well later. */
  private static final Set<Status.Code> ALLOWED =
      EnumSet.of(
          Status.Code.OK,
          Status.Code.INVALID_ARGUMENT,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.CANCELLED);

  private final Corpus corpus;
  private final Victim victim;
  private final Neighbour neighbour;
  private final GrpcMutator connections;
  private final WireMutator fields = new WireMutator();

  /**
   * @param largest request that the victim takes
   */
  GrpcTarget(Corpus corpus, Victim victim, int largest, long run) {
    this.corpus = corpus;
    this.victim = victim;
    this.neighbour = new Neighbour(victim, run);
    this.connections = new GrpcMutator(largest);
  }

  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    return connections.connection(() -> message(random), random);
  }

  private GrpcMutator.Message message(SplittableRandom random) {
    Signal signal = SignalInput.any(random);
    byte[] body = corpus.protobuf(signal, random);
    if (random.nextInt(3) == 0) {
      body =
          fields.mutate(body, corpus.protobuf(signal, random), TextAsBytes.strict(signal), random);
    }
    return new GrpcMutator.Message(path(signal), body);
  }

  private static String path(Signal signal) {
    return switch (signal) {
      case TRACES -> "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
      case LOGS -> "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
      case METRICS -> "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
      case PROFILES ->
          "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";
    };
  }

  @Override
  public Verdict feed(byte[] input) throws IOException, Finding {
    boolean taken = false;
    try (GrpcConnection connection = new GrpcConnection(victim.grpcPort())) {
      for (Http2Headers headers : connection.exchange(input)) {
        taken |= check(headers) == Status.Code.OK;
      }
    }
    return taken ? Verdict.ACCEPTED : Verdict.REJECTED;
  }

  private static Status.Code check(Http2Headers headers) throws Finding {
    CharSequence code = headers.get("grpc-status");
    if (code == null) {
      return Status.Code.CANCELLED; // of a stream that goes on
    }
    Status.Code status = Status.fromCodeValue(Integer.parseInt(code.toString())).getCode();
    CharSequence http = headers.status();
    boolean isGrpc = http == null || http.toString().equals("200");
    String message = String.valueOf(headers.get("grpc-message"));
    if (isGrpc && !ALLOWED.contains(status) && !isBrokenFraming(status, message)) {
      throw new Finding("answered %s: %s".formatted(status, message));
    }
    return status;
  }

  /** grpc-java's words for a message that is not framed as one: it never will be. */
  private static boolean isBrokenFraming(Status.Code status, String message) {
    return status == Status.Code.INTERNAL
        && (message.startsWith("Encountered end-of-stream mid-frame")
            || message.startsWith("gRPC frame header malformed")
            || message.startsWith("Can't decode compressed gRPC message"));
  }

  @Override
  public int inputsPerCheck() {
    return INPUTS_PER_CHECK;
  }

  @Override
  public void check() throws Exception {
    neighbour.check();
    neighbour.requireIdle();
    victim.requireSound();
  }

  @Override
  public String remarks() {
    return victim.memory();
  }

  @Override
  public void close() {
    neighbour.close();
  }
}
