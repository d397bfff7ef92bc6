package io.sluice.acceptor;

import io.sluice.acceptor.FakeWriter.Put;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some Writers with replicated logs, as an Acceptor sees them: what the leader of a log has stored,
 * the next one knows. Who leads is what the test says; a Writer learns of it when it is told, and
 * names until then whom it knew.
 */
public final class FakeCluster implements AutoCloseable {

  /** While there is an election. */
  public static final int NOBODY = -1;

  private final List<FakeWriter> writers = new ArrayList<>();
  private final int[] leaders;
  private final long[] terms;
  private final Map<BatchId, PutMetadata.Batch> stored = new HashMap<>();
  private final Map<BatchId, Set<PutMetadata.Batch>> sent = new HashMap<>();
  private final Set<Integer> stopped = new HashSet<>();
  private final AtomicInteger notLed = new AtomicInteger();
  private volatile boolean names = true;
  private volatile boolean tells = true;

  /** Log n is led by Writer n. */
  public FakeCluster(int writers, int logs) throws IOException {
    leaders = IntStream.range(0, logs).map(log -> log % writers).toArray();
    terms = new long[logs];
    Arrays.fill(terms, 1);
    for (int i = 0; i < writers; i++) {
      int number = i;
      FakeWriter writer = new FakeWriter();
      writer.onPut(put -> take(number, put));
      writer.onLogs(() -> tell(number));
      this.writers.add(writer);
    }
  }

  public FakeWriter writer(int number) {
    return writers.get(number);
  }

  public List<HostPort> addresses() {
    return writers.stream().map(FakeWriter::address).toList();
  }

  /** As the setting is written. */
  public String list() {
    return addresses().stream().map(HostPort::toString).collect(Collectors.joining(","));
  }

  /** Whether who does not lead says who does, when a message comes. */
  public void names(boolean names) {
    this.names = names;
  }

  /** Whether Writers say who leads when they are asked. */
  public void tells(boolean tells) {
    this.tells = tells;
  }

  /** An election has ended. */
  public synchronized void elect(int log, int leader) {
    terms[log]++;
    leaders[log] = leader;
  }

  /** It has begun. */
  public synchronized void deposeAll() {
    Arrays.fill(leaders, NOBODY);
  }

  /** Its connections stand, and nothing comes out of it: SIGSTOP. */
  public synchronized void suspend(int writer) {
    stopped.add(writer);
  }

  public synchronized void resume(int writer) {
    stopped.remove(writer);
  }

  /** What a Writer does with a message. */
  public void take(int writer, Put put) {
    PutAnswer answer;
    synchronized (this) {
      put.metadata()
          .batches()
          .forEach(batch -> sent.computeIfAbsent(batch.id(), id -> new HashSet<>()).add(batch));
      if (stopped.contains(writer)) {
        return;
      }
      int leader = leaders[Integer.parseInt(put.path().get(0))];
      if (leader != writer) {
        notLed.incrementAndGet();
        put.notLeader(names && leader != NOBODY ? writers.get(leader).address().toString() : "");
        return;
      }
      answer = store(put);
    }
    put.answer(answer);
  }

  /** Stores it as the leader does. */
  public synchronized PutAnswer store(Put put) {
    List<Boolean> repeats = new ArrayList<>();
    for (PutMetadata.Batch batch : put.metadata().batches()) {
      repeats.add(stored.putIfAbsent(batch.id(), batch) != null);
    }
    return PutAnswer.done(put.metadata().sequence(), repeats);
  }

  public synchronized Set<BatchId> stored() {
    return Set.copyOf(stored.keySet());
  }

  /** Every batch as it was sent, each time: one each if it was the same on each. */
  public synchronized List<PutMetadata.Batch> sent() {
    return sent.values().stream().flatMap(Set::stream).toList();
  }

  /** Messages that came to who does not lead. */
  public int notLed() {
    return notLed.get();
  }

  private synchronized @Nullable String tell(int writer) {
    if (stopped.contains(writer)) {
      return null;
    }
    return IntStream.range(0, leaders.length)
        .mapToObj(
            log ->
                "{\"number\":%d,\"id\":\"x\",\"peers\":[{\"writer\":\"w\"}],\"term\":%d%s,\"leads\":%b}"
                    .formatted(
                        log,
                        terms[log],
                        leaders[log] == NOBODY || !tells
                            ? ""
                            : ",\"leader\":\"" + writers.get(leaders[log]).address() + "\"",
                        tells && leaders[log] == writer))
        .collect(Collectors.joining(",", "{\"v\":1,\"writer\":\"w\",\"logs\":[", "]}"));
  }

  @Override
  public void close() {
    writers.forEach(FakeWriter::close);
  }
}
