package io.sluice.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One record: a payload of a stream. The log fills in position and log time before it is applied.
 * Made by an appender, then touched by the log's threads only, until applied or failed.
 */
public final class LogRecord {

  /**
   * What an appender left with its record, to be told how it ended: it is handed to the consumer
   * with the record, or one of these is called; once, on a thread of the log.
   */
  public interface Attachment {
    /**
     * The record is durable, and the apply is behind: the record will be applied from the log, and
     * nobody will be told. Its memory is free.
     */
    void durable();

    /** The record will not be applied by this process. */
    void failed(LogFailedException cause);
  }

  private static final byte[] NO_STREAM = {};

  private final byte[] stream;
  private final ByteBuffer payload;
  private final int payloadCrc;
  private final boolean zstd;
  private final @Nullable Attachment attachment;
  private long position;
  private long logTimeMicros;

  /**
   * @param stream the stream's first message, which makes its payloads readable; kept with the log
   * @param payload position to limit; a direct buffer is written without a copy
   * @param payloadCrc CRC32C of the payload, computed by the caller
   * @param zstd whether the payload's body is compressed
   * @param attachment told, or handed to the consumer with the record
   */
  public LogRecord(
      byte[] stream,
      ByteBuffer payload,
      int payloadCrc,
      boolean zstd,
      @Nullable Attachment attachment) {
    if (payload.remaining() > RecordHeader.MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "cannot log a payload of %d bytes: at most %d fit a record (send smaller ones)"
              .formatted(payload.remaining(), RecordHeader.MAX_PAYLOAD));
    }
    this.stream = stream;
    this.payload = payload;
    this.payloadCrc = payloadCrc;
    this.zstd = zstd;
    this.attachment = attachment;
  }

  /**
   * A record of no stream: what the consumer tells its replicas. Only a replicated log takes it.
   */
  public static LogRecord note(ByteBuffer payload, @Nullable Attachment attachment) {
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    return new LogRecord(NO_STREAM, payload, (int) crc.getValue(), false, attachment);
  }

  public boolean isNote() {
    return stream.length == 0;
  }

  /** The stream's first message. Records of one stream share one array; do not change it. */
  public byte[] stream() {
    return stream;
  }

  /** A view of the payload with a position and limit of its own. */
  public ByteBuffer payload() {
    return payload.duplicate();
  }

  int payloadBytes() {
    return payload.remaining();
  }

  public int payloadCrc() {
    return payloadCrc;
  }

  public boolean zstd() {
    return zstd;
  }

  public @Nullable Attachment attachment() {
    return attachment;
  }

  /** From 1; 0 until the log has given one. */
  public long position() {
    return position;
  }

  /** Micros of the log's own clock: starts at the newest record's and advances monotonically. */
  public long logTimeMicros() {
    return logTimeMicros;
  }

  /** For forms of the log only: says where the record stands, before it is applied. */
  public void place(long position, long logTimeMicros) {
    this.position = position;
    this.logTimeMicros = logTimeMicros;
  }
}
