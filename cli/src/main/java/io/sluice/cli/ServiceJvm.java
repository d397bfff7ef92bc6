package io.sluice.cli;

import io.sluice.schema.service.InvalidSettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a service's JVM is started: this one's Java and class path, and the flags of its kind.
 *
 * @param flagFiles the directory of {@code common.args}, {@code writer.args} ...
 * @param archive of the classes, as this JVM has it; null: none
 */
record ServiceJvm(Path java, Path flagFiles, @Nullable Path archive, String classPath) {

  /** The launcher says where the flag files are. */
  static final String FLAG_FILES = "sluice.jvm";

  /** And where the archive is, if there is one. */
  static final String ARCHIVE = "sluice.archive";

  /** JDKs before it know no {@code --sun-misc-unsafe-memory-access}. */
  private static final int NEWER = 24;

  static ServiceJvm likeThis() throws InvalidSettingsException {
    String flagFiles = System.getProperty(FLAG_FILES);
    if (flagFiles == null || !Files.isDirectory(Path.of(flagFiles))) {
      throw new InvalidSettingsException(
          List.of(
              "cannot find the services' JVM flags: -D%s=%s (start it as ./sluice up)"
                  .formatted(FLAG_FILES, flagFiles)));
    }
    String archive = System.getProperty(ARCHIVE);
    return new ServiceJvm(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        Path.of(flagFiles),
        archive == null ? null : Path.of(archive),
        System.getProperty("java.class.path"));
  }

  List<String> command(Service service, List<String> settings) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.add(flags("common"));
    if (Runtime.version().feature() >= NEWER) {
      command.add(flags("newer"));
    }
    command.add(flags(service.label()));
    if (archive != null) {
      command.add(flags("archive"));
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    command.add("-cp");
    command.add(classPath);
    command.add(service.mainClass());
    command.addAll(settings);
    command.add("--stop-on-stdin-close=true");
    return command;
  }

  private String flags(String kind) {
    return "@" + flagFiles.resolve(kind + ".args");
  }
}
