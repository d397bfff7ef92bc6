package io.sluice.bench.record;

/**
 * How many different things a load's records speak of, times the vocabulary's own. Of what is one
 * value there, there are that many; what is of a record alone anyway (ids, order numbers) is so
 * still.
 *
 * @param services times as many services; each with resources of its own
 * @param values times as many values of an attribute
 */
public record Variety(int services, int values) {

  /** The vocabulary as it is. */
  public static final Variety PLAIN = new Variety(1, 1);

  private static final int MOST = 100;

  public Variety {
    if (services < 1 || services > MOST || values < 1 || values > MOST) {
      throw new IllegalArgumentException(
          "cannot load: %d times the services, %d times the values (each 1 to %d)"
              .formatted(services, values, MOST));
    }
  }

  /** Times as many requests that differ, as what is in one request is the same in all its kin. */
  int kinds() {
    return Math.max(services, values);
  }
}
