package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import io.sluice.wal.FileStorage;
import io.sluice.writer.WriterSettings;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code up} makes of a number of Writers, before it starts any. */
final class SeveralWritersTest {

  @TempDir private Path directory;

  @Test
  void numberOfWritersMeansAddressesWhereverTheSettingStands() throws Exception {
    List<HostPort> expected = HostPort.parseList("127.0.0.1:9000,127.0.0.1:9010,127.0.0.1:9020");
    assertThat(settings(List.of("--writers=3", "--flight.port=9000"), Map.of()).writers())
        .isEqualTo(expected);
    assertThat(
            settings(List.of(), Map.of("SLUICE_WRITERS", "3", "SLUICE_FLIGHT_PORT", "9000"))
                .writers())
        .isEqualTo(expected);
    Files.writeString(directory.resolve("sluice.yaml"), "writers: 3\nflight.port: 9000\n");
    assertThat(settings(List.of(), Map.of()).writers()).isEqualTo(expected);
  }

  @Test
  void eachWriterHasALogToLeadUnlessSettingsOrTheDataSayHowMany() throws Exception {
    assertThat(settings(List.of("--writers=5", "--replication-factor=3"), Map.of()).logs())
        .isEqualTo(5);
    assertThat(settings(List.of("--writers=1"), Map.of()).logs()).isEqualTo(1);
    assertThat(settings(List.of("--writers=5"), Map.of("SLUICE_LOGS", "7")).logs()).isEqualTo(7);
    new DataShape(3, 3, 4).write(directory);
    List<String> more = List.of("--writers=5", "--replication-factor=3", "--data=" + directory);
    assertThat(settings(more, Map.of()).logs()).isEqualTo(4);
  }

  @Test
  void listOfWritersIsLeftAsItIsAndOneIsStarted() throws Exception {
    List<String> flags = List.of("--writers=a:1,b:2", "--writer.id=writer-1");
    assertThat(writers(flags))
        .singleElement()
        .satisfies(
            writer -> {
              assertThat(writer.name()).isEqualTo("writer");
              assertThat(writer.flags()).containsAll(flags);
            });
  }

  @Test
  void writersShareNothingButTheTablesAndOneMaintainsThem() throws Exception {
    List<BoxWriter> writers =
        writers(List.of("--writers=3", "--data=" + directory, "--maintain.schedule=on"));
    assertThat(writers)
        .extracting(BoxWriter::name)
        .containsExactly("writer-0", "writer-1", "writer-2");
    assertThat(own(writers, CommonSettings::data))
        .containsExactly(
            directory.resolve("writer-0"),
            directory.resolve("writer-1"),
            directory.resolve("writer-2"));
    assertThat(own(writers, CommonSettings::warehouse))
        .containsOnly("file://" + directory.resolve("warehouse"));
    assertThat(own(writers, CommonSettings::catalogUri))
        .containsOnly("jdbc:sqlite:" + directory.resolve("catalog.db"));
    assertThat(own(writers, CommonSettings::ordinal)).containsExactly(0, 1, 2);
    assertThat(own(writers, CommonSettings::flightPort)).containsExactly(8815, 8825, 8835);
    assertThat(own(writers, CommonSettings::raftPort)).containsExactly(8816, 8826, 8836);
    assertThat(own(writers, CommonSettings::writerAdminPort)).containsExactly(4320, 4330, 4340);
    assertThat(writers.stream().map(writer -> writer.settings().schedule().isOn()))
        .containsExactly(true, false, false);
  }

  @Test
  void commandThatStartsAWriterAgainIsWholeForAShellButForSecrets() throws Exception {
    List<String> flags =
        List.of("--writers=3", "--data=" + directory.resolve("a b"), "--catalog.password=hidden");
    assertThat(writers(flags).get(1).command())
        .startsWith("./sluice writer ")
        .contains(" '--data=" + directory.resolve("a b/writer-1") + "' ")
        .contains(" '--catalog.password=***' ")
        .contains(" --writers=127.0.0.1:8815,127.0.0.1:8825,127.0.0.1:8835 ")
        .doesNotContain("hidden");
  }

  @Test
  void portsOfAllWritersAreTriedAndNamedAtOnce() throws Exception {
    List<String> flags = new ArrayList<>(SluiceProcess.freePorts(4));
    int flight = port(flags, CommonSettings.FLIGHT_PORT);
    int raft = port(flags, CommonSettings.RAFT_PORT);
    flags.add("--writers=3");
    flags.add("--replication-factor=3");
    try (ServerSocket one = busy(flight + 10);
        ServerSocket two = busy(raft + 20)) {
      assertThat(problems(flags))
          .hasSize(2)
          .anyMatch(p -> p.contains(":" + one.getLocalPort()) && p.contains("--flight.port"))
          .anyMatch(p -> p.contains(":" + two.getLocalPort()) && p.contains("--raft.port"));
    }
  }

  @Test
  void portThatTwoWritersWouldHaveIsSaid() throws Exception {
    List<String> flags = new ArrayList<>(SluiceProcess.freePorts(4));
    int flight = port(flags, CommonSettings.FLIGHT_PORT);
    flags.removeIf(flag -> flag.startsWith("--raft.port"));
    flags.add("--raft.port=" + (flight + 10));
    flags.add("--writers=3");
    flags.add("--replication-factor=3");
    assertThat(problems(flags))
        .contains(
            "cannot use port %d twice: raft.port of writer-0 and flight.port of writer-1"
                .formatted(flight + 10));
  }

