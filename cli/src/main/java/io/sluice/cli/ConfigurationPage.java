package io.sluice.cli;

import io.sluice.acceptor.AcceptorSettings;
import io.sluice.query.ReadSettings;
import io.sluice.query.flightsql.FlightSqlSettings;
import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.LogSettings;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** docs/configuration.md, from what the services declare: a test holds the page to it. */
final class ConfigurationPage {

  private static final String INTRODUCTION =
      """
      # Configuration

      A setting is a flag (`--otlp.grpc.port=4317`), an environment variable (`SLUICE_OTLP_GRPC_PORT=4317`) or a line of
      `sluice.yaml` (`otlp.grpc.port: 4317`, or nested) in the directory where it is started (`--config=FILE` or `SLUICE_CONFIG` names another); the flag wins over the environment, that over the file, that over the
      default. Sizes are written `64MiB`, durations `60s`, `5m`, `15m`. All problems are reported at once, with exit code 2; an
      unknown key is rejected with the nearest name. This page is generated.
      """;

  static String text() {
    Settings common = Settings.defaults();
    AccessSettings.from(common, CommonSettings.from(common).data());
    TlsSettings.from(common);
    LogSettings.from(common);
    Settings acceptor = Settings.defaults();
    AcceptorSettings.from(acceptor);
    Settings reading = Settings.defaults();
    ReadSettings.from(reading);
    Settings writer = Settings.defaults();
    WriterSettings.from(writer);
    Settings flightSql = Settings.defaults();
    FlightSqlSettings.from(flightSql);
    Set<String> shared = new HashSet<>(List.of(Settings.FILE_KEY));
    common.declared().forEach(setting -> shared.add(setting.key()));
    StringBuilder page = new StringBuilder(INTRODUCTION);
    table(page, "Both services, and the tools", common.declared(), Set.of());
    table(page, "Acceptor", acceptor.declared(), shared);
    table(page, "Writer", writer.declared(), shared);
    table(page, "Commands that read", reading.declared(), shared);
    reading.declared().forEach(setting -> shared.add(setting.key()));
    writer.declared().forEach(setting -> shared.add(setting.key())); // where tables are
    table(page, "SQL endpoint", flightSql.declared(), shared);
    return page.toString();
  }

  private static void table(
      StringBuilder page,
      String title,
      Collection<Settings.Declared> settings,
      Set<String> leftOut) {
    page.append("\n## ").append(title).append("\n\n");
    page.append("| setting | environment | default | what it is |\n| --- | --- | --- | --- |\n");
    for (Settings.Declared setting : settings) {
      if (!leftOut.contains(setting.key())) {
        page.append(
            "| `%s` | `%s` | `%s` | %s |\n"
                .formatted(
                    setting.key(),
                    Settings.environmentName(setting.key()),
                    setting.fallback(),
                    setting.doc()));
      }
    }
  }

  private ConfigurationPage() {}
}
