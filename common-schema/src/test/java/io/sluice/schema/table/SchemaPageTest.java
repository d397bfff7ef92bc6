package io.sluice.schema.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SchemaPageTest {

  /** Surefire runs in the module's directory. */
  private static final Path PAGE = Path.of("..", "docs", "schema.md");

  /** On a difference the page that should be there lies in target/schema.md: copy it. */
  @Test
  void pageInDocsIsTheOneGeneratedFromTheSchema() throws IOException {
    String generated = SchemaPage.text();
    Files.writeString(Path.of("target", "schema.md"), generated);
    assertThat(Files.readString(PAGE)).isEqualTo(generated);
  }

  @Test
  void everyColumnOfEveryTableHasALineWithItsMeaning() {
    String page = SchemaPage.text();
    for (Table table : Table.all()) {
      String section = page.substring(page.indexOf("\n## " + table.tableName() + "\n"));
      for (Column column : TableSchema.of(table).columns()) {
        assertThat(column.meaning()).isNotBlank();
        assertThat(section).contains("| `" + column.name() + "` | ");
      }
    }
  }
}
