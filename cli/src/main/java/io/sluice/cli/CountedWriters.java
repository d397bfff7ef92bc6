package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@code --writers=3} means to {@code up} and the tools: so many Writers on this machine. The
 * first has the ports that settings say, each other one {@value #PORTS_APART} more. Unless the
 * settings say how many logs, each Writer has one to lead.
 *
 * @param count 0 if addresses are named, or nothing
 * @param flags with the addresses in place of the number
 */
record CountedWriters(int count, List<String> flags) {

  static final int PORTS_APART = 10;

  private static final String KEY = "writers";
  private static final String LOGS = "logs";
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d?");

  CountedWriters {
    flags = List.copyOf(flags);
  }

  /** A number may stand wherever the setting does; problems are for whoever reads the flags. */
  static CountedWriters of(List<String> flags, Map<String, String> environment, Path directory) {
    Settings given = Settings.of(flags, environment, directory);
    String text = given.get(KEY, "", String::strip, "");
    if (!NUMBER.matcher(text).matches()) {
      return new CountedWriters(0, flags);
    }
    int count = Integer.parseInt(text);
    CommonSettings common = CommonSettings.from(Settings.of(flags, environment, directory));
    String addresses =
        IntStream.range(0, count)
            .mapToObj(
                place ->
                    address(common.bindAddress().reachable(), port(common.flightPort(), place)))
            .collect(Collectors.joining(","));
    List<String> named = without(flags, List.of(KEY));
    named.add("--%s=%s".formatted(KEY, addresses));
    if (count > 1 && given.get(LOGS, "", String::strip, "").isEmpty()) {
      named.add("--%s=%d".formatted(LOGS, logs(common.data(), count)));
    }
    return new CountedWriters(count, named);
  }

  /** As many as there were, or so many that each Writer leads one. */
  private static int logs(Path data, int count) {
    try {
      return DataShape.read(data).map(DataShape::logs).orElse(count);
    } catch (IOException e) {
      return count; // who is to use the directory says so
    }
  }

  /** Of the Writer at this place, from 0. */
  static int port(int first, int place) {
    return first + PORTS_APART * place;
  }

  /** A port that cannot be is a problem of the setting that it follows from. */
  private static String address(String host, int port) {
    return port > 65_535 ? host + ":" + port : new HostPort(host, port).toString();
  }

  /** The flags, as {@link SettingsFlags} writes them, but those of these settings. */
  static List<String> without(List<String> flags, List<String> keys) {
    return new ArrayList<>(
        flags.stream().filter(flag -> keys.stream().noneMatch(key -> isOf(flag, key))).toList());
  }

  private static boolean isOf(String flag, String key) {
    return flag.equals("--" + key) || flag.startsWith("--" + key + "=");
  }
}
