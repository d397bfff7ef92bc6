package io.sluice.cli;

import io.sluice.acceptor.AcceptorSettings;
import io.sluice.schema.security.PrivateDirectory;
import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.ShutdownSignal;
import io.sluice.writer.WriterSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice up}: Writers and an Acceptor on this box, until Ctrl-C. */
@Command(
    name = "up",
    description = {
      "Starts a Writer and an Acceptor on this box, and stops both on Ctrl-C. With --writers=3 it",
      "starts three Writers; with --replication-factor=3, too, any one of them may die.",
      "Exit codes: 0 stopped as asked, 1 a service died, 2 it cannot start as it was told to."
    },
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Ends the JVM by itself. */
  @Override
  public Integer call() {
    CountedWriters counted = SettingsFlags.counted(spec);
    Launch.main(
        "sluice up",
        counted.flags().toArray(new String[0]),
        (settings, shutdown) -> up(settings, counted, shutdown));
    return Launch.OK;
  }

  private static void up(Settings settings, CountedWriters counted, ShutdownSignal shutdown)
      throws Exception {
    AcceptorSettings acceptor = AcceptorSettings.from(settings);
    WriterSettings shared = WriterSettings.from(settings);
    Reach reach = Reach.from(settings);
    settings.check();
    TlsFiles otlp = acceptor.otlpTls();
    if (otlp != null) {
      Tls.read(otlp);
    }
    shared.access().shownByService(); // made once, for all of them
    var unused = shared.access().open(); // or it says why not, before anything is started
    reach.requireNamed(shared.common().writers());
    Pages pages = reach.pages(shared.common().writers());
    CommonSettings common = shared.common();
    List<BoxWriter> writers = BoxWriter.of(shared, counted, System.getenv(), Path.of(""));
    Box box = Box.check(common, writers, pages);
    if (writers.size() > 1) {
      DataShape.of(common).write(common.data());
      // a lone Writer says it itself: then it is its own directory
      PrivateDirectory.openToOthers(common.data(), common.data().resolve(DataShape.FILE))
          .ifPresent(warning -> System.err.println("sluice up: " + warning));
    }
    ServiceJvm jvm = ServiceJvm.likeThis();
    List<List<ChildSpec>> stages =
        List.of(
            List.of(box.acceptor(jvm.command(Service.ACCEPTOR, counted.flags()))),
            writers.stream()
                .map(writer -> box.writer(writer, jvm.command(Service.WRITER, writer.flags())))
                .toList());
    Losses losses =
        common.isReplicated() && writers.size() > 1
            ? new Majority(writers, child -> pages.lacking(child.readyz()).isEmpty())
            : Losses.NONE;
    Supplier<String> lacking = writers.size() > 1 ? box.leaders()::lacking : () -> "";
    Banner banner =
        new Banner(common, writers, acceptor.tls(), otlp, shared.access().file() != null);
    new Up(stages, losses, pages, lacking, System.out, System.err).run(shutdown, banner::print);
  }
}
