package io.sluice.cli;

import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.bench.load.Timing;
import io.sluice.bench.record.Variety;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Signal;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice load}: realistic records over real OTLP. */
@Command(
    name = "load",
    description = {
      "Sends realistic records over OTLP, retrying as exporters do, and prints what was acked.",
      "Exit codes: 0 all was acked, 1 something was refused or never answered."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class LoadCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Option(
      names = "--signal",
      description = "traces, logs, metrics, profiles (small batches), or all but profiles",
      paramLabel = "SIGNAL")
  private String signal = "traces";

  @Option(names = "--rate", description = "records a second; 0 = full speed", paramLabel = "N")
  private double rate;

  @Option(names = "--seconds", description = "how long to send", paramLabel = "S")
  private double seconds = 10;

  @Option(names = "--requests", description = "at most so many requests", paramLabel = "N")
  private long requests = Long.MAX_VALUE;

  @Option(names = "--connections", description = "each one request at a time", paramLabel = "C")
  private int connections = 8;

  @Option(names = "--batch", description = "records in a request", paramLabel = "N")
  private int batch = 512;

  @Option(names = "--http", description = "OTLP/HTTP with protobuf instead of gRPC")
  private boolean http;

  @Option(names = "--gzip", description = "compress requests")
  private boolean gzip;

  @Option(
      names = "--endpoint",
      description = "http://HOST:PORT or HOST:PORT; default is this box's Acceptor",
      paramLabel = "URL")
  private @Nullable String endpoint;

  @Option(
      names = "--audit",
      description = "notes what was sent and acked, for sluice audit; must not be there",
      paramLabel = "FILE")
  private @Nullable Path audit;

  @Option(
      names = "--tenant",
      description = "sent as X-Scope-OrgID; default: none is",
      paramLabel = "TENANT")
  private @Nullable String tenant;

  @Option(names = "--seed", description = "the records' content follows from it", paramLabel = "N")
  private long seed = 1;

  @Option(names = "--services", description = "times as many services", paramLabel = "N")
  private int services = 1;

  @Option(names = "--values", description = "times as many values of attributes", paramLabel = "N")
  private int values = 1;

  @Option(names = "--grace", description = "seconds to go on retrying at the end", paramLabel = "S")
  private double grace = 60;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LoadReport report = load().run();
    report.print(System.out);
    boolean all = report.acked() > 0 && report.refused() == 0 && report.unknown() == 0;
    return all ? Launch.OK : Launch.FAILED;
  }

  private Load load() throws InvalidSettingsException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    Reach reach = Reach.from(settings);
    boolean tls = TlsSettings.otlp(settings, TlsSettings.from(settings)).isPresent();
    settings.check();
    LoadOptions options = options(common, tls);
    return new Load(
        options, reach.exporters(tenant, options.endpoint()), Timing.system(), System.err);
  }

  private LoadOptions options(CommonSettings common, boolean tls) {
    try {
      return new LoadOptions(
          signals(),
          rate,
          duration(seconds),
          requests,
          connections,
          http,
          target(common, tls, http, endpoint),
          new SecureRandom().nextLong(),
          seed,
          batch,
          audit,
          gzip,
          TIMEOUT,
          duration(grace),
          new Variety(services, values));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** gRPC clients name targets without a scheme, HTTP clients with one: both are understood. */
  static URI target(CommonSettings box, boolean tls, boolean http, @Nullable String endpoint) {
    int port = http ? box.otlpHttpPort() : box.otlpGrpcPort();
    String named = endpoint == null ? Box.at(box, port).toString() : endpoint;
    return URI.create(named.contains("://") ? named : (tls ? "https://" : "http://") + named);
  }

  private Set<Signal> signals() {
    if (signal.equals("all")) {
      return Signal.stable();
    }
    for (Signal known : Signal.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(signal)) {
        return EnumSet.of(known);
      }
    }
    throw new IllegalArgumentException(
        "cannot load signal: " + signal + " (traces, logs, metrics, profiles or all)");
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
