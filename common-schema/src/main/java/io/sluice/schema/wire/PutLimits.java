package io.sluice.schema.wire;

/**
 * How much one DoPut message may carry. A message beyond what gRPC takes at the other end loses its
 * stream, and with it everything else that is on its way there: so whoever cuts batches keeps well
 * below.
 */
public final class PutLimits {

  /** Bytes of a whole message: what a Writer's gRPC takes. */
  public static final int MESSAGE_BYTES = 512 << 20;

  /** Bytes of the rows of one batch, which may have to go alone, but goes whole. */
  public static final int BATCH_BYTES = 128 << 20;

  /** Bytes of rows at which no further batch joins a message, at most. */
  public static final int GATHERED_BYTES = 256 << 20;

  private PutLimits() {}
}
