package io.sluice.bench.deploy;

import io.sluice.bench.layout.Checkout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Helm chart as files. */
final class Chart {

  static final Path RENDERED = Checkout.root().resolve("deploy/kubernetes");
  private static final Path DIRECTORY = Checkout.root().resolve("deploy/helm/sluice");

  static Map<String, Object> about() throws IOException {
    return Yaml.document(DIRECTORY.resolve("Chart.yaml"));
  }

  static Map<String, Object> values() throws IOException {
    return Yaml.document(DIRECTORY.resolve("values.yaml"));
  }

  /** JSON is YAML. */
  static Map<String, Object> schema() throws IOException {
    return Yaml.document(DIRECTORY.resolve("values.schema.json"));
  }

  /** All of them, one after the other. */
  static String templates() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : files("templates")) {
      text.append(Files.readString(file));
    }
    return text.toString();
  }

  /** Of what a manifest is made from, as {@code render} puts it together. */
  static String digest(Path values) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Path file : files("")) {
      Files.copy(file, all);
    }
    Files.copy(values, all);
    return digest(all.toByteArray());
  }

  /** SHA-256 in hexadecimal digits. */
  static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Settings that the chart sets, and values may not. */
  static List<String> ownSettings() throws IOException {
    String define = "{{- define \"sluice.ownSettings\" -}}";
    String helpers = Files.readString(DIRECTORY.resolve("templates/_helpers.tpl"));
    String from = helpers.substring(helpers.indexOf(define) + define.length());
    return from.substring(0, from.indexOf("{{- end }}"))
        .lines()
        .filter(line -> line.startsWith("- "))
        .map(line -> line.substring(2))
        .toList();
  }

  private static List<Path> files(String below) throws IOException {
    try (Stream<Path> files = Files.walk(DIRECTORY.resolve(below))) {
      return files
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  private Chart() {}
}
