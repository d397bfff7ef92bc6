package io.sluice.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What people type, by command: in its help, and on the page of all commands. */
final class Examples {

  private static final String TRACE = "0102030405060708090a0b0c0d0e0f10";

  private static final Map<String, List<String>> ALL = new HashMap<>();

  static {
    put(
        "up",
        "sluice up",
        "sluice up --data /var/lib/sluice --otlp.grpc.port 5317",
        "sluice up --writers 3 --replication-factor 3");
    put("acceptor", "sluice acceptor --writers writer-0:8815,writer-1:8815");
    put("writer", "sluice writer --data /var/lib/sluice --bind-address 0.0.0.0 --insecure true");
    put(
        "tail",
        "sluice tail",
        "sluice tail --service checkout --severity warn",
        "sluice tail traces --attribute http.route=/cart --attribute error.type",
        "sluice tail logs --grep timeout --since 5m",
        "sluice tail metrics_sum --json | jq .value");
    put(
        "trace",
        "sluice trace " + TRACE,
        "sluice trace --logs --width 200 " + TRACE,
        "sluice trace --json " + TRACE + " | jq -r .name");
    put(
        "sql",
        "sluice sql \"SELECT time, severity_text, body FROM logs ORDER BY time DESC LIMIT 10\"",
        "sluice sql --format json \"SELECT service_name, count(*) AS spans FROM traces GROUP BY 1\"",
        "sluice sql < statement.sql",
        "sluice sql");
    put(
        "replay",
        "sluice replay --to http://other:4317",
        "sluice replay --to https://other:4318 traces logs --from 2026-01-01 --until 2026-02-01",
        "sluice replay --to http://other:4317 --dry-run --signal traces --where \"service_name = 'shop'\"",
        "sluice replay --to http://other:4317 --checkpoint move.json --rate 50000");
    put(
        "config",
        "sluice config",
        "sluice config --changed --data /var/lib/sluice",
        "sluice config --json");
    put("doctor", "sluice doctor --data /var/lib/sluice", "sluice doctor --json");
    put(
        "size",
        "sluice size --spans-per-second 50000",
        "sluice size --spans-per-second 200000 --bytes-per-span 800 --retention 90d --copies 1");
    put("status", "sluice status", "sluice status --json | jq .");
    put("flight-sql", "sluice flight-sql", "sluice flight-sql --flight-sql.port=32010 --data=data");
    put("flush", "sluice flush", "sluice flush --table traces");
    put(
        "hold",
        "sluice hold -- cp -a data/catalog.db data/warehouse /backup",
        "sluice hold --for 30m -- deploy/recipes/backup.sh data /backup");
    put(
        "wal",
        "sluice wal verify data/writer/log-0",
        "sluice wal repair data/writer/log-0",
        "sluice wal unpark default.traces");
    put("wal dump", "sluice wal dump data/writer/log-0");
    put("wal verify", "sluice wal verify data/writer/log-0", "sluice wal verify data/writer/raft");
    put("wal copy", "sluice hold -- sluice wal copy data/writer /backup/writer");
    put(
        "wal repair",
        "sluice wal repair data/writer/log-0",
        "sluice wal repair --yes data/writer/log-0");
    put("wal unpark", "sluice wal unpark default.traces");
    put("maintain", "sluice maintain", "sluice maintain --yes --only retention --table logs");
    put("rebalance", "sluice rebalance", "sluice rebalance --yes");
    put("reset", "sluice reset --data data");
    put(
        "load",
        "sluice load --signal all --rate 1000 --seconds 10",
        "sluice load --signal logs --requests 100 --audit acked");
    put("audit", "sluice audit acked");
    put("certificates", "sluice certificates --host localhost");
    put("torture", "sluice torture --minutes 15 --seed 1");
    put(
        "completion",
        "source <(sluice completion bash)",
        "sluice completion bash > ~/.local/share/bash-completion/completions/sluice",
        "source <(sluice completion zsh)");
    put("version", "sluice version");
  }

  private static void put(String command, String... lines) {
    ALL.put(command, List.of(lines));
  }

  /** By the command's words without {@code sluice}; empty if there are none. */
  static List<String> of(String command) {
    return ALL.getOrDefault(command, List.of());
  }

  /** The command with its examples at the end of its help, and all below it. */
  static CommandLine in(String name, CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    spec.usageMessage().description(flowed(spec.usageMessage().description()));
    List<String> footer = new ArrayList<>(List.of("", "Examples:"));
    of(name).forEach(example -> footer.add("  " + example.replace("%", "%%")));
    footer.addAll(List.of(spec.usageMessage().footer()));
    spec.usageMessage().footer(footer.toArray(new String[0]));
    line.getSubcommands().forEach((inner, below) -> in(name + " " + inner, below));
    return line;
  }

  /** One paragraph, and one of exit codes: a terminal breaks lines elsewhere than the code does. */
  private static String[] flowed(String... description) {
    String text = String.join(" ", description);
    int codes = text.indexOf("Exit codes: ");
    return codes <= 0
        ? new String[] {text}
        : new String[] {text.substring(0, codes).strip(), text.substring(codes)};
  }

  private Examples() {}
}
