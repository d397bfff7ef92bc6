package io.sluice.query;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * See {@link ResultFormat#TABLE}. The first rows are held to see how wide columns are; later ones
 * that are wider move what is right of them, but nothing is ever cut.
 */
final class TableFormat implements RowFormat {

  private static final int ROWS_MEASURED = 500;
  private static final int WIDEST = 100;

  private final Appendable out;
  private final List<List<String>> held = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();
  private final List<Boolean> numbers = new ArrayList<>();
  private List<String> names = List.of();
  private boolean measured;

  TableFormat(Appendable out) {
    this.out = out;
  }

  @Override
  public void begin(Cells columns) {
    List<String> header = new ArrayList<>();
    for (int column = 0; column < columns.count(); column++) {
      header.add(visible(columns.name(column)));
      numbers.add(columns.isNumber(column));
    }
    names = header;
  }

  @Override
  public void row(Cells cells, int row) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int column = 0; column < cells.count(); column++) {
      texts.add(visible(cells.text(column, row)));
    }
    if (measured) {
      line(texts);
      return;
    }
    held.add(texts);
    if (held.size() == ROWS_MEASURED) {
      writeHeld();
    }
  }

  @Override
  public void end(long rows) throws IOException {
    if (!measured) {
      writeHeld();
    }
    out.append(rows == 1 ? "(1 row)\n" : "(" + rows + " rows)\n");
  }

  private void writeHeld() throws IOException {
    for (int column = 0; column < names.size(); column++) {
      int width = names.get(column).length();
      for (List<String> row : held) {
        width = Math.max(width, Math.min(WIDEST, row.get(column).length()));
      }
      widths.add(width);
    }
    measured = true;
    line(names);
    StringBuilder rule = new StringBuilder();
    widths.forEach(width -> rule.append(rule.isEmpty() ? "" : "  ").append("-".repeat(width)));
    out.append(rule).append('\n');
    for (List<String> row : held) {
      line(row);
    }
    held.clear();
  }

  private void line(List<String> texts) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < texts.size(); column++) {
      String text = texts.get(column);
      String space = " ".repeat(Math.max(0, widths.get(column) - text.length()));
      line.append(column == 0 ? "" : "  ");
      line.append(numbers.get(column) ? space + text : text + space);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  /** A terminal shows it as one line, and obeys nothing that is in it. */
  private static String visible(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default ->
                    shown.append(
                        Character.isISOControl(c) ? "\\u%04x".formatted(c) : "" + (char) c);
              }
            });
    return shown.toString();
  }
}
