package io.sluice.cli;

import io.grpc.ChannelCredentials;
import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.AuditTarget;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Settings;
import io.sluice.schema.wire.ReadTicket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice audit}: what a load run noted, compared with the tables. */
@Command(
    name = "audit",
    description = {
      "Compares what sluice load noted as acked with the tables, record by record.",
      "Exit codes: 0 each acked record is there once and nothing else, 1 not so, or",
      "the tables cannot be read as a whole, 2 there is nothing to compare with."
    },
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "what load wrote with --audit; several are audited together")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "whose tables; default: ${DEFAULT-VALUE}")
  private String tenant = ReadTicket.DEFAULT_TENANT;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    System.setProperty("arrow.allocation.manager.type", "Unsafe");
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    LakeConfig where = LakeSettings.from(settings, common);
    Reach reach = Reach.from(settings);
    for (Path file : files) {
      settings.require(
          !Files.isDirectory(file),
          "cannot audit: %s is a directory (name the file of load --audit)".formatted(file));
    }
    settings.check();
    ChannelCredentials credentials = reach.writers();
    Tables.requireCatalog(common);
    AuditResult result;
    try {
      requireWriters(common, credentials);
      result = Audit.run(files, AuditTarget.of(where, common, credentials, tenant, PATIENCE));
    } catch (ReadException e) {
      spec.commandLine().getErr().println("sluice audit: " + e.getMessage());
      return Launch.FAILED;
    } catch (FlightRuntimeException e) {
      spec.commandLine()
          .getErr()
          .println(
              "sluice audit: cannot read what is hot: a Writer of %s says: %s (ask again)"
                  .formatted(common.writers(), e.getMessage()));
      return Launch.FAILED;
    } catch (RuntimeException e) {
      if (!LakeUnavailableException.isSaidBy(e)) {
        throw e;
      }
      spec.commandLine()
          .getErr()
          .println(
              "sluice audit: cannot read what is persisted: %s (are catalog and warehouse there? ask again)"
                  .formatted(Secrets.mask("", String.valueOf(e.getMessage()))));
      return Launch.FAILED;
    }
    System.out.println(result);
    if (result.unknown() > 0) {
      System.err.printf(
          "%d more were sent and not acked; %d of these are stored%n",
          result.unknown(), result.unknownStored());
    }
    result.offenders().forEach(System.err::println);
    return result.clean() ? Launch.OK : Launch.FAILED;
  }

  /** That all are away is said at once; an election, or a replay, is waited for. */
  private static void requireWriters(CommonSettings common, ChannelCredentials credentials)
      throws ReadException, InterruptedException {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(common.writers(), credentials, allocator)) {
      writers.logs();
    }
  }
}
