package io.sluice.writer.raft;

import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A consumer that keeps all texts it was given by position; its snapshot is those. */
final class Replica implements LogConsumer {

  private final SortedMap<Long, String> texts = new TreeMap<>();
  private final SortedMap<Long, Long> times = new TreeMap<>();
  private final List<String> roles = new ArrayList<>();
  private long passed;
  private long restoredTo;

  @Override
  public synchronized void apply(LogRecord record) {
    byte[] bytes = new byte[record.payload().remaining()];
    record.payload().get(bytes);
    if (texts.put(record.position(), new String(bytes, StandardCharsets.UTF_8)) != null) {
      throw new IllegalStateException("position " + record.position() + " was applied before");
    }
    times.put(record.position(), record.logTimeMicros());
    if (record.attachment() instanceof Sent sent) {
      sent.applied(record.position());
    }
    passed(record.position());
  }

  @Override
  public synchronized void passed(long upTo) {
    if (upTo <= passed) {
      throw new IllegalStateException("position %d is behind %d".formatted(upTo, passed));
    }
    passed = upTo;
    notifyAll();
  }

  @Override
  public synchronized void leads(long term) {
    roles.add("leads");
    notifyAll();
  }

  @Override
  public synchronized void follows() {
    roles.add("follows");
    notifyAll();
  }

  @Override
  public synchronized void restore(ReadableByteChannel snapshot, long released) throws IOException {
    texts.clear();
    String all =
        new String(Channels.newInputStream(snapshot).readAllBytes(), StandardCharsets.UTF_8);
    for (String line : all.split("\n", -1)) {
      if (!line.isEmpty()) {
        String[] parts = line.split(" ", 2);
        texts.put(Long.parseLong(parts[0]), parts[1]);
      }
    }
    passed = released;
    restoredTo = released;
    notifyAll();
  }

  /** What it knows up to a position. */
  synchronized void write(long upTo, WritableByteChannel out) throws IOException {
    StringBuilder all = new StringBuilder();
    texts.headMap(upTo + 1).forEach((at, text) -> all.append(at + " " + text + "\n"));
    out.write(ByteBuffer.wrap(all.toString().getBytes(StandardCharsets.UTF_8)));
  }

  synchronized List<String> texts() {
    return List.copyOf(texts.values());
  }

  synchronized List<Long> positions() {
    return List.copyOf(texts.keySet());
  }

  /** Log times in micros, of what was applied here. */
  synchronized List<Long> times() {
    return List.copyOf(times.values());
  }

  synchronized List<String> roles() {
    return List.copyOf(roles);
  }

  synchronized long passedTo() {
    return passed;
  }

  synchronized long restoredTo() {
    return restoredTo;
  }

  synchronized void await(BooleanSupplier reached) throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!reached.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("not reached: " + texts.size() + " texts, roles " + roles);
      }
      wait(Math.min(left, 100));
    }
  }
}
