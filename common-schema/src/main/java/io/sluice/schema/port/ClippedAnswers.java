package io.sluice.schema.port;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Clients take no more than 8 KiB of trailers, and some sentences quote what the caller sent: what
 * is longer than anybody reads is cut, so that the answer comes at all. Any thread.
 */
public final class ClippedAnswers implements ServerInterceptor {

  private static final int MOST = 1 << 10;

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            String sentence = status.getDescription();
            super.close(
                sentence == null || sentence.length() <= MOST
                    ? status
                    : status.withDescription(sentence.substring(0, MOST) + "..."),
                trailers);
          }
        },
        headers);
  }
}
