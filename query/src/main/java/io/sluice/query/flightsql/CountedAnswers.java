package io.sluice.query.flightsql;

import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.util.Locale;

/** Counts how calls end, by gRPC's code, and keeps what is told to clients short. Any thread. */
final class CountedAnswers implements ServerInterceptor {

  /** Of a description: a header's worth, as clients bound what they take. */
  private static final int MOST = 2_048;

  private final Telemetry telemetry;

  CountedAnswers(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    return next.startCall(
        new ForwardingServerCall.SimpleForwardingServerCall<A, B>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            count(status);
            super.close(clipped(status), trailers);
          }
        },
        headers);
  }

  private void count(Status status) {
    telemetry
        .counter(
            "sluice.flightsql.calls",
            "{call}",
            "Calls of Flight SQL that ended, by gRPC's code.",
            Attributes.builder()
                .put("code", status.getCode().name().toLowerCase(Locale.ROOT))
                .build())
        .increment();
  }

  private static Status clipped(Status status) {
    String description = status.getDescription();
    return description == null || description.length() <= MOST
        ? status
        : status.withDescription(description.substring(0, MOST) + "...");
  }
}
