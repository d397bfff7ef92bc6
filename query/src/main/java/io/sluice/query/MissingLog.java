package io.sluice.query;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A log of which rows are missing in a partial answer.
 *
 * @param number in the cluster, from 0; {@link #ALL} if it could not even be learnt which there are
 * @param id null if it is not known
 * @param why what was said, by whom, and what there is in spite of it
 */
public record MissingLog(int number, @Nullable UUID id, String why) {

  public static final int ALL = -1;

  /** In words. */
  @Override
  public String toString() {
    String name =
        number == ALL
            ? "all logs"
            : id == null ? "log " + number : "log %d (%s)".formatted(number, id);
    return name + ": " + why;
  }
}
