package io.sluice.bench.harness;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several Writers and an Acceptor. They know each other by names, writer-0, writer-1, ..., each of
 * which may be another address for each of them. One thread uses it.
 */
public final class ClusterBox implements Deployment {

  private static final List<String> COLLECTOR =
      List.of("-XX:+UseG1GC", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=30");

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path directory;
  private final Plan plan;
  private final ClusterPorts ports;
  private final List<ServiceProcess> writers = new ArrayList<>();
  private final ServiceProcess acceptor;

  /**
   * What it is to be.
   *
   * @param writers how many
   * @param factor on how many of them each log is
   * @param logs how many logs
   * @param settings more flags for each Writer
   * @param lake where the tables are, as the settings say, too; null = in the directory
   */
  public record Plan(
      int writers, int factor, int logs, List<String> settings, @Nullable LakeConfig lake) {

    public Plan {
      settings = List.copyOf(settings);
    }
  }

  /** How its processes are wired; the Acceptor's place is behind the last Writer's. */
  public interface Wiring {

    /** The main class of a Writer, in a package whose name ends in writer. */
    default String writerMain() {
      return "io.sluice.writer.Main";
    }

    /** More JVM flags of the process at this place. */
    List<String> jvm(int place) throws IOException;
  }

  /**
   * Makes them, without starting them.
   *
   * @param directory of data and of what they print; must exist
   * @param wiring made for these ports
   */
  public ClusterBox(Path directory, Plan plan, ClusterPorts ports, Wiring wiring)
      throws IOException {
    this.directory = directory.toAbsolutePath();
    this.plan = plan;
    this.ports = ports;
    for (int place = 0; place < plan.writers(); place++) {
      writers.add(writer(place, wiring));
    }
    this.acceptor = acceptor(wiring);
  }

  /** Ports for it. */
  public static ClusterPorts freePorts(int writers) throws IOException {
    return ClusterPorts.free(writers, new SplittableRandom());
  }

  /** The name of the Writer at this place. */
  public static String name(int place) {
    return "writer-" + place;
  }

  private ServiceProcess writer(int place, Wiring wiring) throws IOException {
    ClusterPorts.OfWriter own = ports.writers().get(place);
    List<String> flags = new ArrayList<>(shared());
    flags.add("--data=" + writerData(place));
    flags.add("--writer.id=" + name(place));
    flags.add("--flight.port=" + own.flight());
    flags.add("--raft.port=" + own.raft());
    flags.add("--writer.admin.port=" + own.admin());
    if (plan.lake() == null) {
      flags.add("--warehouse=file://" + data().resolve("warehouse"));
      flags.add("--catalog.uri=jdbc:sqlite:" + data().resolve("catalog.db"));
    }
    flags.addAll(plan.settings());
    return new ServiceProcess(
        name(place),
        wiring.writerMain(),
        jvm(
            wiring,
            place,
            "-Xms64m",
            "-Xmx1g",
            "-XX:MaxDirectMemorySize=2g",
            "-XX:G1HeapRegionSize=8m"),
        flags,
        own.admin(),
        directory.resolve(name(place) + ".log"));
  }

  private ServiceProcess acceptor(Wiring wiring) throws IOException {
    List<String> flags = new ArrayList<>(shared());
    flags.add("--data=" + data());
    flags.add("--otlp.grpc.port=" + ports.otlpGrpc());
    flags.add("--otlp.http.port=" + ports.otlpHttp());
    flags.add("--acceptor.admin.port=" + ports.acceptorAdmin());
    return new ServiceProcess(
        "acceptor",
        "io.sluice.acceptor.Main",
        jvm(wiring, plan.writers(), "-Xms64m", "-Xmx768m", "-XX:MaxDirectMemorySize=1g"),
        flags,
        ports.acceptorAdmin(),
        directory.resolve("acceptor.log"));
  }

  private List<String> shared() {
    String list =
        ports.writers().stream()
            .map(writer -> name(ports.writers().indexOf(writer)) + ":" + writer.flight())
            .collect(Collectors.joining(","));
    return List.of(
        "--bind-address=127.0.0.1",
        "--writers=" + list,
        "--replication-factor=" + plan.factor(),
        "--logs=" + plan.logs());
  }

  private static List<String> jvm(Wiring wiring, int place, String... memory) throws IOException {
    List<String> flags = new ArrayList<>(List.of(memory));
    flags.addAll(COLLECTOR);
    flags.addAll(wiring.jvm(place));
    return flags;
  }

  /** The Writers at once: they may need each other. */
  @Override
  public void start() throws IOException, InterruptedException {
    for (int place = 0; place < plan.writers(); place++) {
      Files.createDirectories(writerData(place));
    }
    for (ServiceProcess writer : writers) {
      writer.start();
    }
    for (ServiceProcess writer : writers) {
      writer.awaitReady();
    }
    acceptor.startAgain();
  }

  @Override
  public List<ServiceProcess> writers() {
    return List.copyOf(writers);
  }

  @Override
  public ServiceProcess acceptor() {
    return acceptor;
  }

  /** The directory of the tables, and of what each Writer has. */
  public Path data() {
    return directory.resolve("data");
  }

  /** All that the Writer at this place has of its own. */
  public Path writerData(int place) {
    return data().resolve(name(place));
  }

  public int logs() {
    return plan.logs();
  }

  public int factor() {
    return plan.factor();
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public URI grpc() {
    return URI.create("http://127.0.0.1:" + ports.otlpGrpc());
  }

  @Override
  public URI http() {
    return URI.create("http://127.0.0.1:" + ports.otlpHttp());
  }

  @Override
  public URI acceptorStatus() {
    return URI.create("http://127.0.0.1:%d/status".formatted(ports.acceptorAdmin()));
  }

  @Override
  public List<HostPort> flights() {
    return ports.writers().stream()
        .map(writer -> new HostPort("127.0.0.1", writer.flight()))
        .toList();
  }

  @Override
  public AuditTarget target() {
    LakeConfig lake = plan.lake();
    return new AuditTarget(
        lake != null
            ? lake
            : LakeConfig.of(
                "jdbc:sqlite:" + data().resolve("catalog.db"),
                "file://" + data().resolve("warehouse")),
        flights(),
        ReadTicket.DEFAULT_TENANT,
        PATIENCE);
  }

  /** The Writers together: none of them can hand anything over to another that stops. */
  @Override
  public void stop() throws IOException, InterruptedException {
    acceptor.stop();
    for (ServiceProcess writer : writers) {
      writer.signal("TERM");
    }
    for (ServiceProcess writer : writers) {
      writer.awaitStopped();
    }
  }

  @Override
  public void close() {
    acceptor.close();
    writers.forEach(ServiceProcess::close);
  }
}