  @Test
  void dataOfOneWriterIsNotOpenedBySeveralNorTheOtherWayRound() throws Exception {
    Files.createDirectories(directory.resolve("writer/log-0"));
    assertThat(problems(with("--writers=3")))
        .containsExactly(
            "cannot start 3 Writers on %s: it is one Writer's, whose log may have rows that no table has (start it without --writers, or choose another directory with --data)"
                .formatted(directory));
    Files.delete(directory.resolve("writer/log-0"));
    Files.delete(directory.resolve("writer"));
    new DataShape(3, 1, 3).write(directory);
    assertThat(problems(with()))
        .containsExactly(
            "cannot start one Writer on %s: it is of 3 Writers with 3 logs (start them with --writers=3 --replication-factor=1 --logs=3, or choose another directory with --data)"
                .formatted(directory));
    assertThat(problems(with("--writers=3"))).isEmpty();
  }

  @Test
  void otherNumbersThanTheDataWereBegunWithAreRefusedButMoreWritersOfCopiedLogs() throws Exception {
    new DataShape(3, 1, 3).write(directory);
    assertThat(problems(with("--writers=4")))
        .singleElement()
        .asString()
        .startsWith("cannot start with --writers=4 --replication-factor=1 --logs=3 on ")
        .contains("start them with --writers=3 --replication-factor=1 --logs=3");
    assertThat(problems(with("--writers=3", "--logs=4"))).hasSize(1);
    assertThat(problems(with("--writers=3", "--replication-factor=3"))).hasSize(1);
    new DataShape(3, 3, 3).write(directory);
    assertThat(problems(with("--writers=4", "--replication-factor=3"))).isEmpty();
    new DataShape(4, 3, 3).write(directory);
    assertThat(problems(with("--writers=3", "--replication-factor=3"))).hasSize(1);
  }

  @Test
  void resetHasTheLocksOfAllWritersLogsAndTakesAllThereIs() throws Exception {
    new DataShape(3, 1, 3).write(directory);
    for (int i = 0; i < 3; i++) {
      Files.createDirectories(directory.resolve("writer-%d/writer/log-%d".formatted(i, i)));
    }
    Files.createDirectory(directory.resolve("writers-own"));
    CommonSettings settings = settings(with(), Map.of());
    Path last = directory.resolve("writer-2/writer/log-2");
    try (Closeable held = FileStorage.existing(last).lock()) {
      assertThat(held).isNotNull();
      assertThat(resetProblem(settings)).startsWith("cannot reset: a Writer has the data open: ");
    }
    try (Reset reset = Reset.of(settings)) {
      reset.delete();
    }
    assertThat(directory).isDirectoryNotContaining("glob:**/{writer-?,cluster}");
    assertThat(directory.resolve("writers-own")).exists();
  }

  @Test
  void replicasThatAWriterHasAreInUseToUpAndToReset() throws Exception {
    new DataShape(3, 3, 3).write(directory);
    Path replica =
        Files.createDirectories(directory.resolve("writer-1/writer/raft/" + UUID.randomUUID()));
    Path lock = Files.writeString(replica.resolve(ReplicaLocks.FILE), "17@host");
    List<String> flags = with("--writers=3", "--replication-factor=3");
    try (Closeable held = ReplicaLocks.hold(lock)) {
      assertThat(held).isNotNull();
      assertThat(problems(flags))
          .singleElement()
          .asString()
          .startsWith("cannot open log: %s is in use by ".formatted(replica));
      assertThat(resetProblem(settings(flags, Map.of())))
          .startsWith("cannot reset: a Writer has the data open: ");
    }
    assertThat(problems(flags)).isEmpty();
    try (Reset reset = Reset.of(settings(flags, Map.of()))) {
      reset.delete();
    }
    assertThat(directory).isDirectoryNotContaining("glob:**/{writer-?,cluster}");
  }

  private static String resetProblem(CommonSettings settings) throws Exception {
    try (Reset reset = Reset.of(settings)) {
      return "none: " + reset;
    } catch (InvalidSettingsException e) {
      return e.problems().get(0);
    }
  }

  private List<String> with(String... flags) throws Exception {
    List<String> all = new ArrayList<>(SluiceProcess.freePorts(4));
    all.add("--data=" + directory);
    all.addAll(List.of(flags));
    return all;
  }

  private List<String> problems(List<String> flags) throws Exception {
    List<String> all = new ArrayList<>(flags);
    if (flags.stream().noneMatch(flag -> flag.startsWith("--data="))) {
      all.add("--data=" + directory);
    }
    try {
      Box ignored = Box.check(settings(all, Map.of()), writers(all), Pages.PLAIN);
      return List.of();
    } catch (InvalidSettingsException e) {
      return e.problems();
    }
  }

  private List<BoxWriter> writers(List<String> flags) throws Exception {
    CountedWriters counted = CountedWriters.of(flags, Map.of(), directory);
    WriterSettings shared = WriterSettings.from(Settings.of(counted.flags(), Map.of(), directory));
    return BoxWriter.of(shared, counted, Map.of(), directory);
  }

  private CommonSettings settings(List<String> flags, Map<String, String> environment)
      throws Exception {
    CountedWriters counted = CountedWriters.of(flags, environment, directory);
    Settings settings = Settings.of(counted.flags(), environment, directory);
    CommonSettings common = CommonSettings.from(settings);
    settings.check();
    return common;
  }

  private static <T> List<T> own(List<BoxWriter> writers, Function<CommonSettings, T> what) {
    return writers.stream().map(writer -> what.apply(writer.settings().common())).toList();
  }

  private static int port(List<String> flags, String key) {
    String flag = "--" + key + "=";
    return Integer.parseInt(
        flags.stream()
            .filter(f -> f.startsWith(flag))
            .findFirst()
            .orElseThrow()
            .substring(flag.length()));
  }

  private static ServerSocket busy(int port) throws Exception {
    return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
  }
}
