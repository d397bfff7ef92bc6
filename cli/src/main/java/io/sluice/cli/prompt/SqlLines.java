package io.sluice.cli.prompt;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Lines that are a statement up to its semicolon, or one of the prompt's own words. */
final class SqlLines implements Parser {

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !isWhole(line)) {
      throw new EOFError(-1, -1, "a statement ends with ;");
    }
    List<String> words = new ArrayList<>();
    int wordStart = cursor;
    while (wordStart > 0 && isWord(line.charAt(wordStart - 1))) {
      wordStart--;
    }
    words.add(line.substring(0, wordStart));
    words.add(line.substring(wordStart, cursor));
    return new Line(line, cursor, words);
  }

  private static boolean isWhole(String line) {
    return line.isBlank() || line.stripLeading().startsWith(".") || SqlText.isComplete(line);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  /** Two words: what is before the one at the cursor, and that one. */
  private record Line(String line, int cursor, List<String> words) implements CompletingParsedLine {

    @Override
    public String word() {
      return words.get(1);
    }

    @Override
    public int wordCursor() {
      return words.get(1).length();
    }

    @Override
    public int wordIndex() {
      return 1;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return wordCursor();
    }
  }
}
