package io.sluice.cli.shipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The licences of jars, as their poms and the poms' parents say. Several of one jar are for whoever
 * takes it to choose from.
 */
final class Licences {

  /** Whoever ships these may ship Sluice under its own licence. */
  private static final Set<String> ALLOWED =
      Set.of(
          "Apache-2.0",
          "BSD",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC0-1.0",
          "EDL-1.0",
          "EPL-1.0",
          "EPL-2.0",
          "ISC",
          "MIT",
          "MIT-0");

  /** Jars that may be shipped though their licence is not for all. None is. */
  private static final Set<String> BY_NAME = Set.of();

  /** Jars whose poms and poms' parents say nothing, or are not to be had, as read in the jar. */
  private static final Map<String, String> UNSAID = Map.of("org.jline:jline", "BSD-3-Clause");

  private static final List<Map.Entry<Pattern, String>> NAMES =
      List.of(
          named("apache.*2.*|asl ?2.*", "Apache-2.0"),
          named("mit-0.*", "MIT-0"),
          named("mit([ -]license)?( .*)?", "MIT"),
          named(".*bsd[ -]2.*|.*2-clause bsd.*", "BSD-2-Clause"),
          named(".*bsd[ -]3.*|.*3-clause bsd.*|(new|revised|modified) bsd.*", "BSD-3-Clause"),
          named("bsd.*", "BSD"),
          named(".*(eclipse public license|epl).*2\\.0.*", "EPL-2.0"),
          named(".*(eclipse public license|epl).*1\\.0.*", "EPL-1.0"),
          named(".*eclipse distribution license.*|edl.*", "EDL-1.0"),
          named(".*(cc0|public domain).*", "CC0-1.0"),
          named("isc.*", "ISC"));

  private Licences() {}

  /** SPDX's names of what may be chosen from, in the pom's order; as the pom has it, if unknown. */
  static List<String> of(ShippedJar jar) throws IOException {
    String unsaid = UNSAID.get(jar.name());
    if (unsaid != null) {
      return List.of(unsaid);
    }
    return said(jar.repository(), jar.group(), jar.artifact(), jar.version()).stream()
        .map(Licences::spdx)
        .distinct()
        .toList();
  }

  /** Whether the jar may be shipped: nobody has to take what is not allowed. */
  static boolean allow(ShippedJar jar, List<String> licences) {
    return licences.stream().anyMatch(ALLOWED::contains) || BY_NAME.contains(jar.name());
  }

  static String spdx(String name) {
    String plain = name.strip().replaceAll("\\s+", " ");
    return NAMES.stream()
        .filter(known -> known.getKey().matcher(plain).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(plain);
  }

  private static Map.Entry<Pattern, String> named(String pattern, String spdx) {
    return Map.entry(Pattern.compile("(?i)(the )?" + pattern), spdx);
  }

  private static List<String> said(Path repository, String group, String artifact, String version)
      throws IOException {
    Path pom =
        repository
            .resolve(group.replace('.', '/'))
            .resolve(artifact)
            .resolve(version)
            .resolve(artifact + "-" + version + ".pom");
    if (!Files.exists(pom)) {
      return List.of();
    }
    Element project = parsed(pom);
    List<String> names = new ArrayList<>();
    for (Element licences : children(project, "licenses")) {
      for (Element licence : children(licences, "license")) {
        text(licence, "name").or(() -> text(licence, "url")).ifPresent(names::add);
      }
    }
    Optional<Element> parent = children(project, "parent").stream().findFirst();
    if (!names.isEmpty() || parent.isEmpty()) {
      return names;
    }
    return said(
        repository,
        text(parent.get(), "groupId").orElseThrow(),
        text(parent.get(), "artifactId").orElseThrow(),
        text(parent.get(), "version").orElseThrow());
  }

  private static Element parsed(Path pom) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException unreadable) {
      throw new IOException("cannot read the pom " + pom, unreadable);
    }
  }

  private static Optional<String> text(Element of, String name) {
    return children(of, name).stream()
        .map(Node::getTextContent)
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  private static List<Element> children(Element of, String name) {
    List<Element> children = new ArrayList<>();
    for (Node at = of.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }
}
