package io.sluice.cli;

import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.ShutdownSignal;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the children, says when all are ready, and stops them in their order. It is no supervisor:
 * a child that ends by itself is not started again. Unless the others can do without it, it ends
 * them; while they start, none can.
 */
final class Up {

  private static final int SIGNAL = 128;
  private static final Duration OURS_MAY_COME = Duration.ofSeconds(2);

  private final List<List<ChildSpec>> stages;
  private final Losses losses;
  private final Pages pages;
  private final Supplier<String> lacking;
  private final PrintStream out;
  private final PrintStream errors;
  private final AtomicReference<@Nullable Child> firstDead = new AtomicReference<>();

  /** Guarded by itself. */
  private final List<ChildSpec> ended = new ArrayList<>();

  private volatile boolean ready;

  /**
   * With children in the order in which they are stopped, those of a stage at the same time; they
   * are started the other way round.
   *
   * @param pages how their admin pages are read
   * @param lacking asked once all children are ready: what they lack as a whole; empty if nothing
   * @param out for what the user waits for: endpoints, ready
   */
  Up(
      List<List<ChildSpec>> stages,
      Losses losses,
      Pages pages,
      Supplier<String> lacking,
      PrintStream out,
      PrintStream errors) {
    this.stages = List.copyOf(stages);
    this.losses = losses;
    this.pages = pages;
    this.lacking = lacking;
    this.out = out;
    this.errors = errors;
  }

  /**
   * Returns when all children have ended; the signal then has the exit code.
   *
   * @param banner printed once all are ready, before the line {@code ready}
   * @throws InvalidSettingsException a child refused to start as it was told to
   */
  void run(ShutdownSignal shutdown, Consumer<PrintStream> banner)
      throws IOException, InterruptedException, InvalidSettingsException {
    Deque<List<Child>> running = new ArrayDeque<>();
    try {
      for (int i = stages.size() - 1; i >= 0; i--) {
        List<Child> stage = new ArrayList<>();
        running.push(stage);
        for (ChildSpec spec : stages.get(i)) {
          stage.add(Child.start(spec, errors, child -> ended(child, shutdown)));
        }
      }
      List<Child> inOrder = new ArrayList<>();
      running.descendingIterator().forEachRemaining(inOrder::addAll);
      announce(inOrder, banner);
      shutdown.await();
    } finally {
      for (List<Child> stage : running) {
        stop(stage, shutdown);
      }
    }
    Child dead = firstDead.get();
    if (dead != null && dead.exitCode() == Launch.REFUSED_TO_START) {
      throw new InvalidSettingsException(
          List.of("the %s refused to start (it says why above)".formatted(dead.spec().name())));
    }
  }

  private void announce(List<Child> children, Consumer<PrintStream> banner) {
    Readiness readiness = new Readiness(children, pages, lacking, errors);
    Thread thread =
        new Thread(
            () -> {
              if (readiness.await()) {
                ready = true;
                banner.accept(out);
                out.println("ready");
                out.flush();
              }
            },
            "readiness");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * A supervisor's SIGTERM may go to the whole group: a child that ended well is then no news, also
   * if it was faster than we.
   */
  private void ended(Child child, ShutdownSignal shutdown) {
    try {
      if (!child.hasEndedWell() || !shutdown.isRequested(OURS_MAY_COME)) {
        died(child, shutdown);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void died(Child child, ShutdownSignal shutdown) {
    int code = child.exitCode();
    String how = code > SIGNAL ? "killed by signal " + (code - SIGNAL) : "exit code " + code;
    String what =
        "the %s ended by itself: %s (its log: %s)"
            .formatted(child.spec().name(), how, child.spec().log());
    synchronized (ended) {
      ended.add(child.spec());
      if (firstDead.get() == null && ready && losses.bear(ended)) {
        errors.printf("sluice up: %s; %s%n", what, losses.advice(child.spec()));
        return;
      }
    }
    if (firstDead.compareAndSet(null, child)) {
      errors.println("sluice up: " + what);
      shutdown.died(child.spec().name(), new IOException(what));
    }
  }

  private void stop(List<Child> children, ShutdownSignal shutdown)
      throws IOException, InterruptedException {
    for (Child child : children) {
      if (child.isAlive()) {
        out.println("stopping the " + child.spec().name());
      }
      child.ask();
    }
    for (Child child : children) {
      if (!child.stop() && child != firstDead.get()) {
        IOException cause =
            new IOException(
                "the %s did not stop well: exit code %d (its log: %s)"
                    .formatted(child.spec().name(), child.exitCode(), child.spec().log()));
        errors.println("sluice up: " + cause.getMessage());
        shutdown.died(child.spec().name(), cause);
      }
    }
  }
}
