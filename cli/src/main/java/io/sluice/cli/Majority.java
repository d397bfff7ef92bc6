package io.sluice.cli;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writers whose logs are on several of them: most are enough. One that was started again by hand is
 * not away.
 *
 * @param writers all of the box
 * @param serves whether it does, whoever started it
 */
record Majority(List<BoxWriter> writers, Predicate<ChildSpec> serves) implements Losses {

  Majority {
    writers = List.copyOf(writers);
  }

  @Override
  public boolean bear(List<ChildSpec> ended) {
    if (ended.stream().anyMatch(child -> writer(child) == null)) {
      return false;
    }
    long away = ended.stream().distinct().filter(serves.negate()).count();
    return 2 * away < writers.size();
  }

  @Override
  public String advice(ChildSpec ended) {
    return "the others go on; start it again: " + Objects.requireNonNull(writer(ended)).command();
  }

  private @Nullable BoxWriter writer(ChildSpec child) {
    return writers.stream().filter(w -> w.name().equals(child.name())).findAny().orElse(null);
  }
}
