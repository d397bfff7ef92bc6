package io.sluice.cli;

import io.sluice.lake.maintain.ScheduleSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Writer that {@code up} starts.
 *
 * @param name as in the process list, of its log file and of its directory, if it has one of its
 *     own
 * @param flags its settings, as flags
 */
record BoxWriter(String name, List<String> flags, WriterSettings settings) {

  BoxWriter {
    flags = List.copyOf(flags);
  }

  /**
   * The Writers of the box: one as it is told to be, or as many as are counted, which share nothing
   * but the catalog and the warehouse.
   *
   * @param box what is given to all
   * @throws InvalidSettingsException one of them could not be told so
   */
  static List<BoxWriter> of(
      WriterSettings box, CountedWriters counted, Map<String, String> environment, Path directory)
      throws InvalidSettingsException {
    List<BoxWriter> writers = new ArrayList<>();
    if (counted.count() <= 1) {
      writers.add(
          new BoxWriter(Service.WRITER.label(), with(counted.flags(), schedule(box, 0)), box));
    }
    for (int place = 0; place < counted.count() && counted.count() > 1; place++) {
      List<String> flags = with(counted.flags(), own(box, place));
      Settings settings = Settings.of(flags, environment, directory);
      WriterSettings writer = WriterSettings.from(settings);
      settings.check();
      writers.add(new BoxWriter(name(place), flags, writer));
    }
    return writers;
  }

  static String name(int place) {
    return "writer-" + place;
  }

  private static Map<String, String> own(WriterSettings box, int place) {
    CommonSettings common = box.common();
    Map<String, String> own = new LinkedHashMap<>();
    own.put("writer.id", name(place));
    own.put("data", common.data().resolve(name(place)).toString());
    own.put("warehouse", common.warehouse());
    if (common.catalogUri().equals(CommonSettings.in(common.data()).catalogUri())) {
      own.put("catalog.uri", common.catalogUri());
    } // else it was given, and is to each as it was: it may hold a password, and flags are seen
    if (box.access().file() != null) {
      own.put("service.token-file", box.access().serviceTokenFile().toString());
    }
    own.put(CommonSettings.FLIGHT_PORT, port(common.flightPort(), place));
    own.put(CommonSettings.RAFT_PORT, port(common.raftPort(), place));
    own.put(CommonSettings.WRITER_ADMIN_PORT, port(common.writerAdminPort(), place));
    own.putAll(schedule(box, place));
    return own;
  }

  private static String port(int first, int place) {
    return Integer.toString(CountedWriters.port(first, place));
  }

  /**
   * Nobody else writes the tables of one box: a Writer of it maintains them, unless told otherwise,
   * and only one.
   */
  private static Map<String, String> schedule(WriterSettings box, int place) {
    if (place > 0) {
      return Map.of(ScheduleSettings.KEY, ScheduleSettings.OFF);
    }
    return box.schedule().mode().equals(ScheduleSettings.AUTO)
        ? Map.of(ScheduleSettings.KEY, ScheduleSettings.ON)
        : Map.of();
  }

  private static List<String> with(List<String> flags, Map<String, String> own) {
    List<String> all = CountedWriters.without(flags, List.copyOf(own.keySet()));
    own.forEach((key, value) -> all.add("--%s=%s".formatted(key, value)));
    return all;
  }

  /** The command that starts it by itself, for a shell; secrets are left out. */
  String command() {
    return flags.stream()
        .map(BoxWriter::shown)
        .collect(Collectors.joining(" ", "./sluice writer ", ""));
  }

  private static String shown(String flag) {
    int equals = flag.indexOf('=');
    return ShellWord.quoted(
        equals < 0
            ? flag
            : flag.substring(0, equals + 1)
                + Secrets.mask(flag.substring(2, equals), flag.substring(equals + 1)));
  }
}
