package io.sluice.writer.intake;

import org.jspecify.annotations.Nullable;

/** A cluster of which log 0 is here and the others are at "elsewhere:1". */
record OneLog(PutLog here, int count) implements PutLogs {

  @Override
  public @Nullable PutLog hosted(int number) {
    return number == 0 ? here : null;
  }

  @Override
  public String leader(int number) {
    return "elsewhere:1";
  }
}
