package io.sluice.cli;

import io.sluice.query.replay.Replay;
import io.sluice.query.replay.Totals;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * A line a second on a terminal while a replay runs, in place of the one before. Elsewhere a line
 * when it waits for the endpoint, and each half minute that it does.
 */
final class ReplayProgress implements AutoCloseable {

  private static final long EVERY_MILLIS = 1_000;
  private static final int MOST_TROUBLE = 60;

  private static final int AGAIN_SECONDS = 30;

  private final Thread thread;

  private ReplayProgress(Thread thread) {
    this.thread = thread;
  }

  static ReplayProgress shown(Replay replay, PrintWriter errors, boolean terminal) {
    Runnable shows = terminal ? () -> show(replay, errors) : () -> warn(replay, errors);
    Thread thread = new Thread(shows, "progress");
    thread.setDaemon(true);
    thread.start();
    return new ReplayProgress(thread);
  }

  private static void show(Replay replay, PrintWriter terminal) {
    Totals before = replay.totals();
    try {
      while (true) {
        Thread.sleep(EVERY_MILLIS);
        Totals now = replay.totals();
        String trouble = replay.trouble();
        terminal.printf(
            Locale.ROOT,
            "\r\033[K%,12d records, +%,d%s",
            now.records(),
            now.records() - before.records(),
            trouble.isEmpty()
                ? ""
                : ", trying again: "
                    + trouble.substring(0, Math.min(MOST_TROUBLE, trouble.length())));
        terminal.flush();
        before = now;
      }
    } catch (InterruptedException e) {
      terminal.print("\r\033[K");
      terminal.flush();
    }
  }

  private static void warn(Replay replay, PrintWriter errors) {
    int quiet = 0;
    try {
      while (true) {
        Thread.sleep(EVERY_MILLIS);
        String trouble = replay.trouble();
        if (trouble.isEmpty() || --quiet > 0) {
          continue;
        }
        quiet = AGAIN_SECONDS;
        errors.println("sluice replay: trying again: " + trouble);
        errors.flush();
      }
    } catch (InterruptedException e) { // the replay has ended, and says how
      return;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
