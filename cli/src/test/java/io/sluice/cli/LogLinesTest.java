package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LogLinesTest {

  @Test
  void warningsErrorsTheirTracesAndPlainLinesAreShown() {
    assertThat(
            shown(
                "23:25:14,295 |-WARN in ch.qos.logback.core.X - Appender not referenced",
                "could not open what comes before the log",
                "12:00:00.000 [main] INFO io.sluice.Main - settings:",
                "wal.max-bytes = 10GiB",
                "ready 4317",
                "",
                "12:00:00.000 [main] ERROR io.sluice.Main - failed",
                "java.io.IOException: no",
                "\tat io.sluice.Main.main(Main.java:1)",
                "Caused by: java.io.IOException: why",
                "\t... 3 more",
                "12:00:00.000 WARN  o.a.r.g.s.GrpcLogAppender - a follower is away",
                "java.net.ConnectException: refused",
                "12:00:00.000 ERROR o.a.r.s.RaftServer - broken",
                "{\"ts\":\"2026\",\"level\":\"WARN\",\"logger\":\"org.apache.ratis.x\",\"message\":\"away\"}",
                "12:00:00.000 [main] DEBUG io.sluice.Main - detail",
                "\tat nothing",
                "{\"ts\":\"2026\",\"level\":\"INFO\",\"message\":\"an ERROR in text\"}",
                "{\"ts\":\"2026\",\"level\":\"WARN\",\"message\":\"careful\"}",
                "writer: cannot listen on 127.0.0.1:8815: the port is in use",
                "# A fatal error has been detected by the Java Runtime Environment:"))
        .containsExactly(
            "could not open what comes before the log",
            "12:00:00.000 [main] ERROR io.sluice.Main - failed",
            "java.io.IOException: no",
            "\tat io.sluice.Main.main(Main.java:1)",
            "Caused by: java.io.IOException: why",
            "\t... 3 more",
            "12:00:00.000 ERROR o.a.r.s.RaftServer - broken",
            "{\"ts\":\"2026\",\"level\":\"WARN\",\"message\":\"careful\"}",
            "writer: cannot listen on 127.0.0.1:8815: the port is in use",
            "# A fatal error has been detected by the Java Runtime Environment:");
  }

  private static List<String> shown(String... lines) {
    LogLines filter = new LogLines();
    return List.of(lines).stream().filter(filter::isShown).toList();
  }
}
