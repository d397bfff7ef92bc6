package io.sluice.acceptor.forward;

import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import io.sluice.schema.wire.PutLimits;

/**
 * How much travels at once on one stream.
 *
 * @param enough bytes at which a gathering message is sent whatever is on its way
 * @param most bytes beyond which no further batch joins a message; a larger batch goes alone, whole
 * @param window bytes sent and not answered at which no further message is sent
 * @param zstd whether a message's rows are compressed
 */
public record ForwardLimits(long enough, long most, long window, boolean zstd) {

  /** Messages on their way until which a small one is sent at once instead of gathering. */
  static final int FEW = 2;

  private static final int MOST = 4; // times enough
  private static final ByteSize MOST_ENOUGH = new ByteSize(PutLimits.GATHERED_BYTES / MOST);

  /** Reads them; problems stay in the settings. */
  public static ForwardLimits from(Settings settings) {
    ByteSize enough =
        settings.get(
            "forward.message-size",
            "1MiB",
            ByteSize::parse,
            "bytes at which a message to the Writer is full");
    ByteSize window =
        settings.get(
            "forward.window",
            "16MiB",
            ByteSize::parse,
            "bytes sent to the Writer and not yet answered, per table");
    boolean zstd =
        settings.get(
            "forward.zstd",
            "false",
            Parsers::bool,
            "compress what is sent to the Writer, and so its log: for zones that pay for traffic");
    settings.require(
        enough.bytes() >= 1 << 10 && enough.bytes() <= MOST_ENOUGH.bytes(),
        "cannot use forward.message-size: %s (from 1KiB to %s)".formatted(enough, MOST_ENOUGH));
    settings.require(
        window.bytes() >= enough.bytes(),
        "cannot use forward.window: %s (it is below forward.message-size, %s)"
            .formatted(window, enough));
    return new ForwardLimits(enough.bytes(), MOST * enough.bytes(), window.bytes(), zstd);
  }
}
