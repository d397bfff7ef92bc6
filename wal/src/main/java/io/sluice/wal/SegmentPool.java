package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files ready to be written: fills new ones with zeros, turns released segments into spares.
 * Its one thread does all of that; the writing thread only takes. A file that cannot be made (the
 * disk is full) is tried again and meanwhile narrows the budget; a name that cannot be changed or
 * forced is final.
 */
final class SegmentPool implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentPool.class);
  private static final int FILL_BYTES = 1 << 20;
  private static final long RETRY_MILLIS = 1_000;

  private final Storage storage;
  private final DiskBudget budget;
  private final SegmentList segments;
  private final long segmentBytes;
  private final Consumer<Throwable> fatal;
  private volatile @Nullable ExtentFile extent;
  // Guarded by this.
  private final ArrayDeque<String> spares = new ArrayDeque<>();
  private final SpareDemand demand;
  private long spareNumber;
  private long releasedUpTo;
  private long largeWanted;
  private @Nullable String largeMade;
  private boolean poked;
  private boolean makingFailed;
  private boolean closing;
  private boolean stopped;

  SegmentPool(
      WalConfig config,
      Storage storage,
      DiskBudget budget,
      SegmentList segments,
      LongSupplier nanoTime,
      Consumer<Throwable> fatal) {
    this.storage = storage;
    this.budget = budget;
    this.segments = segments;
    this.segmentBytes = config.segmentBytes();
    this.demand = new SpareDemand(config.maxSpares(), segmentBytes, nanoTime);
    this.fatal = fatal;
  }

  /** Where it is written down that a segment is given up, before it is. Before the thread runs. */
  void writesDownIn(ExtentFile file) {
    extent = file;
  }

  /**
   * Takes in the spares that are there, deletes what is half made. Before the thread runs. Names
   * are forced first: who made a spare of a segment may have been killed before he did, and a power
   * cut would bring the live name back, over what is written into the spare by then.
   */
  synchronized void open() throws IOException {
    storage.forceDirectory();
    for (String name : storage.list()) {
      OptionalLong number = SegmentName.spareNumber(name);
      if (number.isPresent()) {
        spareNumber = Math.max(spareNumber, number.getAsLong());
        if (SegmentName.isSpare(name) && hasSegmentLength(name)) {
          spares.addLast(name);
          budget.addSpare(segmentBytes);
        } else {
          storage.delete(name);
        }
      }
    }
    budget.diskHas(storage.usableBytes());
  }

  /**
   * One spare at least is there on return. Before the thread runs.
   *
   * @throws IOException none can be made
   */
  synchronized void makeFirst() throws IOException {
    if (spares.isEmpty()) {
      long number = nextSpareNumber();
      fill(SegmentName.filling(number), segmentBytes);
      spares.addLast(publish(number, segmentBytes));
    }
  }

  /**
   * Makes a live segment without records as good as one just begun: durably, nothing but zeros is
   * behind its header, so that no record of a torn write can come back behind the next ones. The
   * header is not written: a live name must never have half a one. Before the thread runs.
   */
  void clear(SegmentHeader empty) throws IOException {
    try (Storage.StorageFile file = storage.open(empty.fileName(), Storage.Access.WRITE)) {
      writeZeros(file, SegmentHeader.BYTES, empty.length());
    }
    storage.forceDirectory(); // who gave it its name may have been killed before
  }

  private boolean hasSegmentLength(String name) throws IOException {
    try (Storage.StorageFile file = storage.open(name, Storage.Access.READ)) {
      return file.length() == segmentBytes;
    }
  }

  /**
   * A whole, forced file of that length, counted as live from now on. Waits until there is one.
   *
   * @throws IOException there is none and there will be none
   */
  synchronized String take(long length) throws IOException {
    if (length != segmentBytes) {
      largeWanted = length;
    }
    while (true) {
      String name = length == segmentBytes ? spares.pollFirst() : largeMade;
      if (name != null) {
        largeMade = null;
        largeWanted = 0;
        budget.addSpare(-length);
        budget.addLive(length);
        demand.left(spares.size());
        poke();
        return name;
      }
      if (stopped || (closing && makingFailed)) {
        throw new IOException(
            "cannot make a segment of %d bytes in %s (free disk space)"
                .formatted(length, storage.describe()));
      }
      if (!makingFailed) { // else the thread tries again in its own time
        poke();
      }
      if (length == segmentBytes) {
        demand.waited();
      }
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException("cannot go on: the writing thread was interrupted", e);
      }
    }
  }

  synchronized void release(long upTo) {
    if (upTo > releasedUpTo) {
      releasedUpTo = upTo;
      poke();
    }
  }

  /** There may be something to do. */
  synchronized void poke() {
    poked = true;
    notifyAll();
  }

  /** From now on who waits for a file that cannot be made is told so. */
  synchronized void closing() {
    closing = true;
    notifyAll();
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  @Override
  public void run() {
    try {
      while (awaitWork()) {
        boolean busy = true;
        while (busy && !isStopped()) {
          busy = recycleOne() || makeOne() || dropOne();
        }
        askDisk();
        look();
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      stop();
      fatal.accept(e);
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private synchronized boolean awaitWork() throws InterruptedException {
    while (!poked && !stopped) {
      wait(makingFailed ? RETRY_MILLIS : SpareDemand.LOOK_MILLIS);
      poked |= makingFailed || demand.isTimeToLook();
    }
    poked = false;
    return !stopped;
  }

  private boolean recycleOne() throws IOException {
    long upTo;
    synchronized (this) {
      upTo = releasedUpTo;
    }
    Segment segment = segments.takeReleased(upTo);
    if (segment == null) {
      return false;
    }
    recycle(segment.header());
    return true;
  }

  /**
   * Gives a live file up. The extent no longer promises it, and the directory is forced before the
   * next one goes, so that what is left after a power cut has no gap.
   */
  void recycle(SegmentHeader segment) throws IOException {
    String spare = null;
    synchronized (this) {
      if (segment.length() == segmentBytes && spares.size() < demand.kept()) {
        spare = SegmentName.spare(nextSpareNumber());
      }
    }
    ExtentFile promised = extent;
    if (promised != null) {
      promised.beginsAt(segments.oldest());
    }
    if (spare == null) {
      storage.delete(segment.fileName());
    } else {
      storage.rename(segment.fileName(), spare);
    }
    storage.forceDirectory();
    budget.addLive(-segment.length());
    if (spare != null) {
      addSpare(spare);
      budget.addSpare(segmentBytes);
    }
  }

  private synchronized void addSpare(String name) {
    spares.addLast(name);
    notifyAll();
  }

  /** One spare is kept even beyond the budget: the next start needs it. */
  private boolean makeOne() throws IOException {
    long large;
    int ready;
    int enough;
    synchronized (this) {
      large = largeMade == null ? largeWanted : 0;
      ready = spares.size();
      enough = demand.ready();
    }
    if (large > 0) {
      return (!budget.mayMake(large) && dropSpare()) || make(large);
    }
    if (ready == 0 || (ready < enough && budget.mayMake(segmentBytes))) {
      return make(segmentBytes);
    }
    synchronized (this) {
      makingFailed = false;
    }
    return false;
  }

  /** Of the pool's thread, or before it runs: nobody else changes what the disk holds. */
  void askDisk() throws IOException {
    boolean full;
    long usable = storage.usableBytes();
    synchronized (this) {
      full = makingFailed;
      demand.diskHas(usable);
    }
    budget.diskHas(full ? 0 : usable);
  }

  private boolean make(long length) throws IOException {
    long number = nextSpareNumber();
    try {
      fill(SegmentName.filling(number), length);
    } catch (IOException e) {
      LOG.warn(
          "cannot make a segment in {}: the log goes on with what it has", storage.describe(), e);
      synchronized (this) {
        makingFailed = true;
        notifyAll();
      }
      return false;
    }
    String name = publish(number, length);
    synchronized (this) {
      makingFailed = false;
      if (length == segmentBytes) {
        spares.addLast(name);
      } else {
        largeMade = name;
      }
      notifyAll();
    }
    return true;
  }

  private synchronized long nextSpareNumber() {
    return ++spareNumber;
  }

  private void fill(String name, long length) throws IOException {
    if (storage.usableBytes() < length) {
      throw new IOException(
          "cannot fill a segment of %d bytes: the disk has %d left (free disk space)"
              .formatted(length, storage.usableBytes()));
    }
    try (Storage.StorageFile file = storage.create(name)) {
      writeZeros(file, 0, length);
    } catch (IOException e) {
      deleteQuietly(name, e);
      throw e;
    }
  }

  private static void writeZeros(Storage.StorageFile file, long from, long end) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(FILL_BYTES, end - from));
    ByteBuffer[] one = {zeros};
    for (long at = from; at < end; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
      file.write(one, 1, at);
    }
    file.force();
  }

  /** The name says that the file is whole only once it is. */
  private String publish(long number, long length) throws IOException {
    String spare = SegmentName.spare(number);
    storage.rename(SegmentName.filling(number), spare);
    storage.forceDirectory();
    budget.madeSpare(length);
    return spare;
  }

  private void deleteQuietly(String name, IOException cause) {
    try {
      storage.delete(name);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private boolean dropOne() throws IOException {
    synchronized (this) {
      if (spares.size() <= demand.kept()) {
        return false;
      }
    }
    return dropSpare();
  }

  /** Now and then: what nobody took of since the last time goes. Of the pool's thread. */
  private void look() throws IOException {
    int unused;
    synchronized (this) {
      unused = demand.isTimeToLook() ? demand.unused(spares.size()) : 0;
    }
    for (int i = 0; i < unused; i++) {
      dropSpare();
    }
  }

  private boolean dropSpare() throws IOException {
    String name;
    synchronized (this) {
      name = spares.pollLast();
    }
    if (name == null) {
      return false;
    }
    storage.delete(name);
    storage.forceDirectory();
    budget.addSpare(-segmentBytes);
    synchronized (this) {
      demand.left(spares.size());
    }
    return true;
  }
}
