package io.sluice.bench.torture;

import io.sluice.bench.torture.writer.Main;
import io.sluice.bench.torture.writer.Switches;
import io.sluice.bench.torture.writer.Switches.Switch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The harness' hand on the faults within the Writer. Any thread. */
final class SwitchFile {

  private final Path file;
  private final Map<Switch, Long> on = new EnumMap<>(Switch.class); // guarded by this

  SwitchFile(Path file) throws IOException {
    this.file = file;
    Switches.NONE.write(file);
  }

  /** What makes a Writer's JVM heed it. */
  List<String> jvm() {
    return List.of("-D%s=%s".formatted(Main.SWITCHES, file));
  }

  void during(Switch kind, long number, Fault.Lasting lasting)
      throws IOException, InterruptedException {
    during(List.of(this), kind, number, lasting);
  }

  /** The same within several Writers at once. */
  static void during(List<SwitchFile> files, Switch kind, long number, Fault.Lasting lasting)
      throws IOException, InterruptedException {
    try {
      for (SwitchFile file : files) {
        file.set(kind, number);
      }
      lasting.pass();
    } finally {
      for (SwitchFile file : files) {
        file.clear(kind);
      }
    }
  }

  private synchronized void set(Switch kind, long number) throws IOException {
    on.put(kind, number);
    new Switches(on).write(file);
  }

  private synchronized void clear(Switch kind) throws IOException {
    on.remove(kind);
    new Switches(on).write(file);
  }
}
