package io.sluice.cli.shipped;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** docs/dependencies.md: what is shipped besides Sluice, and under which licence. */
final class DependenciesPage {

  private DependenciesPage() {}

  static String text(List<ShippedJar> jars) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    Map<String, String> carried = new TreeMap<>();
    for (ShippedJar jar : jars) {
      lines.put(
          jar.name(),
          "| `%s` | %s | %s |\n"
              .formatted(jar.name(), jar.version(), String.join(" or ", Licences.of(jar))));
      List<String> others = jar.carried();
      if (!others.isEmpty()) {
        carried.put(jar.name(), "| `%s` | %s |\n".formatted(jar.name(), String.join(", ", others)));
      }
    }
    return """
        # Dependencies

        What `cli/target/lib` and the image hold besides Sluice, with the licences that may be chosen from. \
        Written by `ShippedJarsTest`, which fails when a jar comes, goes or changes, and when one has a licence \
        that is not allowed. Texts of licences and notices are in the jars. What is known of their holes: \
        [security.md](security.md#dependencies).

        | jar | version | licence |
        |---|---|---|
        """
        + String.join("", lines.values())
        + """

        ## Inside of them

        Jars that carry others' classes, most under another package. They are not upgraded by themselves.

        | jar | carries |
        |---|---|
        """
        + String.join("", carried.values());
  }
}
