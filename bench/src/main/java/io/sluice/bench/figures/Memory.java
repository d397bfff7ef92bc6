package io.sluice.bench.figures;

import io.sluice.bench.harness.ServiceProcess;
import io.sluice.bench.harness.SluiceBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The most memory that the two services ever had, as Linux counts it (0 elsewhere).
 *
 * @param acceptorBytes resident
 * @param writerBytes resident
 */
record Memory(long acceptorBytes, long writerBytes) {

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final double MIB = 1 << 20;

  /** Both must be running. */
  static Memory of(SluiceBox box) throws IOException {
    return new Memory(peak(box.acceptor()), peak(box.writer()));
  }

  Ratio acceptor() {
    return ratio("Acceptor", acceptorBytes, SluiceBox.ACCEPTOR_MEMORY);
  }

  Ratio writer() {
    return writer(writerBytes);
  }

  static Ratio writer(long bytes) {
    return ratio("Writer", bytes, SluiceBox.WRITER_MEMORY);
  }

  private static Ratio ratio(String service, long bytes, long limit) {
    return Ratio.atMost(
        service + "'s memory at most (RSS), MiB",
        bytes / MIB,
        limit / MIB,
        "its heap and direct memory at their limits");
  }

  /** Of one service, which must be running. */
  static long peak(ServiceProcess process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    Matcher matcher = PEAK.matcher(Files.readString(status));
    return matcher.find() ? Long.parseLong(matcher.group(1)) << 10 : 0;
  }
}
