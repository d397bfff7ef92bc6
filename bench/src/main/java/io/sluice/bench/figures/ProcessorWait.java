package io.sluice.bench.figures;

import io.sluice.bench.harness.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long each thread of a process has been ready to run and had no processor, at one moment, as
 * Linux counts it (nothing elsewhere): {@code /proc/PID/task/TID/schedstat}, its second number.
 *
 * @param nanos by the thread's id
 */
record ProcessorWait(Map<String, Long> nanos) {

  ProcessorWait {
    nanos = Map.copyOf(nanos);
  }

  /** It must be running. */
  static ProcessorWait of(ServiceProcess process) throws IOException {
    Map<String, Long> nanos = new HashMap<>();
    Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    if (Files.isDirectory(tasks)) {
      try (Stream<Path> all = Files.list(tasks)) {
        for (Path task : all.toList()) {
          nanos.put(task.getFileName().toString(), waited(task));
        }
      }
    }
    return new ProcessorWait(nanos);
  }

  /** One thread's; 0 if it has ended just now. */
  private static long waited(Path task) throws IOException {
    try {
      return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", -1)[1]);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Of all threads since then; of a thread that has ended meanwhile, nothing. */
  long nanosSince(ProcessorWait before) {
    return nanos.entrySet().stream()
        .mapToLong(each -> each.getValue() - before.nanos.getOrDefault(each.getKey(), 0L))
        .sum();
  }
}
