package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.schema.table.Signal;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heap allocation belongs to a request, not to its rows. */
class AllocationTest {

  private static final int FEW = 1_000;
  private static final int MANY = 8_000;

  @ParameterizedTest
  @EnumSource(Signal.class)
  void anotherRowAllocatesNothing(Signal signal) {
    byte[] few = request(signal, FEW);
    byte[] many = request(signal, MANY);
    try (Decoding decoding = new Decoding()) {
      for (int i = 0; i < 30; i++) {
        decode(decoding, signal, many);
      }
      long less = least(decoding, signal, few);
      long more = least(decoding, signal, many);
      assertThat((double) (more - less) / (MANY - FEW)).isLessThan(0.01);
    }
  }

  private static long least(Decoding decoding, Signal signal, byte[] request) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      least = Math.min(least, decode(decoding, signal, request));
    }
    return least;
  }

  /** Heap bytes allocated. */
  private static long decode(Decoding decoding, Signal signal, byte[] request) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    List<Decoded.Part> parts = decoding.decoder.decode(signal, request, 0, request.length).parts();
    for (int i = 0; i < parts.size(); i++) {
      decoding.pool.give(parts.get(i).columns());
    }
    return threads.getThreadAllocatedBytes(thread) - before;
  }

  private static byte[] request(Signal signal, int records) {
    Traffic traffic = new Traffic(3);
    return switch (signal) {
      case TRACES -> traffic.traces(records).toByteArray();
      case LOGS -> traffic.logs(records).toByteArray();
      case METRICS -> traffic.metrics(records).toByteArray();
      case PROFILES -> traffic.profiles(records).toByteArray();
    };
  }
}
