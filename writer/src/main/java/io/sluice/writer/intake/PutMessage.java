package io.sluice.writer.intake;

import io.sluice.schema.page.Latency;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import io.sluice.writer.apply.Applied;
import io.sluice.writer.buffer.LoadedBatch;
import java.util.Collections;
import java.util.List;

/**
 * One DoPut message on its way through the log: answered on its stream once it is applied, or
 * durable while the apply is behind. Holds the message's memory and its share of the budget until
 * then.
 */
final class PutMessage implements LogRecord.Attachment, Applied {

  private final PutStream stream;
  private final Payload payload;
  private final PutMetadata metadata;
  private final boolean stock;
  private final LoadedBatch batch;
  private final long share;
  private final IntakeBudget budget;
  private final Refusals refusals;
  private final long begunNanos;
  private final Latency acks;

  /**
   * @param share what was taken of the budget for it
   * @param refusals of its log
   * @param begunNanos when it was read
   * @param acks told how long it took once it is taken
   */
  PutMessage(
      PutStream stream,
      Payload payload,
      PutMetadata metadata,
      boolean stock,
      LoadedBatch batch,
      long share,
      IntakeBudget budget,
      Refusals refusals,
      long begunNanos,
      Latency acks) {
    this.stream = stream;
    this.payload = payload;
    this.metadata = metadata;
    this.stock = stock;
    this.batch = batch;
    this.share = share;
    this.budget = budget;
    this.refusals = refusals;
    this.begunNanos = begunNanos;
    this.acks = acks;
  }

  LogRecord record(byte[] head) {
    return new LogRecord(head, payload.bytes(), payload.crc32c(), metadata.zstd(), this);
  }

  @Override
  public LoadedBatch batch() {
    return batch;
  }

  @Override
  public void applied(List<Boolean> repeats) {
    end(PutAnswer.done(metadata.sequence(), repeats));
  }

  /** Which batches are repeats is decided when it is applied; a repeat is stored, too. */
  @Override
  public void durable() {
    batch.close();
    int batches = metadata.batches().size();
    end(PutAnswer.done(metadata.sequence(), Collections.nCopies(batches, false)));
  }

  @Override
  public void failed(LogFailedException cause) {
    batch.close();
    end(refusals.failed(metadata.sequence(), cause));
  }

  private void end(PutAnswer answer) {
    budget.giveBack(stream.sender(), share);
    payload.close();
    stream.answer(answer, stock);
    if (answer.status() == PutAnswer.Status.DONE) {
      acks.note(System.nanoTime() - begunNanos);
    }
  }
}
