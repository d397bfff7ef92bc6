package io.sluice.bench.record;

import io.sluice.schema.table.Signal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/** Realistic requests of each signal, several of a kind: a function of the seed alone. */
public final class Templates {

  private static final int OF_A_KIND = 4;

  private final Map<Signal, List<Template>> all = new EnumMap<>(Signal.class);

  private Templates() {}

  /**
   * @param records how many records a request has
   * @param epochNanos when the intervals of cumulative metrics began
   */
  public static Templates of(Set<Signal> signals, int records, long seed, long epochNanos) {
    if (records < 1 || records > RunKeys.MAX_RECORDS) {
      throw new IllegalArgumentException(
          "cannot make requests of %d records (1 to %d)".formatted(records, RunKeys.MAX_RECORDS));
    }
    Templates templates = new Templates();
    SplittableRandom random = new SplittableRandom(seed);
    for (Signal signal : Signal.values()) {
      SplittableRandom own = random.split();
      if (signals.contains(signal)) {
        List<Template> kinds = new ArrayList<>();
        for (int i = 0; i < OF_A_KIND; i++) {
          kinds.add(template(signal, records, own, epochNanos));
        }
        templates.all.put(signal, kinds);
      }
    }
    return templates;
  }

  /** The same for another lane. */
  public Templates copy() {
    Templates copy = new Templates();
    all.forEach(
        (signal, kinds) -> copy.all.put(signal, kinds.stream().map(Template::copy).toList()));
    return copy;
  }

  /** The template that a lane's request uses. */
  public Template of(Signal signal, int request) {
    return Objects.requireNonNull(all.get(signal)).get(request % OF_A_KIND);
  }

  private static Template template(
      Signal signal, int records, SplittableRandom random, long epochNanos) {
    return switch (signal) {
      case TRACES -> new SpanTemplate(random, records).build();
      case LOGS -> new LogTemplate(random, records).build();
      case METRICS -> new MetricTemplate(random, records, epochNanos).build();
      case PROFILES -> new ProfileTemplate(random, records).build();
    };
  }
}
