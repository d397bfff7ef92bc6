package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReplayCommandTest {

  @TempDir private Path directory;
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("replay", "--data=" + directory.resolve("none")));
    all.addAll(List.of(arguments));
    CommandLine commands = Main.commands("replay");
    commands.setErr(new PrintWriter(errors, true));
    return commands.execute(all.toArray(new String[0]));
  }

  private void refused(String sentence, String... arguments) {
    errors.getBuffer().setLength(0);
    assertThat(run(arguments)).as(sentence).isEqualTo(2);
    assertThat(errors.toString()).contains("sluice replay: " + sentence).doesNotContain("\tat ");
  }

  @Test
  void whatMakesNoSenseIsOneSentenceAndExitCode2() {
    String to = "--to=http://127.0.0.1:1";
    refused("cannot replay: no endpoint was given (--to http://HOST:4317, or --dry-run)");
    refused("cannot use endpoint: nowhere", "--to=nowhere");
    refused("cannot replay table: trace (tables are [traces, logs,", "trace", to);
    refused(
        "cannot replay signal: metric (traces, logs, metrics or profiles)", "--signal=metric", to);
    refused("cannot read time: --from yesterday", "--from=yesterday", to);
    refused("cannot use rate: -1.0", "--rate=-1", to);
    refused("cannot use batch: 0", "--batch=0", to);
    refused("cannot read byte size: 'x'", "--batch-bytes=x", to);
    refused("cannot read duration: 'x'", "--give-up-after=x", to);
    refused("cannot use --checkpoint with --dry-run", "--dry-run", "--checkpoint=c");
    refused("cannot find catalog", to);
    assertThat(directory).isEmptyDirectory();
  }
}
