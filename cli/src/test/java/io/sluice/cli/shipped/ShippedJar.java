package io.sluice.cli.shipped;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A jar of others that is shipped.
 *
 * @param file in a Maven repository, where its pom lies beside it
 */
record ShippedJar(String group, String artifact, String version, Path file) {

  /** A line of {@code dependency:list} with absolute paths. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*([^:\\s]+):([^:]+):jar:(?:[^:]+:)?([^:]+):(?:compile|runtime)[^:]*:(.+?\\.jar)(?:\\s.*)?");

  private static final Pattern OTHERS =
      Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");
  private static final Pattern NETTYS =
      Pattern.compile("META-INF/(?:.*\\.)?io\\.netty\\.versions\\.properties");

  /** What the build wrote of the runtime class path, but for Sluice's own modules. */
  static List<ShippedJar> all() throws IOException {
    Path list = Path.of("target", "shipped.txt");
    if (!Files.exists(list)) {
      throw new IOException(
          "cannot tell what is shipped: no " + list + " (run it by mvn -pl cli -am test)");
    }
    List<ShippedJar> all = new ArrayList<>();
    for (String line : Files.readAllLines(list)) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches() && !parts.group(1).equals("io.sluice")) {
        all.add(
            new ShippedJar(
                parts.group(1), parts.group(2), parts.group(3), Path.of(parts.group(4))));
      }
    }
    return List.copyOf(all);
  }

  String name() {
    return group + ":" + artifact;
  }

  /** The directory that the coordinates start at. */
  Path repository() {
    Path at = file.getParent().getParent().getParent();
    for (int i = 0; i < group.split("\\.", -1).length; i++) {
      at = at.getParent();
    }
    return at;
  }

  /** What this jar has of others in it: {@code group:artifact version}; several of one, once. */
  List<String> carried() throws IOException {
    Map<String, TreeSet<String>> artifacts = new TreeMap<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        Matcher other = OTHERS.matcher(entry.getName());
        if (other.matches() && !other.group(2).equals(artifact)) {
          String version = properties(jar, entry).getProperty("version");
          artifacts
              .computeIfAbsent(other.group(1) + " " + version, key -> new TreeSet<>())
              .add(other.group(2));
        } else if (NETTYS.matcher(entry.getName()).matches() && !group.equals("io.netty")) {
          properties(jar, entry)
              .forEach(
                  (key, value) -> {
                    if (key.toString().endsWith(".version")) {
                      artifacts
                          .computeIfAbsent("io.netty " + value, netty -> new TreeSet<>())
                          .add(key.toString().replace(".version", ""));
                    }
                  });
        }
      }
    }
    return artifacts.entrySet().stream().flatMap(ShippedJar::said).toList();
  }

  private static Stream<String> said(Map.Entry<String, TreeSet<String>> found) {
    String[] group = found.getKey().split(" ", -1);
    String artifacts = found.getValue().size() == 1 ? found.getValue().first() : "*";
    return Stream.of(group[0] + ":" + artifacts + " " + group[1]);
  }

  private static Properties properties(JarFile jar, JarEntry entry) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = jar.getInputStream(entry)) {
      properties.load(in);
    }
    return properties;
  }
}
