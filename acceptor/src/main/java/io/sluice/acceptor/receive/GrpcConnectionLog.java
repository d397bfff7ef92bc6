package io.sluice.acceptor.receive;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Makes a hint of what grpc-java logs when a connection fails, a stack trace for each: it is the
 * only one who sees that a client speaks HTTP/1. One for the process, as its logger is; held by the
 * server, since a logger that nobody holds forgets its filter.
 */
final class GrpcConnectionLog implements Filter {

  private static final String NAME =
      NettyServerBuilder.class.getPackageName() + ".NettyServerTransport.connections";

  private final Logger logger = Logger.getLogger(NAME);
  private final Hints hints;

  GrpcConnectionLog(Hints hints) {
    this.hints = hints;
  }

  void listen() {
    logger.setLevel(Level.INFO);
    logger.setFilter(this);
  }

  @Override
  public boolean isLoggable(LogRecord record) {
    Throwable failure = record.getThrown();
    if (failure != null && String.valueOf(failure.getMessage()).contains("HTTP/1")) {
      hints.say(Hints.HTTP_ON_GRPC);
    }
    return record.getLevel().intValue() >= Level.WARNING.intValue();
  }
}
