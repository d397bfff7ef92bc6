package io.sluice.bench.harness;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A Writer and an Acceptor on a directory and ports of their own. One thread uses it. */
public final class SluiceBox implements Deployment {

  /** Bytes of heap and direct memory of the Acceptor, as it is shipped. */
  public static final long ACCEPTOR_MEMORY = (768L << 20) + (1L << 30);

  /** Bytes of heap and direct memory of the Writer, as it is shipped. */
  public static final long WRITER_MEMORY = (1L << 30) + (2L << 30);

  /** As in cli/src/main/jvm. */
  private static final List<String> COLLECTOR =
      List.of("-XX:+UseG1GC", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=30");

  private static final int STARTS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path directory;
  private final List<String> writerSettings;
  private final Supplier<Ports> choice;
  private final Wiring wiring;
  private volatile Ports ports; // others may ask for an address
  private ServiceProcess writer;
  private ServiceProcess acceptor;

  /**
   * How a box differs from one as it is shipped.
   *
   * @param writerMain another main class for the Writer, in a package whose name ends in writer
   * @param writerJvm more JVM flags for it
   * @param link where the Acceptor is told that the Writer is; null = where it is
   * @param lake where the tables are, as the Writer's settings say, too; null = with its data
   * @param acceptorSettings more flags for the Acceptor
   * @param acceptorJvm more JVM flags for it
   */
  public record Wiring(
      String writerMain,
      List<String> writerJvm,
      @Nullable HostPort link,
      @Nullable LakeConfig lake,
      List<String> acceptorSettings,
      List<String> acceptorJvm) {

    public static final Wiring SHIPPED = new Wiring("io.sluice.writer.Main", List.of(), null, null);

    public Wiring {
      writerJvm = List.copyOf(writerJvm);
      acceptorSettings = List.copyOf(acceptorSettings);
      acceptorJvm = List.copyOf(acceptorJvm);
    }

    /** With an Acceptor as it is shipped. */
    public Wiring(
        String writerMain,
        List<String> writerJvm,
        @Nullable HostPort link,
        @Nullable LakeConfig lake) {
      this(writerMain, writerJvm, link, lake, List.of(), List.of());
    }

    /** The same with these JVM flags for both. */
    public Wiring running(List<String> jvm) {
      return new Wiring(writerMain, jvm, link, lake, acceptorSettings, jvm);
    }

    /** The same with these flags for the Acceptor. */
    public Wiring accepting(List<String> flags) {
      return new Wiring(writerMain, writerJvm, link, lake, flags, acceptorJvm);
    }

    /** The same with tables elsewhere. */
    public Wiring on(LakeConfig tables) {
      return new Wiring(writerMain, writerJvm, link, tables, acceptorSettings, acceptorJvm);
    }
  }

  /**
   * Makes them, without starting them.
   *
   * @param directory of data and of what they print; must exist
   * @param writerSettings more flags for the Writer
   */
  public SluiceBox(Path directory, List<String> writerSettings) {
    this(directory, writerSettings, Wiring.SHIPPED);
  }

  /** The same, wired in another way. */
  public SluiceBox(Path directory, List<String> writerSettings, Wiring wiring) {
    this(directory, writerSettings, SluiceBox::freePorts, wiring);
  }

  SluiceBox(Path directory, List<String> writerSettings, Supplier<Ports> choice, Wiring wiring) {
    this.directory = directory.toAbsolutePath();
    this.writerSettings = List.copyOf(writerSettings);
    this.choice = choice;
    this.wiring = wiring;
    this.ports = choice.get();
    this.writer = newWriter();
    this.acceptor = newAcceptor();
  }

  private static Ports freePorts() {
    try {
      return Ports.free();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find free ports", e);
    }
  }

  private ServiceProcess newWriter() {
    List<String> flags = new ArrayList<>();
    flags.add("--data=" + data());
    flags.add("--flight.port=" + ports.flight());
    flags.add("--writer.admin.port=" + ports.writerAdmin());
    flags.addAll(writerSettings);
    List<String> jvm =
        jvm("-Xms64m", "-Xmx1g", "-XX:MaxDirectMemorySize=2g", "-XX:G1HeapRegionSize=8m");
    jvm.addAll(wiring.writerJvm());
    return new ServiceProcess(
        wiring.writerMain(), jvm, flags, ports.writerAdmin(), directory.resolve("writer.log"));
  }

  private ServiceProcess newAcceptor() {
    HostPort link = wiring.link();
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--data=" + data(),
                "--otlp.grpc.port=" + ports.otlpGrpc(),
                "--otlp.http.port=" + ports.otlpHttp(),
                "--writers=" + (link == null ? flight() : link),
                "--acceptor.admin.port=" + ports.acceptorAdmin()));
    flags.addAll(wiring.acceptorSettings());
    List<String> jvm = jvm("-Xms64m", "-Xmx768m", "-XX:MaxDirectMemorySize=1g");
    jvm.addAll(wiring.acceptorJvm());
    return new ServiceProcess(
        "io.sluice.acceptor.Main",
        jvm,
        flags,
        ports.acceptorAdmin(),
        directory.resolve("acceptor.log"));
  }

  private static List<String> jvm(String... memory) {
    List<String> flags = new ArrayList<>(List.of(memory));
    flags.addAll(COLLECTOR);
    return flags;
  }

  /**
   * Starts both and waits until both are ready; on other ports if somebody took one meanwhile. Only
   * then are its addresses its own.
   */
  @Override
  public void start() throws IOException, InterruptedException {
    Files.createDirectories(data());
    for (int attempt = 1; ; attempt++) {
      try {
        writer.start();
        writer.awaitReady();
        acceptor.start();
        acceptor.awaitReady();
        return;
      } catch (PortTakenException e) {
        if (attempt == STARTS) {
          throw e;
        }
        close();
        ports = choice.get();
        writer = newWriter();
        acceptor = newAcceptor();
      }
    }
  }

  public ServiceProcess writer() {
    return writer;
  }

  @Override
  public List<ServiceProcess> writers() {
    return List.of(writer);
  }

  @Override
  public ServiceProcess acceptor() {
    return acceptor;
  }

  /** The directory of log, warehouse and catalog. */
  public Path data() {
    return directory.resolve("data");
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

  /** The Writer's /status page. */
  public URI writerStatus() {
    return URI.create("http://127.0.0.1:%d/status".formatted(ports.writerAdmin()));
  }

  public HostPort flight() {
    return new HostPort("127.0.0.1", ports.flight());
  }

  @Override
  public List<HostPort> flights() {
    return List.of(flight());
  }

  @Override
  public AuditTarget target() {
    LakeConfig lake = wiring.lake();
    return new AuditTarget(
        lake != null
            ? lake
            : LakeConfig.of(
                "jdbc:sqlite:" + data().resolve("catalog.db"),
                "file://" + data().resolve("warehouse")),
        List.of(flight()),
        ReadTicket.DEFAULT_TENANT,
        PATIENCE);
  }

  /**
   * Neither may end by itself.
   *
   * @throws IOException one did
   */
  public void requireRunning() throws IOException {
    writer.requireRunning();
    acceptor.requireRunning();
  }

  @Override
  public void stop() throws IOException, InterruptedException {
    acceptor.stop();
    writer.stop();
  }

  @Override
  public void close() {
    acceptor.close();
    writer.close();
  }
}
