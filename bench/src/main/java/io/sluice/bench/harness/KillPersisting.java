package io.sluice.bench.harness;

import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@code kill -9} of the Writer at the worst moments of persisting, by what comes by on the wire to
 * the store and to the catalog: in the middle of an upload, before a commit reaches the database,
 * and after it took place, before its answer arrives.
 */
public final class KillPersisting implements Scenario, AutoCloseable {

  /** What Iceberg's JDBC catalog says to commit. */
  private static final byte[] COMMIT = "UPDATE iceberg_tables".getBytes(StandardCharsets.US_ASCII);

  private static final int MOST_UPLOADED = 2 << 20;
  private static final Duration OVERTIME = Duration.ofMinutes(5);
  private static final Duration TRIPPED = Duration.ofSeconds(60);

  private enum Moment {
    IN_UPLOAD,
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  private final LakeConfig lake;
  private final Tripwire store;
  private final Tripwire catalog;

  private KillPersisting(LakeConfig lake, Tripwire store, Tripwire catalog) {
    this.lake = lake;
    this.store = store;
    this.catalog = catalog;
  }

  /**
   * Lays the wires.
   *
   * @param lake S3 at http://HOST:PORT, catalog at jdbc:postgresql://HOST:PORT/...
   */
  public static KillPersisting of(LakeConfig lake) throws IOException {
    URI endpoint = Objects.requireNonNull(lake.s3().endpoint());
    URI database = URI.create(lake.catalogUri().replaceFirst("^jdbc:", ""));
    Tripwire store = new Tripwire(new HostPort(endpoint.getHost(), endpoint.getPort()));
    try {
      return new KillPersisting(
          lake, store, new Tripwire(new HostPort(database.getHost(), database.getPort())));
    } catch (IOException e) {
      store.close();
      throw e;
    }
  }

  /** What makes a Writer go over the wires. */
  public List<String> flags() {
    List<String> flags =
        new ArrayList<>(LakeFlags.of(lake, URI.create("http://" + store.address())));
    flags.removeIf(flag -> flag.startsWith("--catalog.uri="));
    flags.add(
        "--catalog.uri="
            + lake.catalogUri().replaceFirst("//[^/]+/", "//" + catalog.address() + "/"));
    return flags;
  }

  @Override
  public String name() {
    return "kill-persisting";
  }

  @Override
  public Duration overtime() {
    return OVERTIME;
  }

  @Override
  public String run(SluiceBox box, LoadRun load, RandomGenerator random) throws Exception {
    Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
    int bytes = random.nextInt(MOST_UPLOADED);
    load.awaitFirstAck();
    CompletableFuture<@Nullable Void> killed = new CompletableFuture<>();
    Runnable kill = () -> kill(box.writer(), killed);
    switch (moment) {
      case IN_UPLOAD -> store.arm(after(bytes), kill);
      case BEFORE_COMMIT -> catalog.arm(KillPersisting::isCommit, kill);
      case AFTER_COMMIT -> catalog.arm(answerOfCommit(), kill);
    }
    String told;
    try (Flushes flushes = new Flushes(box.flight(), new SplittableRandom(random.nextLong()))) {
      killed.get(TRIPPED.toSeconds(), TimeUnit.SECONDS);
      told = moment == Moment.IN_UPLOAD ? moment + " after " + bytes + " bytes" : moment.name();
    } catch (TimeoutException e) {
      throw new IOException("cannot kill %s: it did not come".formatted(moment), e);
    } finally {
      store.disarm();
      catalog.disarm();
    }
    long restarted = System.nanoTime();
    box.writer().startAgain();
    long ready = System.nanoTime() - restarted;
    load.awaitAckBeyond(load.acked());
    load.finish();
    return "%s, ready after %d ms".formatted(told, ready / 1_000_000);
  }

  private static void kill(ServiceProcess writer, CompletableFuture<@Nullable Void> killed) {
    try {
      writer.kill();
      killed.complete(null);
    } catch (IOException e) {
      killed.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      killed.completeExceptionally(e);
    }
  }

  private static Tripwire.Trigger after(int bytes) {
    return new Tripwire.Trigger() {
      private long seen;

      @Override
      public boolean trips(boolean up, byte[] piece, int count) {
        seen += up ? count : 0;
        return seen > bytes;
      }
    };
  }

  /** One statement is in one piece: they are short, and the connection carries nothing else. */
  private static boolean isCommit(boolean up, byte[] piece, int count) {
    if (!up) {
      return false;
    }
    for (int at = 0; at + COMMIT.length <= count; at++) {
      if (java.util.Arrays.equals(piece, at, at + COMMIT.length, COMMIT, 0, COMMIT.length)) {
        return true;
      }
    }
    return false;
  }

  private static Tripwire.Trigger answerOfCommit() {
    return new Tripwire.Trigger() {
      private boolean sent;

      @Override
      public boolean trips(boolean up, byte[] piece, int count) {
        if (isCommit(up, piece, count)) {
          sent = true;
        }
        return sent && !up;
      }
    };
  }

  @Override
  public void close() throws IOException {
    try (store;
        catalog) {
      catalog.disarm();
      store.disarm();
    }
  }
}
