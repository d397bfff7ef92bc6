package io.sluice.acceptor.receive;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * What grpc-java logs of clients that break its protocols: it would be a stack trace for each bad
 * frame, written as fast as anybody sends them. All are counted, and of each kind one a second is
 * logged; of clients that speak HTTP/1, whom nobody else sees, a hint. Process-wide, as those
 * loggers are. Safe for any thread.
 */
final class ProtocolErrors extends Handler {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ProtocolErrors.class);

  /** Held here: the platform forgets a logger, and what was set on it, that nobody holds. */
  private static final List<Logger> LOGGERS =
      List.of(
          Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler"),
          Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream"),
          Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport.connections"),
          Logger.getLogger("io.grpc.internal.SerializingExecutor"),
          Logger.getLogger("io.grpc.internal.ServerImpl"));

  private final LongAdder errors;
  private final FailureLog failures;
  private final Hints hints;

  ProtocolErrors(Telemetry telemetry, LongSupplier nanoClock) {
    this.hints = new Hints(nanoClock);
    this.failures = new FailureLog(nanoClock);
    this.errors =
        telemetry.counter(
            "sluice.acceptor.grpc.protocol.errors",
            "{error}",
            "Frames, streams and connections that were not gRPC.",
            Attributes.empty());
    for (Logger logger : LOGGERS) {
      logger.setLevel(Level.INFO); // at which it logs connections that fail
      logger.setUseParentHandlers(false);
      logger.addHandler(this);
    }
  }

  @Override
  public void publish(LogRecord record) {
    Throwable thrown = record.getThrown();
    errors.increment();
    if (thrown != null && String.valueOf(thrown.getMessage()).contains("HTTP/1")) {
      hints.say(Hints.HTTP_ON_GRPC);
      return;
    }
    long passedOver = failures.log(thrown == null ? new Throwable(record.getMessage()) : thrown);
    if (passedOver >= 0) {
      LOG.warn(
          "gRPC: {}: {} ({} like it before were not logged)",
          record.getMessage(),
          String.valueOf(thrown),
          passedOver);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    LOGGERS.forEach(logger -> logger.removeHandler(this));
  }
}
