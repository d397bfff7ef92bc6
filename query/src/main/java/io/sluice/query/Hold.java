package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All Writers of a deployment, held for a copy: they take, ack and give rows, commit to no table
 * and release nothing of their logs. A thread for each renews that, until it is ended, and tells at
 * once of the first that was broken; only {@link #end} says that all were kept. One thread uses it.
 */
public final class Hold implements AutoCloseable {

  private static final Duration RENEW = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration AGAIN = Duration.ofMillis(500);

  /** So that another one follows within the Writer's lease. */
  private static final Duration CALL = Duration.ofSeconds(4);

  private static final int END_TRIES = 3;

  private final Writers writers;
  private final String id = UUID.randomUUID().toString();
  private final Consumer<String> broken;
  private final List<HostPort> taken = new ArrayList<>();
  private final List<Thread> renewing = new ArrayList<>();

  // Guarded by this.
  private @Nullable String why;
  private boolean ended;

  private Hold(Writers writers, Consumer<String> broken) {
    this.writers = writers;
    this.broken = broken;
  }

  /**
   * Returns when all of them are held, and what they had begun to commit is committed.
   *
   * @param longest how long they may be held
   * @param wait how long to wait for what is under way
   * @param broken told once, by any thread, why it was broken while it lasts
   * @throws ReadException not all of them could be held: none is any more
   */
  public static Hold take(Writers writers, Duration longest, Duration wait, Consumer<String> broken)
      throws ReadException, InterruptedException {
    Hold hold = new Hold(writers, broken);
    try {
      hold.takeAll(longest);
      hold.awaitAll(wait);
      hold.keepRenewing();
      return hold;
    } catch (ReadException | InterruptedException | RuntimeException e) {
      hold.close();
      throw e;
    }
  }

  private void takeAll(Duration longest) throws ReadException {
    Map<String, HostPort> known = new HashMap<>();
    for (HostPort address : writers.addresses()) {
      taken.add(address); // also if the answer is lost
      HoldAnswer answer = writers.hold(address, "take", id, longest, CALL);
      if (!answer.isHeld() && !answer.isWaiting()) {
        throw cannot(address, answer.why());
      }
      HostPort same = known.put(answer.writer(), address);
      if (same != null) {
        throw cannot(address, "it is the same as " + same);
      }
      if (answer.writers() != writers.addresses().size()) {
        throw cannot(
            address,
            "it is one of %d, of which %d are named (name all: writers)"
                .formatted(answer.writers(), writers.addresses().size()));
      }
    }
    if (taken.isEmpty()) {
      throw new ReadException("cannot hold: no Writers are configured (SLUICE_WRITERS)", null);
    }
  }

  private static ReadException cannot(HostPort address, String why) {
    return new ReadException("cannot hold Writer %s: %s".formatted(address, why), null);
  }

  private void awaitAll(Duration wait) throws ReadException, InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      Optional<String> waits = Optional.empty();
      for (HostPort address : taken) {
        HoldAnswer answer = writers.hold(address, "renew", id, Duration.ZERO, CALL);
        if (answer.isWaiting()) {
          waits = Optional.of("Writer %s has under way: %s".formatted(address, answer.why()));
        } else if (!answer.isHeld()) {
          throw cannot(address, answer.why());
        }
      }
      if (waits.isEmpty()) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new ReadException(
            "cannot hold: after %d s %s (try again)".formatted(wait.toSeconds(), waits.get()),
            null);
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  private void keepRenewing() {
    for (HostPort address : taken) {
      Thread thread = new Thread(() -> renew(address), "renew-hold");
      thread.setDaemon(true);
      thread.start();
      renewing.add(thread);
    }
  }

  private void renew(HostPort address) {
    Duration pause = RENEW;
    while (goesOn(pause)) {
      try {
        HoldAnswer answer = writers.hold(address, "renew", id, Duration.ZERO, CALL);
        if (!answer.isHeld()) {
          breaks("Writer %s: %s".formatted(address, answer.why()));
          return;
        }
        pause = RENEW;
      } catch (ReadException | RuntimeException e) {
        pause = AGAIN; // what came of it is asked at the end
      }
    }
  }

  private synchronized boolean goesOn(Duration pause) {
    long end = System.nanoTime() + pause.toNanos();
    try {
      for (long left = pause.toMillis(); !ended && left > 0; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      return false;
    }
    return !ended;
  }

  private void breaks(String because) {
    synchronized (this) {
      if (why != null || ended) {
        return;
      }
      why = because;
    }
    broken.accept(because);
  }

  /**
   * Ends it.
   *
   * @return why what was copied is of no use; empty if all of them were held until now
   */
  public Optional<String> end() throws InterruptedException {
    synchronized (this) {
      if (ended) {
        return Optional.ofNullable(why);
      }
      ended = true;
      notifyAll();
    }
    for (Thread thread : renewing) {
      thread.join();
    }
    for (HostPort address : taken) {
      Optional<String> lost = end(address);
      synchronized (this) {
        why = why == null ? lost.orElse(null) : why;
      }
    }
    synchronized (this) {
      return Optional.ofNullable(why);
    }
  }

  /** Why it was not kept by this Writer, or that this is not known. */
  private Optional<String> end(HostPort address) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        HoldAnswer answer = writers.hold(address, "end", id, Duration.ZERO, CALL);
        return answer.isKept()
            ? Optional.empty()
            : Optional.of("Writer %s: %s".formatted(address, answer.why()));
      } catch (ReadException e) {
        if (tries == END_TRIES) {
          return Optional.of("it is not known whether it was kept: " + e.getMessage());
        }
      }
      Thread.sleep(AGAIN.toMillis());
    }
  }

  /** Ends it, whatever came of it. */
  @Override
  public void close() throws InterruptedException {
    end();
  }
}
