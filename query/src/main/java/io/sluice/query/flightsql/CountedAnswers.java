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

/** Counts how calls end, by gRPC's code. Any thread. */
final class CountedAnswers implements ServerInterceptor {

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
            telemetry
                .counter(
                    "sluice.flightsql.calls",
                    Attributes.builder()
                        .put("code", status.getCode().name().toLowerCase(Locale.ROOT))
                        .build())
                .increment();
            super.close(status, trailers);
          }
        },
        headers);
  }
}
