package io.sluice.schema.service;

import com.sun.management.UnixOperatingSystemMXBean;
import io.opentelemetry.api.common.Attributes;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * What a metrics page shows of the process and its JVM, by the names of OpenTelemetry's
 * conventions. The platform's beans are first asked when the page is: not at start.
 */
public final class ProcessMeters {

  private static final Attributes HEAP =
      Attributes.builder().put("jvm.memory.type", "heap").build();

  private static final Attributes OTHER =
      Attributes.builder().put("jvm.memory.type", "non_heap").build();

  private static final long UNKNOWN = -1;

  public static void register(Telemetry telemetry) {
    Runtime runtime = Runtime.getRuntime();
    telemetry.gauge("jvm.memory.used", HEAP, () -> runtime.totalMemory() - runtime.freeMemory());
    telemetry.gauge(
        "jvm.memory.used",
        OTHER,
        () -> ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed());
    telemetry.gauge("jvm.memory.limit", HEAP, runtime::maxMemory);
    for (String pool : new String[] {"direct", "mapped"}) {
      telemetry.gauge(
          "jvm.buffer.memory.used",
          Attributes.builder().put("jvm.buffer.pool.name", pool).build(),
          () -> buffers(pool));
    }
    telemetry.gauge(
        "jvm.thread.count",
        Attributes.empty(),
        () -> ManagementFactory.getThreadMXBean().getThreadCount());
    telemetry.gauge(
        "process.open_file_descriptor.count", Attributes.empty(), ProcessMeters::openFiles);
    telemetry.counter("sluice.log.suppressed", Attributes.empty(), RepeatFilter::suppressed);
    telemetry.gauge(
        "process.uptime",
        Attributes.empty(),
        () -> TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()));
  }

  private static long buffers(String pool) {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(bean -> bean.getName().equals(pool))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : UNKNOWN;
  }

  private ProcessMeters() {}
}
