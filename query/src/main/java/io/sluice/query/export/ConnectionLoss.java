package io.sluice.query.export;

import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** Why no answer came, in words: libraries hide it, or say nothing at all. */
final class ConnectionLoss {

  /** What the innermost cause says. */
  static String why(@Nullable String said, @Nullable Throwable e) {
    String why = said == null ? "" : said;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "the host cannot be found";
      }
      why = cause.getMessage() == null ? why : cause.getMessage();
    }
    return why.isEmpty() && e != null ? e.getClass().getSimpleName() : why;
  }

  /** Whether there was a connection before it failed, as far as one can know. */
  static boolean was(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnresolvedAddressException) {
        return false;
      }
    }
    return true;
  }

  private ConnectionLoss() {}
}
