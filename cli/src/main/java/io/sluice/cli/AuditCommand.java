package io.sluice.cli;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.AuditTarget;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice audit}: what a load run noted, compared with the tables. */
@Command(
    name = "audit",
    description = {
      "Compares what sluice load noted as acked with the tables, record by record.",
      "Exit codes: 0 each acked record is there once and nothing else, 1 not so."
    },
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "what load wrote with --audit; several are audited together")
  private List<Path> files = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    System.setProperty("arrow.allocation.manager.type", "Unsafe");
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    settings.check();
    AuditResult result = Audit.run(files, AuditTarget.of(common, PATIENCE));
    System.out.println(result);
    if (result.unknown() > 0) {
      System.err.printf(
          "%d more were sent and not acked; %d of these are stored%n",
          result.unknown(), result.unknownStored());
    }
    result.offenders().forEach(System.err::println);
    return result.clean() ? Launch.OK : Launch.FAILED;
  }
}
