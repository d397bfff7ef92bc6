package io.sluice.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON by the letter of RFC 8259, as a tree that forgets nothing: members in order and as often as
 * they came, numbers as they were written. Slow, and independent of any library.
 */
final class JsonTree {

  sealed interface Value {}

  record Members(List<Member> list) implements Value {}

  record Member(String name, Value value) {}

  record Elements(List<Value> list) implements Value {}

  record Text(String text) implements Value {}

  record Digits(String literal) implements Value {}

  /** true, false or null. */
  record Word(String word) implements Value {}

  /** It is not JSON. */
  static final class NotJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotJsonException(String what) {
      super(what);
    }
  }

  private static final char END = '\uffff';
  private static final int MOST_DEPTH = 900;
  private static final int MOST_NAME = 50_000;

  private final String text;
  private int at;
  private int depth;

  private JsonTree(String text) {
    this.text = text;
  }

  /** The one value of a document, that may begin with a byte order mark. */
  static Value parse(byte[] document) throws NotJsonException {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    } catch (CharacterCodingException e) {
      throw new NotJsonException("not UTF-8");
    }
    JsonTree tree = new JsonTree(text.startsWith("\ufeff") ? text.substring(1) : text);
    Value value = tree.value();
    if (tree.next() != END || tree.at < tree.text.length()) {
      throw new NotJsonException("more behind the end");
    }
    return value;
  }

  /** Behind white space. */
  private char next() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return peek();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  /** The same as deep as this reads; beyond, whatever it is. */
  private Value value() throws NotJsonException {
    if (++depth > MOST_DEPTH) {
      throw new JsonReference.OpenException();
    }
    Value value = anyValue();
    depth--;
    return value;
  }

  private Value anyValue() throws NotJsonException {
    return switch (next()) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> new Text(string());
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    };
  }

  private Members members() throws NotJsonException {
    List<Member> members = new ArrayList<>();
    at++;
    if (next() == '}') {
      at++;
      return new Members(members);
    }
    while (true) {
      if (next() != '"') {
        throw new NotJsonException("no name");
      }
      String name = string();
      if (name.length() > MOST_NAME) {
        throw new NotJsonException("a name beyond the bounds");
      }
      if (!UTF_8.newEncoder().canEncode(name)) {
        throw new NotJsonException("a name with half a surrogate pair");
      }
      if (next() != ':') {
        throw new NotJsonException("no colon");
      }
      at++;
      members.add(new Member(name, value()));
      if (ends('}')) {
        return new Members(members);
      }
    }
  }

  private Elements elements() throws NotJsonException {
    List<Value> elements = new ArrayList<>();
    at++;
    if (next() == ']') {
      at++;
      return new Elements(elements);
    }
    while (true) {
      elements.add(value());
      if (ends(']')) {
        return new Elements(elements);
      }
    }
  }

  /** Passes a comma, or the end. */
  private boolean ends(char end) throws NotJsonException {
    char c = next();
    at++;
    if (c != end && c != ',') {
      throw new NotJsonException("neither comma nor end");
    }
    return c == end;
  }

  private Word word(String word) throws NotJsonException {
    if (!text.startsWith(word, at)) {
      throw new NotJsonException("no value");
    }
    at += word.length();
    return new Word(word);
  }

  private Digits number() throws NotJsonException {
    int from = at;
    while ("+-.eE0123456789".indexOf(peek()) >= 0) {
      at++;
    }
    String literal = text.substring(from, at);
    if (!isNumber(literal)) {
      throw new NotJsonException("no value");
    }
    return new Digits(literal);
  }

  static boolean isNumber(String literal) {
    return literal.matches("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][+-]?[0-9]++)?");
  }

  private String string() throws NotJsonException {
    StringBuilder string = new StringBuilder();
    for (at++; peek() != '"'; at++) {
      char c = peek();
      if (c < ' ' || at >= text.length()) {
        throw new NotJsonException("a text that does not end, or has a control character");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    at++;
    return string.toString();
  }

  private char escaped() throws NotJsonException {
    at++;
    int simple = "\"\\/bfnrt".indexOf(peek());
    if (simple >= 0 && at < text.length()) {
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (peek() != 'u' || at + 5 > text.length()) {
      throw new NotJsonException("no escape");
    }
    String digits = text.substring(at + 1, at + 5);
    if (!digits.matches("[0-9a-fA-F]{4}")) {
      throw new NotJsonException("no escape");
    }
    at += 4;
    return (char) Integer.parseInt(digits, 16);
  }
}
