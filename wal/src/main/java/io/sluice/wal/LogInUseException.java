package io.sluice.wal;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** Another process has the log open. */
public final class LogInUseException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Says who.
   *
   * @param holder who, such as "process 17 on host-3"
   */
  public LogInUseException(Path directory, String holder) {
    super(
        "cannot open log: %s is in use by %s (stop it, or choose another directory)"
            .formatted(directory, holder));
  }
}
