package io.sluice.acceptor.forward;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Batches that wait for their message. Owned by its stream. */
final class Backlog {

  private final Deque<Parcel> parcels = new ArrayDeque<>();
  private long bytes;

  void add(Parcel parcel) {
    parcels.add(parcel);
    bytes += bytes(parcel);
  }

  boolean isEmpty() {
    return parcels.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /** Takes the next message's batches: at least one, and no more once they are enough. */
  List<Parcel> gather(ForwardLimits limits) {
    List<Parcel> gathered = new ArrayList<>();
    long taken = 0;
    while (!parcels.isEmpty()) {
      long next = bytes(parcels.element());
      boolean full = taken >= limits.enough() || taken + next > limits.most();
      if (full && !gathered.isEmpty()) {
        break;
      }
      taken += next;
      gathered.add(parcels.remove());
    }
    bytes -= taken;
    return gathered;
  }

  void forEach(Consumer<Parcel> action) {
    parcels.forEach(action);
  }

  /** Frees those that nobody waits for any more. */
  void dropUnawaited() {
    for (Iterator<Parcel> all = parcels.iterator(); all.hasNext(); ) {
      Parcel parcel = all.next();
      if (!parcel.awaited()) {
        all.remove();
        bytes -= bytes(parcel);
        parcel.free();
      }
    }
  }

  private static long bytes(Parcel parcel) {
    return parcel.batch().rows().bytes();
  }
}
