package io.sluice.bench.figures;

import io.grpc.TlsChannelCredentials;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadCredentials;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.security.TrialAuthority;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What OTLP/gRPC by TLS costs: at full speed, and at half of the load that this machine takes. */
final class TlsFigure implements Figure {

  private static final double HALF = 0.5;
  private static final double LEAST_ACCEPTED = 0.85;
  private static final double MOST_SLOWER = 1.5;

  /**
   * Times as long as others warm up: until then a third of both processors is the compiler's, and
   * the side with more code, which TLS is, looks slower for that.
   */
  private static final double WARM = 3;

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    TrialAuthority authority = TrialAuthority.in(directory.resolve("ca.p12"));
    Path ca = Files.writeString(directory.resolve("ca.crt"), authority.certificate());
    TrialAuthority.Issued own = authority.issue("sluice", "EC", List.of("localhost", "127.0.0.1"));
    Path certificate = Files.writeString(directory.resolve("sluice.crt"), own.certificate());
    Path key = Files.writeString(directory.resolve("sluice.key"), own.key());
    List<String> flags = List.of("--otlp.tls.certificate=" + certificate, "--otlp.tls.key=" + key);
    LoadCredentials believes =
        new LoadCredentials(
            TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build(), null, Map.of());
    Path plainAt = Files.createDirectory(directory.resolve("plain"));
    Path tlsAt = Files.createDirectory(directory.resolve("tls"));
    try (SluiceBox plain = new SluiceBox(plainAt, List.of());
        SluiceBox tls =
            new SluiceBox(tlsAt, List.of(), SluiceBox.Wiring.SHIPPED.accepting(flags))) {
      plain.start();
      tls.start();
      BoxLoad byPlain = new BoxLoad(plain);
      BoxLoad byTls =
          new BoxLoad(tls, URI.create("https://localhost:" + tls.grpc().getPort()), believes);
      byTls.traces(0, WARM * effort.endToEndWarmupSeconds());
      byPlain.traces(0, WARM * effort.endToEndWarmupSeconds());
      return ratios(byPlain, byTls, effort);
    }
  }

  private static List<Ratio> ratios(BoxLoad plain, BoxLoad tls, Effort effort) throws Exception {
    double seconds = effort.endToEndSeconds();
    List<Double> accepted = new ArrayList<>();
    List<Double> slower = new ArrayList<>();
    List<String> rates = new ArrayList<>();
    List<String> waits = new ArrayList<>();
    for (int i = 0; i < effort.endToEndRounds(); i++) {
      LoadReport there = tls.traces(0, seconds);
      LoadReport here = plain.traces(0, seconds);
      accepted.add(there.recordsPerSecond() / here.recordsPerSecond());
      rates.add(sides("%,.0f / %,.0f", there.recordsPerSecond(), here.recordsPerSecond()));
      double half = here.recordsPerSecond() * HALF;
      tls.settle();
      plain.settle();
      boolean tlsFirst = i % 2 == 0; // the first one may pay for what was before
      LoadReport first = (tlsFirst ? tls : plain).traces(half, seconds);
      LoadReport second = (tlsFirst ? plain : tls).traces(half, seconds);
      LoadReport calmThere = tlsFirst ? first : second;
      LoadReport calmHere = tlsFirst ? second : first;
      slower.add(calmThere.latencies().millis(0.99) / calmHere.latencies().millis(0.99));
      waits.add(
          sides(
              "%.1f / %.1f",
              calmThere.latencies().millis(0.99), calmHere.latencies().millis(0.99)));
    }
    return List.of(
        Ratio.atLeast(
            "accepted at full speed, OTLP by TLS / plain",
            Rounds.median(accepted),
            LEAST_ACCEPTED,
            "spans/s of each round, all audited: " + rates),
        Ratio.atMost(
            "ack p99 at half of the plain load, OTLP by TLS / plain",
            Rounds.median(slower),
            MOST_SLOWER,
            "ms of each round: " + waits));
  }

  private static String sides(String format, double there, double here) {
    return String.format(Locale.ROOT, format, there, here);
  }
}
