package io.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.acceptor.AcceptorService;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.Timing;
import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Signal;
import io.sluice.writer.WriterService;
import io.sluice.writer.WriterSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import picocli.CommandLine;

/**
 * Writers with three copies of each log and an Acceptor, in this process, and commands for them.
 * Their number is chosen at each start. One thread uses it, but commands may run side by side.
 */
final class GrowingCluster implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a command printed. */
  record Ran(int code, List<String> out, String errors) {}

  private final Path directory;
  private final int logs;
  private final List<Integer> flight = new ArrayList<>();
  private final List<Integer> raft = new ArrayList<>();
  private final Map<Integer, WriterService> services = new TreeMap<>();
  private final List<Throwable> died = new CopyOnWriteArrayList<>();
  private final int grpc;
  private int writers;
  private AcceptorService acceptor;

  GrowingCluster(Path directory, int most, int logs) throws IOException {
    this.directory = directory;
    this.logs = logs;
    this.grpc = FreePorts.one();
    for (int i = 0; i < most; i++) {
      flight.add(FreePorts.one());
      raft.add(FreePorts.one());
    }
  }

  /** All of them, with an Acceptor. */
  void start(int count) throws Exception {
    writers = count;
    for (int i = 0; i < count; i++) {
      startWriter(i);
    }
    Settings given = Settings.of(acceptorFlags(), Map.of(), directory);
    acceptor = AcceptorService.open(AcceptorSettings.from(given));
  }

  void startWriter(int writer) throws Exception {
    List<String> flags = new ArrayList<>(flags(data(writer)));
    flags.add("--writer.id=writer-" + writer);
    flags.add("--flight.port=" + flight.get(writer));
    flags.add("--raft.port=" + raft.get(writer));
    flags.add("--writer.admin.port=0");
    flags.add("--raft.election-timeout=500ms");
    flags.add("--wal.segment-bytes=1MiB");
    flags.add("--wal.max-bytes=256MiB");
    flags.add("--checkpoint.every=1s");
    flags.add("--seal.late=2s");
    Settings given = Settings.of(flags, Map.of(), directory);
    WriterSettings settings = WriterSettings.from(given);
    given.check();
    services.put(writer, WriterService.open(settings, (part, cause) -> died.add(cause)));
  }

  void stopWriter(int writer) throws IOException {
    services.remove(writer).close();
  }

  /** As if all were killed. */
  void stop() throws IOException {
    acceptor.close();
    for (WriterService service : services.values()) {
      service.abandon();
    }
    services.clear();
  }

  Path data(int writer) {
    return directory.resolve("data-" + writer);
  }

  List<Throwable> died() {
    return List.copyOf(died);
  }

  private List<String> flags(Path data) {
    String addresses =
        IntStream.range(0, writers)
            .mapToObj(i -> "127.0.0.1:" + flight.get(i))
            .collect(Collectors.joining(","));
    return List.of(
        "--data=" + data,
        "--writers=" + addresses,
        "--replication-factor=3",
        "--logs=" + logs,
        "--warehouse=file://" + directory.resolve("warehouse"),
        "--catalog.uri=jdbc:sqlite:" + directory.resolve("catalog.db"));
  }

  private List<String> acceptorFlags() {
    List<String> flags = new ArrayList<>(flags(directory.resolve("acceptor")));
    flags.addAll(
        List.of("--otlp.grpc.port=" + grpc, "--otlp.http.port=0", "--acceptor.admin.port=0"));
    return flags;
  }

  /** Records of all signals, as fast as that, until it is told to finish. */
  Load load(Path acks, double rate, long requests) {
    LoadOptions options =
        new LoadOptions(
            EnumSet.allOf(Signal.class),
            rate,
            Duration.ofMinutes(5),
            requests,
            4,
            false,
            URI.create("http://127.0.0.1:" + grpc),
            System.nanoTime(),
            1,
            20,
            acks,
            false,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60));
    return new Load(options, Timing.system(), null);
  }

  Ran run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(flags(directory.resolve("tools")));
    all.addAll(List.of(arguments));
    return execute(all);
  }

  /** Of {@code wal}, on a Writer's data directory. */
  Ran wal(String command, int writer) {
    return execute(List.of("wal", command, data(writer).toString()));
  }

  private static Ran execute(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine line =
        Main.commands().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(errors, true));
    int code = line.execute(arguments.toArray(String[]::new));
    return new Ran(code, out.toString().lines().toList(), errors.toString());
  }

  /** What a Writer says of its logs. */
  JsonNode logs(int writer) throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(
                    allocator, Location.forGrpcInsecure("127.0.0.1", flight.get(writer)))
                .build()) {
      return JSON.readTree(client.doAction(new Action("logs")).next().getBody()).get("logs");
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
