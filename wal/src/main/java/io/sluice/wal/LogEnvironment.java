package io.sluice.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a local log takes from outside.
 *
 * @param storage the log's directory
 * @param nanoTime monotonic, advances the log's own time
 * @param wallMicros micros since the epoch, asked once in a log's life: when it is made
 * @param random makes log ids and nonces; one that nobody who sends payloads can guess
 * @param forced told, by the thread that writes, how many nanoseconds each force of records took
 */
public record LogEnvironment(
    Storage storage,
    LongSupplier nanoTime,
    LongSupplier wallMicros,
    RandomGenerator random,
    LongConsumer forced) {

  /** Nobody is told how long forces take. */
  public LogEnvironment(
      Storage storage, LongSupplier nanoTime, LongSupplier wallMicros, RandomGenerator random) {
    this(storage, nanoTime, wallMicros, random, nanos -> {});
  }

  /** The same, and somebody is told how long forces take. */
  public LogEnvironment timing(LongConsumer told) {
    return new LogEnvironment(storage, nanoTime, wallMicros, random, told);
  }

  /** The file system, the system's clocks, secure randomness. */
  public static LogEnvironment system(Path directory) throws IOException {
    return new LogEnvironment(
        FileStorage.create(directory),
        System::nanoTime,
        () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
        new SecureRandom());
  }
}
