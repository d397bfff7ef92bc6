package io.sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in a PromQL expression, found by its tokens: metrics with the labels that they are
 * chosen by, and the labels that it groups by.
 *
 * @param metrics and of each the labels in its braces
 * @param grouped labels after {@code by}, {@code on} and the like
 */
record PromExpression(Map<String, Set<String>> metrics, Set<String> grouped) {

  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern SELECTOR =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(\\(|\\{([^}]*)\\})?");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "time", "inf", "nan");

  static PromExpression of(String expression) {
    String rest = TEXT.matcher(expression).replaceAll("\"\"");
    Set<String> grouped = new LinkedHashSet<>();
    Matcher grouping = GROUPING.matcher(rest);
    while (grouping.find()) {
      grouped.addAll(names(grouping.group(2)));
    }
    rest = GROUPING.matcher(rest).replaceAll(" ");
    rest = rest.replaceAll("\\[[^\\]]*\\]", " ");
    Map<String, Set<String>> metrics = new LinkedHashMap<>();
    Matcher selector = SELECTOR.matcher(rest);
    while (selector.find()) {
      boolean function = "(".equals(selector.group(2));
      boolean number = selector.start() > 0 && isDigit(rest.charAt(selector.start() - 1));
      if (!function && !number && !WORDS.contains(selector.group(1))) {
        metrics
            .computeIfAbsent(selector.group(1), name -> new LinkedHashSet<>())
            .addAll(matched(selector.group(3)));
      }
    }
    return new PromExpression(metrics, grouped);
  }

  private static boolean isDigit(char before) {
    return before >= '0' && before <= '9';
  }

  private static List<String> matched(String braces) {
    List<String> labels = new ArrayList<>();
    if (braces != null) {
      for (String matcher : braces.split(",", -1)) {
        if (!matcher.isBlank()) {
          labels.add(matcher.replaceFirst("(=~|!~|!=|=).*", "").strip());
        }
      }
    }
    return labels;
  }

  private static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }
}
