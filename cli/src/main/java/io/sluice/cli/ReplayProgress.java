package io.sluice.cli;

import io.sluice.query.replay.Replay;
import io.sluice.query.replay.Totals;
import java.io.PrintWriter;
import java.util.Locale;

/** A line a second on a terminal while a replay runs, in place of the one before. */
final class ReplayProgress implements AutoCloseable {

  private static final long EVERY_MILLIS = 1_000;
  private static final int MOST_TROUBLE = 60;

  /** For those who do not look. */
  static final ReplayProgress NONE = new ReplayProgress(new Thread(() -> {}));

  private final Thread thread;

  private ReplayProgress(Thread thread) {
    this.thread = thread;
  }

  static ReplayProgress shown(Replay replay, PrintWriter terminal) {
    Thread thread = new Thread(() -> show(replay, terminal), "progress");
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
