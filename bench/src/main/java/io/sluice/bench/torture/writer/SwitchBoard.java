package io.sluice.bench.torture.writer;

import io.sluice.bench.torture.writer.Switches.Switch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The switches as they are now. Its own thread reads the file; any thread asks and waits. */
final class SwitchBoard {

  private static final long POLL_MILLIS = 20;

  private final Path file;
  private Switches now = Switches.NONE; // guarded by this

  /** Reads the file before it returns, and from then on. */
  static SwitchBoard watch(Path file) throws IOException {
    SwitchBoard board = new SwitchBoard(file);
    board.set(Switches.read(file));
    Thread thread = new Thread(board::run, "switches");
    thread.setDaemon(true);
    thread.start();
    return board;
  }

  private SwitchBoard(Path file) {
    this.file = file;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(POLL_MILLIS);
        set(Switches.read(file));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read switches: " + file, e);
    }
  }

  private synchronized void set(Switches read) {
    now = read;
    notifyAll();
  }

  synchronized boolean isOn(Switch kind) {
    return now.has(kind);
  }

  synchronized long number(Switch kind) {
    return now.number(kind);
  }

  /** Returns when it is off. */
  synchronized void awaitOff(Switch kind) throws InterruptedException {
    while (now.has(kind)) {
      wait();
    }
  }

  /** Waits that long, or until it is off. */
  synchronized void delay(Switch kind) {
    long end = System.nanoTime() + now.number(kind) * 1_000_000;
    boolean interrupted = false;
    for (long left = 0; now.has(kind) && (left = end - System.nanoTime()) > 0; ) {
      try {
        wait(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
