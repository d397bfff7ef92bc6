package io.sluice.cli.prompt;

/** Text of SQL, as far as its end can be told: where quotes and comments are. */
final class SqlText {

  /** Whether there is a statement with its semicolon, and nothing open behind it. */
  static boolean isComplete(String text) {
    return end(text) >= 0;
  }

  /** The statement without the semicolon that ends it. */
  static String statement(String text) {
    int end = end(text);
    return (end < 0 ? text : text.substring(0, end)).strip();
  }

  /** Where the last semicolon is, if nothing but blanks and comments is behind it; else -1. */
  private static int end(String text) {
    int end = -1;
    for (int at = 0; at < text.length(); ) {
      char c = text.charAt(at);
      int next = at + 1;
      if (c == '\'' || c == '"') {
        next = behind(text, at + 1, String.valueOf(c));
        end = -1;
      } else if (text.startsWith("--", at)) {
        next = behind(text, at, "\n");
      } else if (text.startsWith("/*", at)) {
        next = behind(text, at + 2, "*/");
      } else if (c == ';') {
        end = at;
      } else if (!Character.isWhitespace(c)) {
        end = -1;
      }
      if (next < 0) {
        return c == '-' ? end : -1;
      }
      at = next;
    }
    return end;
  }

  /** Where it goes on behind the next mark; -1 if there is none. */
  private static int behind(String text, int from, String mark) {
    int found = text.indexOf(mark, from);
    return found < 0 ? -1 : found + mark.length();
  }

  private SqlText() {}
}
