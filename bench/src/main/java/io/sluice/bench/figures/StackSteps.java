package io.sluice.bench.figures;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What each stack of a profile is a part of: the way of a record, step by step. */
final class StackSteps {

  /** Where no rule fits. */
  static final String OTHER = "other";

  /** A step, and the frames (or the thread) that tell of it. */
  private record Rule(String step, Pattern frames) {
    static Rule of(String step, String frames) {
      return new Rule(step, Pattern.compile(frames));
    }
  }

  private static final String LOG_WRITTEN = "log: write and force";
  private static final String SOCKETS = "sockets (system calls)";
  private static final String LOG = "io/sluice/wal/";

  /** By the thread's name alone. */
  private static final List<Rule> THREADS =
      List.of(
          Rule.of("JVM: compilers", "C[12] CompilerThre.*|.*Sweeper.*"),
          Rule.of("JVM: collector", "G1 .*|GC Thread.*|VM Thread|VM Periodic.*"));

  /** The first frame from the innermost on that one of them fits decides. */
  private static final List<Rule> FRAMES =
      List.of(
          Rule.of(
              "log: write and force", "(__)?(libc_)?(pwrite|pwritev|fdatasync|fsync|fallocate).*"),
          Rule.of(
              SOCKETS,
              "(__)?(libc_)?(readv?|writev?|recv(msg|from)?|send(msg|to)?|accept4?|epoll_.*|poll)(_nocancel)?"),
          Rule.of("other threads woken", "(__)?(pthread_cond_|futex|syscall|eventfd_).*"),
          Rule.of("ZSTD", "(?i)(_?zstd_|huf_|fse_|xxh|com/github/luben/zstd).*"),
          Rule.of("JSON to OTLP", "io/sluice/acceptor/transcode/.*"),
          Rule.of("decode into columns", "io/sluice/acceptor/(decode|columns)/.*"),
          Rule.of("receive: limits, tenants, answers", "io/sluice/acceptor/(receive|route)/.*"),
          Rule.of("forward: batches, DoPut", "io/sluice/acceptor/forward/.*"),
          Rule.of("Parquet: pages", "io/sluice/writer/parquet/.*"),
          Rule.of("Parquet: files", "org/apache/(parquet|iceberg)/.*"),
          Rule.of("persist: sort, windows", "io/sluice/writer/persist/.*"),
          Rule.of("apply: batches to chunks, windows", "io/sluice/writer/(apply|buffer)/.*"),
          Rule.of("intake: messages checked", "io/sluice/writer/intake/.*"),
          Rule.of("readers served", "io/sluice/writer/serve/.*"),
          Rule.of("log: frames, checksums", "io/sluice/wal/.*"),
          Rule.of("columns, rows", "io/sluice/schema/rows/.*"),
          Rule.of("Flight", "org/apache/arrow/flight/.*"),
          Rule.of("gRPC", "io/grpc/(?!netty/shaded/io/netty).*"),
          Rule.of("HTTP/2, Netty", "io/(grpc/netty/shaded/io/)?netty/.*"));

  private final Map<String, Long> weights = new TreeMap<>();
  private long all;

  /**
   * Adds one line of a profile.
   *
   * @param line the thread's name in brackets, frames from the first caller on, all apart by
   *     semicolons; a space; the weight
   */
  void add(String line) {
    int end = line.lastIndexOf(' ');
    long weight = Long.parseLong(line.substring(end + 1));
    weights.merge(step(line.substring(0, end).split(";", -1)), weight, Long::sum);
    all += weight;
  }

  private static String step(String[] stack) {
    String thread = stack[0].replaceAll("^\\[|( tid=\\d+)?\\]$", "");
    for (Rule rule : THREADS) {
      if (rule.frames().matcher(thread).matches()) {
        return rule.step();
      }
    }
    for (int i = stack.length - 1; i > 0; i--) {
      for (Rule rule : FRAMES) {
        if (rule.frames().matcher(stack[i]).matches()) {
          return rule.step().equals(SOCKETS) && isOfTheLog(stack) ? LOG_WRITTEN : rule.step();
        }
      }
    }
    return OTHER;
  }

  /** It is written by the calls that sockets are. */
  private static boolean isOfTheLog(String[] stack) {
    return Arrays.stream(stack).anyMatch(frame -> frame.startsWith(LOG));
  }

  /** What all of them weigh. */
  long all() {
    return all;
  }

  /** Each step and its weight, the heaviest first. */
  List<Map.Entry<String, Long>> heaviestFirst() {
    return weights.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .toList();
  }
}
