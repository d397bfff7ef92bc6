package io.sluice.schema.service;

import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What grpc-java logs of clients that break its protocols: it would be a stack trace for each bad
 * frame, written as fast as anybody sends them. All are counted, and of each kind one a second is
 * logged. Process-wide, as those loggers are. Safe for any thread.
 */
public final class ProtocolErrors extends Handler {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ProtocolErrors.class);

  /** Where gRPC's Netty is, in the package that it is in. */
  public static final String NETTY = "io.grpc.netty.";

  /** The same of the one that gRPC ships in packages of its own. */
  public static final String SHADED_NETTY = "io.grpc.netty.shaded." + NETTY;

  /** Held here: the platform forgets a logger, and what was set on it, that nobody holds. */
  private final List<Logger> loggers;

  private final LongAdder errors;
  private final FailureLog failures;
  private final Predicate<LogRecord> told;

  /**
   * Listens to those loggers at once.
   *
   * @param netty the package of the servers' transport, with its last dot
   * @param metric that counts them
   * @param told what was said of in another way: then nothing more is
   * @param nanoClock monotonic
   */
  public ProtocolErrors(
      String netty,
      String metric,
      Telemetry telemetry,
      Predicate<LogRecord> told,
      LongSupplier nanoClock) {
    this.told = told;
    this.failures = new FailureLog(nanoClock);
    this.errors = telemetry.counter(metric, Attributes.empty());
    this.loggers =
        Stream.of(
                netty + "NettyServerHandler",
                netty + "NettyServerStream",
                netty + "NettyServerTransport.connections",
                "io.grpc.internal.SerializingExecutor",
                "io.grpc.internal.ServerImpl")
            .map(Logger::getLogger)
            .toList();
    for (Logger logger : loggers) {
      logger.setLevel(Level.INFO); // at which it logs connections that fail
      logger.setUseParentHandlers(false);
      logger.addHandler(this);
    }
  }

  @Override
  public void publish(LogRecord record) {
    Throwable thrown = record.getThrown();
    errors.increment();
    if (told.test(record)) {
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
    loggers.forEach(logger -> logger.removeHandler(this));
  }
}
