package io.sluice.wal;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells appenders that their records will never be applied. */
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
      LogRecord.Attachment attachment = record.attachment();
      if (attachment == null) {
        continue;
      }
      try {
        attachment.failed(failure);
      } catch (RuntimeException e) {
        LOG.error("cannot tell an appender that its record failed", e);
      }
    }
  }
}
