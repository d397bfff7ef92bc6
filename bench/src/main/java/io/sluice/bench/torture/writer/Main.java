package io.sluice.bench.torture.writer;

import io.sluice.lake.Lake;
import io.sluice.schema.service.Launch;
import io.sluice.wal.FileStorage;
import io.sluice.wal.LogEnvironment;
import io.sluice.writer.WriterEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/** The Writer as a process whose disk, store and catalog are switched by a file. */
public final class Main {

  /** The system property that names the file. */
  public static final String SWITCHES = "sluice.torture.switches";

  public static void main(String[] flags) throws Exception {
    System.setProperty("arrow.allocation.manager.type", "Unsafe");
    SwitchBoard board =
        SwitchBoard.watch(Path.of(Objects.requireNonNull(System.getProperty(SWITCHES))));
    SwitchedDriver.install(board);
    WriterEnvironment environment =
        new WriterEnvironment(
            directory -> disk(directory, board),
            config ->
                Lake.open(config, Clock.systemUTC(), new SwitchedStore(Lake.files(config), board)));
    Launch.main(
        "writer",
        flags,
        (settings, shutdown) -> io.sluice.writer.Main.run(settings, environment, shutdown));
  }

  private static LogEnvironment disk(Path directory, SwitchBoard board) throws IOException {
    LogEnvironment system = LogEnvironment.system(directory);
    return new LogEnvironment(
        new SwitchedDisk(FileStorage.existing(directory), board),
        system.nanoTime(),
        system.wallMicros(),
        system.random());
  }

  private Main() {}
}
