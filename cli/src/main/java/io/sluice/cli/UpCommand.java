package io.sluice.cli;

import io.sluice.acceptor.AcceptorSettings;
import io.sluice.lake.maintain.ScheduleSettings;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.ShutdownSignal;
import io.sluice.writer.WriterSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice up}: a Writer and an Acceptor on this box, until Ctrl-C. */
@Command(
    name = "up",
    description = {
      "Starts a Writer and an Acceptor on this box, and stops both on Ctrl-C.",
      "Exit codes: 0 stopped as asked, 1 a service died, 2 it cannot start as it was told to."
    },
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Ends the JVM by itself. */
  @Override
  public Integer call() {
    List<String> flags = SettingsFlags.given(spec);
    Launch.main(
        "sluice up",
        flags.toArray(new String[0]),
        (settings, shutdown) -> up(settings, flags, shutdown));
    return Launch.OK;
  }

  private static void up(Settings settings, List<String> flags, ShutdownSignal shutdown)
      throws Exception {
    AcceptorSettings acceptor = AcceptorSettings.from(settings);
    WriterSettings writer = WriterSettings.from(settings);
    settings.check();
    acceptor.tls().read();
    Box box = Box.check(writer);
    ServiceJvm jvm = ServiceJvm.likeThis();
    List<ChildSpec> children =
        List.of(
            box.child(Service.ACCEPTOR, jvm.command(Service.ACCEPTOR, flags)),
            box.child(Service.WRITER, jvm.command(Service.WRITER, withSchedule(writer, flags))));
    Banner banner = new Banner(writer.common(), acceptor.tls().certificate());
    new Up(children, System.out, System.err).run(shutdown, banner::print);
  }

  /** Nobody else writes the tables of one box: its Writer maintains them, unless told otherwise. */
  static List<String> withSchedule(WriterSettings writer, List<String> flags) {
    if (!writer.schedule().mode().equals(ScheduleSettings.AUTO)) {
      return flags;
    }
    List<String> all =
        new ArrayList<>(
            flags.stream()
                .filter(flag -> !flag.startsWith("--" + ScheduleSettings.KEY + "="))
                .toList());
    all.add("--%s=%s".formatted(ScheduleSettings.KEY, ScheduleSettings.ON));
    return all;
  }
}
