package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;

/** Writers that hold the same logs; log n is led by Writer n. */
final class FakeCluster implements AutoCloseable {

  final List<FakeLog> logs = new ArrayList<>();
  final List<FakeMember> writers = new ArrayList<>();

  FakeCluster(int size, BufferAllocator allocator) throws IOException {
    for (int i = 0; i < size; i++) {
      FakeLog log = new FakeLog(i);
      log.leader = i;
      logs.add(log);
      writers.add(new FakeMember(this, i, allocator));
    }
  }

  List<HostPort> addresses() {
    return writers.stream().map(FakeMember::address).toList();
  }

  FakeLog log(int number) {
    return logs.get(number);
  }

  FakeMember writer(int index) {
    return writers.get(index);
  }

  /** One that nobody reaches any more, and that leads nothing by what it knows itself. */
  void kill(int index) {
    writer(index).close();
  }

  /** How many reads were asked for of all Writers. */
  long reads() {
    return writers.stream().flatMap(w -> Stream.of(w.tickets.toArray())).count();
  }

  @Override
  public void close() {
    writers.forEach(FakeMember::close);
  }
}
