package io.sluice.schema.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Readers of a setting's text; each throws IllegalArgumentException with a whole sentence. */
public final class Parsers {

  public static String text(String text) {
    return text;
  }

  /** A file or directory, absolute and normalized. */
  public static Path path(String text) {
    return Path.of(text).toAbsolutePath().normalize();
  }

  /** A TCP port; 0 lets the system choose. */
  public static int port(String text) {
    return integer(0, 65_535).apply(text);
  }

  public static Function<String, Integer> integer(int least, int most) {
    return text -> {
      int value;
      try {
        value = Integer.parseInt(text.trim());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "cannot read number: '%s' (a whole number)".formatted(text), e);
      }
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "cannot use number: %d (from %d to %d)".formatted(value, least, most));
      }
      return value;
    };
  }

  public static boolean bool(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default ->
          throw new IllegalArgumentException(
              "cannot read switch: '%s' (true or false)".formatted(text));
    };
  }

  /** A place of files, as Iceberg records it: a scheme and a path, which is taken as it is. */
  public static String location(String text) {
    String location = text.trim();
    if (!location.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.+")) {
      throw new IllegalArgumentException(
          "cannot read location: '%s' (it has no scheme, as in file:///data)".formatted(text));
    }
    return location;
  }

  /** Texts, as {@code text, ...}, without the blanks around them. */
  public static List<String> list(String text) {
    List<String> list = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      if (part.isBlank()) {
        throw new IllegalArgumentException(
            "cannot read list: '%s' (one in it is empty)".formatted(text));
      }
      list.add(part.strip());
    }
    return list;
  }

  /** Names with values, as {@code name=value, ...}; sorted by name. */
  public static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new TreeMap<>();
    int number = 0;
    for (String pair : text.isBlank() ? new String[0] : text.split(",", -1)) {
      number++;
      int equals = pair.indexOf('=');
      if (equals < 1) { // not quoted: values may be secrets
        throw new IllegalArgumentException(
            "cannot read pair %d: it has no name and = (name=value, ...)".formatted(number));
      }
      pairs.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
    }
    return pairs;
  }

  /** One of these words, in any case. */
  public static Function<String, String> oneOf(String... choices) {
    return text -> {
      String word = text.trim().toLowerCase(Locale.ROOT);
      if (!List.of(choices).contains(word)) {
        throw new IllegalArgumentException(
            "cannot use '%s' (one of %s)".formatted(text, List.of(choices)));
      }
      return word;
    };
  }

  private Parsers() {}
}
