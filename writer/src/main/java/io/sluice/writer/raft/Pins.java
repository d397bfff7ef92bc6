package io.sluice.writer.raft;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Positions that cursors stand on: nothing from there on may go. Thread-safe. */
final class Pins {

  private final Set<AtomicLong> pins = new HashSet<>();

  /** A pin of one cursor. */
  final class Pin implements AutoCloseable {
    private final AtomicLong position;

    private Pin(long position) {
      this.position = new AtomicLong(position);
    }

    long position() {
      return position.get();
    }

    void moveTo(long next) {
      position.set(next);
    }

    @Override
    public void close() {
      synchronized (pins) {
        pins.remove(position);
      }
    }
  }

  Pin add(long position) {
    Pin pin = new Pin(position);
    synchronized (pins) {
      pins.add(pin.position);
    }
    return pin;
  }

  /** The lowest of them; the highest number if there are none. */
  long lowest() {
    synchronized (pins) {
      return pins.stream().mapToLong(AtomicLong::get).min().orElse(Long.MAX_VALUE);
    }
  }
}
