package io.sluice.bench.load;

import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Variety;
import io.sluice.schema.table.Signal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to send.
 *
 * @param rate records a second over all connections; 0 = as fast as answers come
 * @param length for how long new requests are made
 * @param requests at most so many requests
 * @param connections how many connections, each with one request in flight
 * @param run tells this run's records from all others'
 * @param seed the content of the records is a function of it
 * @param batch records in a request
 * @param audit where to note what was sent and acked; null = nowhere
 * @param timeout of one attempt
 * @param grace for how long after the end to go on retrying
 * @param variety how many different things the records speak of
 */
public record LoadOptions(
    Set<Signal> signals,
    double rate,
    Duration length,
    long requests,
    int connections,
    boolean http,
    URI endpoint,
    long run,
    long seed,
    int batch,
    @Nullable Path audit,
    boolean gzip,
    Duration timeout,
    Duration grace,
    Variety variety) {

  public LoadOptions {
    check(!signals.isEmpty(), "no signal");
    check(rate >= 0, "rate " + rate + " (0 = full speed)");
    check(
        connections > 0 && connections <= RunKeys.MAX_LANES,
        connections + " connections (1 to " + RunKeys.MAX_LANES + ")");
    check(
        batch > 0 && batch <= RunKeys.MAX_RECORDS,
        "batch of " + batch + " (1 to " + RunKeys.MAX_RECORDS + " records)");
    check(endpoint.getHost() != null && endpoint.getPort() > 0, "endpoint " + endpoint);
    signals = Set.copyOf(signals);
  }

  /** With the plain vocabulary. */
  public LoadOptions(
      Set<Signal> signals,
      double rate,
      Duration length,
      long requests,
      int connections,
      boolean http,
      URI endpoint,
      long run,
      long seed,
      int batch,
      @Nullable Path audit,
      boolean gzip,
      Duration timeout,
      Duration grace) {
    this(
        signals,
        rate,
        length,
        requests,
        connections,
        http,
        endpoint,
        run,
        seed,
        batch,
        audit,
        gzip,
        timeout,
        grace,
        Variety.PLAIN);
  }

  /** The same for another time. */
  public LoadOptions lasting(Duration other) {
    return with(other, variety);
  }

  /** The same of other things. */
  public LoadOptions of(Variety other) {
    return with(length, other);
  }

  private LoadOptions with(Duration time, Variety things) {
    return new LoadOptions(
        signals,
        rate,
        time,
        requests,
        connections,
        http,
        endpoint,
        run,
        seed,
        batch,
        audit,
        gzip,
        timeout,
        grace,
        things);
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new IllegalArgumentException("cannot load: " + what);
    }
  }
}
