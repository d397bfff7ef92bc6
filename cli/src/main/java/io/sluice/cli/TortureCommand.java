package io.sluice.cli;

import io.sluice.bench.harness.LakeFile;
import io.sluice.bench.torture.Torture;
import io.sluice.bench.torture.TortureOptions;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.ShutdownSignal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice torture}: random faults on real processes under load, and an audit. */
@Command(
    name = "torture",
    description = {
      "Starts Writers and an Acceptor of its own, loads them, kills, stops, cuts off and starves",
      "them by a plan that follows from the seed, and compares what was acked with the tables.",
      "Ctrl-C ends the faults early; the audit still comes.",
      "Exit codes: 0 nothing lost, nothing twice, nothing else wrong; 1 not so."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class TortureCommand implements Callable<Integer> {

  @Option(names = "--minutes", description = "how long there are faults", paramLabel = "M")
  private double minutes = 15;

  @Option(
      names = "--seed",
      description = "the same seed and minutes give the same plan of faults; default: random",
      paramLabel = "S")
  private @Nullable Long seed;

  @Option(names = "--rate", description = "records a second in all", paramLabel = "N")
  private double rate = 2_000;

  @Option(
      names = "--writers",
      description = "how many; what hurts one of several is made good before the next",
      paramLabel = "N")
  private int writers = 1;

  @Option(
      names = "--replication-factor",
      description = "1, or 3: each log is on three Writers",
      paramLabel = "F")
  private int factor = 1;

  @Option(
      names = "--dir",
      description = "of data, logs and notes; default: a temporary one, removed if all is well",
      paramLabel = "DIRECTORY")
  private @Nullable Path directory;

  @Option(
      names = "--lake",
      description = {
        "settings file of the tables (catalog.uri, warehouse, s3.*), which must be empty:",
        "PostgreSQL, and S3 without TLS; default: in the directory"
      },
      paramLabel = "FILE")
  private @Nullable Path lake;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Ends the JVM by itself. */
  @Override
  public Integer call() throws Exception {
    Torture torture = new Torture(options(), System.out);
    ShutdownSignal shutdown = ShutdownSignal.install();
    Thread stopper = new Thread(() -> stop(torture, shutdown), "stop");
    stopper.setDaemon(true);
    stopper.start();
    int code = Launch.FAILED;
    try {
      code = torture.run().clean() ? Launch.OK : Launch.FAILED;
    } finally {
      shutdown.finished(code);
    }
    return code;
  }

  private static void stop(Torture torture, ShutdownSignal shutdown) {
    try {
      String ignored = shutdown.await(); // Ctrl-C, SIGTERM, or the end of the run
      torture.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private TortureOptions options() {
    long chosen = seed == null ? new SecureRandom().nextLong() >>> 1 : seed;
    try {
      return new TortureOptions(
          Duration.ofMillis((long) (minutes * 60_000)),
          chosen,
          rate,
          writers,
          factor,
          directory,
          lake == null ? null : LakeFile.read(lake));
    } catch (IllegalArgumentException | InvalidSettingsException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
