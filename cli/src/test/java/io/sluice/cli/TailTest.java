package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SluiceProcess.Ended;
import io.sluice.s3server.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice tail} and {@code sluice trace} as a shell sees them, beside a box that runs. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TailTest {

  private static final String TRACE = "0a0b0c0d0e0f01020304050607080910";
  private static final String HOSTILE =
      "\\u001b[2J\\u001b]0;title\\u0007 a\\nb \\u009b31m \\u202egpj.exe";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path directory;

  private static OneBox box;
  private static OtlpJson otlp;

  @BeforeAll
  static void start() throws Exception {
    box = OneBox.start(directory.resolve("data"));
    otlp = new OtlpJson(box);
    otlp.log("cart", 9, "cart is fine", "");
    box.run("flush");
    otlp.log("cart", 17, "cart is broken", attributes("http.route", "/cart"));
    otlp.log("pay", 13, HOSTILE, ",\"traceId\":\"" + TRACE + "\",\"spanId\":\"0000000000000002\"");
    otlp.span(TRACE, "0000000000000001", "", "web", "GET /", "");
    box.run("flush", "--table=traces");
    otlp.span(
        TRACE,
        "0000000000000002",
        "0000000000000001",
        "pay",
        "charge",
        ",\"status\":{\"code\":2,\"message\":\"no card\"},\"events\":[{\"name\":\"e\"}]");
    otlp.span(TRACE, "0000000000000003", "00000000000000ff", "mail", "send", "");
    otlp.gauge("cart", "depth", 1.5);
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String attributes(String key, String value) {
    return ",\"attributes\":[{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}}]"
        .formatted(key, value);
  }

  @Test
  void pastIsOfParquetAndMemoryAndThenItFollows() throws Exception {
    try (Tailing tail = Tailing.start(box, "--since=1h", "--service=cart")) {
      tail.await(line -> line.contains("cart is broken"));
      otlp.log("cart", 9, "cart is mended", "");
      otlp.log("other", 9, "cart is of others", "");
      otlp.log("cart", 9, "cart is closed", "");
      tail.await(line -> line.contains("cart is closed"));
      assertThat(tail.stopped()).isZero();
      assertThat(tail.errors).isEmpty();
      assertThat(tail.out.stream().map(line -> line.replaceAll("^.* (cart is \\w+).*$", "$1")))
          .containsSubsequence("cart is fine", "cart is broken", "cart is mended", "cart is closed")
          .doesNotHaveDuplicates()
          .doesNotContain("cart is of");
      assertThat(tail.out.get(1))
          .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR cart +cart is broken http.route=/cart");
    }
  }

  @Test
  void filtersTakeWhatAllOfThemTake() throws Exception {
    assertThat(past("cart is broken", "--severity=error")).containsExactly("cart is broken");
    assertThat(past("cart is broken", "--attribute=http.route=/cart", "--grep=BROKEN"))
        .containsExactly("cart is broken");
    assertThat(past("cart is broken", "--attribute", "http.route", "--service", "cart"))
        .containsExactly("cart is broken");
  }

  /** The bodies of what is shown until one of them was. */
  private static List<String> past(String last, String... filters) throws Exception {
    List<String> all = new ArrayList<>(List.of("logs", "--since=1h", "--json"));
    all.addAll(List.of(filters));
    try (Tailing tail = Tailing.start(box, all.toArray(new String[0]))) {
      tail.await(line -> line.contains(last));
      tail.stopped();
      return tail.out.stream()
          .map(line -> line.replaceFirst(".*\"body\":\"(.*?)\",.*", "$1"))
          .collect(Collectors.toList());
    }
  }

  @Test
  void textOfOthersDoesNotSteerTheTerminal() throws Exception {
    for (String[] flags : new String[][] {{"--service=pay"}, {"--service=pay", "--json"}}) {
      List<String> all = new ArrayList<>(List.of("logs", "--since=1h"));
      all.addAll(List.of(flags));
      try (Tailing tail = Tailing.start(box, all.toArray(new String[0]))) {
        String line = tail.await(shown -> shown.contains("gpj.exe"));
        tail.stopped();
        assertThat(tail.out).as("one record, one line").hasSize(1);
        assertThat(line.codePoints()).noneMatch(c -> Character.isISOControl(c) || c == 0x202e);
        assertThat(line).contains("\\u001b[2J", "a\\nb", "\\u009b31m", TRACE);
      }
    }
  }

  @Test
  void spansAndMetricsHaveLinesOfTheirOwn() throws Exception {
    try (Tailing tail = Tailing.start(box, "traces", "--since=1h", "--severity=warn")) {
      assertThat(tail.await(line -> line.contains("charge")))
          .matches(".* ERROR pay +5.00ms server charge no card trace=" + TRACE);
      tail.stopped();
      assertThat(tail.out).hasSize(1);
    }
    try (Tailing tail = Tailing.start(box, "metrics", "--since=1h")) {
      assertThat(tail.await(line -> line.contains("depth"))).matches(".* gauge cart +depth 1.5 s");
      tail.stopped();
    }
  }

  @Test
  void pipeThatNobodyReadsOnEndsQuietly() throws Exception {
    List<String> words = new ArrayList<>(box.settings());
    words.addAll(List.of("logs", "--since=1h"));
    String command =
        SluiceProcess.words("tail", words).stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    String script = "{ " + command + "; echo $? >&2; } | head -1 | cut -c 14-33";
    Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
    try {
      while (process.isAlive()) { // what it writes next, nobody reads
        otlp.log("probe", 9, "more", "");
      }
      assertThat(process.inputReader().readLine()).isNotEmpty();
      assertThat(process.errorReader().lines()).containsExactly("141");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void whatCannotBeIsASentenceWithItsExitCode() throws Exception {
    refused(2, "cannot follow: spans (logs, traces, metrics, or one of [", "spans");
    refused(2, "cannot filter by severity: loud (levels are trace,", "--severity=loud");
    refused(2, "cannot filter metrics by severity", "metrics", "--severity=warn");
    refused(2, "cannot use --since: cannot ", "--since=yesterday");
    refused(2, "cannot filter by attribute: '=x'", "--attribute==x");
    refused(
        2,
        "cannot find catalog: /nowhere.db",
        "--since=5m",
        "--catalog.uri=jdbc:sqlite:/nowhere.db");
    int away = FreePorts.one();
    refused(
        1,
        "cannot open catalog jdbc:postgresql://127.0.0.1:%d/x: Connection to".formatted(away),
        "--since=5m",
        "--warehouse=s3://lake/x",
        "--catalog.uri=jdbc:postgresql://127.0.0.1:%d/x".formatted(away));
    refused(1, "cannot find logs: Writer 127.0.0.1:" + away, "--writers=127.0.0.1:" + away);
  }

  private static void refused(int code, String sentence, String... arguments) throws Exception {
    Ended ended = box.tried("tail", arguments);
    assertThat(ended.code()).isEqualTo(code);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.errors()).singleElement().asString().startsWith("sluice tail: " + sentence);
  }

  @Test
  void traceIsOfHotAndPersistedSpansWithTheirLogs() throws Exception {
    List<String> lines = box.run("trace", "--logs", "--width=100", TRACE.toUpperCase());
    assertThat(lines.get(0)).startsWith("trace " + TRACE + "  3 spans, 3 services, ");
    assertThat(lines.get(0)).endsWith(", 1 error");
    assertThat(lines.get(1)).startsWith("web GET / ").contains("5.00ms  ━");
    assertThat(lines.get(2)).startsWith("└ pay charge ").endsWith(" 1 event");
    assertThat(lines.get(3)).isEqualTo("    ! no card");
    assertThat(lines.get(4)).contains(" 13 \\u001b[2J");
    assertThat(lines.get(5))
        .startsWith("mail send ")
        .endsWith(" parent 00000000000000ff is not there");
    assertThat(lines).hasSize(6);
    assertThat(box.run("trace", "--json", "--logs", TRACE))
        .hasSize(4)
        .allMatch(line -> line.startsWith("{\"table\":\"") && line.contains(TRACE));
  }

  @Test
  void traceThatIsNoneIsASentence() throws Exception {
    Ended wrong = box.tried("trace", "123");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.errors())
        .containsExactly(
            "sluice trace: cannot show trace: '123' is no trace id (write 32 hex digits, as trace_id has them)");
    String other = "f".repeat(32);
    Ended none = box.tried("trace", other);
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.out()).isEmpty();
    assertThat(none.errors())
        .containsExactly(
            "sluice trace: cannot find trace: %s has no span in tenant default, hot or persisted"
                .formatted(other));
  }

  @Test
  void statementComesFromStandardInputWhereThereIsNoTerminal() throws Exception {
    List<String> words = new ArrayList<>(box.settings());
    words.add("--format=csv");
    assertThat(SluiceProcess.run(SluiceProcess.words("sql", words), "SELECT 1 AS a;\n").out())
        .containsExactly("a", "1");
  }

  @Test
  void completionIsAScriptThatShellsTake() throws Exception {
    Ended bash = SluiceProcess.run("completion", List.of("bash"));
    assertThat(bash.code()).isZero();
    Ended tried =
        SluiceProcess.run(
            List.of(
                "bash",
                "-c",
                String.join("\n", bash.out())
                    + "\nCOMP_WORDS=(sluice ta); COMP_CWORD=1; _complete_sluice; echo ${COMPREPLY[@]}"),
            "");
    assertThat(tried.out()).containsExactly("tail");
    assertThat(SluiceProcess.run("completion", List.of("fish")).code()).isEqualTo(2);
  }
}
