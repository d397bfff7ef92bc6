package io.sluice.writer.raft;

import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record on its way through Raft, as the request that carries it. Either it is applied with its
 * attachment, or the attachment is told that it failed: whoever claims it first decides.
 */
final class Pending implements Message {

  private static final Logger LOG = LoggerFactory.getLogger(Pending.class);

  private final ByteString data;
  private final @Nullable LogRecord record;
  private final AtomicBoolean claimed = new AtomicBoolean();

  /**
   * @param record null if it ends with a later request
   */
  Pending(ByteString data, @Nullable LogRecord record) {
    this.data = data;
    this.record = record;
  }

  @Override
  public ByteString getContent() {
    return data;
  }

  /** The record, with its attachment, if nobody has claimed it before. */
  @Nullable LogRecord claim() {
    return claimed.compareAndSet(false, true) ? record : null;
  }

  void fail(LogFailedException cause) {
    LogRecord lost = claim();
    LogRecord.Attachment attachment = lost == null ? null : lost.attachment();
    if (attachment != null) {
      try {
        attachment.failed(cause);
      } catch (RuntimeException e) {
        LOG.error("cannot tell an appender that its record has failed", e);
      }
    }
  }
}
