package io.sluice.cli.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.query.ResultFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PromptTest {

  @TempDir private Path directory;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final Asked asked = new Asked();

  /** What was run. */
  private static class Asked implements Statements {
    final List<String> statements = new ArrayList<>();
    final List<ResultFormat> formats = new ArrayList<>();

    @Override
    public void run(String sql, ResultFormat format) throws IOException, InterruptedException {
      statements.add(sql);
      formats.add(format);
    }

    @Override
    public void cancel() {}
  }

  @Test
  void statementsOfSeveralLinesAreRunAtTheirSemicolon() throws Exception {
    type("SELECT 1,\r  ';'\r;\r.format json\rSELECT 2;\r.quit\r");
    assertThat(asked.statements).containsExactly("SELECT 1,\n  ';'", "SELECT 2");
    assertThat(asked.formats).containsExactly(ResultFormat.TABLE, ResultFormat.JSON);
    assertThat(shown.toString(UTF_8)).containsPattern("\\d+ ms");
  }

  @Test
  void wordsWithADotAreThePromptsOwn() throws Exception {
    type(".tables\r.schema logs\r.schema nothing\r.help\r.what\r");
    assertThat(asked.statements).containsExactly("DESCRIBE logs");
    assertThat(shown.toString(UTF_8))
        .contains(
            "metrics_gauge", "cannot show table: 'nothing' (tables are [traces", "Tab completes")
        .contains("cannot do .what (.help tells what there is)");
  }

  @Test
  void tabCompletesColumnsOfTheTableThatIsNamed() throws Exception {
    type("SELECT severity_te\t FROM logs;\r.sch\tlog\t\r");
    assertThat(asked.statements.get(0)).matches("SELECT severity_text +FROM logs");
    assertThat(asked.statements.get(1)).isEqualTo("DESCRIBE logs");
  }

  @Test
  void historyIsItsOwnersAlone() throws Exception {
    type("SELECT 41;\r.quit\r");
    Path history = directory.resolve("history");
    assertThat(history).content().contains("SELECT 41;");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
        .isEqualTo("rw-------");
    type("\u0010\u0010\r.quit\r"); // twice up: over .quit
    assertThat(asked.statements).containsExactly("SELECT 41", "SELECT 41");
  }

  @Test
  void interruptEndsTheStatementAndNotThePrompt() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    Asked slow =
        new Asked() {
          @Override
          public void run(String sql, ResultFormat format) throws InterruptedException {
            statements.add(sql);
            if (sql.equals("SELECT 1")) {
              runs.countDown();
              new CountDownLatch(1).await();
            }
          }

          @Override
          public void cancel() {
            cancelled.countDown();
          }
        };
    try (PipedOutputStream keys = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(keys);
        Terminal terminal = terminal(in)) {
      Thread prompt = new Thread(() -> run(terminal, slow));
      prompt.start();
      keys.write("SELECT 1;\r".getBytes(UTF_8));
      keys.flush();
      assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
      terminal.raise(Terminal.Signal.INT);
      assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
      keys.write("SELECT 2;\r.quit\r".getBytes(UTF_8));
      keys.flush();
      prompt.join(30_000);
      assertThat(prompt.isAlive()).isFalse();
    }
    assertThat(slow.statements).containsExactly("SELECT 1", "SELECT 2");
    assertThat(shown.toString(UTF_8)).contains("cancelled");
  }

  private void type(String keys) throws Exception {
    try (Terminal terminal = terminal(new ByteArrayInputStream(keys.getBytes(UTF_8)))) {
      run(terminal, asked);
    }
  }

  private void run(Terminal terminal, Statements statements) {
    try {
      new Prompt(terminal, directory.resolve("history"), statements, ResultFormat.TABLE).run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Terminal terminal(InputStream in) throws IOException {
    return new ExternalTerminal("keys", "ansi", in, shown, UTF_8);
  }
}
