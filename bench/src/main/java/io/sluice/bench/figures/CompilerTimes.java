package io.sluice.bench.figures;

import io.sluice.bench.harness.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * CPU time of each compiler thread of JVMs at one moment, as Linux counts it (none elsewhere).
 *
 * @param millis by the thread's id
 */
record CompilerTimes(Map<Long, Long> millis) {

  private static final long MILLIS_A_TICK = 10;
  private static final int USER = 11;
  private static final int SYSTEM = 12;

  CompilerTimes {
    millis = Map.copyOf(millis);
  }

  /** They must be running. */
  static CompilerTimes of(List<ServiceProcess> processes) throws IOException {
    Map<Long, Long> times = new HashMap<>();
    for (ServiceProcess process : processes) {
      Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
      if (Files.isDirectory(tasks)) {
        try (Stream<Path> all = Files.list(tasks)) {
          for (Path task : all.toList()) {
            note(stat(task), times);
          }
        }
      }
    }
    return new CompilerTimes(times);
  }

  /** One thread's line; nobody's, if it has ended just now. */
  private static String stat(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("stat"));
    } catch (NoSuchFileException e) {
      return "0 ()";
    }
  }

  /** Notes the thread of a line of /proc, if it is a compiler; its name may have spaces. */
  static void note(String stat, Map<Long, Long> times) {
    int begin = stat.indexOf('(');
    int end = stat.lastIndexOf(')');
    if (stat.substring(begin + 1, end).matches("C[12] Compiler.*")) {
      String[] fields = stat.substring(end + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
      times.put(Long.valueOf(stat.substring(0, begin).trim()), MILLIS_A_TICK * ticks);
    }
  }

  /** Since then; of a thread that has ended meanwhile, nothing. */
  long millisSince(CompilerTimes before) {
    return millis.entrySet().stream()
        .mapToLong(each -> each.getValue() - before.millis.getOrDefault(each.getKey(), 0L))
        .sum();
  }
}
