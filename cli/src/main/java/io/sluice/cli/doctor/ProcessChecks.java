package io.sluice.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this user's processes may have of the machine, or of the container. */
final class ProcessChecks {

  private static final long MARGIN = 1024;
  private static final long MOST_OF_MEMORY_PERCENT = 90;

  private final OperatingSystemMXBean machine =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /**
   * Open files.
   *
   * @param connections that the services take at most, each of them a file
   */
  Finding files(long connections) {
    return machine instanceof UnixOperatingSystemMXBean unix
        ? files(unix.getMaxFileDescriptorCount(), connections)
        : Finding.ok("open files", "this system has no limit that Java knows");
  }

  static Finding files(long limit, long connections) {
    String have = "%d may be open, %d connections are taken at most".formatted(limit, connections);
    return limit < connections + MARGIN
        ? Finding.warn(
            "open files",
            "%s (ulimit -n %d, LimitNOFILE= of systemd, or lower otlp.grpc.max-connections and otlp.http.max-connections)"
                .formatted(have, connections + MARGIN))
        : Finding.ok("open files", have);
  }

  /**
   * Memory.
   *
   * @param budget bytes that the services take at most, heaps and all
   */
  Finding memory(long budget) {
    return memory(machine.getTotalMemorySize(), budget); // of the container, if it is in one
  }

  static Finding memory(long total, long budget) {
    String have =
        "%s are there, services may take %s"
            .formatted(DiskChecks.size(total), DiskChecks.size(budget));
    return budget > total / 100 * MOST_OF_MEMORY_PERCENT
        ? Finding.warn(
            "memory",
            have + " (lower memory.max-bytes and acceptor.memory, or their -Xmx; or have more)")
        : Finding.ok("memory", have);
  }

  /** Processors. */
  Finding processors() {
    int processors = Runtime.getRuntime().availableProcessors();
    return processors < 2
        ? Finding.warn("processors", processors + ": Writer and Acceptor want one each")
        : Finding.ok("processors", Integer.toString(processors));
  }
}
