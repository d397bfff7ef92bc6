package io.sluice.wal;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells appenders what became of records that no consumer gets from them. */
final class Attachments {
  private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);

  private Attachments() {}

  /** Each is told, whatever the others make of it. */
  static void fail(List<LogRecord> records, Throwable cause) {
    LogFailedException failure =
        cause instanceof LogFailedException known
            ? known
            : new LogFailedException("cannot make the record durable: the log has failed", cause);
    for (LogRecord record : records) {
      tell(record, attachment -> attachment.failed(failure));
    }
  }

  /** Each is told, whatever the others make of it. */
  static void durable(List<LogRecord> records) {
    for (LogRecord record : records) {
      tell(record, LogRecord.Attachment::durable);
    }
  }

  private static void tell(LogRecord record, Consumer<LogRecord.Attachment> outcome) {
    LogRecord.Attachment attachment = record.attachment();
    if (attachment == null) {
      return;
    }
    try {
      outcome.accept(attachment);
    } catch (RuntimeException e) {
      LOG.error("cannot tell an appender what became of position {}", record.position(), e);
    }
  }
}
