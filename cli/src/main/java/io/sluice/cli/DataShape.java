package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For how many Writers a data directory was begun. Logs are spread over Writers by these numbers:
 * with others, a log would be sought where it is not. One Writer's directory has no file of it.
 *
 * <pre>
 * sluice-cluster 1 writers=3 replication-factor=3 logs=3
 * </pre>
 */
record DataShape(int writers, int factor, int logs) {

  static final String FILE = "cluster";

  private static final Pattern LINE =
      Pattern.compile(
          "sluice-cluster 1 writers=(\\d{1,4}) replication-factor=(\\d{1,4}) logs=(\\d{1,4})\n");

  static DataShape of(CommonSettings settings) {
    return new DataShape(settings.writers().size(), settings.replicationFactor(), settings.logs());
  }

  /**
   * Empty if it is one Writer's, or new.
   *
   * @throws IOException it cannot be read
   */
  static Optional<DataShape> read(Path data) throws IOException {
    Path file = data.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Matcher line = LINE.matcher(Files.readString(file));
    if (!line.matches()) {
      throw new IOException("cannot read %s: it does not say how many Writers".formatted(file));
    }
    return Optional.of(new DataShape(number(line, 1), number(line, 2), number(line, 3)));
  }

  private static int number(Matcher line, int group) {
    return Integer.parseInt(line.group(group));
  }

  /** Replaces what it says; there for good when it returns. */
  void write(Path data) throws IOException {
    String line =
        "sluice-cluster 1 writers=%d replication-factor=%d logs=%d\n"
            .formatted(writers, factor, logs);
    Path part = data.resolve(FILE + ".part");
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(part, data.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(data, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /**
   * Why the directory is not one that so many Writers of this machine can go on with.
   *
   * @param started by `up`
   * @throws IOException it cannot be looked into
   */
  static Optional<String> problem(CommonSettings settings, int started) throws IOException {
    Path data = settings.data();
    Optional<DataShape> begun = read(data);
    if (started == 1) {
      return begun.map(
          shape ->
              "cannot start one Writer on %s: %s (start them with %s, or choose another directory with --data)"
                  .formatted(data, shape.text(), shape.flags()));
    }
    if (Files.exists(data.resolve(Service.WRITER.label()))) {
      return Optional.of(
          "cannot start %d Writers on %s: it is one Writer's, whose log may have rows that no table has (start it without --writers, or choose another directory with --data)"
              .formatted(started, data));
    }
    DataShape wanted = of(settings);
    return begun
        .filter(shape -> !wanted.continues(shape))
        .map(
            shape ->
                "cannot start with %s on %s: %s (start them with %s, or choose another directory with --data)"
                    .formatted(wanted.flags(), data, shape.text(), shape.flags()));
  }

  /** Copies of logs let Writers be added. */
  private boolean continues(DataShape begun) {
    boolean isEnough = factor > 1 ? writers >= begun.writers : writers == begun.writers;
    return isEnough && factor == begun.factor && logs == begun.logs;
  }

  private String text() {
    return "it is of %d Writers with %d logs".formatted(writers, logs);
  }

  private String flags() {
    return "--writers=%d --replication-factor=%d --logs=%d".formatted(writers, factor, logs);
  }
}
