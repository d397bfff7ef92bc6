package io.sluice.bench.fuzz.mutate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Damages JSON at the level of its tokens, and sometimes below. */
public final class JsonMutator {

  private static final String[] VALUES = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "1",
    "-1",
    "1.5",
    "1e3",
    "1e400",
    "-1e-400",
    "1E+21",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "4294967295",
    "4294967296",
    "0.1e1",
    "01",
    "+1",
    ".5",
    "1.",
    "NaN",
    "Infinity",
    "-",
    "\"NaN\"",
    "\"Infinity\"",
    "\"-Infinity\"",
    "\"1e3\"",
    "\"1.0\"",
    "\" 1\"",
    "\"\"",
    "\"0x10\"",
    "\"true\"",
    "{}",
    "[]",
    "[null]",
    "[[]]",
    "{\"\":{}}",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\u0000\"",
    "\"\\x\"",
    "\"\\u12\"",
    "'a'",
    "\"5B8EFFF798038103D269B633813FC60C\"",
    "\"5B8E\"",
    "\"5B8\"",
    "\"W47/95gDgQPSabYzgT/GDA==\"",
    "\"_-8\"",
    "\"AP8=\"",
    "\"A\"",
    "\"SPAN_KIND_SERVER\"",
    "\"STATUS_CODE_ERROR\"",
    "/*c*/1",
    "tru",
    "nul"
  };
  private static final String[] NAMES = {
    "traceId",
    "trace_id",
    "profileId",
    "dictionary",
    "stringTable",
    "keyStrindex",
    "spanId",
    "parentSpanId",
    "kind",
    "attributes",
    "key",
    "value",
    "values",
    "stringValue",
    "string_value",
    "intValue",
    "doubleValue",
    "boolValue",
    "bytesValue",
    "arrayValue",
    "kvlistValue",
    "resource",
    "schemaUrl",
    "scope",
    "name",
    "timeUnixNano",
    "flags",
    "dataPoints",
    "gauge",
    "sum",
    "histogram",
    "exponentialHistogram",
    "summary",
    "asInt",
    "asDouble",
    "count",
    "bucketCounts",
    "explicitBounds",
    "exemplars",
    "status",
    "events",
    "links",
    "body",
    "unknown",
    "",
    "@type",
    "\\u006bey",
    "severityNumber",
    "aggregationTemporality",
    "isMonotonic",
    "entityRefs"
  };
  private static final String[] AROUND = {
    "\ufeff", " ", "\n", "\t", ",", "}", "]", "{}", "[]", "null", "x", "\u0000", "//c\n", "{"
  };
  private static final int MOST_DEPTH = 3_000;
  private static final int MOST_REPEATS = 2_000;

  private final ByteMutator bytes = new ByteMutator();

  /**
   * One to four damages of a document.
   *
   * @param donor another one, for what is exchanged
   */
  public byte[] mutate(byte[] good, byte[] donor, SplittableRandom random) {
    int kind = random.nextInt(12);
    if (kind == 0) {
      return bytes.mutate(good, random);
    }
    boolean compact = random.nextInt(8) > 0; // white space is in the way of most damages
    List<String> tokens = tokens(new String(good, StandardCharsets.UTF_8), compact);
    List<String> others = tokens(new String(donor, StandardCharsets.UTF_8), compact);
    int times = 1 + (random.nextInt(3) == 0 ? random.nextInt(5) : 0);
    for (int i = 0; i < times; i++) {
      damage(tokens, others, random);
    }
    byte[] document = Texts.utf8(String.join("", tokens));
    if (kind == 1) {
      return bytes.mutate(document, random);
    }
    return kind == 2 && random.nextInt(5) == 0 ? utf16(document) : document;
  }

  private static byte[] utf16(byte[] document) {
    return new String(document, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
  }

  /** Strings, numbers and words, signs, and what is between them: all of the text, in order. */
  private static List<String> tokens(String text, boolean compact) {
    List<String> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = end(text, at);
      String token = text.substring(at, end);
      if (!compact || !token.isBlank()) {
        tokens.add(compact ? token.strip() : token);
      }
      at = end;
    }
    return tokens;
  }

  private static int end(String text, int from) {
    char first = text.charAt(from);
    int at = from + 1;
    if (first == '"') {
      while (at < text.length() && text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      return Math.min(text.length(), at + 1);
    }
    if (isSign(first)) {
      return at;
    }
    while (at < text.length() && !isSign(text.charAt(at)) && text.charAt(at) != '"') {
      at++;
    }
    return at;
  }

  private static boolean isSign(char c) {
    return "{}[]:,".indexOf(c) >= 0;
  }

  private static void damage(List<String> tokens, List<String> others, SplittableRandom random) {
    if (tokens.isEmpty()) {
      tokens.addAll(others);
      return;
    }
    int at = random.nextInt(tokens.size());
    int end = item(tokens, at);
    List<String> run = List.copyOf(tokens.subList(at, end));
    switch (random.nextInt(18)) {
      case 0 -> tokens.remove(at);
      case 1, 2 -> remove(tokens, at, end);
      case 3 -> {
        tokens.add(at, ",");
        tokens.addAll(at, run);
      }
      case 4, 5, 6 -> put(tokens, at, random);
      case 7, 8, 9 -> member(tokens, at, random);
      case 10, 11, 12 -> exchange(tokens, at, others, random);
      case 13 -> nest(tokens, at, end, random);
      case 14 -> repeat(tokens, at, end, random);
      case 15 -> tokens.set(at, quoted(tokens.get(at)));
      case 16 -> {
        if (random.nextBoolean()) {
          tokens.add(random.nextBoolean() ? 0 : tokens.size(), around(random));
        } else {
          tokens.subList(at, tokens.size()).clear();
        }
      }
      default -> {
        if (tokens.get(at).startsWith("\"")) {
          tokens.set(at, text(random));
        }
      }
    }
  }

  /** Another name for a name, another value for a value. */
  private static void put(List<String> tokens, int at, SplittableRandom random) {
    if (isName(tokens, at) && random.nextBoolean()) {
      tokens.set(at, '"' + NAMES[random.nextInt(NAMES.length)] + '"');
      return;
    }
    int from = isName(tokens, at) ? at + 2 : at;
    int to = Math.min(tokens.size(), value(tokens, Math.min(from, tokens.size() - 1)));
    if (from < to) {
      tokens.subList(from, to).clear();
      tokens.add(from, VALUES[random.nextInt(VALUES.length)]);
    }
  }

  /** A member or a value of the other document instead of this one, mostly of the same kind. */
  private static void exchange(
      List<String> tokens, int at, List<String> others, SplittableRandom random) {
    if (others.isEmpty()) {
      return;
    }
    int from = random.nextInt(others.size());
    for (int i = 0; i < 20 && isName(others, from) != isName(tokens, at); i++) {
      from = random.nextInt(others.size());
    }
    List<String> given = List.copyOf(others.subList(from, item(others, from)));
    tokens.subList(at, item(tokens, at)).clear();
    tokens.addAll(at, given);
  }

  private static void remove(List<String> tokens, int from, int to) {
    tokens.subList(from, to).clear();
    if (from < tokens.size() && tokens.get(from).equals(",")) {
      tokens.remove(from);
    } else if (from > 0 && tokens.get(from - 1).equals(",")) {
      tokens.remove(from - 1);
    }
  }

  private static boolean isName(List<String> tokens, int at) {
    return at + 1 < tokens.size() && tokens.get(at + 1).equals(":");
  }

  /** Behind the member or value that begins here. */
  private static int item(List<String> tokens, int from) {
    return isName(tokens, from) && from + 2 < tokens.size()
        ? value(tokens, from + 2)
        : value(tokens, from);
  }

  private static String around(SplittableRandom random) {
    return AROUND[random.nextInt(AROUND.length)];
  }

  /** Behind a value, if one begins here; else behind the token. */
  private static int value(List<String> tokens, int from) {
    int depth = 0;
    for (int i = from; i < tokens.size(); i++) {
      String token = tokens.get(i);
      depth += token.equals("{") || token.equals("[") ? 1 : 0;
      depth -= token.equals("}") || token.equals("]") ? 1 : 0;
      if (depth <= 0) {
        return i + 1;
      }
    }
    return from + 1;
  }

  /** One more member in the object around, or next to, this token. */
  private static void member(List<String> tokens, int at, SplittableRandom random) {
    int open = at;
    while (open > 0 && !tokens.get(open).equals("{")) {
      open--;
    }
    String name = NAMES[random.nextInt(NAMES.length)];
    boolean last = open + 1 < tokens.size() && tokens.get(open + 1).equals("}");
    tokens.add(
        open + 1,
        "\"%s\":%s%s".formatted(name, VALUES[random.nextInt(VALUES.length)], last ? "" : ","));
  }

  private static void nest(List<String> tokens, int at, int to, SplittableRandom random) {
    int from = isName(tokens, at) ? Math.min(at + 2, to) : at;
    int depth = random.nextInt(4) == 0 ? random.nextInt(MOST_DEPTH) : random.nextInt(70);
    String[] around =
        switch (random.nextInt(4)) {
          case 0 -> new String[] {"{\"arrayValue\":{\"values\":[", "]}}"};
          case 1 -> new String[] {"{\"kvlistValue\":{\"values\":[{\"value\":", "}]}}"};
          case 2 -> new String[] {"{\"a\":", "}"};
          default -> new String[] {"[", "]"};
        };
    tokens.add(to, around[1].repeat(random.nextInt(30) == 0 ? depth / 2 : depth));
    tokens.add(from, around[0].repeat(depth));
  }

  private static void repeat(List<String> tokens, int from, int to, SplittableRandom random) {
    String run = String.join("", tokens.subList(from, to));
    int most = Math.min(MOST_REPEATS, 100_000 / (1 + run.length()));
    int times = random.nextInt(6) == 0 ? most : Math.min(most, 3);
    tokens.add(to, ("," + run).repeat(times));
  }

  private static String quoted(String token) {
    return token.startsWith("\"") && token.endsWith("\"") && token.length() > 1
        ? token.substring(1, token.length() - 1)
        : '"' + token + '"';
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder("\"");
    int length = random.nextInt(50) == 0 ? 70_000 : random.nextInt(20);
    for (int i = 0; i < length; i++) {
      text.append((char) ('0' + random.nextInt(random.nextInt(50) == 0 ? 0x5000 : 40)));
    }
    return text.append(random.nextInt(20) == 0 ? "" : "\"").toString();
  }
}
