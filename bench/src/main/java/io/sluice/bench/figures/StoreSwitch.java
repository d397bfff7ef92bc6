package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.torture.writer.Main;
import io.sluice.bench.torture.writer.Switches;
import io.sluice.bench.torture.writer.Switches.Switch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A box whose store can be made to answer nothing at all, for as long as it takes. */
final class StoreSwitch {

  private final Path file;

  StoreSwitch(Path directory) throws IOException {
    this.file = directory.resolve("switches").toAbsolutePath();
    answer();
  }

  /** How the box is wired to it. */
  SluiceBox.Wiring wiring() {
    return new SluiceBox.Wiring(
        Main.class.getName(), List.of("-D%s=%s".formatted(Main.SWITCHES, file)), null, null);
  }

  void hang() throws IOException {
    new Switches(Map.of(Switch.STORE_HANGS, 0L)).write(file);
  }

  void answer() throws IOException {
    Switches.NONE.write(file);
  }
}
