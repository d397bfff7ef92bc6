package io.sluice.query.replay;

import io.sluice.query.export.Answer;
import io.sluice.query.export.Backoff;
import io.sluice.query.export.Exporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads with a connection each, that send one request after the other until each is answered for
 * good. As many requests wait as are under way. One thread gives them requests.
 */
final class Senders implements AutoCloseable {

  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final long LOOK_MILLIS = 50;

  /** Told of each answer, by any of the threads. */
  interface Answered {
    void answered(Outgoing request, Totals outcome) throws ReplayException;
  }

  private final ReplayOptions options;
  private final Target target;
  private final Answered answered;
  private final BlockingQueue<Outgoing> waiting;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong retries = new AtomicLong();
  private volatile boolean ending;
  private volatile @Nullable Exception failure;
  private volatile String trouble = "";

  Senders(ReplayOptions options, Target target, Supplier<Exporter> exporters, Answered answered) {
    this.options = options;
    this.target = target;
    this.answered = answered;
    this.waiting = new ArrayBlockingQueue<>(options.outstanding());
    for (int i = 0; i < options.outstanding(); i++) {
      Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, new SplittableRandom());
      Thread thread = new Thread(() -> run(exporters, backoff), "replay-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /**
   * Waits until there is room for it.
   *
   * @throws ReplayException an earlier one cannot be sent
   */
  void send(Outgoing request) throws ReplayException, InterruptedException {
    while (!waiting.offer(request, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      check();
    }
    check();
  }

  /** Waits until all are answered. */
  void finish() throws ReplayException, InterruptedException {
    ending = true;
    for (Thread thread : threads) {
      thread.join();
    }
    check();
  }

  private void check() throws ReplayException {
    Exception why = failure;
    if (why instanceof ReplayException said) {
      throw said;
    }
    if (why != null) {
      throw new IllegalStateException("cannot go on sending", why);
    }
  }

  /** How often something was sent again. */
  long retries() {
    return retries.get();
  }

  /** Why the last one is sent again; empty while all goes well. */
  String trouble() {
    return trouble;
  }

  private void run(Supplier<Exporter> exporters, Backoff backoff) {
    try (Exporter exporter = exporters.get()) {
      while (failure == null) {
        Outgoing request = waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (request != null) {
          answered.answered(request, outcome(request, exporter, backoff));
        } else if (ending) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ReplayException | RuntimeException e) {
      fail(e);
    }
  }

  private synchronized void fail(Exception why) {
    if (failure == null) {
      failure = why;
    }
  }

  private Totals outcome(Outgoing request, Exporter exporter, Backoff backoff)
      throws ReplayException, InterruptedException {
    long began = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      Answer answer = exporter.export(request.table().signal(), 0, request.bytes());
      if (answer instanceof Answer.Acked acked) {
        trouble = "";
        long rejected = Math.max(0, Math.min(acked.rejected(), request.records()));
        return new Totals(request.records() - rejected, rejected, 0, 1, request.bytes().length);
      }
      if (answer instanceof Answer.Refused refused) {
        if (options.skipRefused()) {
          return new Totals(0, 0, request.records(), 1, request.bytes().length);
        }
        throw new ReplayException(
            "cannot replay %s: %s refuses them: %s (mend that, or pass over what is refused with --skip-refused)"
                .formatted(request, target.endpoint(), said(refused.code(), refused.message())),
            null);
      }
      Answer.Again again = (Answer.Again) answer;
      trouble = said(again.code(), again.message());
      Duration wait = backoff.afterFailure(attempt, again.after());
      long spent = System.nanoTime() - began + wait.toNanos();
      if (spent > options.patience().toNanos()) {
        throw new ReplayException(
            "cannot replay %s: %s did not take them within %s: %s (is it there, and does it speak %s? run it again when it does%s)"
                .formatted(
                    request,
                    target.endpoint(),
                    options.patience(),
                    trouble,
                    target.protocol(),
                    options.checkpoint() == null ? "; with --checkpoint it goes on there" : ""),
            null);
      }
      pause(wait);
      retries.incrementAndGet();
    }
  }

  /** Ends early when another request has failed. */
  private void pause(Duration wait) throws InterruptedException, ReplayException {
    long end = System.nanoTime() + wait.toNanos();
    for (long left = wait.toNanos(); left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)));
      if (failure != null) {
        check();
      }
    }
  }

  private static String said(String code, String message) {
    return message.isEmpty() || message.equals("null") ? code : code + " " + message;
  }

  /** What is under way is not waited for. */
  @Override
  public void close() {
    fail(new InterruptedException("closed"));
    threads.forEach(Thread::interrupt);
  }
}
