package io.sluice.cli;

import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.ShutdownSignal;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the children, says when all are ready, and stops them in their order. It is no supervisor:
 * a child that ends by itself ends the others.
 */
final class Up {

  private static final int SIGNAL = 128;
  private static final Duration OURS_MAY_COME = Duration.ofSeconds(2);

  private final List<ChildSpec> specs;
  private final PrintStream out;
  private final PrintStream errors;
  private final AtomicReference<@Nullable Child> firstDead = new AtomicReference<>();

  /**
   * With children in the order in which they are stopped; they are started the other way round.
   *
   * @param out for what the user waits for: endpoints, ready
   */
  Up(List<ChildSpec> specs, PrintStream out, PrintStream errors) {
    this.specs = List.copyOf(specs);
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
    List<Child> children = new ArrayList<>();
    try {
      for (int i = specs.size() - 1; i >= 0; i--) {
        children.add(0, Child.start(specs.get(i), errors, child -> ended(child, shutdown)));
      }
      announce(children, banner);
      shutdown.await();
    } finally {
      stop(children, shutdown);
    }
    Child dead = firstDead.get();
    if (dead != null && dead.exitCode() == Launch.REFUSED_TO_START) {
      throw new InvalidSettingsException(
          List.of("the %s refused to start (it says why above)".formatted(dead.spec().name())));
    }
  }

  private void announce(List<Child> children, Consumer<PrintStream> banner) {
    Readiness readiness = new Readiness(children, errors);
    Thread thread =
        new Thread(
            () -> {
              if (readiness.await()) {
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
    if (!firstDead.compareAndSet(null, child)) {
      return;
    }
    int code = child.exitCode();
    String how = code > SIGNAL ? "killed by signal " + (code - SIGNAL) : "exit code " + code;
    IOException cause =
        new IOException(
            "the %s ended by itself: %s (its log: %s)"
                .formatted(child.spec().name(), how, child.spec().log()));
    errors.println("sluice up: " + cause.getMessage());
    shutdown.died(child.spec().name(), cause);
  }

  private void stop(List<Child> children, ShutdownSignal shutdown)
      throws IOException, InterruptedException {
    for (Child child : children) {
      if (child.isAlive()) {
        out.println("stopping the " + child.spec().name());
      }
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
