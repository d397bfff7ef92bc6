package io.sluice.schema.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of a service: flag over {@code SLUICE_*} environment over {@code sluice.yaml} over
 * the default at the call of {@link #get}. Problems are gathered; {@link #check} throws them all at
 * once. Read by the thread that starts the service.
 *
 * <pre>
 * --wal.segment-size=64MiB  or  --wal.segment-size 64MiB   (dots and dashes are alike)
 * SLUICE_WAL_SEGMENT_SIZE=64MiB                            (empty = not set)
 * wal: { segment-size: 64MiB }  or  wal.segment-size: 64MiB
 * </pre>
 */
public final class Settings {

  /** The key of the settings file's own path; it has no place inside that file. */
  public static final String FILE_KEY = "config";

  /** What a flag without a value means, to a setting that can mean it. */
  private static final String SWITCHED_ON = "true";

  private static final String DEFAULT_FILE = "sluice.yaml";

  /** What Kubernetes sets by itself for services named sluice-*: no settings of ours. */
  private static final Pattern SERVICE_LINKS =
      Pattern.compile("SLUICE_\\w*(SERVICE_HOST|SERVICE_PORT\\w*|PORT_\\d+_(TCP|UDP)\\w*)");

  /** The value of one of them may stand under a setting's name: of a service sluice-flight, say. */
  private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.*");

  /** A setting as the service asked for it, for the documentation and the log. */
  public record Declared(String key, String fallback, String doc) {}

  /** Where a value comes from. */
  public enum Source {
    FLAG,
    ENVIRONMENT,
    FILE,
    DEFAULT
  }

  /**
   * A setting as it holds.
   *
   * @param value as it may be shown: secrets are masked
   * @param origin the flag, the variable, the file; empty for a default
   */
  public record Effective(String key, String value, Source source, String origin) {
    @Override
    public String toString() {
      return key + " = " + value + (origin.isEmpty() ? "" : " (" + origin + ")");
    }
  }

  private record Given(String text, Source source, String origin) {}

  private final Map<String, Given> given = new HashMap<>();
  private final Map<String, Declared> declared = new LinkedHashMap<>();
  private final Map<String, Effective> effective = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Set<String> serviceLinks = new TreeSet<>();

  private Settings() {}

  /**
   * Gathers what was given, without judging values.
   *
   * @param directory where {@code sluice.yaml} is looked for when no file is named
   */
  public static Settings of(List<String> flags, Map<String, String> environment, Path directory) {
    Settings settings = new Settings();
    settings.declare(new Declared(FILE_KEY, DEFAULT_FILE, "the settings file"));
    Map<String, Given> fromFlags = settings.flags(flags);
    Map<String, Given> fromEnvironment = settings.environment(environment);
    settings.given.putAll(fromEnvironment);
    settings.given.putAll(fromFlags);
    settings.file(directory);
    return settings;
  }

  /** None but the defaults. */
  public static Settings defaults() {
    return new Settings();
  }

  /** The defaults and these flags, whatever environment and file say. */
  static Settings ofFlags(List<String> flags) {
    Settings settings = new Settings();
    settings.given.putAll(settings.flags(flags));
    return settings;
  }

  /**
   * Reads a setting; a value that does not parse is a problem, and the default is returned.
   *
   * @param key a line of {@code settings.txt}
   * @param fallback the default, as text
   * @param parse throws IllegalArgumentException with a sentence for what it cannot read
   * @param doc one line for docs/configuration.md
   */
  public <T> T get(String key, String fallback, Function<String, T> parse, String doc) {
    return get(key, fallback, fallback, parse, doc);
  }

  /** The same for a default that depends on another setting, shown as {@code shown}. */
  public <T> T get(
      String key, String fallback, String shown, Function<String, T> parse, String doc) {
    declare(new Declared(key, shown, doc));
    Given value = given.get(key);
    if (value != null) {
      try {
        T parsed = value.text.isEmpty() ? switched(key, parse) : parse.apply(value.text);
        effective.put(key, new Effective(key, masked(key, value.text), value.source, value.origin));
        return parsed;
      } catch (IllegalArgumentException e) {
        problems.add(
            "cannot use setting %s from %s: %s".formatted(key, value.origin, e.getMessage()));
      }
    }
    effective.put(key, new Effective(key, masked(key, fallback), Source.DEFAULT, ""));
    return parse.apply(fallback);
  }

  private static <T> T switched(String key, Function<String, T> parse) {
    IllegalArgumentException none =
        new IllegalArgumentException("it has no value (write --%s=VALUE)".formatted(key));
    try {
      T parsed = parse.apply(SWITCHED_ON);
      if (parsed instanceof Boolean) {
        return parsed;
      }
    } catch (IllegalArgumentException e) {
      none.addSuppressed(e);
    }
    throw none;
  }

  /** Adds a problem if two or more settings do not go together. */
  public void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  /**
   * Call it after the last {@link #get}.
   *
   * @throws InvalidSettingsException there is any problem
   */
  public void check() throws InvalidSettingsException {
    if (!problems.isEmpty()) {
      // each once: what two services share is read for both
      throw new InvalidSettingsException(problems.stream().distinct().toList());
    }
  }

  /** What the service asked for, in order. */
  public Collection<Declared> declared() {
    return declared.values();
  }

  /** Environment variables that were not read as settings because of their values. */
  public Collection<String> serviceLinks() {
    return serviceLinks;
  }

  /** One line per setting with its value and where it is from, secrets masked. */
  public String effective() {
    return effective.values().stream().map(Effective::toString).collect(Collectors.joining("\n"));
  }

  /** The same, each setting that was asked for, in order. */
  public Collection<Effective> settings() {
    return effective.values();
  }

  /** The environment variable of a key. */
  public static String environmentName(String key) {
    return KnownSettings.environmentName(key);
  }

  private void declare(Declared setting) {
    if (!KnownSettings.keys().contains(setting.key)) {
      throw new IllegalStateException("settings.txt does not list " + setting.key);
    }
    Declared before = declared.putIfAbsent(setting.key, setting);
    if (before != null && !before.equals(setting)) {
      throw new IllegalStateException("two declarations: " + before + " and " + setting);
    }
  }

  private Map<String, Given> flags(List<String> flags) {
    Map<String, Given> values = new HashMap<>();
    for (int i = 0; i < flags.size(); i++) {
      String flag = flags.get(i);
      if (!flag.startsWith("--")) {
        problems.add("cannot read argument: '%s' (write --setting=value)".formatted(flag));
        continue;
      }
      int equals = flag.indexOf('=');
      String name = flag.substring(2, equals < 0 ? flag.length() : equals);
      String value = equals < 0 ? "" : flag.substring(equals + 1);
      if (equals < 0 && i + 1 < flags.size() && !flags.get(i + 1).startsWith("--")) {
        value = flags.get(++i);
      }
      Optional<String> key = KnownSettings.key(environmentName(name));
      if (key.isEmpty()) {
        unknown("flag --" + name, "--" + KnownSettings.nearest(name, KnownSettings.keys()));
      } else if (values.put(key.get(), new Given(value, Source.FLAG, "--" + key.get())) != null) {
        problems.add("cannot use flag --%s: it is given twice".formatted(key.get()));
      }
    }
    return values;
  }

  private Map<String, Given> environment(Map<String, String> environment) {
    Map<String, Given> values = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (!name.startsWith("SLUICE_") || value.isEmpty()) {
            return;
          }
          Optional<String> key = KnownSettings.key(name);
          if (SERVICE_LINK.matcher(value).matches()) {
            serviceLinks.add(name);
          } else if (key.isPresent()) {
            values.put(key.get(), new Given(value, Source.ENVIRONMENT, name));
          } else if (!SERVICE_LINKS.matcher(name).matches()) {
            unknown(
                "environment variable " + name,
                KnownSettings.nearest(name, KnownSettings.environmentNames()));
          }
        });
    return values;
  }

  private void file(Path directory) {
    Given named = given.get(FILE_KEY);
    Path file = directory.resolve(named == null ? DEFAULT_FILE : named.text);
    if (named == null && !Files.exists(file)) {
      return;
    }
    SettingsFile.read(file, problems)
        .forEach(
            (key, value) -> {
              if (key.equals(FILE_KEY) || !KnownSettings.keys().contains(key)) {
                unknown(
                    "key %s in %s".formatted(key, file),
                    KnownSettings.nearest(key, KnownSettings.keys()));
              } else {
                given.putIfAbsent(key, new Given(value, Source.FILE, file.toString()));
              }
            });
  }

  private void unknown(String what, String nearest) {
    problems.add("unknown %s (did you mean %s?)".formatted(what, nearest));
  }

  private static String masked(String key, String text) {
    return Secrets.mask(key, text);
  }
}
