package io.sluice.acceptor.forward;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Batches that wait for their message. Owned by its stream. */
final class Backlog {

  private final Set<Parcel> parcels = new LinkedHashSet<>(); // in order, and quick to leave
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
    for (Iterator<Parcel> all = parcels.iterator(); all.hasNext(); ) {
      Parcel parcel = all.next();
      long next = bytes(parcel);
      boolean full = taken >= limits.enough() || taken + next > limits.most();
      if (full && !gathered.isEmpty()) {
        break;
      }
      taken += next;
      gathered.add(parcel);
      all.remove();
    }
    bytes -= taken;
    return gathered;
  }

  /** Takes this one out; false if it is not here. */
  boolean remove(Parcel parcel) {
    boolean here = parcels.remove(parcel);
    bytes -= here ? bytes(parcel) : 0;
    return here;
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
